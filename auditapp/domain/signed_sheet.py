"""What only an open inspection's document holds, laid out for reading.

Source: docs/architecture.md, “Open inspection”. The document was found sound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditapp.domain.answer_texts import duration_text
from auditapp.domain.answer_values import as_list, as_mapping, is_number
from auditapp.domain.inspection import CORRECTION, RECHECK, SIGNATURE
from auditapp.domain.instants import parse_instant
from auditapp.domain.text import Text

Form = Mapping[str, Any]

POSITION_NAMES = {
    "counter": Text("台席营业员", "counter clerk"),
    "guide": Text("引导员", "floor guide"),
    "duty_manager": Text("值班经理", "duty manager"),
    "security": Text("保安", "security guard"),
    "other": Text("其他岗位", "other position"),
}
RESULT_NAMES = {
    "fixed": Text("已改好", "Fixed"),
    "not_fixed": Text("没改好", "Not fixed"),
    "cannot_tell": Text("看不出", "Cannot tell"),
}
RESULT_STATES = {"fixed": "good", "not_fixed": "bad", "cannot_tell": "unsure"}


@dataclass(frozen=True, slots=True)
class Recheck:
    """A finding of an earlier visit and how it stands now; ``place`` has its photos."""

    finding: Mapping[str, Any]
    state: str  # as signs are drawn
    result: Text | None
    note: str
    place: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What was put right on the spot; the item stays failed."""

    note: str
    waived: bool
    place: str


@dataclass(frozen=True, slots=True)
class Signature:
    """How the hall's manager stood to the result; ``state`` signed or refused."""

    state: str
    position: str
    at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """Everything beside the items; corrections and drills by item."""

    rechecks: tuple[Recheck, ...]
    corrections: Mapping[str, Correction]
    drills: Mapping[str, Text]  # how long each took
    staff: tuple[Text, ...]  # positions of those who were asked
    signature: Signature | None
    signature_place: str = SIGNATURE

    @property
    def fixed(self) -> int:
        """How many findings are fixed."""
        return sum(recheck.state == "good" for recheck in self.rechecks)


def signed_sheet(form: Form, document: Mapping[str, Any]) -> SignedSheet:
    """Lay out re-checks, corrections, drills, staff and signature."""
    rechecks = as_mapping(document.get("rechecks"))
    corrections = as_mapping(document.get("corrections"))
    answers = as_mapping(document.get("answers"))
    return SignedSheet(
        rechecks=tuple(
            _recheck(finding, as_mapping(rechecks.get(finding["id"])))
            for finding in form.get("findings", ())
        ),
        corrections={
            item: _correction(item, as_mapping(entry))
            for item, entry in corrections.items()
        },
        drills={
            item: duration_text(as_mapping(answer)["seconds"])
            for item, answer in answers.items()
            if is_number(as_mapping(answer).get("seconds"))
        },
        staff=tuple(
            POSITION_NAMES[position]
            for position in as_list(document.get("staff"))
            if position in POSITION_NAMES
        ),
        signature=_signature(as_mapping(document.get("signature"))),
    )


def _recheck(finding: Mapping[str, Any], entry: Mapping[str, Any]) -> Recheck:
    result = str(entry.get("result"))
    return Recheck(
        finding,
        RESULT_STATES.get(result, "todo"),
        RESULT_NAMES.get(result),
        str(entry.get("note") or ""),
        RECHECK + finding["id"],
    )


def _correction(item: str, entry: Mapping[str, Any]) -> Correction:
    waived = bool(entry.get("photo_waived"))
    return Correction(str(entry.get("note") or ""), waived, CORRECTION + item)


def _signature(entry: Mapping[str, Any]) -> Signature | None:
    if not entry.get("state"):
        return None
    return Signature(
        state=str(entry["state"]),
        position=str(entry.get("position") or ""),
        at=parse_instant(entry.get("at")),
        reason=str(entry.get("reason") or ""),
    )
