"""The ways on which a person is told beside the page: mail, a chat's robot, a browser.

Addresses are checked here, so that nothing is ever sent to what only looks like one.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text

LONGEST_EMAIL = 254  # Source: RFC 5321, 4.5.3.1.3
LONGEST_ENDPOINT = 2_000
MOST_BROWSERS = 10  # of one person
GIVES_UP_AFTER = 5  # failures one after another; the person is told on the page
POINT_BYTES, AUTH_BYTES = 65, 16  # Source: RFC 8291, 3.1 and 3.2
UNCOMPRESSED = 4  # how such a point of P-256 begins
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


class WayKind(Enum):
    """One way."""

    EMAIL = "email"
    CHAT = "chat"
    PUSH = "push"


class ChatService(Enum):
    """Whose chat a robot speaks in."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


CHAT_NAMES: Final = {  # by the service's name, as a way is called
    ChatService.WECOM.value: Text("企业微信", "WeCom"),
    ChatService.DINGTALK.value: Text("钉钉", "DingTalk"),
    ChatService.FEISHU.value: Text("飞书", "Feishu"),
}
# the address that each of them shows when a robot is added to a group
_ROBOTS: Final = {
    ChatService.WECOM: re.compile(
        r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([\w-]{8,80})"
    ),
    ChatService.DINGTALK: re.compile(
        r"https://oapi\.dingtalk\.com/robot/send\?access_token=([0-9A-Za-z]{8,100})"
    ),
    ChatService.FEISHU: re.compile(
        r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]{8,80})/?"
    ),
}


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot in a group of the company's chat; who knows the key may speak as it."""

    service: ChatService
    key: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser that shows messages: where to, and the keys they are sealed with.

    Source: W3C Push API, RFC 8291.
    """

    endpoint: str
    p256dh: str
    auth: str


def check_email(written: str) -> str:
    """Return a mail address without the spaces around it.

    Raises:
        InvalidError: No mail can go to it.
    """
    email = written.strip()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise InvalidError([Problem("/email", "no-email", _NO_EMAIL)])
    return email


def parse_robot(written: str) -> Robot:
    """Return the robot that an address belongs to.

    Raises:
        InvalidError: It is not the address of a robot of one of the three chats.
    """
    for service, pattern in _ROBOTS.items():
        if found := pattern.fullmatch(written.strip()):
            return Robot(service, found[1])
    raise InvalidError([Problem("/robot", "no-robot", _NO_ROBOT)])


def parse_subscription(document: object) -> Subscription:
    """Return what a browser's ``PushSubscription.toJSON()`` says.

    Raises:
        InvalidError: It lacks a part, or a key is not of the right kind.
    """
    keys = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(keys, Mapping):
        raise InvalidError([Problem("/", "no-subscription", _NO_SUBSCRIPTION)])
    endpoint = document.get("endpoint")
    point, auth = keys.get("p256dh"), keys.get("auth")
    if (
        not isinstance(endpoint, str)
        or not _is_secure(endpoint)
        or not _is_point(point)
        or len(_bytes(auth)) != AUTH_BYTES
    ):
        raise InvalidError([Problem("/", "no-subscription", _NO_SUBSCRIPTION)])
    return Subscription(endpoint, str(point), str(auth))


def subscription_text(subscription: Subscription) -> str:
    """Return a subscription as one text, to be sealed."""
    return f"{subscription.endpoint}\n{subscription.p256dh}\n{subscription.auth}"


def subscription_of(text: str) -> Subscription:
    """Return what ``subscription_text`` said."""
    return Subscription(*text.split("\n"))


def _is_secure(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        has_host = bool(parts.hostname) and not parts.username
    except ValueError:
        return False
    return parts.scheme == "https" and has_host and len(endpoint) <= LONGEST_ENDPOINT


def _is_point(written: object) -> bool:
    point = _bytes(written)
    return len(point) == POINT_BYTES and point[0] == UNCOMPRESSED


def _bytes(written: object) -> bytes:
    if not isinstance(written, str) or not written.isascii():
        return b""
    try:
        return urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except Base64Error:
        return b""


_NO_EMAIL = Text(
    "请写一个邮箱地址，例如name@example.com。",
    "Write an e-mail address such as name@example.com.",
)
_NO_ROBOT = Text(
    "这不是企业微信、钉钉或飞书的机器人地址。请在群里添加机器人，把它显示的整个网址粘贴过来。",
    "This is no robot's address of WeCom, DingTalk or Feishu. Add a robot to the group"
    " and paste the whole address that it shows.",
)
_NO_SUBSCRIPTION = Text(
    "这个浏览器没有给出可用的推送地址。请重新打开页面再试。",
    "This browser gave no usable address. Open the page again and try once more.",
)
