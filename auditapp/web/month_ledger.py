"""A hall's ledger line as its page shows it: tables in tenths that add up exactly.

Every function takes the ledger document that docs/architecture.md describes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.breakdown import CAP, UNTAGGED
from auditapp.domain.month_ledger import ANCHOR_ITEM, CLOSED_ITEM, REST_ITEM
from auditapp.domain.rounding import apportion_tenths, milli_to_tenths

Document = Mapping[str, Any]

WHOLE_TENTHS = 1000
NO_ITEMS = (CAP, CLOSED_ITEM, ANCHOR_ITEM, REST_ITEM)
EVERY_ITEM = "every_item"
DIMENSIONS = (
    "owner",
    "source",
    "section",
    "item",
    "quality",
    "group",
    "rater",
    "stage",
    "skill",
    "cause",
)
CAUSES = ("front_line", "process", "support")
SAYING = (("front_line", 10), ("process", 30), ("support", 60))  # printed as a saying


@dataclass(frozen=True, slots=True)
class LostItem:
    """What one item of one source cost; ``share`` is percent of the dearest item."""

    source: str
    item: str
    tenths: int
    share: float
    cause: str


@dataclass(frozen=True, slots=True)
class LostGroup:
    """One row of a table of lost points; its items add up to it."""

    key: str
    tenths: int
    share: float  # percent of all points lost
    items: tuple[LostItem, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of the month: what it counted and what it brought, in tenths."""

    source: str
    weight: int
    tenths: int | None
    adds_tenths: int
    facts: Mapping[str, Any]


def official_tenths(document: Document) -> int | None:
    """Return the official score as shown; None when there is none."""
    milli = document["official"]["milli"]
    return None if milli is None else milli_to_tenths(milli)


def lost_tenths(document: Document) -> int:
    """Return how much is missing from 100.0 as shown."""
    return WHOLE_TENTHS - (official_tenths(document) or 0)


def source_lines(document: Document) -> list[SourceLine]:
    """Return the sources; what they add adds up to the official score shown."""
    total = official_tenths(document)
    adds = {
        each["source"]: each["adds_milli"]
        for each in document["sources"]
        if each.get("adds_milli") is not None
    }
    shown = apportion_tenths(adds, total) if total is not None and adds else {}
    return [
        SourceLine(
            each["source"],
            each["weight"],
            milli_to_tenths(each["milli"]) if counts(each) else None,
            shown.get(each["source"], 0),
            each,
        )
        for each in document["sources"]
    ]


def counts(source: Document) -> bool:
    """Tell whether a source is part of the score."""
    return source.get("milli") is not None and not source.get("missing")


def lost_by(document: Document, dimension: str) -> list[LostGroup]:
    """Return the points lost in one grouping, most first, each with its items."""
    groups = defaultdict[str, list[Document]](list)
    for line in document["lines"]:
        if line["lost_milli"]:
            groups[key_of(line, dimension)].append(line)
    milli = {key: total_of(lines) for key, lines in groups.items()}
    lost = lost_tenths(document)
    if not milli or document["official"]["milli"] is None:
        return []
    shown = apportion_tenths(milli, lost)
    dearest = max(*by_item(document).values(), 1)
    ordered = sorted(groups, key=lambda key: (-milli[key], key))
    return [
        LostGroup(
            key,
            shown[key],
            round(100 * milli[key] / sum(milli.values()), 1),
            tuple(items_of(groups[key], shown[key], dearest)),
        )
        for key in ordered
    ]


def by_item(document: Document) -> dict[str, int]:
    """Return the milli-points lost by source and item."""
    milli = defaultdict[str, int](int)
    for line in document["lines"]:
        milli[f"{line['source']} {line['item']}"] += line["lost_milli"]
    return milli


def key_of(line: Document, dimension: str) -> str:
    """Return the group of a line; what no item stands behind is a group of its own."""
    if dimension == "item":
        return EVERY_ITEM
    if line["item"] in NO_ITEMS and dimension != "source":
        return str(line["item"])
    if dimension == "section":  # two checklists may share a section's id
        return f"{line['source']} {line.get(dimension, '')}"
    return str(line.get(dimension) or UNTAGGED)


def items_of(
    lines: Sequence[Document], tenths: int, dearest: int
) -> Iterable[LostItem]:
    """Yield the items of a group, most first, adding up to the group as shown."""
    same = defaultdict[str, list[Document]](list)
    for line in lines:
        same[f"{line['source']} {line['item']}"].append(line)
    milli = {key: total_of(found) for key, found in same.items()}
    shown = apportion_tenths(milli, tenths)
    for key in sorted(same, key=lambda each: (-milli[each], each)):
        main = max(same[key], key=lambda line: line["lost_milli"])
        yield LostItem(
            source=main["source"],
            item=main["item"],
            tenths=shown[key],
            share=round(100 * max(milli[key], 0) / dearest, 1),
            cause=str(main.get("cause") or ""),
        )


def total_of(lines: Iterable[Document]) -> int:
    """Return what lines cost together, in milli-points."""
    return sum(line["lost_milli"] for line in lines)


def cause_groups(document: Document) -> list[LostGroup]:
    """Return the points lost by cause: the three causes first, in their order."""
    found = {group.key: group for group in lost_by(document, "cause")}
    first = [found.pop(key, LostGroup(key, 0, 0, ())) for key in CAUSES]
    return [*first, *found.values()]


def taken_of(document: Document, source: str) -> Sequence[Document]:
    """Return the audits that a source was made of."""
    return next(
        (
            each.get("taken", ())
            for each in document["sources"]
            if each["source"] == source
        ),
        (),
    )
