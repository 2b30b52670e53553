"""``flask month close``, ``reopen`` and ``verify``: the ledgers of months."""

from datetime import UTC, datetime

import click

from auditapp.cli.months import group as months
from auditapp.cli.months import month_argument
from auditapp.cli.options import language
from auditapp.domain.errors import DomainError, InvalidError, NotFoundError
from auditapp.domain.text import Text
from auditapp.extensions import reading, snapshot, unit_of_work
from auditapp.reads.month_closing import obstacles_to_closing
from auditapp.services.month_closing import (
    freeze_month,
    keep_ledger,
    prepare_closing,
)
from auditapp.services.month_life import reopen_month
from auditapp.services.month_verifying import Verification, verify_month


@months.command("close")
@month_argument
@language
def close(month: str, lang: str) -> None:
    """Freeze MONTH's ledger; prints what was not as it should be, then the digest."""
    now = datetime.now(UTC)
    try:
        with unit_of_work() as session:
            repaired = prepare_closing(session, month, now=now)
        with snapshot() as session:
            frozen = freeze_month(session, month, now=now)
        with unit_of_work() as session:
            ledger = keep_ledger(session, frozen, now=now, actor=None)
    except DomainError as error:
        raise click.ClickException(error.text.in_language(lang)) from error
    with reading() as session:
        for each in obstacles_to_closing(session, month, now):
            detail = f" ({each.detail})" if each.detail else ""
            halls = " ".join(each.hall_ids[:10])
            click.echo(f"{each.text.in_language(lang)}{detail}: {each.count}  {halls}")
    if repaired:
        text = Text(
            f"重新汇总了{repaired}处。", f"Tallies rolled up again: {repaired}."
        )
        click.echo(text.in_language(lang))
    totals = frozen.totals
    done = Text(
        f"{month}已关账，第{ledger.number}版账：{totals['halls']}个厅，"
        f"{totals['audits']}份记录，{totals['responses']}条客户回答。",
        f"{month} is closed, ledger {ledger.number}: {totals['halls']} halls, "
        f"{totals['audits']} audits, {totals['responses']} responses.",
    )
    click.echo(done.in_language(lang))
    click.echo(f"SHA-256 {ledger.digest}")


@months.command("reopen")
@month_argument
@click.option("--reason", required=True, help="Why; it is kept with the next ledger.")
@language
def reopen(month: str, reason: str, lang: str) -> None:
    """Open a closed MONTH again; its ledgers stay readable."""
    try:
        with unit_of_work() as session:
            reopen_month(session, month, reason, now=datetime.now(UTC), actor=None)
    except InvalidError as error:
        message = error.problems[0].text.in_language(lang)
        raise click.ClickException(message) from error
    except DomainError as error:
        raise click.ClickException(error.text.in_language(lang)) from error
    done = Text(f"{month}已重新打开。", f"{month} is open again.")
    click.echo(done.in_language(lang))


@months.command("verify")
@month_argument
@click.option("--ledger", type=int, help="A ledger's number; the last by default.")
@language
def verify(month: str, ledger: int | None, lang: str) -> None:
    """Recompute MONTH's ledger from the stored inputs; exit code 1 if it differs."""
    try:
        with snapshot() as session:
            result = verify_month(session, month, ledger)
    except NotFoundError as error:
        text = Text("这个月没有这样的账。", "The month has no such ledger.")
        raise click.ClickException(text.in_language(lang)) from error
    for difference in result.differences:
        click.echo(difference)
    click.echo(_verdict(result).in_language(lang))
    waiting = result.waiting
    if waiting.responses or waiting.audits or waiting.overrides:
        text = Text(
            f"关账后又到了{waiting.responses}条回答、{waiting.audits}份记录、"
            f"{waiting.overrides}次改判，重新打开后才计入。",
            f"Since then {waiting.responses} responses, {waiting.audits} audits and "
            f"{waiting.overrides} overrides came; they count after a reopening.",
        )
        click.echo(text.in_language(lang))
    if result.differences:
        raise SystemExit(1)


def _verdict(result: Verification) -> Text:
    name = f"{result.month} #{result.number} {result.digest}"
    if result.differences:
        count = len(result.differences)
        return Text(f"{name}：有{count}处不同。", f"{name}: {count} differences.")
    return Text(
        f"{name}：{result.halls}个厅逐位相同。",
        f"{name}: {result.halls} halls, identical to the last digit.",
    )
