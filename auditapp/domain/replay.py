"""One stored audit, scored again by another version of its checklist.

Answers are taken as they are. What the other version requires and the visit never asked
is unknown: it is left out and counted, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from auditapp.domain.answer_values import sound_answers
from auditapp.domain.applicability import Place, Requirement
from auditapp.domain.form import item_requirement
from auditapp.domain.scoring import AuditScore, score_audit, today_of

Form = Mapping[str, Any]

# what of a form decides about points besides its items
_HEAD_KEYS = ("pass_mark", "critical_cap", "min_coverage")
# what of an item does not
_WORDS = frozenset({"zh", "en", "guide", "short", "anchors", "answer", "why", "rule"})
HEAD = "#head"  # these together, among the items that were changed; no item's id
_REQUIRED = Requirement.REQUIRED.value


@dataclass(frozen=True, slots=True)
class Replay:
    """An audit by its own form, by the version in force and by another.

    ``stored`` is what its own form gives, ``before`` what the version in force gives:
    the same, unless the visit was made by an earlier version. ``unknown`` are items
    that only the other version requires and the visit never asked. ``standing`` and
    ``draft`` are the forms of the last two, without what is unknown.
    """

    stored: AuditScore
    before: AuditScore
    after: AuditScore
    unknown: tuple[str, ...]
    standing: Form
    draft: Form

    def changed_items(self) -> list[str]:
        """Return what can move points: items that differ or are new or gone, HEAD.

        An item that was only reworded is not among them.
        """
        old, new = _by_id(self.standing), _by_id(self.draft)
        found = [
            item
            for item in {**old, **new}
            if _rules(old.get(item)) != _rules(new.get(item))
        ]
        return [*found, HEAD] if _head(self.standing) != _head(self.draft) else found

    def alone(self, item_id: str, document: object) -> Fraction:
        """Return what one change does to the score when it is the only one.

        As of all changes together: nothing where no score is left to compare.
        """
        if item_id == HEAD:
            form = {**self.standing, **_head(self.draft)}
        else:
            new = _by_id(self.draft).get(item_id)
            rest = [item for item in self.standing["items"] if item["id"] != item_id]
            form = {**self.standing, "items": [*rest, new] if new else rest}
        return self._moved(score_audit(form, document))

    @property
    def together(self) -> Fraction:
        """What all changes do to the score."""
        return self._moved(self.after)

    def _moved(self, other: AuditScore) -> Fraction:
        if self.before.score is None or other.score is None:
            return Fraction(0)
        return other.score - self.before.score


def place_of(form: Form) -> Place:
    """Return where and for what a form was made."""
    return Place(form["tier"], frozenset(form["traits"]), form.get("scenario"))


def replay(old: Form, new: Form, document: object, base: Form | None = None) -> Replay:
    """Score a document by the form it was made on and by another of the same place.

    ``base`` is the form of the version in force where the visit was made by an earlier
    one, so that only what the other version changes shows.
    """
    stored = score_audit(old, document)
    if base is None and all(
        old.get(key) == new.get(key) for key in ("items", *_HEAD_KEYS)
    ):
        # most visits ask nothing otherwise
        return Replay(stored, stored, stored, (), old, old)
    unknown = _unknown(old, new, document)
    known_before: set[str] = set() if base is None else _unknown(old, base, document)
    standing = _without(old if base is None else base, known_before)
    draft = _without(new, unknown)
    return Replay(
        stored,
        stored if base is None else score_audit(standing, document),
        score_audit(draft, document),
        tuple(i["id"] for i in new["items"] if i["id"] in unknown - known_before),
        standing,
        draft,
    )


def _without(form: Form, unknown: set[str]) -> Form:
    left = [item for item in form["items"] if item["id"] not in unknown]
    return {**form, "items": left}


def _head(form: Form) -> dict[str, Any]:
    return {key: form.get(key) for key in _HEAD_KEYS}


def _rules(item: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {key: value for key, value in item.items() if key not in _WORDS}


def _by_id(form: Form) -> dict[str, Any]:
    return {item["id"]: item for item in form["items"]}


def _unknown(old: Form, new: Form, document: object) -> set[str]:
    """Return the items that are required now and could not be known then.

    Because nobody was asked, because it was optional and left open, or because the
    answer given then is none any more.
    """
    today = today_of(document)
    asked = {item["id"]: item for item in old["items"]}
    answered, still_sound = sound_answers(old, document), sound_answers(new, document)
    return {
        item["id"]
        for item in new["items"]
        if item_requirement(item, today).requirement == _REQUIRED
        and item["id"] not in still_sound
        and (
            item["id"] in answered
            or item["id"] not in asked
            or item_requirement(asked[item["id"]], today).requirement != _REQUIRED
        )
    }
