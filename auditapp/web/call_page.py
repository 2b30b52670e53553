"""What one page of a call shows: who, the words to say, the one question, the keys."""

from dataclasses import dataclass
from typing import Any

from auditapp.domain.actor import Actor
from auditapp.domain.call_script import (
    CallSheet,
    Choice,
    choices_of,
    fill,
    without_promise,
)
from auditapp.domain.customer_response import score_response
from auditapp.domain.text import Text
from auditapp.reads.calls import Call
from auditapp.web.call_words import day_text, span_text

OPENING, END, PROBLEM = "opening", "end", "problem"
USUAL_PROMISE = Text("3天", "3 days")


@dataclass(frozen=True, slots=True)
class Step:
    """Where in the script a call is; ``before`` and ``at`` are names in addresses."""

    at: str
    item: Any = None
    choices: tuple[Choice, ...] = ()
    given: str | None = None  # the answer as it stands, to be corrected
    number: int = 0
    total: int = 0
    before: str | None = None


def step_of(script: CallSheet, call: Call, wanted: str) -> Step:
    """Return the step that was asked for, or the first open one."""
    asked = script.asked(call.answers)
    if wanted in {END, PROBLEM}:
        return Step(wanted, before=_before(script, call, None))
    item = script.find_item(wanted, call.answers)
    if item is None and (wanted == OPENING or (not wanted and not call.answers)):
        return Step(OPENING, total=len(asked))
    item = item or script.next_item(call.answers)
    if item is None:
        return Step(END, before=_before(script, call, None))
    value = call.answers.get(item["id"])
    return Step(
        at=item["id"],
        item=item,
        choices=tuple(choices_of(item)),
        given=None if value is None else str(value),
        number=asked.index(item) + 1,
        total=len(asked),
        before=_before(script, call, item["id"]),
    )


def first_item(script: CallSheet) -> str:
    """Return where the questions begin."""
    return str(script.form["items"][0]["id"])


def opening_of(script: CallSheet, call: Call, actor: Actor) -> Text:
    """Return the first words, with who calls, about which hall and day."""
    facts = {
        "agent": Text(actor.code, actor.code),
        "hall": call.hall,
        "date": day_text(call.happened_on),
    }
    return fill(script.opening, facts)


def closing_of(script: CallSheet, call: Call) -> Text:
    """Return the last words; they promise only what was promised."""
    complaint = call.complaint
    if complaint is None:
        return without_promise(script.closing)
    span = span_text(complaint.created_at, complaint.promise_at)
    return fill(script.closing, {"promise_time": span})


def has_alert(script: CallSheet, call: Call) -> bool:
    """Tell whether a critical question was answered badly."""
    score = score_response(script.form, script.said(call.answers))
    return bool(score and score.alerts)


def is_unhappy(script: CallSheet, call: Call) -> bool:
    """Tell whether something was asked that only the discontent are asked."""
    gated = {item["id"] for item in script.form["items"] if item.get("ask_if")}
    return any(item["id"] in gated for item in script.asked(call.answers))


def _before(script: CallSheet, call: Call, item_id: str | None) -> str:
    before = script.item_before(item_id, call.answers)
    return before["id"] if before else OPENING
