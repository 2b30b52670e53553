"""Who may call a view. Every route declares it; a test checks that."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Response, current_app, g, request, session

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import ForbiddenError, SignInRequiredError
from auditapp.extensions import reading
from auditapp.reads.people import find_actor_by_sign_in, find_actor_by_token
from auditapp.web.token_memory import TokenMemory

P = ParamSpec("P")
R = TypeVar("R")

EVERYONE_SIGNED_IN = frozenset(Role)
WRITING_METHODS = {"POST", "PUT", "PATCH", "DELETE"}


def requires(
    *roles: Role, even_read_only: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only people with one of these roles through; none named: anyone signed in.

    ``even_read_only`` is for what concerns nobody but the person.

    Raises:
        SignInRequiredError: Nobody is signed in.
        ForbiddenError: The role is another, or a read-only person wants to write.
    """
    allowed = frozenset(roles) or EVERYONE_SIGNED_IN

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = current_actor()
            if actor.role not in allowed:
                raise ForbiddenError
            is_writing = request.method in WRITING_METHODS and not even_read_only
            if actor.is_read_only and is_writing:
                raise ForbiddenError
            return view(*args, **kwargs)

        guarded.required_roles = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Say that anyone may call a view, signed in or not."""
    view.required_roles = frozenset()  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor:
    """Return the signed-in person.

    Raises:
        SignInRequiredError: Nobody is signed in.
    """
    actor = find_current_actor()
    if actor is None:
        raise SignInRequiredError
    return actor


def find_current_actor() -> Actor | None:
    """Return the signed-in person, looked up once per request."""
    if "actor" not in g:
        g.actor = _look_up_actor()
    actor: Actor | None = g.actor
    return actor


def is_token_request() -> bool:
    """Tell whether the request carries an access token (and so needs no CSRF token)."""
    return request.headers.get("Authorization", "").startswith("Bearer ")


def _look_up_actor() -> Actor | None:
    if is_token_request():
        token = request.headers["Authorization"].removeprefix("Bearer ").strip()
        memory: TokenMemory = current_app.extensions["tokens"]
        return memory.find(token, _look_up_token)
    key = session.get("key")
    if not isinstance(key, str):
        return None
    with reading() as database:
        actor, g.unread_news = find_actor_by_sign_in(
            database, key, now=datetime.now(UTC)
        )
    return actor


def _look_up_token(token: str) -> Actor | None:
    with reading() as database:
        return find_actor_by_token(database, token)


# Nothing is loaded from elsewhere and nothing is inline; photos that were just taken
# live in blob: addresses of the page itself.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; worker-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}


def add_security_headers(response: Response) -> Response:
    """Set the headers that every answer carries; a view may have set stricter ones."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def required_roles(view: Callable[..., Any]) -> frozenset[Role] | None:
    """Return the roles a view declares; None when it declares nothing."""
    roles: frozenset[Role] | None = getattr(view, "required_roles", None)
    return roles
