"""The one door for files of the standard: which kind it is, written and read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.standard_files.head_in import read_origin
from auditapp.gateways.standard_files.house_yaml import read_house_yaml, write_yaml
from auditapp.gateways.standard_files.model import (
    Document,
    Note,
    Origin,
    ReadStandard,
)
from auditapp.gateways.standard_files.rows import Rows, read_rows
from auditapp.gateways.standard_files.sheets_in import read_workbook_tables
from auditapp.gateways.standard_files.workbook import write_workbook
from auditapp.gateways.standard_files.xlsform_in import read_xlsform
from auditapp.gateways.standard_files.xlsform_out import write_xlsform
from auditapp.gateways.standard_files.xlsform_own import form_origin
from auditapp.gateways.standard_files.xlsform_rows import FormSheet, find_form

XLSX, YAML, XLSFORM = "xlsx", "yaml", "xlsform"
KINDS = (XLSX, YAML, XLSFORM)
POLICY_KINDS = (YAML,)
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {
    XLSX: _XLSX_TYPE,
    YAML: "application/yaml; charset=utf-8",
    XLSFORM: _XLSX_TYPE,
}
ENDINGS = {XLSX: ".xlsx", YAML: ".yaml", XLSFORM: "-xlsform.xlsx"}
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # workbooks, new and old


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file of which the kind is known, and what it says it was made from."""

    kind: str
    origin: Origin
    sheets: Mapping[str, Rows] | None = None
    form: Mapping[str, FormSheet] | None = None
    yaml: ReadStandard | None = None

    def read(
        self, vocabulary: Vocabulary, base: Document, taken: Collection[str] = ()
    ) -> ReadStandard:
        """Return the document; what the file cannot say is as in ``base``.

        ``taken`` are ids that belong to other checklists.

        Raises:
            InvalidError: There is no checklist in it.
        """
        if self.yaml is not None:
            return self.yaml
        if self.form is not None:
            return read_xlsform(self.form, vocabulary, base, taken)
        return read_workbook_tables(self.sheets or {}, vocabulary, base)


def open_file(content: bytes) -> OpenedFile:
    """Tell what a file is by its first bytes and its sheets.

    Raises:
        InvalidError: It cannot be read; the problem says what to do.
        UnavailableError: Too many workbooks are being read just now.
    """
    if not content.startswith(_BINARY):
        read = read_house_yaml(content)
        return OpenedFile(YAML, read.origin, yaml=read)
    sheets = read_rows(content)
    form = find_form(sheets)
    if form is not None:
        return OpenedFile(XLSFORM, form_origin(form["settings"]), form=form)
    return OpenedFile(XLSX, read_origin(sheets), sheets=sheets)


def write_file(
    kind: str,
    document: Document,
    vocabulary: Document,
    origin: Origin,
    language: str,
) -> tuple[bytes, list[Note]]:
    """Return a document as a file of a kind, and what the kind does not keep.

    Raises:
        InvalidError: A text is too long for a cell.
    """
    if kind == XLSFORM:
        return write_xlsform(document, vocabulary, origin)
    if kind == XLSX:
        return write_workbook(document, vocabulary, origin, language), []
    title = " / ".join(str(document[k]) for k in ("zh", "en") if k in document)
    tiers = tuple(vocabulary.get("tiers", ()))
    content = write_yaml(document, origin, title or str(document.get("id")), tiers)
    return content, []


def kind_of_path(path: Path) -> str | None:
    """Return the kind that a file's name asks for; None for any other name."""
    if path.name.endswith((".xlsform.xlsx", ENDINGS[XLSFORM])):
        return XLSFORM
    return {".xlsx": XLSX, ".yaml": YAML, ".yml": YAML}.get(path.suffix.lower())
