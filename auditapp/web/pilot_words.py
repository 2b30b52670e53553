"""How a trial's result is said: no more than the range allows."""

from fractions import Fraction

from auditapp.domain.pilot import Measure, PilotState
from auditapp.domain.rounding import MILLI_PER_POINT, round_half_up
from auditapp.estimation.pilot import PilotEffect
from auditapp.web.frame import round_score, tenths
from auditapp.web.month_words import source_name
from auditapp.web.texts import text as _

SOURCES = {
    Measure.VISIT: "mystery",
    Measure.INSPECTION: "open_inspection",
    Measure.CALLBACK: "callback",
    Measure.FEEDBACK: "sms",
}


def measure_name(measure: Measure) -> str:
    """Return what a measure is called."""
    source = SOURCES.get(measure)
    return source_name(source) if source else _("Official score")


def state_name(state: PilotState) -> str:
    """Return what a trial's state is called."""
    names = {
        PilotState.RUNNING: _("on trial"),
        PilotState.ADOPTED: _("taken over by all halls"),
        PilotState.DROPPED: _("given up"),
    }
    return names[state]


def state_sign(state: PilotState) -> str:
    """Return the sign that goes with a state."""
    signs = {PilotState.RUNNING: "warn", PilotState.ADOPTED: "good"}
    return signs.get(state, "na")


def points(milli: float) -> str:
    """Say a difference in points, to one decimal, with its sign."""
    value = round_half_up(Fraction(milli) * 10 / MILLI_PER_POINT)
    return f"+{tenths(value)}" if value > 0 else tenths(value)


def size(milli: float) -> str:
    """Say how far apart two scores are, to one decimal."""
    return tenths(abs(round_half_up(Fraction(milli) * 10 / MILLI_PER_POINT)))


def level(milli: int | None) -> str:
    """Say a score, to one decimal; a dash where there is none."""
    return "–" if milli is None else round_score(Fraction(milli, MILLI_PER_POINT))


def verdict(effect: PilotEffect | None) -> tuple[str, str]:
    """Return a sign and the sentence that the numbers allow."""
    if effect is None:
        return "na", _("Nothing to compare yet: no month of the trial is over.")
    said = {"change": points(effect.effect)}
    if effect.low is None or effect.high is None:
        text = _("%(change)s points, from too few halls to say how sure.", **said)
        return "unsure", text
    said |= {"low": points(effect.low), "high": points(effect.high)}
    if effect.low > 0:
        text = _("Better: %(change)s points, likely %(low)s to %(high)s.", **said)
        return "good", text
    if effect.high < 0:
        text = _("Worse: %(change)s points, likely %(low)s to %(high)s.", **said)
        return "bad", text
    text = _(
        "Cannot tell: %(change)s points, but %(low)s to %(high)s fits too.", **said
    )
    return "unsure", text
