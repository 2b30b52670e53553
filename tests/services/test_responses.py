"""Customers' responses are stored once and rolled up as they arrive."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from auditapp.services.responses import NewResponse, take_responses
from auditapp.store.responses import ResponseRow, TallyRow
from auditapp.store.work import JobRow
from desk_world import make_world

NOW = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)


def make_response(key, score_milli=80_000, **changes):
    """Return one text-message feedback of BD01 in October."""
    values = {
        "source": "sms",
        "origin": "text",
        "origin_key": key,
        "hall_id": "BD01",
        "month": "2026-10",
        "happened_on": date(2026, 10, 19),
        "received_at": NOW,
        "business": "plan_change",
        "checklist_version": "1",
        "score_milli": score_milli,
        "lost": {"sms_rating": 100_000 - score_milli},
        "cause": None,
        "answers": {"sms_rating": 8},
    }
    return NewResponse(**(values | changes))


def tally_of(session, hall_id="BD01"):
    return session.get(TallyRow, ("2026-10", hall_id, "sms"), populate_existing=True)


def test_a_response_delivered_twice_counts_once(session):
    make_world(session)
    first = take_responses(session, [make_response("a"), make_response("b")], now=NOW)
    again = take_responses(session, [make_response("a"), make_response("c")], now=NOW)
    session.commit()

    assert (len(first.ids), first.repeated) == (2, 0)
    assert (set(again.ids), again.repeated) == ({"c"}, 1)
    assert tally_of(session).responses == 3


def test_a_tally_is_what_its_responses_add_up_to(session):
    make_world(session)
    batches = [
        [make_response("a", 92_000), make_response("b", 30_000, cause="process")],
        [make_response("c", 0, cause="support"), make_response("d", hall_id="SX01")],
    ]
    for batch in batches:
        take_responses(session, batch, now=NOW)
    session.commit()

    tally = tally_of(session)
    scores = session.scalars(
        select(ResponseRow.score_milli).where(ResponseRow.hall_id == "BD01")
    ).all()
    assert tally.total_milli == sum(scores) == 122_000
    assert tally.squares_milli == sum(score**2 for score in scores)
    assert tally.total_milli + sum(tally.lost.values()) == 100_000 * tally.responses
    assert (tally.front_line, tally.process, tally.support) == (0, 1, 1)
    assert tally_of(session, "SX01").responses == 1


def test_new_responses_ask_for_their_halls_months_to_be_scored(session):
    make_world(session)
    take_responses(session, [make_response("a"), make_response("b")], now=NOW)

    jobs = session.execute(
        select(JobRow.kind, JobRow.subject, func.count()).group_by(
            JobRow.kind, JobRow.subject
        )
    ).all()
    assert [tuple(job) for job in jobs] == [("month.rescore", "2026-10 BD01", 1)]
