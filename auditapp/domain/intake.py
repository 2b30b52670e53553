"""What becomes of an audit document that arrives: the rules of the wire.

Source: design/field.md, "Requests" and "Rules".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self
from uuid import UUID

from auditapp.domain.answer_values import as_list, as_mapping
from auditapp.domain.errors import ConflictError
from auditapp.domain.text import Text
from auditapp.domain.visit import AuditState, VisitState

# the auditor cannot change these any more
ENDED = frozenset({VisitState.ACCEPTED, VisitState.RELEASED, VisitState.REJECTED})
UNREADABLE = "unreadable"  # a photo's condition once a worker has failed to open it
HASH_DIGITS = frozenset("0123456789abcdef")
HASH_LENGTH = 64


class Arrival(Enum):
    """What a document is to a server that holds another one, or the same."""

    NEW = "new"
    KNOWN = "known"
    STALE = "stale"
    OTHER_DEVICE = "other-device"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which photos of a manifest this auditor has sent; the unreadable ones too."""

    received: list[str]
    missing: list[str]
    unreadable: list[str]

    @classmethod
    def of(cls, hashes: Iterable[str], conditions: Mapping[str, str]) -> Self:
        """Sort a manifest by the conditions of those photos that were sent."""
        names = list(hashes)
        return cls(
            received=[name for name in names if name in conditions],
            missing=[name for name in names if name not in conditions],
            unreadable=[name for name in names if conditions.get(name) == UNREADABLE],
        )


@dataclass(frozen=True, slots=True)
class AuditCopy:
    """An audit as the server holds it; ``document`` is what came, byte for byte."""

    audit_id: UUID
    device: str
    revision: int
    state: AuditState
    evidence: Evidence
    receipt: str | None
    document: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """What the server holds of an audit: the latest document and who wrote it."""

    device: str
    revision: int
    digests: frozenset[str]  # of the document and of a draft kept beside it
    is_open: bool  # the auditor may still send another revision


def arrival(held: Held, document: Mapping[str, Any], digest: str) -> Arrival:
    """Tell what a document with this SHA-256 is to what is held."""
    if digest in held.digests:
        return Arrival.KNOWN
    if not held.is_open:
        return Arrival.CLOSED
    if held.device != document["device"] and not _takes_over(held, document):
        return Arrival.OTHER_DEVICE
    return Arrival.NEW if document["revision"] > held.revision else Arrival.STALE


def is_open(
    audit: AuditState, visit: VisitState, *, has_unreadable_photo: bool = False
) -> bool:
    """Tell whether the auditor may still send another revision.

    A complete audit stays open while the server cannot read one of its photos, for the
    auditor may take another.
    """
    if audit is AuditState.CLOSED or visit in ENDED:
        return False
    return audit is not AuditState.COMPLETE or has_unreadable_photo


def manifest(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the photos a document names, by SHA-256, in its order.

    A photo named twice, for two items, is one photo; a name that is no hash is left to
    the check of the document.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for entry in map(as_mapping, as_list(document.get("evidence"))):
        name = entry.get("sha256")
        if is_hash(name):
            found.setdefault(str(name), entry)
    return found


def is_hash(name: object) -> bool:
    """Tell whether something is a SHA-256 in lower-case hexadecimal."""
    return (
        isinstance(name, str)
        and len(name) == HASH_LENGTH
        and HASH_DIGITS.issuperset(name)
    )


def _takes_over(held: Held, document: Mapping[str, Any]) -> bool:
    """A second device says that it takes over: plainly, or from whom."""
    takes_over = document.get("takes_over")
    return takes_over is True or takes_over == held.device


class AuditConflictError(ConflictError):
    """A document cannot be taken in; ``audit_id`` names what stands against it."""

    def __init__(self, audit_id: UUID | None) -> None:
        super().__init__(self.code)
        self.audit_id = audit_id


class StaleRevisionError(AuditConflictError):
    """The server holds a later revision, or another document of the same one."""

    code = "stale-revision"
    text = Text(
        "服务器上的记录更新。请对照后再决定。",
        "The server holds a later version of this audit. Compare them and decide.",
    )


class OtherDeviceError(AuditConflictError):
    """Another phone is writing this audit."""

    code = "other-device"
    text = Text(
        "这次走访正在另一部手机上记录。请选择由哪一部继续。",
        "Another phone is recording this visit. Choose which one goes on.",
    )


class ClosedAuditError(AuditConflictError):
    """The audit is complete or decided; it is changed only after a return."""

    code = "closed"
    text = Text(
        "这份记录已经收齐，不能再改。需要改时请联系审核人退回。",
        "This audit is complete and cannot change. Ask the reviewer to return it.",
    )


CONFLICTS: dict[Arrival, type[AuditConflictError]] = {
    Arrival.STALE: StaleRevisionError,
    Arrival.OTHER_DEVICE: OtherDeviceError,
    Arrival.CLOSED: ClosedAuditError,
}
