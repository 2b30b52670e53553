"""What every page has around it: who, which language, where to go."""

from calendar import month_abbr
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from flask import Flask, g, request
from flask_babel import gettext as _

from auditapp.domain.actor import Actor, Role
from auditapp.domain.answer_texts import duration_text
from auditapp.domain.month import HALL_TIME
from auditapp.domain.obstacle import READERS as OBSTACLE_READERS
from auditapp.domain.rounding import round_half_up
from auditapp.domain.text import Text
from auditapp.reads.month_heads import OVERVIEW_READERS
from auditapp.reads.report_data import SPREAD_OF_ONE_INSPECTION, SPREAD_OF_ONE_VISIT
from auditapp.web.language import choose_language, chosen_theme, is_english
from auditapp.web.security import find_current_actor

LISTS = frozenset(
    {Role.ADMIN, Role.HEADQUARTERS, Role.REGION_MANAGER, Role.AGENCY_SUPERVISOR}
)
HEADQUARTERS = frozenset({Role.ADMIN, Role.HEADQUARTERS})
LED_STRAIGHT = frozenset({Role.CALLBACK_AGENT})
HEARS_COMPLAINTS = (
    HEADQUARTERS
    | LED_STRAIGHT
    | {Role.DEPARTMENT, Role.REGION_MANAGER, Role.HALL_MANAGER}
)
ACTION_READERS = HEADQUARTERS | {
    Role.REGION_MANAGER,
    Role.DEPARTMENT,
    Role.HALL_MANAGER,
}
# features whose pages belong to another one's entry of the navigation
SECTION_OF = {
    "hall_months": "months",
    "cases": "visits",
    "work_cards": "visits",
    "closings": "months",
    "departments": "actions",
    "drills": "months",
    "revisits": "months",
    "drafts": "standards",
    "matrix": "standards",
    "policy_drafts": "standards",
    "what_ifs": "standards",
    "hall_forms": "standards",
    "relevance": "standards",
    "draft_items": "standards",
    "standard_files": "standards",
    "draft_from_file": "standards",
    "hall_places": "halls",
    "hall_place_files": "halls",
    "hall_requests": "standards",
    "redactions": "visits",
    "reviews": "visits",
}
# what headquarters seldom opens stands in a menu of its own: the bar is one line
SELDOM = frozenset(
    {
        "call_progress.show",
        "feedback.show",
        "imports.index",
        "obstacles.index",
        "webhooks.index",
    }
)
ON_A_PHONE = frozenset({Role.AUDITOR, Role.INSPECTOR})


def register(app: Flask) -> None:
    """Give templates the frame's facts and the way dates and texts are said."""
    app.context_processor(frame)
    app.add_template_filter(in_language)
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(month_name)
    app.add_template_filter(month_short)
    app.add_template_filter(tenths)
    app.add_template_filter(clock_time)
    app.add_template_filter(clock_seconds)
    app.add_template_filter(seconds_long)
    app.add_template_filter(round_score)


def frame() -> dict[str, Any]:
    """Return what ``layouts/base.html`` needs."""
    actor = find_current_actor()
    sections = navigation(actor) if actor else []
    has_menu = actor is not None and actor.role in HEADQUARTERS
    seldom = [each for each in sections if has_menu and each[0] in SELDOM]
    return {
        "is_english": is_english(),
        "theme": chosen_theme(),
        "actor": actor,
        "unread_news": g.get("unread_news", 0),
        "navigation": [each for each in sections if each not in seldom],
        "seldom": seldom,
        "section_of": lambda name: SECTION_OF.get(name, name),
        "here": request.full_path.rstrip("?"),
        "role_name": role_name,
        "spread": SPREAD_OF_ONE_VISIT,
        "inspection_spread": SPREAD_OF_ONE_INSPECTION,
    }


def navigation(actor: Actor) -> list[tuple[str, str, dict[str, str]]]:
    """Return the sections a person works in: endpoint, name, its arguments."""
    sections: list[tuple[str, str, frozenset[Role]]] = [
        ("home.show", _("Today"), frozenset(Role) - LED_STRAIGHT),
        ("months.index", _("Months"), frozenset(OVERVIEW_READERS)),
        ("see.index", _("Analysis"), frozenset(OVERVIEW_READERS)),
        ("halls.index", _("Halls"), LISTS | {Role.INSPECTOR}),
        ("visits.index", _("Visits"), LISTS | {Role.INSPECTOR}),
        ("standards.index", _("Standards"), HEADQUARTERS),
        ("imports.index", _("Imports"), HEADQUARTERS),
        ("call_progress.show", _("Callbacks"), HEADQUARTERS),
        ("feedback.show", _("Feedback"), HEADQUARTERS),
        ("calls.index", _("Calls"), frozenset({Role.CALLBACK_AGENT})),
        ("promises.index", _("Promises"), frozenset({Role.CALLBACK_AGENT})),
        ("actions.index", _("Actions"), ACTION_READERS),
        ("complaints.index", _("Complaints"), HEARS_COMPLAINTS),
        ("appeals.index", _("Appeals"), LISTS | {Role.HALL_MANAGER}),
        ("obstacles.index", _("Obstacles"), OBSTACLE_READERS),
        ("webhooks.index", _("Webhooks"), frozenset({Role.ADMIN})),
    ]
    found: list[tuple[str, str, dict[str, str]]] = [
        (endpoint, name, {})
        for endpoint, name, roles in sections
        if actor.role in roles
    ]
    if actor.role is Role.HALL_MANAGER and actor.hall_id:
        found[1:1] = [
            ("hall_months.mine", _("My month"), {}),
            ("halls.show", _("My hall"), {"hall_id": actor.hall_id}),
            ("visits.index", _("Visits"), {}),
            ("hall_requests.mine", _("Requests"), {}),
        ]
    return found


def role_name(role: Role) -> str:
    """Return what a role is called."""
    names: dict[Role, str] = {
        Role.ADMIN: _("Administrator"),
        Role.HEADQUARTERS: _("Headquarters"),
        Role.REGION_MANAGER: _("Region manager"),
        Role.DEPARTMENT: _("Department"),
        Role.HALL_MANAGER: _("Hall manager"),
        Role.INSPECTOR: _("Inspector"),
        Role.AUDITOR: _("Auditor"),
        Role.AGENCY_SUPERVISOR: _("Agency supervisor"),
        Role.CALLBACK_AGENT: _("Callback agent"),
    }
    return names[role]


def in_language(text: Text | Mapping[str, str]) -> str:
    """Return one of the two languages of a text or of a document's zh/en pair."""
    if isinstance(text, Text):
        return str(text.in_language(choose_language()))
    return str(text["en" if is_english() else "zh"])


def day(value: date | datetime) -> str:
    """Say a day without its year: 11月18日, 18 Nov."""
    if isinstance(value, datetime):
        value = value.astimezone(HALL_TIME)
    if is_english():
        return f"{value.day} {month_abbr[value.month]}"
    return f"{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """Say a time with its year: 2026年11月17日 10:14, 17 Nov 2026 10:14."""
    local = value.astimezone(HALL_TIME)
    year = (
        f"{day(value)} {local.year}" if is_english() else f"{local.year}年{day(value)}"
    )
    return f"{year} {local:%H:%M}"


def month_name(month: str) -> str:
    """Say a month that is written ``2026-11``: 2026年11月, Nov 2026."""
    year, number = month.split("-")
    if is_english():
        return f"{month_abbr[int(number)]} {year}"
    return f"{year}年{int(number)}月"


def month_short(month: str) -> str:
    """Say a month without its year: 11月, Nov."""
    number = int(month.split("-")[1])
    return month_abbr[number] if is_english() else f"{number}月"


def clock_time(value: datetime) -> str:
    """Say the time of a day, to the minute."""
    return f"{value.astimezone(HALL_TIME):%H:%M}"


def clock_seconds(value: datetime) -> str:
    """Say the time of a day, to the second."""
    return f"{value.astimezone(HALL_TIME):%H:%M:%S}"


def round_score(value: Fraction) -> str:
    """Say a score of its own, to one decimal; it is not part of a sum."""
    return tenths(round_half_up(value * 10))


def seconds_long(seconds: float) -> str:
    """Say a length of time."""
    return in_language(duration_text(seconds))


def tenths(value: int) -> str:
    """Say tenths of a point with their decimal, and a true minus sign."""
    sign = "−" if value < 0 else ""
    return f"{sign}{abs(value) // 10}.{abs(value) % 10}"
