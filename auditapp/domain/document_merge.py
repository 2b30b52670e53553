"""Versions in the making, compared and merged key by key.

A checklist's document is flattened to one entry per key of an item, of a section and
of the head, plus the order of items; a policy's document to one entry per path. Two
people who changed different entries are merged; the same entry changed differently is
a conflict that a person settles.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Document = Mapping[str, Any]
# Kind, name, key: items · int_umbrella_rack · overrides, sections · interior · zh,
# head · pass_mark, of a policy head · sources · sms · weight. Orders: order · interior
# holds item ids, order alone section ids
Place = tuple[str, ...]
ABSENT = None  # no key of a document is None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs; ``before`` or ``after`` None: it is not there."""

    place: Place
    before: Any
    after: Any

    @property
    def item_id(self) -> str | None:
        """The item it is about, None for what is no item's."""
        return self.place[1] if self.place[0] == "items" else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One entry that two people changed differently."""

    place: Place
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """Both people's work in one document; conflicts hold ``theirs`` until settled.

    ``mine`` and ``theirs`` are the documents as they came: an item that one of them
    removed and the other changed comes back whole.
    """

    document: dict[str, Any]
    conflicts: tuple[Conflict, ...]
    mine: Document
    theirs: Document


def differences(before: Document, after: Document) -> list[Change]:
    """Return every entry that differs, those of ``after`` in its order first."""
    old, new = _entries(before), _entries(after)
    places = [*new, *(place for place in old if place not in new)]
    return [
        Change(place, old.get(place), new.get(place))
        for place in places
        if old.get(place) != new.get(place)
    ]


def merge(base: Document, mine: Document, theirs: Document) -> Merged:
    """Put into ``theirs`` what ``mine`` changed since ``base``.

    An item that they removed and I only moved stays removed: nothing was written in it.
    """
    common, held = _entries(base), _entries(theirs)
    merged, conflicts = dict(held), []
    lost = _items(base) - _items(theirs)
    for change in differences(base, mine):
        place, wanted = change.place, change.after
        there = held.get(place)
        is_lost = change.item_id in lost and wanted is not ABSENT
        if there in (common.get(place), wanted) and not is_lost:
            _put(merged, place, wanted)
        elif place[0] == "order" and isinstance(there, list):
            _put(merged, place, _merged_order(change.before or [], wanted, there))
        else:
            conflicts.append(Conflict(place, change.before, wanted, there))
    removed = _items(base) - _items(mine)
    conflicts.extend(
        Conflict(change.place, None, None, change.after)
        for change in differences(base, theirs)
        if change.item_id in removed and change.before is ABSENT
    )
    unsettled = Merged(_assembled(merged), tuple(conflicts), mine, theirs)
    return replace(unsettled, document=settle(unsettled, set()))


def settle(merged: Merged, keep_mine: set[Place]) -> dict[str, Any]:
    """Return the document with these conflicts decided for ``mine``.

    An item that they removed comes back whole with what is kept of mine; one that I
    removed goes only when every conflict about it is decided for me.
    """
    entries = _entries(merged.document)
    one_sided = _items(merged.mine) ^ _items(merged.theirs)
    whole: dict[str, list[Conflict]] = {}
    for conflict in merged.conflicts:
        if conflict.place[0] == "items" and conflict.place[1] in one_sided:
            whole.setdefault(conflict.place[1], []).append(conflict)
        elif conflict.place in keep_mine:
            _put(entries, conflict.place, conflict.mine)
    for item_id, conflicts in whole.items():
        _settle_item(entries, merged, item_id, conflicts, keep_mine)
    return _assembled(entries)


def _settle_item(
    entries: dict[Place, Any],
    merged: Merged,
    item_id: str,
    conflicts: list[Conflict],
    keep_mine: set[Place],
) -> None:
    kept = [conflict.place in keep_mine for conflict in conflicts]
    if item_id in _items(merged.mine):
        if any(kept):
            _restore(entries, _entries(merged.mine), item_id)
            for conflict, is_kept in zip(conflicts, kept, strict=True):
                if not is_kept:
                    _put(entries, conflict.place, conflict.base)
    elif all(kept):
        for place in [place for place in entries if place[:2] == ("items", item_id)]:
            del entries[place]
    else:
        _restore(entries, _entries(merged.theirs), item_id)


def _restore(
    entries: dict[Place, Any], source: Mapping[Place, Any], item_id: str
) -> None:
    """Put an item of ``source`` back where it stood, with its section if need be."""
    entries.update(
        {
            place: value
            for place, value in source.items()
            if place[:2] == ("items", item_id)
        }
    )
    home = next(
        place
        for place, value in source.items()
        if place[0] == "order" and len(place) > 1 and item_id in value
    )
    name = home[1]
    if name not in entries[("order",)]:
        entries[("order",)] = _inserted(entries[("order",)], source[("order",)], name)
        entries.update(
            {
                place: each
                for place, each in source.items()
                if place[:2] == ("sections", name)
            }
        )
    entries[home] = _inserted(entries.get(home, []), source[home], item_id)


def _inserted(order: list[str], source: list[str], name: str) -> list[str]:
    """Return ``order`` with ``name`` behind what it follows in ``source``."""
    if name in order:
        return order
    before = source[: source.index(name)]
    after = next((one for one in reversed(before) if one in order), None)
    at = order.index(after) + 1 if after is not None else 0
    return [*order[:at], name, *order[at:]]


def _items(document: Document) -> set[str]:
    return {
        item["id"]
        for section in document.get("sections", ())
        for item in section["items"]
    }


def _entries(document: Document) -> dict[Place, Any]:
    return dict(_walk(document))


def _walk(document: Document) -> Iterator[tuple[Place, Any]]:
    if "sections" not in document:  # a policy
        yield from _walk_paths(("head",), document)
        return
    yield from (
        (("head", str(key)), value)
        for key, value in document.items()
        if key != "sections"
    )
    yield ("order",), [section["id"] for section in document["sections"]]
    for section in document["sections"]:
        yield from _walk_section(section)


def _walk_paths(place: Place, value: Any) -> Iterator[tuple[Place, Any]]:  # noqa: ANN401
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _walk_paths((*place, str(key)), each)
    else:
        yield place, value


def _walk_section(section: Document) -> Iterator[tuple[Place, Any]]:
    name = section["id"]
    yield from (
        (("sections", name, key), value)
        for key, value in section.items()
        if key not in ("id", "items")
    )
    yield ("order", name), [item["id"] for item in section["items"]]
    for item in section["items"]:
        yield from (
            (("items", item["id"], key), value)
            for key, value in item.items()
            if key != "id"
        )


def _assembled(entries: Mapping[Place, Any]) -> dict[str, Any]:
    """Return the document of these entries.

    An item stands where the order of the last section that names it says; entries of
    items and sections that no order names are gone with them.
    """
    document: dict[str, Any] = {}
    for place, value in entries.items():
        if place[0] == "head":
            _put_path(document, place[1:], value)
    if ("order",) not in entries:
        return document
    own: dict[str, dict[str, Any]] = {}
    named: dict[str, dict[str, Any]] = {}
    for place, value in entries.items():
        if place[0] == "items":
            own.setdefault(place[1], {"id": place[1]})[place[2]] = value
        elif place[0] == "sections":
            named.setdefault(place[1], {"id": place[1]})[place[2]] = value
    document["sections"] = [
        {
            **named.get(name, {"id": name}),
            "items": [
                own[item_id]
                for item_id in entries.get(("order", name), ())
                if item_id in own
            ],
        }
        for name in entries[("order",)]
    ]
    return document


def _put(entries: dict[Place, Any], place: Place, value: Any) -> None:  # noqa: ANN401
    if value is ABSENT:
        entries.pop(place, None)
    else:
        entries[place] = value


def _put_path(document: dict[str, Any], path: Place, value: Any) -> None:  # noqa: ANN401
    for key in path[:-1]:
        document = document.setdefault(key, {})
    document[path[-1]] = value


def _merged_order(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Return ``theirs`` with what ``mine`` added put in and what it removed left out.

    Where both moved the same things, ``mine`` decides the order.
    """
    added = [each for each in theirs if each not in base]
    removed = {each for each in base if each not in theirs}
    order = [each for each in mine if each not in removed]
    for each in added:
        order = _inserted(order, theirs, each)
    return order
