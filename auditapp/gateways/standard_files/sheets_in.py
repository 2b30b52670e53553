"""Our own workbook back into a checklist's document.

What a file has no sheet or no column for is taken from the version that it is compared
with: a missing column leaves its key alone, an empty cell removes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.columns import TIER, Columns, columns_of
from auditapp.gateways.standard_files.head_in import read_head, read_origin, read_words
from auditapp.gateways.standard_files.model import (
    Document,
    Note,
    Place,
    ReadStandard,
)
from auditapp.gateways.standard_files.options_in import OptionRows, read_options
from auditapp.gateways.standard_files.reading import ReadRow, ReadSheet, find_sheet
from auditapp.gateways.standard_files.rows import Rows
from auditapp.gateways.standard_files.sheet_titles import find_title
from auditapp.gateways.standard_files.tables import items_columns

NO_ITEMS = Text(
    "这个工作簿里没有“项目”页，也没有XLSForm的survey页。请从导出的文件改起。",
    "The workbook has no sheet “Items” and no XLSForm sheet “survey”. Start from a file"
    " that was exported here.",
)


def read_workbook_tables(
    sheets: Mapping[str, Rows], vocabulary: Vocabulary, base: Document
) -> ReadStandard:
    """Return the checklist of a workbook; ``base`` is what it is compared with.

    Raises:
        InvalidError: There is no sheet of items.
    """
    return _Workbook(sheets, columns_of(vocabulary), base).read()


@dataclass(slots=True)
class _Workbook:
    sheets: Mapping[str, Rows]
    columns: Columns
    base: Document
    faults: list[Problem] = field(default_factory=list)
    left_out: list[Note] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def read(self) -> ReadStandard:
        sections = self._sections()
        sheet = self._sheet("items", items_columns(self.columns, sections))
        if sheet is None:
            raise InvalidError([Problem("", "no-items", NO_ITEMS)])
        head = read_head(self.sheets, self.columns, self.base)
        self.faults += head.faults
        self.left_out += head.left_out
        self.places |= head.places
        options = self._options()
        document = dict(head.document)
        if options.sets is not None:
            document.pop("option_sets", None)
            if options.sets:
                document["option_sets"] = options.sets
        elif "option_sets" in self.base and "option_sets" not in document:
            document["option_sets"] = self.base["option_sets"]
        document["sections"] = sections
        _Items(self, sheet, options, sections).read()
        return ReadStandard(
            document,
            read_origin(self.sheets),
            tuple(self.faults),
            tuple(self.left_out),
            self.places,
            read_words(self.sheets),
        )

    def _sheet(self, name: str, columns: Sequence[Any]) -> ReadSheet | None:
        title = find_title(self.sheets, name)
        found = find_sheet(title, self.sheets[title], columns) if title else None
        if found is not None:
            self.left_out += found.left_out
        return found

    def _sections(self) -> list[Document]:
        """Return the sections, without their items yet."""
        sheet = self._sheet("sections", self.columns.sections)
        old = {section["id"]: section for section in self.base.get("sections", ())}
        if sheet is None:
            return [{**section, "items": []} for section in old.values()]
        sections: list[Document] = []
        for row in sheet.read():
            pointer = f"/sections/{len(sections)}"
            held = old.get(row.values.get("id"), {})
            kept = {
                key: value
                for key, value in held.items()
                if key not in sheet.keys and key != "items"
            }
            sections.append({**kept, **row.values, "items": []})
            self.note(pointer, row)
        return sections

    def _options(self) -> OptionRows:
        sheet = self._sheet("options", self.columns.options)
        return read_options(sheet) if sheet is not None else OptionRows(None, None)

    def note(self, pointer: str, row: ReadRow) -> None:
        """Remember where a row and its cells stand, and what is wrong with them."""
        first = next(iter(row.cells.values()))
        self.places[pointer] = type(first)(first.sheet, row.number)
        for key, cell in row.cells.items():
            self.places[f"{pointer}/{key}"] = cell
        for key, text in row.faults.items():
            self.faults.append(Problem(f"{pointer}/{key}", "bad-cell", text))


@dataclass(slots=True)
class _Items:
    book: _Workbook
    sheet: ReadSheet
    options: OptionRows
    sections: list[Document]
    last: str = ""

    def read(self) -> None:
        """Put the items into their sections, in the order of the rows."""
        places = {section.get("id"): at for at, section in enumerate(self.sections)}
        old = {
            item["id"]: item
            for section in self.book.base.get("sections", ())
            for item in section["items"]
        }
        for row in self.sheet.read():
            at = places.get(self._section_of(row), 0)
            items = self.sections[at]["items"] if self.sections else []
            pointer = f"/sections/{at}/items/{len(items)}"
            items.append(self._item(pointer, row, old))
            self.book.note(pointer, row)
        for row_owner, rows in (self.options.items or {}).items():
            if row_owner not in self.used:
                self._stray(row_owner, rows[0])

    used: set[str] = field(default_factory=set)

    def _section_of(self, row: ReadRow) -> str:
        """Return a row's section; merged cells and empty ones are as above."""
        if "section" in row.faults:
            return self.last
        if "section" in row.values:
            self.last = row.values["section"]
        elif "section" not in self.sheet.keys:
            held = (
                section["id"]
                for section in self.book.base.get("sections", ())
                if any(i["id"] == row.values.get("id") for i in section["items"])
            )
            self.last = next(held, self.last)
        if not self.last:
            row.faults["section"] = _NO_SECTION
        return self.last

    def _item(
        self, pointer: str, row: ReadRow, old: Mapping[str, Document]
    ) -> Document:
        values = dict(row.values)
        values.pop("section", None)
        item_id = values.get("id")
        if item_id is None:
            row.faults["id"] = _NO_ID
        held = old.get(item_id or "", {})
        item = {k: v for k, v in held.items() if k not in self._known(held)}
        tiers = {k.removeprefix(TIER): v for k, v in values.items() if TIER in k}
        item |= {k: v for k, v in values.items() if TIER not in k}
        if tiers:
            is_all = set(tiers.values()) == {"all"}
            item["applies"] = "all" if is_all else tiers
        self._take_options(pointer, item)
        return item

    def _known(self, held: Document) -> set[str]:
        """Return the keys that this file decides."""
        known = self.sheet.keys
        if any(key.startswith(TIER) for key in known):
            known = known | {"applies"}
        if self.options.items is not None and isinstance(held.get("options"), list):
            known = known | {"options"}
        return known

    def _take_options(self, pointer: str, item: Document) -> None:
        rows = (self.options.items or {}).get(item.get("id", ""), [])
        if not rows:
            return
        self.used.add(item["id"])
        item["options"] = [row.values for row in rows]
        for index, row in enumerate(rows):
            self.book.note(f"{pointer}/options/{index}", row)

    def _stray(self, owner: str, row: ReadRow) -> None:
        pointer = f"/stray/{row.number}"
        self.book.places[pointer] = row.cells["item"]
        text = Text(
            f"“项目”页里没有编号“{owner}”，请核对编号，或者删去这些选项。",
            f"The sheet of items has no id “{owner}”; check it, or delete these"
            " options.",
        )
        self.book.faults.append(Problem(pointer, "stray-options", text))


_NO_ID = Text(
    "这一行没有编号。请写一个没用过的编号：小写字母、数字和下划线，3至40个字符。",
    "The row has no id. Write one that was never used: small letters, digits and _, 3"
    " to 40 characters.",
)
_NO_SECTION = Text(
    "请写这个项目属于哪个环节。", "Say which section the item belongs to."
)
