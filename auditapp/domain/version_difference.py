"""What one version of a checklist changes against another, as people talk about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.document_merge import Change, differences
from auditapp.domain.tier_matrix import Cell, MatrixRow, tier_matrix

Document = Mapping[str, Any]

_WORDED = ("zh", "en", "guide", "short", "anchors", "answer", "sms")
_TIERED = ("applies", "overrides")


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of the tier matrix, before and after."""

    at: str
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """What changed of one item that both versions have.

    ``weights`` are before and after; ``cells`` what is asked otherwise where; ``rules``
    lines about several traits, the day or the business.
    """

    item_id: str
    before: Document
    after: Document
    words: tuple[Change, ...]
    weights: tuple[int, int] | None
    cells: tuple[CellChange, ...]
    rules: bool
    others: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """Items added, removed and changed, and what changed of head and sections.

    ``totals`` are the sums of all weights, before and after, ``counts`` the items.
    """

    added: tuple[Document, ...]
    removed: tuple[Document, ...]
    changed: tuple[ItemDifference, ...]
    head: tuple[Change, ...]
    is_reordered: bool
    totals: tuple[int, int]
    counts: tuple[int, int]

    @property
    def is_empty(self) -> bool:
        """Whether the versions say the same."""
        return not (self.added or self.removed or self.changed or self.head) and (
            not self.is_reordered
        )


def version_difference(
    before: Document, after: Document, tiers: Sequence[str], traits: Sequence[str]
) -> VersionDifference:
    """Compare two versions of one checklist; their own names do not count."""
    old, new = _rows(before, after, tiers, traits), _rows(after, before, tiers, traits)
    changes = [
        change
        for change in differences(before, after)
        if change.place not in (("head", "version"), ("head", "status"))
    ]
    touched = dict.fromkeys(change.item_id for change in changes)
    both = [name for name in touched if name in old and name in new]
    return VersionDifference(
        added=tuple(row.document for name, row in new.items() if name not in old),
        removed=tuple(row.document for name, row in old.items() if name not in new),
        changed=tuple(
            _item(name, old[name], new[name], changes) for name in both if name
        ),
        head=tuple(c for c in changes if c.place[0] in ("head", "sections")),
        is_reordered=_kept(before, new) != _kept(after, old),
        totals=(_weight(old), _weight(new)),
        counts=(len(old), len(new)),
    )


def _rows(
    document: Document, other: Document, tiers: Sequence[str], traits: Sequence[str]
) -> dict[str, MatrixRow]:
    # the other one is the base, so that both have the same columns
    matrix = tier_matrix(document, tiers, traits, other)
    return {row.item_id: row for _section, rows in matrix.sections for row in rows}


def _item(
    name: str, old: MatrixRow, new: MatrixRow, changes: Sequence[Change]
) -> ItemDifference:
    own = [change for change in changes if change.item_id == name]
    pairs = zip((*old.tiers, *old.traits), (*new.tiers, *new.traits), strict=True)
    cells = tuple(
        CellChange(one.at, one, other)
        for one, other in pairs
        if one.parts != other.parts
    )
    is_tiered = any(change.place[2] in _TIERED for change in own)
    weights = old.document["weight"], new.document["weight"]
    return ItemDifference(
        item_id=name,
        before=old.document,
        after=new.document,
        words=tuple(change for change in own if is_worded(change)),
        weights=weights if weights[0] != weights[1] else None,
        cells=cells,
        rules=is_tiered and not cells,
        others=tuple(
            change
            for change in own
            if not is_worded(change) and change.place[2] not in (*_TIERED, "weight")
        ),
    )


def is_worded(change: Change) -> bool:
    """Tell whether an item's words changed, and nothing that decides about points."""
    return change.place[2].split("_")[0] in _WORDED


def _weight(rows: Mapping[str, MatrixRow]) -> int:
    return sum(row.document["weight"] for row in rows.values())


def _kept(document: Document, other: Mapping[str, MatrixRow]) -> list[tuple[str, str]]:
    """Return the items both have with their sections, in walking order."""
    return [
        (section["id"], item["id"])
        for section in document["sections"]
        for item in section["items"]
        if item["id"] in other
    ]
