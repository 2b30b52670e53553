"""A sheet before it is written."""

from dataclasses import dataclass

from auditapp.gateways.standard_files.cell_parts import Cell
from auditapp.gateways.standard_files.columns import Column


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name in programs, its columns, and the cells of each row."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
