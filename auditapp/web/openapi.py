"""The whole interface described for machines (OpenAPI 3.1) and for people."""

from flask import Blueprint, Response, jsonify, render_template
from flask_babel import gettext as _

from auditapp.web import openapi_feedback
from auditapp.web.openapi_paths import PATHS
from auditapp.web.openapi_schemas import SCHEMAS, Schema
from auditapp.web.security import public

bp = Blueprint("openapi", __name__, url_prefix="/api/v1")


@bp.get("/openapi.json")
@public
def machine_readable() -> Response:
    """Answer with the OpenAPI document."""
    return jsonify(DOCUMENT)


@bp.get("/docs")
@public
def readable() -> str:
    """Show the same as a page."""
    return render_template("api/docs.html", document=DOCUMENT, title=_("The interface"))


DOCUMENT: Schema = {
    "openapi": "3.1.0",
    "info": {
        "title": "Auditapp",
        "version": "1",
        "description": "Taking audits in from phones and transactions from the business"
        " system, and reading back. Whatever changes something may be sent twice, ten"
        " times, in any order: the end state is the same.",
    },
    "servers": [{"url": "/api/v1"}],
    "security": [{"token": []}, {"cookie": []}],
    "paths": PATHS | openapi_feedback.PATHS,
    "components": {
        "schemas": SCHEMAS | openapi_feedback.SCHEMAS,
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
        },
    },
}
