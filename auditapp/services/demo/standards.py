"""The standard that was in force before the present one, and was unfair."""

from copy import deepcopy
from typing import Any

# What every hall once had to have, wherever it stood; nobody asked whether it rains
ONCE_REQUIRED_EVERYWHERE = frozenset(
    {
        "int_umbrella_rack",
        "int_water",
        "int_charging",
        "int_reading_aids",
        "int_first_aid",
    }
)


def former_standard(document: dict[str, Any], month: str) -> dict[str, Any]:
    """Return a checklist as it was when one book of standards had to fit every hall."""
    former = deepcopy(document)
    former["version"] = month.replace("-", ".")
    for section in former["sections"]:
        for item in section["items"]:
            if item["id"] in ONCE_REQUIRED_EVERYWHERE:
                item["applies"] = "all"
                item.pop("overrides", None)
    return former
