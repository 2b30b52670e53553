"""A closed month is frozen, recomputed to the last digit, and corrected in the open."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import ForbiddenError, InvalidError
from auditapp.domain.month_life import (
    MonthClosedError,
    MonthNotClosedError,
    MonthNotOverError,
)
from auditapp.domain.overrides import NotAcceptedError, OwnAcceptanceError
from auditapp.reads.hall_month import get_hall_month
from auditapp.reads.ledgers import (
    get_ledger_difference,
    list_changed_halls,
    list_ledgers,
)
from auditapp.reads.month_closing import get_closing
from auditapp.reads.month_model import unpack_document
from auditapp.services.month_closing import close_month
from auditapp.services.month_life import reopen_month
from auditapp.services.month_verifying import verify_month
from auditapp.services.months import score_month
from auditapp.services.overrides import override_item
from auditapp.store.audits import AuditRow, OverrideRow, ScoreRow
from auditapp.store.months import LedgerLineRow, LedgerRow
from auditapp.store.responses import ResponseRow, TallyRow
from auditapp.store.visits import VisitRow
from desk_world import make_audit, make_world
from month_world import LATER, MONTH, make_accepted, take

BAD = {item: {"value": "no"} for item in ("off_fit", "off_plain", "exp_listen")}
A_DAY = timedelta(days=1)


@pytest.fixture
def world(session):
    """Return a company with two scored halls and an inspection two months ago."""
    world = make_world(session)
    make_accepted(session, world, answers=BAD)
    make_accepted(session, world, hall_id="SX01", auditor="a11")
    inspection = make_accepted(session, world, hall_id="SX01", kind="open_inspection")
    visit = session.get(AuditRow, inspection).visit_id
    session.get(VisitRow, visit).month = "2026-09"
    for score in (80, 90, 70, 60, 100, 95):
        take(session, "callback", [score])
    take(session, "sms", [90] * 10 + [71] * 9, cause="process")
    take(session, "sms", [50] * 16, hall_id="BD02", month="2026-10")
    session.commit()
    return world


def actor(world, login="hq", role=Role.HEADQUARTERS):
    return Actor(world.people[login], login, role)


def close(session, now=LATER, who=None):
    closed = close_month(session, MONTH, now=now, actor=who)
    session.commit()
    return closed


def test_a_closed_month_verifies_to_the_last_digit_and_nothing_touches_it(
    session, world
):
    closed = close(session, who=actor(world))
    line = session.get(LedgerLineRow, (MONTH, 1, "BD02"))
    change = unpack_document(line.document)["adjusted"]["change"]["last"]
    assert change["month"] == "2026-10"
    result = verify_month(session, MONTH)
    assert (result.differences, result.halls, result.number) == ([], 3, 1)
    assert result.digest == closed.digest

    make_accepted(session, world, hall_id="BD02")
    take(session, "sms", [0] * 30, received_at=LATER + A_DAY)
    visit = session.scalars(select(VisitRow).where(VisitRow.hall_id == "BD02")).one()
    visit.accepted_at = LATER + A_DAY
    session.commit()
    result = verify_month(session, MONTH)
    assert result.differences == []
    assert (result.waiting.responses, result.waiting.audits) == (30, 1)
    manager = Actor(
        world.people["hall_bd01"], "hall_bd01", Role.HALL_MANAGER, hall_id="BD01"
    )
    page = get_hall_month(session, manager, "BD01", MONTH)
    assert (page.ledger_number, page.sources[3].n) == (1, 19)
    assert page.sources[0].taken[0].audit_id is None
    with pytest.raises(MonthClosedError):
        score_month(session, MONTH, now=LATER + A_DAY)


def tamper_score(session):
    """Change an audit's answer in the stored document."""
    row = session.scalars(select(AuditRow).order_by(AuditRow.received_at)).first()
    row.document = row.document.replace(b'"no"', b'"yes"')


def tamper_response(session):
    session.execute(
        update(ResponseRow)
        .where(ResponseRow.score_milli == 60_000)
        .values(score_milli=61_000, lost={"cb_overall": 39_000})
    )


def tamper_tally(session):
    session.execute(
        update(TallyRow)
        .where(TallyRow.source == "callback")
        .values(total_milli=TallyRow.total_milli + 1)
    )


def tamper_line(session):
    row = session.get(LedgerLineRow, (MONTH, 1, "BD01"))
    row.document = b"?"


def tamper_header(session):
    row = session.get(LedgerRow, (MONTH, 1))
    row.header = row.header.replace(b'"halls":3', b'"halls":4')


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (tamper_score, "its document is altered"),
        (tamper_response, "source callback: frozen 82500, recomputed 82667"),
        (tamper_tally, "the tally says 6 responses and 495001"),
        (tamper_line, "BD01: the frozen document cannot be read"),
        (tamper_header, "the header of ledger 1 is not what its digest says"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
@pytest.mark.usefixtures("world")
def test_whatever_was_altered_is_named(session, tamper, words):
    close(session)
    tamper(session)
    session.commit()
    session.expire_all()

    assert words in "\n".join(verify_month(session, MONTH).differences)


def test_a_correction_makes_a_new_ledger_and_explains_every_line(session, world):
    hq, audit_id = actor(world), world.audits[0]
    first = close(session, who=hq)
    override_item(session, hq, audit_id, "off_fit", "yes", "顾客说清了", LATER + A_DAY)
    session.commit()
    assert verify_month(session, MONTH).differences == []
    reopen_month(session, MONTH, "改判", now=LATER + A_DAY, actor=hq)
    second = close(session, now=LATER + 2 * A_DAY, who=hq)

    assert (first.number, second.number) == (1, 2)
    heads = {head.number: head for head in list_ledgers(session, hq, MONTH)}
    assert heads[2].previous_digest == heads[1].digest
    assert heads[2].reason == "改判"
    assert list_changed_halls(session, hq, MONTH, 2) == ["BD01"]
    changes = get_ledger_difference(session, hq, MONTH, "BD01", 2)
    official = next(change for change in changes if change.kind == "official")
    lines = [change for change in changes if change.kind == "line"]
    assert sum(c.before - c.after for c in lines) == official.after - official.before
    assert official.after > official.before
    gone = next(change for change in lines if change.subject == "off_fit")
    assert (gone.source, gone.after) == ("mystery", 0)
    assert [c.subject for c in changes if c.kind == "input_rescored"] == [str(audit_id)]
    for number in (1, 2):
        assert verify_month(session, MONTH, number).differences == []


def test_months_are_chained_and_start_from_the_ledger_before(session, world):
    earlier = close_month(session, "2026-10", now=LATER, actor=None)
    session.commit()
    close(session, now=LATER + A_DAY)

    head = list_ledgers(session, actor(world), MONTH)[0]
    assert head.header["before"] == {"month": "2026-10", "number": 1}
    assert head.previous_digest == earlier.digest
    assert verify_month(session, MONTH).differences == []


def test_who_may_close_and_when(session, world):
    with pytest.raises(MonthNotOverError):
        close_month(session, MONTH, now=LATER - 10 * A_DAY, actor=None)
    for login, role in (("rm_north", Role.REGION_MANAGER), ("admin", Role.ADMIN)):
        with pytest.raises(ForbiddenError):
            close_month(session, MONTH, now=LATER, actor=actor(world, login, role))
    with pytest.raises(MonthNotClosedError):
        reopen_month(session, MONTH, "…", now=LATER, actor=None)
    close(session)
    with pytest.raises(MonthClosedError):
        close(session)
    session.rollback()
    with pytest.raises(InvalidError):
        reopen_month(session, MONTH, "  ", now=LATER, actor=None)


def test_an_override_needs_an_accepted_audit_a_second_person_and_a_reason(
    session, world
):
    audit_id = world.audits[0]
    visit = session.get(VisitRow, session.get(AuditRow, audit_id).visit_id)
    visit.accepted_by = world.people["hq"]
    session.commit()
    other = actor(world, "hq_view")

    def override(who, audit=audit_id, item="off_fit", value="yes", reason="对"):
        override_item(session, who, audit, item, value, reason, LATER)

    with pytest.raises(OwnAcceptanceError):
        override(actor(world))
    with pytest.raises(ForbiddenError):
        override(actor(world, "rm_north", Role.REGION_MANAGER))
    with pytest.raises(NotAcceptedError):
        override(other, audit=make_audit(session, world, photos=0, days_ago=3))
    for wrong in ({"item": "none"}, {"value": 9}, {"reason": " "}):
        with pytest.raises(InvalidError):
            override(other, **wrong)
    session.rollback()
    before = session.get(ScoreRow, (audit_id, 7)).lines
    override(other)
    session.commit()
    session.expire_all()
    row = session.scalars(select(OverrideRow)).one()
    assert row.score_before == before
    assert session.get(ScoreRow, (audit_id, 7)).lines != before


def test_closing_lists_what_is_missing_and_repairs_tallies(session, world):
    make_audit(session, world, hall_id="BD02", photos=0, state="in_review")
    score_month(session, MONTH, now=LATER)
    session.execute(update(TallyRow).values(responses=TallyRow.responses + 1))
    session.commit()
    closing = get_closing(session, actor(world), MONTH, LATER)
    found = {(each.code, each.detail): each.hall_ids for each in closing.obstacles}
    assert found["no_visit", None] == ("BD02",)
    assert found["unreviewed", None] == ("BD02",)
    assert "BD02" in found["unranked", "too_few_sources"]

    close(session)
    assert verify_month(session, MONTH).differences == []
    counted = session.scalar(
        select(func.sum(TallyRow.responses)).where(TallyRow.month == MONTH)
    )
    assert counted == 25
