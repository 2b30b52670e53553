"""What pages say about versions, drafts and what they change."""

from collections.abc import Mapping, Sequence
from typing import Any

from auditapp.domain.document_merge import Change, Conflict
from auditapp.domain.policy import SOURCES
from auditapp.domain.tier_matrix import Cell
from auditapp.domain.version_difference import ItemDifference, VersionDifference
from auditapp.domain.vocabulary import Vocabulary, Words
from auditapp.domain.word_marks import word_marks
from auditapp.web.frame import in_language
from auditapp.web.month_words import source_name
from auditapp.web.texts import text as _

Parts = dict[str, Any]
LONGEST_VALUE = 300


def requirement_name(word: str) -> str:
    """Return what a requirement is called; "" is one that a trait leaves alone."""
    names = {
        "required": _("Required"),
        "optional": _("Optional"),
        "not_applicable": _("Not asked"),
    }
    return names.get(word, _("As the tier says"))


def requirement_sign(word: str) -> str:
    """Return the sign of a requirement in a cell."""
    return {"required": _("R"), "optional": _("O")}.get(word, "—")


def version_state_name(state: str) -> str:
    """Return what a version's state is called."""
    names = {
        "in_force": _("In force"),
        "coming": _("Approved, not yet in force"),
        "superseded": _("Superseded"),
    }
    return names[state]


def draft_state_name(state: str) -> str:
    """Return what a draft's state is called."""
    names = {
        "open": _("Draft"),
        "submitted": _("Waits for a second person"),
        "published": _("Published"),
        "discarded": _("Discarded"),
    }
    return names[state]


def draft_state_sign(state: str) -> str:
    """Return the sign of a draft's state."""
    signs = {"open": "warn", "submitted": "unsure", "published": "good"}
    return signs.get(state, "")


def column_name(at: str, words: Vocabulary) -> str:
    """Return what a column of the matrix is called: a tier or a trait."""
    if at.startswith("tier."):
        return word_name(words.tiers, at.removeprefix("tier."))
    return word_name(words.traits, at)


def word_name(words: Words, key: str) -> str:
    """Return what a word is called, itself when the vocabulary lacks it."""
    return in_language(words[key].name) if key in words else key


def condition_text(condition: object, words: Vocabulary) -> str:
    """Say a rule's condition: “Rainy, Small hall”."""
    known = words.condition_words()
    listed = [condition] if isinstance(condition, str) else condition
    said = []
    for word in listed if isinstance(listed, list | tuple) else []:
        bare = str(word).removeprefix("not ")
        name = in_language(known[bare].name) if bare in known else bare
        is_negated = bare != word
        said.append(_("not %(what)s", what=name) if is_negated else name)
    return _(", ").join(said)


def cell_text(cell: Cell, words: Vocabulary) -> str:
    """Say what a cell asks: “Required (Flagship hall)”."""
    if not cell.parts:
        return requirement_name("")
    said = []
    for word, tiers in cell.parts:
        limits = _(", ").join(word_name(words.tiers, tier) for tier in tiers)
        name = requirement_name(word)
        said.append(
            _("%(what)s (%(where)s)", what=name, where=limits) if tiers else name
        )
    return _("; ").join(said)


def difference_parts(found: VersionDifference, words: Vocabulary) -> Parts:
    """Return a difference as the page lists it."""
    return {
        "added": [_item_part(each) for each in found.added],
        "removed": [_item_part(each) for each in found.removed],
        "changed": [_changed_part(each, found, words) for each in found.changed],
        "counts": found.counts,
        "totals": found.totals,
        "head": [change_part(change) for change in found.head],
        "is_reordered": found.is_reordered,
        "is_empty": found.is_empty,
    }


def change_part(change: Change | Conflict) -> Parts:
    """Return one changed entry with both values, as far as they can be read."""
    if isinstance(change, Conflict):
        before, after = change.theirs, change.mine
    else:
        before, after = change.before, change.after
    part: Parts = {
        "name": place_text(change.place),
        "before": value_text(before),
        "after": value_text(after),
    }
    if isinstance(before, str) and isinstance(after, str):
        part["marks"] = word_marks(before, after)
    return part


def place_text(place: Sequence[str]) -> str:
    """Return where an entry stands: of a policy with its source, else its key."""
    path = place[1:] if place[0] == "head" else place[-1:]
    return " · ".join(key_name(key) for key in path)


def key_name(key: str) -> str:
    """Return what a key of a document is called."""
    if key in SOURCES:
        return source_name(key)
    names = {
        "zh": _("Chinese wording"),
        "en": _("English wording"),
        "guide_zh": _("Chinese guide"),
        "guide_en": _("English guide"),
        "short_zh": _("Chinese short name"),
        "short_en": _("English short name"),
        "weight": _("Weight"),
        "applies": _("Tiers"),
        "overrides": _("Rules by place"),
        "owner": _("Owner"),
        "cause": _("Cause"),
        "quality": _("Hard or soft"),
        "group": _("Soft group"),
        "rater": _("RATER"),
        "skill": _("Ability"),
        "stage": _("Stage"),
        "contact": _("Contact"),
        "kind": _("Kind of answer"),
        "options": _("Options"),
        "bands": _("Bands"),
        "bands_when": _("Bands by place"),
        "critical": _("Critical"),
        "photo": _("Photo"),
        "note": _("Note"),
        "ask_if": _("Asked when"),
        "answer_at": _("Where it is answered"),
        "pass_mark": _("Pass mark"),
        "critical_cap": _("Highest score after a critical fail"),
        "min_coverage": _("Least coverage"),
        "sources": _("Weights and minima of the sources"),
        "grades": _("Grades"),
        "rules": _("Rules about single halls"),
        "missing": _("When a source is missing"),
        "need_sources": _("Sources needed for a grade"),
        "need_weight": _("Weight needed for a grade"),
        "max_weight": _("At most"),
        "min_n": _("Fewest that count"),
        "usual_spread": _("Usual spread"),
        "valid_months": _("Counts for"),
        "revisit_if_gap": _("Visit again from a gap of"),
        "begging_gap": _("Ratings may be solicited from"),
        "closed_visit_score": _("Score of a closed hall"),
    }
    return names.get(key, key)


def value_text(value: object) -> str:
    """Return a value of a document as people read it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        pairs = (f"{key}: {value_text(each)}" for key, each in value.items())
        return _("; ").join(pairs)[:LONGEST_VALUE]
    if isinstance(value, list):
        return _(", ").join(value_text(each) for each in value)[:LONGEST_VALUE]
    return str(value)[:LONGEST_VALUE]


def _item_part(item: Mapping[str, Any]) -> Parts:
    return {"id": item["id"], "name": in_language(item), "weight": item["weight"]}


def _changed_part(
    found: ItemDifference, whole: VersionDifference, words: Vocabulary
) -> Parts:
    lines = [change_part(change) for change in (*found.words, *found.others)]
    if found.weights:
        before, after = (
            f"{weight} ({100 * weight / (total or 1):.1f}%)"
            for weight, total in zip(found.weights, whole.totals, strict=True)
        )
        lines.insert(0, {"name": _("Weight"), "before": before, "after": after})
    cells = [
        {
            "name": column_name(each.at, words),
            "before": cell_text(each.before, words),
            "after": cell_text(each.after, words),
        }
        for each in found.cells
    ]
    if found.rules:
        cells.append({"name": _("Rules by place"), "before": "", "after": ""})
    return {
        "id": found.item_id,
        "name": in_language(found.after),
        "lines": [*cells, *lines],
    }
