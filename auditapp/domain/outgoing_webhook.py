"""What other programs are told of, how often it is tried, and why it did not arrive.

Source: Standard Webhooks specification 1.0. Nothing told here names an auditor, a
customer, or a visit that is not released.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text

LONGEST_URL, LONGEST_NAME = 500, 80
MOST_ENDPOINTS = 20
# before each next try; Source: Standard Webhooks 1.0, "Retry schedule"
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
GIVES_UP_AFTER = timedelta(days=5)  # of nothing but failures
OLD_SECRET_HOLDS = timedelta(hours=24)
KEPT = timedelta(days=60)  # how long the log goes back
GONE = 410  # the receiver wants no more
Data = Mapping[str, Any]


class WebhookType(Enum):
    """What happened, as other programs are told."""

    MONTH_RELEASED = "month.released"
    MONTH_CLOSED = "month.closed"
    MONTH_REOPENED = "month.reopened"
    ACTION_GIVEN = "action.given"
    ACTION_LATE = "action.late"
    ACTION_APPROVED = "action.approved"
    APPEAL_LODGED = "appeal.lodged"
    APPEAL_DECIDED = "appeal.decided"
    COMPLAINT_CHANGED = "complaint.changed"
    STANDARD_PUBLISHED = "standard.published"
    CARD_PUBLISHED = "work_card.published"


TYPE_NAMES = {
    WebhookType.MONTH_RELEASED: Text("月度结果已发布", "A month is released"),
    WebhookType.MONTH_CLOSED: Text("月度已关账", "A month's books are closed"),
    WebhookType.MONTH_REOPENED: Text("月度已重开", "A month is opened again"),
    WebhookType.ACTION_GIVEN: Text("下达整改", "An action is given"),
    WebhookType.ACTION_LATE: Text("整改逾期", "An action is late"),
    WebhookType.ACTION_APPROVED: Text("整改已认可", "An action is approved"),
    WebhookType.APPEAL_LODGED: Text("提出申诉", "An appeal is lodged"),
    WebhookType.APPEAL_DECIDED: Text("申诉有结果", "An appeal is decided"),
    WebhookType.COMPLAINT_CHANGED: Text("投诉有进展", "A complaint moves on"),
    WebhookType.STANDARD_PUBLISHED: Text("发布标准", "A standard is published"),
    WebhookType.CARD_PUBLISHED: Text("发布作业卡", "A work card is published"),
}


class DeliveryState(Enum):
    """How far one message is on its way to one receiver."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


STATE_NAMES = {
    DeliveryState.WAITING: Text("等待重试", "to be tried"),
    DeliveryState.DELIVERED: Text("已送达", "delivered"),
    DeliveryState.FAILED: Text("未送达", "not delivered"),
}


class DeliveryFault(Enum):
    """Why nobody answered."""

    NO_ADDRESS = "no-address"
    NO_SUCH_HOST = "no-such-host"
    PRIVATE_ADDRESS = "private-address"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    BROKEN_OFF = "broken-off"
    KEY_CHANGED = "key-changed"


FAULT_NAMES = {
    DeliveryFault.NO_ADDRESS: Text(
        "网址必须以https://开头，不能带用户名", "the address has to begin with https://"
    ),
    DeliveryFault.NO_SUCH_HOST: Text("找不到这个域名", "no such host"),
    DeliveryFault.PRIVATE_ADDRESS: Text(
        "内网地址，未获允许（OUTWARD_NETWORKS）",
        "a private address that is not allowed (OUTWARD_NETWORKS)",
    ),
    DeliveryFault.REFUSED: Text("连接被拒绝", "the connection was refused"),
    DeliveryFault.TIMEOUT: Text("超时无应答", "no answer in time"),
    DeliveryFault.TLS: Text("证书或加密有问题", "its certificate does not hold"),
    DeliveryFault.BROKEN_OFF: Text("连接中断", "the connection broke off"),
    DeliveryFault.KEY_CHANGED: Text(
        "密钥打不开（SECRET_KEY换过）：请更换密钥",
        "its secret cannot be opened (SECRET_KEY changed): make a new secret",
    ),
}


def check_endpoint(name: str, types: set[str]) -> None:
    """Make sure that a receiver has a name and is told of something.

    Raises:
        InvalidError: It has not, or there is no such type.
    """
    problems = []
    if not name.strip():
        problems.append(Problem("/name", "no-name", _NO_NAME))
    if not types or not types <= {each.value for each in WebhookType}:
        problems.append(Problem("/types", "no-type", _NO_TYPE))
    if problems:
        raise InvalidError(problems)


def is_taken(status: int | None) -> bool:
    """Tell whether an answer means that a message was taken."""
    return status is not None and 200 <= status < 300  # noqa: PLR2004 (2xx)


def next_try(tries: int, now: datetime) -> datetime | None:
    """Return when to try again after so many tries; None: it is given up."""
    return now + DELAYS[tries - 1] if tries <= len(DELAYS) else None


_NO_NAME = Text(
    "请写接收方的名字，例如“数据平台”。", "Name the receiver, such as “Data platform”."
)
_NO_TYPE = Text("请至少勾选一类事件。", "Tick at least one kind of event.")
