"""The signals of one audit, and the sentences that tell them to the reviewer."""

from collections.abc import Mapping
from typing import Any

from auditapp.domain.answer_values import as_mapping
from auditapp.domain.clock_signals import clock_signals
from auditapp.domain.comment_signals import comment_signals
from auditapp.domain.content_signals import content_signals
from auditapp.domain.place_signals import place_signals
from auditapp.domain.signal import Signal, SignalContext
from auditapp.domain.text import Text


def compute_signals(
    form: Mapping[str, Any], document: object, context: SignalContext
) -> list[Signal]:
    """Return all that a reviewer may want to look at, notices first."""
    audit = as_mapping(document)
    signals = [
        *place_signals(audit, context),
        *clock_signals(form, audit, context),
        *content_signals(form, audit, context),
        *comment_signals(form, audit),
    ]
    return sorted(signals, key=lambda signal: signal.level != "notice")


def signal_text(signal: Signal) -> Text:
    """Return the sentence for the reviewer: what was seen, never what to think."""
    words = {key: _in_words(key, fact) for key, fact in signal.facts.items()}
    text = _TEXTS[signal.kind, signal.level]
    return Text(
        text.zh.format(**{key: each.zh for key, each in words.items()}),
        text.en.format(**{key: each.en for key, each in words.items()}),
    )


def _in_words(key: str, fact: float | str) -> Text:
    if key.endswith("seconds") and not isinstance(fact, str):
        return _duration(fact)
    return Text(str(fact), str(fact))


def _duration(seconds: float) -> Text:
    minutes, rest = divmod(abs(seconds), 60)
    if not minutes:
        return Text(f"{rest:g}秒", f"{rest:g} s")
    hours, minutes = divmod(int(minutes), 60)
    if not hours:
        return Text(f"{minutes}分{round(rest):02d}秒", f"{minutes} min {round(rest)} s")
    return Text(f"{hours}小时{minutes}分", f"{hours} h {minutes} min")


_TEXTS: dict[tuple[str, str], Text] = {
    ("no_position", "notice"): Text(
        "没有定位。可能是手机不允许定位，请看照片。",
        "No position. The phone may not have allowed it; please look at the photos.",
    ),
    ("distance", "notice"): Text(
        "定位离营业厅{metres}米，误差{accuracy_m}米，范围是{radius_m}米。",
        "The position is {metres} m from the hall, accurate to {accuracy_m} m; the"
        " hall's circle is {radius_m} m.",
    ),
    ("distance", "fine"): Text(
        "定位在营业厅范围内，相距{metres}米。",
        "The position is within the hall's circle, {metres} m away.",
    ),
    ("accuracy", "notice"): Text(
        "定位误差{accuracy_m}米，只能作参考。",
        "The position is accurate to {accuracy_m} m only: a rough hint.",
    ),
    ("accuracy", "fine"): Text(
        "定位误差{accuracy_m}米。", "The position is accurate to {accuracy_m} m."
    ),
    ("travel", "notice"): Text(
        "与同一位访员的另一次走访相距{metres}米，中间只隔{seconds}。",
        "Another visit by the same auditor is {metres} m away with only {seconds}"
        " between the two.",
    ),
    ("clock_offset", "notice"): Text(
        "手机时间与服务器相差{seconds}。",
        "The phone's clock differs from the server's by {seconds}.",
    ),
    ("clock_offset", "fine"): Text(
        "手机时间与服务器相差{seconds}，正常。",
        "The phone's clock agrees with the server's to {seconds}.",
    ),
    ("clock_moved", "notice"): Text(
        "走访中手机时间被改动或计时中断，前后相差{seconds}。",
        "During the visit the phone's clock was changed or the timing was interrupted,"
        " by {seconds}.",
    ),
    ("clock_moved", "fine"): Text(
        "{marks}个计时标记与手机时间一致。",
        "All {marks} clock marks agree with the phone's time.",
    ),
    ("stay", "notice"): Text(
        "在厅{seconds}，少于通常的{shortest_seconds}。",
        "The stay lasted {seconds}, less than the usual {shortest_seconds}.",
    ),
    ("stay", "fine"): Text("在厅{seconds}。", "The stay lasted {seconds}."),
    ("pace", "notice"): Text(
        "两次作答之间一般只隔{seconds}。",
        "Answers followed one another after {seconds}, by the median.",
    ),
    ("marks_order", "notice"): Text(
        "“{zh}”的时间早于前面的步骤。",
        "“{en}” is timed before a step that precedes it.",
    ),
    ("recalled_marks", "notice"): Text(
        "{marks}个计时里有{recalled}个是事后凭记忆补的。",
        "{recalled} of {marks} times were entered from memory.",
    ),
    ("twin_photo", "notice"): Text(
        "这张照片与本次另一个项目的照片几乎一样（64位里差{bits}位）。",
        "This photo is nearly the same as one of another item of this visit ({bits} of"
        " 64 bits differ).",
    ),
    ("same_photo", "notice"): Text(
        "同一张照片用在了两个项目上。", "The same photo was used for two items."
    ),
    ("twin_photo_elsewhere", "notice"): Text(
        "这张照片与另一次走访的照片几乎一样（64位里差{bits}位）。",
        "This photo is nearly the same as one of another visit ({bits} of 64 bits"
        " differ).",
    ),
    ("same_photo_elsewhere", "notice"): Text(
        "另一次走访用过同一张照片。", "The very same photo was used in another visit."
    ),
    ("copied_text", "notice"): Text(
        "这段文字与以前一次走访的完全相同（{characters}个字）。",
        "This text is the same as in an earlier visit ({characters} characters).",
    ),
    ("comment_complains", "notice"): Text(
        "答的是做到了，备注却像在说没做到：“{comment}”",
        "Answered as met, while the comment reads like a complaint: “{comment}”",
    ),
    ("comment_praises", "notice"): Text(
        "答的是没做到，备注却像在说做到了：“{comment}”",
        "Answered as not met, while the comment reads like praise: “{comment}”",
    ),
    ("uniform_answers", "notice"): Text(
        "{answers}个项目的答案完全一样，两次作答之间一般只隔{seconds}。",
        "All {answers} answers are the same, each {seconds} after the last.",
    ),
}
