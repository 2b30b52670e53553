"""What may differ between installations, read once from the environment."""

import os
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DEMO_PASSWORD = "demo"  # noqa: S105 (known to everybody on purpose)
DEMO_SECRET_FILE = "demo-secret"  # noqa: S105 (a file's name)
WEBHOOK_SECRET_BYTES = 32


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; ``docs/operations.md`` describes them for operators."""

    data_dir: Path  # database, photos and queue, unless their URLs say otherwise
    database_url: str
    storage_url: str  # file:///… or s3://bucket?endpoint=…
    queue_url: str  # sqlite:///… or redis://…
    secret_key: str  # signs cookies, receipts and queue messages
    is_demo: bool = False  # fictional data, known passwords, plain http
    is_behind_https: bool = True  # cookies marked Secure
    trusted_proxies: int = 0  # how many X-Forwarded-For hops to believe
    port: int = 8000
    log_level: str = "WARNING"  # INFO logs every request
    transactions_secret: str = ""  # whsec_…; shared with the business system
    sms_url: str = ""  # file:///… or https://…; none: no text message is sent
    sms_secret: str = ""  # whsec_…; shared with the provider of text messages
    smtp_url: str = ""  # smtp://…?from=…; none: no e-mail is sent
    push_contact: str = ""  # our e-mail for makers of browsers; none: no web push
    outward_networks: tuple[str, ...] = ()  # private ones that webhooks may reach
    public_url: str = ""  # where customers reach us; none: messages without a link
    extra_days_off: tuple[date, ...] = ()  # what the library of holidays lacks
    extra_working_days: tuple[date, ...] = ()  # make-up weekends that it lacks

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ
    ) -> "Settings":
        """Read the settings once.

        Raises:
            SettingsError: ``SECRET_KEY`` is missing or short outside demo mode, or a
                value cannot be understood.
        """
        is_demo = _flag(environment, "DEMO", default=False)
        data_dir = Path(environment.get("DATA_DIR") or "var").resolve()
        return cls(
            data_dir=data_dir,
            database_url=_database_url(environment.get("DATABASE_URL", ""), data_dir),
            storage_url=environment.get("STORAGE_URL") or f"file://{data_dir}/photos",
            queue_url=environment.get("QUEUE_URL") or f"sqlite:///{data_dir}/queue.db",
            secret_key=_secret_key(environment, data_dir, is_demo=is_demo),
            is_demo=is_demo,
            is_behind_https=_flag(environment, "HTTPS", default=not is_demo),
            trusted_proxies=_number(environment, "TRUSTED_PROXIES", 0),
            port=_number(environment, "PORT", 8000),
            log_level=environment.get("LOG_LEVEL", "").upper() or "WARNING",
            transactions_secret=_webhook_secret(
                environment, "TRANSACTIONS_SECRET", data_dir, is_demo=is_demo
            ),
            sms_url=environment.get("SMS_URL")
            or (f"file://{data_dir}/outbox" if is_demo else ""),
            sms_secret=_webhook_secret(
                environment, "SMS_SECRET", data_dir, is_demo=is_demo
            ),
            smtp_url=environment.get("SMTP_URL", "").strip(),
            push_contact=_push_contact(environment, is_demo=is_demo),
            outward_networks=_networks(environment, is_demo=is_demo),
            public_url=_public_url(environment, is_demo=is_demo),
            extra_days_off=_days(environment, "EXTRA_DAYS_OFF"),
            extra_working_days=_days(environment, "EXTRA_WORKING_DAYS"),
        )


def _database_url(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir}/auditapp.db"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return value in {"1", "true", "yes", "on"} if value else default
    msg = f"{name} is {value!r}; write 1 or 0."
    raise SettingsError(msg)


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "").strip()
    if not value:
        return default
    if value.isdecimal():
        return int(value)
    msg = f"{name} is {value!r}; write a whole number."
    raise SettingsError(msg)


def _days(environment: Mapping[str, str], name: str) -> tuple[date, ...]:
    words = environment.get(name, "").replace(",", " ").split()
    try:
        return tuple(date.fromisoformat(word) for word in words)
    except ValueError as error:
        msg = f"{name} is {' '.join(words)!r}; write days such as 2027-02-05."
        raise SettingsError(msg) from error


def _secret_key(
    environment: Mapping[str, str], data_dir: Path, *, is_demo: bool
) -> str:
    key = environment.get("SECRET_KEY", "")
    if key and (is_demo or len(key) >= 32):  # noqa: PLR2004 (256 bits in hex or base64)
        return key
    if is_demo:
        return _demo_secret(data_dir / DEMO_SECRET_FILE)
    msg = (
        "SECRET_KEY is missing or shorter than 32 characters. Set it to a random"
        " value, for example the output of: openssl rand -hex 32."
        " (DEMO=1 makes its own.)"
    )
    raise SettingsError(msg)


def _demo_secret(path: Path) -> str:
    """Make a secret on the first demo start and keep it, so sign-ins survive."""
    return _kept(path, secrets.token_hex(32))


def _webhook_secret(
    environment: Mapping[str, str], name: str, data_dir: Path, *, is_demo: bool
) -> str:
    """Return a secret shared with another program; outside a demo none by default."""
    written = environment.get(name, "").strip()
    if written or not is_demo:
        return written
    made = b64encode(secrets.token_bytes(WEBHOOK_SECRET_BYTES)).decode()
    return _kept(data_dir / f"demo-{name.lower().replace('_', '-')}", f"whsec_{made}")


def _public_url(environment: Mapping[str, str], *, is_demo: bool) -> str:
    url = environment.get("PUBLIC_URL", "").strip().rstrip("/")
    if not url and is_demo:
        return f"http://127.0.0.1:{_number(environment, 'PORT', 8000)}"
    if url and not url.startswith(("https://", "http://")):
        msg = f"PUBLIC_URL is {url!r}; write an address such as https://ask.example."
        raise SettingsError(msg)
    return url


def _push_contact(environment: Mapping[str, str], *, is_demo: bool) -> str:
    contact = environment.get("PUSH_CONTACT", "").strip()
    if not contact and is_demo:
        return "demo@auditapp.example"
    if contact and "@" not in contact:
        msg = f"PUSH_CONTACT is {contact!r}; write an e-mail address."
        raise SettingsError(msg)
    return contact


def _networks(environment: Mapping[str, str], *, is_demo: bool) -> tuple[str, ...]:
    written = environment.get("OUTWARD_NETWORKS", "127.0.0.0/8" if is_demo else "")
    return tuple(written.replace(",", " ").split())


def _kept(path: Path, made: str) -> str:
    """Return what was kept under a name; keep what was made the first time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(made)
    except FileExistsError:
        pass
    return path.read_text()
