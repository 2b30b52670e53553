"""What one source of a hall's month is made of."""

from collections.abc import Sequence

from flask import url_for

from auditapp.domain.rounding import milli_to_tenths
from auditapp.reads.month_responses import Spread
from auditapp.web import month_words as words
from auditapp.web.frame import month_name, tenths
from auditapp.web.month_ledger import Document, counts
from auditapp.web.month_view import HallView, Parts
from auditapp.web.texts import text as _

BUCKETS = ("0–19", "20–39", "40–59", "60–79", "80–99", "100")


def visits_parts(view: HallView, source: str) -> Parts:
    """Return the visits that a source took; each leads on for who may open audits."""
    facts = source_of(view, source)
    return {
        "facts": facts,
        "mean": mean_text(facts),
        "is_missing": not counts(facts),
        "missing": words.missing_text(source, facts, view.policy),
        "visits": [
            {
                "number": number,
                "month": month_name(taken["month"]),
                "score": tenths(milli_to_tenths(taken["milli"])),
                "is_closed": taken["outcome"] != "completed",
                "is_overridden": bool(taken["overrides"]),
                "address": url_for("reviews.show", audit_id=taken["audit"])
                if view.may_open_audits
                else None,
            }
            for number, taken in enumerate(facts.get("taken", ()), start=1)
        ],
    }


def spread_parts(view: HallView, source: str, spread: Spread) -> Parts:
    """Return how the answers of a source are spread, and what they lost."""
    facts = source_of(view, source)
    most = max(*spread.buckets, 1)
    return {
        "facts": facts,
        "mean": mean_text(facts),
        "is_missing": not counts(facts),
        "missing": words.missing_text(source, facts, view.policy),
        "is_few": spread.responses < view.policy.sources[source].min_n
        and not view.may_open_audits,
        "later": spread.responses - int(facts.get("n") or 0),
        "count": spread.responses,
        "buckets": [
            {"name": name, "count": count, "share": round(100 * count / most, 1)}
            for name, count in zip(BUCKETS, spread.buckets, strict=True)
        ],
        "items": lost_items(view, spread),
        "tagged": [
            {"name": words.cause_name(cause), "count": count}
            for cause, count in spread.tagged.items()
        ],
        "businesses": [
            {
                "name": words.business_name(each.business, view.names.vocabulary),
                "count": each.responses,
                "mean": _("too few to show")
                if each.mean_milli is None
                else tenths(milli_to_tenths(each.mean_milli)),
            }
            for each in spread.businesses
        ],
    }


def lost_items(view: HallView, spread: Spread) -> Sequence[Parts]:
    """Return what each question cost a response on average, the dearest first."""
    if not spread.responses:
        return []
    ordered = sorted(spread.lost.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {
            "item": item,
            "name": words.item_name(item, view.names),
            "lost": tenths(milli_to_tenths(milli // spread.responses)),
        }
        for item, milli in ordered
        if milli
    ]


def source_of(view: HallView, source: str) -> Document:
    """Return a source's entry in the ledger document."""
    return next(each for each in view.document["sources"] if each["source"] == source)


def mean_text(facts: Document) -> str:
    """Say a source's own mean."""
    milli = facts.get("milli")
    return "–" if milli is None else tenths(milli_to_tenths(milli))
