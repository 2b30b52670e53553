"""Where the company's business system reports finished transactions."""

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, jsonify

from auditapp.domain.errors import InvalidError
from auditapp.domain.transaction import read_transactions
from auditapp.extensions import csrf, write_together
from auditapp.services.transactions import Keys, take_transactions
from auditapp.web.errors import listed
from auditapp.web.security import public
from auditapp.web.signed import read_signed

bp = Blueprint("transactions", __name__, url_prefix="/api/v1")
csrf.exempt(bp)  # proved by a signature, not by a session


@bp.post("/transactions")
@public
def take() -> Response:
    """Take a batch in; what is wrong with single rows is said, the others are taken."""
    now = datetime.now(UTC)
    sound, problems = read_transactions(read_signed("TRANSACTIONS_SECRET"), now)
    parts = current_app.extensions
    keys = Keys(parts["phone_vault"], parts["personal_links"])

    intake = write_together(
        lambda session: take_transactions(session, keys, sound, problems, now=now)
    )
    if intake.problems and not (intake.taken or intake.repeated):
        raise InvalidError(intake.problems)
    return jsonify(
        taken=intake.taken,
        repeated=intake.repeated,
        refused=intake.refused,
        errors=listed(InvalidError(intake.problems)),
    )
