"""What single customers say, by text and on the phone, and what it scores."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.customer_response import ResponseScore, score_response
from auditapp.services.demo.opinions import Opinion

Answers = dict[str, Any]

RATING_SPREAD = 1.7
CEILING = 0.35  # nobody gives more than ten, so the middle lies above the mean
ASKED_WHY = 7  # ratings up to here are asked for a reason
TEN = 10
MOOD_SPREAD, ITEM_SPREAD = 0.19, 0.15
WORDS_SHARE, CALL_SHARE = 0.3, 0.12  # of those who are asked why
EARLY_SHARE, EARLY_ANSWERS = 0.08, 4  # of calls: the customer has to go
FREE_SHARE = 0.2  # of calls: the business had no price to explain
SERIOUS_SHARE = 0.015  # of calls: something was switched on that nobody asked for
ENOUGH_DRAWS = 20_000  # to meet a total exactly
POOL = 300
WORDS = {
    "attitude": ("问两句就不耐烦", "头都不抬", "只顾自己聊天", "态度冷淡"),
    "wait": ("等了四十多分钟", "只开了一个窗口", "取号后一直没人叫", "中午没人顶岗"),
    "unsolved": ("跑了两趟还没办成", "说要补材料，没说清补什么", "办了没生效"),
    "unclear": ("解约金没有讲", "优惠到期涨价没说", "合约期和当时说的不一样"),
    "system": ("系统断了半小时", "家里一直没信号", "扣费查不到原因", "机器又坏了"),
    "place": ("停车不方便", "厅里太热", "座位不够", "叫号屏看不清"),
}
PRAISE = ("", "", "挺好的", "办得快", "姑娘很耐心", "没什么意见")
WHERE = {
    "attitude": "front_line",
    "wait": "process",
    "unsolved": "process",
    "unclear": "process",
    "system": "support",
    "place": "facility",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """One customer's answers and their score; ``words`` is free text."""

    answers: Answers
    score: ResponseScore
    words: str | None = None
    wants_call: bool = False


class Choir:
    """Makes voices; the same answers are scored only once."""

    def __init__(
        self, text_script: Mapping[str, Any], call_script: Mapping[str, Any]
    ) -> None:
        self._scripts = {"sms": text_script, "callback": call_script}
        self._known: dict[tuple[tuple[str, Any], ...], ResponseScore] = {}

    def replies(self, opinion: Opinion, chance: random.Random) -> list[Voice]:
        """Return the replies to text messages."""
        return self._sing(
            lambda: self._reply(opinion, chance),
            opinion.replies,
            opinion.reply_total_milli,
            chance,
        )

    def calls(self, opinion: Opinion, chance: random.Random) -> list[Voice]:
        """Return what was said in completed calls."""
        return self._sing(
            lambda: self._call(opinion, chance),
            opinion.calls,
            opinion.call_total_milli,
            chance,
        )

    def _sing(
        self,
        draw: Callable[[], Voice],
        count: int,
        total_milli: int | None,
        chance: random.Random,
    ) -> list[Voice]:
        if total_milli is None:
            return [draw() for _ in range(count)]
        pool = [draw() for _ in range(POOL)]
        return exactly(pool, count, total_milli, chance)

    def _reply(self, opinion: Opinion, chance: random.Random) -> Voice:
        wanted = chance.gauss(opinion.rating + CEILING, RATING_SPREAD)
        rating = min(max(round(wanted), 1), TEN)
        answers: Answers = {"sms_rating": rating}
        if rating > ASKED_WHY:
            return Voice(answers, self._score("sms", answers))
        reason = _reason(opinion, chance)
        answers["sms_reason"] = reason
        says = chance.random() < WORDS_SHARE
        return Voice(
            answers,
            self._score("sms", answers),
            chance.choice(WORDS[reason]) if says else None,
            wants_call=chance.random() < CALL_SHARE,
        )

    def _call(self, opinion: Opinion, chance: random.Random) -> Voice:
        mood = chance.gauss(opinion.worth, MOOD_SPREAD)

        def aim() -> float:
            return min(max(chance.gauss(mood, ITEM_SPREAD), 0.0), 1.0)

        answers: Answers = {
            "cb_solved": _nearest(aim(), ("first", 1), ("later", 0.6), ("no", 0.0)),
            "cb_wait": 1 + round(4 * aim()),
            "cb_attitude": 1 + round(4 * aim()),
            "cb_clear": _nearest(aim(), ("clear", 1), ("vague", 0.5), ("differ", 0.0)),
            "cb_consent": "yes" if chance.random() < SERIOUS_SHARE else "no",
            "cb_overall": 1 + round(9 * aim()),
            "cb_return": 1 + round(4 * aim()),
        }
        if chance.random() < FREE_SHARE:
            answers["cb_clear"] = "none_needed"
        words = chance.choice(PRAISE)
        if chance.random() < EARLY_SHARE:
            answers = dict(list(answers.items())[:EARLY_ANSWERS])
        elif answers["cb_overall"] <= ASKED_WHY:
            reason = _reason(opinion, chance)
            answers["cb_where"] = WHERE[reason]
            words = chance.choice(WORDS[reason])
            answers["cb_contact_ok"] = chance.choice(("yes", "yes", "no"))
        return Voice(answers, self._score("callback", answers), words or None)

    def _score(self, source: str, answers: Answers) -> ResponseScore:
        key = tuple(answers.items())
        if key not in self._known:
            score = score_response(self._scripts[source], answers)
            assert score is not None  # noqa: S101 (every voice answers what counts)
            self._known[key] = score
        return self._known[key]


def exactly(
    pool: Sequence[Voice], count: int, total_milli: int, chance: random.Random
) -> list[Voice]:
    """Return so many voices of a pool whose scores add up to a total.

    Raises:
        ValueError: No such voices were found.
    """
    pairs = {
        one.score.score_milli + other.score.score_milli: [one, other]
        for one in pool
        for other in pool
    }
    for _ in range(ENOUGH_DRAWS):
        voices = chance.choices(pool, k=count - 2)
        left = total_milli - sum(voice.score.score_milli for voice in voices)
        if left in pairs:
            return voices + pairs[left]
    message = f"no {count} voices add up to {total_milli}"
    raise ValueError(message)


def _reason(opinion: Opinion, chance: random.Random) -> str:
    return chance.choices(list(opinion.reasons), list(opinion.reasons.values()))[0]


def _nearest(aim: float, *options: tuple[str, float]) -> str:
    return min(options, key=lambda option: abs(option[1] - aim))[0]
