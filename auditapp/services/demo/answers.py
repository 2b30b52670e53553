"""What an auditor would answer in a hall of which we know how good it is."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from auditapp.domain.clock import timing_answer
from auditapp.domain.form import is_asked, item_bands, item_requirement
from auditapp.domain.scoring import score_audit
from auditapp.domain.visit import HALL_CLOSED
from auditapp.gateways.checklist_files import load_yaml
from auditapp.services.demo.calendar import repeatable
from auditapp.services.demo.exact import nudged
from auditapp.services.demo.journeys import NEVER_BELOW, as_marks, marks_of, seconds_for
from auditapp.services.demo.stories import Course

Form = Mapping[str, Any]
Item = Mapping[str, Any]
Answers = dict[str, dict[str, Any]]

ATTEMPTS = 80  # to come near the score that a story tells
NEAR_ENOUGH = 4  # points off, to be made exact by changing a few answers
CORRECTION = 0.4  # of what an attempt was off by
SPREAD = 0.16  # of graded answers around what the hall is worth
LASTING_SHARE = 0.5  # of hard faults: still there next month
OPTIONAL_SHARE = 0.7  # of optional items: somebody answers
UNSEEN_SHARE = 0.3
# Reasons so short that nobody takes them for copied ones
UNSEEN = {
    "ent_guide_gesture": "没有需要指路",
    "wai_priority": "没有这类客户",
    "exp_probe": "业务不用推荐",
    "res_followup": "还没到时限",
}
TIMED = {"ent_greet_time": "greet", "wai_time": "wait", "act_time": "serve"}
COMPLAINT = "res_ack_time"
RETURN_WORDS = ("不会再来", "不太想来", "说不准", "愿意再来", "一定再来")
DELIGHT = ("主动帮我下载了掌厅", "用手写板把费用算了一遍", "等的时候送来一杯热水")
PAIN = ("停车要绕一圈", "等号的时候没有预计时间", "电子凭据要自己找", "没有", "系统慢")
NO_BAD_NOTE = "与标准不符"
GOOD_NOTE = "与标准相符"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One visit before it happens; ``key`` makes chance repeatable."""

    form: Form
    course: Course
    today: list[str]
    key: str
    hall_id: str
    counters: int


@dataclass(frozen=True, slots=True)
class Account:
    """What the auditor brings home: answers without times, marks in seconds."""

    answers: Answers
    marks: dict[str, float]


def account_of(occasion: Occasion) -> Account:
    """Return an account whose score is what the story tells, if it tells one."""
    course, shift = occasion.course, 0.0
    if course.outcome == HALL_CLOSED:
        return Account({}, {})
    best: tuple[float, Account] | None = None
    for attempt in range(ATTEMPTS):
        account = _Teller(occasion, attempt, shift).tell()
        if course.target is None:
            return account
        off = course.target - points_of(occasion, account)
        if course.is_exact and abs(off) <= NEAR_ENOUGH:
            exact = _made_exact(occasion, account)
            off, account = (0, exact) if exact else (off, account)
        if best is None or abs(off) < best[0]:
            best = abs(off), account
        if abs(off) <= course.tolerance:
            break
        shift += CORRECTION * off / 100
    assert best is not None  # noqa: S101 (ATTEMPTS is not 0)
    return best[1]


def _made_exact(occasion: Occasion, account: Account) -> Account | None:
    """Change a few answers; None when this sum of weights has no such score."""
    course = occasion.course
    answers = nudged(
        occasion.form,
        occasion.today,
        account.answers,
        frozenset(course.forced),
        round(course.target or 0),
    )
    return replace(account, answers=answers) if answers else None


def points_of(occasion: Occasion, account: Account) -> float:
    """Return the score that an account would have, in points."""
    document = {"today": occasion.today, "answers": account.answers}
    score = score_audit(occasion.form, document).score
    return 0.0 if score is None else float(score)


class _Teller:
    """One attempt at an account."""

    def __init__(self, occasion: Occasion, attempt: int, shift: float) -> None:
        self._occasion = occasion
        self._chance = repeatable(occasion.key, attempt)
        self._shift = shift
        self._items = {item["id"]: item for item in occasion.form["items"]}

    def tell(self) -> Account:
        """Walk through the form as an auditor does: clock first, then item by item."""
        marks = marks_of(
            self._durations(), self._occasion.course.least_stay, self._chance
        )
        answers: Answers = {}
        for item in self._occasion.form["items"]:
            if self._is_answered(item, answers):
                answers[item["id"]] = self._answer(item, marks)
        return Account(answers, marks)

    def _durations(self) -> dict[str, float | None]:
        timed: dict[str, float | None] = {
            duration: self._seconds(self._items[item_id])
            for item_id, duration in (TIMED | {COMPLAINT: "take"}).items()
            if item_id in self._items
        }
        greeting = self._items.get("ent_greet_time")
        if greeting and self._aim(greeting) < NEVER_BELOW:
            timed["greet"] = None
        return timed

    def _seconds(self, item: Item) -> float:
        forced = self._occasion.course.forced.get(item["id"])
        if forced is not None:
            return float(forced)
        bands = item_bands(item, self._occasion.today)
        return seconds_for(bands, self._aim(item), self._chance)

    def _is_answered(self, item: Item, answers: Answers) -> bool:
        verdict = item_requirement(item, self._occasion.today)
        if verdict.requirement == "not_applicable" or not is_asked(item, answers):
            return False
        if item["id"] in self._occasion.course.forced:
            return True
        if item["id"] == "ovr_delight":
            is_told = item["id"] in self._occasion.course.notes
            return is_told or self._chance.random() < UNSEEN_SHARE
        is_optional = verdict.requirement == "optional"
        return not is_optional or self._chance.random() < OPTIONAL_SHARE

    def _answer(self, item: Item, marks: Mapping[str, float]) -> dict[str, Any]:
        if item["kind"] == "timing_seconds":
            timed = timing_answer(item, as_marks(marks))
            return timed or {"value": "never", "source": "clock"}
        value = self._occasion.course.forced.get(item["id"])
        if value is None:
            is_unseen = self._chance.random() < UNSEEN_SHARE
            if item["id"] in UNSEEN and is_unseen:
                return {"value": "could_not_observe", "reason": UNSEEN[item["id"]]}
            value = self._value(item)
        if item["id"] == "ovr_return":
            return {"value": value, "note": RETURN_WORDS[value - 1]}
        return {"value": value}

    def _value(self, item: Item) -> Any:  # noqa: ANN401
        """Return an answer, or one for each person who is asked."""
        make = _VALUES[item["kind"]]
        if "sample" in item:
            return [make(self, item) for _ in range(item["sample"])]
        return make(self, item)

    def _quality(self, item: Item) -> float:
        """Return the chance that the item is met; critical ones fail by story only."""
        if item["critical"]:
            return 1.0
        course = self._occasion.course
        worth = course.hard if item["quality"] == "hard" else course.soft
        return min(max(worth + self._shift, 0.02), 0.995)

    def _aim(self, item: Item) -> float:
        quality = self._quality(item)
        if item["critical"]:
            return quality
        return min(max(self._chance.gauss(quality, SPREAD), 0.0), 1.0)

    def _yes_no(self, item: Item) -> str:
        luck = self._chance.random()
        lasting = repeatable(self._occasion.hall_id, item["id"])
        if item["quality"] == "hard" and lasting.random() < LASTING_SHARE:
            luck = lasting.random()
        return "yes" if luck < self._quality(item) else "no"

    def _scale(self, item: Item) -> int:
        return 1 + round(4 * self._aim(item))

    def _choice(self, item: Item) -> str:
        aim = 100 * self._aim(item)
        graded = [each for each in item["options"] if each["score"] != "skip"]
        option = min(graded, key=lambda each: abs(each["score"] - aim))
        return str(option["id"])

    def _number(self, item: Item) -> int:
        if item["id"] == "wai_counters":
            return self._chance.randint(1, max(1, self._occasion.counters - 1))
        least, most = (5, 12) if "peak" in self._occasion.today else (0, 4)
        return self._chance.randint(least, most)

    def _text(self, item: Item) -> str:
        told = self._occasion.course.notes.get(item["id"])
        words = DELIGHT if item["id"] == "ovr_delight" else PAIN
        return told or self._chance.choice(words)


_VALUES: dict[str, Callable[[_Teller, Item], Any]] = {
    "yes_no": _Teller._yes_no,  # noqa: SLF001 (a table of its own methods)
    "scale": _Teller._scale,  # noqa: SLF001
    "choice": _Teller._choice,  # noqa: SLF001
    "number": _Teller._number,  # noqa: SLF001
    "text": _Teller._text,  # noqa: SLF001
}


def note_for(item_id: str, course: Course, chance: random.Random) -> str:
    """Return what the auditor wrote about an item that was not met."""
    told = course.notes.get(item_id)
    return told or chance.choice(_notes().get(item_id) or [NO_BAD_NOTE])


@cache
def _notes() -> dict[str, list[str]]:
    notes: dict[str, list[str]] = load_yaml(
        Path(__file__).with_name("notes.yaml")
    ).document
    return notes
