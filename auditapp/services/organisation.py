"""Bringing the organisation of a file into the database, all of it or nothing."""

import random
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from auditapp.domain.organisation import KINDS, Document, Kind, columns_of, tidied
from auditapp.services.events import record_event
from auditapp.store.base import Base
from auditapp.store.organisation import (
    AgencyRow,
    CityRow,
    CompanyRow,
    DepartmentRow,
    HallRow,
    RegionRow,
)
from auditapp.store.people import PersonRow

ROWS: dict[str, type[Base]] = {
    "company": CompanyRow,
    "departments": DepartmentRow,
    "agencies": AgencyRow,
    "regions": RegionRow,
    "cities": CityRow,
    "halls": HallRow,
    "users": PersonRow,
}
# No letters or digits that are mistaken for one another when read aloud
CODE_LETTERS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"
CODE_LENGTH = 6

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that the file has otherwise than the database."""

    key: str
    column: str
    old: Any
    new: Any


@dataclass(slots=True)
class KindChanges:
    """What a file would do to one kind of entry; ``missing`` are no longer in it."""

    kind: Kind
    added: dict[str, Columns] = field(default_factory=dict)
    changed: list[FieldChange] = field(default_factory=list)
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def can_rest(self) -> bool:
        """Whether entries of this kind can be put to rest."""
        return "is_active" in {field.column for field in self.kind.fields}

    @property
    def changed_keys(self) -> list[str]:
        """The entries with at least one changed field, in the order of the file."""
        return list(dict.fromkeys(change.key for change in self.changed))


def plan_import(session: Session, document: Document) -> list[KindChanges]:
    """Return what importing a sound document would change, kind by kind."""
    entries = tidied(document)
    return [_compare(session, kind, entries[kind.name]) for kind in KINDS]


def import_organisation(
    session: Session,
    document: Document,
    *,
    now: datetime,
    password_hash: str | None = None,
    deactivate_missing: bool = False,
    randomness: random.Random | None = None,
) -> list[KindChanges]:
    """Bring a document that the rules have passed into the database.

    Every new person gets a random code, which is an auditor's only name outside the
    agency. ``password_hash`` is for demonstrations; without it new people cannot sign
    in until a password is set. Returns what changed.
    """
    plan = plan_import(session, document)
    for changes in plan:
        new = list(changes.added.values())
        if changes.kind.name == "users":
            _introduce(session, new, randomness or secrets.SystemRandom())
            for columns in new:
                columns["password_hash"] = password_hash
        table = _table(changes.kind)
        if new:
            session.execute(insert(table), new)
        _update(session, changes)
    if deactivate_missing:
        deactivate(session, plan)
    if is_change(plan, deactivate_missing=deactivate_missing):
        counts = {c.kind.name: [len(c.added), len(c.changed_keys)] for c in plan}
        record_event(
            session, "organisation.imported", "organisation", now=now, changes=counts
        )
    return plan


def is_change(plan: Iterable[KindChanges], *, deactivate_missing: bool) -> bool:
    """Say whether carrying the plan out changes anything."""
    return any(
        changes.added
        or changes.changed
        or (deactivate_missing and changes.missing and changes.can_rest)
        for changes in plan
    )


def deactivate(session: Session, plan: Iterable[KindChanges]) -> None:
    """Put halls and people to rest that the file no longer names; none is deleted."""
    for changes in plan:
        if not changes.can_rest or not changes.missing:
            continue
        table, key = _table(changes.kind), changes.kind.key.column
        for keys in _batches(changes.missing):
            session.execute(
                update(table).where(table.c[key].in_(keys)).values(is_active=False)
            )


def _compare(session: Session, kind: Kind, entries: Iterable[Columns]) -> KindChanges:
    table, key = _table(kind), kind.key.column
    wanted = [table.c[f.column] for f in kind.fields]
    stored = {row[key]: row for row in session.execute(select(*wanted)).mappings()}
    changes = KindChanges(kind)
    named = set()
    for entry in entries:
        columns = columns_of(kind, entry)
        named.add(columns[key])
        if columns[key] not in stored:
            names = {"name_en": columns["name_zh"]}
            changes.added[columns[key]] = names | columns
            continue
        different = _differences(columns[key], stored[columns[key]], columns)
        changes.changed.extend(different)
        changes.unchanged += not different
    changes.missing = [
        other
        for other, row in stored.items()
        if other not in named and row.get("is_active", True)
    ]
    return changes


def _differences(key: str, stored: RowMapping, columns: Columns) -> list[FieldChange]:
    return [
        FieldChange(key, column, stored[column], new)
        for column, new in columns.items()
        if stored[column] != new
    ]


def _update(session: Session, changes: KindChanges) -> None:
    """Write changed fields, one statement for each set of fields that change alike."""
    by_key: dict[str, Columns] = {}
    for change in changes.changed:
        by_key.setdefault(change.key, {})[change.column] = change.new
    by_columns: dict[tuple[str, ...], list[Columns]] = {}
    for key, columns in by_key.items():
        by_columns.setdefault(tuple(columns), []).append({"the_key": key} | columns)
    table = _table(changes.kind)
    is_the_one = table.c[changes.kind.key.column] == bindparam("the_key")
    for rows in by_columns.values():
        session.execute(update(table).where(is_the_one), rows)


def _introduce(
    session: Session, people: list[Columns], randomness: random.Random
) -> None:
    """Give people their ids and a code that nobody has or ever had."""
    taken = set(session.scalars(select(PersonRow.code)))
    for columns in people:
        columns["person_id"] = UUID(int=randomness.getrandbits(128), version=4)
        code = _code(randomness)
        while code in taken:
            code = _code(randomness)
        taken.add(code)
        columns["code"] = code


def _code(randomness: random.Random) -> str:
    return "".join(randomness.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _table(kind: Kind) -> Table:
    table = ROWS[kind.name].__table__
    assert isinstance(table, Table)  # noqa: S101 (tells the type checker)
    return table


def _batches(keys: list[str], size: int = 500) -> Iterable[list[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def export_organisation(session: Session) -> dict[str, list[Columns]]:
    """Return the whole organisation as a document that ``import`` takes back."""
    document = {}
    for kind in KINDS:
        table = _table(kind)
        columns = [table.c[f.column].label(f.name) for f in kind.fields]
        ordered = select(*columns).order_by(table.c[kind.key.column])
        document[kind.name] = [dict(row) for row in session.execute(ordered).mappings()]
    return document
