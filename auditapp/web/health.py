"""Whether the process lives, and whether it can do its work."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, current_app, jsonify

from auditapp.extensions import check_database, queue
from auditapp.gateways.storage import Storage
from auditapp.web.security import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, HTTPStatus]:
    """Say what works of all that taking audits in needs; 503 unless everything."""
    parts = {
        "database": works(check_database),
        "storage": works(storage().check),
        "queue": works(queue.is_reachable),
    }
    is_ready = all(parts.values())
    body = {name: "ok" if part else "failed" for name, part in parts.items()}
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ok" if is_ready else "failed", **body), status


def storage() -> Storage:
    """Return where this installation keeps photos."""
    found: Storage = current_app.extensions["storage"]
    return found


def works(check: Callable[[], object]) -> bool:
    """Tell whether a check passes; why not is for the log."""
    try:
        check()
    except Exception:  # whatever the client of a database or a queue raises
        current_app.logger.exception("not ready")
        return False
    return True
