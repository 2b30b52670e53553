"""Preparing what pages about many halls show, after the scores of a month.

Only halls whose score is newer than their profile are made again, then the month's sums
are added up anew from the rows of all halls; running it twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer

from auditapp.domain.contradiction import contradictions
from auditapp.domain.hall_profile import FAILED, ITEM, Figures, profile_of
from auditapp.domain.rounding import MILLI_PER_POINT
from auditapp.estimation.staging import staging
from auditapp.reads.checklist_items import get_catalogue
from auditapp.reads.month_customers import tallied_customers
from auditapp.reads.month_documents import DocumentSources, hall_parts
from auditapp.reads.month_evidence import Codes, first_month, read_evidence, window
from auditapp.reads.month_inputs import MonthHall, list_month_halls, read_inputs
from auditapp.reads.month_model import read_model
from auditapp.reads.organisation import list_hall_places
from auditapp.reads.policies import get_policy_in_force
from auditapp.reads.profile_evidence import (
    Voices,
    list_stale_halls,
    list_stale_months,
    read_voices,
)
from auditapp.services.jobs import LOW, hold_waiting, request_job
from auditapp.store.bulk import insert_rows
from auditapp.store.contention import table_of
from auditapp.store.months import MonthScoreRow
from auditapp.store.profiles import EVERYWHERE, HallProfileRow, ProfileSumRow

PROFILE_MONTH = "month.profile"
STAGING_MONTHS = 6
CHUNK = 500
BEGGING = "begging"
NOT_BY_TRAIT = (ITEM, FAILED)  # so many words that sums by trait would be a flood
PROFILES, SUMS = table_of(HallProfileRow), table_of(ProfileSumRow)
PROFILE_COLUMNS = tuple(column.name for column in PROFILES.columns)
SUM_COLUMNS = tuple(column.name for column in SUMS.columns)

Key = tuple[str, str, str, str, str]  # trait, dimension, region, tier, key


@dataclass(slots=True)
class MonthProfiles:
    """Profiles of some halls that are not stored yet."""

    month: str
    rows: list[dict[str, Any]] = field(default_factory=list)


def request_profiles(session: Session, month: str, now: datetime) -> None:
    """Ask for a month's profiles, unless somebody has asked already."""
    if not hold_waiting(session, PROFILE_MONTH, [month]):
        request_job(session, PROFILE_MONTH, month, now=now, priority=LOW)


def request_stale_profiles(session: Session, now: datetime) -> list[str]:
    """Ask for the profiles of every month that was scored since; return which."""
    months = list_stale_months(session)
    for month in months:
        request_profiles(session, month, now)
    return months


def make_profiles(session: Session, month: str) -> MonthProfiles:
    """Return the profiles of all halls whose score is newer; nothing is written."""
    made = MonthProfiles(month)
    hall_ids = list_stale_halls(session, month)
    if not hall_ids:
        return made
    traits = {
        place.hall_id: sorted(place.traits)
        for place in list_hall_places(session, month)
    }
    staged = _staging(session, month)
    for start in range(0, len(hall_ids), CHUNK):
        chunk = hall_ids[start : start + CHUNK]
        figures = dict(_figures(session, month, chunk))
        voices = read_voices(session, month, chunk)
        for score in _scores(session, month, chunk):
            made.rows.append(
                _row(
                    score,
                    figures.get(score.hall_id, {}),
                    voices.get(score.hall_id, Voices()),
                    staged.get(score.hall_id),
                )
                | {"traits": traits.get(score.hall_id, [])}
            )
    return made


def keep_profiles(session: Session, made: MonthProfiles) -> None:
    """Write the profiles in place of the older ones, and add the month up again."""
    if not made.rows:
        return
    connection = session.connection()
    ids = [row["hall_id"] for row in made.rows]
    for start in range(0, len(ids), CHUNK):
        connection.execute(
            delete(PROFILES).where(
                PROFILES.c.month == made.month,
                PROFILES.c.hall_id.in_(ids[start : start + CHUNK]),
            )
        )
    insert_rows(
        connection,
        PROFILES,
        PROFILE_COLUMNS,
        ([row[name] for name in PROFILE_COLUMNS] for row in made.rows),
    )
    connection.execute(
        delete(PROFILES).where(
            PROFILES.c.month == made.month,
            PROFILES.c.hall_id.not_in(
                select(MonthScoreRow.hall_id).where(MonthScoreRow.month == made.month)
            ),
        )
    )
    connection.execute(delete(SUMS).where(SUMS.c.month == made.month))
    # read before the first row is written: a COPY lets nothing else through
    sums = list(_sums(session, made.month))
    insert_rows(connection, SUMS, SUM_COLUMNS, sums)


def profile_month(session: Session, month: str) -> int:
    """Prepare a month in one transaction; return how many halls were made again."""
    made = make_profiles(session, month)
    keep_profiles(session, made)
    return len(made.rows)


def _figures(
    session: Session, month: str, hall_ids: Collection[str]
) -> Iterator[tuple[str, Figures]]:
    policy = get_policy_in_force(session, month).policy
    catalogue = get_catalogue(session)
    model = read_model(session, month) or {}
    sources = DocumentSources(
        policy,
        catalogue,
        tallied_customers(session, month, hall_ids, catalogue),
        {},
        model.get("anchors"),
    )
    inputs = read_inputs(session, policy, month, hall_ids)
    for document, parts in hall_parts(session, month, inputs, sources):
        yield document["hall"], profile_of(document, parts)


def _scores(
    session: Session, month: str, hall_ids: Collection[str]
) -> Sequence[MonthScoreRow]:
    return session.scalars(
        select(MonthScoreRow)
        .options(defer(MonthScoreRow.state), defer(MonthScoreRow.details))
        .where(MonthScoreRow.month == month, MonthScoreRow.hall_id.in_(hall_ids))
    ).all()


def _row(
    score: MonthScoreRow,
    figures: Figures,
    voices: Voices,
    staged: tuple[int, int] | None,
) -> dict[str, Any]:
    alerts = contradictions(figures, voices.troubles, voices.answered)
    return {
        "month": score.month,
        "hall_id": score.hall_id,
        "region_id": score.region_id,
        "tier": score.tier,
        "official_milli": score.official_milli,
        "adjusted_milli": score.adjusted_milli,
        "low_milli": score.low_milli,
        "high_milli": score.high_milli,
        "band": score.band,
        "is_begging": BEGGING in score.flags,
        "staging_milli": staged[0] if staged else None,
        "staging_half_milli": staged[1] if staged else None,
        "alerts": alerts,
        "alert_count": len(alerts) + (BEGGING in score.flags),
        "figures": figures,
        "scored_at": score.computed_at,
    }


def _staging(session: Session, month: str) -> dict[str, tuple[int, int]]:
    halls: list[MonthHall] = list_month_halls(session, month)
    months = window(month, STAGING_MONTHS, first_month(session))
    evidence = read_evidence(session, halls, months, Codes())
    found = staging(evidence)
    return {
        hall.hall_id: (
            round(found.points[place] * MILLI_PER_POINT),
            round(found.half_points[place] * MILLI_PER_POINT),
        )
        for place, hall in enumerate(halls)
        if found.is_shown[place]
    }


def _sums(session: Session, month: str) -> Iterator[list[Any]]:
    """Yield the sums of a month, of all its halls."""
    rows = session.execute(
        select(PROFILES).where(PROFILES.c.month == month).order_by(PROFILES.c.hall_id)
    )
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        for dimension, keys in _all_figures(row).items():
            traits = ("",) if dimension in NOT_BY_TRAIT else ("", *row.traits)
            for key, milli in keys.items():
                for trait in traits:
                    own = sums[trait, dimension, row.region_id, row.tier, key]
                    own[0] += 1
                    own[1] += milli
                    own[2] += milli * milli
    for (trait, dimension, _region, tier, key), own in list(sums.items()):
        country = sums[trait, dimension, EVERYWHERE, tier, key]
        for place, number in enumerate(own):
            country[place] += number
    for names, numbers in sums.items():
        yield [month, *names, *numbers]


def _all_figures(row: Any) -> dict[str, dict[str, int]]:  # noqa: ANN401 (a plain row)
    """Return a hall's figures with those that stand in columns of their own."""
    scores = {
        "official": row.official_milli,
        "adjusted": row.adjusted_milli,
        "half": None
        if row.low_milli is None
        else (row.high_milli - row.low_milli) // 2,
    }
    figures: dict[str, dict[str, int]] = dict(row.figures)
    figures["score"] = {
        key: milli for key, milli in scores.items() if milli is not None
    }
    if row.band is not None:
        figures["band"] = {str(row.band): 0}
    alerts = {alert["kind"]: 0 for alert in row.alerts}
    if row.is_begging:
        alerts[BEGGING] = 0
    figures["alert"] = alerts
    return figures
