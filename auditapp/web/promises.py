"""The promises whose customers are to be asked now."""

from datetime import UTC, datetime

from flask import Blueprint, render_template

from auditapp.domain.actor import Role
from auditapp.extensions import reading
from auditapp.reads.complaints import list_checks
from auditapp.web import call_words
from auditapp.web.security import current_actor, requires

bp = Blueprint("promises", __name__)


@bp.get("/complaints/checks")
@requires(Role.CALLBACK_AGENT)
def index() -> str:
    """List the customers who were promised an answer and are to be asked now."""
    with reading() as database:
        found = list_checks(database, current_actor(), datetime.now(UTC))
    return render_template(
        "complaints/index.html",
        complaints=found,
        states=[],
        state=None,
        is_severe=False,
        is_check=True,
        say=call_words,
    )
