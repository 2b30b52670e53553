"""Everything that keeps an organisation file from being imported, all at once."""

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from auditapp.domain.actor import Role
from auditapp.domain.errors import Problem
from auditapp.domain.organisation import (
    COMPANY,
    KINDS,
    REGIONS,
    ROLES,
    SCOPE_FIELDS,
    SCOPES,
    USERS,
    Field,
    Kind,
    tidied,
)
from auditapp.domain.organisation_fields import field_problems
from auditapp.domain.organisation_texts import problem, shown
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary

# What a file may hold beside the organisation: read by the demo and by planning
ASIDE = ("schema", "fictional", "note_zh", "note_en", "scenario_mix", "agency")
ASIDE_IN = {
    "company": ("months", "standard_change"),
    "halls": ("demo",),
    "users": ("region",),
}
# By which field an entry is named in what lies below it
_CHILD_FIELD = {"regions": "region", "cities": "city", "halls": ""}
Entry = Mapping[str, Any]
Entries = Mapping[str, list[Any]]


def check_organisation(document: object, vocabulary: Vocabulary) -> list[Problem]:
    """Return every problem of an organisation file, ``pointer`` being its place."""
    kinds = [kind.name for kind in KINDS]
    if not isinstance(document, Mapping) or not set(kinds) & set(document):
        return [problem("", "not-an-organisation")]
    entries = tidied(document)
    known = "、".join(kinds)
    unknown = [part for part in document if part not in (*kinds, *ASIDE)]
    return [
        *(
            problem(f"/{part}", "unknown-part", value=shown(part), known=known)
            for part in unknown
        ),
        *_amounts(entries),
        *(found for kind in KINDS for found in _kind(kind, entries, vocabulary)),
        *_traits(entries, vocabulary),
        *_scopes(entries),
    ]


def _amounts(entries: Entries) -> Iterator[Problem]:
    for kind in (COMPANY, REGIONS, USERS):
        if not entries[kind.name]:
            yield problem(f"/{kind.name}", "empty-part", kind=kind.label)
    if len(entries["company"]) > 1:
        yield problem("/company/1", "one-company")


def _kind(kind: Kind, entries: Entries, vocabulary: Vocabulary) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for index, entry in enumerate(entries[kind.name]):
        pointer = f"/{kind.name}/{index}"
        if not isinstance(entry, Mapping):
            yield problem(pointer, "not-an-entry", kind=kind.label)
            continue
        yield from _unknown_fields(kind, entry, pointer)
        for field in kind.fields:
            value, place = entry.get(field.name), f"{pointer}/{field.name}"
            wrong = list(field_problems(field, value, place))
            yield from wrong or _words(field, value, place, vocabulary)
        yield from _doubled(kind, entry, pointer, seen)
    yield from _references(kind, entries)


def _unknown_fields(kind: Kind, entry: Entry, pointer: str) -> Iterator[Problem]:
    known = [field.name for field in kind.fields]
    for name in entry:
        if name not in (*known, *ASIDE_IN.get(kind.name, ())):
            yield problem(
                f"{pointer}/{name}",
                "unknown-field",
                kind=kind.label,
                value=shown(name),
                known="、".join(known),
            )


def _words(
    field: Field, value: object, place: str, vocabulary: Vocabulary
) -> Iterator[Problem]:
    if field.words is None or value is None:
        return
    known = known_words(field, vocabulary)
    for word in value if isinstance(value, list) else [value]:
        if word not in known:
            yield problem(
                place,
                "unknown-word",
                field=field.label,
                value=shown(word),
                known="、".join(known),
            )


def known_words(field: Field, vocabulary: Vocabulary) -> dict[str, Text]:
    """Return what may be chosen in a field and what each word is called."""
    if field.words == "roles":
        return {role.value: name for role, name in ROLES.items()}
    words = vocabulary.tiers if field.words == "tiers" else vocabulary.traits
    return {key: word.name for key, word in words.items()}


def _doubled(
    kind: Kind, entry: Entry, pointer: str, seen: dict[str, str]
) -> Iterator[Problem]:
    """Compare keys without case: people would take XL01 and xl01 for one."""
    key = entry.get(kind.key.name)
    if not isinstance(key, str):
        return
    first = seen.setdefault(key.lower(), pointer)
    if first != pointer:
        yield problem(
            f"{pointer}/{kind.key.name}",
            "doubled-key",
            field=kind.key.label,
            value=shown(key),
            place=first.removeprefix("/"),
        )


def _references(kind: Kind, entries: Entries) -> Iterator[Problem]:
    for field in kind.fields:
        if field.refers is None:
            continue
        known = {e["id"] for e in _sound(entries[field.refers])}
        for index, entry in _numbered(entries[kind.name]):
            value = entry.get(field.name)
            for word in value if isinstance(value, list) else [value]:
                if isinstance(word, str) and word and word not in known:
                    yield problem(
                        f"/{kind.name}/{index}/{field.name}",
                        "unknown-reference",
                        field=field.label,
                        value=shown(word),
                    )


def _traits(entries: Entries, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Follow traits from region to city to hall and report each contradiction once."""
    known = vocabulary.traits
    held: dict[tuple[str, str], frozenset[str]] = {}
    for kind, field, parent in (
        ("regions", "traits", ""),
        ("cities", "traits_add", "region"),
        ("halls", "traits_add", "city"),
    ):
        for index, entry in _numbered(entries[kind]):
            above = held.get((parent, str(entry.get(parent))), frozenset())
            added = _strings(entry.get(field))
            removed = _strings(entry.get("traits_remove"))
            pointer = f"/{kind}/{index}/{field}"
            for word in sorted(added & removed):
                yield problem(pointer, "added-and-removed", value=word)
            traits = (above - removed) | added
            held[_CHILD_FIELD[kind], str(entry.get("id"))] = traits
            for one, other in _contradictions(traits, vocabulary):
                if not {one, other} <= above:
                    names = {"one": known[one].name, "other": known[other].name}
                    yield problem(pointer, "contradicting-traits", **names)


def _contradictions(
    traits: AbstractSet[str], vocabulary: Vocabulary
) -> list[tuple[str, str]]:
    known = sorted(traits & vocabulary.traits.keys())
    return [
        (one, other)
        for one in known
        for other in sorted(vocabulary.traits[one].excludes & traits)
        if one < other or one not in vocabulary.traits[other].excludes
    ]


def _scopes(entries: Entries) -> Iterator[Problem]:
    roles = {role.value: role for role in Role}
    for index, entry in _numbered(entries["users"]):
        role = roles.get(str(entry.get("role")))
        if role is None:
            continue
        wanted: Collection[str] = SCOPES.get(role, ())
        for name in SCOPE_FIELDS:
            is_there = bool(entry.get(name))
            if is_there is not (name in wanted):
                label = next(f.label for f in USERS.fields if f.name == name)
                code = "scope-too-much" if is_there else "scope-missing"
                pointer = f"/users/{index}/{name if is_there else 'role'}"
                yield problem(pointer, code, role=ROLES[role], field=label)


def _numbered(entries: list[Any]) -> Iterator[tuple[int, Entry]]:
    return ((i, entry) for i, entry in enumerate(entries) if isinstance(entry, Mapping))


def _sound(entries: list[Any]) -> Iterator[Entry]:
    return (e for _, e in _numbered(entries) if isinstance(e.get("id"), str))


def _strings(value: object) -> frozenset[str]:
    listed = value if isinstance(value, list) else []
    return frozenset(word for word in listed if isinstance(word, str))
