"""A policy's numbers from the file that headquarters edits."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from auditapp.estimation.file_errors import FileError
from auditapp.estimation.policy import SOURCES, MonthPolicy

DEFAULT_FILE = Path(__file__).parents[2] / "checklists" / "_monthly_score.yaml"
MISSING_RULES = ("share_out", "anchored")


def read_policy(path: Path) -> MonthPolicy:
    """Return the policy of a file; unknown keys are tolerated, missing ones usual.

    Raises FileError for what is no policy.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileError(path.name, " ".join(str(error).split())) from error
    return policy_of(document, path.name)


def policy_of(document: object, name: str = "policy") -> MonthPolicy:
    """Return the policy of a parsed file; a source that is not listed weighs nothing.

    An inspection without ``valid_months`` counts in its own month only.
    Raises FileError naming the key that is wrong.
    """
    keys = _Keys(name, "policy", document)
    usual = MonthPolicy()
    listed = keys.inside("sources")
    sources = [listed.inside(source) for source in SOURCES]
    weights = [source.number("weight", 0) for source in sources]
    if not sum(weights) > 0:
        raise FileError(name, "sources: at least one weight must be above 0")
    spreads = zip(sources, usual.usual_spreads_points, strict=True)
    minima = zip(sources, usual.minimum_counts, strict=True)
    return MonthPolicy(
        weights=tuple(weights),
        minimum_counts=tuple(int(s.number("min_n", n)) for s, n in minima),
        usual_spreads_points=tuple(
            source.number("usual_spread", points) for source, points in spreads
        ),
        inspection_valid_months=int(sources[1].number("valid_months", 1)),
        is_anchored=keys.word("missing", MISSING_RULES) == "anchored",
        need_sources=int(keys.number("need_sources", usual.need_sources)),
        need_weight_pct=keys.number("need_weight", usual.need_weight_pct),
        level_pct=keys.number("level", usual.level_pct, below=100),
    )


class _Keys:
    """The keys of one level of the file, and what they are called in errors."""

    def __init__(self, name: str, where: str, content: object) -> None:
        if not isinstance(content, Mapping):
            raise FileError(name, f"{where}: must be a list of keys with values")
        self._name, self._where = name, where
        self._content: Mapping[Any, Any] = content

    def inside(self, key: str) -> "_Keys":
        """Return the keys below a key; none where it is missing."""
        return _Keys(self._name, key, self._content.get(key) or {})

    def number(self, key: str, usual: float, below: float = math.inf) -> float:
        """Return a number of 0 or more."""
        value = self._content.get(key, usual)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value < below:
            raise FileError(
                self._name,
                f"{self._where}: {key}: must be a number from 0, not {value!r}",
            )
        return float(value)

    def word(self, key: str, words: tuple[str, ...]) -> str:
        """Return one of some words, the first where the key is missing."""
        value = self._content.get(key, words[0])
        if value not in words:
            raise FileError(self._name, f"{key}: must be one of {', '.join(words)}")
        return str(value)
