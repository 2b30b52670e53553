"""What became of the problems that the demonstration's customers told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from auditapp.services.demo.counters import Counter
from auditapp.services.demo.voices import Voice
from auditapp.store.calls import ComplaintRow

COMPLAINING = 5  # an overall rating up to here is worth a complaint
SHARE = 0.7
LATE_SHARE, LONGEST_LATE = 0.12, timedelta(days=20)  # promises that are broken now
PROMISE_DAYS, REPLY_HOURS, CHECK_HOURS = 3, (5, 60), 75
KINDS = {  # where the customer saw the trouble: category, cause, owner
    "front_line": ("service", "front_line", "hall"),
    "process": ("tariff", "process", "marketing"),
    "support": ("network", "support", "network"),
    "facility": ("facility", "support", "facilities"),
}
UNSURE = ("charging", "support", "it")
SEVERE = ("privacy_safety", "process", "security")
REPLIES = (
    "已联系客户道歉，并给员工做了一对一辅导。",
    "费用已核减，短信告知客户明细。",
    "已报修并更换设备，客户到厅复试正常。",
    "已补讲合约条款，客户表示清楚。",
)
WORDS = {
    "service": "员工态度冷淡，问话不理。",
    "tariff": "合约期和费用与当时讲的不一样。",
    "network": "家里信号差，报了两次没人管。",
    "charging": "多扣了费用，说不清原因。",
    "facility": "自助机坏了半个月。",
    "privacy_safety": "没有同意就被开通了业务。",
}


def complain(
    counter: Counter,
    transaction: Mapping[str, Any],
    voice: Voice,
    response_id: UUID,
    at: datetime,
    callback: Mapping[str, Any] | None = None,
) -> None:
    """Let a customer who told a problem have a complaint, as far as it has come."""
    answers, chance = voice.answers, counter.chance
    is_severe = bool(voice.score.alerts)
    is_told = voice.wants_call or answers.get("cb_overall", 10) <= COMPLAINING
    if not (is_severe or is_told) or (not is_severe and chance.random() > SHARE):
        return
    where = answers.get("cb_where") or voice.score.cause or "unsure"
    category, cause, owner = SEVERE if is_severe else KINDS.get(where, UNSURE)
    counter.records.add(
        ComplaintRow,
        complaint_id=counter.new_id(),
        source="callback" if callback else "sms",
        callback_id=callback["callback_id"] if callback else None,
        response_id=response_id,
        hall_id=counter.hall_id,
        customer_id=transaction["customer_id"],
        category=category,
        cause=cause,
        owner=owner,
        words=voice.words or WORDS[category],
        is_severe=is_severe,
        may_contact=answers.get("cb_contact_ok", "yes") == "yes",
        promise_at=at + timedelta(days=1 if is_severe else PROMISE_DAYS),
        created_by=callback["agent_id"] if callback else None,
        created_at=at,
        held_by=None,
        held_until=None,
        **_life(counter, at),
    )


def _life(counter: Counter, at: datetime) -> dict[str, Any]:
    """Return how far a complaint of this instant has come by now."""
    chance = counter.chance
    replied_at = at + timedelta(hours=chance.uniform(*REPLY_HOURS))
    checked_at = replied_at + timedelta(hours=CHECK_HOURS)
    is_late = chance.random() < LATE_SHARE and counter.now - at < LONGEST_LATE
    outcome = chance.choices(("solved", "not_reached"), (9, 1))[0]
    reply = chance.choice(REPLIES)
    life: dict[str, Any] = dict.fromkeys(
        ("reply", "replied_at", "checked_at", "outcome", "closed_at")
    )
    if replied_at > counter.now or is_late:
        return life | {"state": "open", "checks": 0}
    life |= {"reply": reply, "replied_at": replied_at}
    if checked_at > counter.now:
        return life | {"state": "answered", "checks": 0}
    checks = 2 if outcome == "not_reached" else 1
    done = {"checked_at": checked_at, "closed_at": checked_at, "outcome": outcome}
    return life | done | {"state": "closed", "checks": checks}
