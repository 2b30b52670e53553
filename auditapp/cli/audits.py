"""``flask audit``: questions about single audits."""

import json
from datetime import UTC, datetime
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from auditapp.cli.options import language
from auditapp.domain.errors import DomainError, InvalidError, NotFoundError
from auditapp.domain.text import Text
from auditapp.extensions import reading, unit_of_work
from auditapp.gateways.signing import ReceiptSigner
from auditapp.reads.people import get_actor
from auditapp.reads.receipts import compare_receipt
from auditapp.services.overrides import override_item

group = AppGroup("audit", help="Questions about single audits.")


@group.command("verify")
@click.argument("receipt")
def verify(receipt: str) -> None:
    """Say whether this server signed RECEIPT and still holds what it names."""
    signer: ReceiptSigner = current_app.extensions["receipts"]
    facts = signer.read(receipt.strip())
    if facts is None:
        message = "Not a receipt of this server. 不是本服务器签发的回执。"
        raise click.ClickException(message)
    with reading() as session:
        holding = compare_receipt(session, facts)
    click.echo(json.dumps(facts, indent=2))
    click.echo(holding.text.en)
    click.echo(holding.text.zh)
    if not holding.is_whole:
        raise SystemExit(1)


@group.command("override")
@click.argument("audit", type=click.UUID)
@click.argument("item")
@click.argument("value")
@click.option("--reason", required=True, help="Why; the hall reads it.")
@click.option("--by", "login", required=True, help="Who decides: a headquarters login.")
@language
def override(
    audit: UUID, item: str, value: str, reason: str, login: str, lang: str
) -> None:
    """Decide ITEM of an accepted AUDIT as VALUE ("yes", 4, an option's id)."""
    try:
        with unit_of_work() as session:
            actor, now = get_actor(session, login), datetime.now(UTC)
            done = override_item(
                session, actor, audit, item, _value(value), reason, now
            )
    except InvalidError as error:
        for problem in error.problems:
            click.echo(problem.text.in_language(lang), err=True)
        raise SystemExit(1) from error
    except NotFoundError as error:
        text = Text("没有这份记录或这位人员。", "No such audit or person.")
        raise click.ClickException(text.in_language(lang)) from error
    except DomainError as error:
        raise click.ClickException(error.text.in_language(lang)) from error
    click.echo(done)


def _value(written: str) -> object:
    """Return a number where one is written, else the text: an option's id, yes, no."""
    try:
        return json.loads(written)
    except ValueError:
        return written
