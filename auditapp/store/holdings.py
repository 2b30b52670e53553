"""Which photos a person has sent. Nobody learns from a hash what others hold."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from auditapp.store.audits import PhotoHolderRow, PhotoRow
from auditapp.store.contention import table_of

PHOTOS, HOLDERS = table_of(PhotoRow), table_of(PhotoHolderRow)
CONDITIONS = (
    select(PHOTOS.c.sha256, PHOTOS.c.condition)
    .join(HOLDERS, HOLDERS.c.sha256 == PHOTOS.c.sha256)
    .where(
        HOLDERS.c.person_id == bindparam("person_id"),
        PHOTOS.c.sha256.in_(bindparam("hashes", expanding=True)),
    )
)


def photo_conditions(
    connection: Connection, person_id: UUID, hashes: Collection[str]
) -> dict[str, str]:
    """Return the condition of each of these photos that this person has sent."""
    if not hashes:
        return {}
    wanted = {"person_id": person_id, "hashes": list(hashes)}
    rows = connection.execute(CONDITIONS, wanted)
    return {row.sha256: row.condition for row in rows}
