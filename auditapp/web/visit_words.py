"""How visits are called and drawn, and who reads lists of them."""

from flask_babel import gettext as _

from auditapp.domain.actor import Role
from auditapp.domain.visit import VisitState

READERS = (
    Role.ADMIN,
    Role.HEADQUARTERS,
    Role.REGION_MANAGER,
    Role.AGENCY_SUPERVISOR,
    Role.HALL_MANAGER,
    Role.INSPECTOR,
)


def kind_name(kind: str) -> str:
    """Return what a kind of visit is called."""
    name: str = _("mystery visit") if kind == "mystery" else _("open inspection")
    return name


def state_name(state: VisitState) -> str:
    """Return what a state is called."""
    names: dict[VisitState, str] = {
        VisitState.PLANNED: _("Planned"),
        VisitState.ASSIGNED: _("Assigned"),
        VisitState.UNDER_WAY: _("Under way"),
        VisitState.SENT: _("Photos still arriving"),
        VisitState.IN_REVIEW: _("Waiting for review"),
        VisitState.RETURNED: _("Returned, awaiting reply"),
        VisitState.ACCEPTED: _("Accepted"),
        VisitState.RELEASED: _("Released"),
        VisitState.REJECTED: _("Rejected"),
    }
    return names[state]


def state_sign(state: VisitState) -> str:
    """Return how a state is drawn."""
    signs = {
        VisitState.IN_REVIEW: "unsure",
        VisitState.RETURNED: "warn",
        VisitState.ACCEPTED: "good",
        VisitState.RELEASED: "good",
        VisitState.REJECTED: "bad",
    }
    return signs.get(state, "")
