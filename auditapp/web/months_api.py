"""A hall's ledger as JSON: from it anybody's program adds the month up again."""

from typing import Any

from flask import Blueprint

from auditapp.domain.actor import Role
from auditapp.extensions import reading
from auditapp.reads.hall_month import get_hall_month
from auditapp.reads.month_pages import find_ledger_digest
from auditapp.web.addresses import plain
from auditapp.web.security import current_actor, requires

bp = Blueprint("months_api", __name__, url_prefix="/api/v1/months")


@bp.get("/<month>/halls/<hall_id>")
@requires(Role.HEADQUARTERS, Role.ADMIN)
def show(month: str, hall_id: str) -> dict[str, Any]:
    """Answer with the ledger document, and with the ledger's number and digest."""
    with reading() as database:
        found = get_hall_month(
            database, current_actor(), plain(hall_id) or "", plain(month) or ""
        )
        digest = find_ledger_digest(database, found.month, found.ledger_number)
    return {
        "state": found.state.value,
        "ledger": found.ledger_number,
        "digest": digest,
        "document": found.document,
    }
