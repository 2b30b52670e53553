"""One cell of the matrix: the rules that act, the halls it touches, what was chosen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditapp.domain.applicability import Place, condition_of
from auditapp.domain.cell_rules import base_of, with_tier, with_trait
from auditapp.domain.text import Text
from auditapp.domain.tier_matrix import item_of, requirement_in, tier_matrix, with_item
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.hall_sets import HallSets
from auditapp.services.drafts import DraftConflictError
from auditapp.web import standard_words as words
from auditapp.web.frame import in_language

Document = Mapping[str, Any]

REQUIREMENTS = ("required", "optional", "not_applicable")
UNCHANGED = "unchanged"  # a trait that leaves the tier alone
SHOWN_HALLS = 12
LONGEST_REASON = 500
_TIER = "tier."


@dataclass(frozen=True, slots=True)
class CellChoice:
    """What somebody chose for a cell; ``tiers`` limit a trait's cell.

    ``keep`` settles a conflict that was shown: mine or theirs.
    """

    item_id: str
    at: str
    requirement: str
    tiers: tuple[str, ...]
    reason: str
    revision: str
    keep: str = ""
    conflicts: tuple[dict[str, Any], ...] = ()

    @property
    def fault(self) -> Text | None:
        """What is missing, None when nothing is."""
        if self.requirement not in (*REQUIREMENTS, UNCHANGED):
            return _NO_REQUIREMENT
        if not self.at.startswith(_TIER) and not self.tiers:
            return _NO_TIER
        return None if self.reason else _NO_REASON

    def applied(self, document: Document, tiers: tuple[str, ...]) -> dict[str, Any]:
        """Return the document with the cell as chosen."""
        found = item_of(document, self.item_id)
        if found is None:
            return dict(document)
        item = found[0]
        if self.at.startswith(_TIER):
            tier = self.at.removeprefix(_TIER)
            return with_item(document, with_tier(item, tier, self.requirement, tiers))
        word = None if self.requirement == UNCHANGED else self.requirement
        wanted = {tier: word for tier in tiers if tier in self.tiers}
        return with_item(document, with_trait(item, self.at, wanted, tiers))

    def against(
        self, error: DraftConflictError, said: Callable[[Any], dict[str, Any]]
    ) -> "CellChoice":
        """Return the choice with what somebody else chose meanwhile."""
        return replace(self, conflicts=tuple(said(each) for each in error.conflicts))


def read_choice(form: Any) -> CellChoice:  # noqa: ANN401 (a MultiDict)
    """Return what a form holds."""
    return CellChoice(
        item_id=form.get("item", ""),
        at=form.get("at", ""),
        requirement=form.get("requirement", ""),
        tiers=tuple(form.getlist("tiers")),
        reason=form.get("reason", "").strip()[:LONGEST_REASON],
        revision=form.get("revision", ""),
        keep=form.get("keep", ""),
    )


def cell_panel(
    document: Document,
    base: Document,
    vocabulary: Vocabulary,
    cell: tuple[str, str],
    sets: HallSets,
) -> dict[str, Any] | None:
    """Return what the panel shows; None when there is no such item or column."""
    item_id, at = cell
    tiers = tuple(vocabulary.tiers)
    found = item_of(document, item_id)
    is_tier = at.startswith(_TIER)
    known = at.removeprefix(_TIER) in tiers if is_tier else at in vocabulary.traits
    if found is None or not known:
        return None
    item = found[0]
    matrix = tier_matrix(
        {**document, "sections": [{**found[1], "items": [item]}]}, tiers, (at,)
    )
    row = matrix.sections[0][1][0]
    cells = {each.at: each for each in (*row.tiers, *row.traits)}
    said = {
        tier: word for word, held in _parts(cells.get(at)) for tier in held or tiers
    }
    old = item_of(base, item_id)
    touched = _places_at(at, sets)
    changed = [
        place
        for place in sets.by_place
        if (requirement_in(old[0], place, tiers) if old else "")
        != requirement_in(item, place, tiers)
    ]
    halls = sets.halls_of(touched)
    return {
        "item_id": item_id,
        "at": at,
        "is_tier": is_tier,
        "name": in_language(item),
        "column": words.column_name(at, vocabulary),
        "requirement": _one_of(said, is_tier=is_tier, item=item, at=at, tiers=tiers),
        "tiers": [
            {
                "id": key,
                "name": in_language(word.name),
                "is_on": not said or key in said,
            }
            for key, word in vocabulary.tiers.items()
        ],
        "lines": _lines(item, at, vocabulary),
        "hall_count": len(halls),
        "hall_ids": halls[:SHOWN_HALLS],
        "asks": _counts(item, touched, sets, tiers),
        "changed_count": len(sets.halls_of(changed)),
    }


def _parts(cell: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:  # noqa: ANN401
    return cell.parts if cell else ()


def _one_of(
    said: Mapping[str, str],
    *,
    is_tier: bool,
    item: Document,
    at: str,
    tiers: tuple[str, ...],
) -> str:
    if is_tier:
        return base_of(item, tiers)[at.removeprefix(_TIER)]
    held = set(said.values())
    return held.pop() if len(held) == 1 else UNCHANGED


def _places_at(at: str, sets: HallSets) -> list[Place]:
    if at.startswith(_TIER):
        return [place for place in sets.by_place if _TIER + place.tier == at]
    return [place for place in sets.by_place if at in place.traits]


def _counts(
    item: Document, places: list[Place], sets: HallSets, tiers: tuple[str, ...]
) -> list[tuple[str, int]]:
    """Return how many of these halls are asked what."""
    counts = dict.fromkeys(REQUIREMENTS, 0)
    for place in places:
        counts[requirement_in(item, place, tiers)] += len(sets.by_place[place])
    return [(word, count) for word, count in counts.items() if count]


def _lines(item: Document, at: str, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Return an item's rules in order; those that name the column are marked.

    The last line that holds wins, so the last marked one decides for a hall of which
    nothing else is known.
    """
    lines = [
        {
            "number": number,
            "condition": words.condition_text(line["if"], vocabulary),
            "requirement": line["set"],
            "acts": at
            in [word.removeprefix("not ") for word in condition_of(line["if"])],
        }
        for number, line in enumerate(item.get("overrides", ()), start=1)
    ]
    acting = [line for line in lines if line["acts"]]
    for line in lines:
        line["decides"] = bool(acting) and line is acting[-1]
    return lines


_NO_REQUIREMENT = Text(
    "请选一个：必查、可选或不问。", "Choose one: required, optional or not asked."
)
_NO_TIER = Text("至少选一个等级。", "Choose at least one tier.")
_NO_REASON = Text(
    "请写一句理由，以后的人会看到。",
    "Give a reason in a sentence; others will read it.",
)
