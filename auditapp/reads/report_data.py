"""What a printed audit shows, laid out and summed up; the words come from the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.breakdown import (
    CAP,
    UNTAGGED,
    Share,
    breakdown,
    item_ledger,
    share_ledger,
)
from auditapp.domain.canonical import digest
from auditapp.domain.inspection import is_open_inspection
from auditapp.domain.instants import parse_instant
from auditapp.domain.review_sheet import SheetLine, not_asked, sheet_lines
from auditapp.domain.scoring import AuditScore
from auditapp.domain.signals import signal_text
from auditapp.domain.signed_sheet import SignedSheet, signed_sheet
from auditapp.domain.text import Text
from auditapp.domain.timeline import Timeline, timeline
from auditapp.reads.review_parts import Photo, photos_by_place
from auditapp.reads.reviews import Review, get_review, open_to_hall

SPLITS = ("quality", "group", "rater", "stage", "cause")
MOST_STRENGTHS = 5
SHOWN_LOSSES = 8  # on the first page; every item follows
# 1.645 usual standard deviations (9 points) of one visit: nine of ten others to the
# same hall and month would fall within. Source: design/scoring.md, section 3.
SPREAD_OF_ONE_VISIT = 15
# 1.645 usual standard deviations (5 points) of an inspection, whose scores differ less
SPREAD_OF_ONE_INSPECTION = 8

_OTHER = Text("其他", "Other")
# every report of an audit is the same, so it is read with nobody's eyes in particular
_PRINTER = Actor(UUID(int=0), login="", role=Role.HEADQUARTERS)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a split: points in tenths, ``score`` in its own 100, unrounded."""

    key: str
    name: Text
    items: int
    failed: int
    score: Fraction
    lost_tenths: int


@dataclass(frozen=True, slots=True)
class Split:
    """The points lost, seen from one side; with the cap they are all there are."""

    dimension: str
    rows: tuple[Row, ...]
    cap_tenths: int


@dataclass(frozen=True, slots=True)
class Part:
    """A section in walking order with its items."""

    name: Text
    lines: tuple[SheetLine, ...]
    row: Row | None  # None when nothing in it counts


@dataclass(frozen=True, slots=True)
class Report:
    """An audit ready for printing. Points are tenths where the name says so."""

    review: Review
    form_digest: str
    score_tenths: int | None
    cap_tenths: int
    began_at: datetime | None
    tier: Text
    traits: tuple[Text, ...]
    parts: tuple[Part, ...]
    splits: Mapping[str, Split]  # by dimension, “section” first; empty without score
    strengths: tuple[SheetLine, ...]
    losses: tuple[SheetLine, ...]
    worst_stage: Row | None
    timeline: Timeline
    signals: tuple[tuple[str, Text], ...]  # level, sentence
    not_asked: Sequence[Mapping[str, Any]]
    photos: Mapping[str, tuple[Photo, ...]]  # by item; "" for those of no item
    sheet: SignedSheet | None  # of an open inspection
    spread: int
    shown_losses: int = SHOWN_LOSSES

    @property
    def score(self) -> AuditScore | None:
        """The score with its lines, None while there is none."""
        return self.review.score

    @property
    def largest_loss(self) -> int:
        """The longest bar of all splits, in tenths, so that they share one scale."""
        rows = [row.lost_tenths for each in self.splits.values() for row in each.rows]
        return max([*rows, self.cap_tenths, 1])

    def readable_photos(self) -> list[Photo]:
        """Return the photos that can be shown."""
        shown = (photo for photos in self.photos.values() for photo in photos)
        return [photo for photo in shown if photo.condition == "readable"]


def get_report(session: Session, audit_id: UUID) -> Report:
    """Return what a report of an audit shows.

    Raises:
        NotFoundError: There is no such audit, or it has not arrived.
    """
    review = get_review(session, _PRINTER, audit_id)
    lines = sheet_lines(review.form, review.decided, review.score)
    ledger = item_ledger(review.score) if review.score else None
    splits = _splits(review)
    is_open = is_open_inspection(review.form)
    return Report(
        review=review,
        form_digest=digest(review.form),
        score_tenths=ledger.score if ledger else None,
        cap_tenths=ledger.lost.get(CAP, 0) if ledger else 0,
        began_at=parse_instant(review.document.get("started_at")),
        tier=review.vocabulary.tiers[review.form["tier"]].name,
        traits=tuple(
            review.vocabulary.traits[trait].name for trait in review.form["traits"]
        ),
        parts=_parts(review, lines, splits.get("section")),
        splits=splits,
        strengths=_strengths(lines),
        losses=_losses(lines),
        worst_stage=_worst(splits.get("stage")),
        timeline=timeline(review.form, review.document),
        # what a hall may read holds no hints for reviewers
        signals=()
        if is_open
        else tuple((each.level, signal_text(each)) for each in review.signals),
        not_asked=not_asked(review.form, lines),
        # one paper for all: what an inspection keeps from its hall is not printed
        photos=photos_by_place(open_to_hall(review) if is_open else review.photos),
        sheet=signed_sheet(review.form, review.document) if is_open else None,
        spread=SPREAD_OF_ONE_INSPECTION if is_open else SPREAD_OF_ONE_VISIT,
    )


def _splits(review: Review) -> dict[str, Split]:
    if review.score is None:
        return {}
    shares = breakdown(review.form, review.score)
    return {
        dimension: _split(review, review.score, dimension, shares[dimension])
        for dimension in ("section", *SPLITS)
    }


def _split(
    review: Review, score: AuditScore, dimension: str, shares: tuple[Share, ...]
) -> Split:
    ledger = share_ledger(score, shares)
    lost = ledger.lost if ledger else {}
    names = _names(review, dimension)
    order = [*names, UNTAGGED]
    rows = [
        Row(
            share.key,
            names.get(share.key, _OTHER),
            share.items,
            share.failed,
            share.score,
            lost.get(share.key, 0),
        )
        for share in sorted(shares, key=lambda share: order.index(share.key))
    ]
    return Split(dimension, tuple(rows), lost.get(CAP, 0))


def _names(review: Review, dimension: str) -> dict[str, Text]:
    if dimension == "section":
        sections = review.form["sections"]
        return {each["id"]: Text(each["zh"], each["en"]) for each in sections}
    vocabulary = review.vocabulary
    words = vocabulary.stages if dimension == "stage" else vocabulary.tags[dimension]
    names = {key: word.name for key, word in words.items()}
    if dimension == "group":  # these groups divide what is soft
        names[UNTAGGED] = vocabulary.tags["quality"]["hard"].name
    return names


def _parts(
    review: Review, lines: list[SheetLine], sections: Split | None
) -> tuple[Part, ...]:
    rows = {row.key: row for row in sections.rows} if sections else {}
    parts = []
    for section_id, name in _names(review, "section").items():
        own = tuple(
            line
            for line in lines
            if line.item["section"] == section_id
            and line.verdict.requirement != "not_applicable"
        )
        if own:
            parts.append(Part(name, own, rows.get(section_id)))
    return tuple(parts)


def _strengths(lines: list[SheetLine]) -> tuple[SheetLine, ...]:
    """Return what went fully well and counts most, in walking order."""
    full = [line for line in lines if line.score == 100 and line.not_counted is None]  # noqa: PLR2004
    heaviest = sorted(full, key=lambda line: (-line.item["weight"], line.number))
    return tuple(sorted(heaviest[:MOST_STRENGTHS], key=lambda line: line.number))


def _losses(lines: list[SheetLine]) -> tuple[SheetLine, ...]:
    """Return every item that cost points, the dearest first."""
    lost = [line for line in lines if line.lost_tenths]
    return tuple(sorted(lost, key=lambda line: (-line.lost_tenths, line.number)))


def _worst(stages: Split | None) -> Row | None:
    """Return the moment of the visit with the lowest score of its own."""
    rows = stages.rows if stages else ()
    lost = [row for row in rows if row.key != UNTAGGED and row.lost_tenths]
    return min(lost, key=lambda row: row.score, default=None)
