"""Who is acting, and how far they may see."""

from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from auditapp.domain.text import Text


class Role(Enum):
    """What a signed-in person is to the programme."""

    ADMIN = "admin"
    HEADQUARTERS = "headquarters"
    REGION_MANAGER = "region_manager"
    DEPARTMENT = "department"
    HALL_MANAGER = "hall_manager"
    INSPECTOR = "inspector"
    AUDITOR = "auditor"
    AGENCY_SUPERVISOR = "agency_supervisor"
    CALLBACK_AGENT = "callback_agent"


NAMELESS = Text("", "")


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person and the scope that every query of theirs is cut to.

    ``region_ids`` is what a region manager, inspector or auditor works in, ``hall_id``
    a hall manager's own hall. ``code`` is the only name of an auditor that leaves the
    agency.
    """

    person_id: UUID
    login: str
    role: Role
    code: str = ""
    region_ids: frozenset[str] = field(default_factory=frozenset)
    hall_id: str | None = None
    department_id: str | None = None
    agency_id: str | None = None
    is_read_only: bool = False
    locale: str | None = None
    name: Text = NAMELESS

    @property
    def acts_for_headquarters(self) -> bool:
        """Tell whether this is somebody at headquarters who may change things."""
        return self.role is Role.HEADQUARTERS and not self.is_read_only
