"""Compile texts and templates, compress static files, where sources are newer."""

import gzip
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
# what explains a script need not travel to every phone; a test keeps texts that go
# over several lines, whose indentation would matter, out of static/js
COMMENT = re.compile(rb"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*$", re.DOTALL | re.MULTILINE)
CAST = re.compile(rb"/\*\* @[^\n]*?\*/ ?")
INDENTATION = re.compile(rb"^[ \t]+", re.MULTILINE)
COMPRESSED = {".js", ".css", ".svg", ".json", ".webmanifest"}


def is_stale(source: Path, target: Path) -> bool:
    """Tell whether ``target`` is missing or older than ``source``."""
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def compile_translations() -> None:
    """Write the .mo beside every .po."""
    for source in ROOT.glob("auditapp/translations/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if is_stale(source, target):
            with source.open("rb") as file:
                catalogue = read_po(file)
            with target.open("wb") as file:
                write_mo(file, catalogue)


def travelling(source: Path) -> bytes:
    """Return a file as it is sent: scripts without comments, line numbers unchanged."""
    data = source.read_bytes()
    if source.suffix != ".js":
        return data
    bare = COMMENT.sub(lambda found: b"\n" * found.group().count(b"\n"), data)
    return INDENTATION.sub(b"", CAST.sub(b"", bare))


def compress_static() -> None:
    """Write .br and .gz beside every text file that browsers load."""
    for source in (ROOT / "static").rglob("*"):
        if source.suffix not in COMPRESSED:
            continue
        data = travelling(source)
        for suffix, compress in ((".br", brotli.compress), (".gz", gzip.compress)):
            target = source.with_name(source.name + suffix)
            if is_stale(source, target):
                target.write_bytes(compress(data))


def compile_templates() -> None:
    """Write every template's code when one of them or a library is newer."""
    stamp = ROOT / "templates/.compiled.stamp"
    sources = [*(ROOT / "templates").rglob("*.html"), *ROOT.glob("requirements*.txt")]
    if not any(is_stale(source, stamp) for source in sources):
        return
    # the server's own code knows best how it reads them; it takes seconds to load
    sys.path.insert(0, str(ROOT))
    from auditapp.factory import create_app  # noqa: PLC0415
    from auditapp.settings import Settings  # noqa: PLC0415
    from auditapp.web.compiled_templates import compile_all  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        environment = {"DATA_DIR": folder, "SECRET_KEY": "nothing is signed here" * 2}
        compile_all(create_app(Settings.from_environment(environment)))
    stamp.touch()


if __name__ == "__main__":
    compile_translations()
    compress_static()
    compile_templates()
