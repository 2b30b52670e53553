"""What people do about an action: contain, prove, talk, approve, hand over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.action import (
    HALL,
    LONGEST_WORDS,
    ActionState,
    ActionStep,
    NotYoursError,
    Severity,
    check_owner,
    check_words,
    require_judge,
    require_owner,
)
from auditapp.domain.actor import Actor
from auditapp.domain.errors import ForbiddenError, InvalidError, NotFoundError, Problem
from auditapp.domain.month import at_hall, local_date
from auditapp.domain.phone_number import without_numbers
from auditapp.domain.text import Text
from auditapp.reads.policies import get_policy_in_force
from auditapp.reads.scope import actions_open_to
from auditapp.services.action_entries import entry, keep_entries
from auditapp.services.action_following import give
from auditapp.services.evidence import StoredPhoto, keep_own_photos
from auditapp.store.actions import ActionPhotoRow, ActionRow
from auditapp.store.organisation import DepartmentRow

MOST_DAYS = 180  # a deadline further off is none


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote and the photos with it, stored already."""

    words: str
    photos: Sequence[StoredPhoto] = ()
    before: Sequence[StoredPhoto] = ()


@dataclass(frozen=True, slots=True)
class Handover:
    """Whose an action is from now on, why, what is asked and until when.

    ``task`` empty keeps the usual words, ``due_on`` None the usual days.
    """

    cause: str
    owner: str
    reason: str
    task: str = ""
    due_on: date | None = None


def contain(
    session: Session, actor: Actor, action_id: UUID, said: Said, *, now: datetime
) -> None:
    """Note that a critical finding can do no more harm; its cause is still to come.

    Raises:
        NotFoundError, ForbiddenError: It is not this person's.
        NotYoursError: It is not critical, contained already, or past that.
        InvalidError: Nothing is said.
    """
    action = _hold(session, actor, action_id)
    require_owner(actor, action.owner, action.hall_id)
    is_critical = action.severity == Severity.CRITICAL.value
    if action.state != ActionState.OPEN.value or not is_critical or action.contained_at:
        raise NotYoursError
    action.contained_at = now
    _say(session, actor, action, ActionStep.CONTAINED, said, now)


def send_proof(
    session: Session, actor: Actor, action_id: UUID, said: Said, *, now: datetime
) -> None:
    """Say what was done and show it; the region looks at it.

    Raises:
        NotFoundError, ForbiddenError: It is not this person's.
        NotYoursError: It does not wait for its owner.
        InvalidError: Words or a photo are missing.
    """
    action = _hold(session, actor, action_id)
    require_owner(actor, action.owner, action.hall_id)
    if action.state != ActionState.OPEN.value:
        raise NotYoursError
    if action.owner == HALL and not said.photos:
        raise InvalidError([Problem("/photos", "no-proof", _NO_PROOF)])
    action.contained_at = action.contained_at or (
        now if action.severity == Severity.CRITICAL.value else None
    )
    action.state, action.proof_at = ActionState.PROOF_SENT.value, now
    _say(session, actor, action, ActionStep.PROOF, said, now)


def comment(
    session: Session, actor: Actor, action_id: UUID, said: Said, *, now: datetime
) -> None:
    """Add a word to the thread; whoever reads an action and may write at all can.

    Raises:
        NotFoundError, ForbiddenError, InvalidError: As above.
    """
    action = _hold(session, actor, action_id)
    if actor.is_read_only:
        raise ForbiddenError
    _say(session, actor, action, ActionStep.COMMENT, said, now)


def approve(
    session: Session, actor: Actor, action_id: UUID, said: Said, *, now: datetime
) -> None:
    """Take proof as good. The action is closed once the item passes a check.

    Raises:
        NotFoundError, ForbiddenError: It is not this person's to judge.
        NotYoursError: No proof waits.
    """
    action = _hold_proof(session, actor, action_id)
    action.state, action.approved_at = ActionState.APPROVED.value, now
    entries = [_entry(actor, action, ActionStep.APPROVED, now, said.words)]
    if action.passed_at:  # it was looked at again since it failed
        action.state, action.closed_at = ActionState.CLOSED.value, now
        entries.append(entry(action.action_id, ActionStep.CLOSED, now + _A_MOMENT))
    keep_entries(session, entries)


def push_back(
    session: Session, actor: Actor, action_id: UUID, said: Said, *, now: datetime
) -> None:
    """Give an action back to its owner, with what is missing; the deadline stays.

    Raises:
        NotFoundError, ForbiddenError, NotYoursError: As for approving.
        InvalidError: Nothing is said.
    """
    action = _hold_proof(session, actor, action_id)
    action.state, action.proof_at = ActionState.OPEN.value, None
    _say(session, actor, action, ActionStep.PUSHED_BACK, said, now)


def hand_over(
    session: Session, actor: Actor, action_id: UUID, wanted: Handover, *, now: datetime
) -> None:
    """Correct the cause and the owner, and write what is asked; days start anew.

    Raises:
        NotFoundError, ForbiddenError: It is not this person's to judge.
        NotYoursError: It is over.
        SupportToHallError: No hall can put a support cause right.
        InvalidError: No reason, no such owner, or a day that is no deadline.
    """
    action = _hold(session, actor, action_id)
    require_judge(actor)
    if action.state not in (ActionState.OPEN.value, ActionState.PROOF_SENT.value):
        raise NotYoursError
    check_owner(wanted.cause, wanted.owner)
    reason = _words(wanted.reason, _NO_REASON)
    _check_owner_known(session, wanted.owner)
    before = {"owner": action.owner, "cause": action.cause}
    action.cause, action.owner = wanted.cause, wanted.owner
    task = without_numbers(wanted.task.strip())[:LONGEST_WORDS]
    action.task = task or None
    action.state, action.proof_at = ActionState.OPEN.value, None
    give(action, get_policy_in_force(session, action.month).policy.action_days, now)
    action.shown_at = action.shown_at or (now if wanted.owner == HALL else None)
    if wanted.due_on is not None:
        action.due_at = _deadline(wanted.due_on, now)
    after = {"owner": action.owner, "cause": action.cause}
    keep_entries(
        session,
        [
            entry(
                action.action_id,
                ActionStep.HANDED_OVER,
                now,
                person_id=actor.person_id,
                words=reason,
                before=before,
                after=after,
            )
        ],
    )


def _hold_proof(session: Session, actor: Actor, action_id: UUID) -> ActionRow:
    action = _hold(session, actor, action_id)
    require_judge(actor)
    if action.state != ActionState.PROOF_SENT.value:
        raise NotYoursError
    return action


def _hold(session: Session, actor: Actor, action_id: UUID) -> ActionRow:
    action = session.scalar(
        select(ActionRow)
        .where(ActionRow.action_id == action_id, actions_open_to(actor))
        .with_for_update()
    )
    if action is None:
        raise NotFoundError
    return action


def _say(
    session: Session,
    actor: Actor,
    action: ActionRow,
    step: ActionStep,
    said: Said,
    now: datetime,
) -> None:
    words = _words(said.words, _NO_WORDS)
    line = _entry(actor, action, step, now, words)
    keep_entries(session, [line])
    keep_own_photos(session, actor, [*said.before, *said.photos], now=now)
    for is_before, photos in ((True, said.before), (False, said.photos)):
        by_hash = {photo.sha256: photo for photo in photos}
        session.add_all(
            ActionPhotoRow(
                entry_id=line["entry_id"],
                sha256=sha256,
                position=position,
                is_before=is_before,
            )
            for position, sha256 in enumerate(by_hash)
        )
    session.flush()


def _entry(
    actor: Actor, action: ActionRow, step: ActionStep, now: datetime, words: str
) -> dict[str, object]:
    kept = without_numbers(words.strip())[:LONGEST_WORDS] or None
    return entry(action.action_id, step, now, person_id=actor.person_id, words=kept)


def _words(words: str, missing: Text) -> str:
    return without_numbers(check_words(words, missing))


def _check_owner_known(session: Session, owner: str) -> None:
    if owner != HALL and session.get(DepartmentRow, owner) is None:
        raise InvalidError([Problem("/owner", "unknown", _NO_OWNER)])


def _deadline(due_on: date, now: datetime) -> datetime:
    """Return the midnight that ends a day."""
    today = local_date(now)
    if not today <= due_on <= today + timedelta(days=MOST_DAYS):
        raise InvalidError([Problem("/due_on", "no-deadline", _NO_DEADLINE)])
    return at_hall(due_on + timedelta(days=1), 0)


_A_MOMENT = timedelta(microseconds=1)  # a history has an order
_NO_WORDS = Text("请写明做了什么、还差什么。", "Say what was done, or what is missing.")
_NO_PROOF = Text(
    "请附整改后的照片作为证明。", "Add a photo of how it is now: that is the proof."
)
_NO_REASON = Text("请写明为什么这样交办。", "Say why it is handed over so.")
_NO_OWNER = Text("没有这个部门。", "There is no such department.")
_NO_DEADLINE = Text(
    f"截止日期要在今天到{MOST_DAYS}天之内。",
    f"The deadline is a day from today on, at most {MOST_DAYS} days ahead.",
)
