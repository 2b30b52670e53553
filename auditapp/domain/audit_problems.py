"""Every problem an audit can have, in words that name the thing and the way out.

The phone's own dictionary (``static/js``) uses the same codes.
"""

import re
from collections.abc import Mapping
from typing import Any

from auditapp.domain.errors import Problem
from auditapp.domain.text import Text

_SHOWN_CHARACTERS = 60
_ITEM_ID = re.compile(r"\w{1,60}", re.ASCII)  # safe as it is, and almost every step
AUDIT = Text("这份记录", "this audit")


def problem(
    pointer: str, code: str, name: Text = AUDIT, **facts: str | float
) -> Problem:
    """Return the problem ``code`` about ``name``; ``facts`` fill the sentence."""
    template = TEXTS[code]
    return Problem(
        pointer,
        code,
        Text(
            template.zh.format(name=name.zh, **facts),
            template.en.format(name=name.en, **facts),
        ),
    )


def item_name(item: Mapping[str, Any]) -> Text:
    """Return how sentences call an item: its short name, else its question."""
    name = item.get("short") or item
    return Text(f"“{name['zh']}”", f"“{name['en']}”")


def printable(value: object) -> str:
    """Return text from outside made safe to encode, store and show, and cut short."""
    text = str(value).replace("\0", "?")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    short = text[:_SHOWN_CHARACTERS]
    return short if short == text else short + "…"


def pointer_to(*steps: str | int) -> str:
    """Return the JSON pointer (RFC 6901) to a place in the document."""
    return "".join([f"/{_escaped(step)}" for step in steps])


def _escaped(step: str | int) -> str:
    if isinstance(step, str) and _ITEM_ID.fullmatch(step):
        return step
    return printable(step).replace("~", "~0").replace("/", "~1")


TEXTS: dict[str, Text] = {
    # the document as a whole
    "not-an-object": Text(
        "送来的不是一份检查记录。请在手机上重新发送。",
        "What arrived is not an audit. Please send it again from the phone.",
    ),
    "missing": Text(
        "缺少{name}。请更新手机上的应用后再发送。",
        "The {name} is missing. Please update the app on the phone and send again.",
    ),
    "malformed": Text(
        "{name}的写法不对。请更新手机上的应用后再发送。",
        "The {name} is not written as it should be. Please update the app on the phone"
        " and send again.",
    ),
    "unknown-key": Text(
        "记录里有不认识的内容“{key}”。请更新手机上的应用后再发送。",
        "The audit holds “{key}”, which is unknown here. Please update the app on the"
        " phone and send again.",
    ),
    "unsafe-text": Text(
        "{name}里有无法保存的字符。请删掉后重新输入。",
        "The {name} holds characters that cannot be stored. Please delete them and"
        " type it again.",
    ),
    "unsafe-number": Text(
        "{name}里有大到无法保存的数。请改小。",
        "The {name} holds a number too large to store. Please correct it.",
    ),
    "too-many": Text(
        "{name}最多{limit}个。请删去不需要的。",
        "There may be at most {limit} {name}. Please remove those not needed.",
    ),
    "text-too-long": Text(
        "{name}的文字最多{limit}个字。请写短一些。",
        "The text of {name} may have at most {limit} characters. Please shorten it.",
    ),
    "time-invalid": Text(
        "{name}看不懂。请重新填写时间。",
        "The {name} cannot be read. Please enter it again.",
    ),
    "unknown-today": Text(
        "这份检查表没有“{key}”这个当天情况。请在手机上重新选择当天情况。",
        "This form has no fact of the day called “{key}”. Please choose the facts of"
        " the day again on the phone.",
    ),
    "unknown-outcome": Text(
        "走访结果不在列表里。请重新选择。",
        "The outcome of the visit is not in the list. Please choose again.",
    ),
    # answers
    "unknown-item": Text(
        "检查表里没有项目“{key}”。请删去这条回答。",
        "The form has no item “{key}”. Please remove this answer.",
    ),
    "excluded-item": Text(
        "{name}在本厅不用查。请删去这条回答。",
        "{name} is not asked in this hall. Please remove this answer.",
    ),
    "not-yes-or-no": Text(
        "{name}请选“是”或“否”。", "Please answer {name} with yes or no."
    ),
    "not-on-scale": Text(
        "{name}请选1到5分。", "Please rate {name} with a whole number from 1 to 5."
    ),
    "not-listed": Text(
        "{name}请从列出的选项里选一个。", "Please choose a listed option for {name}."
    ),
    "not-a-number": Text("{name}请填一个数。", "Please enter a number for {name}."),
    "out-of-range": Text(
        "{name}请填{low}到{high}之间的数。",
        "Please enter a number from {low} to {high} for {name}.",
    ),
    "not-a-duration": Text(
        "{name}请填秒数，或选“一直没有”。",
        "Please enter seconds for {name}, or choose “never”.",
    ),
    "duration-out-of-range": Text(
        "{name}请填0到{limit}秒之间的时长。",
        "Please enter from 0 to {limit} seconds for {name}.",
    ),
    "not-text": Text("{name}请写文字。", "Please answer {name} in words."),
    "not-a-sample": Text(
        "{name}要逐人作答，一共{limit}人，每人一个有效答案。",
        "{name} is asked of {limit} people: please give one sound answer for each.",
    ),
    # completeness
    "unanswered": Text(
        "{name}还没有回答。看不到时请选“无法观察”并写明原因。",
        "{name} is not answered yet. If it could not be seen, choose “could not"
        " observe” and give the reason.",
    ),
    "sample-short": Text(
        "{name}还缺{count}人的回答。问不到时请选“无法观察”并写明原因。",
        "{name} still needs answers from {count} more people. If nobody could be"
        " asked, choose “could not observe” and give the reason.",
    ),
    "reason-missing": Text(
        "{name}选了“无法观察”，请写明原因。",
        "{name} could not be observed: please give the reason.",
    ),
    "note-missing": Text(
        "{name}还缺一句说明。请写下看到的事实。",
        "{name} still needs a note. Please write the fact you saw.",
    ),
    "photo-missing": Text(
        "{name}还缺照片。不便拍照时请选“不便拍照”并写明原因。",
        "{name} still needs a photo. If it is not safe to take one, say so and why.",
    ),
    "longer-than-stay": Text(
        "{name}的时长比在厅时间还长。请核对时长或进厅、离厅时间。",
        "{name} lasts longer than the whole stay. Please check it, or the times of"
        " entering and leaving.",
    ),
    "clock-disagrees": Text(
        "{name}与计时不一致。请重新取计时结果，或改为“凭记忆”。",
        "{name} differs from the clock. Please take the clock's time again, or mark"
        " it as recalled.",
    ),
    "marks-out-of-order": Text(
        "{name}早于前面的步骤。请重新标记，或按记忆改正时间。",
        "The mark {name} is earlier than a step before it. Please mark it again, or"
        " correct the time from memory.",
    ),
    "finished-before-started": Text(
        "结束时间早于开始时间。请核对手机时间。",
        "The end is earlier than the start. Please check the phone's clock.",
    ),
    "closed-without-photo": Text(
        "营业厅没有开门时，请拍一张门口照片作为凭证。",
        "When the hall is closed, please take one photo of the front as proof.",
    ),
    # an open inspection
    "recheck-missing": Text(
        "上次的问题{name}还没复查。请选“已改好”“没改好”或“看不出”。",
        "{name}, found last time, has not been looked at again. Please choose fixed,"
        " not fixed or cannot tell.",
    ),
    "correction-needless": Text(
        "{name}没有判为不合格，不用写“当场改正”。请取消。",
        "{name} was not failed, so there is nothing to correct. Please remove the"
        " correction.",
    ),
    "signature-missing": Text(
        "还没有值班经理的{name}。对方不愿签时请选“不愿签字”并写明原因。",
        "The {name} of the hall's manager is missing. If it is refused, say so and"
        " why.",
    ),
    "signature-outdated": Text(
        "{name}以后又改过内容。请让值班经理看过后重新签。",
        "Something was changed after the {name}. Please let the manager look and sign"
        " again.",
    ),
    # the clock
    "unknown-event": Text(
        "{name}不是这份检查表的步骤。请删去这个标记。",
        "The {name} is not a step of this form. Please remove the mark.",
    ),
}
