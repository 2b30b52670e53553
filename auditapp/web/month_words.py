"""How a month's sources, states, flags and groupings are called on pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditapp.domain.breakdown import CAP
from auditapp.domain.month_ledger import ANCHOR_ITEM, CLOSED_ITEM, REST_ITEM
from auditapp.domain.policy import Policy
from auditapp.domain.rounding import MILLI_PER_POINT, milli_to_tenths
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.hall_month_parts import HallMonth
from auditapp.reads.month_names import MonthNames
from auditapp.web.frame import in_language, month_name, tenths
from auditapp.web.month_ledger import NO_ITEMS
from auditapp.web.texts import plural as ngettext
from auditapp.web.texts import text as _

MILLI_PER_HALF_POINT = 500
VAGUE_MILLI = 10 * MILLI_PER_POINT  # a wider half-width says words, not a number
NARROW_MILLI = 2 * MILLI_PER_POINT  # a narrower range deserves a decimal


def source_name(source: str) -> str:
    """Return what one of the four sources is called."""
    names = {
        "mystery": _("Mystery visits"),
        "open_inspection": _("Open inspection"),
        "callback": _("Callback"),
        "sms": _("Text feedback"),
    }
    return names.get(source, source)


def state_name(state: str) -> str:
    """Return what a month's state is called."""
    names = {
        "open": _("In progress"),
        "collecting": _("Collecting"),
        "closed": _("Books closed"),
    }
    return names.get(state, state)


def status_name(status: str) -> str:
    """Return what the completeness of a score is called."""
    names = {
        "full": _("All sources"),
        "partial": _("Part of the sources"),
        "insufficient": _("Too little evidence"),
    }
    return names.get(status, status)


def dimension_name(dimension: str) -> str:
    """Return what a grouping of lost points is called."""
    names = {
        "owner": _("Owner"),
        "source": _("Source"),
        "section": _("Section"),
        "item": _("Item"),
        "quality": _("Hard and soft"),
        "group": _("Group"),
        "rater": _("RATER"),
        "stage": _("Stage"),
        "skill": _("Ability"),
        "cause": _("Cause"),
    }
    return names[dimension]


def cause_name(cause: str) -> str:
    """Return what a cause is called in short."""
    names = {
        "front_line": _("Front line"),
        "process": _("Process"),
        "support": _("Support"),
    }
    return names.get(cause, _("Not assigned"))


def step_name(key: str) -> str:
    """Return what a step of the bridge is called."""
    names = {
        "official": _("Official score"),
        "severity": _("Strict or lenient auditors"),
        "bias": _("Inspection and text polish"),
        "cap": _("Caps shared out"),
        "missing": _("Missing sources"),
        "history": _("Reliability and history"),
        "adjusted": _("Adjusted score"),
    }
    return names[key]


def evidence_text(source: str, facts: Mapping[str, Any], month: str) -> str:
    """Say from how much a source was made, and from which month when another."""
    count = int(facts.get("n") or 0)
    if source in ("mystery", "open_inspection"):
        text = ngettext("%(num)s visit", "%(num)s visits", count)
        others = {each.get("month", month) for each in facts.get("taken", ())} - {month}
        return joined([text, *(month_name(each) for each in sorted(others))])
    if source == "callback":
        return ngettext("%(num)s call", "%(num)s calls", count)
    return ngettext("%(num)s reply", "%(num)s replies", count)


def missing_text(source: str, facts: Mapping[str, Any], policy: Policy) -> str:
    """Say why a source does not count, with the way out where there is one."""
    least = policy.sources[source].min_n
    if facts.get("missing") == "too_few":
        return _(
            "%(have)s, at least %(least)s needed",
            have=evidence_text(source, facts, ""),
            least=least,
        )
    texts = {
        "mystery": _("no visit accepted this month"),
        "open_inspection": _("none valid any more"),
        "callback": _("nobody was called"),
        "sms": _("no replies"),
    }
    return texts.get(source, _("no data"))


def group_name(dimension: str, key: str, names: MonthNames) -> str:
    """Return what a group of lost points is called."""
    if key in NO_ITEMS:
        return item_name(key, names)
    if dimension == "source":
        return source_name(key)
    if dimension == "item":
        return _("Every item")
    if dimension == "section":
        source, _space, section = key.partition(" ")
        found = names.sections.get((source, section))
        return in_language(found) if found else _("Not assigned")
    if dimension == "cause":
        return cause_name(key)
    return tag_name(dimension, key, names.vocabulary)


def tag_name(dimension: str, key: str, words: Vocabulary | None) -> str:
    """Return what a tag is called in the vocabulary in force."""
    if words is None:
        return key or _("Not assigned")
    known = words.stages if dimension == "stage" else words.tags.get(dimension, {})
    return in_language(known[key].name) if key in known else _("Not assigned")


def item_name(item: str, names: MonthNames) -> str:
    """Return an item's sentence; its id when no checklist knows it."""
    special = {
        CAP: _("Cap for failed critical items"),
        CLOSED_ITEM: _("The hall was shut in its posted hours"),
        ANCHOR_ITEM: _("Missing sources, taken at the tier's mean"),
        REST_ITEM: _("Answers without single questions"),
    }
    if item in special:
        return special[item]
    return in_language(names.items[item]) if item in names.items else item


def business_name(business: str | None, vocabulary: Vocabulary | None) -> str:
    """Return what a kind of business is called."""
    if business is None:
        return _("not told")
    known = vocabulary.scenarios.get(business) if vocabulary else None
    return in_language(known.name) if known else business


def peers_name(hall: HallMonth, vocabulary: Vocabulary | None) -> str:
    """Return whom a hall is compared with: 北部大区标准厅, all halls."""
    kind = hall.peers.kind if hall.peers else "all"
    if kind == "all" or vocabulary is None:
        return _("all halls")
    known = vocabulary.tiers.get(hall.tier)
    tier = in_language(known.name) if known else hall.tier
    if kind == "tier":
        return _("all of tier “%(tier)s”", tier=tier)
    return _("%(region)s, %(tier)s", region=in_language(hall.region), tier=tier)


def peers_text(hall: HallMonth, vocabulary: Vocabulary | None) -> str:
    """Say what the short ticks under a score are."""
    if hall.peers is None:
        return _("There are too few halls to compare with.")
    return _(
        "Short ticks: %(count)s other halls (%(peers)s), mean %(mean)s.",
        count=hall.peers.halls,
        peers=peers_name(hall, vocabulary),
        mean=short_points(hall.peers.milli),
    )


def whole_points(milli: int) -> str:
    """Say a score in whole points, a half up."""
    return str((milli + MILLI_PER_HALF_POINT) // MILLI_PER_POINT)


def range_text(low_milli: int, high_milli: int) -> str:
    """Say a range, in whole points unless it is narrower than two: 71–81."""
    say = short_points if high_milli - low_milli < NARROW_MILLI else whole_points
    return f"{say(low_milli)}–{say(high_milli)}"


def adjusted_text(milli: int, low_milli: int, high_milli: int) -> str:
    """Say an adjusted score in whole points, with a decimal when it is that sure."""
    if high_milli - low_milli < NARROW_MILLI:
        return tenths(milli_to_tenths(milli))
    return whole_points(milli)


def reliability_text(reliability: Mapping[str, int]) -> str:
    """Say how much single pieces of evidence counted, in percent."""
    names = {
        "visit_facilities": _("facilities in the visit"),
        "visit_service": _("service in the visit"),
        "inspection_facilities": _("facilities in the inspection"),
        "inspection_service": _("service in the inspection"),
        "callback": _("calls"),
        "feedback": _("text feedback"),
    }
    said = [
        f"{names[key]} {percent}%"
        for key, percent in reliability.items()
        if key in names
    ]
    return _("Counted this month: %(parts)s", parts=joined(said)) if said else ""


def change_texts(change: Mapping[str, Any] | None) -> list[str]:
    """Say how far a hall moved since one and six months before, and if by chance."""
    last, six = (change["last"], change["six"]) if change else (None, None)
    said = [_change_text(last, _("the month before"))] if last else []
    return [*said, _change_text(six, month_name(six["month"]))] if six else said


def _change_text(change: Mapping[str, Any], then: str) -> str:
    moved = milli_to_tenths(change["milli"])
    if not change["is_alarm"]:
        return _(
            "%(points)s on %(then)s, within chance.", points=signed(moved), then=then
        )
    facts = {
        "points": tenths(abs(moved)),
        "then": then,
        "peers": signed(milli_to_tenths(change["peer_milli"])),
    }
    if moved > 0:
        return _(
            "Up %(points)s on %(then)s, more than chance; peers %(peers)s.", **facts
        )
    return _("Down %(points)s on %(then)s, more than chance; peers %(peers)s.", **facts)


def signed(moved_tenths: int) -> str:
    """Say a movement in tenths with its sign: +1.2, −0.4, 0.0."""
    return ("+" if moved_tenths > 0 else "") + tenths(moved_tenths)


def short_points(milli: int) -> str:
    """Say points with as few digits as they need: 30, 29.5."""
    said = tenths(milli_to_tenths(milli))
    return said.removesuffix(".0")


def thousandths(milli: int) -> str:
    """Say milli-points with three decimals: 1.234, −0.500."""
    sign = "−" if milli < 0 else ""
    return f"{sign}{abs(milli) // MILLI_PER_POINT}.{abs(milli) % MILLI_PER_POINT:03}"


def joined(words: Iterable[str]) -> str:
    """Join words of a list in the language of the page."""
    return _(", ").join(words)
