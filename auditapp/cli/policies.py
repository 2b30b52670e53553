"""``flask policy``: check and publish how sources merge into a month."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from auditapp.domain.errors import ConflictError
from auditapp.domain.month import is_month
from auditapp.domain.policy_rules import check_policy
from auditapp.domain.text import Text
from auditapp.extensions import unit_of_work
from auditapp.gateways.checklist_files import (
    ReadFile,
    UnreadableFileError,
    load_yaml,
)
from auditapp.services.policies import publish_policy

group = AppGroup("policy", help="The policy of the month: how four sources merge.")
_language = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True
)
_file = click.argument(
    "path",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)


@group.command("check")
@_file
@_language
def check(path: Path, lang: str) -> None:
    """Name every mistake in a policy FILE with its line."""
    document = sound_policy(path, lang).document
    weights = {name: each["weight"] for name, each in document["sources"].items()}
    shares = ", ".join(f"{name} {weight}" for name, weight in weights.items())
    sound = Text(f"没有错误。权重：{shares}。", f"No mistakes. Weights: {shares}.")
    click.echo(f"{path}: {sound.in_language(lang)}")


@group.command("publish")
@_file
@click.option(
    "--from", "month", required=True, help="The first month it holds: 2026-12."
)
@_language
def publish(path: Path, month: str, lang: str) -> None:
    """Publish a policy FILE for ever; publishing it again changes nothing."""
    if not is_month(month):
        message = "write a month as 2026-12"
        raise click.BadParameter(message, param_hint="--from")
    document = sound_policy(path, lang).document
    try:
        with unit_of_work() as session:
            is_new = publish_policy(
                session, document, effective_month=month, now=datetime.now(UTC)
            )
    except ConflictError as error:
        raise click.ClickException(error.text.in_language(lang)) from error
    done = Text(f"已发布，{month}起生效。", f"Published; it holds from {month} on.")
    same = Text("早已发布，没有变化。", "Published before; nothing changes.")
    click.echo((done if is_new else same).in_language(lang))


def sound_policy(path: Path, lang: str) -> ReadFile:
    """Return a policy file, or print every mistake with its line and stop."""
    try:
        file = load_yaml(path)
    except UnreadableFileError as error:
        text = error.problems[0].text.in_language(lang)
        message = f"{path.name}:{error.line}: {text}"
        raise click.ClickException(message) from error
    problems = check_policy(file.document)
    for problem in problems:
        line = file.line_of(problem.pointer)
        text = problem.text.in_language(lang)
        click.echo(f"{path.name}:{line}: {text}", err=True)
    if problems:
        raise SystemExit(1)
    return file
