"""A checklist as an XLSForm for ODK and Kobo; what is only ours in ``auditapp_``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.checklist_document import expanded
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.columns import Columns, columns_of
from auditapp.gateways.standard_files.model import Document, Note, Origin
from auditapp.gateways.standard_files.notations import Pairs, Words, to_cell
from auditapp.gateways.standard_files.xlsform_book import (
    EN,
    OURS,
    ZH,
    Row,
    write_form,
)
from auditapp.gateways.standard_files.xlsform_kept import not_kept
from auditapp.gateways.standard_files.xlsform_logic import (
    NEEDED,
    SCENARIO,
    TIER,
    TODAY,
    TRAITS,
    asked_if,
    requirement,
    words_used,
)

NATIVE = ("id", "zh", "en", "guide_zh", "guide_en")
YES_NO = {"yes": Text("是", "Yes"), "no": Text("否", "No")}
STEPS = 5
PLACE = OURS + "place"
_LANGUAGE = "en"  # of our own cells: ids and English names survive every program


def write_xlsform(
    document: Document, vocabulary: Document, origin: Origin
) -> tuple[bytes, list[Note]]:
    """Return a checklist as an XLSForm, and what ODK and Kobo do not keep of it."""
    words = Vocabulary.from_document(vocabulary)
    form = _Form(document, words, columns_of(words))
    form.write(origin)
    content = write_form(form.survey, form.choices, form.settings)
    return content, not_kept(form.items)


@dataclass(slots=True)
class _Form:
    document: Document
    words: Vocabulary
    columns: Columns
    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    settings: Row = field(default_factory=dict)
    items: list[Document] = field(default_factory=list)

    def write(self, origin: Origin) -> None:
        """Fill the three sheets."""
        pairs = [
            # a draft may still lack a kind
            (section, item, {"kind": "text", **expanded(item, section, self.document)})
            for section in self.document["sections"]
            for item in section["items"]
        ]
        self.items = [complete for _, _, complete in pairs]
        self._place()
        taken = {item["id"] for item in self.items}
        for section in self.document["sections"]:
            self._open(section, taken)
            for owner, item, complete in pairs:
                if owner is section:
                    self._item(item, complete)
            self.survey.append({"type": "end group"})
        self._lists()
        self._settings(origin)

    def _place(self) -> None:
        """Ask what kind of hall it is, as far as anything depends on it."""
        used = words_used(self.items)
        asked = [
            (TIER, "select_one", "tier.", self.words.tiers, Text("等级", "Tier")),
            (TRAITS, "select_multiple", "", self.words.traits, Text("特征", "Traits")),
            (TODAY, "select_multiple", "today.", self.words.today,
             Text("今天", "Today")),
            (SCENARIO, "select_one", "scenario.", self.words.scenarios,
             Text("办什么业务", "What the visit is about")),
        ]  # fmt: skip
        rows = []
        for name, kind, prefix, words, label in asked:
            if not any(prefix + word in used for word in words):
                continue
            rows.append({"type": f"{kind} {name}", "name": name, **_labels(label)})
            rows[-1]["required"] = "yes" if name == TIER else ""
            self.choices += [
                {"list_name": name, "name": key, **_labels(word.name)}
                for key, word in words.items()
            ]
        if rows:
            label = Text("这是什么样的厅", "What kind of hall it is")
            first = {"type": "begin group", "name": PLACE, **_labels(label)}
            self.survey += [first, *rows, {"type": "end group"}]
        tiers = tuple(self.words.tiers)
        for item in self.items:
            said = requirement(item, tiers)
            if said.startswith("if("):
                name = NEEDED + item["id"]
                calculate = {"type": "calculate", "name": name, "calculation": said}
                self.survey.append(calculate)

    def _open(self, section: Document, taken: set[str]) -> None:
        name = section["id"]
        row = {"type": "begin group", "name": name, **_labels(section)}
        if name in taken:
            row["name"] = f"section_{name}"
            row[OURS + "id"] = name
        taken.add(row["name"])
        for column in self.columns.sections:
            if column.key in section and column.key not in ("id", "zh", "en"):
                cell = to_cell(column.notation, section[column.key], _LANGUAGE)
                row[OURS + column.key] = cell
        self.survey.append(row)

    def _item(self, item: Document, complete: Document) -> None:
        row = {"type": self._type(complete), "name": item["id"], **_labels(item)}
        row |= _labels(
            {"zh": item.get("guide_zh", ""), "en": item.get("guide_en", "")}, "hint"
        )
        row["constraint"] = _constraint(complete)
        row |= self._logic(complete)
        for key, value in item.items():
            if key in NATIVE and row.get(_native(key)) == value:
                continue
            if key == "id" or (key == "options" and self._has_rows(item)):
                continue
            row[OURS + key] = self._own(key, value)
        self.survey.append(row)

    def _own(self, key: str, value: Any) -> Any:  # noqa: ANN401
        known = {column.key: column.notation for column in self.columns.items}
        if key == "applies" and isinstance(value, Mapping):
            return to_cell(Pairs(), value, _LANGUAGE)
        return to_cell(known.get(key, Words()), value, _LANGUAGE)

    def _has_rows(self, item: Document) -> bool:
        return isinstance(item["options"], list) and bool(item["options"])

    def _logic(self, item: Document) -> Row:
        said = requirement(item, tuple(self.words.tiers))
        conditions, _ = asked_if(item)
        if not said.startswith("if("):
            if said == "'not_applicable'":
                conditions.append("false()")
            required = "yes" if said == "'required'" else ""
            return {"required": required, "relevant": " and ".join(conditions)}
        needed = f"${{{NEEDED}{item['id']}}}"
        conditions.insert(0, f"{needed} != 'not_applicable'")
        relevant = " and ".join(conditions)
        return {"required": f"{needed} = 'required'", "relevant": relevant}

    def _type(self, item: Document) -> str:
        kind = item["kind"]
        if kind == "yes_no":
            return "select_one yes_no"
        if kind == "scale":
            return f"select_one scale_{item['id']}"
        if kind == "choice":
            return f"select_one {self._list_name(item)}"
        if kind == "text":
            return "text"
        numbers = [item.get("min", 0), item.get("max", 0)]
        is_whole = all(isinstance(each, int) for each in numbers)
        return "integer" if is_whole else "decimal"

    def _list_name(self, item: Document) -> str:
        sets = self.document.get("option_sets", {})
        for number, (name, options) in enumerate(sets.items(), start=1):
            # a shared list is recognised by being the very same one
            if item.get("options") is options:
                return (
                    f"set_{number}_{name}" if name.isidentifier() else f"set_{number}"
                )
        return f"options_{item['id']}"

    def _lists(self) -> None:
        """Write the answers to choose from."""
        if any(item["kind"] == "yes_no" for item in self.items):
            self._list("yes_no", [{"id": k, **t.as_dict()} for k, t in YES_NO.items()])
        for item in self.items:
            if item["kind"] == "scale":
                self._list(f"scale_{item['id']}", _steps(item))
            options = item.get("options")
            name = self._list_name(item)
            is_own = name.startswith("options_") and isinstance(options, list)
            if is_own and item["kind"] == "choice":
                self._list(name, options or [])
        sets = self.document.get("option_sets", {})
        for name, options in sets.items():
            self._list(self._list_name({"options": options, "id": ""}), options, name)

    def _list(
        self, name: str, options: Sequence[Document], in_set: str | None = None
    ) -> None:
        known = {column.key: column for column in self.columns.options}
        for option in options:
            row = {"list_name": name, "name": option["id"], **_labels(option)}
            for key in ("score", "cause", "key"):
                if key in option:
                    cell = to_cell(known[key].notation, option[key], _LANGUAGE)
                    row[OURS + key] = cell
            if in_set is not None:
                row[OURS + "set"] = in_set
            self.choices.append(row)

    def _settings(self, origin: Origin) -> None:
        head = {
            key: value
            for key, value in self.document.items()
            if key not in ("sections", "option_sets")
        }
        self.settings = {
            "form_title": head["zh"],
            "form_id": head["id"],
            "version": head["version"],
            "default_language": ZH,
        }
        known = {column.key: column.notation for column in self.columns.head}
        for key, value in head.items():
            is_mapping = isinstance(value, Mapping)
            notation = Pairs() if is_mapping else known.get(key, Words())
            self.settings[OURS + key] = to_cell(notation, value, _LANGUAGE)
        about = {"draft": origin.draft, "revision": origin.revision or ""}
        about["from_version"] = origin.version
        self.settings |= {f"{OURS}file_{key}": value for key, value in about.items()}


def sayable(text: str) -> str:
    """Return a text in which ODK sees no reference to a question."""
    return text.replace("${", "$ {")


def _native(key: str) -> str:
    kind, language = ("hint", key[6:]) if key.startswith("guide_") else ("label", key)
    return f"{kind}::{ZH if language == 'zh' else EN}"


def _labels(text: Text | Mapping[str, Any], kind: str = "label") -> Row:
    pair = text.as_dict() if isinstance(text, Text) else text
    zh, en = pair.get("zh", ""), pair.get("en", "")
    return {f"{kind}::{ZH}": sayable(zh), f"{kind}::{EN}": sayable(en)}


def _constraint(item: Document) -> str:
    if item["kind"] == "timing_seconds":
        return ". >= 0"
    if item["kind"] != "number":
        return ""
    parts = [(">=", item.get("min")), ("<=", item.get("max"))]
    return " and ".join(f". {sign} {n}" for sign, n in parts if n is not None)


def _steps(item: Document) -> list[Document]:
    zh, en = item.get("anchors_zh", {}), item.get("anchors_en", {})
    return [
        {
            "id": str(step),
            "zh": f"{step} {zh.get(str(step), '')}".strip(),
            "en": f"{step} {en.get(str(step), '')}".strip(),
        }
        for step in range(1, STEPS + 1)
    ]
