"""Workbooks from outside, read by a child that may not take much."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from auditapp.domain.errors import UnavailableError
from auditapp.domain.text import Text
from auditapp.gateways.response_files import (
    PATIENCE_SECONDS,
    ROOT,
    WAIT_SECONDS,
    give_way,
    turns,
)
from auditapp.gateways.sheet_worker import REFUSED
from auditapp.gateways.sheets import TOO_LARGE, UnreadableSheetError
from auditapp.gateways.standard_files.worker import LARGEST_FILE_BYTES

Rows = list[list[Any]]


def read_rows(content: bytes) -> dict[str, Rows]:
    """Return the rows of every sheet by its name, in the order of the workbook.

    Raises:
        UnreadableSheetError: It is no workbook, or too large; the problem says what to
            do.
        UnavailableError: Too many workbooks are being read just now.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise UnreadableSheetError(TOO_LARGE)
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "file.xlsx"), Path(folder, "rows.json")
        source.write_bytes(content)
        _convert(source, target)
        return dict(json.loads(target.read_text(encoding="utf-8")))


def _convert(source: Path, target: Path) -> None:
    if not turns.acquire(timeout=WAIT_SECONDS):
        raise UnavailableError
    program = "auditapp.gateways.standard_files.worker"
    try:
        child = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-m", program, source, target],
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
