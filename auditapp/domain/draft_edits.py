"""Items put into a draft, taken out of it, and moved; the document is never changed."""

from collections.abc import Callable, Mapping
from typing import Any

from auditapp.domain.cell_rules import ItemDocument

Document = Mapping[str, Any]
Items = list[dict[str, Any]]


def with_new_item(
    document: Document, section_id: str, item: ItemDocument
) -> dict[str, Any]:
    """Return the document with an item at the end of a section."""
    return _edited(
        document,
        lambda section, items: [*items, dict(item)] if section == section_id else items,
    )


def without_item(document: Document, item_id: str) -> dict[str, Any]:
    """Return the document without an item."""
    return _edited(
        document,
        lambda _section, items: [each for each in items if each["id"] != item_id],
    )


def with_item_moved(document: Document, item_id: str, by: int) -> dict[str, Any]:
    """Return the document with an item some places on within its section."""

    def moved(_section: str, items: Items) -> Items:
        ids = [each["id"] for each in items]
        if item_id not in ids:
            return items
        place = ids.index(item_id)
        rest = [each for each in items if each["id"] != item_id]
        target = max(0, min(len(rest), place + by))
        return [*rest[:target], items[place], *rest[target:]]

    return _edited(document, moved)


def pointer_of(document: Document, item_id: str) -> str | None:
    """Return the JSON pointer of an item, as the checklist rules write it."""
    for number, section in enumerate(document["sections"]):
        for place, item in enumerate(section["items"]):
            if item["id"] == item_id:
                return f"/sections/{number}/items/{place}"
    return None


def _edited(
    document: Document, change: Callable[[str, Items], Items]
) -> dict[str, Any]:
    return {
        **document,
        "sections": [
            {**section, "items": change(section["id"], list(section["items"]))}
            for section in document["sections"]
        ],
    }
