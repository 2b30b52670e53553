"""``flask demo``: fill an empty installation with a fictional company."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from auditapp.domain.month import is_month, month_of
from auditapp.extensions import reading, unit_of_work
from auditapp.services.accounts import hash_password
from auditapp.services.demo.company import begun_month
from auditapp.services.demo.making import Demo
from auditapp.services.demo.steps import demo_steps
from auditapp.services.demo.studio import Studio
from auditapp.settings import DEMO_PASSWORD


@click.command("demo")
@click.option("--seed", default=1, show_default=True, help="Another seed, other data.")
@click.option("--month", help="The last of the six months; this one by default.")
@click.option("--quick", is_flag=True, help="Few and very small photos.")
@with_appcontext
def group(seed: int, month: str | None, *, quick: bool) -> None:
    """Make a fictional company with six months of visits; again changes nothing.

    Everybody signs in with the password "demo".
    """
    if not current_app.config["SETTINGS"].is_demo:
        message = "Demonstration data belong in a demonstration: set DEMO=1."
        raise click.ClickException(message)
    now = datetime.now(UTC)
    last = month or month_of(now)
    if not is_month(last) or last > month_of(now):
        message = "write a month as 2026-11, not a coming one"
        raise click.BadParameter(message, param_hint="--month")
    with reading() as session:
        last = begun_month(session) or last
    parts = current_app.extensions
    demo = Demo(
        month=last,
        seed=seed,
        now=now,
        password_hash=hash_password(DEMO_PASSWORD),
        studio=Studio(parts["storage"], parts["pictures"], quick),
        sign=parts["receipts"].sign,
        vault=parts["phone_vault"],
    )
    has_made = _make(demo)
    click.echo(
        f"演示数据已经备好，密码都是 {DEMO_PASSWORD}。"
        if has_made
        else "演示数据早已备好，没有变化。"
    )


def _make(demo: Demo) -> bool:
    """Go through the steps, each in a transaction of its own, under a moving bar."""
    steps, has_made = demo_steps(demo), False
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("", total=len(steps))
        for number, (label, step) in enumerate(steps):
            progress.update(task, description=label)

            def tell(share: float, number: int = number) -> None:
                progress.update(task, completed=number + share)

            with unit_of_work() as session:
                has_made |= step(session, tell)
            progress.update(task, completed=number + 1)
    return has_made
