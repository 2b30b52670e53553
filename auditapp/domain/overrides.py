"""Deciding one item of an accepted audit otherwise; what was sent stays as it was."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditapp.domain.actor import Actor, Role
from auditapp.domain.answer_values import as_mapping, fault_of
from auditapp.domain.errors import ConflictError, ForbiddenError, InvalidError, Problem
from auditapp.domain.text import Text

ItemAnswers = Iterable[tuple[str, Mapping[str, Any]]]


class NotAcceptedError(ConflictError):
    """Only an accepted audit is overridden; before that it is returned."""

    code = "not-accepted"
    text = Text(
        "这份记录还没有受理。要改，请退回走访员。",
        "The audit is not accepted yet. Return it to the auditor instead.",
    )


class OwnAcceptanceError(ConflictError):
    """Who accepted an audit does not override it: four eyes."""

    code = "own-acceptance"
    text = Text(
        "这份记录是您受理的，改判要由另一位同事来做。",
        "You accepted this audit yourself; somebody else has to override it.",
    )


def with_overrides(document: object, overrides: ItemAnswers) -> dict[str, Any]:
    """Return an audit document with answers decided otherwise, the last one wins."""
    audit = dict(as_mapping(document))
    answers = dict(as_mapping(audit.get("answers")))
    answers.update(overrides)
    return audit | {"answers": answers}


def require_override_right(actor: Actor) -> None:
    """Let only headquarters pass.

    Raises:
        ForbiddenError: The role does not override audits.
    """
    if actor.role is not Role.HEADQUARTERS or actor.is_read_only:
        raise ForbiddenError


def check_override(
    form: Mapping[str, Any], item_id: str, value: object, reason: str
) -> None:
    """Raise InvalidError unless the item takes the value and a reason is given."""
    item = next((each for each in form["items"] if each["id"] == item_id), None)
    problems = []
    if item is None:
        problems.append(_problem("/item", "unknown-item", _NO_ITEM))
    elif value is None or fault_of(item, value):
        problems.append(_problem("/value", "unsound-value", _NO_VALUE))
    if not reason.strip():
        problems.append(_problem("/reason", "missing", _NO_REASON))
    if problems:
        raise InvalidError(problems)


def _problem(pointer: str, code: str, text: Text) -> Problem:
    return Problem(pointer, code, text)


_NO_ITEM = Text("这份检查表里没有这个项目。", "The form has no such item.")
_NO_VALUE = Text("这个项目不能这样答。", "The item cannot be answered like that.")
_NO_REASON = Text("请写明为什么改判。", "Say why the answer is decided otherwise.")
