"""Tiers and traits of halls hold from a month on; past and running months stay."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.gateways.checklist_files import load_vocabulary
from auditapp.reads.hall_history import list_hall_history
from auditapp.reads.month_inputs import list_month_halls
from auditapp.reads.organisation import get_hall_place, list_hall_places
from auditapp.services.checklists import MonthBegunError
from auditapp.services.hall_places import PlaceChange, change_places, settle_places
from auditapp.services.organisation import import_organisation
from auditapp.store.organisation import HallRow
from auditapp.store.work import JobRow
from factories import make_person
from organisation_samples import small_organisation

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
WORDS = load_vocabulary()
HALL = "SX01"


@pytest.fixture
def actor(session):
    import_organisation(session, small_organisation(), now=NOW)
    row = make_person(session, role="headquarters")
    return Actor(row.person_id, row.login, Role.HEADQUARTERS)


def as_change(halls, month, reason, tier=None, add=(), remove=()):
    traits = {**dict.fromkeys(remove, False), **dict.fromkeys(add, True)}
    return PlaceChange.alike(halls, traits, tier=tier, from_month=month, reason=reason)


def change(session, actor, month="2026-12", reason="搬到小店面", now=NOW, **what):
    wanted = as_change([HALL], month, reason, **(what or {"tier": "township"}))
    return change_places(session, actor, wanted, WORDS, now=now)


def tiers(session, *months):
    return [get_hall_place(session, HALL, month).tier for month in months]


def test_a_tier_changes_from_its_month_on_and_not_before(session, actor):
    assert change(session, actor) == [HALL]
    months = ("2026-10", "2026-11", "2026-12", "2027-03")
    assert tiers(session, *months) == ["small", "small", "township", "township"]
    assert get_hall_place(session, HALL).tier == "small"
    for month, tier in (("2026-11", "small"), ("2026-12", "township")):
        halls = {hall.hall_id: hall for hall in list_month_halls(session, month)}
        places = {place.hall_id: place for place in list_hall_places(session, month)}
        assert halls[HALL].tier == places[HALL].tier == tier


def test_traits_come_and_go_and_the_later_change_builds_on_the_earlier(session, actor):
    before = get_hall_place(session, HALL).traits
    change(session, actor, add=["tourist"])
    change(session, actor, "2027-01", add=["campus"], remove=["tourist"])
    assert get_hall_place(session, HALL, "2026-12").traits == before | {"tourist"}
    assert get_hall_place(session, HALL, "2027-01").traits == before | {"campus"}


@pytest.mark.parametrize("month", ["2026-11", "2026-10", "2026-13", ""])
def test_the_running_month_and_past_ones_are_refused(session, actor, month):
    with pytest.raises(MonthBegunError):
        change(session, actor, month)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"add": ["arid"]}, "contradiction"),
        ({"add": ["moist"]}, "unknown-trait"),
        ({"tier": "huge"}, "unknown-tier"),
        ({"tier": None}, "nothing-changed"),
        ({"tier": "township", "reason": " "}, "no-reason"),
    ],
)
def test_what_cannot_be_meant_is_named_and_nothing_changes(session, actor, what, code):
    change(session, actor, add=["rainy"])
    with pytest.raises(InvalidError) as caught:
        change(session, actor, **what)
    assert caught.value.problems[0].code == code
    assert tiers(session, "2026-12") == ["small"]


def test_a_hall_that_does_not_exist_is_not_found(session, actor):
    wanted = as_change([HALL, "XX99"], "2026-12", "x", tier="township")
    with pytest.raises(NotFoundError):
        change_places(session, actor, wanted, WORDS, now=NOW)


def test_the_halls_own_row_follows_when_the_month_has_begun(session, actor):
    change(session, actor, tier="township", add=["tourist"])
    assert settle_places(session, now=NOW) == 0
    assert settle_places(session, now=DECEMBER) == 1
    assert settle_places(session, now=DECEMBER) == 0
    assert session.get_one(HallRow, HALL).tier == "township"
    here = get_hall_place(session, HALL)
    assert (here.tier, "tourist" in here.traits) == ("township", True)
    assert tiers(session, "2026-11") == ["small"]


def test_forms_of_coming_visits_are_asked_for_once(session, actor):
    change(session, actor)
    change(session, actor, add=["tourist"])
    jobs = session.scalars(select(JobRow).where(JobRow.kind == "visits.reform")).all()
    assert [job.subject for job in jobs] == ["2026-12"]


def test_the_history_says_who_and_why(session, actor):
    change(session, actor)
    lines = list_hall_history(session, HALL)
    assert [(line.from_month, line.tier) for line in lines] == [
        ("2026-12", "township"),
        ("", "small"),
    ]
    assert lines[0].reason == "搬到小店面"
