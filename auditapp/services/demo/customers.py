"""One month of the customers' part: who came, who was asked, what they said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Role
from auditapp.domain.customer_response import script_of
from auditapp.domain.month import first_day, last_day, later, local_date, month_of
from auditapp.gateways.phone_vault import PhoneVault
from auditapp.services.checklists import Version, get_version_in_force
from auditapp.services.demo.calendar import days_gone, repeatable
from auditapp.services.demo.calls import CallRoom, call_back
from auditapp.services.demo.company import HallStory, hall_stories, organisation
from auditapp.services.demo.counters import BLOCKS, Counter, Records
from auditapp.services.demo.opinions import Opinion, opinion_of
from auditapp.services.demo.texting import hear_texts
from auditapp.services.demo.voices import Choir
from auditapp.store.customers import TransactionRow
from auditapp.store.people import PersonRow

# The company asks by text message since the last month began, and for so long at least;
# until then it brought what customers texted in files
ASKING_MONTH, ASKING_DAYS = 5, 15


@dataclass(frozen=True, slots=True)
class CustomerMonth:
    """The month whose customers are told, and what they are told with."""

    month: str
    index: int
    seed: int
    now: datetime
    vault: PhoneVault
    is_quick: bool


def make_customers(session: Session, wanted: CustomerMonth) -> bool:
    """Tell what customers said in a month, unless that was done or it just begins."""
    days = days_gone(wanted.month, local_date(wanted.now))
    if days < 1 or _has_customers(session, wanted.month):
        return False
    versions = {
        source: get_version_in_force(session, source, wanted.month)
        for source in ("sms", "callback")
    }
    room = CallRoom(
        _agents(session),
        versions["callback"].checklist.version,
        month_of(wanted.now) == wanted.month,
    )
    choir = Choir(*(_script(versions[source]) for source in ("sms", "callback")))
    records, stories, first = Records(_asks_since(wanted)), hall_stories(), 0
    for hall in organisation()["halls"]:
        chance = repeatable(wanted.seed, "customers", wanted.month, hall["id"])
        counter = Counter(
            records,
            wanted.vault,
            hall["id"],
            wanted.month,
            days,
            BLOCKS[wanted.index],
            first,
            organisation()["scenario_mix"],
            wanted.now,
            chance,
        )
        opinion = _opinion(wanted, stories[hall["id"]], hall, days)
        replies = choir.replies(opinion, chance)
        hear_texts(counter, replies, versions["sms"].checklist.version)
        call_back(counter, choir.calls(opinion, chance), room)
        first += counter.made
    records.store(session)
    return True


def _asks_since(wanted: CustomerMonth) -> date:
    """Return the first day whose customers are asked by text message."""
    month = later(wanted.month, ASKING_MONTH - wanted.index)
    return min(first_day(month), local_date(wanted.now) - timedelta(days=ASKING_DAYS))


def _opinion(
    wanted: CustomerMonth, story: HallStory, hall: Mapping[str, Any], days: int
) -> Opinion:
    """Return what is said by now: in a month under way, as much as its share."""
    whole = opinion_of(
        story, hall["pace_per_day"], wanted.index, is_quick=wanted.is_quick
    )
    return whole.by_now(days / last_day(wanted.month).day)


def _agents(session: Session) -> list[UUID]:
    statement = (
        select(PersonRow.person_id)
        .where(PersonRow.role == Role.CALLBACK_AGENT.value)
        .order_by(PersonRow.login)
    )
    return list(session.scalars(statement))


def _script(version: Version) -> dict[str, Any]:
    return script_of(version.checklist, version.vocabulary)


def _has_customers(session: Session, month: str) -> bool:
    found = select(TransactionRow.transaction_id).where(TransactionRow.month == month)
    return session.scalar(found.limit(1)) is not None
