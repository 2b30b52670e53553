"""Tells people what happened: on their page at once, by e-mail in batches."""

import logging
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape

from flask import current_app

from auditapp.domain.notification import Facts, NewsKind, news_address, news_text
from auditapp.domain.text import Text
from auditapp.extensions import unit_of_work
from auditapp.gateways.mail import Mailer, MailError
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.news_following import follow_events
from auditapp.services.notifications import Batch, claim_batch, note_sent

log = logging.getLogger(__name__)

MOST_BATCHES = 200  # of one run; the rest comes with the next
_SUBJECT = Text("Auditapp：{count}条通知", "Auditapp: {count} notifications")
_HELLO = Text("{name}，您好：", "Dear {name},")
_WHY = Text(
    "您在“通知”里选了用邮件收这些消息，可以随时改。",
    "You chose to be told by e-mail on the page of notifications; change it any time.",
)


def follow(_job: Job, _progress: Progress) -> None:
    """Write down who is told of what, chunk by chunk."""
    while True:
        with unit_of_work() as session:
            if not follow_events(session):
                return


def send(_job: Job, _progress: Progress) -> None:
    """Send what waits, a message for each person; nothing at night."""
    mailer: Mailer | None = current_app.extensions["mailer"]
    if mailer is None:
        return
    for _number in range(MOST_BATCHES):
        with unit_of_work() as session:
            batch = claim_batch(session, now=datetime.now(UTC))
        if batch is None:
            return
        try:
            if batch.told:
                mailer.send(message_of(batch, _public_url()))
        except MailError as error:
            # what was claimed is free again after its lease
            log.warning("mail not sent: %s", error)
            return
        with unit_of_work() as session:
            note_sent(session, batch, now=datetime.now(UTC))


def _public_url() -> str:
    url: str = current_app.config["SETTINGS"].public_url
    return url


def message_of(batch: Batch, public_url: str) -> EmailMessage:
    """Return one message in the person's language; sent twice it is still one."""
    lines = [
        (
            _told(row.kind, row.facts, batch.locale),
            _link(row.kind, row.facts, public_url),
        )
        for row in batch.told
    ]
    name = batch.name.in_language(batch.locale)
    hello = _HELLO.in_language(batch.locale).format(name=name)
    why = _WHY.in_language(batch.locale)
    message = EmailMessage()
    message["To"] = batch.email
    message["Subject"] = _SUBJECT.in_language(batch.locale).format(count=len(lines))
    message["Message-ID"] = f"<{batch.ids[0]}@auditapp>"
    message["Auto-Submitted"] = "auto-generated"
    text = "\n".join(f"- {words}\n  {link}" for words, link in lines)
    message.set_content(f"{hello}\n\n{text}\n\n{why}\n")
    items = "".join(
        f'<li><a href="{escape(link)}">{escape(words)}</a></li>'
        for words, link in lines
    )
    message.add_alternative(
        f"<p>{escape(hello)}</p><ul>{items}</ul><p>{escape(why)}</p>", subtype="html"
    )
    return message


def _told(kind: str, facts: Facts, locale: str) -> str:
    return news_text(NewsKind(kind), facts).in_language(locale)


def _link(kind: str, facts: Facts, public_url: str) -> str:
    return public_url.rstrip("/") + news_address(NewsKind(kind), facts)
