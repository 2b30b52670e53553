"""Checklist files: YAML read safely, with the line of every value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from unicodedata import category

import yaml

from auditapp.domain.checklist import Checklist
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary

CHECKLIST_DIR = Path(__file__).parents[2] / "checklists"
LARGEST_FILE_BYTES = 300_000
DEEPEST_LEVEL = 12
DEEPEST_NODE = 100
UNREADABLE_CHARACTER = Text("有读不懂的字符。", "A character cannot be read.")

_ALIAS = (
    "不能用 & 和 * 引用，请把内容写全。",
    "References with & and * are not allowed; write the content out.",
)
_CHARACTER = "found invalid Unicode character escape code"  # libyaml's words


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file's value and the line, counted from 1, where each part of it begins.

    ``lines`` is keyed by JSON pointer; a mapping's entry has the line of its key.
    """

    document: Any
    lines: Mapping[str, int]

    def line_of(self, pointer: str) -> int:
        """Return the line of a pointer, or of the nearest part around it."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)


class UnreadableFileError(InvalidError):
    """The file is not YAML that a checklist may be written in; ``line`` says where."""

    code = "unreadable-file"

    def __init__(self, line: int, text: Text) -> None:
        super().__init__([Problem("", self.code, text)])
        self.line = line


def read_yaml(content: bytes, largest_bytes: int = LARGEST_FILE_BYTES) -> ReadFile:
    """Read a YAML document of plain values, without aliases and doubled keys.

    Raises:
        UnreadableFileError: The content is not that.
    """
    if len(content) > largest_bytes:
        limit = largest_bytes // 1000
        raise UnreadableFileError(
            1, Text(f"文件超过{limit} KB。", f"The file is over {limit} KB.")
        )
    try:
        node = _compose(content)
    except yaml.YAMLError as error:
        raise _syntax_error(error) from error
    reader = _Reader()
    return ReadFile(reader.value(node, "", 0) if node else None, reader.lines)


def load_yaml(path: Path) -> ReadFile:
    """Read a YAML file from disk.

    Raises:
        UnreadableFileError: See ``read_yaml``.
        OSError: The file cannot be opened.
    """
    return read_yaml(path.read_bytes())


def load_vocabulary(folder: Path = CHECKLIST_DIR) -> Vocabulary:
    """Return the words of a folder of checklists."""
    return Vocabulary.from_document(load_yaml(folder / "_vocabulary.yaml").document)


def load_checklist(checklist_id: str, folder: Path = CHECKLIST_DIR) -> Checklist:
    """Return a shipped checklist, which the tests have checked."""
    document = load_yaml(folder / f"{checklist_id}.yaml").document
    return read_checklist(document, load_vocabulary(folder))


def checklist_paths(folder: Path = CHECKLIST_DIR) -> list[Path]:
    """Return a folder's checklist files; a leading ``_`` marks policy."""
    return sorted(p for p in folder.glob("*.yaml") if not p.name.startswith("_"))


def _compose(content: bytes) -> yaml.Node | None:
    """Return the document's node, read in C; two passes cost a tenth of one in Python.

    The first one refuses aliases, which can blow a small file up to any size, and
    depths that would exhaust the stack of the second.
    """
    level = 0
    for event in yaml.parse(content, Loader=yaml.CSafeLoader):
        level += isinstance(event, yaml.CollectionStartEvent)
        level -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise _refusal(event, *_ALIAS)
        if level > DEEPEST_NODE:
            raise _too_deep(event)
    return yaml.compose(content, Loader=yaml.CSafeLoader)


@dataclass(slots=True)
class _Reader:
    """Turns nodes into plain values and notes the line of each."""

    lines: dict[str, int] = field(default_factory=dict)

    def value(self, node: yaml.Node, pointer: str, level: int) -> Any:  # noqa: ANN401
        """Return a node's value; dates and unknown tags stay the text they are."""
        if level > DEEPEST_LEVEL:
            raise _too_deep(node)
        self.lines.setdefault(pointer, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, pointer, level)
        if isinstance(node, yaml.SequenceNode):
            return [
                self.value(child, f"{pointer}/{index}", level + 1)
                for index, child in enumerate(node.value)
            ]
        return _scalar(cast("yaml.ScalarNode", node))

    def _mapping(
        self, node: yaml.MappingNode, pointer: str, level: int
    ) -> dict[Any, Any]:
        mapping: dict[Any, Any] = {}
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _refusal(
                    key_node,
                    "冒号左边只能是一个词。",
                    "Only a word may stand left of the colon.",
                )
            key = _scalar(key_node)
            if key in mapping:
                raise _refusal(
                    key_node,
                    f"“{key}”写了两遍，只留一个。",
                    f"“{key}” is written twice; keep one.",
                )
            inner = f"{pointer}/{pointer_step(key)}"
            self.lines[inner] = key_node.start_mark.line + 1
            mapping[key] = self.value(child, inner, level + 1)
        return mapping


def pointer_step(key: object) -> str:
    """Return a key as one step of a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def _scalar(node: yaml.ScalarNode) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return a plain value; what YAML calls a date stays the text that was written."""
    constructor = yaml.constructor.SafeConstructor()
    make = {
        "tag:yaml.org,2002:null": constructor.construct_yaml_null,
        "tag:yaml.org,2002:bool": constructor.construct_yaml_bool,
        "tag:yaml.org,2002:int": constructor.construct_yaml_int,
        "tag:yaml.org,2002:float": constructor.construct_yaml_float,
    }.get(node.tag)
    if any(category(character) == "Cs" for character in node.value):
        raise UnreadableFileError(node.start_mark.line + 1, UNREADABLE_CHARACTER)
    try:
        return make(node) if make else node.value
    except (ValueError, KeyError):
        return node.value


def _refusal(place: yaml.Node | yaml.Event, zh: str, en: str) -> UnreadableFileError:
    mark = place.start_mark
    return UnreadableFileError(mark.line + 1 if mark else 1, Text(zh, en))


def _too_deep(place: yaml.Node | yaml.Event) -> UnreadableFileError:
    return _refusal(place, "层次太深。", "Nested too deeply.")


def _syntax_error(error: Exception) -> UnreadableFileError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(error, "problem", None)
    if problem == _CHARACTER:
        return UnreadableFileError(line, UNREADABLE_CHARACTER)
    return UnreadableFileError(
        line,
        Text(
            "这一行附近的格式读不懂：检查缩进、冒号后的空格和引号。",
            "The format near this line cannot be read: check the indentation, the "
            "space after each colon and the quotes.",
        ),
    )
