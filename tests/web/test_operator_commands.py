"""The commands that operators type: organisation, checklists, visits, people."""

import pytest
import yaml
from sqlalchemy import func, select

from auditapp.services.accounts import check_password
from auditapp.store.checklists import ChecklistVersionRow
from auditapp.store.organisation import HallRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from organisation_samples import small_organisation

MYSTERY = "checklists/telecom_hall_mystery.yaml"


@pytest.fixture
def run(app):
    """Return what runs a command and gives back its exit code and all it printed."""

    def call(*words, text=None):
        result = app.test_cli_runner().invoke(args=[*map(str, words)], input=text)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return call


@pytest.fixture
def file(tmp_path):
    """Return the path of an organisation file, perhaps with one field changed."""

    def write(**hall):
        document = small_organisation()
        document["halls"][0] |= hall
        path = tmp_path / "organisation.yaml"
        path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
        return path

    return write


def test_an_import_says_what_it_did_and_again_that_nothing_changes(run, file, session):
    code, said = run("org", "import", file())
    assert code == 0
    assert "营业厅：新增1，更改0，不变0，文件里没有0" in said
    assert "已经导入" in said
    assert "没有变化" in run("org", "import", file())[1]
    code, said = run("org", "import", file(staff=9), "--lang", "en")
    assert "SX01  Staff: 4 → 9" in said
    assert session.scalar(select(HallRow.staff)) == 9


def test_a_rehearsal_writes_nothing(run, file, session):
    assert "预演" in run("org", "import", file(), "--dry-run")[1]
    assert session.scalar(select(func.count()).select_from(HallRow)) == 0


def test_a_faulty_file_is_refused_with_every_place_and_sentence(run, file, session):
    code, said = run("org", "import", file(tier="palace", hours="all day"))
    assert code == 1
    lines = file(tier="palace", hours="all day").read_text().splitlines()
    for number, line in enumerate(lines, start=1):
        if "palace" in line or "all day" in line:
            assert f"organisation.yaml:{number}  " in said
    assert "共2处问题，什么都没有改。" in said
    assert session.scalar(select(func.count()).select_from(HallRow)) == 0


def test_what_cannot_be_read_at_all_ends_in_one_sentence(run, tmp_path):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04nothing")
    code, said = run("org", "import", path, "--lang", "en")
    assert code == 1
    assert "broken.xlsx  This is no workbook that can be read." in said


def test_an_exported_workbook_is_taken_back_unchanged(run, file, tmp_path):
    run("org", "import", file())
    workbook = tmp_path / "out.xlsx"
    assert run("org", "export", workbook)[0] == 0
    assert "没有变化" in run("org", "import", workbook)[1]


def test_a_template_is_written_in_both_languages(run, tmp_path):
    for lang in ("zh", "en"):
        path = tmp_path / f"{lang}.xlsx"
        assert run("org", "template", path, "--lang", lang)[0] == 0
        assert path.stat().st_size > 5000


def test_a_checklist_is_published_once_and_never_changed(run, session):
    assert "已发布" in run("checklist", "publish", MYSTERY, "--from", "2026-06")[1]
    assert "没有变化" in run("checklist", "publish", MYSTERY, "--from", "2026-06")[1]
    code, said = run("checklist", "publish", MYSTERY, "--from", "2099-01")
    assert code == 1
    assert "新的版本号" in said
    assert session.scalar(select(func.count()).select_from(ChecklistVersionRow)) == 1


def test_a_faulty_checklist_is_not_published(run, tmp_path, session):
    path = tmp_path / "wrong.yaml"
    path.write_text("id: wrong\nsections: []\n")
    code, said = run("checklist", "publish", path, "--from", "2099-01")
    assert code == 1
    assert "wrong.yaml:1: " in said
    assert session.scalar(select(func.count()).select_from(ChecklistVersionRow)) == 0


def test_visits_are_assigned_planned_and_listed(run, file, session):
    run("org", "import", file())
    run("checklist", "publish", MYSTERY, "--from", "2026-06")
    words = ("visit", "assign", "SX01", "a1", "--month", "2099-01", "--scenario")
    code, said = run(*words, "plan_change")
    assert code == 0
    assert str(session.scalar(select(VisitRow.visit_id))) == said.strip()
    code, said = run(*words, "picnic")
    assert code == 1
    assert "picnic" in said
    assert run("visit", "assign", "X", "a1", "--scenario", "complaint")[0] == 1
    code, said = run("visit", "plan", "2099-02")
    assert (code, "SX01" in said) == (0, True)
    assert "SX01" in run("visit", "list", "--month", "2099-01", "--auditor", "a1")[1]
    assert run("visit", "list", "--month", "January")[0] == 2


def test_a_password_is_set_from_standard_input(run, file, session):
    run("org", "import", file())
    typed = "correct horse battery"
    assert run("person", "password", "rm", text=f"{typed}\n") == (0, "")
    stored = session.scalar(select(PersonRow.password_hash).filter_by(login="rm"))
    assert check_password(typed, stored)
    assert "至少15个字符" in run("person", "password", "rm", text="short\n")[1]
    assert run("person", "password", "nobody", text=f"{typed}\n")[0] == 1


def test_demonstration_data_are_refused_outside_a_demonstration(run, session):
    code, said = run("demo")
    assert code == 1
    assert "DEMO=1" in said
    assert session.scalar(select(func.count()).select_from(PersonRow)) == 0
