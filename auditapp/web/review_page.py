"""What the review page shows, out of one audit as it was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _

from auditapp.domain.actor import Actor
from auditapp.domain.answer_texts import answer_text
from auditapp.domain.answer_values import value_of
from auditapp.domain.breakdown import CAP, breakdown, item_ledger, share_ledger
from auditapp.domain.inspection import is_open_inspection
from auditapp.domain.review import (
    is_in_review,
    may_reopen,
    obstacles,
    open_points,
)
from auditapp.domain.review_sheet import not_asked, sheet_lines
from auditapp.domain.review_turn import may_ask, may_decide, may_pass_on
from auditapp.domain.scoring import AuditScore, today_of
from auditapp.domain.signals import signal_text
from auditapp.domain.signed_sheet import signed_sheet
from auditapp.domain.timeline import timeline
from auditapp.domain.visit import VisitState, outcome_of
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.review_parts import photos_by_place
from auditapp.reads.review_queue import Place
from auditapp.reads.reviews import Review
from auditapp.web.clock_line import draw_clock
from auditapp.web.frame import in_language
from auditapp.web.month_words import cause_name
from auditapp.web.override_form import choices_of, may_be_overridden
from auditapp.web.review_entries import (
    Entry,
    by_section,
    choose,
    entries_of,
    neighbours,
)

FILTERS = ("look", "all", "failed")


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, when, at which list and which item."""

    actor: Actor
    now: datetime
    show: str
    item_id: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """The points lost by one grouping; adds up with the score to 100.0."""

    dimension: str
    name: str
    rows: list[dict[str, Any]]


def review_page(review: Review, place: Place, look: Look) -> dict[str, Any]:
    """Return everything ``reviews/show.html`` draws."""
    actor = look.actor
    lines = sheet_lines(
        review.form, review.decided, review.score, review.returned_document
    )
    entries = entries_of(review, lines)
    chosen_filter = look.show if look.show in FILTERS else "look"
    by_filter = {
        "look": [entry for entry in entries if entry.needs_look],
        "all": entries,
        "failed": [entry for entry in entries if entry.line.is_failed],
    }
    shown = by_filter[chosen_filter]
    chosen = choose(entries, shown, look.item_id)
    journey = timeline(review.form, review.document)
    return {
        "review": review,
        "place": place,
        "show": chosen_filter,
        "counts": {name: len(found) for name, found in by_filter.items()},
        "sections": by_section(review.form, shown),
        "chosen": chosen,
        **(decision_words(review, chosen) if chosen else {}),
        "override_choices": choices_of(chosen.line.item) if chosen else (),
        "can_override": can_override(review, actor)
        and chosen is not None
        and may_be_overridden(chosen.line.item),
        "journey": journey,
        "clock": draw_clock(journey),
        "signals": [(signal, signal_text(signal)) for signal in review.signals],
        "ledger": item_ledger(review.score) if review.score else None,
        "lost": sorted(
            (entry for entry in entries if entry.line.lost_tenths),
            key=lambda entry: -entry.line.lost_tenths,
        ),
        "tables": tables_of(review, review.score) if review.score else [],
        "not_asked": not_asked(review.form, lines),
        "today": today_names(review),
        "loose_photos": [photo for photo in review.photos if not photo.item_id],
        "neighbours": neighbours(shown, chosen),
        "can_redact": may_decide(actor),
        **rights(review, look),
        "sheet": signed_sheet(review.form, review.document)
        if is_open_inspection(review.form)
        else None,
        "places": photos_by_place(review.photos),
        "signal_name": signal_name,
        "cause_name": cause_name,
        "owner_name": partial(owner_name, review.vocabulary),
        "item_names": {i["id"]: i.get("short", i) for i in review.form["items"]},
    }


def rights(review: Review, look: Look) -> dict[str, Any]:
    """Return what this person may do with the audit now, and what stands against it."""
    actor, turn = look.actor, review.turn
    is_open = is_in_review(review.audit_state, review.visit_state)
    points = open_points(
        review.score,
        review.form,
        noted=len(review.noted),
        confirmed=review.causes,
        turn=turn,
        actor=actor,
    )
    return {
        "obstacles": obstacles(
            review.score,
            review.form["min_coverage"],
            points,
            outcome_of(review.document),
        ),
        "can_decide": may_decide(actor) and is_open,
        "can_ask": may_ask(actor, turn) and is_open,
        "can_pass_on": may_pass_on(actor, turn, look.now) and is_open,
        "can_reopen": may_decide(actor) and may_reopen(review.visit_state),
        "turn": turn if is_open else None,
        "is_late": bool(is_open and turn and turn.is_late(look.now)),
    }


def decision_words(review: Review, chosen: Entry) -> dict[str, Any]:
    """Return the sent answer of an item and every later decision, in words."""
    sent = value_of(review.document.get("answers", {}).get(chosen.line.item_id))
    item = chosen.line.item
    return {
        "sent_answer": answer_text(item, sent),
        "decisions": [
            (each, answer_text(item, value_of(each.answer)))
            for each in chosen.overrides
        ],
    }


def can_override(review: Review, actor: Actor) -> bool:
    """Tell whether this person may decide an answer of this audit otherwise."""
    is_official = review.visit_state in (VisitState.ACCEPTED, VisitState.RELEASED)
    may = actor.acts_for_headquarters
    return is_official and may


def today_names(review: Review) -> list[Mapping[str, str]]:
    """Return what the auditor ticked about the day."""
    ticked = today_of(review.document)
    return [fact for fact in review.form["today"] if fact["id"] in ticked]


def owner_name(words: Vocabulary, owner: str) -> str:
    """Return who puts a finding right."""
    known = words.tags["owner"]
    return in_language(known[owner].name) if owner in known else owner


def tables_of(review: Review, score: AuditScore) -> list[Table]:
    """Return the same points lost from every side."""
    names = {
        "section": _("By section"),
        "quality": _("Hard and soft"),
        "group": _("Four groups"),
        "rater": _("RATER"),
        "stage": _("By stage"),
        "cause": _("By cause"),
        "owner": _("By owner"),
        "skill": _("By ability"),
    }
    shares = breakdown(review.form, score)
    tables = []
    for dimension, name in names.items():
        ledger = share_ledger(score, shares[dimension])
        rows = [
            {
                "key": share.key,
                "name": label_of(review, dimension, share.key),
                "items": share.items,
                "failed": share.failed,
                "lost": ledger.lost[share.key],
                "score": share.score,
            }
            for share in shares[dimension]
            if ledger is not None
        ]
        if ledger is not None and CAP in ledger.lost:
            name_of_cap = _("Cap for failed critical items")
            rows.append({"key": CAP, "name": name_of_cap, "lost": ledger.lost[CAP]})
        tables.append(Table(dimension, name, rows))
    return tables


def label_of(review: Review, dimension: str, key: str) -> str:
    """Return what a group is called, in the words the checklist was written in."""
    if dimension == "section":
        section = next(s for s in review.form["sections"] if s["id"] == key)
        return in_language(section)
    words = review.vocabulary
    known = words.stages if dimension == "stage" else words.tags[dimension]
    return in_language(known[key].name) if key in known else _("Not assigned")


def signal_name(kind: str) -> str:
    """Return the heading of a kind of signal."""
    names: dict[str, str] = {
        "no_position": _("No position"),
        "distance": _("Position"),
        "accuracy": _("Accuracy of position"),
        "travel": _("Way between two visits"),
        "clock_offset": _("Phone's clock"),
        "clock_moved": _("Steady clock"),
        "stay": _("Time in the hall"),
        "pace": _("Pace of answers"),
        "marks_order": _("Order of marks"),
        "recalled_marks": _("Times from memory"),
        "twin_photo": _("Similar photos"),
        "same_photo": _("Same photo twice"),
        "twin_photo_elsewhere": _("Photo seen elsewhere"),
        "same_photo_elsewhere": _("Photo used elsewhere"),
        "copied_text": _("Copied text"),
        "uniform_answers": _("All answers the same"),
        "comment_complains": _("Comment against answer"),
        "comment_praises": _("Comment against answer"),
    }
    return names.get(kind, kind)
