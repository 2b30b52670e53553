"""One question of an XLSForm as an item."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditapp.domain.checklist_document import expanded
from auditapp.domain.checklist_rules.untranslated import in_both
from auditapp.domain.text import Text
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.columns import Columns
from auditapp.gateways.standard_files.model import Document
from auditapp.gateways.standard_files.xlsform_choices import ChoiceList, completed
from auditapp.gateways.standard_files.xlsform_ids import Ids
from auditapp.gateways.standard_files.xlsform_notes import Findings
from auditapp.gateways.standard_files.xlsform_out import sayable
from auditapp.gateways.standard_files.xlsform_own import own_values
from auditapp.gateways.standard_files.xlsform_relevant import (
    read_constraint,
    read_relevant,
)
from auditapp.gateways.standard_files.xlsform_rows import FormRow

# what an item may be already when its type says no more than this
_FITS = {"number": {"number", "timing_seconds"}, "text": {"text"}, "yes_no": {"yes_no"}}
_RANGE = re.compile(r"(start|end)\s*=\s*(-?\d+(?:\.\d+)?)")

_NO_CONDITION = Text(
    "读不懂的出现条件（relevant），题目留下了，每次都问",
    "conditions (relevant) that cannot be held here; the question stays and is always"
    " asked",
)
_NO_CONSTRAINT = Text(
    "读不懂的取值限制（constraint）", "limits (constraint) that cannot be held here"
)
_NEW_NAME = Text(
    "name不能作编号，另起了编号的题",
    "questions whose name cannot be an id; they got one",
)
_AS_YES_NO = Text("确认题变成了是否题", "acknowledgements became yes or no")
_AS_WORDS = Text(
    "日期、时间和条码题变成了文字题", "dates, times and barcodes became words"
)


@dataclass(slots=True)
class ItemMaker:
    """Makes items; ``own`` are the keys that the form's own columns decide."""

    columns: Columns
    vocabulary: Vocabulary
    base: Document
    head: Document
    own: set[str]
    lists: Mapping[str, ChoiceList]
    findings: Findings
    ids: Ids

    def make(
        self,
        row: FormRow,
        told: tuple[str, str, str],
        section: Document,
        around: Mapping[str, Any],
    ) -> Document:
        """Return the item of a row.

        ``told`` is its kind, its plain type and its list; ``section`` where it is put,
        ``around`` what its groups ask for.
        """
        kind, plain, list_name = told
        held = self._held(row.get("name"))
        item_id = held["id"] if held else self._new_id(row)
        decided = {"id", "zh", "en", "guide_zh", "guide_en", *self.own}
        item = {key: value for key, value in held.items() if key not in decided}
        item |= {"id": item_id, **self._texts(row)}
        item |= own_values(row, self.columns.items, self.findings)
        item["id"] = item_id
        self._keep_texts(item, row)
        found = self.lists.get(list_name, ChoiceList())
        if not held and not self.own:
            item |= self._foreign(row, kind, plain, around)
        self._set_kind(item, section, kind, found)
        return item

    def _held(self, name: str) -> Document:
        """Return the item of the version; empty: it has none."""
        for section in self.base.get("sections", ()):
            for item in section["items"]:
                if item["id"] == name and name not in self.ids.taken:
                    self.ids.taken.add(name)
                    self.ids.by_name[name] = name
                    held: Document = item
                    return held
        return {}

    def _new_id(self, row: FormRow) -> str:
        name = row.get("name")
        given = self.ids.give(name)
        if given != name:
            self.findings.leave_out(_NEW_NAME, row.at("name"))
        return given

    def _texts(self, row: FormRow) -> Document:
        texts: Document = dict(in_both(row.said("label"), row.get("name")))
        hints = row.said("hint")
        if hints:
            pair = in_both(hints, "")
            texts |= {f"guide_{lang}": text for lang, text in pair.items()}
        return texts

    def _keep_texts(self, item: Document, row: FormRow) -> None:
        """Take our own wording where ODK could not hold it, unless it was edited."""
        for key, kind in (("zh", "label"), ("en", "label"), ("guide_zh", "hint"),
                          ("guide_en", "hint")):  # fmt: skip
            native = row.said(kind).get(key.removeprefix("guide_"))
            own = item.get(key)
            if native and isinstance(own, str) and sayable(own).strip() != native:
                item[key] = native

    def _set_kind(
        self, item: Document, section: Document, kind: str, found: ChoiceList
    ) -> None:
        """Let the type decide where what the version says does not fit it."""
        now = expanded(item, section, self.head).get("kind")
        fits = _FITS.get(kind, {"choice"})
        if kind == "choice" and found.is_yes_no:
            kind, fits = "yes_no", {"yes_no", "choice"}
        elif found.is_scale:
            fits = {"scale", "choice"}
        if now not in fits:
            item["kind"] = now = kind
        if now == "choice":
            self._set_options(item, section, found)

    def _set_options(
        self, item: Document, section: Document, found: ChoiceList
    ) -> None:
        defaults = {**self.head.get("defaults", {}), **section.get("defaults", {})}
        named = item.get("options", defaults.get("options"))
        if found.set_name:
            if named != found.set_name:
                item["options"] = found.set_name
            return
        sets = self.head.get("option_sets", {})
        old = sets.get(named) if isinstance(named, str) else named
        known = {o["id"]: o for o in old if "id" in o} if isinstance(old, list) else {}
        options = [completed(o, known.get(o["id"], {})) for o in found.options]
        if isinstance(named, str) and options == old:
            return  # a shared set that nobody touched
        item["options"] = options

    def _foreign(
        self, row: FormRow, kind: str, plain: str, around: Mapping[str, Any]
    ) -> Document:
        """Return what a form from elsewhere cannot say of an item, by default."""
        tags = self.vocabulary.tags
        item: Document = {
            "weight": 0,
            "quality": "soft",
            **{tag: next(iter(tags[tag])) for tag in ("group", "rater", "owner")},
            "cause": "process" if "process" in tags["cause"] else "",
        }
        if kind == "text" and plain not in ("text", "string"):
            self.findings.leave_out(_AS_WORDS, row.at("type"))
        if kind == "yes_no":
            self.findings.leave_out(_AS_YES_NO, row.at("type"))
        if kind == "number":
            item |= self._bounds(row, plain)
        asked = dict(around)
        relevant = row.get("relevant")
        if relevant:
            found = self._relevant(relevant)
            if found is None:
                self.findings.leave_out(_NO_CONDITION, row.at("relevant"))
            asked |= found or {}
        return {**item, "ask_if": asked} if asked else item

    def condition(self, row: FormRow) -> dict[str, Any]:
        """Return what a group asks for; what cannot be held is noted."""
        found = self._relevant(row.get("relevant")) if row.get("relevant") else {}
        if found is None:
            self.findings.leave_out(_NO_CONDITION, row.at("relevant"))
        return found or {}

    def _relevant(self, written: str) -> dict[str, Any] | None:
        asked = read_relevant(written)
        if asked is None or not asked.keys() <= self.ids.by_name.keys():
            return None
        return {self.ids.by_name[name]: value for name, value in asked.items()}

    def _bounds(self, row: FormRow, plain: str) -> Document:
        if plain == "range":
            found = dict(_RANGE.findall(row.get("parameters")))
            ends = {"min": found.get("start", "1"), "max": found.get("end", "10")}
            return {
                key: float(end) if "." in end else int(end) for key, end in ends.items()
            }
        if not row.get("constraint"):
            return {}
        bounds = read_constraint(row.get("constraint"))
        if bounds is None or any(each < 0 for each in bounds.values()):
            self.findings.leave_out(_NO_CONSTRAINT, row.at("constraint"))
            return {}
        return dict(bounds)
