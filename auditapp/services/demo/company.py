"""The fictional company: its organisation, its stories and its standards."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.month import at_hall, first_day, later
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.gateways.organisation_files import read_organisation
from auditapp.services.checklists import publish_checklist
from auditapp.services.demo.standards import former_standard
from auditapp.services.organisation import import_organisation
from auditapp.services.policies import publish_policy
from auditapp.store.checklists import ChecklistVersionRow

ORGANISATION = Path(__file__).with_name("organisation.yaml")
MYSTERY = "telecom_hall_mystery"
OTHER_CHECKLISTS = ("telecom_hall_open_inspection", "customer_callback", "sms_feedback")
MONTHS = 6
NEW_STANDARD_MONTH = 3  # the fourth of the six


@dataclass(frozen=True, slots=True)
class HallStory:
    """How good a hall is, from 0 to 1, and what happened there."""

    hall_id: str
    hard: float
    soft: float
    story: str | None
    sms_mean: float


@cache
def organisation() -> dict[str, Any]:
    """Return the organisation file's document."""
    document: dict[str, Any] = read_organisation(ORGANISATION).document
    return document


def hall_stories() -> Mapping[str, HallStory]:
    """Return every hall's story by its id."""
    return {
        hall["id"]: HallStory(
            hall["id"],
            hall["demo"]["hard"],
            hall["demo"]["soft"],
            hall["demo"].get("story"),
            hall["demo"]["sms_mean"],
        )
        for hall in organisation()["halls"]
    }


def demo_months(last: str) -> list[str]:
    """Return the six months of the demonstration, ``last`` being the current one."""
    return [later(last, index - MONTHS + 1) for index in range(MONTHS)]


def begun_month(session: Session) -> str | None:
    """Return the last month of a demonstration that was begun before."""
    first = session.scalar(
        select(func.min(ChecklistVersionRow.effective_month)).where(
            ChecklistVersionRow.checklist_id == MYSTERY
        )
    )
    return first and later(first, MONTHS - 1)


def found_company(
    session: Session, last_month: str, seed: int, *, password_hash: str, now: datetime
) -> bool:
    """Bring in the organisation and publish its standards, unless that was done."""
    if begun_month(session):
        return False
    import_organisation(
        session,
        organisation(),
        now=now,
        password_hash=password_hash,
        randomness=random.Random(f"people {seed}"),  # noqa: S311 (repeatable on purpose)
    )
    months = demo_months(last_month)
    vocabulary = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
    mystery = _checklist(MYSTERY)
    for document, month in (
        (former_standard(mystery, months[0]), months[0]),
        (mystery, months[NEW_STANDARD_MONTH]),
        *((_checklist(each), months[0]) for each in OTHER_CHECKLISTS),
    ):
        publish_checklist(
            session,
            document,
            vocabulary,
            effective_month=month,
            now=at_hall(first_day(month), 0),
            even_if_begun=True,
        )
    publish_policy(
        session,
        _checklist("_monthly_score"),
        effective_month=months[0],
        now=at_hall(first_day(months[0]), 0),
        even_if_begun=True,
    )
    return True


def _checklist(checklist_id: str) -> dict[str, Any]:
    document: dict[str, Any] = load_yaml(
        CHECKLIST_DIR / f"{checklist_id}.yaml"
    ).document
    return document
