"""What the server still holds of what it once signed for."""

from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from auditapp.domain.text import Text
from auditapp.store.audits import AuditRevisionRow, AuditRow, PhotoRow


class Holding(Enum):
    """What became of the audit that a receipt names."""

    WHOLE = "whole"
    REPLACED = "replaced"
    MISSING = "missing"

    @property
    def is_whole(self) -> bool:
        """Tell whether every byte that was signed for is still there."""
        return self is not Holding.MISSING

    @property
    def text(self) -> Text:
        """Return what this means, for a person."""
        return _TEXTS[self]


_TEXTS = {
    Holding.WHOLE: Text(
        "回执有效。记录和照片都完整保存着。",
        "The receipt is genuine; the audit and its photos are stored in full.",
    ),
    Holding.REPLACED: Text(
        "回执有效。这一版和照片都保存着，之后又有了更新的一版。",
        "The receipt is genuine; this version and its photos are stored, and a later"
        " version has followed.",
    ),
    Holding.MISSING: Text(
        "回执是真的，但服务器上找不到全部内容。请立即联系管理员。",
        "The receipt is genuine, but not everything it names is on this server. Please"
        " tell the administrator at once.",
    ),
}


def compare_receipt(session: Session, facts: Mapping[str, Any]) -> Holding:
    """Return what is held of the document and photos that a genuine receipt names."""
    audit_id, names = UUID(facts["id"]), set(facts["evidence"])
    latest = session.scalar(
        select(AuditRow.document_sha256).where(AuditRow.audit_id == audit_id)
    )
    earlier = session.scalars(
        select(AuditRevisionRow.document_sha256).where(
            AuditRevisionRow.audit_id == audit_id
        )
    )
    photos = session.scalar(
        select(func.count()).select_from(PhotoRow).where(PhotoRow.sha256.in_(names))
    )
    if photos == len(names) and facts["document"] == latest:
        return Holding.WHOLE
    if photos == len(names) and facts["document"] in earlier.all():
        return Holding.REPLACED
    return Holding.MISSING
