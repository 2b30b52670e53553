"""Who is told of what, once, and how it leaves by mail."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from action_world import (
    CRITICAL,
    FOUND,
    OF_THE_HALL,
    SUPPORTED,
    action_of,
    actor,
    check_hall,
    make_action_world,
)
from auditapp.domain.actor import Role
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.domain.news_way import (
    GIVES_UP_AFTER,
    MOST_BROWSERS,
    Subscription,
    WayKind,
)
from auditapp.domain.notification import MANY, NewsKind
from auditapp.gateways.vault import ADDRESSES, Vault
from auditapp.reads.notifications import list_news, list_ways
from auditapp.services import event_following
from auditapp.services.action_tending import escalate_late
from auditapp.services.actions import Handover, Said, approve, hand_over, send_proof
from auditapp.services.events import record_event
from auditapp.services.evidence import StoredPhoto
from auditapp.services.news_following import follow_events
from auditapp.services.news_ways import (
    add_browser,
    choose_email,
    choose_robot,
    forget_way,
)
from auditapp.services.notifications import (
    LEASE,
    READ_KEPT,
    UNREAD_KEPT,
    claim_batch,
    forget_old_news,
    note_failed,
    note_sent,
    open_notification,
    read_all,
)
from auditapp.services.releases import release_month
from auditapp.store.notifications import (
    NewsSendingRow,
    NewsWayRow,
    NotificationRow,
)
from auditapp.store.people import PersonRow
from auditapp.store.work import EventRow
from statements import counted, statements

EVENT_COLUMNS = [column.key for column in EventRow.__table__.columns]

LATER = FOUND + timedelta(days=60)
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # in the halls
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4"
NIGHT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture
def world(session):
    """Return the company, whose log is followed from now on."""
    world = make_action_world(session)
    follow_events(session)
    session.commit()
    return world


def told(session, login):
    while follow_events(session):
        session.commit()
    session.commit()
    return [each.kind for each in list_news(session, actor(session, login))]


def test_what_was_before_is_no_news(session):
    world = make_action_world(session)
    check_hall(session, world, [CRITICAL], state="released")

    assert told(session, "hall_bd01") == told(session, "rm_north") == []


def test_a_critical_finding_is_told_to_its_hall_and_its_region_at_once(session, world):
    check_hall(session, world, [CRITICAL])

    assert told(session, "rm_north") == [NewsKind.ACTION_GIVEN]
    for login in ("rm_east", "hq", "dep_it", "sup"):
        assert told(session, login) == []


def test_a_hall_hears_nothing_of_a_visit_before_its_release(session, world):
    check_hall(session, world, [OF_THE_HALL, SUPPORTED])
    assert told(session, "hall_bd01") == []

    release_month(session, "2026-11", now=LATER, actor=None)

    assert told(session, "hall_bd01") == [NewsKind.RESULTS_RELEASED]


def test_proof_goes_to_the_region_and_its_approval_back_to_the_owner(session, world):
    check_hall(session, world, [SUPPORTED], state="released")
    action = action_of(session, SUPPORTED)
    region, clerk = actor(session, "rm_north"), actor(session, "dep_facilities")
    wanted = Handover("support", "facilities", "是后勤的")
    hand_over(session, region, action.action_id, wanted, now=FOUND)
    assert told(session, "dep_facilities") == [NewsKind.ACTION_GIVEN]

    said = Said("换好了", [StoredPhoto("a" * 64, 1, "image/jpeg")])
    send_proof(session, clerk, action.action_id, said, now=FOUND)
    assert told(session, "rm_north") == [NewsKind.ACTION_PROOF]
    approve(session, region, action.action_id, Said("看过了"), now=FOUND)

    assert NewsKind.ACTION_APPROVED in told(session, "dep_facilities")


def test_what_is_late_goes_one_level_up(session, world):
    check_hall(session, world, [OF_THE_HALL], state="released")
    escalate_late(session, now=LATER)

    assert NewsKind.ACTION_LATE in told(session, "rm_north")
    assert NewsKind.ACTION_LATE not in told(session, "hq")


def test_nobody_is_told_of_what_they_did_themselves_and_nobody_twice(session, world):
    event = {"now": FOUND, "actor_id": world.people["rm_north"]}
    audit = check_hall(session, world, [])
    record_event(session, "audit.checked", audit, **event)
    assert told(session, "rm_north") == []

    record_event(session, "audit.checked", audit, now=FOUND)
    session.commit()
    assert told(session, "rm_north") == [NewsKind.REVIEW_WAITING]
    record_event(session, "person.signed_in", "x", now=FOUND)
    session.commit()
    assert told(session, "rm_north") == [NewsKind.REVIEW_WAITING]


def test_an_event_that_is_committed_late_is_still_told(session, world, monkeypatch):
    monkeypatch.setattr(event_following, "CHUNK", 3)
    audit = check_hall(session, world, [])
    record_event(session, "audit.checked", audit, now=FOUND)
    session.flush()
    late = session.scalars(select(EventRow).order_by(EventRow.event_id.desc())).first()
    values = {name: getattr(late, name) for name in EVENT_COLUMNS}
    record_event(session, "person.signed_in", "x", now=FOUND)
    session.delete(late)  # it has its number, and nobody sees it yet
    session.commit()
    assert told(session, "rm_north") == []
    session.add(EventRow(**values))
    record_event(session, "person.signed_in", "x", now=FOUND)
    session.commit()

    assert told(session, "rm_north") == [NewsKind.REVIEW_WAITING]


def test_no_auditor_is_named_anywhere(session, world):
    check_hall(session, world, [CRITICAL, SUPPORTED], state="released")
    told(session, "hq")

    auditor = session.get(PersonRow, world.people["a10"])
    for row in session.scalars(select(NotificationRow)):
        assert auditor.code not in str(row.facts)
        assert auditor.name_zh not in str(row.facts)
        assert session.get(PersonRow, row.person_id).role != Role.AUDITOR.value


def test_events_that_nobody_is_told_of_cost_nothing_each(app, session, world):
    check_hall(session, world, [])
    told(session, "hq")
    costs = []
    for count in (3, 30):
        for _number in range(count):
            record_event(session, "person.signed_in", "x", now=FOUND)
        session.commit()
        with statements(app) as seen:
            follow_events(session)
        session.commit()
        costs.append(len(counted(seen)))

    assert costs[0] == costs[1] <= 6


@pytest.fixture
def manager(session, world):
    check_hall(session, world, [CRITICAL])
    told(session, "rm_north")
    return actor(session, "rm_north")


def test_reading_one_or_all_counts_down(session, manager):
    (news,) = list_news(session, manager)
    assert not news.is_read

    open_notification(session, manager, news.notification_id, NOON)
    assert [each.is_read for each in list_news(session, manager)] == [True]
    stranger = actor(session, "rm_east")
    with pytest.raises(NotFoundError):
        open_notification(session, stranger, news.notification_id, NOON)
    read_all(session, manager, NOON)
    assert list_news(session, manager)[0].is_read


def test_many_late_actions_of_one_moment_are_one_line(session, world):
    check_hall(session, world, [OF_THE_HALL, SUPPORTED], state="released")
    action = action_of(session, OF_THE_HALL).action_id
    for _number in range(MANY):
        record_event(session, "action.escalated", action, now=LATER, level=1)
    session.commit()
    assert told(session, "rm_north") == [NewsKind.ACTION_LATE] * MANY

    for _number in range(MANY + 1):
        record_event(session, "action.escalated", action, now=LATER, level=1)
    session.commit()

    kinds = told(session, "rm_north")
    assert kinds.count(NewsKind.ACTIONS_LATE) == 1
    (row,) = session.scalars(
        select(NotificationRow).where(
            NotificationRow.kind == NewsKind.ACTIONS_LATE.value,
            NotificationRow.person_id == world.people["rm_north"],
        )
    )
    assert row.facts == {"count": MANY + 1}


def wants(session, login, groups=("actions",)):
    choose_email(session, actor(session, login), "manager@x.example", groups)
    session.commit()


@pytest.fixture
def written_to(session, world):
    """Return a manager who chose mail and has one message waiting."""
    wants(session, "rm_north")
    check_hall(session, world, [CRITICAL])
    told(session, "rm_north")
    return actor(session, "rm_north")


def claim(session, now=NOON):
    batch = claim_batch(session, [WayKind.EMAIL], now=now)
    session.commit()
    return batch


@pytest.mark.usefixtures("written_to")
def test_a_batch_is_claimed_once_and_again_after_its_lease(session):
    batch = claim(session)
    assert (batch.address, len(batch.told)) == ("manager@x.example", 1)
    assert claim(session) is None

    again = claim(session, NOON + LEASE + timedelta(seconds=1))

    assert again.ids == batch.ids
    note_sent(session, again)
    session.commit()
    assert claim(session, NOON + 3 * LEASE) is None


@pytest.mark.usefixtures("written_to")
def test_nobody_is_written_to_at_night(session):
    assert claim(session, NIGHT) is None
    assert claim(session) is not None


def test_what_was_before_the_choice_is_not_sent(session, manager):
    wants(session, "rm_north")
    assert claim(session) is None
    assert len(list_news(session, manager)) == 1


def test_what_was_not_chosen_is_not_sent(session, world):
    wants(session, "rm_north", ("results",))
    check_hall(session, world, [CRITICAL])
    assert told(session, "rm_north") == [NewsKind.ACTION_GIVEN]
    assert claim(session) is None


def test_what_was_read_meanwhile_is_not_sent(session, written_to):
    read_all(session, written_to, NOON)
    batch = claim(session)
    assert (len(batch.ids), batch.told) == (1, ())


@pytest.mark.usefixtures("written_to")
def test_no_choice_is_no_mail(session):
    wants(session, "rm_north", ())
    assert claim(session) is None
    assert session.scalars(select(NewsSendingRow)).all() == []


@pytest.mark.usefixtures("written_to")
def test_a_way_that_fails_again_and_again_is_left_until_it_is_chosen_anew(session):
    for number in range(GIVES_UP_AFTER):
        batch = claim(session, NOON + number * 2 * LEASE)
        note_failed(session, batch)
        session.commit()
    (way,) = list_ways(session, actor(session, "rm_north"))
    assert way.is_broken
    assert claim(session, NOON + 20 * LEASE) is None

    wants(session, "rm_north")

    assert not list_ways(session, actor(session, "rm_north"))[0].is_broken
    assert claim(session, NOON + 20 * LEASE).ids == batch.ids


@pytest.mark.parametrize(
    ("email", "groups", "code"),
    [
        ("", ("actions",), "no-email"),
        ("a@b", ("actions",), "no-email"),
        ("a@b.example, c@d.example", ("actions",), "no-email"),
        ("a@b.example\nBcc: x@y.example", ("actions",), "no-email"),
        ("a@b.example", ("gossip",), "unknown-group"),
    ],
)
def test_a_choice_that_cannot_be_kept_says_why(session, manager, email, groups, code):
    with pytest.raises(InvalidError) as refused:
        choose_email(session, manager, email, groups)

    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_robot_is_kept_sealed_and_its_address_need_not_be_typed_again(
    session, manager
):
    vault = Vault("k" * 32, ADDRESSES)
    choose_robot(session, vault, manager, WECOM, ("actions",), now=NOON)
    (row,) = session.scalars(select(NewsWayRow))
    assert "693a91f6" not in row.address
    assert vault.unseal_text(row.address) == WECOM

    choose_robot(session, vault, manager, "", ("results",), now=NOON)

    (way,) = list_ways(session, manager)
    assert (way.name, way.groups) == ("wecom", {"results"})
    with pytest.raises(InvalidError):
        choose_robot(
            session, vault, manager, "https://x.example", ("results",), now=NOON
        )


def test_a_browser_is_one_however_often_it_subscribes_and_there_are_not_too_many(
    session, manager
):
    vault = Vault("k" * 32, ADDRESSES)

    def add(number, groups=("actions",)):
        where = Subscription(f"https://push.example/{number}", "p", "a")
        add_browser(session, vault, manager, where, name="Chrome", groups=groups)

    add(0)
    add(0, ("results",))
    assert [way.groups for way in list_ways(session, manager)] == [{"results"}]
    for number in range(1, MOST_BROWSERS):
        add(number)
    with pytest.raises(InvalidError) as refused:
        add(MOST_BROWSERS)
    assert refused.value.problems[0].code == "too-many-browsers"
    with pytest.raises(InvalidError):
        add(0, ())

    forget_way(session, manager, list_ways(session, manager)[0].way_id)
    assert len(list_ways(session, manager)) == MOST_BROWSERS - 1


def test_a_stranger_cannot_remove_a_way(session, manager):
    wants(session, "rm_north")
    (way,) = list_ways(session, manager)
    with pytest.raises(NotFoundError):
        forget_way(session, actor(session, "rm_east"), way.way_id)


def test_what_was_read_long_ago_is_forgotten_and_what_was_not_read_stays(
    session, written_to
):
    forget_old_news(session, FOUND + READ_KEPT + timedelta(days=2))
    assert len(list_news(session, written_to)) == 1
    read_all(session, written_to, FOUND)

    forget_old_news(session, FOUND + READ_KEPT + timedelta(days=2))

    assert list_news(session, written_to) == []
    assert session.scalars(select(NewsSendingRow)).all() == []


def test_what_nobody_read_for_a_year_is_forgotten(session, manager):
    forget_old_news(session, FOUND + UNREAD_KEPT + timedelta(days=2))
    assert list_news(session, manager) == []
