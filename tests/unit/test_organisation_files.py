import io
import zipfile

import pytest
import xlsxwriter
from openpyxl import load_workbook

from auditapp.domain.errors import InvalidError
from auditapp.domain.organisation import KINDS
from auditapp.domain.organisation_rules import check_organisation
from auditapp.gateways.organisation_files import read_organisation
from auditapp.gateways.organisation_sheets import write_organisation
from auditapp.gateways.sheets import UnreadableSheetError, read_workbook
from organisation_samples import VOCABULARY, small_organisation


@pytest.fixture
def sheet(tmp_path):
    """Return the path of a workbook with the rows of some sheets."""

    def make(**sheets):
        path = tmp_path / "organisation.xlsx"
        with xlsxwriter.Workbook(path) as workbook:
            for title, rows in sheets.items():
                page = workbook.add_worksheet(title)
                for number, row in enumerate(rows):
                    page.write_row(number, 0, row)
        return path

    return make


def problems_of(path):
    file = read_organisation(path)
    return [
        (file.place_of(problem.pointer), problem.code)
        for problem in check_organisation(file.document, VOCABULARY)
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_filled_in_is_read_back(tmp_path, language):
    path = tmp_path / "template.xlsx"
    document = small_organisation()
    document["company"] = [document["company"]]
    document["agencies"] = [document.pop("agency")]
    document["users"][1]["regions"] = [document["users"][1].pop("region")]
    write_organisation(path, document, VOCABULARY, language)
    read = read_organisation(path).document
    assert check_organisation(read, VOCABULARY) == []
    for kind in KINDS:
        for written, found in zip(document[kind.name], read[kind.name], strict=True):
            assert found == {k: v for k, v in written.items() if v not in ([], None)}


def test_an_empty_template_helps_with_lists_hints_and_a_frozen_header(tmp_path):
    path = tmp_path / "template.xlsx"
    write_organisation(path, {}, VOCABULARY, "zh")
    workbook = load_workbook(path)
    assert workbook.sheetnames == ["说明", *(kind.label.zh for kind in KINDS)]
    halls = workbook["营业厅"]
    assert halls.freeze_panes == "B2"
    rules = [rule.formula1 for rule in halls.data_validations.dataValidation]
    assert '"flagship,standard,small,township"' in rules
    assert '"是,否"' in rules
    assert "-90" in rules
    assert "kiosk＝" in str([row[3].value for row in workbook["说明"].rows])


def test_mistakes_in_a_workbook_are_told_by_sheet_and_cell(sheet):
    path = sheet(
        halls=[["id", "等级", "Latitude", "特别"], [], ["X1", "palace", "abc", "?"]],
        regions=[["id"], ["east"]],
        Sheet9=[["x"]],
    )
    found = problems_of(path)
    assert ("halls!B3", "unknown-word") in found
    assert ("halls!C3", "not-a-number") in found
    assert ("halls!D3", "unknown-field") in found
    assert ("halls!A3", "missing") in found
    assert ("regions!A2", "missing") in found
    assert ("Sheet9", "unknown-part") in found


def test_mistakes_in_yaml_are_told_by_line(tmp_path):
    path = tmp_path / "organisation.yaml"
    path.write_text(
        "regions:\n- {id: east, zh: 东, en: East}\nhalls:\n- id: X1\n  tier: x\n"
    )
    assert ("organisation.yaml:5", "unknown-word") in problems_of(path)


def test_numbers_typed_as_text_and_chinese_separators_are_understood(sheet):
    path = sheet(
        halls=[
            ["id", "lat", "counters", "traits_add", "active"],
            ["1", "30.5", "4", "hot、kiosk", "否"],
        ]
    )
    (hall,) = read_organisation(path).document["halls"]
    assert hall == {
        "id": "1",
        "lat": 30.5,
        "counters": 4,
        "traits_add": ["hot", "kiosk"],
        "active": False,
    }


def packed(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"xl/workbook.xml": "<workbook/>", **parts}.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 but no archive",
        packed(),
        packed(**{"xl/worksheets/sheet1.xml": '<c r="XFD1048576"><v>1</v></c>'}),
        packed(**{"xl/worksheets/sheet1.xml": " " * 100_000_000}),
        packed(
            **{
                "xl/sharedStrings.xml": "<t>" + "x" * 1_000_000 + "</t>",
                "xl/worksheets/sheet1.xml": '<c t="s"><v>0</v></c>' * 2000,
            }
        ),
        packed(**{f"part{n}": "" for n in range(600)}),
    ],
    ids=["empty", "cut", "hollow", "far", "bomb", "shared", "many"],
)
def test_what_would_fill_the_memory_or_is_no_workbook_is_refused(content):
    with pytest.raises(UnreadableSheetError) as refusal:
        read_workbook(content)
    assert refusal.value.problems[0].text.zh


def test_yaml_that_multiplies_itself_is_refused(tmp_path):
    path = tmp_path / "bomb.yaml"
    path.write_text("a: &a [1, 1]\nregions: [*a, *a]\n")
    with pytest.raises(InvalidError):
        read_organisation(path)
