"""How far each person may see. Every select about visits is cut by one of these.

What lies outside is answered exactly as if it did not exist (see ``NotFoundError``).
"""

from sqlalchemy import ColumnElement, Select, exists, false, select, true

from auditapp.domain.actor import Actor, Role
from auditapp.domain.inspection import KIND
from auditapp.domain.visit import VisitState
from auditapp.store.actions import ActionRow
from auditapp.store.calls import ComplaintRow
from auditapp.store.organisation import CityRow, HallRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow


def audits_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return which visits' audits, photos and reports a person may open.

    A hall and its manager never: photos may show faces and who took them.
    """
    match actor.role:
        case Role.HEADQUARTERS | Role.ADMIN:
            return true()
        case Role.REGION_MANAGER:
            return VisitRow.region_id.in_(sorted(actor.region_ids))
        case Role.AGENCY_SUPERVISOR if actor.agency_id:
            own = select(PersonRow.person_id).where(
                PersonRow.agency_id == actor.agency_id
            )
            return VisitRow.auditor_id.in_(own)
        case Role.AUDITOR | Role.INSPECTOR:
            return VisitRow.auditor_id == actor.person_id
        case _:
            return false()


def copies_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return which visits' audits a person may read or have a copy of.

    Of an open inspection the hall that was inspected has one: it was there.
    """
    if actor.role is Role.HALL_MANAGER:
        return _inspections_of(actor)
    return audits_open_to(actor)


def _inspections_of(actor: Actor) -> ColumnElement[bool]:
    counted = (VisitState.ACCEPTED.value, VisitState.RELEASED.value)
    return (
        (VisitRow.hall_id == actor.hall_id)
        & (VisitRow.kind == KIND)
        & VisitRow.state.in_(counted)
    )


def visits_listed_for(actor: Actor) -> ColumnElement[bool]:
    """Return which visits a person finds in lists, with their scores.

    An auditor learns nothing about a hall's history, an inspector finds the own
    inspections, and a hall manager only what was released about the own hall.
    """
    match actor.role:
        case Role.HALL_MANAGER:
            released = (VisitRow.hall_id == actor.hall_id) & (
                VisitRow.state == VisitState.RELEASED.value
            )
            return released | _inspections_of(actor)
        case Role.AUDITOR:
            return false()
        case _:
            return audits_open_to(actor)


def complaints_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return which complaints a person finds; none of them shows a customer.

    Agents ask any customer whether a promise was kept; a department sees its own.
    """
    match actor.role:
        case Role.HEADQUARTERS | Role.ADMIN | Role.CALLBACK_AGENT:
            return true()
        case Role.REGION_MANAGER:
            return ComplaintRow.hall_id.in_(_halls_of(actor))
        case Role.HALL_MANAGER:
            return ComplaintRow.hall_id == actor.hall_id
        case Role.DEPARTMENT if actor.department_id:
            return ComplaintRow.owner == actor.department_id
        case _:
            return false()


def actions_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return which corrective actions a person finds.

    A hall reads what concerns it once it may know; a department what it owns.
    """
    match actor.role:
        case Role.HEADQUARTERS | Role.ADMIN:
            return true()
        case Role.REGION_MANAGER:
            return ActionRow.hall_id.in_(_halls_of(actor))
        case Role.HALL_MANAGER if actor.hall_id:
            is_shown = ActionRow.shown_at.is_not(None)
            return (ActionRow.hall_id == actor.hall_id) & is_shown
        case Role.DEPARTMENT if actor.department_id:
            is_given = ActionRow.given_at.is_not(None)
            return (ActionRow.owner == actor.department_id) & is_given
        case _:
            return false()


def _halls_of(actor: Actor) -> Select[str]:
    cities = select(CityRow.city_id).where(
        CityRow.region_id.in_(sorted(actor.region_ids))
    )
    return select(HallRow.hall_id).where(HallRow.city_id.in_(cities))


def halls_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return which halls a person finds; selects must join the hall's city."""
    match actor.role:
        case Role.HEADQUARTERS | Role.ADMIN:
            return true()
        case Role.REGION_MANAGER | Role.INSPECTOR:
            return CityRow.region_id.in_(sorted(actor.region_ids))
        case Role.HALL_MANAGER:
            return HallRow.hall_id == actor.hall_id
        case Role.AGENCY_SUPERVISOR:
            return exists().where(
                VisitRow.hall_id == HallRow.hall_id, audits_open_to(actor)
            )
        case _:
            return false()


def months_open_to(actor: Actor) -> ColumnElement[bool]:
    """Return whose months a person may read; selects must join the hall's city.

    A hall's manager reads closed months only: whoever asks sees to that.
    """
    match actor.role:
        case Role.HEADQUARTERS | Role.ADMIN:
            return true()
        case Role.REGION_MANAGER:
            return CityRow.region_id.in_(sorted(actor.region_ids))
        case Role.HALL_MANAGER if actor.hall_id:
            return HallRow.hall_id == actor.hall_id
        case _:
            return false()
