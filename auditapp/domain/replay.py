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

# what of a form decides about points
_SCORED_BY = ("items", "pass_mark", "critical_cap", "min_coverage")
_REQUIRED = Requirement.REQUIRED.value


@dataclass(frozen=True, slots=True)
class Replay:
    """An audit by its own form, by the version in force and by another.

    ``stored`` is what its own form gives, ``before`` what the version in force gives:
    the same, unless the visit was made by an earlier version. ``unknown`` are items
    that only the other version requires and the visit never asked.
    """

    stored: AuditScore
    before: AuditScore
    after: AuditScore
    unknown: tuple[str, ...]

    def moved_by_item(self) -> dict[str, Fraction]:
        """Return how many points each item gives back, unrounded.

        Together with what the cap gives back exactly the change of the score.
        """
        moved: dict[str, Fraction] = {}
        for line in self.before.lines:
            moved[line.item_id] = line.lost
        for line in self.after.lines:
            moved[line.item_id] = moved.get(line.item_id, Fraction(0)) - line.lost
        return {item: points for item, points in moved.items() if points}


def place_of(form: Form) -> Place:
    """Return where and for what a form was made."""
    return Place(form["tier"], frozenset(form["traits"]), form.get("scenario"))


def replay(old: Form, new: Form, document: object, base: Form | None = None) -> Replay:
    """Score a document by the form it was made on and by another of the same place.

    ``base`` is the form of the version in force where the visit was made by an earlier
    one, so that only what the other version changes shows.
    """
    stored = score_audit(old, document)
    if base is None and all(old.get(key) == new.get(key) for key in _SCORED_BY):
        return Replay(stored, stored, stored, ())  # most visits ask nothing otherwise
    unknown = _unknown(old, new, document)
    before, known_before = stored, set[str]()
    if base is not None:
        known_before = _unknown(old, base, document)
        before = _without(base, known_before, document)
    return Replay(
        stored,
        before,
        _without(new, unknown, document),
        tuple(i["id"] for i in new["items"] if i["id"] in unknown - known_before),
    )


def _without(form: Form, unknown: set[str], document: object) -> AuditScore:
    left = [item for item in form["items"] if item["id"] not in unknown]
    return score_audit({**form, "items": left}, document)


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
