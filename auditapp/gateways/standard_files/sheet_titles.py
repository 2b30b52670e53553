"""Which sheet of a workbook is which."""

from collections.abc import Iterable

from auditapp.gateways.standard_files.columns import sheet_names


def find_title(titles: Iterable[str], name: str) -> str | None:
    """Return the title of one of our sheets, called so in either language."""
    label = sheet_names()[name]
    wanted = {name, label.zh.casefold(), label.en.casefold()}
    return next((t for t in titles if t.strip().casefold() in wanted), None)
