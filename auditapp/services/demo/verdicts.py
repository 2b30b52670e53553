"""What the reviewers did with the demonstration's audits, by the real services."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from auditapp.domain.action import HALL
from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import InvalidError
from auditapp.domain.finding_cause import FindingCause, findings, presumed
from auditapp.domain.month import at_hall, first_day, later
from auditapp.domain.score_document import from_document
from auditapp.domain.visit import AuditState, VisitState
from auditapp.reads.people import actor_of
from auditapp.services.action_following import follow_audit, list_released
from auditapp.services.demo.archive import Arrived
from auditapp.services.events import record_event
from auditapp.services.finding_causes import confirm_causes
from auditapp.services.form_shelf import find_form
from auditapp.services.releases import release_month
from auditapp.services.review_turns import begin_turn, pass_on
from auditapp.services.reviews import accept_audit, note_item, return_audit
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.store.audits import AuditRow, ScoreRow
from auditapp.store.organisation import DepartmentRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

LOOK_DELAY = timedelta(hours=8)
REVIEW_DELAY = timedelta(hours=20)
RETURN_DAYS = timedelta(days=3)
RELEASE_DAY = timedelta(days=2)  # after the month's end
MOST_QUESTIONS = 2
QUESTIONS = (
    "照片看不清，请说明当时看到了什么。",
    "备注与答案不一致，请核对后答复。",
)


@dataclass(frozen=True, slots=True)
class Reviewers:
    """The regional managers, by region, and an agency's supervisor."""

    by_region: Mapping[str, Actor]
    supervisor: Actor
    departments: frozenset[str]

    @classmethod
    def of(cls, session: Session) -> "Reviewers":
        """Find them."""
        people = session.scalars(
            select(PersonRow).where(PersonRow.role == Role.REGION_MANAGER.value)
        )
        supervisor = session.scalars(
            select(PersonRow).where(PersonRow.role == Role.AGENCY_SUPERVISOR.value)
        ).one()
        return cls(
            {person.region_ids[0]: actor_of(person) for person in people},
            actor_of(supervisor),
            frozenset(session.scalars(select(DepartmentRow.department_id))),
        )

    def for_audit(self, arrived: Arrived) -> Actor:
        """Return the manager of the region that the visit was in."""
        return self.by_region[arrived.told.visitor.row["region_id"]]


def judge(session: Session, arrived: Iterable[Arrived]) -> None:
    """Score audits and find their signals, in the order in which they came."""
    for each in sorted(arrived, key=lambda one: one.received_at):
        judgement = judge_audit(session, each.audit_id)
        if judgement is not None:
            keep_judgement(session, judgement, now=each.received_at)
            begin_turn(session, each.audit_id)


def look_first(
    session: Session, arrived: Iterable[Arrived], reviewers: Reviewers, latest: datetime
) -> None:
    """Let the agency look at audits hours after they came and pass them on."""
    for each in arrived:
        at = min(each.received_at + LOOK_DELAY, latest)
        pass_on(session, reviewers.supervisor, each.audit_id, each.revision, at)


def accept(
    session: Session, arrived: Iterable[Arrived], reviewers: Reviewers, latest: datetime
) -> None:
    """Accept audits on the day after they came, at the latest at ``latest``.

    One that rules keep from being accepted stays in review, where a person would find
    it too.
    """
    for each in arrived:
        actor = reviewers.for_audit(each)
        at = min(each.received_at + REVIEW_DELAY, latest)
        say_causes(session, actor, each, reviewers.departments, at)
        try:
            accept_audit(session, actor, each.audit_id, each.revision, at)
        except InvalidError:
            continue
    session.flush()


def say_causes(
    session: Session,
    actor: Actor,
    each: Arrived,
    departments: frozenset[str],
    at: datetime,
) -> None:
    """Confirm of every finding what its item presumes."""
    audit = session.get_one(AuditRow, each.audit_id)
    score = session.get(ScoreRow, (each.audit_id, each.revision))
    form = find_form(session, audit.form_digest)
    if score is None or form is None:
        return
    items = {item["id"]: item for item in form["items"]}
    wanted = {}
    for line in findings(from_document(score.lines)):
        found = presumed(line, items[line.item_id])
        is_known = found.owner in {HALL, *departments}
        owner = found.owner if is_known else min(departments)
        wanted[line.item_id] = FindingCause(found.cause, owner)
    confirm_causes(session, actor, each.audit_id, wanted, at)


def send_back(
    session: Session, arrived: Iterable[Arrived], reviewers: Reviewers, now: datetime
) -> None:
    """Return audits with a question beside one or two of their failed items."""
    for each in arrived:
        actor = reviewers.for_audit(each)
        at = min(each.received_at + REVIEW_DELAY, now)
        items = _questionable(each)
        for item_id, question in zip(items, QUESTIONS, strict=False):
            note_item(session, actor, each.audit_id, item_id, question, at)
        session.flush()
        return_audit(
            session, actor, each.audit_id, each.revision, now + RETURN_DAYS, at
        )
    session.flush()


def reject(
    session: Session, arrived: Arrived, reviewers: Reviewers, reason: str
) -> None:
    """Refuse an audit that was not honestly made."""
    at = arrived.received_at + REVIEW_DELAY
    session.execute(
        update(VisitRow)
        .where(VisitRow.visit_id == arrived.told.visitor.row["visit_id"])
        .values(state=VisitState.REJECTED.value)
    )
    session.execute(
        update(AuditRow)
        .where(AuditRow.audit_id == arrived.audit_id)
        .values(state=AuditState.CLOSED.value)
    )
    actor_id = reviewers.for_audit(arrived).person_id
    record_event(
        session,
        "audit.rejected",
        arrived.audit_id,
        now=at,
        actor_id=actor_id,
        reason=reason,
    )


def release(session: Session, month: str, now: datetime) -> None:
    """Show a past month's accepted visits to their halls."""
    released_at = min(at_hall(first_day(later(month, 1)) + RELEASE_DAY, 9), now)
    release_month(session, month, now=released_at, actor=None)
    for audit_id in list_released(session, month):
        follow_audit(session, audit_id, now=released_at)


def _questionable(arrived: Arrived) -> Sequence[str]:
    """Return the items to ask about: those with a note, else the first ones."""
    answers = arrived.told.document["answers"]
    noted = [item_id for item_id, answer in answers.items() if "note" in answer]
    return (noted or list(answers))[:MOST_QUESTIONS]
