"""The choices of an XLSForm as options, by the name of their list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.checklist_rules.untranslated import in_both
from auditapp.domain.text import Text
from auditapp.gateways.standard_files.columns import Columns
from auditapp.gateways.standard_files.model import CellAt, Document
from auditapp.gateways.standard_files.names import CellFaultError
from auditapp.gateways.standard_files.notations import from_cell
from auditapp.gateways.standard_files.xlsform_book import OURS
from auditapp.gateways.standard_files.xlsform_notes import Findings
from auditapp.gateways.standard_files.xlsform_rows import FormRow, FormSheet

_YES = {"yes", "y", "oui", "si", "sí", "sim", "ja", "ya", "1", "true", "是", "有"}
_NO = {"no", "n", "non", "não", "nao", "nein", "tidak", "0", "2", "false", "否", "没有"}
_TWICE = Text("同一个列表里编号重复的选项", "choices whose name stands twice in a list")


@dataclass(slots=True)
class ChoiceList:
    """One list: its options, where they stand, and the option set that it was."""

    options: list[Document] = field(default_factory=list)
    places: list[CellAt] = field(default_factory=list)
    set_name: str = ""

    @property
    def is_yes_no(self) -> bool:
        """Whether it only asks yes or no, whatever the language."""
        names = [str(option["id"]).casefold() for option in self.options]
        two = len(names) == 2  # noqa: PLR2004
        return (
            two
            and {names[0] in _YES, names[1] in _YES} == {True, False}
            and any(name in _NO for name in names)
        )

    @property
    def is_scale(self) -> bool:
        """Whether it asks for a step from 1 to 5."""
        return [option["id"] for option in self.options] == ["1", "2", "3", "4", "5"]


def read_choices(
    sheet: FormSheet, columns: Columns, findings: Findings
) -> dict[str, ChoiceList]:
    """Return every list of choices."""
    lists: dict[str, ChoiceList] = {}
    for row in sheet.rows:
        name, option_id = row.get("list_name"), row.get("name")
        if not name:
            continue
        if not option_id:
            findings.refuse(
                row.at("name"),
                "这个选项没有name，请写一个。",
                "The choice has no name; write one.",
            )
            continue
        found = lists.setdefault(name, ChoiceList())
        if any(option["id"] == option_id for option in found.options):
            findings.leave_out(_TWICE, row.at("name"))
            continue
        found.options.append(_option(row, option_id, columns, findings))
        found.places.append(row.at("name"))
        found.set_name = row.get(OURS + "set") or found.set_name
    return lists


def completed(option: Document, held: Mapping[str, Any]) -> Document:
    """Return an option with what the form did not say of it.

    Where no version has it, it scores 0, which the notes say.
    """
    kept = {key: held[key] for key in ("score", "cause", "key") if key in held}
    return {**({"score": 0} if "score" not in option else {}), **kept, **option}


def _option(
    row: FormRow, option_id: str, columns: Columns, findings: Findings
) -> Document:
    texts = row.said("label")
    option: Document = {"id": option_id, **in_both(texts, option_id)}
    for column in columns.options:
        cell = row.get(OURS + column.key)
        if cell and column.key in ("score", "cause", "key"):
            try:
                option[column.key] = from_cell(column.notation, cell)
            except CellFaultError as fault:
                place = row.at(OURS + column.key)
                findings.refuse(place, fault.text.zh, fault.text.en)
    return option
