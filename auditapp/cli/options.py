"""Arguments and options that several commands take."""

from datetime import UTC, datetime
from pathlib import Path

import click

from auditapp.domain.month import is_month, month_of


def read_month(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str:
    """Return a month as it was typed, this month when nothing was."""
    month = month_of(datetime.now(UTC)) if value is None else value
    if not is_month(month):
        message = "write a month as 2026-11"
        raise click.BadParameter(message)
    return month


READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
language = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True
)
first_month = click.option(
    "--from",
    "month",
    required=True,
    callback=read_month,
    help="The first month it holds: 2026-12.",
)
