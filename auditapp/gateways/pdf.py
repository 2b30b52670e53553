"""PDF from HTML, made in a child that reaches nothing but what it was given."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

# by the clock on the wall; the child itself may use thirty seconds of a processor,
# which a low-priority worker on a busy machine gets late
PATIENCE_SECONDS = 60

_FOLDER = Path(__file__).parents[2] / "static/vendor/fonts"
# whole GBK subsets: from fonts sliced for the web WeasyPrint prints wrong characters
FONTS = {
    "regular": _FOLDER / "NotoSansSC-Regular-gbk.woff2",
    "bold": _FOLDER / "NotoSansSC-Bold-gbk.woff2",
}

_PROGRAM = Path(__file__).with_name("pdf_worker.py")


class PdfError(Exception):
    """No PDF came of it; the message is for the log."""


def render_pdf(
    html: str,
    css: str,
    photos: Mapping[str, bytes],
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> bytes:
    """Return the PDF of a page whose pictures are named ``photo:<name>``.

    The style sheet may name the fonts ``font:regular`` and ``font:bold``. Everything
    else that page, style or pictures ask for is not there, whatever its address.

    Raises:
        PdfError: It took too long or too much memory, or the page is beyond WeasyPrint.
    """
    parts = {"html": html.encode(), "css": css.encode(), **_named(photos)}
    header = {
        "parts": {name: len(part) for name, part in parts.items()},
        "fonts": {name: str(path) for name, path in FONTS.items()},
    }
    with TemporaryDirectory(prefix="auditapp-pdf-") as folder:
        try:
            child = subprocess.run(  # noqa: S603 (our own program)
                [sys.executable, "-I", str(_PROGRAM)],
                input=json.dumps(header).encode() + b"\n" + b"".join(parts.values()),
                capture_output=True,
                check=False,
                cwd=folder,
                env={"HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"},
                timeout=patience_seconds,
            )
        except subprocess.TimeoutExpired as error:
            message = f"not done in {patience_seconds} s"
            raise PdfError(message) from error
    if child.returncode or not child.stdout.startswith(b"%PDF-"):
        last_words = child.stderr.decode(errors="replace")[-400:]
        message = f"the child ended with {child.returncode}: {last_words}"
        raise PdfError(message)
    return child.stdout


def _named(photos: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"photo:{name}": photo for name, photo in photos.items()}
