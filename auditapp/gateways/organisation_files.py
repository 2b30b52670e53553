"""The organisation as YAML or as a workbook: one document, and where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditapp.domain.organisation import DECIMAL, FLAG, KINDS, WHOLE, WORDS, Field, Kind
from auditapp.gateways.checklist_files import pointer_step, read_yaml
from auditapp.gateways.sheets import Sheet, column_letters, read_workbook

LARGEST_YAML_BYTES = 32 * 2**20
NOTES_SHEETS = ("说明", "Notes")
_ZIP_START = b"PK\x03\x04"
_FLAGS = {
    **dict.fromkeys(("是", "yes", "true", "y", "1"), True),
    **dict.fromkeys(("否", "no", "false", "n", "0"), False),
}
_SEPARATORS = str.maketrans(dict.fromkeys("、，,；;", "|"))


@dataclass(frozen=True, slots=True)
class OrganisationFile:
    """What a file says, and where: ``place_of`` turns a JSON pointer into a place."""

    document: Any
    place_of: Callable[[str], str]


def read_organisation(path: Path) -> OrganisationFile:
    """Read a YAML file or a workbook, told apart by their first bytes.

    Raises:
        InvalidError: It is neither; the problems say why.
        OSError: It cannot be opened.
    """
    content = path.read_bytes()
    if content.startswith(_ZIP_START) or path.suffix.lower() in (".xlsx", ".xls"):
        return _from_workbook(content)
    file = read_yaml(content, LARGEST_YAML_BYTES)

    def place_of(pointer: str) -> str:
        # a company or an agency may stand alone instead of in a list of one
        return f"{path.name}:{file.line_of(pointer.replace('/company/0', '/company'))}"

    return OrganisationFile(file.document, place_of)


def _from_workbook(content: bytes) -> OrganisationFile:
    document: dict[str, Any] = {}
    places: dict[str, str] = {}
    for title, rows in read_workbook(content).items():
        if title in NOTES_SHEETS or not any(map(_is_filled, rows)):
            continue
        kind = _kind_called(title)
        name = kind.name if kind else title
        places[f"/{pointer_step(name)}"] = title
        if kind:
            document[name] = _entries(kind, title, rows, places)
        else:
            document[name] = []
    return OrganisationFile(document, lambda pointer: _nearest(places, pointer))


def _nearest(places: Mapping[str, str], pointer: str) -> str:
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return places.get(pointer, "")


def _kind_called(title: str) -> Kind | None:
    wanted = title.strip().lower()
    for kind in KINDS:
        if wanted in (kind.name, kind.label.zh, kind.label.en.lower()):
            return kind
    return None


def _entries(
    kind: Kind, title: str, rows: Sheet, places: dict[str, str]
) -> list[dict[str, Any]]:
    filled = [
        (number, row) for number, row in enumerate(rows, start=1) if _is_filled(row)
    ]
    columns = _columns(kind, filled[0][1])
    entries: list[dict[str, Any]] = []
    for number, row in filled[1:]:
        pointer = f"/{kind.name}/{len(entries)}"
        places[pointer] = f"{title}!A{number}"
        entry = {}
        for index, (name, field) in columns.items():
            value = _value(field, row[index] if index < len(row) else None)
            places[f"{pointer}/{pointer_step(name)}"] = (
                f"{title}!{column_letters(index)}{number}"
            )
            if value is not None:
                entry[name] = value
        entries.append(entry)
    return entries


def _is_filled(row: list[Any]) -> bool:
    return any(cell not in (None, "") for cell in row)


def _columns(kind: Kind, header: list[Any]) -> dict[int, tuple[str, Field | None]]:
    """Return the field of each column by its name or its label in either language."""
    known = {
        word.lower(): field
        for field in kind.fields
        for word in (field.label.en, field.label.zh, field.name)
    }
    columns: dict[int, tuple[str, Field | None]] = {}
    for index, cell in enumerate(header):
        text = str(cell).strip()
        field = known.get(text.lower().rstrip("*").strip())
        if text:
            columns[index] = (field.name if field else text, field)
    return columns


def _value(field: Field | None, cell: Any) -> Any:  # noqa: ANN401 - whatever is there
    if isinstance(cell, str):
        cell = cell.strip()
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if field is None:
        return cell
    if field.kind == FLAG:
        return _FLAGS.get(str(cell).lower(), cell)
    if field.kind == WORDS:
        words = str(cell).translate(_SEPARATORS).split("|")
        return [word.strip() for word in words if word.strip()]
    if isinstance(cell, bool):
        return cell
    return _number(cell) if field.kind in (WHOLE, DECIMAL) else str(cell)


def _number(cell: Any) -> Any:  # noqa: ANN401 - whatever is there
    """Read digits typed as text, which is how many sheets hold them."""
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return cell
    return int(number) if number.is_integer() else number
