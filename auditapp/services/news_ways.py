"""Choosing how one is told beside the page: by mail, the chat, or a browser."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.errors import InvalidError, NotFoundError, Problem
from auditapp.domain.news_way import (
    MOST_BROWSERS,
    Subscription,
    WayKind,
    check_email,
    parse_robot,
    subscription_text,
)
from auditapp.domain.notification import NewsGroup
from auditapp.domain.text import Text
from auditapp.gateways.vault import Vault
from auditapp.services.jobs import request_job
from auditapp.store.notifications import NewsSendingRow, NewsWayRow

LONGEST_NAME = 80
GREET = "news.greet"


def choose_email(
    session: Session, actor: Actor, email: str, groups: Collection[str]
) -> None:
    """Keep where and of what a person is told by e-mail; no group is no mail.

    Raises:
        InvalidError: There is no such group, or no mail can go to that address.
    """
    _check_groups(groups)
    if not groups:
        _forget(session, actor, WayKind.EMAIL)
        return
    address = check_email(email)
    row = _only(session, actor, WayKind.EMAIL)
    _address(row, address, sha256(address.encode()).hexdigest(), address)
    row.groups = sorted(groups)


def choose_robot(
    session: Session,
    vault: Vault,
    actor: Actor,
    written: str,
    groups: Collection[str],
    *,
    now: datetime,
) -> None:
    """Keep of what a person is told in a group of the chat; no group is nothing.

    Nothing written is the robot that was chosen before. A new one says hello: two of
    the three chats answer 200 to what they do not show.

    Raises:
        InvalidError: There is no such group, or that is no robot's address.
    """
    _check_groups(groups)
    if not groups:
        _forget(session, actor, WayKind.CHAT)
        return
    address = written.strip()
    row = _only(session, actor, WayKind.CHAT)
    row.groups = sorted(groups)
    if address or not row.address:
        robot = parse_robot(address)
        found = vault.hash_of(address)
        _address(row, vault.seal_text(address), found, robot.service.value)
        session.flush()
        said = {"locale": actor.locale or "zh_CN"}
        request_job(session, GREET, str(row.way_id), now=now, payload=said)


def find_address(session: Session, way_id: UUID) -> str | None:
    """Return where a way leads, sealed as it is kept; None when it was removed."""
    row = session.get(NewsWayRow, way_id)
    return row.address if row else None


def add_browser(
    session: Session,
    vault: Vault,
    actor: Actor,
    subscription: Subscription,
    *,
    name: str,
    groups: Collection[str],
) -> None:
    """Tell a person in this browser too; the same one again changes its choice.

    Raises:
        InvalidError: There is no such group, none at all, or too many browsers.
    """
    _check_groups(groups)
    if not groups:
        raise InvalidError([Problem("/groups", "no-group", _NO_CHOICE)])
    found = vault.hash_of(subscription.endpoint)
    mine = NewsWayRow.person_id == actor.person_id
    row = session.scalar(
        select(NewsWayRow).where(mine, NewsWayRow.address_hash == found)
    )
    if row is None:
        is_browser = NewsWayRow.kind == WayKind.PUSH.value
        count = session.scalar(select(func.count()).where(mine, is_browser)) or 0
        if count >= MOST_BROWSERS:
            raise InvalidError([Problem("/", "too-many-browsers", _TOO_MANY)])
        row = _new(session, actor, WayKind.PUSH)
    sealed = vault.seal_text(subscription_text(subscription))
    _address(row, sealed, found, name[:LONGEST_NAME])
    row.groups = sorted(groups)


def forget_way(session: Session, actor: Actor, way_id: UUID) -> None:
    """Tell a person no longer on one way.

    Raises:
        NotFoundError: There is no such way, or it is somebody else's.
    """
    row = session.get(NewsWayRow, way_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFoundError
    drop_ways(session, [way_id])


def drop_ways(session: Session, way_ids: Collection[UUID]) -> None:
    """Forget ways, and what waited to go there; it stays on the page."""
    waiting = NewsSendingRow.way_id.in_(way_ids)
    session.execute(delete(NewsSendingRow).where(waiting))
    session.execute(delete(NewsWayRow).where(NewsWayRow.way_id.in_(way_ids)))


def _check_groups(groups: Collection[str]) -> None:
    if not set(groups) <= {group.value for group in NewsGroup}:
        raise InvalidError([Problem("/groups", "unknown-group", _NO_GROUP)])


def _of_kind(session: Session, actor: Actor, kind: WayKind) -> list[NewsWayRow]:
    return list(
        session.scalars(
            select(NewsWayRow).where(
                NewsWayRow.person_id == actor.person_id,
                NewsWayRow.kind == kind.value,
            )
        )
    )


def _only(session: Session, actor: Actor, kind: WayKind) -> NewsWayRow:
    """Return the one way of a kind, made when there is none."""
    found = _of_kind(session, actor, kind)
    return found[0] if found else _new(session, actor, kind)


def _new(session: Session, actor: Actor, kind: WayKind) -> NewsWayRow:
    row = NewsWayRow(person_id=actor.person_id, kind=kind.value, address="")
    session.add(row)
    return row


def _address(row: NewsWayRow, address: str, found: str, name: str) -> None:
    row.address, row.address_hash, row.name, row.failures = address, found, name, 0


def _forget(session: Session, actor: Actor, kind: WayKind) -> None:
    found = _of_kind(session, actor, kind)
    drop_ways(session, [row.way_id for row in found])


_NO_GROUP = Text("没有这一类通知。", "There is no such kind of notification.")
_NO_CHOICE = Text(
    "请至少勾选一类要接收的通知。",
    "Tick at least one kind of what you want to be told.",
)
_TOO_MANY = Text(
    f"最多可以在{MOST_BROWSERS}个浏览器里接收。请先删除不用的。",
    f"At most {MOST_BROWSERS} browsers can be told. Remove one that you no longer use.",
)
