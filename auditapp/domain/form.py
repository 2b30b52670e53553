"""The form: a checklist version resolved for one hall and one scenario.

Its shape is a contract, docs/architecture.md; phone, review and PDF read it alike.
What today still decides is read by ``item_requirement``, ``item_bands`` and
``is_asked``. static/js/lib/applicability.js repeats these three for the phone, and
tests/vectors/applicability.json holds both to the same answers.
"""

import operator
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from auditapp.domain.applicability import (
    TODAY,
    Decision,
    Place,
    Requirement,
    Resolution,
    word_holds,
)
from auditapp.domain.canonical import digest
from auditapp.domain.checklist import Bands, Checklist, Item, Option, Section
from auditapp.domain.reasons import reason
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary, Word

Form = dict[str, Any]
FormItem = Mapping[str, Any]

_THRESHOLD = re.compile(r"(<=|>=|<|>)(\d+(?:\.\d+)?)")
_COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


class Verdict(NamedTuple):
    """What is asked of an item today: the requirement, its rule and the sentence."""

    requirement: str
    rule: int
    why: dict[str, str]


def build_form(
    checklist: Checklist, vocabulary: Vocabulary, hall_id: str, place: Place
) -> Form:
    """Resolve a checklist for a hall and a scenario; only today is left open."""
    asked, excluded = [], []
    for item in checklist.items:
        resolution = item.requirement_at(place)
        why = _Why(item, place, vocabulary)
        if _is_ever_asked(resolution):
            asked.append(_asked(item, resolution, why))
        else:
            excluded.append(_excluded(item, resolution, why))
    return {
        **_head(checklist, vocabulary, place),
        "hall": hall_id,
        "events": [_named(word) for word in _events(asked, vocabulary)],
        "sections": [_section(section) for section in checklist.sections],
        "items": asked,
        "excluded": excluded,
    }


def form_digest(form: Form) -> str:
    """Return the name of a form, the SHA-256 of its canonical JSON in hexadecimal."""
    return digest(form)


def item_requirement(item: FormItem, today: Collection[str]) -> Verdict:
    """Return what a form asks of an item when these facts (``raining``) hold today."""
    holding = [rule for rule in item.get("today", ()) if _holds(rule["if"], today)]
    decisive = holding[-1] if holding else item
    return Verdict(decisive["requirement"], decisive["rule"], decisive["why"])


def item_bands(item: FormItem, today: Collection[str]) -> list[dict[str, Any]]:
    """Return the bands an answer is scored by today; empty where there are none."""
    bands: list[dict[str, Any]] = item.get("bands", [])
    for rule in item.get("bands_when", ()):
        if _holds(rule["if"], today):
            bands = rule["bands"]
    return bands


def is_asked(item: FormItem, answers: Mapping[str, Mapping[str, Any]]) -> bool:
    """Tell whether earlier answers call for the item (``ask_if``).

    ``answers`` are those of the audit document, each with its ``value``.
    """
    return all(
        _is_wanted(answers.get(earlier, {}).get("value"), wanted)
        for earlier, wanted in item.get("ask_if", {}).items()
    )


def _holds(condition: Sequence[str], today: Collection[str]) -> bool:
    facts = {TODAY + fact for fact in today}
    return all(word_holds(word, facts) for word in condition)


def _is_wanted(value: object, wanted: object) -> bool:
    threshold = _THRESHOLD.fullmatch(wanted) if isinstance(wanted, str) else None
    if threshold is None:
        accepted = wanted if isinstance(wanted, list | tuple) else [wanted]
        return value in accepted
    if value == "never":
        value = float("inf")
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    sign, limit = threshold.groups()
    return bool(_COMPARE[sign](value, float(limit)))


class _Why(NamedTuple):
    """All that the sentence of a decision is made of."""

    item: Item
    place: Place
    vocabulary: Vocabulary

    def of(self, decision: Decision[Requirement]) -> dict[str, Any]:
        """Return rule and sentence as they stand in the form."""
        text = reason(self.item, decision, self.place, self.vocabulary)
        return {"rule": decision.rule, "why": text.as_dict()}


def _head(checklist: Checklist, vocabulary: Vocabulary, place: Place) -> Form:
    head = {
        "schema": 1,
        "checklist": checklist.checklist_id,
        "version": checklist.version,
        "source": checklist.source,
        **checklist.name.as_dict(),
        "tier": place.tier,
        "traits": sorted(place.traits),
        "pass_mark": checklist.pass_mark,
        "min_coverage": checklist.min_coverage,
        "today": [_named(word) for word in vocabulary.today.values()],
    }
    if checklist.critical_cap is not None:
        head["critical_cap"] = checklist.critical_cap
    if place.scenario is not None:
        head["scenario"] = place.scenario
        head["scenario_name"] = vocabulary.scenarios[place.scenario].name.as_dict()
    return head


def _is_ever_asked(resolution: Resolution[Requirement]) -> bool:
    return any(
        outcome is not Requirement.NOT_APPLICABLE
        for outcome in resolution.every_outcome()
    )


def _excluded(item: Item, resolution: Resolution[Requirement], why: _Why) -> Form:
    return {
        "id": item.item_id,
        "section": item.section_id,
        **item.wording.question.as_dict(),
        **why.of(resolution.base),
    }


def _asked(item: Item, resolution: Resolution[Requirement], why: _Why) -> Form:
    today = [
        {
            "if": list(rule.condition),
            "requirement": rule.outcome.value,
            **why.of(Decision(rule.outcome, rule.number)),
        }
        for rule in resolution.today
    ]
    return _without_nothing(
        {
            "id": item.item_id,
            "section": item.section_id,
            **_words(item),
            **_marks(item),
            **_measure(item, item.bands_at(why.place)),
            "requirement": resolution.base.outcome.value,
            **why.of(resolution.base),
            "today": today,
        }
    )


def _words(item: Item) -> Form:
    wording = item.wording
    return {
        **wording.question.as_dict(),
        "guide": _pair(wording.guide),
        "short": _pair(wording.short),
        "answer": _pair(wording.answer),
        "sms": _pair(wording.sms),
    }


def _marks(item: Item) -> Form:
    tags = item.tags
    return {
        "kind": item.kind,
        "weight": item.weight,
        "critical": item.is_critical,
        "photo": item.photo,
        "note": item.note,
        "answer_at": item.answer_at,
        "quality": tags.quality,
        "group": tags.group,
        "rater": tags.rater,
        "cause": tags.cause,
        "owner": tags.owner,
        "skill": tags.skill,
        "stage": tags.stage,
        "contact": tags.contact,
    }


def _measure(item: Item, bands: Resolution[Bands]) -> Form:
    scale = item.scale
    wanted = {key: _listed(value) for key, value in item.ask_if.items()}
    return {
        "timer": scale.timer and {"from": scale.timer.start, "to": scale.timer.end},
        "bands": _bands(bands.base.outcome),
        "bands_when": [
            {"if": list(rule.condition), "bands": _bands(rule.outcome)}
            for rule in bands.today
        ],
        "options": [_option(option) for option in scale.options],
        "anchors": {step: text.as_dict() for step, text in scale.anchors.items()},
        "min": scale.minimum,
        "max": scale.maximum,
        "sample": scale.sample,
        "ask_if": wanted,
    }


def _option(option: Option) -> Form:
    score = "skip" if option.score is None else option.score
    form = {"id": option.option_id, **option.text.as_dict(), "score": score}
    return _without_nothing({**form, "cause": option.cause, "key": option.key})


def _bands(bands: Bands) -> list[Form]:
    return [{"up_to": band.up_to, "score": band.score} for band in bands]


def _section(section: Section) -> Form:
    return {
        "id": section.section_id,
        **section.name.as_dict(),
        "stage": section.stage,
        "answer_at": section.answer_at,
    }


def _events(asked: Iterable[Form], vocabulary: Vocabulary) -> list[Word]:
    """Return the buttons of the clock: coming, going, and what an item is timed by."""
    timed = {event for item in asked for event in item.get("timer", {}).values()}
    events = list(vocabulary.events.values())
    return [
        event
        for event in events
        if event.word_id in timed or event in (events[0], events[-1])
    ]


def _named(word: Word) -> Form:
    return {"id": word.word_id, **word.name.as_dict()}


def _pair(text: Text | None) -> dict[str, str] | None:
    return text.as_dict() if text else None


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _without_nothing(form: Form) -> Form:
    """Drop the keys of an item that have no value."""
    return {key: value for key, value in form.items() if value not in (None, {}, [])}
