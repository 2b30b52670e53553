"""Making the visits of one of the demonstration's months."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.month import local_date
from auditapp.gateways.brief_files import load_briefs
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.services.demo import fraud
from auditapp.services.demo.archive import Arrived, Sign, take_in, take_in_draft
from auditapp.services.demo.calendar import (
    begin_times,
    days_gone,
    due_soon,
    open_visits,
    repeatable,
)
from auditapp.services.demo.company import hall_stories, organisation
from auditapp.services.demo.planning import (
    DemoMonth,
    begin_demo_month,
    plan_demo_month,
)
from auditapp.services.demo.stories import Course, course_of
from auditapp.services.demo.studio import Studio
from auditapp.services.demo.trips import Forms, Told, Visitor, forms_of, tell_trips
from auditapp.services.demo.verdicts import (
    Reviewers,
    accept,
    judge,
    look_first,
    reject,
    release,
    send_back,
)
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

Tell = Callable[[float], None]
Row = dict[str, Any]

# Stories that need the current month's visit to be over
DONE_NOW = {"SX01", "ZJ02", "WZ04", "JQ01", "GL02"}
PASSED_ON = 3  # of those in review the agency has looked at the oldest
IN_REVIEW, RETURNED = 5, 3  # of the current month's visits, the latest
UNDER_WAY = timedelta(minutes=25)
LATEST_DECISION = timedelta(minutes=30)
FRONT = frozenset({"ext_signage"})


@dataclass(frozen=True, slots=True)
class Demo:
    """What makes one demonstration differ from another, and what it is made with."""

    month: str  # the last, current month
    seed: int
    now: datetime
    password_hash: str
    studio: Studio
    sign: Sign
    vault: PhoneVault

    @property
    def today(self) -> date:
        """The date in the halls."""
        return local_date(self.now)


def make_month(
    session: Session, demo: Demo, index: int, month: str, tell: Tell
) -> bool:
    """Assign a month's visits and tell what came of them, unless that was done."""
    planning = begin_demo_month(session, month, load_briefs())
    if planning is None:
        return False
    logins = _auditor_logins(session)
    courses = {
        hall_id: course_of(
            story, index, repeatable(demo.seed, "course", month, hall_id)
        )
        for hall_id, story in hall_stories().items()
    }
    suspect = next(who for who, login in logins.items() if login == fraud.AUDITOR)
    plan = plan_demo_month(session, planning, demo.seed, index, courses, suspect)
    maker = _Maker(session, demo, plan, courses, logins, Reviewers.of(session))
    still_open = maker.assign()
    arrived = maker.make(still_open, tell)
    if month == demo.month:
        maker.begin_one(still_open)
        maker.decide_lately(arrived)
    else:
        maker.decide(arrived)
        release(session, month, demo.now)
    return True


def _auditor_logins(session: Session) -> dict[UUID, str]:
    people = session.execute(
        select(PersonRow.person_id, PersonRow.login).where(
            PersonRow.role == Role.AUDITOR.value
        )
    )
    return {row.person_id: row.login for row in people}


@dataclass(frozen=True, slots=True)
class _Maker:
    """One month in the making."""

    session: Session
    demo: Demo
    plan: DemoMonth
    courses: dict[str, Course]
    logins: dict[UUID, str]
    reviewers: Reviewers

    @property
    def _is_current(self) -> bool:
        return self.plan.month == self.demo.month

    def assign(self) -> set[UUID]:
        """Store the visits and return those that are still to be made."""
        rows = self.plan.rows
        is_open = set()
        if self._is_current:
            is_open = open_visits(rows, self.logins, DONE_NOW)
        for number, row in enumerate(rows):
            if row["visit_id"] in is_open:
                row["due_on"] = due_soon(self.plan.month, self.demo.today, number)
        self.session.execute(insert(VisitRow), rows)
        return is_open

    def make(self, still_open: set[UUID], tell: Tell) -> list[Arrived]:
        """Make all other visits; their audits come in and are judged."""
        made = [row for row in self.plan.rows if row["visit_id"] not in still_open]
        forms = forms_of(self.session, made)
        visitors = [
            self._hurried(each, forms)
            for each in self._visitors(made, self._begins(made))
        ]
        told = tell_trips(visitors, forms, self.demo.studio, tell)
        told = self._forge(told, forms)
        waiting = {_visit_id(_latest(told))} if self._is_current else set()
        arrived = take_in(
            self.session, told, sign=self.demo.sign, waiting=waiting, now=self.demo.now
        )
        for each in arrived:
            if not each.is_whole:
                self.demo.studio.forget(each.told.photos[-1])
        judge(self.session, (each for each in arrived if each.is_whole))
        return arrived

    def begin_one(self, still_open: set[UUID]) -> None:
        """Let an auditor with more to do be at the door of a hall right now."""
        rows = [row for row in self.plan.rows if row["visit_id"] in still_open]
        busy = Counter(row["auditor_id"] for row in rows)
        row = max(rows, key=lambda row: (busy[row["auditor_id"]], row["hall_id"]))
        began_at = self.demo.now - UNDER_WAY
        visitor = self._visitors([row], {row["visit_id"]: began_at})[0]
        visitor = replace(visitor, course=replace(visitor.course, shows=FRONT))
        forms = forms_of(self.session, [row])
        told = tell_trips([visitor], forms, self.demo.studio)[0]
        take_in_draft(self.session, told, now=began_at + UNDER_WAY / 2)

    def decide(self, arrived: Sequence[Arrived]) -> None:
        """Accept what came in a month that is over, and refuse what was forged."""
        forged = [each for each in arrived if _visit_id(each.told) == self.plan.forged]
        for each in forged:
            reject(self.session, each, self.reviewers, fraud.REASON)
        self._accept(each for each in arrived if each not in forged)

    def decide_lately(self, arrived: Sequence[Arrived]) -> None:
        """Leave the latest audits of the current month to review, some returned."""
        whole = sorted(
            (each for each in arrived if each.is_whole), key=lambda one: one.received_at
        )
        open_ones = [
            each for each in whole if each.told.visitor.row["hall_id"] not in DONE_NOW
        ][-IN_REVIEW - RETURNED :]
        returned = open_ones[: -IN_REVIEW or None]
        self._accept(each for each in whole if each not in open_ones)
        send_back(self.session, returned, self.reviewers, self.demo.now)
        passed_on = open_ones[-IN_REVIEW:][:PASSED_ON]
        look_first(self.session, passed_on, self.reviewers, self.demo.now)

    def _accept(self, arrived: Iterable[Arrived]) -> None:
        latest, arrived = self.demo.now - LATEST_DECISION, list(arrived)
        look_first(self.session, arrived, self.reviewers, latest)
        accept(self.session, arrived, self.reviewers, latest)

    def _begins(self, rows: list[Row]) -> dict[UUID, datetime]:
        gone = days_gone(self.plan.month, self.demo.today)
        days = {
            hall_id: course.day
            for hall_id, course in self.courses.items()
            if course.day is not None and course.day <= gone
        }
        begins = begin_times(rows, self.plan.month, self.demo.today, days, {fraud.HALL})
        again = dict.fromkeys(self.plan.again, self.plan.second_began_at)
        return begins | {key: at for key, at in again.items() if key in begins}

    def _visitors(self, rows: list[Row], begins: dict[UUID, datetime]) -> list[Visitor]:
        halls = {hall["id"]: hall for hall in organisation()["halls"]}
        visitors = [
            Visitor(
                row,
                halls[row["hall_id"]],
                self.logins[row["auditor_id"]],
                self.plan.again.get(row["visit_id"]) or self.courses[row["hall_id"]],
                begins[row["visit_id"]],
            )
            for row in rows
        ]
        return sorted(visitors, key=lambda visitor: visitor.began_at)

    def _hurried(self, visitor: Visitor, forms: Forms) -> Visitor:
        if visitor.row["visit_id"] != self.plan.forged:
            return visitor
        form = forms[visitor.row["form_digest"]]
        return replace(visitor, course=fraud.hurried_course(form))

    def _forge(self, told: list[Told], forms: Forms) -> list[Told]:
        """Let the hurried visit copy from the auditor's visit before it."""
        number = next(
            (i for i, each in enumerate(told) if _visit_id(each) == self.plan.forged),
            None,
        )
        if number is None:
            return told
        hurried = told[number]
        source = max(
            i
            for i, each in enumerate(told[:number])
            if each.visitor.login == fraud.AUDITOR
        )
        honest = fraud.with_remark(told[source])
        form = forms[hurried.visitor.row["form_digest"]]
        copied = fraud.copied_subjects(honest, form)
        photos = self.demo.studio.shoot([(subject, True) for _, subject in copied])
        items = [item_id for item_id, _ in copied]
        forged = fraud.forged(hurried, list(zip(items, photos, strict=True)))
        return [
            {source: honest, number: forged}.get(i, each) for i, each in enumerate(told)
        ]


def _latest(told: Sequence[Told]) -> Told:
    return next(
        each for each in reversed(told) if each.visitor.row["hall_id"] not in DONE_NOW
    )


def _visit_id(told: Told) -> UUID:
    visit_id: UUID = told.visitor.row["visit_id"]
    return visit_id
