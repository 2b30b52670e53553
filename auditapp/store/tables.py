"""Every table, imported once so that the metadata is whole."""

from auditapp.store import audits, checklists, organisation, people, visits, work
from auditapp.store.base import Base

metadata = Base.metadata

__all__ = [
    "audits",
    "checklists",
    "metadata",
    "organisation",
    "people",
    "visits",
    "work",
]
