"""Points in time as they are written on the wire."""

import re
from datetime import UTC, datetime

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?"
    r"([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)


def parse_instant(value: object) -> datetime | None:
    """Return the aware UTC instant of an RFC 3339 text, or None when it is not one.

    ``datetime.fromisoformat`` alone also takes dates, weeks and times without a zone.
    """
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
