"""Which photos a person has sent. Nobody learns from a hash what others hold."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.store.audits import PhotoHolderRow, PhotoRow


def photo_conditions(
    session: Session, person_id: UUID, hashes: Collection[str]
) -> dict[str, str]:
    """Return the condition of each of these photos that this person has sent."""
    if not hashes:
        return {}
    rows = session.execute(
        select(PhotoRow.sha256, PhotoRow.condition)
        .join(PhotoHolderRow, PhotoHolderRow.sha256 == PhotoRow.sha256)
        .where(PhotoHolderRow.person_id == person_id, PhotoRow.sha256.in_(hashes))
    )
    return {row.sha256: row.condition for row in rows}
