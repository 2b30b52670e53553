"""Files of callbacks or feedback: CSV as it comes, workbooks turned into CSV first."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from auditapp.domain.errors import UnavailableError
from auditapp.domain.text import Text
from auditapp.gateways.sheet_worker import REFUSED
from auditapp.gateways.sheets import (
    NO_WORKBOOK,
    TOO_LARGE,
    UnreadableSheetError,
)
from auditapp.gateways.text_tables import TextLayout, find_layout

CSV, XLSX = "csv", "xlsx"
LARGEST_FILE_BYTES = 64 * 1024 * 1024
# by the clock on the wall; the child itself may use sixty seconds of a processor
PATIENCE_SECONDS = 90
CHILDREN = 2  # at once in a process; each may take 1.5 GB
WAIT_SECONDS = 30
ROOT = Path(__file__).parents[2]
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
turns = BoundedSemaphore(CHILDREN)

_OLD_WORKBOOK = Text(
    "这是旧格式的Excel文件（.xls），或者加了密码。"
    "请另存为“Excel 工作簿（.xlsx）”，不要加密码。",
    "This is an Excel file of the old kind (.xls), or it has a password. Save it as"
    " “Excel workbook (.xlsx)” without a password.",
)


@dataclass(frozen=True, slots=True)
class ResponseFile:
    """What a file turned out to be; its rows are text in this layout.

    ``sheet`` and ``other_sheets`` are of a workbook: which was read, which were not.
    """

    kind: str
    layout: TextLayout
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()


def examine_file(path: Path, rows: Path) -> ResponseFile:
    """Tell what a file is; of a workbook the rows are written to ``rows`` as CSV.

    Raises:
        InvalidError: It is no table that can be read; the problem says what to do.
        UnavailableError: Too many workbooks are being read just now.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head == _OLE:
        raise UnreadableSheetError(_OLD_WORKBOOK)
    if head != _ZIP:
        return ResponseFile(CSV, find_layout(path))
    said = _convert(path, rows)
    if not rows.stat().st_size:
        raise UnreadableSheetError(NO_WORKBOOK)
    layout = TextLayout("utf-8", ",")
    return ResponseFile(XLSX, layout, said["sheet"], tuple(said["others"]))


def _convert(path: Path, rows: Path) -> dict[str, Any]:
    if not turns.acquire(timeout=WAIT_SECONDS):
        raise UnavailableError
    try:
        child = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-m", "auditapp.gateways.sheet_worker", path, rows],
            capture_output=True,
            check=False,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
            timeout=PATIENCE_SECONDS,
            preexec_fn=give_way,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableSheetError(TOO_LARGE) from error
    finally:
        turns.release()
    if child.returncode == REFUSED:
        raise UnreadableSheetError(Text(**json.loads(child.stdout)))
    if child.returncode:  # the kernel has ended it: too much memory or time
        raise UnreadableSheetError(TOO_LARGE)
    said: dict[str, Any] = json.loads(child.stdout)
    return said


def give_way() -> None:
    """Let requests go first."""
    os.nice(10)
