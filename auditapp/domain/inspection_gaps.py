"""What keeps a final open inspection back beside its items: re-checks, signature.

Shared with the phone: ``static/js/lib/inspection.js`` gives the same pointers and codes
in the same order; both run ``tests/vectors/inspection.json``.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from auditapp.domain.answer_values import (
    as_list,
    as_mapping,
    is_blank,
    sound_answers,
)
from auditapp.domain.audit_problems import item_name, pointer_to, problem
from auditapp.domain.errors import Problem
from auditapp.domain.inspection import CORRECTION, SIGNATURE
from auditapp.domain.inspection_parts import NAMES
from auditapp.domain.instants import parse_instant
from auditapp.domain.scoring import item_score, today_of

Form = Mapping[str, Any]
Entry = Mapping[str, Any]


def inspection_gaps(form: Form, audit: Entry) -> Iterator[Problem]:
    """Yield findings not looked at, corrections without proof, a missing signature."""
    yield from _rechecks(form, as_mapping(audit.get("rechecks")))
    yield from _corrections(form, audit)
    yield from _signature(audit)


def is_signed(document: object) -> bool:
    """Tell whether the hall's manager signed what the document holds."""
    audit = as_mapping(document)
    signature = as_mapping(audit.get("signature"))
    return signature.get("state") == "signed" and not list(_signature(audit))


def _rechecks(form: Form, rechecks: Entry) -> Iterator[Problem]:
    for finding in form.get("findings", ()):
        entry = as_mapping(rechecks.get(finding["id"]))
        pointer, name = pointer_to("rechecks", finding["id"]), item_name(finding)
        if entry.get("result") is None:
            yield problem(pointer, "recheck-missing", name)
        elif entry["result"] == "cannot_tell" and not _says(entry, "note"):
            yield problem(pointer, "reason-missing", name)


def _corrections(form: Form, audit: Entry) -> Iterator[Problem]:
    corrections = as_mapping(audit.get("corrections"))
    answers, today = sound_answers(form, audit), today_of(audit)
    for item in form["items"]:
        if item["id"] not in corrections:
            continue
        entry = as_mapping(corrections[item["id"]])
        pointer = pointer_to("corrections", item["id"])
        score = item_score(item, answers.get(item["id"]), today)
        if score is None or score >= form["pass_mark"]:
            yield problem(pointer, "correction-needless", item_name(item))
        elif not (
            entry.get("photo_waived") is True
            or _says(entry, "photo_waived")
            or _has_photo(audit, CORRECTION + item["id"])
        ):
            yield problem(pointer, "photo-missing", item_name(item))


def _signature(audit: Entry) -> Iterator[Problem]:
    signature = as_mapping(audit.get("signature"))
    name = NAMES["signature"]
    if signature.get("state") == "refused":
        if not _says(signature, "reason"):
            yield problem("/signature", "reason-missing", name)
        return
    sha256 = signature.get("sha256")
    is_there = (
        signature.get("state") == "signed"
        and _says(signature, "position")
        and sha256 is not None
        and _has_photo(audit, SIGNATURE, sha256)
    )
    if not is_there:
        yield problem("/signature", "signature-missing", name)
    elif _is_older_than_what_it_signs(audit, signature):
        yield problem("/signature", "signature-outdated", name)


def _is_older_than_what_it_signs(audit: Entry, signature: Entry) -> bool:
    """An answer that a reviewer asked about again is no part of what was signed."""
    signed_at = parse_instant(signature.get("at"))
    entries = [
        each
        for key in ("answers", "corrections", "rechecks")
        for each in as_mapping(audit.get(key)).values()
    ]
    changes: list[datetime] = [
        at
        for each in map(as_mapping, entries)
        if not _says(each, "reply") and (at := parse_instant(each.get("at")))
    ]
    return signed_at is None or any(at > signed_at for at in changes)


def _says(entry: Entry, key: str) -> bool:
    text = entry.get(key)
    return isinstance(text, str) and not is_blank(text)


def _has_photo(audit: Entry, place: str, sha256: object = None) -> bool:
    photos = map(as_mapping, as_list(audit.get("evidence")))
    return any(
        photo.get("item") == place and sha256 in (None, photo.get("sha256"))
        for photo in photos
    )
