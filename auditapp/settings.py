"""What may differ between installations, read once from the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEMO_PASSWORD = "demo"  # noqa: S105 (known to everybody on purpose)
DEMO_SECRET_FILE = "demo-secret"  # noqa: S105 (a file's name)


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
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()
