"""A document as YAML in the order of the house, and back; comments are not kept."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text
from auditapp.gateways.checklist_files import read_yaml
from auditapp.gateways.standard_files.model import (
    Document,
    LineAt,
    Origin,
    ReadStandard,
)

_ORDER = (
    "schema", "id", "key", "version", "status", "source", "industry", "answered_by",
    "zh", "en", "short_zh", "short_en", "guide_zh", "guide_en", "sms_zh", "sms_en",
    "pass_mark", "critical_cap", "min_coverage", "defaults", "kind", "min", "max",
    "weight", "quality", "group", "rater", "cause", "skill", "contact", "owner",
    "critical", "photo", "note", "stage", "answer_at", "timer", "from", "to", "if",
    "set", "up_to", "score", "bands", "bands_when", "anchors_zh", "anchors_en",
    "answer_zh", "answer_en", "sample", "options", "ask_if", "applies", "overrides",
    "replaces", "contact_rules", "days_after_visit", "minutes_after", "hours",
    "rest_days", "attempts", "reply_window_hours", "stop_words_zh", "opening_zh",
    "opening_en", "refusal_zh", "refusal_en", "closing_zh", "closing_en",
    "thanks_sms_zh", "thanks_sms_en", "option_sets", "sources", "mystery",
    "open_inspection", "callback", "sms", "peers", "missing", "need_sources",
    "need_weight", "level", "grades", "rules", "sections", "items",
)  # fmt: skip
_RANK = {key: rank for rank, key in enumerate(_ORDER)}
# written in one line each
_FLOW = {
    "defaults", "timer", "bands", "ask_if", "applies", "anchors_zh", "anchors_en",
    "days_after_visit", "minutes_after", "hours", "stop_words_zh",
}  # fmt: skip
_FLOW_LINES = {"bands_when", "overrides", "options", "grades"}
_TOP = re.compile(r"^(?=- id: )", re.MULTILINE)
_ORIGIN = re.compile(rb"^# auditapp: (\{.*\})\s*$", re.MULTILINE)
_NO_DOCUMENT = Text(
    "这个文件里没有检查表：最外层要写成“名称: 值”。",
    "There is no checklist in the file: it must begin with “name: value”.",
)


# words that YAML takes for something else
_TAKEN = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}
_REPRESENTER = yaml.representer.SafeRepresenter()


def in_order(value: Any, tiers: Sequence[str] = ()) -> Any:  # noqa: ANN401
    """Return a value with every mapping's keys in the order of the house."""
    if isinstance(value, Mapping):
        ranks = {**_RANK, **{tier: rank for rank, tier in enumerate(tiers)}}
        keys = sorted(value, key=lambda key: (ranks.get(key, len(_RANK)), key))
        return {key: in_order(value[key], tiers) for key in keys}
    if isinstance(value, list):
        return [in_order(each, tiers) for each in value]
    return value


def write_yaml(
    document: Document, origin: Origin, title: str, tiers: Sequence[str] = ()
) -> bytes:
    """Return a document as YAML; reading it gives exactly the document."""
    about = {
        key: value
        for key, value in (
            ("checklist", origin.checklist),
            ("version", origin.version),
            ("draft", origin.draft),
            ("revision", origin.revision),
        )
        if value
    }
    said = json.dumps(about, ensure_ascii=False)
    first = " ".join(title.split())
    head = f"# {first}\n# auditapp: {said}\n"
    node = _node(in_order(document, tiers), "", is_flow=False)
    body = yaml.serialize(
        node,
        Dumper=yaml.SafeDumper,
        allow_unicode=True,
        width=10_000,
    )
    spaced = (head + _TOP.sub("\n", body)).encode()
    return spaced if _reads_as(spaced, document) else (head + body).encode()


def read_house_yaml(content: bytes) -> ReadStandard:
    """Read a YAML document of plain values.

    Raises:
        UnreadableFileError: It is no YAML, or has aliases, doubled keys or depths.
        InvalidError: It holds no mapping.
    """
    file = read_yaml(content)
    if not isinstance(file.document, dict):
        raise InvalidError([Problem("", "no-document", _NO_DOCUMENT)])
    places = {pointer: LineAt(line) for pointer, line in file.lines.items()}
    return ReadStandard(with_text_keys(file.document), _origin(content), places=places)


def with_text_keys(value: Any) -> Any:  # noqa: ANN401
    """Return a value with every key as text: YAML also has numbers there."""
    if isinstance(value, dict):
        return {str(key): with_text_keys(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_text_keys(inner) for inner in value]
    return value


def _origin(content: bytes) -> Origin:
    found = _ORIGIN.search(content[:2000])
    try:
        said = json.loads(found[1]) if found else {}
    except ValueError:
        return Origin()
    texts = {k: str(said.get(k, "")) for k in ("checklist", "version", "draft")}
    revision = said.get("revision", 0)
    return Origin(**texts, revision=revision if isinstance(revision, int) else 0)


def _node(value: Any, key: str, *, is_flow: bool) -> yaml.Node:  # noqa: ANN401
    """Return the node of a value; ``key`` is what it stands under."""
    if isinstance(value, dict):
        pairs = [
            (
                _scalar(name),
                _node(each, name, is_flow=is_flow or name in _FLOW),
            )
            for name, each in value.items()
        ]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=is_flow)
    if isinstance(value, list):
        lines = is_flow or key in _FLOW_LINES
        nodes = [_node(each, "", is_flow=lines) for each in value]
        return yaml.SequenceNode(
            "tag:yaml.org,2002:seq", nodes, flow_style=is_flow or not value
        )
    return _scalar(value)


def _scalar(value: Any) -> yaml.Node:  # noqa: ANN401
    node = _REPRESENTER.represent_data(value)
    is_bare = not isinstance(value, str) or (
        re.fullmatch(r"[a-z][a-z0-9_.]*", value) and value not in _TAKEN
    )
    if isinstance(node, yaml.ScalarNode) and not is_bare:
        node.style = '"'
    return node


def _reads_as(content: bytes, document: Document) -> bool:
    said = json.dumps(with_text_keys(read_yaml(content).document), sort_keys=True)
    return said == json.dumps(document, sort_keys=True)
