"""Signing in and out, and what a person may change about the own account."""

from datetime import UTC, datetime, timedelta

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import TooManyTriesError
from auditapp.extensions import reading, unit_of_work
from auditapp.reads.people import (
    find_actor_by_sign_in,
    get_account,
    list_demo_people,
)
from auditapp.services import accounts
from auditapp.settings import DEMO_PASSWORD
from auditapp.web.addresses import local_or
from auditapp.web.frame import ON_A_PHONE
from auditapp.web.language import LANGUAGE_COOKIE, LOCALES, keep
from auditapp.web.security import current_actor, find_current_actor, public, requires

bp = Blueprint("accounts", __name__)

# in the order in which somebody tries the product out
DEMO_ROLES = (
    Role.REGION_MANAGER,
    Role.HEADQUARTERS,
    Role.AUDITOR,
    Role.HALL_MANAGER,
    Role.AGENCY_SUPERVISOR,
    Role.INSPECTOR,
    Role.DEPARTMENT,
    Role.CALLBACK_AGENT,
    Role.ADMIN,
)
PRINTABLE = Regexp(r"^[^\x00]*$", message=lazy_gettext("Something here is unreadable."))


class SignInForm(FlaskForm):
    """A login and its password."""

    login = StringField(
        lazy_gettext("Login"),
        [
            DataRequired(lazy_gettext("Please enter your login.")),
            Length(max=100, message=lazy_gettext("A login is shorter than that.")),
            PRINTABLE,
        ],
    )
    password = PasswordField(
        lazy_gettext("Password"),
        [
            InputRequired(lazy_gettext("Please enter your password.")),
            Length(max=1000, message=lazy_gettext("A password is shorter than that.")),
        ],
    )
    next = HiddenField()


class TokenForm(FlaskForm):
    """What a new access token is for."""

    name = StringField(
        lazy_gettext("What is it for?"),
        [
            DataRequired(lazy_gettext("Say what it is for, to recognise it later.")),
            Length(max=80, message=lazy_gettext("At most 80 characters, please.")),
            PRINTABLE,
        ],
    )


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for login and password; somebody signed in already is sent on."""
    actor = find_current_actor()
    if actor:
        return redirect(destination(actor, request.args.get("next")), 303)
    return sign_in_page(SignInForm(formdata=None, next=request.args.get("next", "")))


@bp.post("/sign-in")
@public
def try_sign_in() -> ResponseReturnValue:
    """Check the password and start a sign-in with a key of its own."""
    form = SignInForm()
    if not form.validate():
        return sign_in_page(form), 422
    login, now = form.login.data.strip(), datetime.now(UTC)
    try:
        with unit_of_work() as database:
            accounts.count_try(database, login, now)
    except TooManyTriesError as error:
        return refuse(form, error)
    with reading() as database:
        person_id = accounts.find_person_by_password(
            database, login, form.password.data
        )
    if person_id is None:
        form.password.errors = [_("Login and password do not match.")]
        return sign_in_page(form), 422
    with unit_of_work() as database:
        key = accounts.sign_in(database, person_id, now)
        actor, _unread = find_actor_by_sign_in(database, key, now=now)
    return redirect(begin(key, actor, form.next.data), 303)


def begin(key: str, actor: Actor | None, wanted: str | None) -> str:
    """Put the key into a fresh cookie and return where to go next."""
    session.clear()
    session.permanent = True
    session["key"] = key
    return destination(actor, wanted)


def destination(actor: Actor | None, wanted: str | None) -> str:
    """Return the page that was wanted, or the person's own first page."""
    is_on_a_phone = actor is not None and actor.role in ON_A_PHONE
    first_page = "field_page.show" if is_on_a_phone else "home.show"
    return local_or(wanted, url_for(first_page))


def refuse(form: SignInForm, error: TooManyTriesError) -> ResponseReturnValue:
    """Say how long to wait after too many wrong passwords."""
    minutes = -(-error.wait // timedelta(minutes=1))
    form.password.errors = [
        ngettext(
            "Too many wrong passwords. Try again in %(num)s minute.",
            "Too many wrong passwords. Try again in %(num)s minutes.",
            minutes,
        )
    ]
    seconds = -(-error.wait // timedelta(seconds=1))
    return sign_in_page(form), 429, {"Retry-After": str(seconds)}


def sign_in_page(form: SignInForm) -> str:
    """Render the page; a demonstration lists whom to be."""
    people: dict[Role, list[Actor]] = {}
    if current_app.config["SETTINGS"].is_demo:
        with reading() as database:
            everybody = list_demo_people(database)
        people = {r: [p for p in everybody if p.role is r] for r in DEMO_ROLES}
    return render_template(
        "accounts/sign_in.html", form=form, people=people, demo_password=DEMO_PASSWORD
    )


@bp.get("/sign-out")
@public
def ask_sign_out() -> str:
    """Ask before signing out: a link must not be able to do it."""
    return render_template("accounts/sign_out.html")


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in, on the server too."""
    key = session.pop("key", None)
    session.clear()
    if isinstance(key, str):
        with unit_of_work() as database:
            accounts.sign_out(database, key)
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/profile")
@requires()
def profile() -> str:
    """Show the own account."""
    return profile_page(TokenForm(formdata=None))


def profile_page(form: TokenForm, token: str | None = None) -> str:
    """Render the account, with a new token the one time it can be shown."""
    with reading() as database:
        account = get_account(
            database, current_actor().person_id, now=datetime.now(UTC)
        )
    return render_template(
        "accounts/profile.html", form=form, account=account, token=token
    )


@bp.post("/profile/language")
@requires(even_read_only=True)
def save_language() -> ResponseReturnValue:
    """Keep the language with the person, so that other devices speak it too."""
    locale = LOCALES.get(request.form.get("language", ""), LOCALES["zh"])
    with unit_of_work() as database:
        accounts.choose_locale(database, current_actor().person_id, locale)
    answer = redirect(url_for("accounts.profile"), 303)
    keep(answer, LANGUAGE_COOKIE, locale)
    return answer


@bp.post("/profile/tokens")
@requires()
def create_token() -> ResponseReturnValue:
    """Make an access token and show it once."""
    form = TokenForm()
    if not form.validate():
        return profile_page(form), 422
    with unit_of_work() as database:
        token = accounts.create_token(
            database,
            current_actor().person_id,
            form.name.data.strip(),
            datetime.now(UTC),
        )
    return profile_page(TokenForm(formdata=None), token)


@bp.post("/profile/tokens/<token_hash>/revoke")
@requires()
def revoke_token(token_hash: str) -> ResponseReturnValue:
    """End an access token."""
    with unit_of_work() as database:
        accounts.revoke_token(
            database, current_actor().person_id, token_hash, datetime.now(UTC)
        )
    flash(_("The access token is revoked."))
    return redirect(url_for("accounts.profile"), 303)


@bp.post("/profile/sign-out-everywhere")
@requires(even_read_only=True)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every sign-in of the person, this one included."""
    person_id = current_actor().person_id
    session.clear()
    with unit_of_work() as database:
        accounts.sign_out_everywhere(database, person_id, datetime.now(UTC))
    return redirect(url_for("accounts.sign_in"), 303)
