"""What pages say of a hall's weakest ability, its drill and its practices."""

from typing import Any

from auditapp.domain.drill import AbilityGap, Drill
from auditapp.domain.rounding import milli_to_tenths
from auditapp.gateways.drill_files import load_drills
from auditapp.reads.drills import AbilityView, PracticeSeen
from auditapp.web.frame import in_language, tenths
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _


def drill_of(gap: AbilityGap | None) -> Drill | None:
    """Return the drill for the weakest ability."""
    return load_drills().get(gap.skill) if gap else None


def drill_parts(view: AbilityView) -> dict[str, Any]:
    """Return what the month's page shows of abilities."""
    gap = view.weakest
    return {
        "drill": drill_of(gap),
        "drill_why": why_text(gap) if gap else "",
        "practices": [practice_text(each) for each in view.practices],
    }


def why_text(gap: AbilityGap) -> str:
    """Say how the ability compares with halls of the same tier."""
    compared = _(
        "%(own)s of 100 in %(months)s of the last three months, halls of the same tier"
        " %(peers)s.",
        own=points(gap.own_milli),
        months=gap.months,
        peers=points(gap.peers_milli),
    )
    if gap.is_clear:
        return compared
    unclear = _("So small a difference can be chance; the drill does no harm.")
    return f"{compared} {unclear}"


def practice_text(practice: PracticeSeen) -> tuple[str, str]:
    """Say of a practice what it was for, and how the ability went on."""
    drill = load_drills().get(practice.skill)
    name = in_language(drill.ability) if drill else practice.skill
    if practice.before_milli is None or practice.after_milli is None:
        seen = _("no month after it yet to compare")
    else:
        seen = ngettext(
            "before %(before)s, in the month after %(after)s; one hall alone proves"
            " little",
            "before %(before)s, in the %(num)s months after %(after)s; one hall alone"
            " proves little",
            practice.months_after,
            before=points(practice.before_milli),
            after=points(practice.after_milli),
        )
    return f"{practice.practised_on.isoformat()} {name}", seen


def points(milli: float) -> str:
    """Say milli-points as points with one decimal."""
    return tenths(milli_to_tenths(round(milli)))
