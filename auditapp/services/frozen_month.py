"""A ledger on its way into the database: its halls, its totals and its header."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from auditapp.domain.canonical import digest
from auditapp.reads.policies import PolicyInForce
from auditapp.services.months import MonthRun


class FrozenHall(NamedTuple):
    """A hall's document, compressed, and the SHA-256 of its canonical JSON."""

    hall_id: str
    digest: str
    official_digest: str
    packed: bytes


@dataclass(slots=True)
class FrozenMonth:
    """A ledger that is not stored yet, with the run it was made from."""

    run: MonthRun
    policy: PolicyInForce
    before: dict[str, Any]
    halls: list[FrozenHall]
    totals: dict[str, int]


def no_totals() -> dict[str, int]:
    """Return what a ledger counts, all zero."""
    return {"halls": 0, "scored": 0, "ranked": 0, "audits": 0, "responses": 0}


def count_in(totals: dict[str, int], document: dict[str, Any]) -> None:
    """Add a hall's document to the totals."""
    totals["halls"] += 1
    totals["scored"] += document["official"]["milli"] is not None
    totals["ranked"] += document["official"]["is_ranked"]
    for source in document["sources"]:
        is_audited = "taken" in source
        totals["audits"] += len(source["taken"]) if is_audited else 0
        totals["responses"] += source["n"] if "digest" in source else 0


def header_of(frozen: FrozenMonth, number: int, previous: str) -> dict[str, Any]:
    """Return the document that a ledger's digest names."""
    run = frozen.run
    return {
        "schema": 1,
        "month": run.month,
        "number": number,
        "previous": previous,
        "evidence_until": run.started_at.isoformat(),
        "policy": {
            "version": run.policy.version,
            "digest": frozen.policy.digest,
            "document": frozen.policy.document,
        },
        "places": digest(
            [[s.hall.hall_id, s.hall.tier, s.hall.region_id] for s in run.scores]
        ),
        "totals": frozen.totals,
        "before": frozen.before,
        "model": digest(run.model),
        "lines": digest([[hall.hall_id, hall.digest] for hall in frozen.halls]),
    }
