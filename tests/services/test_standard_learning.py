"""What past months teach about items; proposals come, wait, and come again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.domain.item_signs import ItemHealth, signs_of
from auditapp.estimation.relevance import ItemEffect
from auditapp.reads.relevance import (
    item_health,
    item_history,
    list_effects,
    list_proposals,
)
from auditapp.services.drafts import get_draft
from auditapp.services.item_proposals import (
    DecidedError,
    accept_proposal,
    decline_proposal,
    keep_proposals,
)
from auditapp.services.months import score_month
from auditapp.services.proposed import by_effect, by_judges
from auditapp.services.standard_learning import keep_learned, learn
from auditapp.store.standards import ItemMonthRow
from desk_world import make_world
from month_world import LATER, MONTH, make_accepted, take

AFTER = LATER + timedelta(days=40)
MYSTERY = "telecom_hall_mystery"
RACK = {
    "item_id": "int_charging",
    "kind": "make_optional",
    "place": ["tier.standard"],
    "halls": 3,
    "evidence": {
        "effect_milli": 100,
        "low_milli": -200,
        "high_milli": 400,
        "halls": 90,
    },
}


@pytest.fixture
def world(session):
    world = make_world(session)
    bad = {"int_seats": {"value": "no", "note": "椅子坏了"}}
    make_accepted(session, world, answers=bad)
    make_accepted(session, world, hall_id="SX01", auditor="a11")
    take(session, "callback", [80, 90, 70, 60, 100, 95])
    score_month(session, MONTH, now=LATER)
    session.commit()
    return world


def hq(world):
    return Actor(world.people["hq"], "hq", Role.HEADQUARTERS)


def run(session, now=AFTER):
    learned = learn(session, now=now)
    keep_learned(session, learned, now=now)
    session.flush()
    return learned


def test_every_item_is_counted_by_month_and_tier(session, world):
    assert world.people
    run(session)
    record = item_health(session, MYSTERY)["int_seats"]
    assert (record.asked, record.passed, record.failed) == (2, 1, 1)
    ((month, tier, same),) = item_history(session, MYSTERY, "int_seats")
    assert (month, tier, same) == (MONTH, "standard", record)


def test_learning_again_replaces_what_was_learned(session, world):
    assert world.people
    run(session)
    before = session.scalars(select(ItemMonthRow.item_id)).all()
    run(session)
    assert sorted(session.scalars(select(ItemMonthRow.item_id))) == sorted(before)


def test_three_halls_tell_nothing_and_nothing_is_proposed(session, world):
    assert world.people
    run(session)
    assert list_effects(session, MYSTERY) == []
    assert list_proposals(session, MYSTERY) == []


@pytest.mark.usefixtures("world")
def test_without_a_scored_month_nothing_is_learned(session):
    assert learn(session, now=LATER.replace(year=2020)) is None


def propose(session, now=AFTER, proposals=(RACK,)):
    keep_proposals(session, MYSTERY, proposals, through=MONTH, now=now)
    return list_proposals(session, MYSTERY)


def test_an_accepted_proposal_is_a_draft_that_does_it(session, world):
    (line,) = propose(session)
    draft_id, to_write = accept_proposal(
        session, hq(world), line.proposal_id, "充电", now=AFTER
    )
    assert to_write == ""
    document = get_draft(session, draft_id).document
    items = {i["id"]: i for part in document["sections"] for i in part["items"]}
    assert items["int_charging"]["applies"]["standard"] == "optional"
    assert list_proposals(session, MYSTERY) == []
    with pytest.raises(DecidedError):
        accept_proposal(session, hq(world), line.proposal_id, "充电", now=AFTER)


def effect(**changes):
    values = {
        "item": 0, "group": 0, "halls": 500, "share": 0.5, "effect": 3.0, "se": 0.5,
        "low": 2.2, "high": 3.8, "p_small": 1.0, "p_large": 0.0, "guard": "",
        "is_required": True, "word": "matters",
    }  # fmt: skip
    return ItemEffect(**values | changes)


@pytest.mark.parametrize(
    ("found", "weight", "kinds"),
    [
        (effect(), 1, ["raise_weight"]),
        (effect(), 3, []),
        (effect(word="no_sign", suggestion="make_optional"), 1, ["make_optional"]),
        (effect(is_required=False, suggestion="make_required"), 1, ["make_required"]),
        (effect(word="cannot_tell"), 1, []),
    ],
)
def test_what_matters_and_weighs_little_is_proposed_to_weigh_more(found, weight, kinds):
    items = {"int_seats": {"id": "int_seats", "weight": weight}}
    proposed = by_effect(
        {("int_seats", "small", ""): found}, {("small", ""): 40}, items
    )
    assert [each["kind"] for each in proposed] == kinds


def test_of_a_trait_only_what_its_tier_does_not_say_already_is_proposed():
    items = {"int_seats": {"id": "int_seats", "weight": 1}}
    optional = effect(word="no_sign", suggestion="make_optional")
    sizes = {("small", ""): 400, ("small", "rainy"): 90, ("township", "rainy"): 80}
    found = {
        ("int_seats", "small", ""): optional,
        ("int_seats", "small", "rainy"): optional,
        ("int_seats", "township", "rainy"): optional,
    }
    places = [(p["place"], p["halls"]) for p in by_effect(found, sizes, items)]
    assert places == [
        (["tier.small"], 400),
        (["tier.township", "rainy"], 80),
    ]


def test_a_proposal_for_a_trait_becomes_a_line_about_it(session, world):
    rainy = {**RACK, "place": ["tier.standard", "rainy"]}
    (line,) = propose(session, proposals=[rainy])
    draft_id, _ = accept_proposal(
        session, hq(world), line.proposal_id, "多雨", now=AFTER
    )
    document = get_draft(session, draft_id).document
    items = {i["id"]: i for part in document["sections"] for i in part["items"]}
    lines = items["int_charging"]["overrides"]
    assert {"if": ["rainy", "tier.standard"], "set": "optional"} in lines


def test_auditors_who_disagree_are_a_reason_to_rewrite_the_item(session, world):
    counted = {(f"a{n}", f"r{n % 2}"): (40, 38 if n < 5 else 8) for n in range(10)}
    items = {"int_seats": {"id": "int_seats"}}
    (found,) = by_judges(items, {"int_seats": counted, "gone": counted}, 40)
    assert found["kind"] == "judges_disagree"
    assert found["evidence"]["auditors"] == 10
    (line,) = propose(session, proposals=[found])
    draft_id, to_write = accept_proposal(
        session, hq(world), line.proposal_id, "说清楚", now=AFTER
    )
    assert to_write == "int_seats"
    assert get_draft(session, draft_id).title == "说清楚"


def test_an_accepted_weight_is_one_more(session, world):
    (line,) = propose(session, proposals=[{**RACK, "kind": "raise_weight"}])
    draft_id, _ = accept_proposal(
        session, hq(world), line.proposal_id, "更重", now=AFTER
    )
    document = get_draft(session, draft_id).document
    items = {i["id"]: i for part in document["sections"] for i in part["items"]}
    assert items["int_charging"]["weight"] == 2


def test_a_declined_proposal_comes_again_after_six_months(session, world):
    (line,) = propose(session)
    with pytest.raises(InvalidError):
        decline_proposal(session, hq(world), line.proposal_id, " ", now=AFTER)
    decline_proposal(session, hq(world), line.proposal_id, "游客要", now=AFTER)
    assert propose(session, AFTER + timedelta(days=100)) == []
    assert len(propose(session, AFTER + timedelta(days=200))) == 1


def test_a_proposal_the_evidence_no_longer_bears_goes(session, world):
    assert world.people
    propose(session)
    assert propose(session, proposals=()) == []


def test_nobody_decides_what_was_never_proposed(session, world):
    with pytest.raises(NotFoundError):
        decline_proposal(session, hq(world), world.people["hq"], "x", now=AFTER)


@pytest.mark.parametrize(
    ("item", "record", "signs"),
    [
        ({"id": "a", "weight": 2}, ItemHealth(300, 300, 0), ["too_easy"]),
        ({"id": "a", "weight": 1}, ItemHealth(300, 300, 0), []),
        ({"id": "a", "weight": 2}, ItemHealth(199, 199, 0), []),
        ({"id": "int_fire_exit", "weight": 4}, ItemHealth(300, 300, 0), []),
        ({"id": "a", "weight": 4, "critical": True}, ItemHealth(300, 300, 0), []),
        ({"id": "a", "weight": 2}, ItemHealth(100, 60, 20, 20), ["not_observable"]),
        ({"id": "a", "weight": 2}, ItemHealth(0), []),
    ],
)
def test_the_record_of_an_item_gives_signs(item, record, signs):
    assert signs_of(item, record) == signs
