"""``flask feedback``: send what is due, sign what is sent to us, try a reply."""

import sys
from datetime import UTC, datetime
from uuid import uuid4

import click
from flask import current_app
from flask.cli import AppGroup

from auditapp.domain.phone_number import read_phone_number
from auditapp.domain.reply_batch import NewReply
from auditapp.extensions import unit_of_work
from auditapp.gateways.webhook_signature import WebhookSecret
from auditapp.jobs.feedback import queue_due, send_due
from auditapp.services.replies import take_replies

group = AppGroup("feedback", help="Text-message feedback: send, reply, sign.")

SETTINGS = {"transactions": "TRANSACTIONS_SECRET", "replies": "SMS_SECRET"}


@group.command("invite")
def invite() -> None:
    """Check the invitations that are due and queue their first messages."""
    count = queue_due(datetime.now(UTC))
    click.echo(f"到时间的邀请：{count}。 Invitations that were due: {count}.")


@group.command("send")
def send() -> None:
    """Send what is due now, as the worker does every minute."""
    if current_app.extensions["sms"] is None:
        message = (
            "SMS_URL is not set, so nothing can be sent. 没有设置SMS_URL，无法发送。"
        )
        raise click.ClickException(message)
    count = send_due(datetime.now(UTC))
    click.echo(f"发出短信：{count}。 Messages handed over: {count}.")


@group.command("reply")
@click.argument("text")
def reply(text: str) -> None:
    """Take TEXT in as if a customer had sent it; the number comes from standard input.

    A number does not belong on a command line: everybody on the machine reads those.
    """
    number = read_phone_number(sys.stdin.readline())
    if number is None:
        message = (
            "Write the number on standard input: echo 138… | flask feedback reply 9"
        )
        raise click.ClickException(message)
    now = datetime.now(UTC)
    batch = [NewReply(f"in:cli-{uuid4()}", number, text, now)]
    with unit_of_work() as session:
        vault = current_app.extensions["phone_vault"]
        counts = take_replies(session, vault, batch, now=now)
    click.echo(next(kind for kind, count in counts.items() if count))


@group.command("sign")
@click.argument("interface", type=click.Choice(sorted(SETTINGS)))
def sign(interface: str) -> None:
    """Print curl's header options for the body on standard input.

    The secret of the setting is used; docs/operations.md shows the same with openssl.
    """
    setting = SETTINGS[interface]
    secret: WebhookSecret | None = current_app.extensions["webhook_secrets"][setting]
    if secret is None:
        message = f"{setting} is not set. 没有设置{setting}。"
        raise click.ClickException(message)
    body = sys.stdin.buffer.read()
    signed = secret.sign(f"msg_{uuid4()}", body, now=datetime.now(UTC))
    click.echo(" ".join(f"-H '{name}: {value}'" for name, value in signed.items()))
