"""Replies as the provider of text messages hands them on: read, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from auditapp.domain.errors import Problem
from auditapp.domain.instants import parse_instant
from auditapp.domain.phone_number import read_phone_number
from auditapp.domain.text import Text
from auditapp.domain.transaction import LONGEST_ID, LONGEST_PHONE, batch_of, is_line

MOST_REPLIES = 1_000
NOBODY = ""  # a number that is none: nobody we asked


@dataclass(frozen=True, slots=True)
class NewReply:
    """One reply; ``key`` is the provider's own id of it."""

    key: str
    number: str  # +86…
    text: str
    received_at: datetime


def read_replies(value: object) -> tuple[list[NewReply], list[Problem]]:
    """Return a batch's replies and what is wrong with those that are none.

    A strange number or text is no fault of the provider: it is counted, not refused.

    Raises:
        InvalidError: It is no batch at all.
    """
    sound: list[NewReply] = []
    problems: list[Problem] = []
    for number, row in enumerate(batch_of(value, "replies", MOST_REPLIES)):
        found = _reply(row, f"/replies/{number}")
        if isinstance(found, Problem):
            problems.append(found)
        else:
            sound.append(found)
    return sound, problems


def _reply(row: object, pointer: str) -> NewReply | Problem:
    if not isinstance(row, Mapping):
        text = Text("每条应是一个对象。", "Each entry is an object.")
        return Problem(pointer, "no-object", text)
    key, phone, words = row.get("id"), row.get("phone"), row.get("text")
    received_at = parse_instant(row.get("received_at"))
    if not is_line(key, LONGEST_ID):
        text = Text("要有短信平台自己的编号。", "The provider's own id is needed.")
        return Problem(f"{pointer}/id", "bad-text", text)
    if not isinstance(phone, str) or not isinstance(words, str):
        name = "text" if isinstance(phone, str) else "phone"
        text = Text("要写成文本。", "Write this as text.")
        return Problem(f"{pointer}/{name}", "bad-text", text)
    if received_at is None:
        text = Text(
            "时间写成2026-11-25T14:03:00+08:00，要带时区。",
            "Write a time as 2026-11-25T14:03:00+08:00, with its offset.",
        )
        return Problem(f"{pointer}/received_at", "bad-time", text)
    known = read_phone_number(phone) if len(phone) <= LONGEST_PHONE else None
    return NewReply(f"in:{key}", known or NOBODY, words, received_at)
