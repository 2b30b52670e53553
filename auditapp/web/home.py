"""The first page: what waits for this person, oldest first."""

from datetime import UTC, datetime

from flask import Blueprint, render_template

from auditapp.domain.actor import Actor, Role
from auditapp.domain.review import may_decide
from auditapp.domain.visit import VisitState
from auditapp.extensions import reading
from auditapp.reads.review_queue import count_by_state, list_waiting
from auditapp.reads.reviews import READERS as REVIEW_READERS
from auditapp.reads.visits import VisitFilter, list_visits
from auditapp.reads.words import find_words
from auditapp.web.security import current_actor, requires
from auditapp.web.visit_words import state_name, state_sign

bp = Blueprint("home", __name__)

SHOWN = 20


@bp.get("/")
@requires()
def show() -> str:
    """Show what waits today."""
    actor = current_actor()
    if actor.role is Role.ADMIN:
        return render_template("home/admin.html")
    if actor.role in REVIEW_READERS:
        return reviewer_page(actor)
    if actor.role is Role.HALL_MANAGER:
        return hall_page(actor)
    return render_template("home/quiet.html")


def reviewer_page(actor: Actor) -> str:
    """Show what waits for review, what is with auditors, and how far visits are."""
    with reading() as database:
        parts = {
            "waiting": list_waiting(database, actor, VisitState.IN_REVIEW, SHOWN),
            "returned": list_waiting(database, actor, VisitState.RETURNED, SHOWN),
            "counts": count_by_state(database, actor),
            "words": find_words(database),
        }
    return render_template(
        "home/reviewer.html",
        states=VisitState,
        now=datetime.now(UTC),
        can_decide=may_decide(actor),
        **parts,
    )


def hall_page(actor: Actor) -> str:
    """Show the released results of the own hall."""
    with reading() as database:
        page = list_visits(database, actor, VisitFilter())
        words = find_words(database)
    return render_template(
        "home/hall.html",
        page=page,
        words=words,
        is_hall=True,
        state_name=state_name,
        state_sign=state_sign,
    )
