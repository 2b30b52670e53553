"""What is allowed and yet worth a second thought."""

from collections.abc import Iterable

from auditapp.domain.applicability import Place, Requirement
from auditapp.domain.checklist import Checklist
from auditapp.domain.checklist_rules.spot import Spot
from auditapp.domain.errors import Problem
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary

LEAST_SOFT_PCT = 60
MOST_ITEMS = 70
LEAST_ITEMS_OF_HALL = 20
_WALKED = ("mystery", "open_inspection")


Halls = Iterable[tuple[Text, Place]]


def advise(checklist: Checklist, halls: Halls) -> list[Problem]:
    """Return warnings on a sound checklist, seen from each hall and its name."""
    if checklist.source not in _WALKED:
        return []
    spot = Spot("", Text("检查表", "The checklist"))
    return [
        *_check_share(spot, checklist),
        *_check_length(spot, checklist),
        *_check_halls(spot, checklist, halls),
    ]


def plain_halls(vocabulary: Vocabulary) -> list[tuple[Text, Place]]:
    """Return one hall of each tier without traits, where no real halls are known."""
    return [(word.name, Place(tier)) for tier, word in vocabulary.tiers.items()]


def _check_share(spot: Spot, checklist: Checklist) -> Iterable[Problem]:
    weight = sum(item.weight for item in checklist.items)
    soft = sum(item.weight for item in checklist.items if item.tags.quality == "soft")
    if 100 * soft < LEAST_SOFT_PCT * weight:
        share = 100 * soft // weight
        yield spot.problem(
            "little-soft",
            f"软质量只占{share}%，低于{LEAST_SOFT_PCT}%：员工会以为摆设比服务要紧。",
            f"only {share}% of the weight is soft, under {LEAST_SOFT_PCT}%: staff will "
            "think that furniture matters more than service.",
        )


def _check_length(spot: Spot, checklist: Checklist) -> Iterable[Problem]:
    count = len(checklist.items)
    if count > MOST_ITEMS:
        yield spot.problem(
            "many-items",
            f"有{count}道题，超过{MOST_ITEMS}道：走访员记不住，答得也不准。",
            f"it has {count} items, over {MOST_ITEMS}: more than an auditor remembers "
            "well.",
        )


def _check_halls(spot: Spot, checklist: Checklist, halls: Halls) -> Iterable[Problem]:
    for name, place in halls:
        count = sum(
            item.requirement_at(place).decide().outcome is Requirement.REQUIRED
            for item in checklist.items
        )
        if count < LEAST_ITEMS_OF_HALL:
            yield spot.problem(
                "few-items",
                f"{name.zh}只有{count}道必查题，少于{LEAST_ITEMS_OF_HALL}道，分数不可靠。",
                f"{name.en} has only {count} required items, under "
                f"{LEAST_ITEMS_OF_HALL}; its score would not be reliable.",
            )
