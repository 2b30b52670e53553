"""Parts of the obstacle pages: the filter, the file's rows, what a person may do."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import request

from auditapp.domain.actor import Actor, Role
from auditapp.domain.obstacle import REPORTERS, ObstacleKind, ObstacleState
from auditapp.extensions import reading
from auditapp.reads.obstacles import SORTS, ObstacleFilter, stream_obstacles
from auditapp.web import obstacle_words
from auditapp.web.addresses import plain
from auditapp.web.frame import in_language, month_name


def wanted_from_request() -> ObstacleFilter:
    """Read the filter; what cannot be meant is left open."""
    states = {each.value: each for each in ObstacleState}
    kinds = {each.value: each for each in ObstacleKind}
    sort = request.args.get("sort", "")
    return ObstacleFilter(
        state=states.get(request.args.get("state", "")),
        owner=plain(request.args.get("owner")),
        kind=kinds.get(request.args.get("kind", "")),
        is_own=request.args.get("own") == "1",
        sort=sort if sort in SORTS else "open",
    )


def query_of(wanted: ObstacleFilter) -> dict[str, str]:
    """Return the filter as it stands in addresses."""
    fields = {
        "state": wanted.state.value if wanted.state else None,
        "owner": wanted.owner,
        "kind": wanted.kind.value if wanted.kind else None,
        "own": "1" if wanted.is_own else None,
        "sort": wanted.sort if wanted.sort != "open" else None,
    }
    return {key: value for key, value in fields.items() if value}


def csv_rows(actor: Actor, wanted: ObstacleFilter) -> Iterator[list[object]]:
    """Yield one row per obstacle, with a session of their own."""
    with reading() as database:
        for line in stream_obstacles(database, actor, wanted, datetime.now(UTC)):
            yield [
                line.subject,
                obstacle_words.kind_name(line.kind),
                line.words,
                line.cost,
                in_language(line.department) if line.department else "",
                month_name(line.month),
                line.halls,
                obstacle_words.state_name(line.state),
                line.due_on.isoformat() if line.due_on else "",
            ]


def allowed(actor: Actor, owner: str | None, state: ObstacleState) -> dict[str, bool]:
    """Return what a person may do with one obstacle."""
    is_headquarters = actor.role is Role.HEADQUARTERS
    is_owner = actor.role is Role.DEPARTMENT and actor.department_id == owner
    is_movable = state in (ObstacleState.OPEN, ObstacleState.ACCEPTED)
    return {
        "may_answer": (is_headquarters or is_owner)
        and is_movable
        and not actor.is_read_only,
        "may_pass_on": is_headquarters and not actor.is_read_only,
        "may_join": actor.role is Role.HALL_MANAGER,
    }


def may_report(actor: Actor) -> bool:
    """Tell whether a person reports obstacles."""
    return actor.role in REPORTERS and not actor.is_read_only
