"""The rows of the review page: each item with what belongs to it and why to look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.finding_cause import (
    FindingCause,
    findings,
    must_be_confirmed,
    presumed,
)
from auditapp.domain.review_sheet import SheetLine
from auditapp.domain.signal import Signal
from auditapp.reads.review_parts import Override, Photo, Question
from auditapp.reads.reviews import Review

TO_ANSWER = ("bad", "unsure", "todo")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose doing a finding is, and whether a person has said so or still must."""

    found: FindingCause
    is_confirmed: bool
    is_needed: bool

    @property
    def is_open(self) -> bool:
        """Whether the audit cannot be accepted before somebody confirms it."""
        return self.is_needed and not self.is_confirmed


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the answers: the item, what belongs to it and why to look."""

    line: SheetLine
    photos: Sequence[Photo]
    signals: Sequence[Signal]
    questions: Sequence[Question]
    overrides: Sequence[Override]
    attribution: Attribution | None  # of findings

    @property
    def note(self) -> Question | None:
        """The question that is written and not sent yet."""
        return next((q for q in self.questions if q.sent_at is None), None)

    @property
    def needs_look(self) -> bool:
        """Whether a reviewer in a hurry should not skip this item."""
        return bool(
            self.line.state in TO_ANSWER
            or self.signals
            or self.questions
            or self.overrides
            or self.line.is_recalled
            or self.line.before
            or "photo_waived" in self.line.answer
            or any(photo.condition != "readable" for photo in self.photos)
        )


def entries_of(review: Review, lines: Sequence[SheetLine]) -> list[Entry]:
    """Put photos, notices and questions beside the items they are about."""
    causes = _attributions(review)
    return [
        Entry(
            line=line,
            photos=[p for p in review.photos if p.item_id == line.item_id],
            signals=[
                s
                for s in review.signals
                if s.item == line.item_id and s.level == "notice"
            ],
            questions=[q for q in review.questions if q.item_id == line.item_id],
            overrides=[o for o in review.overrides if o.item_id == line.item_id],
            attribution=causes.get(line.item_id),
        )
        for line in lines
    ]


def by_section(
    form: Mapping[str, Any], entries: Sequence[Entry]
) -> list[tuple[Mapping[str, Any], list[Entry]]]:
    """Group in walking order, leaving out sections without entries."""
    grouped = [
        (section, [e for e in entries if e.line.item["section"] == section["id"]])
        for section in form["sections"]
    ]
    return [(section, found) for section, found in grouped if found]


def choose(
    entries: Sequence[Entry], shown: Sequence[Entry], item_id: str | None
) -> Entry | None:
    """Return the item asked for, else the gravest: a failed critical one, the first."""
    asked = [entry for entry in entries if entry.line.item_id == item_id]
    grave = [e for e in shown if e.line.is_failed and e.line.item.get("critical")]
    return next(iter([*asked, *grave, *shown]), None)


def neighbours(
    shown: Sequence[Entry], chosen: Entry | None
) -> tuple[str | None, str | None]:
    """Return the items before and after the chosen one among those that are shown."""
    ids = [entry.line.item_id for entry in shown]
    if chosen is None or chosen.line.item_id not in ids:
        return None, ids[0] if ids else None
    at = ids.index(chosen.line.item_id)
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)


def next_open_cause(entries: Sequence[Entry], item_id: str) -> str | None:
    """Return the next finding whose cause is to be confirmed, the round begun again."""
    ids = [entry.line.item_id for entry in entries]
    at = ids.index(item_id) if item_id in ids else 0
    round_trip = [*entries[at + 1 :], *entries[:at]]
    return next(
        (e.line.item_id for e in round_trip if e.attribution and e.attribution.is_open),
        None,
    )


def _attributions(review: Review) -> Mapping[str, Attribution]:
    if review.score is None:
        return {}
    items = {item["id"]: item for item in review.form["items"]}
    return {
        line.item_id: Attribution(
            review.causes.get(line.item_id) or presumed(line, items[line.item_id]),
            line.item_id in review.causes,
            must_be_confirmed(
                line, is_critical=bool(items[line.item_id].get("critical"))
            ),
        )
        for line in findings(review.score)
    }
