"""Tiers and traits of halls as a table: one row per hall, one column per trait.

A column that is not there is left alone, and so is an empty cell.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from auditapp.domain.errors import Problem
from auditapp.domain.spreadsheet_cells import as_said
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary, Words

HALL_TITLES = {"厅编号": "zh", "hall id": "en", "hall_id": "", "hall": ""}
TIER_TITLES = {"等级": "zh", "tier": "en"}
LEFT_ALONE = frozenset({"名称", "name", "大区", "region", "城市", "city"})
YES = frozenset({"是", "有", "yes", "y", "1", "1.0", "true", "x", "✓", "√"})
NO = frozenset({"否", "无", "no", "n", "0", "0.0", "false", "-"})
MOST_PROBLEMS = 100

Row = tuple[int, Sequence[str]]  # its number in the file, its cells


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What a row says a hall is to be; ``traits`` only those that it speaks of."""

    hall_id: str
    tier: str | None
    traits: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class PlaceSheet:
    """The rows that were understood, and what stands against the others."""

    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...]


def read_place_sheet(
    rows: Iterable[Row], vocabulary: Vocabulary, halls: Collection[str]
) -> PlaceSheet:
    """Return what a table says; every problem names its row, and column by title."""
    lines = iter(rows)
    _number, header = next(lines, (1, ()))
    reader = _Reader([_clean(cell) for cell in header], vocabulary, halls)
    found = []
    if not reader.problems:
        for number, cells in lines:
            row = reader.read(number, [_clean(cell) for cell in cells])
            if row is not None:
                found.append(row)
    return PlaceSheet(tuple(found), tuple(reader.problems[:MOST_PROBLEMS]))


class _Reader:
    """Knows the columns, and the halls that were named already."""

    def __init__(
        self, titles: Sequence[str], vocabulary: Vocabulary, halls: Collection[str]
    ) -> None:
        self.vocabulary, self.halls = vocabulary, halls
        self.titles = titles
        self.problems: list[Problem] = []
        self.seen: dict[str, int] = {}
        self.hall_at = _place(titles, HALL_TITLES)
        self.tier_at = _place(titles, TIER_TITLES)
        named = _called(vocabulary.traits)
        known = {*HALL_TITLES, *TIER_TITLES, *LEFT_ALONE, ""}
        self.trait_at = {
            place: named[title.lower()]
            for place, title in enumerate(titles)
            if title.lower() in named
        }
        self.tiers = _called(vocabulary.tiers)
        if self.hall_at is None:
            self.problems.append(Problem("/1", "no-hall-column", _NO_HALL_COLUMN))
        for title in titles:
            if title.lower() not in known | named.keys():
                self._add(1, "unknown-column", _unknown_column(title))

    def read(self, number: int, cells: Sequence[str]) -> SheetRow | None:
        """Return what a row says; None when it says nothing or cannot be taken."""
        if not any(cells):
            return None
        hall_id = self._cell(cells, self.hall_at)
        if hall_id not in self.halls:
            self._add(number, "unknown-hall", _unknown_hall(hall_id))
            return None
        if hall_id in self.seen:
            self._add(number, "named-twice", _twice(hall_id, self.seen[hall_id]))
            return None
        self.seen[hall_id] = number
        return SheetRow(hall_id, self._tier(number, cells), self._traits(number, cells))

    def _tier(self, number: int, cells: Sequence[str]) -> str | None:
        said = self._cell(cells, self.tier_at)
        if said and said.lower() not in self.tiers:
            names = [word.name for word in self.vocabulary.tiers.values()]
            self._add(number, "unknown-tier", _unknown_tier(said, names))
        return self.tiers.get(said.lower())

    def _traits(self, number: int, cells: Sequence[str]) -> dict[str, bool]:
        found = {}
        for place, trait in self.trait_at.items():
            said = self._cell(cells, place).lower()
            if said in YES or said in NO:
                found[trait] = said in YES
            elif said:
                self._add(number, "no-flag", _no_flag(self.titles[place], said))
        return found

    def _cell(self, cells: Sequence[str], place: int | None) -> str:
        return cells[place] if place is not None and place < len(cells) else ""

    def _add(self, number: int, code: str, text: Text) -> None:
        self.problems.append(Problem(f"/{number}", code, text))


def _clean(cell: str) -> str:
    return as_said(cell).strip()


def _place(titles: Sequence[str], wanted: Collection[str]) -> int | None:
    return next((n for n, title in enumerate(titles) if title.lower() in wanted), None)


def _called(words: Words) -> dict[str, str]:
    """Return the words by id and by both names, in small letters."""
    return {
        called.lower(): key
        for key, word in words.items()
        for called in (key, word.name.zh, word.name.en)
    }


_NO_HALL_COLUMN = Text(
    "第一行没有“厅编号”这一列。请从这里下载表格，在上面修改。",
    "The first row has no column “Hall id”. Download the table here and change that.",
)


def _unknown_column(title: str) -> Text:
    return Text(
        f"不认识“{title}”这一列。请改成特征的名称，或者删掉这一列。",
        f"The column “{title}” is unknown. Give it a trait's name, or delete it.",
    )


def _unknown_hall(hall_id: str) -> Text:
    return Text(
        f"没有编号为“{hall_id}”的营业厅，或者它已停用。",
        f"There is no open hall with the id “{hall_id}”.",
    )


def _twice(hall_id: str, number: int) -> Text:
    return Text(
        f"“{hall_id}”在第{number}行已经写过，请只留一行。",
        f"“{hall_id}” stands in row {number} already; leave one of them.",
    )


def _unknown_tier(said: str, names: Sequence[Text]) -> Text:
    return Text(
        f"没有“{said}”这个等级，请写：{'、'.join(name.zh for name in names)}。",
        f"There is no tier “{said}”. Write one of: "
        f"{', '.join(name.en for name in names)}.",
    )


def _no_flag(title: str, said: str) -> Text:
    return Text(
        f"“{title}”写的是“{said}”，请写“是”或“否”，不改就留空。",
        f"“{title}” says “{said}”. Write yes or no, or leave it empty to change"
        " nothing.",
    )
