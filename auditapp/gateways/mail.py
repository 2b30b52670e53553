"""E-mail by a company's own mail server."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

PATIENCE_SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


class MailError(Exception):
    """The mail server did not take it; worth another try later."""


class Mailer(Protocol):
    """Sends one message at a time."""

    def send(self, message: EmailMessage) -> None:
        """Hand a message over.

        Raises:
            MailError: The server did not take it.
        """


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Speaks SMTP, encrypted unless the address says ``?tls=0`` (a test's server)."""

    host: str
    port: int
    login: str
    password: str
    sender: str
    is_implicit: bool
    is_encrypted: bool

    def send(self, message: EmailMessage) -> None:
        """Hand a message over."""
        message["From"] = self.sender
        try:
            with self._open() as server:
                if self.is_encrypted and not self.is_implicit:
                    server.starttls(context=ssl.create_default_context())
                if self.login:
                    server.login(self.login, self.password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            text = f"{type(error).__name__}: {error}"
            raise MailError(text) from error

    def _open(self) -> smtplib.SMTP:
        if self.is_implicit:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=PATIENCE_SECONDS, context=context
            )
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE_SECONDS)


def open_mailer(url: str) -> Mailer | None:
    """Return what sends mail by ``smtp://login:password@host:587?from=…``; "": nothing.

    Raises:
        ValueError: The address cannot be understood, or names no sender.
    """
    if not url:
        return None
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    sender = options.get("from", [""])[0]
    if parts.scheme not in PORTS or not parts.hostname or "@" not in sender:
        message = (
            "SMTP_URL has to look like smtp://login:password@host:587?from=audit@host"
        )
        raise ValueError(message)
    return SmtpMailer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
        is_implicit=parts.scheme == "smtps",
        is_encrypted=options.get("tls", ["1"])[0] != "0",
    )
