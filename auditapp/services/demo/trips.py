"""The trips of one month: what happened, told as documents with their photos."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.month import local_date
from auditapp.gateways.demo_scenes import Subject
from auditapp.services.demo.answers import Account, Occasion, account_of
from auditapp.services.demo.calendar import repeatable
from auditapp.services.demo.documents import (
    Shot,
    Trip,
    photographed,
    write_document,
)
from auditapp.services.demo.stories import Course
from auditapp.services.demo.studio import Photo, Studio
from auditapp.store.checklists import FormRow

Forms = dict[str, dict[str, Any]]

LIKED_PHOTOS = 3
COLD_MONTHS, HOT_MONTHS = (11, 12, 1, 2, 3), (6, 7, 8, 9)
RAINY_SHARE = {"rainy": 0.35, "arid": 0.02}
USUAL_RAIN, SNOW_SHARE, EXTREME_SHARE, PEAK_SHARE = 0.12, 0.2, 0.6, 0.25


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visit's row with the hall as the organisation file describes it."""

    row: dict[str, Any]
    hall: Mapping[str, Any]
    login: str
    course: Course
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A visit that was made: the document and its photos."""

    visitor: Visitor
    document: dict[str, Any]
    photos: list[Photo]
    subjects: list[tuple[str, Subject]]


@dataclass(frozen=True, slots=True)
class _Draft:
    visitor: Visitor
    occasion: Occasion
    account: Account
    trip: Trip
    subjects: list[tuple[str, Subject]]


def tell_trips(
    visitors: Sequence[Visitor],
    forms: Forms,
    studio: Studio,
    tell: Callable[[float], None] = lambda _share: None,
) -> list[Told]:
    """Return the documents of visits in the order given, their photos stored."""
    drafts = [_draft(each, forms[each.row["form_digest"]], studio) for each in visitors]
    wanted = [(subject, False) for draft in drafts for _, subject in draft.subjects]
    photos = iter(studio.shoot(wanted, tell))
    return [_told(draft, list(islice(photos, len(draft.subjects)))) for draft in drafts]


def _draft(visitor: Visitor, form: Mapping[str, Any], studio: Studio) -> _Draft:
    visit_id, hall = visitor.row["visit_id"], visitor.hall
    occasion = Occasion(
        form=form,
        course=visitor.course,
        today=_today(form, visitor),
        key=str(visit_id),
        hall_id=hall["id"],
        counters=hall["counters"],
    )
    account = account_of(occasion)
    liked = 0 if studio.is_quick else LIKED_PHOTOS
    items = photographed(occasion, account, liked, repeatable("photos", visit_id))
    return _Draft(
        visitor,
        occasion,
        account,
        Trip(
            visit_id=visit_id,
            form_digest=visitor.row["form_digest"],
            started_at=visitor.began_at,
            login=visitor.login,
            latitude=hall["lat"],
            longitude=hall["lon"],
        ),
        [
            (item, Subject(item, hall["id"], hall["zh"], is_bad, str(visit_id)))
            for item, is_bad in items
            if visitor.course.shows is None or item in visitor.course.shows
        ],
    )


def _told(draft: _Draft, photos: list[Photo]) -> Told:
    shots = [
        Shot(item_id, photo.sha256, photo.size_bytes)
        for (item_id, _), photo in zip(draft.subjects, photos, strict=True)
    ]
    document = write_document(draft.occasion, draft.account, draft.trip, shots)
    return Told(draft.visitor, document, photos, draft.subjects)


def _today(form: Mapping[str, Any], visitor: Visitor) -> list[str]:
    """Return what the weather and the hour were, by the hall's traits and month."""
    chance = repeatable("today", visitor.row["visit_id"])
    traits, month = form["traits"], local_date(visitor.began_at).month
    is_cold = "cold" in traits and month in COLD_MONTHS
    rain = max((RAINY_SHARE[t] for t in traits if t in RAINY_SHARE), default=USUAL_RAIN)
    is_snowing = is_cold and chance.random() < SNOW_SHARE
    is_raining = visitor.course.is_raining
    if is_raining is None:
        is_raining = not is_cold and chance.random() < rain
    is_extreme, is_peak = (chance.random() < s for s in (EXTREME_SHARE, PEAK_SHARE))
    facts = {
        "raining": is_raining,
        "snowing": is_snowing,
        "hot_day": "hot" in traits and month in HOT_MONTHS and is_extreme,
        "cold_day": is_cold and is_extreme,
        "peak": is_peak,
    }
    return [fact for fact, holds in facts.items() if holds]


def forms_of(session: Session, rows: Iterable[Mapping[str, Any]]) -> Forms:
    """Return the forms of visits by digest."""
    digests = {row["form_digest"] for row in rows}
    stored = session.execute(
        select(FormRow.digest, FormRow.document).where(FormRow.digest.in_(digests))
    )
    return {row.digest: json.loads(row.document) for row in stored}
