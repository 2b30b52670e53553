"""What an audit's own document cannot tell, in a fixed number of queries.

Its photos' twins, the auditor's other visits and words, how long others stayed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from statistics import quantiles
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from auditapp.domain.answer_values import as_mapping
from auditapp.domain.clock import marks_by_event
from auditapp.domain.geo import Point
from auditapp.domain.inspection import SIGNATURE
from auditapp.domain.instants import parse_instant
from auditapp.domain.month import later
from auditapp.domain.signal import (
    EarlierText,
    OtherPicture,
    OtherVisit,
    SignalContext,
)
from auditapp.domain.visit import AuditState
from auditapp.store.audits import AuditRow, EvidenceRow, PhotoRow, SignalRow
from auditapp.store.organisation import HallRow
from auditapp.store.visits import VisitRow

MOST_TWINS = 500
MOST_OTHER_AUDITS = 20
MOST_PEERS = 200
FEWEST_PEERS = 20  # a tenth of fewer says nothing
WORDS_REMEMBERED = timedelta(days=180)
BLANK_QUARTERS = (0x0000, 0xFFFF)  # of walls and skies: they resemble everything
_QUARTERS = (
    PhotoRow.dhash_1,
    PhotoRow.dhash_2,
    PhotoRow.dhash_3,
    PhotoRow.dhash_4,
)
_HASH_MASK = 2**64 - 1
# one signature on white looks much like another
IS_PHOTO = or_(EvidenceRow.item_id.is_(None), EvidenceRow.item_id != SIGNATURE)


def signal_context(
    session: Session, audit: AuditRow, visit: VisitRow, hall: HallRow
) -> SignalContext:
    """Return what is known around an audit; the same six queries for any number."""
    photos = _own_photos(session, audit.audit_id)
    others = _other_audits(session, audit)
    return SignalContext(
        hall=Point(hall.latitude, hall.longitude),
        hall_radius_m=hall.radius_metres,
        peer_p10_stay_seconds=_peer_p10_stay(session, audit, visit, hall),
        dhashes={
            sha256: dhash for sha256, dhash in photos.items() if dhash is not None
        },
        other_pictures=(
            *_same_pictures(session, audit.audit_id, photos),
            *_similar_pictures(session, audit.audit_id, photos),
        ),
        other_visits=tuple(_visits(others)),
        earlier_texts=tuple(_texts(others, audit)),
    )


def _own_photos(session: Session, audit_id: UUID) -> dict[str, int | None]:
    rows = session.execute(
        select(PhotoRow.sha256, PhotoRow.dhash)
        .join(EvidenceRow, EvidenceRow.sha256 == PhotoRow.sha256)
        .where(EvidenceRow.audit_id == audit_id, IS_PHOTO)
    )
    return {sha256: _unsigned(dhash) for sha256, dhash in rows}


def _same_pictures(
    session: Session, audit_id: UUID, photos: Mapping[str, int | None]
) -> list[OtherPicture]:
    rows = session.execute(
        select(EvidenceRow.audit_id, EvidenceRow.sha256)
        .where(EvidenceRow.sha256.in_(photos), EvidenceRow.audit_id != audit_id)
        .limit(MOST_TWINS)
    )
    return [OtherPicture(str(other), sha256) for other, sha256 in rows]


def _similar_pictures(
    session: Session, audit_id: UUID, photos: Mapping[str, int | None]
) -> list[OtherPicture]:
    """Look among the photos that share a quarter of the hash with one of ours.

    Of two hashes that differ in at most three bits, one quarter is equal; the rule
    decides among these.
    """
    dhashes = {dhash for dhash in photos.values() if dhash is not None}
    alike = list(_shared_quarters(dhashes))
    if not alike:
        return []
    rows = session.execute(
        select(EvidenceRow.audit_id, PhotoRow.sha256, PhotoRow.dhash)
        .join(EvidenceRow, EvidenceRow.sha256 == PhotoRow.sha256)
        .where(or_(*alike), EvidenceRow.audit_id != audit_id, IS_PHOTO)
        .limit(MOST_TWINS)
    )
    return [
        OtherPicture(str(other), sha256, _unsigned(dhash))
        for other, sha256, dhash in rows
    ]


def _shared_quarters(dhashes: set[int]) -> Iterator[ColumnElement[bool]]:
    for column, shift in zip(_QUARTERS, (48, 32, 16, 0), strict=True):
        values = {dhash >> shift & 0xFFFF for dhash in dhashes}
        values.difference_update(BLANK_QUARTERS)
        if values:
            yield column.in_(sorted(values))


def _other_audits(
    session: Session, audit: AuditRow
) -> Sequence[tuple[AuditRow, HallRow]]:
    """Return the auditor's other audits around this one, the latest first."""
    if audit.finished_at is None:
        return []
    rows = session.execute(
        select(AuditRow, HallRow)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .where(
            AuditRow.auditor_id == audit.auditor_id,
            AuditRow.audit_id != audit.audit_id,
            AuditRow.state != AuditState.DRAFT.value,
            AuditRow.finished_at >= audit.finished_at - WORDS_REMEMBERED,
            AuditRow.finished_at <= audit.finished_at + timedelta(days=1),
        )
        .order_by(AuditRow.finished_at.desc())
        .limit(MOST_OTHER_AUDITS)
    )
    return [(other, hall) for other, hall in rows]


def _visits(others: Sequence[tuple[AuditRow, HallRow]]) -> Iterator[OtherVisit]:
    for audit, hall in others:
        document = as_mapping(json.loads(audit.document))
        began = _instant(document, "enter", "started_at")
        ended = _instant(document, "leave", "finished_at")
        if began and ended:
            place = Point(hall.latitude, hall.longitude)
            yield OtherVisit(str(audit.audit_id), place, began, ended)


def _instant(document: Mapping[str, Any], event: str, key: str) -> Any:  # noqa: ANN401
    mark = marks_by_event(document.get("marks")).get(event, {})
    return parse_instant(mark.get("at")) or parse_instant(document.get(key))


def _texts(
    others: Sequence[tuple[AuditRow, HallRow]], audit: AuditRow
) -> Iterator[EarlierText]:
    """Return what the auditor wrote before; what came later cannot be copied from."""
    for other, _hall in others:
        if other.received_at >= audit.received_at:
            continue
        answers = as_mapping(as_mapping(json.loads(other.document)).get("answers"))
        for answer in map(as_mapping, answers.values()):
            for key in ("note", "reason", "value"):
                text = answer.get(key)
                if isinstance(text, str):
                    yield EarlierText(str(other.audit_id), text)


def _peer_p10_stay(
    session: Session, audit: AuditRow, visit: VisitRow, hall: HallRow
) -> int | None:
    """Return what nine of ten visits of this scenario and tier took, in seconds.

    How long a visit took stands in its own ``stay`` signal, so no document is read.
    """
    facts = session.scalars(
        select(SignalRow.facts)
        .join(AuditRow, AuditRow.audit_id == SignalRow.audit_id)
        .join(VisitRow, VisitRow.visit_id == AuditRow.visit_id)
        .join(HallRow, HallRow.hall_id == VisitRow.hall_id)
        .where(
            VisitRow.scenario == visit.scenario,
            VisitRow.month.in_([visit.month, later(visit.month, -1)]),
            HallRow.tier == hall.tier,
            SignalRow.kind == "stay",
            SignalRow.audit_id != audit.audit_id,
        )
        .limit(MOST_PEERS)
    )
    stays = [each["seconds"] for each in facts]
    return int(quantiles(stays, n=10)[0]) if len(stays) >= FEWEST_PEERS else None


def _unsigned(dhash: int | None) -> int | None:
    return None if dhash is None else dhash & _HASH_MASK
