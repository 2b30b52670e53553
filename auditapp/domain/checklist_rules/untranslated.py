"""Texts that came in one language only: marked, shown, and refused when published."""

from collections.abc import Mapping

MARKS = {"zh": "【待译】", "en": "[To translate] "}


def in_both(texts: Mapping[str, str], otherwise: str) -> dict[str, str]:
    """Return a text in both languages; one that is not there is a marked copy.

    ``texts`` is keyed by zh, en or anything else; ``otherwise`` stands for none at all.
    """
    some = next((text for text in texts.values() if text), otherwise)
    return {lang: texts.get(lang) or MARKS[lang] + some for lang in ("zh", "en")}


def is_untranslated(text: str) -> bool:
    """Tell whether a text still waits for its translation."""
    return text.startswith(tuple(mark.strip() for mark in MARKS.values()))
