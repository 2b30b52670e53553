"""The demonstration's open inspections: announced, signed, a third of halls a month."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.inspection import (
    KIND,
    QUESTIONS,
    SIGNATURE,
    draw_questions,
    inspection_form,
    knowledge_items,
)
from auditapp.domain.instants import parse_instant
from auditapp.domain.month import at_hall, first_day, last_day
from auditapp.domain.visit import AuditState, VisitState
from auditapp.reads.findings import last_draws, last_findings
from auditapp.reads.organisation import HallPlace, list_hall_places
from auditapp.services.action_following import follow_audit
from auditapp.services.checklists import (
    get_version_in_force,
    keep_forms,
    resolve_forms,
)
from auditapp.services.demo.archive import Arrived, take_in
from auditapp.services.demo.calendar import (
    days_gone,
    due_soon,
    repeatable,
    repeatable_id,
)
from auditapp.services.demo.company import HallStory, hall_stories, organisation
from auditapp.services.demo.documents import wire_time
from auditapp.services.demo.making import Demo
from auditapp.services.demo.stories import Course
from auditapp.services.demo.trips import Told, Visitor, forms_of, tell_trips
from auditapp.services.demo.verdicts import judge
from auditapp.services.events import record_event
from auditapp.store.audits import AuditRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

EVERY = 3  # months
NEVER = frozenset({"TP03"})
EXAMPLES = {"XL01": 84, "YJ02": 84}  # points, in the third month
EXAMPLE_MONTH = 2
FIRST_HOUR, DAYS = 9, 22
LEFT = 5  # of the current month, still to be made
POLISH = 0.05  # who is announced is prepared
MOST_DRAWS, SUM_STEP = 40, 5  # a whole number of points needs such a sum of weights
AFTER_LAST = timedelta(seconds=20)
Row = dict[str, Any]


def make_inspections(session: Session, demo: Demo, index: int, month: str) -> bool:
    """Tell a month's inspections; in the current month some are still to be made."""
    if _is_planned(session, month):
        return False
    places = [
        place
        for place in list_hall_places(session)
        if _turn(place.hall_id) == index % EVERY and place.hall_id not in NEVER
    ]
    rows = _assign(session, demo, month, places, _courses(index, places))
    made = [row for row in rows if row["due_on"] < demo.today]
    forms = forms_of(session, made)
    courses, logins = _courses(index, places), _logins(session)
    halls = {hall["id"]: hall for hall in organisation()["halls"]}
    visitors = [
        Visitor(
            row,
            halls[row["hall_id"]],
            logins[row["auditor_id"]],
            courses[row["hall_id"]],
            _began_at(row),
        )
        for row in made
    ]
    told = [
        _signed(each, forms[each.visitor.row["form_digest"]], demo)
        for each in tell_trips(visitors, forms, demo.studio)
    ]
    if told:
        arrived = take_in(session, told, sign=demo.sign, now=demo.now, waiting=set())
        judge(session, arrived)
        _settle(session, arrived)
    return True


def _turn(hall_id: str) -> int:
    if hall_id in EXAMPLES:
        return EXAMPLE_MONTH
    return repeatable("inspection", hall_id).randrange(EVERY)


def _courses(index: int, places: Sequence[HallPlace]) -> dict[str, Course]:
    stories = hall_stories()
    return {place.hall_id: _course(stories[place.hall_id], index) for place in places}


def _course(story: HallStory, index: int) -> Course:
    course = Course(min(story.hard + POLISH, 0.99), min(story.soft + POLISH, 0.99))
    target = EXAMPLES.get(story.hall_id)
    if target is None or index != EXAMPLE_MONTH:
        return course
    return replace(course, target=target, tolerance=0.0, is_exact=True)


def _assign(
    session: Session,
    demo: Demo,
    month: str,
    places: Sequence[HallPlace],
    courses: Mapping[str, Course],
) -> list[Row]:
    version = get_version_in_force(session, KIND, month)
    halls, now = [place.hall_id for place in places], at_hall(first_day(month), 1)
    findings, draws = last_findings(session, halls), last_draws(session, halls)
    drawn, forms = [], []
    for form in resolve_forms(version, [(place, None) for place in places]):
        hall = form["hall"]
        questions = _draw(form, demo.seed, month, draws.get(hall, ()), courses[hall])
        drawn.append(questions)
        forms.append(inspection_form(form, questions, findings.get(hall, ())))
    digests = keep_forms(session, version, forms, now)
    inspectors = _inspectors(session)
    days = _days(demo, month, len(places))
    rows = [
        {
            "visit_id": repeatable_id(demo.seed, "inspection", month, place.hall_id),
            "month": month,
            "kind": KIND,
            "hall_id": place.hall_id,
            "region_id": place.region_id,
            "auditor_id": inspectors[place.region_id],
            "scenario": None,
            "form_digest": digest,
            "brief": {"drawn": questions, "seed": f"demo {month} {place.hall_id}"},
            "due_on": day,
            "state": VisitState.ASSIGNED.value,
            "assigned_at": now,
        }
        for place, digest, questions, day in zip(
            places, digests, drawn, days, strict=True
        )
    ]
    session.execute(insert(VisitRow), rows)
    return rows


def _days(demo: Demo, month: str, count: int) -> list[date]:
    """Return a day for each inspection; the last of the current month are to come."""
    gone = days_gone(month, demo.today)
    if gone == last_day(month).day:
        return [first_day(month) + timedelta(days=3 + n % DAYS) for n in range(count)]
    done = max(count - LEFT, 0) if gone > 1 else 0
    days = [first_day(month) + timedelta(days=n * gone // count) for n in range(done)]
    return days + [due_soon(month, demo.today, n) for n in range(count - done)]


def _draw(
    form: dict[str, Any],
    seed: int,
    month: str,
    before: Sequence[str],
    course: Course,
) -> list[str]:
    """Draw the questions; where the score must be exact, ones that let it be."""
    pool = knowledge_items(form)
    drawn: list[str] = []
    for number in range(MOST_DRAWS):
        key = f"demo {seed} {month} {form['hall']} {number}"
        drawn = draw_questions(pool, QUESTIONS, key, before)
        asked = inspection_form(form, drawn, ())["items"]
        weight = sum(i["weight"] for i in asked if i["requirement"] == "required")
        if not course.is_exact or weight % SUM_STEP == 0:
            break
    return drawn


def _began_at(row: Row) -> datetime:
    chance = repeatable("inspection begins", row["visit_id"])
    return at_hall(
        row["due_on"], FIRST_HOUR + chance.randrange(5), chance.randrange(60)
    )


def _signed(told: Told, form: Mapping[str, Any], demo: Demo) -> Told:
    """Let the inspector look at the last findings again and the manager sign."""
    document = told.document
    finished_at = parse_instant(document["finished_at"])
    assert finished_at is not None  # noqa: S101 (the document was written by us)
    at = wire_time(finished_at)
    signature = demo.studio.sign(document["id"])
    entry = {
        "sha256": signature.sha256,
        "bytes": signature.size_bytes,
        "type": signature.media_type,
        "item": SIGNATURE,
        "taken_at": at,
    }
    signed = document | {
        "staff": ["counter", "duty_manager"],
        "rechecks": {
            finding["id"]: {"result": _result(document, finding), "at": at}
            for finding in form["findings"]
        },
        "signature": {
            "state": "signed",
            "sha256": signature.sha256,
            "position": "值班经理",
            "at": at,
        },
        "evidence": [*document["evidence"], entry],
        "finished_at": wire_time(finished_at + AFTER_LAST),
    }
    return replace(told, document=signed, photos=[*told.photos, signature])


def _result(document: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    """Tell whether a finding was mended."""
    chance = repeatable("recheck", document["id"], finding["id"])
    return chance.choices(("fixed", "not_fixed"), (7, 3))[0]


def _settle(session: Session, arrived: Sequence[Arrived]) -> None:
    """Accept what the managers signed, as the hall's own copy was at once."""
    for each in arrived:
        visit_id = each.told.visitor.row["visit_id"]
        session.execute(
            update(VisitRow)
            .where(VisitRow.visit_id == visit_id)
            .values(
                state=VisitState.RELEASED.value,
                accepted_at=each.received_at,
                released_at=each.received_at,
            )
        )
        session.execute(
            update(AuditRow)
            .where(AuditRow.audit_id == each.audit_id)
            .values(state=AuditState.CLOSED.value)
        )
        record_event(
            session,
            "audit.accepted",
            each.audit_id,
            now=each.received_at,
            revision=each.revision,
            by="signature",
        )
        follow_audit(session, each.audit_id, now=each.received_at)


def _inspectors(session: Session) -> dict[str, UUID]:
    people = session.execute(
        select(PersonRow.person_id, PersonRow.region_ids).where(
            PersonRow.role == Role.INSPECTOR.value
        )
    )
    return {row.region_ids[0]: row.person_id for row in people}


def _logins(session: Session) -> dict[UUID, str]:
    people = session.execute(
        select(PersonRow.person_id, PersonRow.login).where(
            PersonRow.role == Role.INSPECTOR.value
        )
    )
    return {row.person_id: row.login for row in people}


def _is_planned(session: Session, month: str) -> bool:
    found = select(VisitRow.visit_id).where(
        VisitRow.kind == KIND, VisitRow.month == month
    )
    return session.scalar(found.limit(1)) is not None
