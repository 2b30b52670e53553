"""The shipped drills, one for each ability of the vocabulary."""

from functools import cache
from pathlib import Path
from typing import Any

from auditapp.domain.drill import Drill
from auditapp.domain.text import Text
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml


@cache
def load_drills(folder: Path = CHECKLIST_DIR) -> dict[str, Drill]:
    """Return the drills by ability."""
    abilities = load_yaml(folder / "_vocabulary.yaml").document["skill"]
    drills = load_yaml(folder / "_drills.yaml").document
    return {
        skill: Drill(
            skill,
            _text(abilities[skill]),
            _text(drill["name"]),
            drill["minutes"],
            _text(drill["who"]),
            tuple(_text(step) for step in drill["steps"]),
        )
        for skill, drill in drills.items()
    }


def _text(pair: dict[str, Any]) -> Text:
    return Text(pair["zh"], pair["en"])
