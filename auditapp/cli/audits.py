"""``flask audit``: questions about single audits."""

import json

import click
from flask import current_app
from flask.cli import AppGroup

from auditapp.extensions import reading
from auditapp.gateways.signing import ReceiptSigner
from auditapp.reads.receipts import compare_receipt

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
