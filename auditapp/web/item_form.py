"""An item as fields: written as in the exported workbook, read back the same way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditapp.domain.checklist_document import expanded
from auditapp.domain.document_merge import Conflict
from auditapp.domain.draft_edits import pointer_of
from auditapp.domain.errors import Problem
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.columns import Column, columns_of
from auditapp.gateways.standard_files.names import CellFaultError
from auditapp.gateways.standard_files.notations import from_cell, to_cell
from auditapp.gateways.standard_files.option_lines import OptionLines
from auditapp.web.frame import in_language
from auditapp.web.language import choose_language

Document = Mapping[str, Any]

LONGEST_FIELD = 4000
# keys that need more than a line; the rest are short or chosen
_LONG = frozenset(
    {
        "zh",
        "en",
        "guide_zh",
        "guide_en",
        "overrides",
        "bands_when",
        "options",
        "ask_if",
        "anchors_zh",
        "anchors_en",
        "answer_zh",
        "answer_en",
        "sms_zh",
        "sms_en",
    }
)
_ELSEWHERE = frozenset({"id"})
_OPTION_NOTE = Text(
    "每行一个选项“编号 = 分数 | 中文 | 英文”，或只写选项组的名称",
    "one option a line, “id = points | Chinese | English”, or the name of a set",
)


@dataclass(frozen=True, slots=True)
class ItemField:
    """One key of an item as its page draws it."""

    key: str
    label: str
    hint: str
    value: str
    inherited: str  # what holds when the field is left empty
    choices: tuple[tuple[str, str], ...]
    is_long: bool
    faults: tuple[str, ...]


def item_columns(words: Vocabulary) -> list[Column]:
    """Return the columns of an item; its options are lines here."""
    return [
        replace(column, notation=OptionLines(), note=_OPTION_NOTE)
        if column.key == "options"
        else column
        for column in columns_of(words).items
        if column.key not in _ELSEWHERE
    ]


def fields_of(
    item: Document,
    around: tuple[Document, Document],
    words: Vocabulary,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, list[str]] | None = None,
) -> list[ItemField]:
    """Return an item's fields; ``typed`` is what a form holds, ``around`` the defaults.

    Section and document, in this order.
    """
    language = choose_language()
    section, document = around
    bare = {"id": item["id"]}
    inherited = expanded(bare, section, document)
    return [
        ItemField(
            key=column.key,
            label=in_language(column.label),
            hint=in_language(column.note) if column.note else "",
            value=(
                typed.get(column.key, "")
                if typed is not None
                else _cell(column, item, language)
            ),
            inherited=_cell(column, inherited, language),
            choices=_choices(column, language),
            is_long=column.key in _LONG,
            faults=tuple((faults or {}).get(column.key, ())),
        )
        for column in item_columns(words)
    ]


def read_item(
    item: Document, typed: Mapping[str, str], words: Vocabulary
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the item as typed, and what could not be read by key.

    Keys without a field stay; an empty field leaves its key to the defaults.
    """
    changed, faults = dict(item), dict[str, list[str]]()
    language = choose_language()
    for column in item_columns(words):
        if column.key not in typed:
            continue
        text = typed[column.key].replace("\r\n", "\n").strip()[:LONGEST_FIELD]
        # what was not touched keeps its exact value
        if text == _cell(column, item, language).strip():
            continue
        changed.pop(column.key, None)
        if text:
            try:
                changed[column.key] = from_cell(column.notation, _typed(text))
            except CellFaultError as error:
                faults[column.key] = [in_language(error.text)]
    return changed, faults


def faults_by_field(
    problems: Iterable[Problem], document: Document, item_id: str
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the rules' sentences by field, and those about the rest of the item."""
    own = pointer_of(document, item_id)
    by_field: dict[str, list[str]] = {}
    others = []
    for problem in problems:
        if own is None or not f"{problem.pointer}/".startswith(f"{own}/"):
            continue
        key = problem.pointer.removeprefix(own).strip("/").split("/")[0]
        if key:
            by_field.setdefault(key, []).append(in_language(problem.text))
        else:
            others.append(in_language(problem.text))
    return by_field, others


def conflict_lines(
    conflicts: Iterable[Conflict], words: Vocabulary
) -> list[dict[str, str]]:
    """Return both versions of every field that two people changed."""
    columns = {column.key: column for column in item_columns(words)}
    language = choose_language()
    lines = []
    for each in conflicts:
        column = columns.get(each.place[-1])
        key = each.place[-1]
        lines.append(
            {
                "name": in_language(column.label) if column else key,
                "theirs": _cell(column, {key: each.theirs}, language) if column else "",
                "mine": _cell(column, {key: each.mine}, language) if column else "",
            }
        )
    return lines


def _cell(column: Column, item: Document, language: str) -> str:
    value = item.get(column.key)
    return "" if value is None else str(to_cell(column.notation, value, language))


def _choices(column: Column, language: str) -> tuple[tuple[str, str], ...]:
    if column.book is None:
        return ()
    said = (column.book.say(word, language) for word in column.book.names)
    return tuple((text, text) for text in said)


def _typed(text: str) -> str | int | float:
    """Return a number where only a number was typed, as a workbook would hold it."""
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
