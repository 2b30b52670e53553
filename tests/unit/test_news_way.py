"""What is, and is not, an address of a chat's robot or a browser."""

import pytest

from auditapp.domain.errors import InvalidError
from auditapp.domain.news_way import (
    ChatService,
    Robot,
    parse_robot,
    parse_subscription,
    subscription_of,
    subscription_text,
)
from push_browser import PushBrowser

ENDPOINT = "https://push.example/send/abc"
GOOD = PushBrowser().subscription(ENDPOINT)


@pytest.mark.parametrize(
    ("address", "robot"),
    [
        (
            " https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7b4c ",
            Robot(ChatService.WECOM, "693a91f6-7b4c"),
        ),
        (
            "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
            Robot(ChatService.DINGTALK, "0123456789abcdef"),
        ),
        (
            "https://open.feishu.cn/open-apis/bot/v2/hook/0123-4567",
            Robot(ChatService.FEISHU, "0123-4567"),
        ),
    ],
)
def test_the_address_that_each_chat_shows_is_understood(address, robot):
    assert parse_robot(address) == robot


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://x.example/cgi-bin/webhook/send?key=693a91f6-7b4c",
        "https://qyapi.weixin.qq.com.x.example/cgi-bin/webhook/send?key=693a91f6-7b4c",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7b4c",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6/../../x",
        "wecombot://693a91f6-7b4c",
    ],
)
def test_nothing_else_is_a_robots_address(address):
    with pytest.raises(InvalidError) as refused:
        parse_robot(address)

    assert refused.value.problems[0].code == "no-robot"


def test_a_subscription_survives_being_kept():
    parsed = parse_subscription(GOOD)

    assert parsed.endpoint == ENDPOINT
    assert subscription_of(subscription_text(parsed)) == parsed


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {**GOOD, "keys": None},
        {**GOOD, "endpoint": "http://push.example/"},
        {**GOOD, "endpoint": "https:///x"},
        {**GOOD, "endpoint": "https://[x/"},
        {**GOOD, "endpoint": ["https://push.example/"]},
        {**GOOD, "endpoint": "https://push.example/" + "x" * 2_000},
        {**GOOD, "keys": {**GOOD["keys"], "p256dh": GOOD["keys"]["auth"]}},
        {**GOOD, "keys": {**GOOD["keys"], "auth": "é"}},
        {**GOOD, "keys": {**GOOD["keys"], "auth": "a\n" + GOOD["keys"]["auth"]}},
        {**GOOD, "keys": {**GOOD["keys"], "auth": 5}},
        {**GOOD, "keys": {**GOOD["keys"], "auth": "a"}},
    ],
)
def test_nothing_else_is_a_subscription(document):
    with pytest.raises(InvalidError) as refused:
        parse_subscription(document)

    assert refused.value.problems[0].code == "no-subscription"
