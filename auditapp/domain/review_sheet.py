"""An audit laid out for reading: item by item in walking order, with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from auditapp.domain.answer_texts import answer_text
from auditapp.domain.answer_values import as_mapping, value_of, was_not_observed
from auditapp.domain.breakdown import item_ledger
from auditapp.domain.form import Verdict, is_asked, item_requirement
from auditapp.domain.scoring import AuditScore, Line, today_of
from auditapp.domain.text import Text

Form = Mapping[str, Any]
FormItem = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One item as a reader meets it.

    ``state`` is how it is drawn: ``good``, ``bad``, ``unsure``, ``na`` (not asked) or
    ``todo`` (nothing answered). ``lost_tenths`` is the part of the printed 100.0 that
    it cost; ``score`` its own points, unrounded. ``before`` is the answer of the
    revision that was returned, where it differs.
    """

    number: int
    item: FormItem
    verdict: Verdict
    answer: Mapping[str, Any]
    said: Text
    state: str
    score: Fraction | None
    lost_tenths: int
    not_counted: str | None
    before: Text | None

    @property
    def item_id(self) -> str:
        """The item's lasting name."""
        return str(self.item["id"])

    @property
    def is_failed(self) -> bool:
        """Whether the answer is below the pass mark."""
        return self.state == "bad"

    @property
    def is_recalled(self) -> bool:
        """Whether a time was written from memory."""
        return self.answer.get("source") == "recalled"


def sheet_lines(
    form: Form,
    document: object,
    score: AuditScore | None,
    returned_document: object = None,
) -> list[SheetLine]:
    """Return every item of the form in its order, answered or not."""
    answers = _answers(document)
    earlier = _answers(returned_document) if returned_document is not None else {}
    scored = {line.item_id: line for line in score.lines} if score else {}
    ledger = item_ledger(score) if score else None
    today = today_of(document)
    lines = []
    for number, item in enumerate(form["items"], start=1):
        answer = answers.get(item["id"], {})
        before = earlier.get(item["id"], answer)
        line = scored.get(item["id"])
        is_wanted = is_asked(item, answers)
        verdict = item_requirement(item, today)
        lines.append(
            SheetLine(
                number=number,
                item=item,
                verdict=verdict,
                answer=answer,
                said=answer_text(item, value_of(answer)),
                state=_state(item, answer, verdict, line, is_wanted=is_wanted),
                score=line.score if line else None,
                lost_tenths=ledger.lost.get(item["id"], 0) if ledger else 0,
                not_counted=line.not_counted if line else None,
                before=_changed(item, before, answer),
            )
        )
    return lines


def not_asked(form: Form, lines: Sequence[SheetLine]) -> list[Mapping[str, Any]]:
    """Return what policy left out at this hall on this day, each with its sentence."""
    today = [
        {**line.item, "rule": line.verdict.rule, "why": line.verdict.why}
        for line in lines
        if line.verdict.requirement == "not_applicable"
    ]
    return [*form.get("excluded", ()), *today]


def _answers(document: object) -> dict[str, Mapping[str, Any]]:
    answers = as_mapping(as_mapping(document).get("answers"))
    return {key: as_mapping(answer) for key, answer in answers.items()}


def _state(
    item: FormItem,
    answer: Mapping[str, Any],
    verdict: Verdict,
    line: Line | None,
    *,
    is_wanted: bool,
) -> str:
    if value_of(answer) is None:
        is_open = verdict.requirement == "required" and is_wanted
        return "todo" if is_open else "na"
    if was_not_observed(answer):
        return "unsure"
    if line is not None and line.is_failed:
        return "bad"
    if line is None or line.score is None:
        return (
            "bad" if value_of(answer) == "no" and item["kind"] == "yes_no" else "good"
        )
    return "bad" if not line.is_counted and line.score == 0 else "good"


def _changed(
    item: FormItem, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Text | None:
    if value_of(before) == value_of(after):
        return None
    return answer_text(item, value_of(before))
