"""The tier matrix: what every item asks at every tier, and what traits change of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.applicability import Place as HallPlace
from auditapp.domain.applicability import condition_of, numbered, resolve
from auditapp.domain.cell_rules import acting, base_of, trait_of, words_of
from auditapp.domain.checklist_document import expanded

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One item at a tier or a trait (``at``): requirements with the tiers they hold in.

    No parts: the trait changes nothing. A part without tiers holds in all of them.
    """

    at: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One item; ``more_lines`` counts the rules that no cell can show."""

    item_id: str
    document: Document
    tiers: tuple[Cell, ...]
    traits: tuple[Cell, ...]
    more_lines: int
    is_changed: bool


@dataclass(frozen=True, slots=True)
class TierMatrix:
    """All items of a version by section, in walking order."""

    tiers: tuple[str, ...]
    traits: tuple[str, ...]
    sections: tuple[tuple[Document, tuple[MatrixRow, ...]], ...]


def tier_matrix(
    document: Document,
    tiers: Sequence[str],
    traits: Sequence[str],
    base: Document | None = None,
) -> TierMatrix:
    """Return the matrix of a document; what differs from ``base`` is marked changed.

    Columns are all tiers, and of ``traits`` those that a line of either names.
    """
    before = dict(_items(base)) if base is not None else None
    items = [item for _section, item in _walk(document)]
    used = {word for item in items for word in words_of(item)}
    used |= {word for item in (before or {}).values() for word in words_of(item)}
    columns = tuple(trait for trait in traits if trait in used)
    sections = tuple(
        (
            section,
            tuple(
                _row(item, (section, document), (tuple(tiers), columns), before)
                for item in section["items"]
            ),
        )
        for section in document["sections"]
    )
    return TierMatrix(tuple(tiers), columns, sections)


def item_of(document: Document, item_id: str) -> tuple[Document, Document] | None:
    """Return an item and its section, None when the document has no such item."""
    for section, item in _walk(document):
        if item["id"] == item_id:
            return item, section
    return None


def with_item(document: Document, item: Document) -> dict[str, Any]:
    """Return the document with an item in place of the one of the same id."""
    return {
        **document,
        "sections": [
            {
                **section,
                "items": [
                    dict(item) if each["id"] == item["id"] else each
                    for each in section["items"]
                ],
            }
            for section in document["sections"]
        ],
    }


def requirement_in(item: Document, place: HallPlace, tiers: Sequence[str]) -> str:
    """Return what an item asks at a hall, but for the day and the business."""
    lines = item.get("overrides", ())
    rules = numbered(lines, [str(line["set"]) for line in lines])
    return resolve(base_of(item, tiers)[place.tier], rules, place).base.outcome


def places_changed(
    before: Document | None,
    after: Document | None,
    places: Iterable[HallPlace],
    tiers: Sequence[str],
) -> list[tuple[HallPlace, str, str]]:
    """Return the places where two versions of an item ask different things.

    With what they ask, before and after; "" where there is no such item.
    """
    found = []
    for place in places:
        one = requirement_in(before, place, tiers) if before else ""
        other = requirement_in(after, place, tiers) if after else ""
        if one != other:
            found.append((place, one, other))
    return found


def halls_places_changed(
    before: Document,
    after: Document,
    places: Iterable[HallPlace],
    tiers: Sequence[str],
) -> list[HallPlace]:
    """Return the places where any item of two versions is asked otherwise."""
    old, new = dict(_items(before)), dict(_items(after))
    pairs = [
        (old.get(name), new.get(name))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]
    return [
        place
        for place in places
        if any(places_changed(one, other, [place], tiers) for one, other in pairs)
    ]


def _walk(document: Document) -> Iterable[tuple[Document, Document]]:
    for section in document["sections"]:
        for item in section["items"]:
            yield section, item


def _items(document: Document) -> Iterable[tuple[str, Document]]:
    return ((item["id"], item) for _section, item in _walk(document))


def _row(
    item: Document,
    around: tuple[Document, Document],
    columns: tuple[tuple[str, ...], tuple[str, ...]],
    before: Mapping[str, Document] | None,
) -> MatrixRow:
    tiers, traits = columns
    old = before.get(item["id"]) if before is not None else item
    section, document = around
    return MatrixRow(
        item_id=item["id"],
        document=expanded(item, section, document),
        tiers=tuple(_tier_cell(item, old, tier, tiers) for tier in tiers),
        traits=tuple(_trait_cell(item, old, trait, tiers) for trait in traits),
        more_lines=sum(
            trait_of(condition_of(line["if"])) is None
            for line in item.get("overrides", ())
        ),
        is_changed=item != old,
    )


def _tier_cell(
    item: Document, old: Document | None, tier: str, tiers: tuple[str, ...]
) -> Cell:
    word = base_of(item, tiers)[tier]
    is_changed = old is None or base_of(old, tiers)[tier] != word
    return Cell(f"tier.{tier}", ((word, ()),), is_changed)


def _trait_cell(
    item: Document, old: Document | None, trait: str, tiers: tuple[str, ...]
) -> Cell:
    parts = _parts(item, trait, tiers)
    is_changed = old is None or _parts(old, trait, tiers) != parts
    return Cell(trait, parts, is_changed and (bool(parts) or old is not None))


def _parts(
    item: Document, trait: str, tiers: tuple[str, ...]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by_word: dict[str, list[str]] = {}
    for tier, word in acting(item, trait, tiers).items():
        by_word.setdefault(word, []).append(tier)
    return tuple(
        (word, () if len(held) == len(tiers) else tuple(held))
        for word, held in by_word.items()
    )
