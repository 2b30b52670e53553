"""The company's chat: a few lines to a robot of WeCom, DingTalk or Feishu."""

from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from auditapp.domain.news_way import ChatService, Robot

# by class, not by address: looking an address up loads all of the library's services
_SPEAKERS = {
    ChatService.WECOM: lambda key: NotifyWeComBot(key=key),
    ChatService.DINGTALK: lambda key: NotifyDingTalk(token=key),
    ChatService.FEISHU: lambda key: NotifyFeishu(token=key),
}


class ChatError(Exception):
    """The chat did not take it: it is away, or the robot is gone."""


def send_chat(robot: Robot, text: str) -> None:
    """Say something in the group that a robot lives in.

    Raises:
        ChatError: The chat did not take it.
    """
    if not _SPEAKERS[robot.service](robot.key).notify(body=text):
        raise ChatError(robot.service.value)
