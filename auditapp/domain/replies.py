"""What customers text back: a mark, a reason, words, a wish to be left alone, noise."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from auditapp.domain.dialogue import FAREWELL, THANKS, Dialogue

LONGEST_REPLY = 1_000  # a long message of many parts; more is no reply
CALL_ME = "0"
_ALWAYS_STOP = frozenset({"STOP", "UNSUBSCRIBE"})
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"〇": 0, "两": 2}
_ENDING = r"\s*(?:分|points?|/\s?10)?"
_NUMBER = re.compile(
    rf"(?:我?[打给评回]\s*)?(\d{{1,2}}|[零〇一二两三四五六七八九十]){_ENDING}[\s.!。~]*",
    re.ASCII | re.IGNORECASE,
)
_NUMBER_AND_WORDS = re.compile(
    rf"(\d{{1,2}}){_ENDING}\s*[\s,、。.;:!-]\s*(\D.*)", re.ASCII | re.IGNORECASE
)
_CALL = r"(?:回电|回个?电话|打个?电话|联系我|call me|call back|phone me)"
_WANTS_CALL = re.compile(_CALL, re.IGNORECASE)
_WANTS_NO_CALL = re.compile(
    rf"(?:不|别|勿|don.?t|no)\S{{0,3}}\s?{_CALL}", re.IGNORECASE
)
_CONTROLS_OF_TEXT = "\t\n\r"


class ReplyKind(Enum):
    """What one reply was taken for."""

    ANSWER = "answer"
    WORDS = "words"
    CALL = "call"  # wants to be called
    STOP = "stop"
    UNREADABLE = "unreadable"  # no answer to the question that was asked
    REPEATED = "repeated"  # that was answered already
    LATE = "late"
    UNKNOWN = "unknown"  # nobody we asked
    HOSTILE = "hostile"  # endless, or with characters no phone types


@dataclass(frozen=True, slots=True)
class Conversation:
    """How far a customer has come: answers by item, and the question that is open."""

    dialogue: Dialogue
    answers: Mapping[str, Any]
    asked_item: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """What a reply changes; ``send`` is the message that follows, None for silence."""

    kind: ReplyKind
    answers: Mapping[str, Any]
    asked_item: str | None
    send: str | None = None
    wants_call: bool = False


def is_hostile(text: str) -> bool:
    """Tell whether a text is nothing that a phone sends."""
    return len(text) > LONGEST_REPLY or any(
        unicodedata.category(c) == "Cc" and c not in _CONTROLS_OF_TEXT for c in text
    )


def tidied(text: str) -> str:
    """Return a text in one width, without what cannot be seen, on one line."""
    return unicodedata.normalize("NFKC", visible(text))


def visible(text: str) -> str:
    """Return a text without what cannot be seen, on one line."""
    seen = (c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cs"))
    return " ".join("".join(seen).split())


def is_stop(text: str, stop_words: frozenset[str]) -> bool:
    """Tell whether a text asks for no more messages."""
    word = tidied(text).strip(" .!。,'\"“”").upper()
    return word in _ALWAYS_STOP or word in {each.upper() for each in stop_words}


def wants_call(words: str) -> bool:
    """Tell whether somebody asks to be called, in words."""
    return bool(_WANTS_CALL.search(words)) and not _WANTS_NO_CALL.search(words)


def take_turn(conversation: Conversation, text: str, at: datetime) -> Turn:
    """Return what a customer's reply means where the conversation stands."""
    dialogue = conversation.dialogue
    if is_hostile(text):
        return _unchanged(conversation, ReplyKind.HOSTILE)
    if is_stop(text, dialogue.rules.stop_words):
        return Turn(ReplyKind.STOP, conversation.answers, None, FAREWELL)
    if at > conversation.expires_at:
        return _unchanged(conversation, ReplyKind.LATE)
    turn = _read(conversation, tidied(text))
    words_item = dialogue.words_item
    if words_item and turn.answers.get(words_item) == tidied(text):
        own = {**turn.answers, words_item: visible(text)}  # words stay as typed
        return replace(turn, answers=own)
    return turn


def _read(conversation: Conversation, plain: str) -> Turn:
    if conversation.asked_item is None:
        return _afterwards(conversation, plain)
    item = conversation.dialogue.item(conversation.asked_item)
    if item["kind"] == "number":
        return _rated(conversation, item, plain)
    if item["kind"] == "choice" and plain != CALL_ME:
        return _chosen(conversation, item, plain)
    return _said(conversation, plain)


def _rated(conversation: Conversation, item: Mapping[str, Any], plain: str) -> Turn:
    number, words = _number_in(plain)
    if number is None or not item["min"] <= number <= item["max"]:
        if not _has_letters(plain):
            return _unchanged(conversation, ReplyKind.UNREADABLE)
        answers = {**conversation.answers, **_words(conversation, plain)}
        return Turn(ReplyKind.WORDS, answers, item["id"])
    answers = {**conversation.answers, item["id"]: number}
    if words:
        answers |= _words(conversation, words)
    return _onwards(conversation, ReplyKind.ANSWER, answers)


def _chosen(conversation: Conversation, item: Mapping[str, Any], plain: str) -> Turn:
    number, words = _number_in(plain)
    key = plain.lower() if number is None else str(number)
    for option in item["options"]:
        if key in (option.get("key"), option["zh"], option["en"].lower()):
            answers = {**conversation.answers, item["id"]: option["id"]}
            if words:
                answers |= _words(conversation, words)
            return _onwards(conversation, ReplyKind.ANSWER, answers)
    if number is not None or not _has_letters(plain):
        return _unchanged(conversation, ReplyKind.UNREADABLE)
    return _said(conversation, plain)


def _said(conversation: Conversation, plain: str) -> Turn:
    """Take free words, or the wish to be called; after them nothing is asked."""
    if plain == CALL_ME:
        return Turn(ReplyKind.CALL, conversation.answers, None, THANKS, wants_call=True)
    if not plain:
        return _unchanged(conversation, ReplyKind.UNREADABLE)
    answers = {**conversation.answers, **_words(conversation, plain)}
    kind = ReplyKind.CALL if wants_call(plain) else ReplyKind.WORDS
    return Turn(kind, answers, None, THANKS, wants_call=kind is ReplyKind.CALL)


def _afterwards(conversation: Conversation, plain: str) -> Turn:
    """Keep the first words that follow a finished conversation; a mark stays."""
    number, words = _number_in(plain)
    plain = words or ("" if number is not None else plain)
    is_rated = conversation.dialogue.first_item in conversation.answers
    added = _words(conversation, plain) if is_rated and _has_letters(plain) else {}
    if not added:
        return _unchanged(conversation, ReplyKind.REPEATED)
    answers = {**conversation.answers, **added}
    kind = ReplyKind.CALL if wants_call(plain) else ReplyKind.WORDS
    return Turn(kind, answers, None, wants_call=kind is ReplyKind.CALL)


def _onwards(
    conversation: Conversation, kind: ReplyKind, answers: Mapping[str, Any]
) -> Turn:
    asked = conversation.asked_item or conversation.dialogue.first_item
    following = conversation.dialogue.next_item(answers, asked)
    return Turn(kind, answers, following, following or THANKS)


def _unchanged(conversation: Conversation, kind: ReplyKind) -> Turn:
    return Turn(kind, conversation.answers, conversation.asked_item)


def _words(conversation: Conversation, plain: str) -> dict[str, str]:
    """Return words as the answer to the question that takes some, unless it has one."""
    item_id = conversation.dialogue.words_item
    if item_id is None or item_id in conversation.answers:
        return {}
    return {item_id: plain}


def _number_in(plain: str) -> tuple[int | None, str]:
    """Return the number that a text is, or begins with, and the words behind it."""
    alone = _NUMBER.fullmatch(plain)
    if alone:
        return _DIGITS.get(alone[1]) if alone[1] in _DIGITS else int(alone[1]), ""
    led = _NUMBER_AND_WORDS.fullmatch(plain)
    return (int(led[1]), led[2]) if led else (None, "")


def _has_letters(plain: str) -> bool:
    return any(unicodedata.category(c).startswith("L") for c in plain)
