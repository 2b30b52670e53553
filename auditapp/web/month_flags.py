"""Why a hall's month is marked: the notes of its page, the reason in a list."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditapp.domain.composite import FLAGS, UNRANKED
from auditapp.domain.policy import CUSTOMER_SOURCES, Policy
from auditapp.reads.month_scores import HallScore
from auditapp.web.month_ledger import counts
from auditapp.web.month_words import joined, short_points
from auditapp.web.texts import text as _

FIRST = ("visit_closed", "critical_open", "revisit", "begging")  # the gravest first


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know before reading the numbers; ``state`` as notes are drawn."""

    state: str
    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """What the sentences are about, from a ledger document or from a list."""

    flags: tuple[str, ...]
    milli: Mapping[str, int | None]  # by source
    weight_pct: int
    sources: int
    gap_milli: int | None


def marked_document(document: Mapping[str, Any], policy: Policy) -> Marked:
    """Return what a ledger document's marks are about."""
    milli = {
        each["source"]: each["milli"] for each in document["sources"] if counts(each)
    }
    return Marked(
        tuple(document["official"].get("flags", ())),
        milli,
        document["official"]["weight"],
        len(milli),
        gap_of(milli, policy),
    )


def marked_line(line: HallScore) -> Marked:
    """Return what the marks of a hall in a list are about."""
    milli = {
        "mystery": line.visit_milli,
        "open_inspection": line.inspection_milli,
        "callback": line.callback_milli,
        "sms": line.feedback_milli,
    }
    present = sum(value is not None for value in milli.values())
    return Marked(line.flags, milli, line.weight_pct, present, line.gap_milli)


def gap_of(milli: Mapping[str, int | None], policy: Policy) -> int | None:
    """Return visit minus customers, in milli-points; None where one is missing."""
    visit = milli.get("mystery")
    heard = customers_of(milli, policy)
    return None if visit is None or heard is None else visit - heard


def customers_of(milli: Mapping[str, int | None], policy: Policy) -> int | None:
    """Return what customers say, calls and texts together."""
    told = [
        (policy.sources[name].weight, value)
        for name in CUSTOMER_SOURCES
        if (value := milli.get(name)) is not None
    ]
    weight = sum(weight for weight, _value in told)
    return sum(weight * value for weight, value in told) // weight if weight else None


def notes_of(marked: Marked, policy: Policy, *, is_closed: bool) -> Iterator[Note]:
    """Yield what must be known before the numbers, the gravest first."""
    ordered = [*FIRST, *(flag for flag in FLAGS if flag not in FIRST)]
    for flag in ordered:
        if flag in marked.flags and flag in _NOTES:
            yield _NOTES[flag](marked, policy)
    if not is_closed:
        yield Note(
            "",
            _("This month is not closed yet."),
            _("Its numbers still change as evidence arrives."),
        )


def reason_text(line: HallScore, policy: Policy) -> str:
    """Say in a few words why a hall is not ranked."""
    marked = marked_line(line)
    if line.official_milli is None:
        return _("no score: sources of %(weight)s%% weight", weight=marked.weight_pct)
    reasons = {
        "revisit": lambda: _(
            "visit %(visit)s, customers %(customers)s: %(gap)s points apart",
            visit=short_points(marked.milli.get("mystery") or 0),
            customers=short_points(customers_of(marked.milli, policy) or 0),
            gap=short_points(abs(marked.gap_milli or 0)),
        ),
        "one_visit": lambda: _("one visit only"),
        "too_few_sources": lambda: _("one source only"),
        "too_little_weight": lambda: _(
            "sources of %(weight)s%% weight only", weight=marked.weight_pct
        ),
    }
    said = [reasons[flag]() for flag in UNRANKED if flag in marked.flags]
    if "begging" in marked.flags:
        said.append(_("ratings may be solicited"))
    return joined(said[:2]) or _("not ranked yet")


def revisit_note(marked: Marked, policy: Policy) -> Note:
    """Say why a second visit is asked for."""
    return Note(
        "warn",
        _(
            "Visit %(visit)s, customers %(customers)s: %(gap)s points apart.",
            visit=short_points(marked.milli.get("mystery") or 0),
            customers=short_points(customers_of(marked.milli, policy) or 0),
            gap=short_points(abs(marked.gap_milli or 0)),
        ),
        _(
            "One visit is not a month. From a gap of %(gap)s points on a second visit"
            " is made; until then this month is not ranked.",
            gap=policy.rules.revisit_gap,
        ),
    )


def _begging(marked: Marked, _policy: Policy) -> Note:
    text, call = marked.milli.get("sms") or 0, marked.milli.get("callback") or 0
    return Note(
        "warn",
        _("Ratings may be solicited."),
        _(
            "Text feedback %(text)s, callbacks %(call)s: %(gap)s points apart. Calls"
            " are drawn at random; nobody in the hall chooses them.",
            text=short_points(text),
            call=short_points(call),
            gap=short_points(text - call),
        ),
    )


def _closed_visit(_marked: Marked, policy: Policy) -> Note:
    return Note(
        "bad",
        _("The hall was shut in its posted hours."),
        _(
            "A visit found it closed; the policy counts that visit with %(score)s.",
            score=policy.rules.closed_visit_score,
        ),
    )


def _critical(_marked: Marked, policy: Policy) -> Note:
    return Note(
        "bad",
        _("A critical finding is open."),
        _(
            "Until it is put right there is no %(grade)s.",
            grade=policy.rules.open_critical_blocks,
        ),
    )


def _one_visit(_marked: Marked, _policy: Policy) -> Note:
    return Note(
        "warn",
        _("One visit only."),
        _("Nothing else was heard of this month, so it is shown and not ranked."),
    )


def _few_sources(marked: Marked, policy: Policy) -> Note:
    return Note(
        "warn",
        _("Not rankable yet."),
        _(
            "%(have)s of the sources is there; at least %(need)s are needed for a grade"
            " and a rank.",
            have=marked.sources,
            need=policy.need_sources,
        ),
    )


def _little_weight(marked: Marked, policy: Policy) -> Note:
    return Note(
        "warn",
        _("Not rankable yet."),
        _(
            "The sources that are there weigh %(have)s%%; at least %(need)s%% are"
            " needed for a grade and a rank.",
            have=marked.weight_pct,
            need=policy.need_weight_pct,
        ),
    )


def _no_visit(_marked: Marked, _policy: Policy) -> Note:
    return Note(
        "warn",
        _("Nobody visited this month."),
        _("The score rests on the other sources, and the range is wider."),
    )


_NOTES: dict[str, Callable[[Marked, Policy], Note]] = {
    "visit_closed": _closed_visit,
    "critical_open": _critical,
    "revisit": revisit_note,
    "begging": _begging,
    "one_visit": _one_visit,
    "too_few_sources": _few_sources,
    "too_little_weight": _little_weight,
    "no_visit": _no_visit,
}
