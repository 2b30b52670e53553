"""What pages say, with its type: Flask-Babel has none.

Import them as ``_`` and ``ngettext``; the catalogue is collected by these names.
"""

from flask_babel import gettext, ngettext


def text(english: str, **facts: object) -> str:
    """Return a text in the language of the page."""
    return str(gettext(english, **facts))


def plural(one: str, many: str, count: int, **facts: object) -> str:
    """Return a text that depends on a count, which is ``%(num)s`` in it."""
    return str(ngettext(one, many, count, **facts))
