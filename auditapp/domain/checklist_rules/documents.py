"""The whole document: walk its sections and items and gather every problem."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.checklist_document import expanded
from auditapp.domain.checklist_rules.conditions import check_rules
from auditapp.domain.checklist_rules.items import (
    SMS_CHARACTERS,
    check_clock,
    check_item,
    check_message,
    message_length,
)
from auditapp.domain.checklist_rules.keys import (
    CALL_PAIRS,
    PAIRS,
    REQUIRED_OF_CHECKLIST,
    REQUIRED_OF_ITEM,
    REQUIRED_OF_SECTION,
    checklist_keys,
    item_keys,
    section_keys,
)
from auditapp.domain.checklist_rules.shapes import Check, missing, record, shown
from auditapp.domain.checklist_rules.skips import check_skips
from auditapp.domain.checklist_rules.spot import Spot
from auditapp.domain.errors import Problem
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary

Document = Mapping[str, Any]

_WALKED = ("mystery", "open_inspection")
_TICKED = ("outside", "inside")
# Keys that no rule relates to others; with any other key wrong, the rules between an
# item's keys would only report the same mistake twice
_UNRELATED = {
    "zh", "en", "guide_zh", "guide_en", "answer_zh", "answer_en", "rater", "cause",
    "skill", "stage", "contact", "owner", "photo", "note",
}  # fmt: skip
_DEFAULT_PASS_MARK = 60


def check_checklist(
    document: object, vocabulary: Vocabulary, ids_in_use: Mapping[str, str]
) -> list[Problem]:
    """Return everything wrong with a checklist's document, whatever it is.

    ``ids_in_use`` maps every item id ever used to the id of its checklist.
    """
    spot = Spot("", Text("检查表", "The checklist"))
    known = record(checklist_keys(vocabulary), REQUIRED_OF_CHECKLIST)
    problems = list(known(spot, document))
    if not isinstance(document, Mapping):
        return problems
    problems += check_pairs(spot, document, CALL_PAIRS)
    problems += _check_source(spot, document)
    walk = _Walk(document, vocabulary, ids_in_use)
    for index, section in enumerate(_entries(document.get("sections"))):
        problems += walk.section(spot.at("sections", index), index, section)
    return problems


def ids_of(document: object) -> dict[str, str]:
    """Return every item id of a document, sound or not, with the checklist's id."""
    if not isinstance(document, Mapping):
        return {}
    sections = _entries(document.get("sections"))
    items = [
        item
        for section in sections
        if isinstance(section, Mapping)
        for item in _entries(section.get("items"))
        if isinstance(item, Mapping)
    ]
    own = str(document.get("id"))
    return {item["id"]: own for item in items if isinstance(item.get("id"), str)}


def check_pairs(spot: Spot, entry: Document, pairs: Iterable[str]) -> Iterator[Problem]:
    """Name each text that is there in one language only."""
    for pair in pairs:
        there = [lang for lang in ("zh", "en") if f"{pair}_{lang}" in entry]
        if len(there) == 1:
            lacking = "en" if there == ["zh"] else "zh"
            yield spot.at(f"{pair}_{there[0]}").problem(
                "missing-language",
                f"有{pair}_{there[0]}，没有{pair}_{lacking}，请补上。",
                f"{pair}_{there[0]} is there but {pair}_{lacking} is not; add it.",
            )


def _check_source(spot: Spot, document: Document) -> Iterator[Problem]:
    source = document.get("source")
    if source in ("callback", "sms") and "critical_cap" in document:
        yield spot.at("critical_cap").problem(
            "cap-without-visit",
            "回访和短信没有封顶分，关键题只发提醒；请删去critical_cap。",
            "calls and messages have no capped score, critical items only alert; "
            "remove critical_cap.",
        )
    for language, limit in SMS_CHARACTERS.items():
        key = f"thanks_sms_{language}"
        if isinstance(document.get(key), str):
            yield from message_length(spot.at(key), document[key], language, limit)


@dataclass(slots=True)
class _Walk:
    """One pass in walking order; remembers what came before."""

    document: Document
    vocabulary: Vocabulary
    ids_in_use: Mapping[str, str]
    section_ids: set[str] = field(default_factory=set)
    item_ids: set[str] = field(default_factory=set)
    # an item with problems of its own is None: nothing more can be said about it
    earlier: dict[str, Document | None] = field(default_factory=dict)

    def section(self, spot: Spot, index: int, section: object) -> Iterator[Problem]:
        """Check one section and its items."""
        spot = _named(spot, section, f"第{index + 1}部分", f"Section {index + 1}")
        known = record(section_keys(self.vocabulary), REQUIRED_OF_SECTION)
        yield from known(spot, section)
        if not isinstance(section, Mapping):
            return
        yield from _claim(spot, section, self.section_ids)
        for number, item in enumerate(_entries(section.get("items"))):
            yield from self.item(spot.at("items", number), number, item, section)

    def item(
        self, spot: Spot, number: int, item: object, section: Document
    ) -> Iterator[Problem]:
        """Check one item: its own keys first, then the item its defaults make."""
        spot = _named(
            spot,
            item,
            f"{spot.owner.zh}第{number + 1}题",
            f"{spot.owner.en}, item {number + 1}",
        )
        checks = item_keys(self.vocabulary)
        wrong = list(record(checks)(spot, item))
        yield from wrong
        if not isinstance(item, Mapping):
            return
        yield from _claim(spot, item, self.item_ids)
        yield from self._check_use_elsewhere(spot, item)
        yield from self._check_option_set(spot, item, section)
        yield from self._check_replacement(spot, item)
        complete = self._complete(item, section)
        yield from missing(spot, complete, REQUIRED_OF_ITEM)
        can_relate = _wrong_keys(spot, complete, checks) <= _UNRELATED
        if can_relate:
            yield from self._relations(spot, complete)
        if isinstance(item.get("id"), str):
            self.earlier[item["id"]] = complete if can_relate else None

    def _relations(self, spot: Spot, item: Document) -> Iterator[Problem]:
        source = self.document.get("source")
        yield from check_pairs(spot, item, PAIRS)
        yield from check_item(spot, item, self._pass_mark())
        yield from check_clock(spot, item, self.vocabulary)
        yield from check_rules(spot, item, source, self.vocabulary)
        yield from check_skips(spot, item, self.earlier)
        if source == "sms":
            yield from check_message(spot, item)
        is_ticked = source in _WALKED and item["answer_at"] in _TICKED
        if is_ticked and "short_zh" not in item:
            yield _no_short_name(spot)

    def _complete(self, item: Document, section: Document) -> dict[str, Any]:
        """Fill in the defaults that are fit for it."""
        return expanded(item, _fit(section), _fit(self.document))

    def _check_use_elsewhere(self, spot: Spot, item: Document) -> Iterator[Problem]:
        item_id = item.get("id")
        if not isinstance(item_id, str):
            return
        own = self.document.get("id")
        other = self.ids_in_use.get(item_id, own)
        if other != own:
            yield spot.at("id").problem(
                "id-in-use",
                f"编号“{shown(item_id)}”已经用在“{shown(other)}”里；编号一经使用永不"
                "改作他用，请换一个。",
                f"the id “{shown(item_id)}” already belongs to “{shown(other)}”; an id "
                "is for ever, so choose another.",
            )

    def _check_replacement(self, spot: Spot, item: Document) -> Iterator[Problem]:
        replaced = item.get("replaces")
        if isinstance(replaced, str) and replaced in ids_of(self.document):
            yield spot.at("replaces").problem(
                "replaces-present",
                f"“{shown(replaced)}”还在表里，不能又说它被替换了；两者去掉一个。",
                f"“{shown(replaced)}” is still in the checklist, so it is not "
                "replaced; drop one of the two.",
            )

    def _check_option_set(
        self, spot: Spot, item: Document, section: Document
    ) -> Iterator[Problem]:
        document = _fit(self.document)
        defaults = document.get("defaults", {}) | _fit(section).get("defaults", {})
        name = item.get("options", defaults.get("options"))
        if isinstance(name, str) and name not in document.get("option_sets", {}):
            yield spot.at("options").problem(
                "unknown-option-set",
                f"没有名为“{shown(name)}”的选项组；请写进option_sets，或核对名称。",
                f"there is no option set “{shown(name)}”; add it under option_sets or "
                "check the name.",
            )

    def _pass_mark(self) -> int:
        mark = self.document.get("pass_mark")
        return mark if isinstance(mark, int) else _DEFAULT_PASS_MARK


def _entries(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _fit(entry: Document) -> dict[str, Any]:
    """Return an entry without defaults and option sets that are no mappings."""
    return {
        key: value
        for key, value in entry.items()
        if key not in ("defaults", "option_sets") or isinstance(value, Mapping)
    }


def _wrong_keys(spot: Spot, item: Document, checks: Mapping[str, Check]) -> set[str]:
    """Return the keys of a complete item that are missing or wrong for themselves."""
    wrong = {key for key in REQUIRED_OF_ITEM if key not in item}
    for key, value in item.items():
        if key not in checks or any(checks[key](spot, value)):
            wrong.add(key)
    return wrong


def _named(spot: Spot, entry: object, zh: str, en: str) -> Spot:
    """Speak of an entry by its id, or by its place where it has none."""
    name = entry.get("id") if isinstance(entry, Mapping) else None
    if not isinstance(name, str) or not name:
        return spot.owned_by(zh, en)
    kind = (
        Text("题目", "Item") if "/items/" in spot.pointer else Text("部分", "Section")
    )
    return spot.owned_by(f"{kind.zh}“{shown(name)}”", f"{kind.en} “{shown(name)}”")


def _claim(spot: Spot, entry: Document, taken: set[str]) -> Iterator[Problem]:
    """Note an id and refuse it the second time."""
    name = entry.get("id")
    if not isinstance(name, str):
        return
    if name in taken:
        yield spot.at("id").problem(
            "id-twice",
            f"编号“{shown(name)}”在本表用了两次，请换一个。",
            f"the id “{shown(name)}” is used twice in this checklist; choose another.",
        )
    taken.add(name)


def _no_short_name(spot: Spot) -> Problem:
    return spot.problem(
        "no-short-name",
        "厅外和厅内的题要写short_zh和short_en（如座位、Seats），手机上只显示它。",
        "an item answered outside or inside needs short_zh and short_en (座位, Seats), "
        "which is all the phone shows there.",
    )
