"""Excel workbooks from outside, read only after they were measured."""

import re
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineWorkbook

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text

LARGEST_FILE_BYTES = 32 * 2**20
LARGEST_UNPACKED_BYTES = 256 * 2**20
# Source: PyPI's limit for uploads, 50× above 64 MiB; sheets of equal rows pack densely
HIGHEST_RATIO = 50
FREE_OF_RATIO_BYTES = 64 * 2**20
LARGEST_TEXT_BYTES = 2**30
WORKBOOK_PART = "xl/workbook.xml"
MOST_ENTRIES = 500
REACH = 200_000, 64

Reach = tuple[int, int]  # rows, columns
Cell = str | float | bool | None
Sheet = list[list[Any]]

_SHARED = re.compile(rb"\bt=[\"']s[\"']")
CELL = re.compile(rb"\br=[\"']([A-Za-z]{1,7})([0-9]{1,10})[\"']")


class UnreadableSheetError(InvalidError):
    """The file is no workbook that can be read; the sentence says what to do."""

    code = "unreadable-sheet"

    def __init__(self, text: Text) -> None:
        super().__init__([Problem("", self.code, text)])


NO_WORKBOOK = Text(
    "这不是能读的 Excel 工作簿。请另存为“Excel 工作簿（.xlsx）”，不要加密码。",
    "This is no workbook that can be read. Save it as “Excel workbook (.xlsx)” without"
    " a password.",
)
TOO_LARGE = Text(
    "工作簿太大，或者有一页用到了很远的行列。请把数据复制到新的模板里。",
    "The workbook is too large, or a sheet uses cells very far out. Copy the data into"
    " a new template.",
)


def read_workbook(content: bytes) -> dict[str, Sheet]:
    """Return the rows of every sheet, the first row and column being row 1 and A.

    Raises:
        UnreadableSheetError: It is no workbook, or unpacks to more than is sane.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise UnreadableSheetError(TOO_LARGE)
    try:
        measure(content)
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            return {
                name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in workbook.sheet_names
            }
    except (UnreadableSheetError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise UnreadableSheetError(NO_WORKBOOK) from error


def measure(
    content: bytes,
    *,
    has_memory_limit: bool = False,
    reach: Reach = REACH,
    part: str = WORKBOOK_PART,
    cell: re.Pattern[bytes] = CELL,
) -> None:
    """Refuse what would fill the memory: bombs, and sheets that are mostly nothing.

    The reader lays each sheet out as a full rectangle, so one cell in the far corner
    costs as much as seventeen thousand million. ``has_memory_limit`` says that the
    kernel watches how much the texts of shared cells take; ``reach`` is the farthest
    row and column, ``part`` what makes the archive a workbook, ``cell`` what
    counts as one.

    Raises:
        UnreadableSheetError: It is no workbook, or unpacks to more than is sane.
    """
    try:
        archive = ZipFile(BytesIO(content))
    except (BadZipFile, ValueError) as error:
        raise UnreadableSheetError(NO_WORKBOOK) from error
    with archive:
        entries = archive.infolist()
        if part not in archive.namelist():
            raise UnreadableSheetError(NO_WORKBOOK)
        unpacked = sum(entry.file_size for entry in entries)
        is_bomb = unpacked > max(FREE_OF_RATIO_BYTES, HIGHEST_RATIO * len(content))
        if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED_BYTES or is_bomb:
            raise UnreadableSheetError(TOO_LARGE)
        cells, longest = 0, 0
        for entry in entries:
            data = _unpacked(archive, entry)
            if any(_is_far(found.groups(), reach) for found in cell.finditer(data)):
                raise UnreadableSheetError(TOO_LARGE)
            if has_memory_limit:
                continue
            cells += len(_SHARED.findall(data))
            longest = max(longest, *map(len, data.split(b"<")))
        # every cell gets its own copy of the text that it shares with others
        if cells * longest > LARGEST_TEXT_BYTES:
            raise UnreadableSheetError(TOO_LARGE)


def _unpacked(archive: ZipFile, entry: ZipInfo) -> bytes:
    """Return a part of the archive, of which the directory may have lied."""
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise UnreadableSheetError(TOO_LARGE)
    return data


def _is_far(cell: tuple[bytes, ...], reach: Reach) -> bool:
    letters, row = cell
    return int(row) > reach[0] or _column_number(letters) > reach[1]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def column_letters(index: int) -> str:
    """Return the letters of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
