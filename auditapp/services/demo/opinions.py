"""What customers of a hall think in one of the months, and how many are asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil

from auditapp.services.demo.company import NEW_STANDARD_MONTH, HallStory
from auditapp.services.demo.stories import SECOND_VISIT_MONTH

LEAST_REPLIES, MORE_REPLIES = 50, 110  # of the slowest hall; more, of the busiest
BUSIEST_PACE = 272  # customers a day
USUAL_CALLS = 12
QUICK_REPLIES = 16  # the fewest that still count
CONNECTED_MONTH = 5  # the last hall's till is connected
EXAMPLE_CALLS, EXAMPLE_REPLIES = 12, 60
EXAMPLE_CALL_MILLI, EXAMPLE_REPLY_MILLI = 83_000, 82_000
USUAL_REASONS = {
    "attitude": 10,
    "wait": 28,
    "unsolved": 15,
    "unclear": 18,
    "system": 19,
    "place": 10,
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is going to come of asking a hall's customers in a month.

    ``rating`` is the mean of text replies from 1 to 10, ``worth`` how content those
    are who are called, from 0 to 1. ``reasons`` weigh what bad ratings complain about.
    The totals are what the scores must add up to, where a story depends on it.
    """

    rating: float
    worth: float
    replies: int
    calls: int
    reasons: Mapping[str, int]
    reply_total_milli: int | None = None
    call_total_milli: int | None = None

    def by_now(self, share: float) -> "Opinion":
        """Return as much of it as belongs to this share of a month."""
        return replace(
            self, replies=ceil(self.replies * share), calls=ceil(self.calls * share)
        )


def opinion_of(
    hall: HallStory, pace_per_day: int, index: int, *, is_quick: bool
) -> Opinion:
    """Return the opinion about a hall in the month with this index, 0 to 5."""
    replies = LEAST_REPLIES + round(MORE_REPLIES * pace_per_day / BUSIEST_PACE)
    usual = Opinion(
        rating=hall.sms_mean,
        worth=0.35 * hall.hard + 0.65 * hall.soft,
        replies=QUICK_REPLIES if is_quick else replies,
        calls=USUAL_CALLS,
        reasons=USUAL_REASONS,
    )
    tell = _STORIES.get(hall.story or "")
    return tell(usual, index) if tell else usual


def _improving(opinion: Opinion, index: int) -> Opinion:
    """Customers notice, a month later than visitors do."""
    better = max(0, index - 1)
    return replace(
        opinion,
        rating=opinion.rating + 0.2 * better,
        worth=opinion.worth + 0.03 * better,
    )


def _staff_strain(opinion: Opinion, index: int) -> Opinion:
    tired = max(0, index - 2)
    return replace(
        opinion,
        rating=opinion.rating - 0.3 * tired,
        worth=opinion.worth - 0.05 * tired,
        reasons=USUAL_REASONS | {"attitude": 35, "wait": 40},
    )


def _system_faults(opinion: Opinion, _index: int) -> Opinion:
    return replace(
        opinion, reasons={"system": 70, "unsolved": 15, "wait": 10, "unclear": 5}
    )


def _pension_day_queue(opinion: Opinion, _index: int) -> Opinion:
    return replace(opinion, reasons={"wait": 75, "place": 10, "system": 15})


def _hard_good_soft_bad(opinion: Opinion, _index: int) -> Opinion:
    return replace(opinion, reasons={"attitude": 55, "unclear": 30, "wait": 15})


def _begging(opinion: Opinion, _index: int) -> Opinion:
    """Whoever is watched while replying gives a ten, and says more on the phone."""
    return replace(
        opinion, worth=opinion.worth - 0.17, replies=max(opinion.replies, 24)
    )


def _one_bad_visit(opinion: Opinion, index: int) -> Opinion:
    return _example(opinion) if index == NEW_STANDARD_MONTH else opinion


def _second_visit(opinion: Opinion, index: int) -> Opinion:
    return _example(opinion) if index == SECOND_VISIT_MONTH else opinion


def _example(opinion: Opinion) -> Opinion:
    """Return the answers of the worked example. Source: design/scoring.md, 3."""
    return replace(
        opinion,
        replies=EXAMPLE_REPLIES,
        calls=EXAMPLE_CALLS,
        reply_total_milli=EXAMPLE_REPLIES * EXAMPLE_REPLY_MILLI,
        call_total_milli=EXAMPLE_CALLS * EXAMPLE_CALL_MILLI,
    )


def _under_works(opinion: Opinion, index: int) -> Opinion:
    if index != SECOND_VISIT_MONTH:
        return opinion
    return replace(opinion, replies=0, calls=0)


def _not_connected(opinion: Opinion, index: int) -> Opinion:
    if index >= CONNECTED_MONTH:
        return opinion
    return replace(opinion, replies=0, calls=0)


_STORIES: dict[str, Callable[[Opinion, int], Opinion]] = {
    "improving": _improving,
    "staff_strain": _staff_strain,
    "system_faults": _system_faults,
    "pension_day_queue": _pension_day_queue,
    "hard_good_soft_bad": _hard_good_soft_bad,
    "begging_for_tens": _begging,
    "one_bad_visit": _one_bad_visit,
    "second_visit": _second_visit,
    "under_works": _under_works,
    "not_connected": _not_connected,
    "few_calls": lambda opinion, _index: replace(opinion, calls=3),
    "few_replies": lambda opinion, _index: replace(opinion, replies=9),
}
