"""From a checklist's document to the checklist: defaults filled in, types given."""

from collections.abc import Mapping, Sequence
from typing import Any

from auditapp.domain.applicability import Requirement, numbered
from auditapp.domain.checklist import (
    Band,
    Bands,
    Checklist,
    Item,
    Option,
    Scale,
    Section,
    Tags,
    Timer,
    Wanted,
    Wording,
)
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary

Document = Mapping[str, Any]


def read_checklist(document: Document, vocabulary: Vocabulary) -> Checklist:
    """Build the checklist of a document that the checklist rules have passed.

    Raises:
        KeyError: The document lacks something that those rules ask for.
    """
    return Checklist(
        checklist_id=document["id"],
        version=document["version"],
        status=document["status"],
        source=document["source"],
        name=_text(document),
        pass_mark=document["pass_mark"],
        critical_cap=document.get("critical_cap"),
        min_coverage=document["min_coverage"],
        sections=tuple(
            _section(section, document, vocabulary) for section in document["sections"]
        ),
    )


def expanded(item: Document, section: Document, document: Document) -> dict[str, Any]:
    """Return an item with the defaults of its section and its checklist filled in."""
    inherited = {key: section[key] for key in ("stage", "answer_at") if key in section}
    complete = {
        **document.get("defaults", {}),
        **section.get("defaults", {}),
        **inherited,
        **item,
    }
    options = complete.get("options")
    if isinstance(options, str):
        complete["options"] = document.get("option_sets", {}).get(options, ())
    return complete


def _section(section: Document, document: Document, vocabulary: Vocabulary) -> Section:
    return Section(
        section_id=section["id"],
        name=_text(section),
        stage=section["stage"],
        answer_at=section["answer_at"],
        items=tuple(
            _item(expanded(item, section, document), section["id"], vocabulary)
            for item in section["items"]
        ),
    )


def _item(item: Document, section_id: str, vocabulary: Vocabulary) -> Item:
    overrides = item.get("overrides", ())
    return Item(
        item_id=item["id"],
        section_id=section_id,
        kind=item["kind"],
        weight=item["weight"],
        wording=_wording(item),
        tags=_tags(item),
        scale=_scale(item),
        is_critical=item.get("critical", False),
        photo=item.get("photo", "none"),
        note=item.get("note", "on_fail"),
        answer_at=item["answer_at"],
        applies=_applies(item.get("applies", "all"), vocabulary),
        overrides=numbered(overrides, [Requirement(line["set"]) for line in overrides]),
        ask_if={ref: _wanted(value) for ref, value in item.get("ask_if", {}).items()},
        replaces=item.get("replaces"),
    )


def _wording(item: Document) -> Wording:
    return Wording(
        question=_text(item),
        guide=_pair(item, "guide"),
        short=_pair(item, "short"),
        answer=_pair(item, "answer"),
        sms=_pair(item, "sms"),
    )


def _tags(item: Document) -> Tags:
    return Tags(
        quality=item["quality"],
        rater=item["rater"],
        cause=item["cause"],
        owner=item["owner"],
        stage=item["stage"],
        group=item.get("group"),
        skill=item.get("skill"),
        contact=item.get("contact"),
    )


def _scale(item: Document) -> Scale:
    bands_when = item.get("bands_when", ())
    timer = item.get("timer")
    return Scale(
        bands=_bands(item.get("bands", ())),
        bands_when=numbered(bands_when, [_bands(line["bands"]) for line in bands_when]),
        options=tuple(_option(option) for option in item.get("options", ())),
        anchors=_anchors(item),
        minimum=item.get("min"),
        maximum=item.get("max"),
        sample=item.get("sample"),
        timer=Timer(timer["from"], timer["to"]) if timer else None,
    )


def _bands(lines: Sequence[Document]) -> Bands:
    return tuple(Band(line["up_to"], line["score"]) for line in lines)


def _option(option: Document) -> Option:
    score = option["score"]
    return Option(
        option_id=option["id"],
        text=_text(option),
        score=None if score == "skip" else score,
        cause=option.get("cause"),
        key=option.get("key"),
    )


def _anchors(item: Document) -> dict[str, Text]:
    """Pair the anchors of both languages; steps are keyed "1", "3" and "5"."""
    english = {str(step): text for step, text in item.get("anchors_en", {}).items()}
    chinese = item.get("anchors_zh", {})
    return {str(step): Text(zh, english[str(step)]) for step, zh in chinese.items()}


def _applies(written: str | Document, vocabulary: Vocabulary) -> dict[str, Requirement]:
    if isinstance(written, str):
        return dict.fromkeys(vocabulary.tiers, Requirement.REQUIRED)
    return {tier: Requirement(word) for tier, word in written.items()}


def _wanted(value: Any) -> Wanted:  # noqa: ANN401 - an answer of any kind
    return tuple(value) if isinstance(value, list) else value


def _text(document: Document) -> Text:
    return Text(document["zh"], document["en"])


def _pair(item: Document, key: str) -> Text | None:
    if f"{key}_zh" not in item:
        return None
    return Text(item[f"{key}_zh"], item[f"{key}_en"])
