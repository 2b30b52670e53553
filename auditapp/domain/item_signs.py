"""What the record of an item suggests; a person decides.

Source: design/scoring.md, section 5; domain/reference.md, section 5 (standard health).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# access, safety and the law are never weighed against satisfaction
PROTECTED = frozenset(
    {
        "ext_access",
        "ext_slip_mat",
        "int_first_aid",
        "int_tariff_public",
        "int_complaint_channel",
        "int_fire_exit",
    }
)
EASY_PCT, EASY_ASKED = 99, 200
UNSEEN_PCT, UNSEEN_ASKED = 15, 100

MAKE_OPTIONAL, MAKE_REQUIRED = "make_optional", "make_required"
RAISE_WEIGHT = "raise_weight"
LIGHT_WEIGHT = 2  # what matters and weighs no more is proposed to weigh more
TOO_EASY, NOT_OBSERVABLE = "too_easy", "not_observable"
JUDGES_DISAGREE = "judges_disagree"
ASK_AGAIN_MONTHS = 6


@dataclass(frozen=True, slots=True)
class ItemHealth:
    """How often an item was asked, passed, failed, not observed, decided otherwise."""

    asked: int = 0
    passed: int = 0
    failed: int = 0
    not_observed: int = 0
    overturned: int = 0

    def plus(self, other: "ItemHealth") -> "ItemHealth":
        """Return both together."""
        return ItemHealth(
            self.asked + other.asked,
            self.passed + other.passed,
            self.failed + other.failed,
            self.not_observed + other.not_observed,
            self.overturned + other.overturned,
        )

    @property
    def passed_pct(self) -> float | None:
        """Percent of those observed, unrounded; None when none was."""
        observed = self.passed + self.failed
        return 100 * self.passed / observed if observed else None

    @property
    def failed_pct(self) -> float | None:
        """Percent of those observed, unrounded; None when none was."""
        passed = self.passed_pct
        return None if passed is None else 100 - passed

    @property
    def not_observed_pct(self) -> float | None:
        """Percent of those asked, unrounded; None when none was."""
        return 100 * self.not_observed / self.asked if self.asked else None


def is_protected(item: Mapping[str, Any]) -> bool:
    """Tell whether an item stands beyond what customers say about it."""
    return item["id"] in PROTECTED or bool(item.get("critical"))


def signs_of(item: Mapping[str, Any], record: ItemHealth) -> list[str]:
    """Return what the record alone suggests about an item."""
    signs = []
    passed, unseen = record.passed_pct, record.not_observed_pct
    if (
        record.asked >= EASY_ASKED
        and passed is not None
        and passed >= EASY_PCT
        and not is_protected(item)
        and item["weight"] > 1
    ):
        signs.append(TOO_EASY)
    if (
        record.asked >= UNSEEN_ASKED
        and unseen is not None
        and unseen >= UNSEEN_PCT
        and not is_protected(item)
    ):
        signs.append(NOT_OBSERVABLE)
    return signs
