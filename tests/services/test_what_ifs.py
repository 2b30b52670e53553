"""Past months replayed under a draft; nothing else ever changes."""

import pytest
from sqlalchemy import select

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import InvalidError
from auditapp.domain.tier_matrix import item_of, with_item
from auditapp.domain.what_if import HallChange
from auditapp.services.draft_steps import approve_draft, submit_draft
from auditapp.services.drafts import NewDraft, Save, begin_draft, get_draft, save_draft
from auditapp.services.months import score_month
from auditapp.services.standard_versions import CHECKLIST, POLICY
from auditapp.services.what_if_months import MOST_ALONE, replay_month
from auditapp.services.what_if_validity import validity_of
from auditapp.services.what_ifs import (
    find_next_month,
    finish_what_if,
    keep_replay,
    list_changes,
    request_what_if,
)
from auditapp.store.audits import AuditRow
from auditapp.store.organisation import HallRow
from auditapp.store.standards import WhatIfHallRow, WhatIfRow
from auditapp.store.tables import metadata
from desk_world import make_world
from month_world import LATER, MONTH, make_accepted, take

AFTER = LATER.replace(year=2027)
MYSTERY = "telecom_hall_mystery"
BAD = "off_plain"


@pytest.fixture
def world(session):
    world = make_world(session)
    make_accepted(session, world, answers={BAD: {"value": "no", "note": "不清楚"}})
    make_accepted(session, world, hall_id="SX01", auditor="a11")
    for hall in ("BD01", "SX01"):
        take(session, "callback", [80, 90, 70, 60, 100, 95], hall_id=hall)
        take(session, "sms", [90] * 10 + [70] * 10, hall_id=hall)
    score_month(session, MONTH, now=LATER)
    session.commit()
    return world


def quiet(_done, _total):
    """Say nothing about the progress."""


def hq(world):
    return Actor(world.people["hq"], "hq", Role.HEADQUARTERS)


def begun(session, world, change, kind=CHECKLIST, subject=MYSTERY):
    draft_id = begin_draft(session, hq(world), NewDraft(kind, subject), now=AFTER)
    document = change(get_draft(session, draft_id).document)
    save_draft(session, hq(world), draft_id, Save(document, 1, "试"), now=AFTER)
    return draft_id


def optional(document):
    item, _section = item_of(document, BAD)
    tiers = ("flagship", "standard", "small", "township")
    return with_item(document, {**item, "applies": dict.fromkeys(tiers, "optional")})


def weighed(document, item_id, weight):
    item, _section = item_of(document, item_id)
    return with_item(document, {**item, "weight": weight})


def run(session, world, draft_id, months=(MONTH,)):
    what_if_id = request_what_if(session, hq(world), draft_id, months, now=AFTER)
    while waiting := find_next_month(session, what_if_id):
        draft, month = waiting
        found = replay_month(session, draft, month, quiet)
        keep_replay(session, what_if_id, month, found)
    finish_what_if(session, what_if_id, now=AFTER)
    return session.get_one(WhatIfRow, what_if_id)


def test_dropping_what_a_hall_failed_lifts_that_hall_alone(session, world):
    row = run(session, world, begun(session, world, optional))
    changes = {each.hall_id: each for each in list_changes(session, row.what_if_id)}
    assert changes["BD01"].change_milli > 0
    assert changes["SX01"].change_milli == 0
    assert row.summary["moved_halls"] == 1
    assert row.summary["audits"] == row.summary["reproduced"] == 2
    assert row.summary["moved_milli"][BAD] > 0
    assert row.state == "done"


def test_many_changes_are_tried_alone_on_some_visits_the_same_for_all_places(
    session, world
):
    def heavier(document):
        light = [
            item["id"]
            for section in document["sections"]
            for item in section["items"]
            if item.get("weight", 2) in (2, 3) and not item.get("critical")
        ]
        for name in light[: 2 * MOST_ALONE]:
            weight = item_of(document, name)[0].get("weight", 2)
            document = weighed(document, name, 5 - weight)
        return document

    row = run(session, world, begun(session, world, heavier))
    audits = session.scalars(select(AuditRow.audit_id)).all()
    assert row.summary["alone"] == sum(each.int % 3 == 0 for each in audits)
    assert row.summary["audits"] == len(audits)


def test_a_draft_that_says_the_same_moves_nobody(session, world):
    draft_id = begun(session, world, lambda document: {**document, "en": "Visit"})
    row = run(session, world, draft_id)
    assert row.summary["moved_halls"] == 0
    assert row.summary["rank"] is None or row.summary["rank"] == pytest.approx(1)


def test_what_old_visits_never_asked_is_counted_as_unknown(session, world):
    def with_new(document):
        item, section = item_of(document, "ext_clean")
        new = {**item, "id": "ext_bench", "zh": "长椅", "en": "A bench"}
        sections = [
            {**each, "items": [*each["items"], new]} if each is section else each
            for each in document["sections"]
        ]
        return {**document, "sections": sections}

    row = run(session, world, begun(session, world, with_new))
    assert row.summary["unknown"] == {"ext_bench": 2}
    assert row.summary["moved_halls"] == 0


def test_a_visit_of_an_earlier_version_shows_only_what_the_draft_changes(
    session, world
):
    newer = begun(session, world, lambda d: weighed(d, "ext_open", 4))
    other = Actor(world.people["hq_view"], "other", Role.HEADQUARTERS)
    submit_draft(session, hq(world), newer, now=AFTER)
    approve_draft(session, other, newer, now=AFTER)
    row = run(session, world, begun(session, world, optional))
    changes = {each.hall_id: each for each in list_changes(session, row.what_if_id)}
    assert row.summary["earlier"] == row.summary["reproduced"] == 2
    assert changes["SX01"].change_milli == 0
    assert changes["BD01"].change_milli > 0


def test_a_policy_is_tried_on_the_stored_month(session, world):
    def heavier(document):
        sources = document["sources"]
        sources["mystery"]["weight"], sources["open_inspection"]["weight"] = 30, 30
        return document

    draft_id = begun(session, world, heavier, POLICY, "monthly_score")
    row = run(session, world, draft_id)
    assert row.summary["moved_halls"] == 2
    assert row.summary["audits"] == 0


def contents(session):
    """Return every row of every table but those a replay writes."""
    own = {"what_ifs", "what_if_halls", "jobs", "drafts", "draft_revisions", "events"}
    return {
        table.name: sorted(map(repr, session.execute(select(table)).all()))
        for table in metadata.sorted_tables
        if table.name not in own
    }


def test_a_replay_never_changes_anything(session, world):
    draft_id = begun(session, world, optional)
    before = contents(session)
    run(session, world, draft_id)
    assert contents(session) == before


def test_a_month_that_was_replayed_is_not_replayed_again(session, world):
    draft_id = begun(session, world, optional)
    what_if_id = request_what_if(session, hq(world), draft_id, [MONTH], now=AFTER)
    draft, month = find_next_month(session, what_if_id)
    found = replay_month(session, draft, month, quiet)
    for _worker in range(2):
        keep_replay(session, what_if_id, month, found)
    assert find_next_month(session, what_if_id) is None
    rows = session.scalars(
        select(WhatIfHallRow).where(WhatIfHallRow.what_if_id == what_if_id)
    ).all()
    assert len(rows) == len(found.changes)
    for _worker in range(2):
        finish_what_if(session, what_if_id, now=AFTER)


@pytest.mark.parametrize(
    "months", [[], ["2031-01"], ["x"], [f"2026-{n:02}" for n in range(1, 8)]]
)
def test_only_past_months_with_scores_are_replayed(session, world, months):
    draft_id = begun(session, world, optional)
    with pytest.raises(InvalidError):
        request_what_if(session, hq(world), draft_id, months, now=AFTER)


def test_a_draft_that_breaks_a_rule_is_not_replayed(session, world):
    def broken(document):
        item, _section = item_of(document, BAD)
        return with_item(document, {**item, "weight": 99})

    draft_id = begun(session, world, broken)
    with pytest.raises(InvalidError) as caught:
        request_what_if(session, hq(world), draft_id, [MONTH], now=AFTER)
    assert caught.value.problems[0].pointer.endswith("/weight")


def test_visits_of_the_first_half_are_held_against_callbacks_of_the_second(
    session, world
):
    assert world.people
    changes = []
    like = {
        column.key: getattr(session.get_one(HallRow, "BD01"), column.key)
        for column in HallRow.__table__.columns
    }
    for number in range(40):
        hall_id = f"VV{number:02}"
        session.add(HallRow(**like | {"hall_id": hall_id}))
        session.flush()
        take(session, "callback", [50 + number], hall_id=hall_id)
        for month in ("2026-07", "2026-08", MONTH):
            noise = 15_000 * (number % 3)
            changes.append(
                HallChange(
                    month, hall_id, "north", "small", (), 1, 1, 1, "A", "A", 1, 1, 0,
                    number * 1000 + noise, number * 1000,
                )
            )  # fmt: skip
    found = validity_of(session, ["2026-08", MONTH, "2026-07"], changes)
    assert (found["first"], found["second"]) == (["2026-07"], ["2026-08", MONTH])
    assert found["halls"] == 40
    assert found["after"] == pytest.approx(1)
    assert 0 < found["low"] <= found["after"] - found["before"]
    assert validity_of(session, [MONTH], changes) is None
    assert validity_of(session, ["2026-07", MONTH], changes[:60]) is None
