"""What changed from one ledger of a hall's month to the next, line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditapp.domain.month_ledger import DIMENSIONS

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One difference between two ledgers.

    ``kind`` is ``official``, ``adjusted``, ``policy``, ``weight``, ``source``,
    ``input_added``, ``input_removed``, ``input_rescored``, ``responses`` or ``line``.
    ``subject`` is the audit, item or version concerned; ``before`` and ``after`` are
    milli-points, weights or versions, None where there was none. The changes of kind
    ``line`` together are what the official score lost or won.
    """

    kind: str
    source: str | None
    subject: str
    before: int | str | None
    after: int | str | None
    tags: Mapping[str, str]


def difference(old: Document, new: Document) -> list[LedgerChange]:
    """Return every change; empty for equal ledgers."""
    changes = [
        *_plain("official", old["official"]["milli"], new["official"]["milli"]),
        *_plain("adjusted", _adjusted(old), _adjusted(new)),
        *_plain("policy", old["policy"], new["policy"]),
    ]
    before = {source["source"]: source for source in old["sources"]}
    for source in new["sources"]:
        changes += _source(source["source"], before[source["source"]], source)
    return [*changes, *_lines(old, new)]


def _adjusted(document: Document) -> int | None:
    adjusted = document["adjusted"]
    return None if adjusted is None else int(adjusted["milli"])


def _plain(
    kind: str,
    before: int | str | None,
    after: int | str | None,
    source: str | None = None,
    subject: str = "",
) -> Iterator[LedgerChange]:
    if before != after:
        yield LedgerChange(kind, source, subject, before, after, {})


def _source(name: str, old: Document, new: Document) -> Iterator[LedgerChange]:
    yield from _plain("weight", old["weight"], new["weight"], name)
    yield from _plain("source", old["milli"], new["milli"], name)
    if old.get("digest") != new.get("digest"):
        yield LedgerChange("responses", name, "", old["n"], new["n"], {})
    before = {taken["audit"]: taken for taken in old.get("taken", ())}
    after = {taken["audit"]: taken for taken in new.get("taken", ())}
    for audit in sorted(before.keys() | after.keys()):
        yield from _input(name, audit, before.get(audit), after.get(audit))


def _input(
    source: str, audit: str, old: Document | None, new: Document | None
) -> Iterator[LedgerChange]:
    if old == new:
        return
    before, after = _milli(old), _milli(new)
    kind = "input_rescored"
    if old is None or new is None:
        kind = "input_added" if old is None else "input_removed"
    yield LedgerChange(kind, source, audit, before, after, {})


def _milli(taken: Document | None) -> int | None:
    return None if taken is None else int(taken["milli"])


def _lines(old: Document, new: Document) -> Iterator[LedgerChange]:
    before = {_key(line): line for line in old["lines"]}
    after = {_key(line): line for line in new["lines"]}
    for key in sorted(before.keys() | after.keys()):
        line = after.get(key) or before[key]
        lost_before = before[key]["lost_milli"] if key in before else 0
        lost_after = after[key]["lost_milli"] if key in after else 0
        if lost_before != lost_after:
            tags = {name: line[name] for name in DIMENSIONS[2:] if name in line}
            yield LedgerChange(
                "line", line["source"], line["item"], lost_before, lost_after, tags
            )


def _key(line: Document) -> tuple[str, ...]:
    return tuple(line.get(name) or "" for name in DIMENSIONS)
