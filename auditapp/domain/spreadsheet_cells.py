"""Texts in cells of a spreadsheet: never taken for formulas, and read back as said."""

# what begins a formula in some spreadsheet, full-width forms too.
# Source: OWASP, CSV Injection
_FORMULA = tuple("=+-@|%＝＋－＠\t\r\n")
_MARK = "'"


def as_cell(value: object) -> object:
    """Return a cell's value; a text that could be a formula gets a mark before it."""
    if not isinstance(value, str):
        return "" if value is None else value
    lines = value.splitlines() or [value]
    is_risky = any(line.lstrip().startswith(_FORMULA) for line in lines)
    return f"{_MARK}{value}" if is_risky or value.startswith(_FORMULA) else value


def as_said(cell: str) -> str:
    """Return a cell's text without the mark that ``as_cell`` has put before it."""
    bare = cell.removeprefix(_MARK)
    return bare if bare != cell and as_cell(bare) == cell else cell
