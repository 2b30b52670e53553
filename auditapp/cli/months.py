"""``flask month``: score, close, reopen and verify months."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click
from flask.cli import AppGroup

from auditapp.cli.options import READABLE, language, read_month
from auditapp.cli.publishing import sound_file
from auditapp.domain.month_life import MonthClosedError
from auditapp.domain.policy import Policy, read_policy
from auditapp.domain.policy_rules import check_policy
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.month_list import list_months
from auditapp.services.month_rows import HallScore
from auditapp.services.months import compute_through, keep_month
from auditapp.web.exports import csv_line

group = AppGroup("month", help="Months: score them, list, close, reopen, verify.")

CSV_HEADER = (
    "hall tier region status official half grade adjusted low high band flags visits"
    " visit inspections inspection callbacks callback feedbacks feedback"
)


month_argument = click.argument("month", callback=read_month)


@group.command("score")
@month_argument
@click.option(
    "--policy",
    "policy_path",
    metavar="FILE",
    type=READABLE,
    help="What if this policy held? Nothing is stored.",
)
@click.option("--out", type=click.File("w", encoding="utf-8"), help="A CSV file.")
@language
def score(month: str, policy_path: Path | None, out: IO[str] | None, lang: str) -> None:
    """Score MONTH for all halls; with --policy only as a trial."""
    policy = _trial_policy(policy_path, lang)
    now = datetime.now(UTC)
    try:
        with reading() as session:
            for run in compute_through(session, month, now=now, policy=policy):
                if policy is None:
                    with unit_of_work() as writing:
                        keep_month(writing, run, now=now)
    except MonthClosedError as error:
        raise click.ClickException(error.text.in_language(lang)) from error
    if out:
        out.writelines(_csv(run.scores))
    click.echo(_summary(month, run.scores, policy).in_language(lang))


@group.command("list")
def list_all() -> None:
    """Print every month: state, ledger, halls with a score, ranked, last scoring."""
    with reading() as session:
        for each in list_months(session):
            scored = f"{each.scored_at:%Y-%m-%d %H:%M}" if each.scored_at else "-"
            click.echo(
                f"{each.month}  {each.state.value:10} ledger {each.ledger_number}"
                f"  halls {each.halls:5}  scored {each.scored:5}"
                f"  ranked {each.ranked:5}  {scored}"
            )


def _trial_policy(path: Path | None, lang: str) -> Policy | None:
    return read_policy(sound_file(path, lang, check_policy).document) if path else None


def _summary(month: str, scores: list[HallScore], policy: Policy | None) -> Text:
    halls = len(scores)
    scored = sum(score.score_milli is not None for score in scores)
    ranked = sum(score.is_ranked for score in scores)
    zh = f"{month}：{halls}个厅，{scored}个有分，{ranked}个参加排名。"
    en = f"{month}: {halls} halls, {scored} with a score, {ranked} ranked."
    if policy is None:
        return Text(zh, en)
    return Text(f"{zh}试算，没有保存。", f"{en} A trial: nothing was stored.")


def _csv(scores: Iterable[HallScore]) -> Iterator[str]:
    yield csv_line(CSV_HEADER.split())
    for score in scores:
        row = score.columns()
        yield csv_line(
            [
                score.hall.hall_id,
                score.hall.tier,
                score.hall.region_id,
                row["status"],
                points(row["official_milli"]),
                points(row["half_milli"]),
                row["grade"],
                points(row["adjusted_milli"]),
                points(row["low_milli"]),
                points(row["high_milli"]),
                row["band"],
                " ".join(score.flags),
                *_source_cells(row),
            ]
        )


def _source_cells(row: dict[str, object]) -> Iterator[object]:
    for name in ("visit", "inspection", "callback", "feedback"):
        yield row[f"{name}s"]
        yield points(row[f"{name}_milli"])


def points(milli: object) -> str:
    """Return milli-points as points with three decimals, nothing for None."""
    return f"{milli // 1000}.{milli % 1000:03}" if isinstance(milli, int) else ""
