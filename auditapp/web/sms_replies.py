"""Where the provider of text messages hands on what customers text back."""

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, jsonify

from auditapp.domain.errors import InvalidError
from auditapp.domain.reply_batch import read_replies
from auditapp.extensions import csrf, write_together
from auditapp.services.replies import take_replies
from auditapp.web.errors import listed
from auditapp.web.security import public
from auditapp.web.signed import read_signed

bp = Blueprint("sms_replies", __name__, url_prefix="/api/v1/sms")
csrf.exempt(bp)  # proved by a signature, not by a session


@bp.post("/replies")
@public
def take() -> Response:
    """Take replies in; whatever customers write, the provider is not to blame."""
    replies, problems = read_replies(read_signed("SMS_SECRET"))
    if problems and not replies:
        raise InvalidError(problems)
    vault = current_app.extensions["phone_vault"]
    now = datetime.now(UTC)
    counts = write_together(
        lambda session: take_replies(session, vault, replies, now=now)
    )
    return jsonify(
        counts={kind: count for kind, count in counts.items() if count},
        errors=listed(InvalidError(problems)),
    )
