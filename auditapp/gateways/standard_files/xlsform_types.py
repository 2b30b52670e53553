"""What the question types of XLSForm are here, or why they are nothing."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from auditapp.domain.text import Text

_ALIASES = (
    (re.compile(r"^(select one from|select1|select one|add select one prompt using)\b"),
     "select_one"),
    (re.compile(r"^(select all that apply from|select all that apply|select multiple"
                r"|add select multiple prompt using|select)\b"), "select_multiple"),
    (re.compile(r"^(begin|end)[ _](group|repeat|loop)\b"), r"\1 \2"),
)  # fmt: skip
_TEXTS = {
    "text",
    "string",
    "barcode",
    "date",
    "time",
    "datetime",
    "phone number",
    "tel",
}
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(("integer", "int", "decimal", "range"), "number"),
    "select_one": "choice",
    **dict.fromkeys(("acknowledge", "trigger"), "yes_no"),
}
_MEDIA = Text("照片、录音、录像和文件", "pictures, sound, video and files")
_WHERE = Text("位置", "places on a map")
_WHO = Text("手机自动记录的内容", "what the phone notes by itself")
_SUM = Text("计算出来的值", "values that are computed")
_MANY = Text("多选题和排序题", "questions with several answers")
_SHOWN = Text("只显示不作答的说明", "notes that nobody answers")
_OUT: Mapping[str, Text] = {
    **dict.fromkeys(
        ("osm", "image", "photo", "audio", "video", "file", "background-audio"),
        _MEDIA,
    ),
    **dict.fromkeys(
        ("geopoint", "geotrace", "geoshape", "start-geopoint", "gps", "location"),
        _WHERE,
    ),
    **dict.fromkeys(
        (
            "start", "end", "today", "deviceid", "phonenumber", "username", "audit",
            "simserial", "subscriberid", "imei", "email", "start time", "end time",
            "device id", "last-saved", "uri:deviceid",
        ),
        _WHO,
    ),
    **dict.fromkeys(("calculate", "hidden", "csv-external", "xml-external"), _SUM),
    **dict.fromkeys(
        ("select_multiple", "select_multiple_from_file", "rank"), _MANY
    ),
    **dict.fromkeys(("note",), _SHOWN),
    **dict.fromkeys(
        ("select_one_from_file", "select_one_external"),
        Text("选项在别的文件里的题", "questions whose choices are in another file"),
    ),
}  # fmt: skip
_GROUPS = ("begin group", "end group", "begin repeat", "end repeat",
           "begin loop", "end loop")  # fmt: skip


def plain_type(said: str) -> tuple[str, str]:
    """Return a type by its plain name and what follows it: the list of a choice."""
    text = " ".join(said.split())
    low = text.casefold()
    for pattern, name in _ALIASES:
        found = pattern.match(low)
        if found:
            rest = text[found.end() :].strip()
            return found.expand(name), rest
    if low in _KINDS or low in _OUT:
        return low, ""
    first, _, rest = text.partition(" ")
    return first.casefold(), rest.strip()


def kind_of(name: str) -> str | None:
    """Return the kind of answer of a type; None when it has none here."""
    return _KINDS.get(name)


def left_out(name: str) -> Text | None:
    """Return what a known type without a meaning here is called."""
    return _OUT.get(name)


def is_group(name: str) -> bool:
    """Tell whether a type opens or closes something."""
    return name in _GROUPS


def unknown_type(said: str) -> Text:
    """Return why a type is refused."""
    close = get_close_matches(said.casefold(), [*_KINDS, *_OUT, *_GROUPS], n=1)
    if close:
        return Text(
            f"“{said}”不是XLSForm的题型，是不是“{close[0]}”？",
            f"“{said}” is no type of XLSForm; did you mean “{close[0]}”?",
        )
    return Text(
        f"“{said}”不是XLSForm的题型，请改正或删去这一行。",
        f"“{said}” is no type of XLSForm; correct it or delete the row.",
    )
