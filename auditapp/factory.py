"""The only place where the parts are put together."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from auditapp import cli, jobs, web
from auditapp.extensions import SharedCommits, csrf, db, migrate, queue
from auditapp.gateways.mail import open_mailer
from auditapp.gateways.outward import Outward, parse_networks
from auditapp.gateways.personal_links import PersonalLinks
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.gateways.signing import ReceiptSigner
from auditapp.gateways.sms import Sender, open_sender
from auditapp.gateways.storage import open_storage
from auditapp.gateways.vault import ADDRESSES, Vault
from auditapp.gateways.web_push import Pusher
from auditapp.gateways.webhook_signature import WebhookSecret
from auditapp.gateways.work_calendar import WorkCalendar
from auditapp.release import release_of
from auditapp.settings import Settings, SettingsError
from auditapp.store.engine import make_durable, write_turn

ROOT = Path(__file__).parent.parent
CONNECTIONS = 32  # one per thread of the server
MAX_PHOTO_BYTES = 12 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """Build the application from its settings; nothing global is read."""
    release = release_of(ROOT)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = Flask(
        __name__,
        template_folder=ROOT / "templates",
        static_folder=ROOT / "static",
        static_url_path=f"/static/{release}",
    )
    app.config.update(
        SETTINGS=settings,
        RELEASE=release,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": CONNECTIONS, "max_overflow": 0},
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_behind_https,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the sign-in; phones stay away for days
        MAX_CONTENT_LENGTH=MAX_PHOTO_BYTES + 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=200,
        BABEL_DEFAULT_LOCALE="zh_CN",
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    _connect(app, settings)
    web.register(app)
    cli.register(app)
    jobs.register(app)
    _wrap(app, settings, release)
    return app


def _connect(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        make_durable(db.engine)
        turn = app.extensions["write_turn"] = write_turn(db.engine)
    app.extensions["shared_commits"] = SharedCommits(is_shared=turn.has_queue)
    migrate.init_app(app, db, render_as_batch=True)
    csrf.init_app(app)
    queue.connect(settings.queue_url, settings.secret_key)
    app.extensions["storage"] = open_storage(settings.storage_url)
    app.extensions["receipts"] = ReceiptSigner(settings.secret_key)
    app.extensions["phone_vault"] = PhoneVault(settings.secret_key)
    app.extensions["address_vault"] = Vault(settings.secret_key, ADDRESSES)
    app.extensions["work_calendar"] = WorkCalendar(
        settings.extra_days_off, settings.extra_working_days
    )
    _connect_senders(app, settings)
    _connect_receivers(app, settings)


def _connect_receivers(app: Flask, settings: Settings) -> None:
    """Give the app the ways out to addresses that people typed."""
    try:
        networks = parse_networks(settings.outward_networks)
    except ValueError as error:
        msg = f"OUTWARD_NETWORKS: {error}; write networks such as 10.0.0.0/8."
        raise SettingsError(msg) from error
    app.extensions["outward"] = Outward(networks)
    # anybody may name a browser's address: it reaches no private network, whatever
    # administrators may name for webhooks
    contact = settings.push_contact
    app.extensions["pusher"] = (
        Pusher(settings.secret_key, contact, Outward()) if contact else None
    )


def _connect_senders(app: Flask, settings: Settings) -> None:
    """Give the app the secrets of the programs that send to it; None: not open."""
    app.extensions["personal_links"] = PersonalLinks(settings.secret_key)
    app.extensions["webhook_secrets"] = {
        name: _webhook_secret(name, written)
        for name, written in (
            ("TRANSACTIONS_SECRET", settings.transactions_secret),
            ("SMS_SECRET", settings.sms_secret),
        )
    }
    app.extensions["sms"] = _sender(app, settings)
    try:
        app.extensions["mailer"] = open_mailer(settings.smtp_url)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _sender(app: Flask, settings: Settings) -> Sender | None:
    secret = app.extensions["webhook_secrets"]["SMS_SECRET"]
    vault: PhoneVault = app.extensions["phone_vault"]
    try:
        return open_sender(settings.sms_url, secret, vault.hash_of)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _webhook_secret(name: str, written: str) -> WebhookSecret | None:
    try:
        return WebhookSecret(written) if written else None
    except ValueError as error:
        msg = (
            f"{name} cannot be used: {error}. Make one with:"
            ' echo "whsec_$(openssl rand -base64 32)"'
        )
        raise SettingsError(msg) from error


def _wrap(app: Flask, settings: Settings, release: str) -> None:
    """Serve static files before Flask sees them, and believe only known proxies."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=ROOT / "static",
        prefix=f"static/{release}/",
        max_age=365 * 24 * 3600,
        immutable_file_test=lambda _path, _url: True,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
