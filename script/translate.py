"""Collect every text of pages and commands, keep their Chinese, say what is missing."""

import fcntl
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
# Babel calls zh_CN “zh_Hans_CN”; the folder it falls back to is plain “zh”
CATALOGUE = ROOT / "auditapp/translations/zh/LC_MESSAGES/messages.po"
METHODS = [("auditapp/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "_l": None,
}
OPTIONS = {"templates/**.html": {"silent": "false"}}


def extracted() -> Catalog:
    """Return every message with the places it stands in."""
    catalogue = Catalog(project="auditapp")
    found = extract_from_dir(
        ROOT,
        METHODS,
        OPTIONS,
        keywords=KEYWORDS,
        directory_filter=lambda path: (
            Path(path).name
            not in {".venv", "node_modules", "var", ".git", "tests", "static"}
        ),
    )
    for filename, line, message, comments, context in found:
        catalogue.add(
            message, None, [(filename, line)], auto_comments=comments, context=context
        )
    return catalogue


def stored() -> Catalog:
    """Return the Chinese catalogue as it stands in the repository."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_CN", project="auditapp")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN")


def main() -> int:
    """Update the catalogue; fail when a text has no Chinese."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with (CATALOGUE.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        catalogue = stored()
        arguments = sys.argv[1:]
        if arguments[:1] == ["--set"]:
            for english, chinese in zip(arguments[1::2], arguments[2::2], strict=True):
                forms = tuple(english.split(" || "))  # one || many
                is_plural = len(forms) > 1
                catalogue.delete(forms[0])  # add() would keep what was there
                catalogue.add(
                    forms if is_plural else english,
                    (chinese,) if is_plural else chinese,
                )
        # texts set a moment ago may stand in a file that is not saved yet: keep them
        kept = {m.id: m.string for m in catalogue if m.id and m.string}
        kept |= {m.id: m.string for m in catalogue.obsolete.values() if m.string}
        created = catalogue.creation_date  # a new date alone is no news
        catalogue.update(extracted(), no_fuzzy_matching=True)
        catalogue.creation_date = created
        for message in catalogue:
            if message.id in kept and not message.string:
                message.string = kept[message.id]
        with CATALOGUE.open("wb") as file:
            write_po(file, catalogue, sort_output=True, no_location=True)
        with CATALOGUE.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
    missing = [m.id for m in catalogue if m.id and not any(texts(m.string))]
    for message in missing:
        print(f"no Chinese: {message}")
    return bool(missing)


def texts(string: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the plural forms of a translation."""
    return string if isinstance(string, tuple) else (string,)


if __name__ == "__main__":
    sys.exit(main())
