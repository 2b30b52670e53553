"""Whose turn it is to look at an audit, until when, and what that lets them do.

The agency looks first and asks its auditor what it does not believe; the region
decides. It need not wait for the agency unless a critical item failed: two different
people look at that one (docs/decisions/0017). Nothing is accepted because time passed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from auditapp.domain.actor import Actor, Role
from auditapp.domain.errors import ConflictError
from auditapp.domain.inspection import KIND as OPEN_INSPECTION
from auditapp.domain.policy import ReviewDays
from auditapp.domain.text import Text

REVIEWERS = (Role.REGION_MANAGER, Role.HEADQUARTERS)


class ReviewLevel(Enum):
    """Who looks at an audit now."""

    FIRST = "first"  # the auditor's agency; headquarters where there is none
    SECOND = "second"  # the region


class NotYourTurnError(ConflictError):
    """Somebody else looks at the audit now."""

    code = "not-your-turn"
    text = Text(
        "这份记录现在不由您处理：可能已经交给大区，或还在走访公司核对。",
        "It is not your turn with this audit: it may be with the region already, or"
        " still with the agency.",
    )


@dataclass(frozen=True, slots=True)
class ReviewTurn:
    """Where an audit stands between its two looks.

    ``agency_id`` is the auditor's agency, None for own staff. ``checked_by`` took the
    first look.
    """

    level: ReviewLevel
    agency_id: str | None
    due_at: datetime
    escalated_at: datetime | None
    checked_by: UUID | None
    checked_at: datetime | None

    @property
    def is_checked(self) -> bool:
        """Whether the first look was taken."""
        return self.checked_by is not None

    def is_late(self, now: datetime) -> bool:
        """Tell whether the deadline has passed."""
        return self.due_at < now


def may_decide(actor: Actor) -> bool:
    """Tell whether a person accepts audits at all."""
    return actor.role in REVIEWERS and not actor.is_read_only


def may_check(actor: Actor) -> bool:
    """Tell whether a person may ever take a first look."""
    first = (Role.AGENCY_SUPERVISOR, Role.HEADQUARTERS)
    return actor.role in first and not actor.is_read_only


def may_ask(actor: Actor, turn: ReviewTurn | None) -> bool:
    """Tell whether a person may return items with questions, and cover photos, now.

    The agency may during its own look, who decides always.
    Without a turn (audits from before there were turns) it is the region's.
    """
    if may_decide(actor):
        return True
    is_first = turn is not None and turn.level is ReviewLevel.FIRST
    return is_first and _is_of_agency(actor, turn)


def may_pass_on(actor: Actor, turn: ReviewTurn | None, now: datetime) -> bool:
    """Tell whether a person may take the first look of an audit now.

    Headquarters does where there is no agency, and in its place once it is late.
    """
    if turn is None or turn.level is not ReviewLevel.FIRST or actor.is_read_only:
        return False
    if actor.role is Role.HEADQUARTERS:
        return turn.agency_id is None or turn.is_late(now)
    return _is_of_agency(actor, turn)


def first_level(kind: str, agency_id: str | None, *, is_critical: bool) -> ReviewLevel:
    """Return where an audit that has just arrived begins.

    An inspector was seen by the hall's manager, who signed: nobody looks before the
    region. Own staff's mystery visits get a first look where it is needed.
    """
    is_first = kind != OPEN_INSPECTION and (agency_id is not None or is_critical)
    return ReviewLevel.FIRST if is_first else ReviewLevel.SECOND


def review_due(level: ReviewLevel, since: datetime, days: ReviewDays) -> datetime:
    """Return until when a level has an audit that it got at ``since``."""
    length: Mapping[ReviewLevel, int] = {
        ReviewLevel.FIRST: days.first,
        ReviewLevel.SECOND: days.second,
    }
    return since + timedelta(days=length[level])


def _is_of_agency(actor: Actor, turn: ReviewTurn | None) -> bool:
    is_supervisor = actor.role is Role.AGENCY_SUPERVISOR and not actor.is_read_only
    return is_supervisor and turn is not None and turn.agency_id == actor.agency_id
