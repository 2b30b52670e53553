"""The first page: what waits for this person, oldest first."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import local_date, month_of
from auditapp.domain.review_turn import may_check, may_decide
from auditapp.domain.rounding import milli_to_tenths
from auditapp.domain.visit import VisitState
from auditapp.extensions import reading
from auditapp.reads.actions import (
    WITH_OWNER,
    ActionFilter,
    count_actions,
    list_actions,
)
from auditapp.reads.appeals import count_to_decide
from auditapp.reads.complaints import count_severe
from auditapp.reads.drills import get_abilities
from auditapp.reads.field import visits_on_the_phone
from auditapp.reads.hall_requests import count_news
from auditapp.reads.month_heads import OVERVIEW_READERS as MONTH_READERS
from auditapp.reads.month_heads import list_recent_months
from auditapp.reads.month_pages import PastMonth, find_latest_month
from auditapp.reads.month_reports import find_last_scored_month
from auditapp.reads.obstacle_counts import count_unread
from auditapp.reads.review_queue import (
    count_unfinished,
    list_elsewhere,
    list_returned,
    list_waiting,
)
from auditapp.reads.reviews import READERS as REVIEW_READERS
from auditapp.reads.today import falling_halls, unvisited_halls
from auditapp.reads.visits import VisitFilter, list_visits
from auditapp.reads.words import find_words
from auditapp.web import action_words
from auditapp.web.drill_parts import drill_of
from auditapp.web.frame import tenths
from auditapp.web.month_words import adjusted_text, range_text
from auditapp.web.month_words import state_name as month_state_name
from auditapp.web.security import current_actor, requires
from auditapp.web.today import lines_of
from auditapp.web.visit_words import state_name, state_sign

bp = Blueprint("home", __name__)

SHOWN = 20
TO_VISIT = (VisitState.ASSIGNED.value, VisitState.UNDER_WAY.value)
STRAIGHT_TO = {
    Role.CALLBACK_AGENT: "calls.index",
}


@bp.get("/")
@requires()
def show() -> ResponseReturnValue:
    """Show what waits today; who does one thing only is led there."""
    actor = current_actor()
    if actor.role is Role.ADMIN:
        return render_template("home/admin.html")
    if actor.role in REVIEW_READERS:
        return reviewer_page(actor)
    if actor.role in STRAIGHT_TO:
        return redirect(url_for(STRAIGHT_TO[actor.role]), 303)
    if actor.role is Role.HALL_MANAGER:
        return hall_page(actor)
    if actor.role is Role.DEPARTMENT:
        return department_page(actor)
    return field_page(actor)


def reviewer_page(actor: Actor) -> str:
    """Show what waits, the reddest first, and how far visits are."""
    now, sees_months = datetime.now(UTC), actor.role in MONTH_READERS
    with reading() as database:
        parts = {
            "now_lines": lines_of(
                actor,
                count_actions(database, actor, now),
                count_to_decide(database, actor) if may_decide(actor) else 0,
            )
            if sees_months
            else [],
            "falling": falling_halls(database, actor) if sees_months else [],
            "unvisited": unvisited_halls(database, actor, month_of(now))
            if sees_months
            else None,
            "waiting": list_waiting(database, actor, SHOWN, now),
            "elsewhere": list_elsewhere(database, actor, SHOWN, now),
            "returned": list_returned(database, actor, SHOWN),
            "counts": count_unfinished(database, actor),
            "severe": count_severe(database, actor),
            "words": find_words(database),
            "months": list_recent_months(database, actor) if sees_months else [],
        }
    return render_template(
        "home/reviewer.html",
        states=VisitState,
        now=now,
        is_agency=actor.role is Role.AGENCY_SUPERVISOR,
        can_review=may_decide(actor) or may_check(actor),
        month_state_name=month_state_name,
        **parts,
    )


def hall_page(actor: Actor) -> str:
    """Show the latest closed month and the released results of the own hall."""
    with reading() as database:
        page = list_visits(database, actor, VisitFilter())
        latest = find_latest_month(database, actor.hall_id or "", only_closed=True)
        words = find_words(database)
        news = count_news(database, actor.hall_id or "", datetime.now(UTC))
        counts = count_actions(database, actor, datetime.now(UTC))
        unread = count_unread(database, actor)
        weakest = (
            get_abilities(database, actor.hall_id or "", latest.month).weakest
            if latest
            else None
        )
    return render_template(
        "home/hall.html",
        drill=drill_of(weakest),
        unread=unread,
        news=news,
        now_lines=lines_of(actor, counts),
        latest=latest and latest_part(latest),
        page=page,
        words=words,
        is_hall=True,
        state_name=state_name,
        state_sign=state_sign,
    )


def department_page(actor: Actor) -> str:
    """Show what a department has to put right and to answer, the reddest first."""
    now = datetime.now(UTC)
    with reading() as database:
        counts = count_actions(database, actor, now)
        wanted = ActionFilter(WITH_OWNER)
        actions = list_actions(database, actor, wanted, now, limit=SHOWN)
        severe = count_severe(database, actor)
        unread = count_unread(database, actor)
        month = find_last_scored_month(database)
    return render_template(
        "home/department.html",
        now=now,
        now_lines=lines_of(actor, counts),
        actions=actions,
        open_actions=counts[WITH_OWNER],
        severe=severe,
        unread=unread,
        month=month,
        say=action_words,
    )


def field_page(actor: Actor) -> str:
    """Show auditors and inspectors what to answer and where to go, on the phone."""
    now = datetime.now(UTC)
    with reading() as database:
        visits = visits_on_the_phone(database, actor)
        unread = count_unread(database, actor)
        words = find_words(database)
    return render_template(
        "home/field.html",
        now=now,
        today=local_date(now),
        unread=unread,
        words=words,
        asked=sorted(
            ((visit, question) for visit in visits for question in visit.questions),
            key=lambda each: each[1].due_at,
        ),
        to_do=[visit for visit in visits if visit.state in TO_VISIT],
    )


def latest_part(latest: PastMonth) -> dict[str, str]:
    """Return a month's two scores in words."""
    milli, low, high = latest.adjusted_milli, latest.low_milli, latest.high_milli
    is_known = milli is not None and low is not None and high is not None
    return {
        "month": latest.month,
        "official": tenths(milli_to_tenths(latest.official_milli or 0)),
        "adjusted": adjusted_text(milli or 0, low or 0, high or 0) if is_known else "",
        "range": range_text(low or 0, high or 0) if is_known else "",
    }
