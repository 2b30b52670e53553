"""Addresses that were handed in by a page: only our own are followed."""

from urllib.parse import urlsplit

LONGEST_ID = 100


def local_or(address: str | None, otherwise: str) -> str:
    r"""Return the address when it is a path of this site, else the other one.

    Browsers read ``//host``, ``/\host`` and tabs inside as another host.
    """
    if not address or not address.isprintable() or "\\" in address:
        return otherwise
    if not address.startswith("/") or address.startswith("//"):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def plain(text: str | None) -> str | None:
    """Return an id from an address; None for what no id looks like."""
    return text if text and text.isprintable() and len(text) <= LONGEST_ID else None
