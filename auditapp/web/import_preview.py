"""How a file is understood, shown on its first rows before anything is taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from auditapp.domain.customer_import import (
    ImportField,
    import_fields,
    mapping_problems,
)
from auditapp.domain.import_faults import cut, fault_text
from auditapp.domain.import_rows import ImportedResponse, ImportPlan, ResponseReader
from auditapp.domain.month import local_date
from auditapp.domain.phone_number import masked
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.text_tables import TextLayout, read_records
from auditapp.reads.imports import ImportPage
from auditapp.reads.words import find_words
from auditapp.services.import_ground import (
    Understood,
    current_script,
    load_ground,
    understand,
)
from auditapp.web.frame import in_language, tenths
from auditapp.web.language import choose_language

SHOWN_ROWS = 10
SAMPLE_ROWS = 200
EXAMPLES = 3
MILLI_PER_TENTH = 100

NameFaults = Callable[[list[str], dict[str, list[int]]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: its heading, some values, and what it is taken for."""

    heading: str
    examples: str
    field: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it would be taken; ``reasons`` are why it would not."""

    number: int
    hall_id: str
    day: str
    business: str
    number_masked: str
    score: str
    said: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file is taken for, on its first rows."""

    columns: list[Column]
    fields: list[ImportField]
    problems: list[str]
    rows: list[Row]
    good: int
    bad: int
    faults: list[dict[str, Any]]


def make_preview(
    database: Any,  # noqa: ANN401 (a session; views know no more)
    page: ImportPage,
    path: Path,
    name_faults: NameFaults,
    *,
    now: datetime,
) -> Preview:
    """Read the first rows of a file in the light of its columns."""
    told, source = page.reading, page.line.source
    script = current_script(database, source, now)
    layout = TextLayout(told["encoding"], told["separator"])
    problems = mapping_problems(told["columns"], script)
    sample: list[Understood] = []
    words = find_words(database)
    if not problems:
        ground = load_ground(database, source, local_date(page.line.requested_at))
        plan = ImportPlan(tuple(told["columns"]), told["rating_scale"])
        rows = understand(
            path, layout, told["heading_row"], ResponseReader(plan, ground)
        )
        sample = list(islice(rows, SAMPLE_ROWS))
    good = sum(row.response is not None for row in sample)
    return Preview(
        columns=_columns(path, layout, told),
        fields=import_fields(script),
        problems=[in_language(problem.text) for problem in problems],
        rows=[
            _row(each, told["heading"], script, words) for each in sample[:SHOWN_ROWS]
        ],
        good=good,
        bad=len(sample) - good,
        faults=name_faults(told["heading"], _counted(sample)),
    )


def _columns(path: Path, layout: TextLayout, told: Any) -> list[Column]:  # noqa: ANN401
    first = told["heading_row"]
    records = list(islice(read_records(path, layout), first, first + EXAMPLES))
    return [
        Column(title, _examples([record.cells for record in records], index), field)
        for index, (title, field) in enumerate(
            zip(told["heading"], told["columns"], strict=True)
        )
    ]


def _examples(rows: list[list[str]], index: int) -> str:
    values = [cut(row[index]) for row in rows if index < len(row)]
    return " · ".join(value for value in values if value)


def _row(
    each: Understood,
    heading: list[str],
    script: Any,  # noqa: ANN401
    words: Vocabulary | None,
) -> Row:
    found, language = each.response, choose_language()
    if found is None:
        reasons = [fault_text(fault, heading, language) for fault in each.faults]
        return Row(each.record.number, "", "", "", "", "", "", reasons)
    return Row(
        number=each.record.number,
        hall_id=found.hall_id,
        day=found.happened_on.isoformat(),
        business=_business(found.business or "", words),
        number_masked=masked(found.number) if found.number else "",
        score=tenths((found.score.score_milli + 50) // MILLI_PER_TENTH),
        said=_said(found, script),
        reasons=[],
    )


def _business(business: str, words: Vocabulary | None) -> str:
    known = words.scenarios if words else {}
    return in_language(known[business].name) if business in known else business


def _said(found: ImportedResponse, script: Any) -> str:  # noqa: ANN401
    """Say every answer after its question's short name."""
    parts = []
    for item in script["items"]:
        if item["id"] in found.answers:
            value = found.answers[item["id"]]
            chosen = [o for o in item.get("options", ()) if o["id"] == value]
            shown = in_language(chosen[0]) if chosen else str(value)
            parts.append(f"{in_language(item.get('short') or item)} {shown}")
    return " · ".join([*parts, cut(found.words)] if found.words else parts)


def _counted(sample: Sequence[Understood]) -> dict[str, list[int]]:
    counts: dict[str, list[int]] = {}
    for row in sample:
        for fault in row.faults:
            column = "" if fault.column is None else fault.column
            key = f"{column} {fault.code}"
            counts.setdefault(key, [0, row.record.number])[0] += 1
    return counts
