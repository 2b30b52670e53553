"""How answers and times are said, the same on the review page and in print."""

from collections.abc import Mapping
from typing import Any

from auditapp.domain.answer_values import COULD_NOT_OBSERVE, NEVER
from auditapp.domain.text import Text

FormItem = Mapping[str, Any]

_NOTHING = Text("没有回答", "No answer")
_PLAIN = {
    COULD_NOT_OBSERVE: Text("没法看到", "Could not observe"),
    "yes": Text("是", "Yes"),
    "no": Text("否", "No"),
    NEVER: Text("一直没有", "Never"),
}
_MINUTE, _HOUR = 60, 3600


def answer_text(item: FormItem, value: Any) -> Text:  # noqa: ANN401  any JSON value
    """Return a value as a sentence part; a list (``sample``) with its parts joined."""
    if value is None or value in ("", []):
        return _NOTHING
    if isinstance(value, list):
        texts = [_one(item, each) for each in value]
        return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))
    return _one(item, value)


def duration_text(seconds: float) -> Text:
    """Return a length of time as people say it: 53秒, 4分04秒, 1小时05分."""
    whole = round(abs(seconds))
    sign = "−" if seconds < 0 and whole else ""
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    if hours:
        text = Text(f"{hours}小时{minutes:02}分", f"{hours} h {minutes:02} min")
    elif minutes:
        text = Text(f"{minutes}分{left:02}秒", f"{minutes} min {left:02} s")
    else:
        text = Text(f"{left}秒", f"{left} s")
    return Text(sign + text.zh, sign + text.en)


def _one(item: FormItem, value: Any) -> Text:  # noqa: ANN401
    if isinstance(value, str) and item["kind"] != "text" and value in _PLAIN:
        return _PLAIN[value]
    match item["kind"]:
        case "choice":
            return _option(item, value)
        case "scale":
            return _step(item, value)
        case "timing_seconds" if isinstance(value, int | float):
            return duration_text(value)
        case _:
            if value == COULD_NOT_OBSERVE:
                return _PLAIN[COULD_NOT_OBSERVE]
            return Text(str(value), str(value))


def _option(item: FormItem, value: object) -> Text:
    for option in item.get("options", ()):
        if option["id"] == value:
            return Text(option["zh"], option["en"])
    return Text(str(value), str(value))


def _step(item: FormItem, value: object) -> Text:
    anchor = item.get("anchors", {}).get(str(value))
    if anchor is None:
        return Text(f"{value}分，满分5分", f"{value} of 5")
    return Text(f"{value}分，{anchor['zh']}", f"{value} of 5, {anchor['en']}")
