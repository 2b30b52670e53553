"""XLSForms: ours pass ODK's validation; other people's are read as far as it goes."""

import io
import os
import shutil
import warnings
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from auditapp.domain.checklist_rules import check_checklist
from auditapp.domain.errors import InvalidError
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.checklist_files import (
    CHECKLIST_DIR,
    checklist_paths,
    load_yaml,
)
from auditapp.gateways.standard_files.files import XLSFORM, write_file
from auditapp.gateways.standard_files.house_yaml import with_text_keys
from auditapp.gateways.standard_files.model import Origin
from auditapp.gateways.standard_files.worker import read_sheets
from auditapp.gateways.standard_files.xlsform_in import read_xlsform
from auditapp.gateways.standard_files.xlsform_relevant import (
    read_constraint,
    read_relevant,
)
from auditapp.gateways.standard_files.xlsform_rows import find_form

FORMS = Path(__file__).parents[1] / "data/xlsforms"
SHIPPED = [path.stem for path in checklist_paths()]


@cache
def vocabulary():
    return load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document


@cache
def words():
    return Vocabulary.from_document(vocabulary())


def shipped(name="telecom_hall_mystery"):
    return with_text_keys(load_yaml(CHECKLIST_DIR / f"{name}.yaml").document)


def exported(document):
    return write_file(XLSFORM, document, vocabulary(), Origin(), "zh")


def read(content, base=None):
    form = find_form(dict(read_sheets(content)))
    return read_xlsform(form, words(), base if base is not None else {})


def form_of(survey, choices=(), settings=()):
    book = Workbook()
    book.active.title = "survey"
    for title, rows in (("survey", survey), ("choices", choices),
                        ("settings", settings)):  # fmt: skip
        sheet = book[title] if title == "survey" else book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def items_of(found):
    return [i for section in found.document["sections"] for i in section["items"]]


@pytest.fixture(scope="module")
def java():
    """ODK Validate, which pyxform brings, needs it."""
    if shutil.which("java") is None:
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail("Java is not installed")
        pytest.skip("Java is not installed (script/setup --dev installs it)")


@pytest.mark.usefixtures("java")
@pytest.mark.parametrize("name", SHIPPED)
def test_odk_validate_finds_nothing_wrong_with_what_we_export(name, tmp_path):
    from pyxform.xls2xform import convert  # noqa: PLC0415 (slow, for these tests only)

    path = tmp_path / "form.xlsx"
    path.write_bytes(exported(shipped(name))[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # of pyxform's child
        made = convert(path, validate=True)
    assert made.warnings == []
    assert "English (en)" in made.xform


def test_what_odk_and_kobo_do_not_keep_is_listed_with_its_items():
    told = " ".join(note.text.en for note in exported(shipped())[1])
    assert "a whole number of seconds there (ent_greet_time, wai_time" in told
    assert "Photo rules: ODK asks for no photo (20 items)" in told
    assert "auditapp_" in told


def test_a_form_that_lost_our_columns_keeps_what_the_version_says():
    """Kobo's form builder drops columns that it does not know."""
    document = shipped()
    book = load_workbook(io.BytesIO(exported(document)[0]))
    for sheet in book:
        for column in range(sheet.max_column, 0, -1):
            if str(sheet.cell(1, column).value).startswith("auditapp_"):
                sheet.delete_cols(column)
    survey = book["survey"]
    for row in survey.iter_rows(min_row=2):
        if row[1].value == "int_umbrella_rack":
            row[3].value = "Rack for umbrellas"
    file = io.BytesIO()
    book.save(file)
    found = read(file.getvalue(), base=document)
    assert found.faults == ()
    changed = [
        (one, other)
        for one, other in zip(
            items_of(found),
            [i for s in document["sections"] for i in s["items"]],
            strict=True,
        )
        if one != other
    ]
    assert [one["en"] for one, _ in changed] == ["Rack for umbrellas"]


def test_a_form_from_elsewhere_becomes_sections_items_and_options():
    content = form_of(
        [
            ["type", "name", "label::English (en)", "label::中文", "hint", "relevant",
             "constraint", "appearance"],
            ["begin group", "Shop front", "Shop front", "门面"],
            ["select_one yn", "Clean-it", "Is it clean?", "干净吗？", "Look closely"],
            ["select_one cause", "why", "Why not?", None, None, "${Clean-it} = 'no'"],
            ["integer", "people", "How many people?", "几个人？", None,
             "selected(${why}, 'dirt') and ${Clean-it} = 'no'", ". >= 0 and . < 50"],
            ["select_multiple cause", "all", "All that apply"],
            ["begin repeat", "r", "Again"],
            ["text", "inner", "Inner"],
            ["end repeat"],
            ["geopoint", "place", "Where"],
            ["end group"],
            ["text", "more", "Anything else?", "还有吗？", None, "${people} > 3", None,
             "multiline"],
        ],
        [
            ["list_name", "name", "label::English (en)", "label::中文"],
            ["yn", "yes", "Yes", "是"],
            ["yn", "no", "No", "否"],
            ["cause", "dirt", "Dirt", "脏"],
            ["cause", "other", "Other", None],
        ],
    )  # fmt: skip
    found = read(content, base=shipped())
    assert found.is_foreign
    assert found.faults == ()
    first, second = found.document["sections"]
    assert (first["id"], first["zh"], first["en"]) == (
        "shop_front", "门面", "Shop front"
    )  # fmt: skip
    assert second["zh"] == "其他问题"
    clean, why, people, more = items_of(found)
    assert (clean["id"], clean.get("kind", "yes_no")) == ("clean_it", "yes_no")
    assert clean["guide_en"] == "Look closely"
    assert clean["guide_zh"] == "【待译】Look closely"
    assert why["kind"] == "choice"
    assert why["zh"] == "【待译】Why not?"
    assert why["ask_if"] == {"clean_it": "no"}
    assert why["options"] == [
        {"score": 0, "id": "dirt", "zh": "脏", "en": "Dirt"},
        {"score": 0, "id": "other", "zh": "【待译】Other", "en": "Other"},
    ]
    assert people["ask_if"] == {"why": "dirt", "clean_it": "no"}
    assert (people["min"], people["max"]) == (0, 49)
    assert more["ask_if"] == {"people": ">3"}
    told = " ".join(note.text.en for note in found.left_out)
    assert "questions with several answers (survey, row 6)" in told
    assert "questions in groups that repeat (survey, row 7)" in told
    assert "places on a map (survey, row 10)" in told
    assert "the column “appearance” (survey, row 12)" in told
    codes = {p.code for p in check_checklist(found.document, words(), {})}
    assert codes == {"untranslated"}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["selct_one yn", "a", "A"]], "“survey”, row 2, column A “type”"),
        ([["select_one nothing", "a", "A"]], "no list “nothing”"),
        ([["text", None, "A"]], "The question has no name"),
        ([["begin group", "g", "G"], ["text", "a", "A"]], "never closed"),
        ([["text", "a", "A"], ["end group"]], "never began"),
    ],
)
def test_what_cannot_be_read_is_refused_with_sheet_row_and_column(rows, says):
    found = read(form_of([["type", "name", "label"], *rows]), base=shipped())
    told = " ".join(
        f"{found.place_of(f.pointer).text().en}: {f.text.en}" for f in found.faults
    )
    assert says in told
    assert len(found.faults) == 1


def test_a_form_without_anything_to_ask_is_refused_and_says_what_was_there():
    survey = [["type", "name", "label"], ["note", "a", "A"], ["geopoint", "b", "B"]]
    with pytest.raises(InvalidError) as caught:
        read(form_of(survey), base=shipped())
    assert (
        "notes that nobody answers (survey, row 2)" in caught.value.problems[0].text.en
    )


@pytest.mark.parametrize(
    ("name", "items", "faults"),
    [
        ("UCL_Biomass_Plot_Form.xlsx", 12, 0),
        ("or_other.xlsx", 2, 0),
        ("unknown_question_type.xls", 36, 10),
        ("ODK_PreFlight_Multirotor_CL.xls", 19, 0),
    ],
)
def test_public_forms_are_read_or_refused_line_by_line(name, items, faults):
    found = read((FORMS / name).read_bytes(), base=shipped())
    assert len(items_of(found)) == items
    assert len(found.faults) == faults
    assert all(found.place_of(fault.pointer) for fault in found.faults)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("${a} = 'x'", {"a": "x"}),
        ('(${a}="x") and ${b} >= 3', {"a": "x", "b": ">=3"}),
        ("selected(${a}, 'x')", {"a": "x"}),
        ("${a} = 5", {"a": 5}),
        ("${a} = 'x' or ${b} = 'y'", None),
        ("not(selected(${a}, 'x'))", None),
        ("${a} > ${b}", None),
        ("${a} = 'x' and ${a} = 'y'", None),
        ("once(${a})", None),
        ("((((", None),
    ],
)
def test_conditions_are_held_exactly_or_not_at_all(written, means):
    assert read_relevant(written) == means


@pytest.mark.parametrize(
    ("written", "means"),
    [
        (". >= 1 and . <= 10", {"min": 1, "max": 10}),
        (".>0 and .<5", {"min": 1, "max": 4}),
        (".>=0.5", {"min": 0.5}),
        (". > 0.5", None),
        ("regex(., '[0-9]+')", None),
        (". <= today()", None),
    ],
)
def test_limits_are_held_exactly_or_not_at_all(written, means):
    assert read_constraint(written) == means
