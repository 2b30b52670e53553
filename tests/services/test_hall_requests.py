"""A hall says what does not suit it; headquarters answers; nothing else changes."""

from datetime import timedelta

import pytest

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.reads.hall_requests import (
    count_news,
    count_votes,
    list_of_checklist,
    list_of_hall,
    votes_for,
)
from auditapp.services.hall_requests import (
    AnsweredError,
    AskedError,
    answer_request,
    request_change,
)
from desk_world import NOW, make_world

MYSTERY, ITEM = "telecom_hall_mystery", "int_clean"


@pytest.fixture
def hall(session):
    world = make_world(session)
    return Actor(
        world.people["hall_bd01"], "hall_bd01", Role.HALL_MANAGER, hall_id="BD01"
    )


@pytest.fixture
def headquarters(hall):
    return Actor(hall.person_id, "hq", Role.HEADQUARTERS)


def test_a_request_is_a_vote_until_it_is_answered(session, hall, headquarters):
    request_id = request_change(session, hall, ITEM, " 厅在景区里 ", now=NOW)
    tier = list_of_hall(session, "BD01")[0].tier
    votes = count_votes(session, MYSTERY)
    assert votes_for(votes, ITEM, [tier]) == votes_for(votes, ITEM, []) == 1
    assert votes_for(votes, ITEM, ["no_such_tier"]) == 0
    assert votes_for(votes, "int_demo", []) == 0
    answer_request(session, headquarters, request_id, "下月起改为可选。", now=NOW)
    assert count_votes(session, MYSTERY) == {}
    assert count_news(session, "BD01", NOW) == 1
    (line,) = list_of_hall(session, "BD01")
    assert (line.reason, line.answer) == ("厅在景区里", "下月起改为可选。")


def test_a_hall_asks_once_about_an_item_until_it_is_answered(
    session, hall, headquarters
):
    request_id = request_change(session, hall, ITEM, "厅小", now=NOW)
    with pytest.raises(AskedError):
        request_change(session, hall, ITEM, "还是厅小", now=NOW)
    answer_request(session, headquarters, request_id, "不改。", now=NOW)
    with pytest.raises(AnsweredError):
        answer_request(session, headquarters, request_id, "改。", now=NOW)
    request_change(session, hall, ITEM, "情况变了", now=NOW)
    lines = list_of_checklist(session, MYSTERY, ITEM)
    assert [line.is_open for line in lines] == [True, False]


def test_only_what_is_asked_at_the_hall_can_be_objected_to(session, hall):
    with pytest.raises(NotFoundError):
        request_change(session, hall, "no_such_item", "厅小", now=NOW)


def test_words_are_needed_and_lose_telephone_numbers(session, hall, headquarters):
    with pytest.raises(InvalidError):
        request_change(session, hall, ITEM, "  ", now=NOW)
    request_id = request_change(session, hall, ITEM, "问13812345678", now=NOW)
    with pytest.raises(InvalidError):
        answer_request(session, headquarters, request_id, " ", now=NOW)
    assert "13812345678" not in list_of_hall(session, "BD01")[0].reason


def test_what_waits_longest_stands_first_whatever_was_answered_since(
    session, hall, headquarters
):
    items = ("int_clean", "int_seats", "ext_open")
    for day, item in enumerate(items):
        request_change(session, hall, item, "厅小", now=NOW + timedelta(days=day))
    latest = list_of_hall(session, "BD01")[0]
    assert latest.item_id == "ext_open"
    answer_request(session, headquarters, latest.request_id, "不改。", now=NOW)
    found = [line.item_id for line in list_of_checklist(session, MYSTERY)]
    assert found == list(items)
