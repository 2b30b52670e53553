"""Briefs: whom an auditor plays, what to ask, the right answer, an extra request."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any

Brief = Mapping[str, Any]  # id, and persona, question, answer, request in zh and en
Briefs = Mapping[str, Sequence[Brief]]  # by scenario


def brief_with_id(briefs: Briefs, scenario: str, brief_id: str) -> Brief | None:
    """Return one brief of a scenario, or None when it has no such brief."""
    return next((b for b in briefs.get(scenario, ()) if b["id"] == brief_id), None)


def pick_brief(
    briefs: Briefs, scenario: str, seed: str, recent: Collection[str | None] = ()
) -> Brief | None:
    """Return a brief of the scenario that was not used in this hall lately.

    The same seed (hall and month) always picks the same brief. When all were used
    lately any may come again; None when the scenario has no brief at all.
    """
    ordered = sorted(
        briefs.get(scenario, ()),
        key=lambda brief: sha256(f"{seed} {brief['id']}".encode()).digest(),
    )
    fresh = [brief for brief in ordered if brief["id"] not in recent]
    return next(iter(fresh or ordered), None)
