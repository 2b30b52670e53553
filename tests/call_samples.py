"""Customers who were at a counter, and callbacks about it, for tests of the calls."""

from datetime import UTC, datetime, timedelta
from itertools import count

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import local_date, month_of
from auditapp.services.callback_draws import draw_callbacks
from auditapp.services.checklists import publish_checklist
from auditapp.services.customers import find_or_add_customers
from auditapp.store.customers import TransactionRow
from auditapp.store.people import PersonRow
from desk_world import checklist_document, make_world

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # ten in the morning in the halls
numbers = count(1)


def make_call_world(session, **changes):
    """Write the company, a second agent, a department and the call script."""
    world = make_world(session)
    agent = PersonRow(
        login="cb2",
        role="callback_agent",
        name_zh="cb2先生",
        name_en="Person cb2",
        code="C-cb2",
        region_ids=[],
        password_hash=session.get(PersonRow, world.people["cb1"]).password_hash,
    )
    session.add(agent)
    session.flush()
    world.people["cb2"] = agent.person_id
    publish_checklist(
        session,
        checklist_document("customer_callback") | changes,
        checklist_document("_vocabulary"),
        effective_month="2026-01",
        now=NOW,
    )
    session.commit()
    return world


def phone_of(number):
    """Return a fictional mobile number."""
    return f"+86138{number:08d}"


def make_transaction(  # noqa: PLR0913 (each is a difference some test is about)
    session,
    vault,
    *,
    phone=None,
    hall_id="BD01",
    business="plan_change",
    days_ago=1,
    now=NOW,
    surname="王",
):
    """Write a finished transaction of a customer and return its row."""
    number = next(numbers)
    phone = phone or phone_of(70_000_000 + number)
    ids = find_or_add_customers(session, vault, [(phone, surname)], now=now)
    at = now - timedelta(days=days_ago)
    row = TransactionRow(
        source_key=f"T{number}",
        content_sha256="0" * 64,
        hall_id=hall_id,
        month=month_of(at),
        happened_on=local_date(at),
        finished_at=at,
        business=business,
        customer_id=ids[phone],
        received_at=now,
    )
    session.add(row)
    session.commit()
    return row


def draw(session, now=NOW, **changes):
    """Draw the day's customers; how many."""
    drawn = draw_callbacks(
        session, day=local_date(now), seed="seed", now=now, **changes
    )
    session.commit()
    return drawn


def agent_of(world, login="cb1"):
    """Return an agent as services know one."""
    return Actor(world.people[login], login, Role.CALLBACK_AGENT, code=f"C-{login}")
