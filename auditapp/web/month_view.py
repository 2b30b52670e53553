"""A hall's month and who looks at it, with the words its pages share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.policy import Policy
from auditapp.reads.hall_month_parts import HallMonth
from auditapp.reads.halls import HallPage
from auditapp.reads.month_names import MonthNames
from auditapp.reads.month_strengths import Strength
from auditapp.web.frame import in_language
from auditapp.web.month_ledger import Document
from auditapp.web.month_words import item_name, joined
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

Parts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HallView:
    """What a page is about: the hall's month, its words, and who looks."""

    found: HallMonth
    names: MonthNames
    may_open_audits: bool

    @property
    def hall_id(self) -> str:
        """The hall's number."""
        return self.found.hall_id

    @property
    def month(self) -> str:
        """The month."""
        return self.found.month

    @property
    def document(self) -> Document:
        """The ledger document."""
        return self.found.document

    @property
    def policy(self) -> Policy:
        """The rules that made it."""
        return self.found.policy


def cuts_of(policy: Policy) -> list[tuple[int, str]]:
    """Return where each grade begins, without the lowest."""
    return [
        (grade.at_least, grade.grade_id) for grade in policy.grades if grade.at_least
    ]


def grades_within(policy: Policy, low_milli: int, high_milli: int) -> list[str]:
    """Return every grade that a range covers, best first."""
    return policy.grades_between(low_milli, high_milli)


def grades_text(grades: Sequence[str]) -> str:
    """Say which grade it is, or between which it cannot be told: C–D."""
    best, worst = grades[0], grades[-1]
    if best == worst:
        return best
    return _("%(best)s–%(worst)s, cannot tell", best=best, worst=worst)


def about_text(view: HallView, hall: HallPage) -> str:
    """Say what a hall is: tier, counters, traits."""
    words = view.names.vocabulary
    if words is None:
        return view.found.tier
    tier = words.tiers.get(view.found.tier)
    traits = [
        in_language(words.traits[trait.trait_id].name)
        for trait in hall.traits
        if trait.holds and trait.trait_id in words.traits
    ]
    counters = ngettext("%(num)s counter", "%(num)s counters", hall.counters)
    return joined(
        [in_language(tier.name) if tier else view.found.tier, counters, *traits]
    )


def closing_text(found: HallMonth) -> str:
    """Say which ledger the figures are from, or that they are live."""
    if found.ledger_number is None:
        return _("not closed, figures still change")
    return _("ledger no. %(number)s", number=found.ledger_number)


def strength_parts(view: HallView, strengths: Sequence[Strength]) -> list[Parts]:
    """Return what a hall did best, each with the reason."""
    return [
        {
            "name": item_name(each.item, view.names),
            "why": _("met in full %(count)s months in a row", count=each.months)
            if each.months > 1
            else _("met in full this month"),
        }
        for each in strengths
    ]
