"""What headquarters sees of ``flask checklist``."""

import pytest

from auditapp.gateways.checklist_files import CHECKLIST_DIR
from factories import make_city, make_hall

MYSTERY = CHECKLIST_DIR / "telecom_hall_mystery.yaml"
RACK = ("checklist", "resolve", "telecom_hall_mystery", "--item", "int_umbrella_rack")


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


def spoil(path, before, after):
    content = MYSTERY.read_text()
    assert before in content
    path.write_text(content.replace(before, after, 1))
    return path


def test_the_shipped_checklists_pass(run):
    result = run("checklist", "check")
    assert result.exit_code == 0, result.output
    assert "66题，其中60题计分" in result.output


def test_a_mistake_is_printed_with_file_line_and_sentence(run, tmp_path):
    path = spoil(tmp_path / "spoilt.yaml", "weight: 5", "weight: 3")
    line = MYSTERY.read_text().splitlines().index("    weight: 5") + 1
    result = run("checklist", "check", path)
    assert result.exit_code == 1
    assert result.output.startswith(f"{path}:{line}: 题目“ext_open”：关键题的权重")
    english = run("checklist", "check", path, "--lang", "en").output
    assert "a critical item weighs 4 or 5, not 3" in english


def test_a_file_that_is_no_yaml_is_named_and_the_others_are_checked(run, tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("a: 1\nb: [\n")
    result = run("checklist", "check", path, MYSTERY)
    assert result.exit_code == 1
    assert f"{path}:3: " in result.output
    assert f"{MYSTERY}: " in result.output


def test_items_of_another_checklist_are_refused(run, tmp_path):
    path = spoil(tmp_path / "new.yaml", "id: telecom_hall_mystery", "id: another_list")
    result = run("checklist", "check", path)
    assert "telecom_hall_mystery" in result.output
    assert result.exit_code == 1


def test_a_hall_of_the_database_is_resolved(run, session):
    city = make_city(session, traits_add=["rainy"])
    hall = make_hall(session, city, tier="standard", traits_remove=[], traits_add=[])
    session.commit()
    result = run(*RACK, "--hall", hall.hall_id)
    assert result.exit_code == 0, result.output
    assert "必查" in result.output
    assert "本厅是标准厅、多雨，所以必查" in result.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--tier", "township"], "乡镇厅不问"),
        (["--tier", "small"], "只有多雨的小型厅才问"),
        (["--tier", "small", "--trait", "rainy"], "本厅是小型厅、多雨，所以可选"),
        (["--tier", "flagship", "--lang", "en"], "Flagship hall: optional"),
    ],
)
def test_a_made_up_hall_is_resolved_without_data(run, words, sentence):
    assert sentence in run(*RACK, *words).output


def test_todays_weather_decides(run):
    mat = ("checklist", "resolve", "telecom_hall_mystery", "--item", "ext_slip_mat")
    dry = run(*mat, "--tier", "small").output
    wet = run(*mat, "--tier", "small", "--today", "raining").output
    assert "只在正在下雨、下雪或结冰时才问" in dry
    assert "今天下雨，所以必查" in wet


@pytest.mark.parametrize(
    "words",
    [
        ["--hall", "XX99"],
        ["--tier", "giant"],
        ["--tier", "small", "--trait", "wet"],
        ["--tier", "small", "--today", "rain"],
        ["--tier", "small", "--scenario", "lunch"],
        ["--tier", "small", "--item", "nothing"],
        [],
    ],
)
def test_words_that_nobody_knows_are_refused(run, words):
    result = run("checklist", "resolve", "telecom_hall_mystery", *words)
    assert result.exit_code == 2
