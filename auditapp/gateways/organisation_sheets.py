"""The organisation as a workbook to fill in: lists to choose from, hints, notes."""

from pathlib import Path
from typing import Any

import xlsxwriter

from auditapp.domain.organisation import (
    CHOICE,
    DECIMAL,
    FLAG,
    KINDS,
    WHOLE,
    Document,
    Field,
    Kind,
)
from auditapp.domain.organisation_rules import known_words
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary

CHECKED_ROWS = 5000
LONGEST_LIST = 255  # characters; Excel refuses a longer list within a cell's rule
_YES_NO = ("是", "否"), ("yes", "no")


def write_organisation(
    path: Path, document: Document, vocabulary: Vocabulary, language: str
) -> None:
    """Write a workbook with one sheet per kind; an empty document is a template.

    Texts are written as texts, so that none is ever taken for a formula.
    """
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        header = workbook.add_format(
            {"bold": True, "bg_color": "#E6EEF0", "bottom": 1, "text_wrap": True}
        )
        _write_notes(workbook, header, vocabulary, language)
        for kind in KINDS:
            sheet = workbook.add_worksheet(kind.label.in_language(language))
            sheet.freeze_panes(1, 1)
            entries = document.get(kind.name, [])
            for column, field in enumerate(kind.fields):
                is_needed = "*" if field.is_needed else ""
                label = f"{field.label.in_language(language)}{is_needed}"
                sheet.write_string(0, column, label, header)
                sheet.set_column(column, column, max(12, 2 * len(label)))
                _add_rule(sheet, column, field, vocabulary, language)
                for row, entry in enumerate(entries, start=1):
                    _write(sheet, row, column, entry.get(field.name), language)


def _write_notes(
    workbook: Any,  # noqa: ANN401 - the library is untyped
    header: Any,  # noqa: ANN401
    vocabulary: Vocabulary,
    language: str,
) -> None:
    titles = [
        Text("工作表", "Sheet"),
        Text("字段", "Field"),
        Text("必填", "Needed"),
        Text("怎么填", "What to write"),
    ]
    sheet = workbook.add_worksheet(Text("说明", "Notes").in_language(language))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 2, 14)
    sheet.set_column(3, 3, 100)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title.in_language(language), header)
    row = 0
    for kind in KINDS:
        for field in kind.fields:
            row += 1
            for column, text in enumerate(_note(kind, field, vocabulary)):
                sheet.write_string(row, column, text.in_language(language))


def _note(kind: Kind, field: Field, vocabulary: Vocabulary) -> list[Text]:
    said = [field.note] if field.note else []
    if field.words:
        words = known_words(field, vocabulary).items()
        said.append(
            Text(
                "，".join(f"{key}＝{name.zh}" for key, name in words),
                ", ".join(f"{key} = {name.en}" for key, name in words),
            )
        )
    if field.refers:
        kind_named = next(k for k in KINDS if k.name == field.refers).label
        said.append(
            Text(
                f"“{kind_named.zh}”页的编号", f"an id from the sheet “{kind_named.en}”"
            )
        )
    if field.high:
        said.append(Text(*[f"{field.low}–{field.high}"] * 2))
    return [
        kind.label,
        field.label,
        Text("是", "yes") if field.is_needed else Text("", ""),
        Text("；".join(t.zh for t in said), "; ".join(t.en for t in said)),
    ]


def _add_rule(
    sheet: Any,  # noqa: ANN401 - the library is untyped
    column: int,
    field: Field,
    vocabulary: Vocabulary,
    language: str,
) -> None:
    rule: dict[str, Any] = {"ignore_blank": True}
    choices = list(known_words(field, vocabulary)) if field.kind == CHOICE else []
    if field.kind == FLAG:
        choices = list(_YES_NO[language == "en"])
    if choices and len(",".join(choices)) <= LONGEST_LIST:
        rule |= {"validate": "list", "source": choices}
    elif field.kind in (WHOLE, DECIMAL):
        rule |= {
            "validate": "integer" if field.kind == WHOLE else "decimal",
            "criteria": "between",
            "minimum": field.low,
            "maximum": field.high,
        }
    elif field.note:
        rule |= {"validate": "any"}
    else:
        return
    if field.note:
        rule["input_title"] = field.label.in_language(language)
        rule["input_message"] = field.note.in_language(language)
    sheet.data_validation(1, column, CHECKED_ROWS, column, rule)


def _write(sheet: Any, row: int, column: int, value: Any, language: str) -> None:  # noqa: ANN401
    if isinstance(value, bool):
        yes, no = _YES_NO[language == "en"]
        sheet.write_string(row, column, yes if value else no)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, list):
        sheet.write_string(row, column, "|".join(value))
    elif value is not None:
        sheet.write_string(row, column, value)
