"""The columns of an XLSForm that are ours, and what only they say."""

from collections.abc import Mapping
from typing import Any

from auditapp.gateways.standard_files.columns import Column, Columns
from auditapp.gateways.standard_files.model import Document, Origin
from auditapp.gateways.standard_files.names import CellFaultError
from auditapp.gateways.standard_files.notations import Notation, Pairs, Words, from_cell
from auditapp.gateways.standard_files.xlsform_book import OURS
from auditapp.gateways.standard_files.xlsform_notes import Findings
from auditapp.gateways.standard_files.xlsform_rows import FormRow, FormSheet

_FILE = "file_"
_MAPPINGS = ("applies", "defaults", "contact_rules")
_NESTED = ("sections", "option_sets")


def own_values(
    row: FormRow, columns: tuple[Column, ...], findings: Findings
) -> Document:
    """Return what our own columns of a row say."""
    known: dict[str, Notation] = {column.key: column.notation for column in columns}
    known |= {key: Pairs() for key in _MAPPINGS if key not in known}
    values: Document = {}
    for name, cell in row.cells.items():
        key = name.removeprefix(OURS)
        if key == name or key.startswith(_FILE) or key == "set":
            continue
        notation = known.get(key, Words())
        try:
            values[key] = _applies(key, cell) or from_cell(notation, cell)
        except CellFaultError as fault:
            findings.refuse(row.at(name), fault.text.zh, fault.text.en)
    return values


def own_keys(sheet: FormSheet) -> set[str]:
    """Return the keys that our own columns of a sheet decide."""
    return {c.removeprefix(OURS) for c in sheet.columns if c.startswith(OURS)}


def read_settings(
    sheet: FormSheet, columns: Columns, base: Document, findings: Findings
) -> tuple[Document, bool]:
    """Return the head of the checklist, and whether the form was exported here."""
    head = {key: value for key, value in base.items() if key not in _NESTED}
    if not sheet.rows or OURS + "schema" not in sheet.columns:
        return head, False
    own = own_keys(sheet)
    kept = {key: value for key, value in head.items() if key not in own}
    return {**kept, **own_values(sheet.rows[0], columns.head, findings)}, True


def form_origin(sheet: FormSheet) -> Origin:
    """Return what a form says it was exported from."""
    row = sheet.rows[0] if sheet.rows else FormRow("", 0)
    revision = row.get(f"{OURS}{_FILE}revision")
    return Origin(
        row.get(OURS + "id"),
        row.get(f"{OURS}{_FILE}from_version"),
        row.get(f"{OURS}{_FILE}draft"),
        int(revision) if revision.isdecimal() and len(revision) < 10 else 0,  # noqa: PLR2004
    )


def form_title(sheet: FormSheet) -> Mapping[str, Any]:
    """Return what a form calls itself."""
    row = sheet.rows[0] if sheet.rows else FormRow("", 0)
    return {"title": row.get("form_title"), "id": row.get("form_id")}


def _applies(key: str, cell: str) -> str:
    return "all" if key == "applies" and cell.strip() == "all" else ""
