"""Publishing the policy of the month, for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.canonical import canonical_json, digest
from auditapp.domain.errors import InvalidError
from auditapp.domain.month import month_of
from auditapp.domain.policy_rules import check_policy
from auditapp.services.checklists import AlreadyPublishedError, MonthBegunError
from auditapp.services.events import record_event
from auditapp.store.months import PolicyVersionRow


def publish_policy(
    session: Session,
    document: Mapping[str, Any],
    *,
    effective_month: str,
    now: datetime,
    even_if_begun: bool = False,
) -> bool:
    """Store a policy for ever; months use it from its first month on.

    Returns False when the very same version was there already.

    Raises:
        InvalidError: The policy is not sound; every problem is named.
        AlreadyPublishedError: The version is there with other content.
        MonthBegunError: The month has begun (``even_if_begun`` is for demonstrations,
            which tell a past).
    """
    problems = check_policy(document)
    if problems:
        raise InvalidError(problems)
    content = canonical_json(document)
    stored = session.scalar(
        select(PolicyVersionRow).where(PolicyVersionRow.version == document["version"])
    )
    if stored is not None:
        if stored.document == content and stored.effective_month == effective_month:
            return False
        raise AlreadyPublishedError
    if effective_month <= month_of(now) and not even_if_begun:
        raise MonthBegunError
    session.add(
        PolicyVersionRow(
            version=document["version"],
            digest=digest(document),
            document=content,
            effective_month=effective_month,
            published_at=now,
        )
    )
    session.flush()
    record_event(
        session,
        "policy.published",
        document["version"],
        now=now,
        effective_month=effective_month,
    )
    return True
