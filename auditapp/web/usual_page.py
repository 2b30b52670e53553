"""What is usual, in words: this visit beside its hall, its auditor and its tier."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from auditapp.domain.breakdown import item_ledger
from auditapp.domain.rounding import milli_to_tenths
from auditapp.reads.reviews import Review
from auditapp.reads.usual import PastAudit, Usual
from auditapp.web.frame import tenths
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

SECONDS = 60


@dataclass(frozen=True, slots=True)
class UsualRow:
    """One line of the comparison; empty where nothing is known."""

    name: str
    of: str  # how many audits it is made of
    score: str
    stay: str
    failed: str


def usual_rows(review: Review, usual: Usual) -> list[UsualRow]:
    """Return this visit, then what is usual."""
    return [
        _this(review),
        _row(_("This hall"), usual.hall),
        _row(_("This auditor"), usual.auditor),
        UsualRow(
            _("Halls of this tier"),
            _of(usual.tier_audits),
            _points(usual.tier_milli),
            "",
            "",
        ),
    ]


def usual_of_item(usual: Usual, item_id: str) -> list[tuple[str, str]]:
    """Say how often an item failed: in the hall, with the auditor, in the tier."""
    found = [
        (_("This hall"), *_counts(usual.hall, item_id)),
        (_("This auditor"), *_counts(usual.auditor, item_id)),
        (_("Halls of this tier"), *usual.tier_items.get(item_id, (0, 0))),
    ]
    return [
        (name, _("not met %(failed)s of %(asked)s", failed=failed, asked=asked))
        for name, passed, failed in found
        if (asked := passed + failed)
    ]


def _this(review: Review) -> UsualRow:
    stays = [s.facts.get("seconds") for s in review.signals if s.kind == "stay"]
    score = review.score
    ledger = item_ledger(score) if score else None
    return UsualRow(
        _("This visit"),
        "",
        tenths(ledger.score) if ledger else "",
        _minutes([stay for stay in stays if isinstance(stay, int | float)]),
        str(sum(line.is_failed and line.is_counted for line in score.lines))
        if score
        else "",
    )


def _row(name: str, audits: Sequence[PastAudit]) -> UsualRow:
    if not audits:
        return UsualRow(name, _of(0), "", "", "")
    return UsualRow(
        name,
        _of(len(audits)),
        _points(round(mean(audit.score_milli for audit in audits))),
        _minutes([a.stay_seconds for a in audits if a.stay_seconds is not None]),
        f"{mean(len(audit.failed) for audit in audits):.1f}",
    )


def _of(count: int) -> str:
    if not count:
        return _("none before")
    return ngettext("%(num)s audit", "%(num)s audits", count)


def _points(milli: int | None) -> str:
    return "" if milli is None else tenths(milli_to_tenths(milli))


def _minutes(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    return _("%(minutes)s min", minutes=round(median(seconds) / SECONDS))


def _counts(audits: Sequence[PastAudit], item_id: str) -> tuple[int, int]:
    passed = sum(item_id in audit.passed for audit in audits)
    return passed, sum(item_id in audit.failed for audit in audits)
