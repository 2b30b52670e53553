"""``flask callback``: draw customers to call, list the calls."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from auditapp.cli.options import language
from auditapp.domain.callback import CallbackState
from auditapp.domain.month import local_date
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.calls import list_calls
from auditapp.services.callback_draws import draw_callbacks

group = AppGroup("callback", help="Callbacks: draw customers, list the calls.")


@group.command("draw")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Today by default.")
@click.option("--again", is_flag=True, help="Draw once more; transactions came late.")
@language
def draw(day: datetime | None, lang: str, *, again: bool) -> None:
    """Draw the customers to call on a day; a day is drawn once."""
    now = datetime.now(UTC)
    on = day.date() if day else local_date(now)
    seed = current_app.config["SECRET_KEY"]
    with unit_of_work() as session:
        count = draw_callbacks(session, day=on, seed=seed, now=now, again=again)
    said = Text(f"{on}：抽取了{count}位客户。", f"{on}: {count} customers drawn.")
    click.echo(said.in_language(lang))


@group.command("list")
@click.option("--state", type=click.Choice([each.value for each in CallbackState]))
@click.option("--hall", help="Only this hall's.")
@click.option("--most", default=50, show_default=True, help="How many lines.")
def list_queue(state: str | None, hall: str | None, most: int) -> None:
    """Print calls, the most urgent first: day, hall, business, state, tries, id."""
    with reading() as session:
        for row in list_calls(session, state=state, hall_id=hall, most=most):
            click.echo(
                f"{row.happened_on}  {row.hall_id:6} {row.business:14}"
                f" {row.state:12} {row.tries}  {row.callback_id}"
            )
