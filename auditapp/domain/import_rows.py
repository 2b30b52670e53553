"""One row of an imported file turned into a customer's response, or into its faults."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditapp.domain.customer_import import (
    BUSINESS,
    DAY,
    HALL,
    ID,
    PHONE,
    SCORE,
    main_question,
)
from auditapp.domain.customer_response import ResponseScore, told_cause
from auditapp.domain.form import is_asked
from auditapp.domain.import_answers import (
    MOST_REMEMBERED,
    Reader,
    Remembering,
    answer_reader,
    read_number,
    read_short,
)
from auditapp.domain.import_days import read_day
from auditapp.domain.import_faults import ImportFault, UnreadableCellError
from auditapp.domain.phone_number import read_phone_number, without_numbers
from auditapp.domain.quick_scores import response_scorer
from auditapp.domain.rounding import FULL_MILLI, MILLI_PER_POINT
from auditapp.domain.scoring import FULL
from auditapp.domain.spreadsheet_cells import as_said

LONGEST_ID, LONGEST_BUSINESS = 100, 60
_MASKED = re.compile(r"[\d\s+-]*[*＊xX]{2,}[\d\s-]*", re.ASCII)
_SHORTENED = re.compile(r"\d(?:\.\d+)?e\+?\d{1,2}", re.ASCII | re.IGNORECASE)
_EMPTY = frozenset(
    {"", "-", "--", "/", "无", "空", "null", "NULL", "None", "N/A", "n/a"}
)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How a file is meant: a field's name for each column, and how far ratings go."""

    columns: tuple[str, ...]
    rating_scale: int


@dataclass(frozen=True, slots=True)
class ImportGround:
    """What rows are read against.

    ``halls`` are hall ids by number and by name, None for a name that several have;
    ``script_in`` returns what is in force in a month; ``businesses``
    are ids by id and name.
    """

    halls: Mapping[str, str | None]
    businesses: Mapping[str, str]
    script_in: Callable[[str], tuple[str, Mapping[str, Any]] | None]
    today: date


@dataclass(frozen=True, slots=True)
class ImportedResponse:
    """A sound row; ``number`` is ``+86…``, ``answers`` are by item id, not words."""

    own_id: str | None
    hall_id: str
    happened_on: date
    month: str
    business: str | None
    number: str | None
    version: str
    score: ResponseScore
    answers: dict[str, Any]
    words: str | None


class _Script:
    """One month's questions, ready to read and score answers."""

    def __init__(
        self, version: str, script: Mapping[str, Any], plan: ImportPlan
    ) -> None:
        self.version, self.script = version, script
        self.items = {item["id"]: item for item in script["items"]}
        self.readers = {
            name: Remembering(answer_reader(self.items[name], plan.rating_scale))
            for name in plan.columns
            if name in self.items
        }
        self.asked_if = [item for item in script["items"] if item.get("ask_if")]
        self._score = response_scorer(script)
        self._scores: dict[tuple[Any, ...], ResponseScore | None] = {}

    def score(self, answers: dict[str, Any]) -> ResponseScore | None:
        """Score answers; the same ones, of which feedback has many, once."""
        key = tuple(answers.items())
        if key in self._scores:
            return self._scores[key]
        score = self._score(answers)
        if len(self._scores) < MOST_REMEMBERED:
            self._scores[key] = score
        return score


class ResponseReader:
    """Reads the rows of one file; remembers what it has read before."""

    def __init__(self, plan: ImportPlan, ground: ImportGround) -> None:
        self._ground, self._plan = ground, plan
        self._columns = {name: i for i, name in enumerate(plan.columns) if name}
        self._answers = [
            (name, index)
            for name, index in self._columns.items()
            if name not in {ID, HALL, DAY, BUSINESS, PHONE, SCORE}
        ]
        self._scripts: dict[str, _Script | None] = {}
        self._months: dict[date, str] = {}
        self._days = Remembering(lambda text: read_day(text, ground.today))
        self._halls = Remembering(self._read_hall)
        self._businesses = Remembering(self._read_business)

    def read(
        self, cells: Sequence[str]
    ) -> tuple[ImportedResponse | None, list[ImportFault]]:
        """Return a row's response, or every fault of it."""
        faults: list[ImportFault] = []
        texts = [cell.strip() for cell in cells]
        width = len(self._plan.columns)
        if len(texts) > width and any(texts[width:]):
            extra = " ".join(texts[width:])
            return None, [ImportFault(None, "extra-cells", {"value": extra})]
        texts += [""] * (width - len(texts))
        hall_id = self._needed(HALL, self._halls.__getitem__, texts, faults)
        day = self._needed(DAY, self._days.__getitem__, texts, faults)
        own_id = self._optional(ID, _read_id, texts, faults)
        business = self._optional(BUSINESS, self._businesses.__getitem__, texts, faults)
        number = self._optional(PHONE, _read_phone, texts, faults)
        if day is None:
            return None, faults
        month = self._month_of(day)
        script = self._script_of(month)
        if script is None:
            code, facts = "no-checklist", {"value": month}
            return None, [*faults, ImportFault(self._columns[DAY], code, facts)]
        answers, words = self._read_answers(script, texts, faults)
        score = self._score(script, answers, texts, faults)
        if score is None or faults:
            return None, faults or [ImportFault(None, "nothing-said")]
        response = ImportedResponse(
            own_id=own_id or None,
            hall_id=hall_id,
            happened_on=day,
            month=month,
            business=business or None,
            number=number,
            version=script.version,
            score=score,
            answers=answers,
            words=words or None,
        )
        return response, faults

    def _read_answers(
        self, script: _Script, texts: list[str], faults: list[ImportFault]
    ) -> tuple[dict[str, Any], str]:
        answers: dict[str, Any] = {}
        words: list[str] = []
        for name, index in self._answers:
            text = texts[index]
            if text in _EMPTY:
                continue
            reader = script.readers.get(name)
            if reader is None:
                faults.append(ImportFault(index, "not-asked-then"))
                continue
            is_text = script.items[name]["kind"] == "text"
            said = as_said(text) if is_text else text
            value = _read(reader.__getitem__, said, index, faults)
            if is_text and value:
                words.append(value)
            elif value is not None and not is_text:
                answers[name] = value
        return _asked(script, answers), "\n".join(words)

    def _score(
        self,
        script: _Script,
        answers: dict[str, Any],
        texts: list[str],
        faults: list[ImportFault],
    ) -> ResponseScore | None:
        """Score the answers; a ready score, where the file has one, is what counts."""
        index = self._columns.get(SCORE)
        text = "" if index is None else texts[index]
        if index is None or text in _EMPTY:
            return script.score(answers)
        points = _read(lambda said: read_number(said, 0, FULL), text, index, faults)
        if points is None:
            return None
        milli = round(points * MILLI_PER_POINT)
        lost = {main_question(script.script): FULL_MILLI - milli}
        cause = told_cause(script.script, answers)
        return ResponseScore(milli, lost if milli < FULL_MILLI else {}, cause, ())

    def _month_of(self, day: date) -> str:
        month = self._months.get(day)
        if month is None:
            month = self._months[day] = f"{day:%Y-%m}"
        return month

    def _script_of(self, month: str) -> _Script | None:
        if month not in self._scripts:
            found = self._ground.script_in(month)
            self._scripts[month] = found and _Script(*found, self._plan)
        return self._scripts[month]

    def _needed(
        self, name: str, reader: Reader, texts: list[str], faults: list[ImportFault]
    ) -> Any:  # noqa: ANN401 (whatever the reader returns)
        index = self._columns[name]
        if not texts[index]:
            faults.append(ImportFault(index, "missing"))
            return None
        return _read(reader, as_said(texts[index]), index, faults)

    def _optional(
        self, name: str, reader: Reader, texts: list[str], faults: list[ImportFault]
    ) -> Any:  # noqa: ANN401
        index = self._columns.get(name)
        if index is None or texts[index] in _EMPTY:
            return None
        return _read(reader, as_said(texts[index]), index, faults)

    def _read_hall(self, text: str) -> str:
        halls = self._ground.halls
        name = text if text in halls else text.casefold()
        if name not in halls:
            raise UnreadableCellError(code="unknown-hall", value=text)
        hall_id = halls[name]
        if hall_id is None:
            raise UnreadableCellError(code="unclear-hall", value=text)
        return hall_id

    def _read_business(self, text: str) -> str:
        flat = read_short(text, LONGEST_BUSINESS, "long-text")
        return self._ground.businesses.get(flat.casefold()) or without_numbers(flat)


def _read(reader: Reader, text: str, column: int, faults: list[ImportFault]) -> Any:  # noqa: ANN401
    try:
        return reader(text)
    except UnreadableCellError as error:
        faults.append(ImportFault(column, error.code, error.facts))
        return None


def _read_id(text: str) -> str:
    return read_short(text, LONGEST_ID, "long-id")


def _read_phone(text: str) -> str | None:
    """Return a number, None for one that another system has masked already."""
    if _MASKED.fullmatch(text):
        return None
    number = read_phone_number(text.removesuffix(".0"))
    if number is None:
        is_shortened = _SHORTENED.fullmatch(text)
        raise UnreadableCellError(
            code="shortened-number" if is_shortened else "bad-number"
        )
    return number


def _asked(script: _Script, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers without those to questions that were not to be asked."""
    gone = {
        item["id"]
        for item in script.asked_if
        if item["id"] in answers
        and not is_asked(item, {k: {"value": answers.get(k)} for k in item["ask_if"]})
    }
    return {k: v for k, v in answers.items() if k not in gone} if gone else answers
