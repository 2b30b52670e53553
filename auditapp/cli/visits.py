"""``flask visit``: send auditors to halls."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from auditapp.cli.options import language, read_month
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.domain.inspection import KIND, QUESTIONS
from auditapp.domain.month import last_day
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.brief_files import load_briefs
from auditapp.reads.visit_list import list_assignments
from auditapp.services.inspections import (
    InspectionOrder,
    assign_inspection,
    plan_inspections,
)
from auditapp.services.visit_plans import plan_month
from auditapp.services.visits import Assignment, assign_visit

group = AppGroup("visit", help="Visits: assign one, plan a month, list them.")


_kind = click.option(
    "--kind", type=click.Choice(["mystery", KIND]), default="mystery", show_default=True
)
_questions = click.option(
    "--questions",
    type=click.IntRange(1, 50),
    default=QUESTIONS,
    show_default=True,
    help="Knowledge questions to be drawn for an open inspection.",
)


@group.command("assign")
@click.argument("hall")
@click.argument("login")
@_kind
@click.option("--month", callback=read_month, help="2026-11; now by default.")
@click.option("--scenario", help="The business of a mystery visit, as plan_change.")
@click.option("--brief", help="A brief's id; the hall and month choose by default.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="The month's last day.")
@click.option("--extra", is_flag=True, help="Allow a second one in the month.")
@_questions
@language
def assign(  # noqa: PLR0913, PLR0917 (an assignment is these facts)
    hall: str,
    login: str,
    kind: str,
    month: str,
    scenario: str | None,
    brief: str | None,
    due: datetime | None,
    questions: int,
    lang: str,
    *,
    extra: bool,
) -> None:
    """Send LOGIN, an auditor or inspector, to HALL and print the visit's id."""
    due_on = due.date() if due else last_day(month)
    now = datetime.now(UTC)
    try:
        with unit_of_work() as session:
            if kind == KIND:
                order = InspectionOrder(hall, login, month, due_on, questions, extra)
                click.echo(assign_inspection(session, order, now=now))
                return
            if scenario is None:
                message = "a mystery visit needs a --scenario, such as plan_change"
                raise click.UsageError(message)
            wanted = Assignment(hall, login, month, scenario, due_on, brief, extra)
            click.echo(assign_visit(session, wanted, load_briefs(), now=now))
    except InvalidError as error:
        for problem in error.problems:
            click.echo(problem.text.in_language(lang), err=True)
        raise SystemExit(1) from error
    except NotFoundError as error:
        raise _not_found(lang) from error


@group.command("plan")
@click.argument("month", callback=read_month, required=False)
@_kind
@_questions
@language
def plan(month: str, kind: str, questions: int, lang: str) -> None:
    """Assign one visit to every hall that has none in MONTH (2026-12).

    An open inspection goes to every hall whose last one is no longer valid.
    """
    now = datetime.now(UTC)
    try:
        with unit_of_work() as session:
            done = (
                plan_inspections(session, month, now=now, questions=questions)
                if kind == KIND
                else plan_month(session, month, load_briefs(), now=now)
            )
    except NotFoundError as error:
        raise _not_found(lang) from error
    count = len(done.visit_ids)
    said = (
        Text(
            f"{month}：安排了{count}次明检。", f"{month}: {count} inspections assigned."
        )
        if kind == KIND
        else Text(
            f"{month}：安排了{count}次走访。", f"{month}: {count} visits assigned."
        )
    )
    click.echo(said.in_language(lang))
    for hall in done.without_auditor:
        text = Text(
            f"{hall}：大区里没有可派的人，或三个月内都去过。",
            f"{hall}: nobody of the region may go, or all were there within three"
            " months.",
        )
        click.echo(text.in_language(lang), err=True)


@group.command("list")
@click.option("--month", callback=read_month, help="2026-11; now by default.")
@click.option("--auditor", help="Only this auditor's (a login).")
def list_visits(month: str, auditor: str | None) -> None:
    """Print a month's visits: due date, hall, auditor, business, state, id."""
    with reading() as session:
        for row in list_assignments(session, month, auditor):
            click.echo(
                f"{row.due_on}  {row.hall_id:6} {row.auditor:6}"
                f" {row.scenario or '-':12} {row.state:10} {row.visit_id}"
            )


def _not_found(lang: str) -> SystemExit:
    text = Text(
        "没有这个营业厅、审核员，或者当月没有生效的检查表。",
        "No such hall or auditor, or no checklist is in force in that month.",
    )
    click.echo(text.in_language(lang), err=True)
    return SystemExit(1)
