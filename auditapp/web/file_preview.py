"""What a file would change, what is wrong with it, what it leaves out: for the page."""

from collections.abc import Iterable
from typing import Any

from auditapp.domain.document_merge import Conflict, differences
from auditapp.domain.errors import Problem
from auditapp.domain.version_difference import version_difference
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.model import CellAt, Note, Place, ReadStandard
from auditapp.reads.hall_sets import get_hall_sets, region_names
from auditapp.services.import_targets import Target
from auditapp.services.standard_imports import ComparedFile
from auditapp.services.standard_versions import POLICY
from auditapp.web import standard_words as words
from auditapp.web.difference_page import halls_asked_otherwise
from auditapp.web.frame import in_language
from auditapp.web.import_payload import packed

SHOWN = 100
BETWEEN = "\x1f"  # the parts of a conflict's place, in a field of the form


def preview_parts(
    database: Any,  # noqa: ANN401 (a session; views know no more)
    target: Target,
    found: ComparedFile,
) -> dict[str, Any]:
    """Return what a preview shows."""
    is_fit = not found.hinders
    changed = differences(target.current, found.merged) if is_fit else []
    is_same = is_fit and not changed and not found.conflicts
    return {
        "hinders": _placed(found.hinders, found.read),
        "unfinished": _placed(found.unfinished, found.read),
        "left_out": [_note(each) for each in found.left_out],
        "conflicts": [_conflict(each) for each in found.conflicts],
        "is_same": is_same,
        "is_fit": is_fit,
        "payload": packed(found.read, found.document) if is_fit else "",
        **_difference(database, target, found, is_shown=is_fit and not is_same),
    }


def _difference(
    database: Any,  # noqa: ANN401
    target: Target,
    found: ComparedFile,
    *,
    is_shown: bool,
) -> dict[str, Any]:
    empty: dict[str, Any] = {"difference": None, "halls": None, "policy_changes": []}
    if not is_shown:
        return empty
    if target.kind == POLICY:
        changed = differences(target.current, found.merged)
        return {**empty, "policy_changes": [words.change_part(c) for c in changed]}
    vocabulary = Vocabulary.from_document(target.vocabulary)
    tiers, traits = tuple(vocabulary.tiers), tuple(vocabulary.traits)
    difference = version_difference(target.current, found.merged, tiers, traits)
    sets, regions = get_hall_sets(database), region_names(database)
    return {
        **empty,
        "difference": words.difference_parts(difference, vocabulary),
        "halls": halls_asked_otherwise(
            target.current, found.merged, sets, regions, vocabulary
        ),
    }


def _placed(problems: Iterable[Problem], read: ReadStandard) -> list[dict[str, str]]:
    listed = sorted(problems, key=lambda each: _order(read.place_of(each.pointer)))
    return [
        {"place": _said(read.place_of(each.pointer)), "text": in_language(each.text)}
        for each in listed[:SHOWN]
    ]


def _order(place: Place | None) -> tuple[str, int]:
    """Sort by sheet and row; what has no place goes first."""
    if isinstance(place, CellAt):
        return place.sheet, place.row
    return "", place.line if place else 0


def _note(note: Note) -> dict[str, str]:
    return {"place": _said(note.place), "text": in_language(note.text)}


def _said(place: Place | None) -> str:
    return in_language(place.text()) if place else ""


def _conflict(conflict: Conflict) -> dict[str, str]:
    part = words.change_part(conflict)
    item = conflict.place[1] if conflict.place[0] == "items" else ""
    return {
        "place": BETWEEN.join(conflict.place),
        "item": item,
        "name": part["name"],
        "theirs": part["before"],
        "mine": part["after"],
    }
