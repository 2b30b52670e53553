"""An XLSForm as a checklist: our own comes back, others are taken as far as it goes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditapp.domain.checklist_rules.untranslated import in_both
from auditapp.domain.errors import InvalidError, Problem
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.columns import columns_of
from auditapp.gateways.standard_files.model import CellAt, Document, ReadStandard
from auditapp.gateways.standard_files.xlsform_book import OURS
from auditapp.gateways.standard_files.xlsform_choices import ChoiceList, read_choices
from auditapp.gateways.standard_files.xlsform_ids import Ids
from auditapp.gateways.standard_files.xlsform_items import ItemMaker
from auditapp.gateways.standard_files.xlsform_notes import Findings
from auditapp.gateways.standard_files.xlsform_out import PLACE
from auditapp.gateways.standard_files.xlsform_own import (
    form_origin,
    own_keys,
    own_values,
    read_settings,
)
from auditapp.gateways.standard_files.xlsform_rows import FormRow, FormSheet
from auditapp.gateways.standard_files.xlsform_types import (
    is_group,
    kind_of,
    left_out,
    plain_type,
    unknown_type,
)

MOST_ITEMS = 500
_USED = {
    "type", "name", "label", "hint", "relevant", "constraint", "parameters",
    "calculation", "choice_filter", "required", "constraint_message",
}  # fmt: skip


def read_xlsform(
    form: Mapping[str, FormSheet],
    vocabulary: Vocabulary,
    base: Document,
    taken: Collection[str] = (),
) -> ReadStandard:
    """Return the checklist of a form; ``base`` is the version it is compared with.

    ``taken`` are ids that no new item may have.

    Raises:
        InvalidError: Nothing in it can be asked here, or it is far too long.
    """
    columns, findings = columns_of(vocabulary), Findings()
    head, is_ours = read_settings(form["settings"], columns, base, findings)
    lists = read_choices(form["choices"], columns, findings)
    if is_ours:
        head |= _sets(lists)
    elif "option_sets" in base:
        head["option_sets"] = base["option_sets"]
    own = own_keys(form["survey"]) if is_ours else set()
    maker = ItemMaker(
        columns, vocabulary, base, head, own, lists, findings, Ids(set(taken))
    )
    walk = _Walk(form["survey"], maker, findings)
    walk.read()
    count = sum(len(section["items"]) for section in walk.sections)
    if not findings.faults and not 0 < count <= MOST_ITEMS:
        text = _TOO_MANY if count else _nothing(findings)
        raise InvalidError([Problem("", "no-items", text)])
    if not is_ours:
        _tell(form, findings)
    return ReadStandard(
        {**head, "sections": walk.sections},
        form_origin(form["settings"]),
        tuple(findings.faults),
        tuple(findings.notes()),
        findings.places,
        is_foreign=not is_ours,
    )


@dataclass(slots=True)
class _Group:
    kind: str
    row: FormRow
    asked: dict[str, Any]


@dataclass(slots=True)
class _Walk:
    """One pass over the questions; the outermost groups are the sections."""

    sheet: FormSheet
    maker: ItemMaker
    findings: Findings
    sections: list[Document] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    section_ids: Ids = field(default_factory=Ids)
    is_loose: bool = False

    def read(self) -> None:
        """Fill the sections."""
        for row in self.sheet.rows:
            said = row.get("type")
            plain, rest = plain_type(said)
            is_ours = row.get("name").startswith(OURS) and row.get("name") != PLACE
            if not said or is_ours:
                continue
            if is_group(plain):
                self._group(plain, row)
            elif any(group.kind != "group" for group in self.groups):
                self.findings.leave_out(_REPEATED, self.groups[-1].row.at("type"))
            else:
                self._question(plain, rest, row)
        for group in self.groups:
            self.findings.refuse(
                group.row.at("type"),
                "这一组没有结束（end group）。",
                "The group is never closed (end group).",
            )
        self.sections = [s for s in self.sections if s["items"] or self.maker.own]

    def _group(self, plain: str, row: FormRow) -> None:
        way, kind = plain.split(" ")
        if way == "end":
            if self.groups:
                self.groups.pop()
            else:
                self.findings.refuse(
                    row.at("type"),
                    "这里结束了一组，可是前面没有开始。",
                    "A group ends here that never began.",
                )
            return
        if not self.groups and row.get("name") != PLACE and kind == "group":
            self._open(row)
        elif kind == "group" and row.get("name") != PLACE:
            self.findings.leave_out(_INNER, row.at("type"))
        asked = {} if self.maker.own else self.maker.condition(row)
        self.groups.append(_Group(kind, row, asked))

    def _open(self, row: FormRow) -> None:
        own = own_values(row, self.maker.columns.sections, self.findings)
        name = own.pop("id", "") or row.get("name")
        held: Document = next(
            (s for s in self.maker.base.get("sections", ()) if s["id"] == name), {}
        )
        kept: Document = {key: held[key] for key in ("stage", "answer_at", "defaults")
                if key in held and key not in self.maker.own}  # fmt: skip
        if held or self.maker.own:
            section_id = name
            self.section_ids.taken.add(name)
        else:
            section_id = self.section_ids.give(name or "section")
            kept = {"stage": self._stage(), "answer_at": "after"}
        texts = in_both(row.said("label"), row.get("name"))
        self._add({"id": section_id, **texts, **kept, **own, "items": []}, row.at())
        self.is_loose = False

    def _stage(self) -> str:
        stages = list(self.maker.vocabulary.stages)
        return "after" if "after" in stages else stages[-1]

    def _add(self, section: Document, at: CellAt) -> None:
        self.findings.places[f"/sections/{len(self.sections)}"] = at
        self.sections.append(section)

    def _question(self, plain: str, rest: str, row: FormRow) -> None:
        reason = left_out(plain)
        if reason is not None:
            zh, en = f"没有读：{reason.zh}", f"Left out: {reason.en}"
            self.findings.leave_out(Text(zh, en), row.at("type"))
            return
        kind = kind_of(plain)
        if kind is None:
            text = unknown_type(row.get("type"))
            self.findings.refuse(row.at("type"), text.zh, text.en)
            return
        list_name = rest.split(" ", maxsplit=1)[0] if plain == "select_one" else ""
        if not self._is_sound(row, plain, list_name):
            return
        if "or_other" in rest or "or other" in rest:
            self.findings.leave_out(_OTHER, row.at("type"))
        if not self.groups and not self.is_loose:
            self._open_loose(row)
        around: dict[str, Any] = {}
        for group in self.groups:
            around |= group.asked
        told = (kind, plain, list_name)
        item = self.maker.make(row, told, self.sections[-1], around)
        self._keep(item, row, list_name)

    def _open_loose(self, row: FormRow) -> None:
        """Begin a section for questions that stand in no group."""
        section_id = self.section_ids.give("questions")
        texts = {"zh": "其他问题", "en": "Other questions"}
        more = {"stage": self._stage(), "answer_at": "after", "items": []}
        self._add({"id": section_id, **texts, **more}, row.at())
        self.is_loose = True

    def _is_sound(self, row: FormRow, plain: str, list_name: str) -> bool:
        if not row.get("name"):
            self.findings.refuse(
                row.at("name"),
                "这道题没有name，请写一个。",
                "The question has no name; write one.",
            )
            return False
        if plain == "select_one" and not self.maker.lists.get(list_name):
            self.findings.refuse(
                row.at("type"),
                f"choices页里没有“{list_name}”这个列表。",
                f"The sheet choices has no list “{list_name}”.",
            )
            return False
        return True

    def _keep(self, item: Document, row: FormRow, list_name: str) -> None:
        at = len(self.sections) - 1
        pointer = f"/sections/{at}/items/{len(self.sections[at]['items'])}"
        self.sections[at]["items"].append(item)
        places = self.findings.places
        places[pointer] = row.at()
        texts = {"zh": "label", "en": "label", "id": "name", "kind": "type"}
        for key in item:
            column = texts.get(key) or (
                OURS + key if OURS + key in row.letters else "name"
            )
            places[f"{pointer}/{key}"] = row.at(column)
        found = self.maker.lists.get(list_name, ChoiceList())
        for index, place in enumerate(found.places):
            places[f"{pointer}/options/{index}"] = place


def _sets(lists: Mapping[str, ChoiceList]) -> Document:
    sets = {found.set_name: found.options for found in lists.values() if found.set_name}
    return {"option_sets": sets} if sets else {}


def _tell(form: Mapping[str, FormSheet], findings: Findings) -> None:
    """Note what a form from elsewhere holds in columns that mean nothing here."""
    nowhere = CellAt("survey", 0)
    for row in form["survey"].rows:
        for column in row.cells:
            name = column.partition("::")[0]
            if name not in _USED and not column.startswith(OURS):
                findings.leave_out(_column(name), row.at(column))
        if row.get("choice_filter"):
            findings.leave_out(_FILTER, row.at("choice_filter"))
    findings.leave_out(_DEFAULTS, nowhere)


def _nothing(findings: Findings) -> Text:
    """Say why no question is left, with what was left out."""
    notes = [note.text for note in findings.notes()]
    zh, en = "".join(t.zh for t in notes), " ".join(t.en for t in notes)
    return Text(_NOTHING.zh + zh, f"{_NOTHING.en} {en}".strip())


def _column(name: str) -> Text:
    return Text(f"没有读：“{name}”这一列", f"Left out: the column “{name}”")


_REPEATED = Text(
    "没有读：要重复回答的组（repeat）里的题",
    "Left out: questions in groups that repeat",
)
_INNER = Text(
    "组里的组：题目归到最外面那一组",
    "Groups within groups: their questions stand in the outermost one",
)
_OTHER = Text("没有读：“其他，请注明”", "Left out: “other, please specify”")
_FILTER = Text(
    "没有读：按前面的回答筛选选项（choice_filter），现在列出全部选项",
    "Left out: choices filtered by earlier answers (choice_filter); all are listed now",
)
_DEFAULTS = Text(
    "表里没有的都用了默认值，请在草稿里补：权重0（不计分），选项得0分，软质量，归因“制度流程”，"
    "各等级必查，离厅后作答；缺中文或英文的标着“待译”，译好才能发布。",
    "What the form does not say got a default, to be completed in the draft: weight 0"
    " (not scored), options score 0, soft quality, cause “Process and rules”, required"
    " at every tier, answered afterwards; texts in one language are marked “To"
    " translate”, and cannot be published before they are.",
)
_NOTHING = Text(
    "这个XLSForm里没有能在检查表里问的题（选择、数字或文字）。",
    "Nothing in this XLSForm can be asked in a checklist: no choice, number or text.",
)
_TOO_MANY = Text(
    f"这个XLSForm超过{MOST_ITEMS}题，不能作检查表。",
    f"The XLSForm has over {MOST_ITEMS} questions, too many for a checklist.",
)
