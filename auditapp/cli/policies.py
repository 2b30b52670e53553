"""``flask policy``: check and publish how sources merge into a month."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from auditapp.cli.options import READABLE, first_month, language
from auditapp.cli.publishing import refusals_told, sound_file, tell_published
from auditapp.domain.policy_rules import check_policy
from auditapp.domain.text import Text
from auditapp.extensions import unit_of_work
from auditapp.services.policies import publish_policy

group = AppGroup("policy", help="The policy of the month: how four sources merge.")
_file = click.argument("path", metavar="FILE", type=READABLE)


@group.command("check")
@_file
@language
def check(path: Path, lang: str) -> None:
    """Name every mistake in a policy FILE with its line."""
    document = sound_file(path, lang, check_policy).document
    weights = {name: each["weight"] for name, each in document["sources"].items()}
    shares = ", ".join(f"{name} {weight}" for name, weight in weights.items())
    sound = Text(f"没有错误。权重：{shares}。", f"No mistakes. Weights: {shares}.")
    click.echo(f"{path}: {sound.in_language(lang)}")


@group.command("publish")
@_file
@first_month
@language
def publish(path: Path, month: str, lang: str) -> None:
    """Publish a policy FILE for ever; publishing it again changes nothing."""
    document = sound_file(path, lang, check_policy).document
    with refusals_told(lang), unit_of_work() as session:
        is_new = publish_policy(
            session, document, effective_month=month, now=datetime.now(UTC)
        )
    tell_published(month, lang, is_new=is_new)
