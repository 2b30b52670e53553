"""The policy that a month is made by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.canonical import digest
from auditapp.domain.policy import Policy, read_policy
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.store.months import PolicyVersionRow

SHIPPED_POLICY = CHECKLIST_DIR / "_monthly_score.yaml"


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A policy and the SHA-256 of its document; ``since`` is None for the shipped."""

    policy: Policy
    document: Mapping[str, Any]
    digest: str
    since: str | None


def get_policy_in_force(session: Session, month: str) -> PolicyInForce:
    """Return the policy of a month: the last one published for it or for earlier.

    Where none was ever published, the shipped file holds.
    """
    row = session.execute(
        select(
            PolicyVersionRow.document,
            PolicyVersionRow.digest,
            PolicyVersionRow.effective_month,
        )
        .where(PolicyVersionRow.effective_month <= month)
        .order_by(
            PolicyVersionRow.effective_month.desc(),
            PolicyVersionRow.published_at.desc(),
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        return shipped_policy()
    document = json.loads(row.document)
    return PolicyInForce(
        read_policy(document), document, row.digest, row.effective_month
    )


@cache
def shipped_policy() -> PolicyInForce:
    """Return the policy that holds where none was ever published."""
    document = load_yaml(SHIPPED_POLICY).document
    return PolicyInForce(read_policy(document), document, digest(document), None)
