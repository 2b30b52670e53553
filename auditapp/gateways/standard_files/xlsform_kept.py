"""What an XLSForm cannot hold of a checklist, told exactly."""

from collections.abc import Callable, Sequence

from auditapp.domain.text import Text
from auditapp.gateways.standard_files.model import Document, Note
from auditapp.gateways.standard_files.xlsform_logic import asked_if

_SHOWN = 5
_Test = Callable[[Document], bool]

_TOLD: tuple[tuple[_Test, Text], ...] = (
    (
        lambda item: bool(item.get("weight")),
        Text(
            "权重、得分和分档：ODK和Kobo只收集答案，不算分",
            "Weights, scores and bands: ODK and Kobo collect answers and score nothing",
        ),
    ),
    (
        lambda item: item["kind"] == "timing_seconds",
        Text(
            "计时按钮：在ODK里变成填秒数的整数题",
            "The journey clock: a whole number of seconds there",
        ),
    ),
    (
        lambda item: item.get("photo", "none") != "none",
        Text("要求拍照：ODK里不会要照片", "Photo rules: ODK asks for no photo"),
    ),
    (
        lambda item: item.get("note", "none") != "none",
        Text("要求写备注：ODK里不会要备注", "Remark rules: ODK asks for no remark"),
    ),
    (
        lambda item: "sample" in item,
        Text("抽样多次的题：ODK里只答一次", "Sampled items: answered once there"),
    ),
    (
        lambda item: bool(item.get("bands_when")),
        Text("各地分档：ODK里没有", "Bands by place: not there"),
    ),
    (
        lambda item: not asked_if(item)[1],
        Text(
            "以“一直没有”为条件的追问：ODK里这个条件不成立",
            "Conditions on “never”: they never hold there",
        ),
    ),
    (
        lambda item: any(isinstance(t, str) and "${" in t for t in item.values()),
        Text(
            "题目里的“${”：写成“$ {”，否则ODK当作引用",
            "“${” in a text: written “$ {”, which ODK would take for a reference",
        ),
    ),
)
_OWN_COLUMNS = Text(
    "这些内容写在auditapp_开头的列里，带回来时照原样恢复。Kobo的网页编辑器会丢掉这些列；"
    "那样带回来时，按原来的版本补上。",
    "They stand in columns that begin with auditapp_ and come back as they were. Kobo's"
    " form builder drops such columns; what is missing then is taken from the version.",
)
_UNSEEN = Text(
    "“没法看到”这个回答，以及每道题为什么要查的说明：ODK里没有。",
    "The answer “could not observe”, and the reason why an item is asked: not there.",
)


def not_kept(items: Sequence[Document]) -> list[Note]:
    """Return what ODK and Kobo do not keep of these items, complete with defaults."""
    notes = []
    for test, text in _TOLD:
        found = [item["id"] for item in items if test(item)]
        if found:
            zh, en = _named(found)
            notes.append(Note(Text(f"{text.zh}（{zh}）。", f"{text.en} ({en}).")))
    return [*notes, Note(_UNSEEN), Note(_OWN_COLUMNS)]


def _named(found: Sequence[str]) -> tuple[str, str]:
    shown = found[:_SHOWN]
    if len(found) > _SHOWN:
        return f"{len(found)}题", f"{len(found)} items"
    return "、".join(shown), ", ".join(shown)
