"""One structured line per request, tied together by the request's id."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

KNOWN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
QUIET_PATHS = {"/healthz", "/readyz"}
SECRET_PREFIX = "/f/"  # noqa: S105 (what follows it is a customer's personal link)

log = structlog.get_logger("request")


def register(app: Flask) -> None:
    """Name every request and log how it ended; never a body, query or header."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Take the proxy's request id, or make one."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if KNOWN_ID.fullmatch(given) else secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def end(response: Response) -> Response:
    """Log the request and give its id back, so that a person can quote it."""
    if "request_id" not in g:
        return response
    response.headers["X-Request-Id"] = g.request_id
    if request.path not in QUIET_PATHS:
        log.info(
            "request",
            method=request.method,
            path=loggable(request.path),
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.began) * 1000, 1),
        )
    return response


def loggable(path: str) -> str:
    """Return a path without what only its owner may know."""
    return f"{SECRET_PREFIX}…" if path.startswith(SECRET_PREFIX) else path
