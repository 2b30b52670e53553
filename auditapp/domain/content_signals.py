"""Do photos, words or answers look as if they were not made in this visit?"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from auditapp.domain.answer_values import (
    as_list,
    as_mapping,
    observations,
    sound_answers,
)
from auditapp.domain.audit_parts import sound_pictures
from auditapp.domain.clock_signals import pace_seconds
from auditapp.domain.signal import (
    EarlierText,
    Facts,
    OtherPicture,
    Signal,
    SignalContext,
)

NEAR_BITS = 4
# a hash with hardly a bit set, or hardly one unset, is of a blank wall
FEWEST_BITS = 6
_HASH_BITS = 64
# databases hand the highest bit back as a sign
_ALL_BITS = (1 << _HASH_BITS) - 1
SHORTEST_COPIED_TEXT = 12
FEWEST_UNIFORM_ANSWERS = 25
FAST_UNIFORM_PACE_SECONDS = 6

Audit = Mapping[str, Any]
Form = Mapping[str, Any]
Picture = Mapping[str, Any]


def content_signals(
    form: Form, audit: Audit, context: SignalContext
) -> Iterator[Signal]:
    """Yield what photos, notes and answers say."""
    pictures = sound_pictures(audit.get("evidence"), form)
    yield from _twins_here(pictures, context.dhashes)
    for picture in pictures:
        yield from _twin_elsewhere(picture, context)
    yield from _copied_texts(form, audit, context.earlier_texts)
    yield from _uniform_answers(form, audit)


def _twins_here(
    pictures: list[Picture], dhashes: Mapping[str, int]
) -> Iterator[Signal]:
    for index, picture in enumerate(pictures):
        earlier = [
            OtherPicture("", each["sha256"], dhashes.get(each["sha256"]))
            for each in pictures[:index]
            if each.get("item") != picture.get("item")
        ]
        twin = _nearest(picture, earlier, dhashes)
        if twin:
            other, bits = twin
            facts: Facts = {
                "sha256": picture["sha256"],
                "other_sha256": other.sha256,
                "bits": bits,
            }
            kind = "twin_photo" if other.sha256 != picture["sha256"] else "same_photo"
            yield Signal(kind, "notice", picture.get("item"), facts)


def _twin_elsewhere(picture: Picture, context: SignalContext) -> Iterator[Signal]:
    twin = _nearest(picture, context.other_pictures, context.dhashes)
    if twin is None:
        return
    other, bits = twin
    is_same = other.sha256 == picture["sha256"]
    yield Signal(
        "same_photo_elsewhere" if is_same else "twin_photo_elsewhere",
        "notice",
        picture.get("item"),
        {
            "sha256": picture["sha256"],
            "other_sha256": other.sha256,
            "audit": other.audit,
            "bits": bits,
        },
    )


def _nearest(
    picture: Picture, others: Iterable[OtherPicture], dhashes: Mapping[str, int]
) -> tuple[OtherPicture, int] | None:
    """Return the most similar of the other pictures and the bits that differ."""
    found = [
        (bits, other)
        for other in others
        if (bits := _difference(picture["sha256"], other, dhashes)) <= NEAR_BITS
    ]
    if not found:
        return None
    bits, nearest = min(found, key=lambda pair: pair[0])
    return nearest, bits


def _difference(sha256: str, other: OtherPicture, dhashes: Mapping[str, int]) -> int:
    if other.sha256 == sha256:
        return 0
    one, two = dhashes.get(sha256), other.dhash
    if one is None or two is None or not (_says_much(one) and _says_much(two)):
        return _HASH_BITS
    return ((one ^ two) & _ALL_BITS).bit_count()


def _says_much(dhash: int) -> bool:
    bits = (dhash & _ALL_BITS).bit_count()
    return FEWEST_BITS <= bits <= _HASH_BITS - FEWEST_BITS


def _copied_texts(
    form: Form, audit: Audit, earlier: tuple[EarlierText, ...]
) -> Iterator[Signal]:
    known = {normalised(each.text): each.audit for each in reversed(earlier)}
    answers = as_mapping(audit.get("answers"))
    for item in form["items"]:
        answer = as_mapping(answers.get(item["id"]))
        texts = [answer.get("note"), answer.get("reason")]
        if item["kind"] == "text":
            texts += as_list(answer.get("value")) or [answer.get("value")]
        for text in texts:
            words = normalised(text) if isinstance(text, str) else ""
            if len(words) >= SHORTEST_COPIED_TEXT and words in known:
                facts: Facts = {"audit": known[words], "characters": len(words)}
                yield Signal("copied_text", "notice", item["id"], facts)


def normalised(text: str) -> str:
    """Return the letters and digits of a text, all that a copy cannot vary."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _uniform_answers(form: Form, audit: Audit) -> Iterator[Signal]:
    """Look for the same answer to everything, given faster than one can read.

    Either alone proves nothing: a good hall earns sixty times “yes”.
    """
    answers = sound_answers(form, audit)
    given: dict[str, list[Any]] = {"yes_no": [], "scale": []}
    for item in form["items"]:
        if item["kind"] in given:
            values = observations(item, answers.get(item["id"])) or []
            given[item["kind"]] += values
    pace = pace_seconds(form, audit)
    is_uniform = all(len(set(values)) <= 1 for values in given.values())
    count = sum(map(len, given.values()))
    if pace is None or pace >= FAST_UNIFORM_PACE_SECONDS:
        return
    if is_uniform and count >= FEWEST_UNIFORM_ANSWERS:
        facts: Facts = {"answers": count, "seconds": round(pace, 1)}
        yield Signal("uniform_answers", "notice", facts=facts)
