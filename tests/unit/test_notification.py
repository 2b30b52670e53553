"""What people are told, where it leads, and when they are left in peace."""

from datetime import UTC, datetime

import pytest

from auditapp.domain.notification import (
    GROUPS,
    NewsKind,
    is_quiet,
    news_address,
    news_text,
)

FACTS = {
    "hall": {"zh": "保定厅", "en": "Baoding"},
    "item": {"zh": "门口开着", "en": "The door is open"},
    "subject": "报销系统",
    "month": "2026-10",
    "hall_id": "BD01",
    "action": "0d6f6f1e-0000-4000-8000-000000000001",
    "appeal": "0d6f6f1e-0000-4000-8000-000000000002",
    "audit": "0d6f6f1e-0000-4000-8000-000000000003",
    "obstacle": "0d6f6f1e-0000-4000-8000-000000000004",
    "count": 12,
    "title": "换套餐",
    "scenario": "plan_change",
}


@pytest.mark.parametrize("kind", NewsKind)
def test_every_kind_is_said_in_both_languages_and_belongs_to_a_choice(kind):
    text = news_text(kind, FACTS)

    assert kind in GROUPS
    assert "{" not in text.zh + text.en
    assert text.zh != text.en


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", NewsKind)
def test_every_kind_leads_to_a_page_there_is(app, kind):
    address = news_address(kind, FACTS).partition("?")[0]

    endpoint, _arguments = app.url_map.bind("x").match(address, method="GET")
    assert endpoint


def test_a_month_is_said_as_people_say_it():
    text = news_text(NewsKind.RESULTS_RELEASED, {"month": "2026-09"})

    assert "2026年9月" in text.zh
    assert "Sep 2026" in text.en


def test_braces_in_what_people_wrote_are_only_braces():
    text = news_text(NewsKind.OBSTACLE_ANSWERED, {"subject": "{hall} {0.__class__}"})

    assert "{hall} {0.__class__}" in text.zh


@pytest.mark.parametrize(
    ("hour", "quiet"), [(7, True), (8, False), (20, False), (21, True), (0, True)]
)
def test_nobody_is_written_to_at_night_in_the_halls(hour, quiet):
    in_halls = (hour - 8) % 24  # UTC+8
    assert is_quiet(datetime(2026, 11, 20, in_halls, 30, tzinfo=UTC)) is quiet
