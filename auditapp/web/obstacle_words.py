"""What the pages of obstacles call things."""

from auditapp.domain.actor import Role
from auditapp.domain.obstacle import ObstacleKind, ObstacleState
from auditapp.web.frame import role_name
from auditapp.web.texts import text as _


def kind_name(kind: ObstacleKind) -> str:
    """Say what stands in the way."""
    return {
        ObstacleKind.RULE: _("A rule"),
        ObstacleKind.SYSTEM: _("A system"),
    }[kind]


def state_name(state: ObstacleState) -> str:
    """Say how an obstacle stands."""
    return {
        ObstacleState.OPEN: _("Waits for an answer"),
        ObstacleState.ACCEPTED: _("To be removed"),
        ObstacleState.EXPLAINED: _("Explained"),
        ObstacleState.DECLINED: _("Declined"),
    }[state]


def state_sign(state: ObstacleState) -> str:
    """Return the sign of a state."""
    return {
        ObstacleState.OPEN: "unsure",
        ObstacleState.ACCEPTED: "good",
        ObstacleState.EXPLAINED: "",
        ObstacleState.DECLINED: "bad",
    }[state]


def reporter_name(role: str) -> str:
    """Say what kind of person reported it."""
    return role_name(Role(role))
