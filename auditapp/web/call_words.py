"""How calls and complaints are called and drawn."""

from calendar import month_abbr
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from auditapp.domain.callback import CallbackState
from auditapp.domain.complaint import CATEGORIES, ComplaintState
from auditapp.domain.month import local_date
from auditapp.domain.text import Text
from auditapp.web.frame import in_language


def callback_state_name(state: CallbackState) -> str:
    """Return what the state of a call is called."""
    names: dict[CallbackState, str] = {
        CallbackState.WAITING: _("Waiting"),
        CallbackState.IN_CALL: _("In a call"),
        CallbackState.RETRY: _("To be tried again"),
        CallbackState.COMPLETED: _("Completed"),
        CallbackState.REFUSED: _("Refused"),
        CallbackState.UNREACHABLE: _("Not reached"),
        CallbackState.WRONG_NUMBER: _("Wrong number"),
        CallbackState.LET_GO: _("Given up"),
    }
    return names[state]


def complaint_state_name(state: ComplaintState) -> str:
    """Return what the state of a complaint is called."""
    names: dict[ComplaintState, str] = {
        ComplaintState.OPEN: _("Waits for an answer"),
        ComplaintState.ANSWERED: _("Answered; customer to be asked"),
        ComplaintState.CLOSED: _("Closed"),
    }
    return names[state]


def complaint_state_sign(state: ComplaintState, urgency: str) -> str:
    """Return how the state of a complaint is drawn."""
    if state is ComplaintState.CLOSED:
        return "good"
    return {"late": "bad", "soon": "warn"}.get(urgency, "")


def category_name(category: str) -> str:
    """Return what a kind of complaint is called."""
    known = CATEGORIES.get(category)
    return in_language(known.name) if known else category


def cause_name(cause: str | None) -> str:
    """Return what a cause is called."""
    names: dict[str, str] = {
        "front_line": _("Front line"),
        "process": _("Process"),
        "support": _("Support"),
    }
    name: str = names.get(cause or "") or _("not known yet")
    return name


def outcome_name(outcome: str | None) -> str:
    """Return what came of asking the customer."""
    names: dict[str, str] = {
        "solved": _("The customer says it is solved"),
        "not_solved": _("The customer says it is not solved"),
        "not_reached": _("The customer was not reached"),
        "not_asked": _("The customer was not asked"),
    }
    return names.get(outcome or "", "")


def days_long(count: int) -> str:
    """Say a number of days."""
    said: str = ngettext("%(num)s day", "%(num)s days", count)
    return said


def day_text(day: date) -> Text:
    """Return a day in both languages, as a script says it."""
    return Text(f"{day.month}月{day.day}日", f"{day.day} {month_abbr[day.month]}")


def span_text(start: datetime, end: datetime) -> Text:
    """Return how many days there are between two instants, in both languages."""
    count = max((local_date(end) - local_date(start)).days, 1)
    return Text(f"{count}天", "1 day" if count == 1 else f"{count} days")
