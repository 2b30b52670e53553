"""Every table, imported once so that the metadata is whole."""

from auditapp.store import (
    actions,
    appeals,
    audits,
    calls,
    cases,
    checklists,
    customers,
    drills,
    messages,
    months,
    notifications,
    obstacles,
    organisation,
    people,
    profiles,
    redactions,
    responses,
    reviews,
    standards,
    visits,
    work,
)
from auditapp.store.base import Base

metadata = Base.metadata

__all__ = [
    "actions",
    "appeals",
    "audits",
    "calls",
    "cases",
    "checklists",
    "customers",
    "drills",
    "messages",
    "metadata",
    "months",
    "notifications",
    "obstacles",
    "organisation",
    "people",
    "profiles",
    "redactions",
    "responses",
    "reviews",
    "standards",
    "visits",
    "work",
]
