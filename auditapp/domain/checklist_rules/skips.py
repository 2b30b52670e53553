"""Whether ``ask_if`` names an earlier item and an answer it can have."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditapp.domain.checklist_rules.shapes import shown
from auditapp.domain.checklist_rules.spot import Spot
from auditapp.domain.errors import Problem

Item = Mapping[str, Any]

_THRESHOLD = re.compile(r"(<=|>=|<|>)\d+(\.\d+)?")
_MEASURED = ("number", "timing_seconds", "scale")
_ANSWERS: Mapping[str, tuple[str | int, ...]] = {
    "yes_no": ("yes", "no"),
    "scale": (1, 2, 3, 4, 5),
}


def check_skips(
    spot: Spot, item: Item, earlier: Mapping[str, Item | None]
) -> Iterator[Problem]:
    """Look at an item's conditions on answers given before it.

    ``earlier`` maps the items before this one; None where one is itself at fault.
    """
    for reference, wanted in item.get("ask_if", {}).items():
        place = spot.at("ask_if", str(reference))
        if reference not in earlier:
            yield place.problem(
                "not-earlier",
                f"ask_if提到的“{shown(reference)}”不在这道题前面；只能提前面的题。",
                f"ask_if names “{shown(reference)}”, which is not an item before this "
                "one; name an earlier item.",
            )
            continue
        asked = earlier[reference]
        if asked is None:
            continue
        for answer in wanted if isinstance(wanted, list) else [wanted]:
            is_alone = not isinstance(wanted, list)
            is_limit = is_alone and _is_limit(asked, answer)
            if not is_limit and not _is_answer(asked, answer):
                yield place.problem(
                    "impossible-answer",
                    f"“{shown(reference)}”不会有“{shown(answer)}”这个答案，"
                    "请核对选项，数字条件写成“>600”这样。",
                    f"“{shown(reference)}” is never answered “{shown(answer)}”; check "
                    "its options, and write limits as “>600”.",
                )


def _is_answer(asked: Item, answer: object) -> bool:
    """Tell whether an item can be answered so; samples and texts have no one answer."""
    kind = asked["kind"]
    if "sample" in asked or kind == "text":
        return False
    if kind == "choice":
        return answer in [option["id"] for option in asked.get("options", ())]
    if kind in _ANSWERS:
        return answer in _ANSWERS[kind]
    return answer == "never" if isinstance(answer, str) else True


def _is_limit(asked: Item, answer: object) -> bool:
    """Tell whether an item is measured and the answer is a limit, ">600"."""
    is_measured = asked["kind"] in _MEASURED and "sample" not in asked
    return is_measured and bool(_THRESHOLD.fullmatch(str(answer)))
