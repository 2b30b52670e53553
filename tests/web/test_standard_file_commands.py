"""``flask checklist export`` and ``import``: the standard as files, for operators."""

import pytest
from sqlalchemy import select

from auditapp.store.checklists import ChecklistVersionRow
from auditapp.store.standards import DraftRow
from desk_world import make_world

MYSTERY = "telecom_hall_mystery"


@pytest.fixture(autouse=True)
def world(session):
    world = make_world(session)
    session.commit()
    return world


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["checklist", *map(str, words)])


@pytest.mark.parametrize("name", ["a.xlsx", "a.yaml", "a.xlsform.xlsx"])
def test_a_version_is_exported_and_the_file_says_the_same(run, tmp_path, name):
    path = tmp_path / name
    exported = run("export", MYSTERY, "--to", path)
    assert exported.exit_code == 0, exported.output
    assert ("ODK" in exported.output) == ("xlsform" in name)
    checked = run("import", path, "--check")
    assert checked.exit_code == 0, checked.output
    assert "和最新版一样。" in checked.output


def change(path, before, after):
    content = path.read_text()
    assert before in content
    path.write_text(content.replace(before, after, 1))


@pytest.fixture
def changed(run, tmp_path):
    path = tmp_path / "mystery.yaml"
    run("export", MYSTERY, "--to", path)
    change(path, "critical_cap: 59", "critical_cap: 55")
    return path


def test_checking_says_what_would_change_and_changes_nothing(run, changed, session):
    result = run("import", changed, "--check")
    assert result.exit_code == 0, result.output
    assert "critical_cap: 59 → 55" in result.output
    assert "没有改动" in result.output
    assert session.scalars(select(DraftRow)).all() == []


def test_mistakes_are_printed_with_their_place_and_stop(run, changed):
    change(changed, "weight: 5", "weight: 9")
    line = changed.read_text().splitlines().index("    weight: 9") + 1
    result = run("import", changed, "--check")
    assert result.exit_code == 1
    assert f"mystery.yaml: 第{line}行: 题目“ext_open”" in result.output


def test_a_draft_is_begun_in_somebodys_name_and_nothing_is_published(
    run, changed, session
):
    result = run("import", changed, "--by", "hq", "--title", "封顶分")
    assert result.exit_code == 0, result.output
    [draft] = session.scalars(select(DraftRow))
    assert (draft.title, draft.state) == ("封顶分", "open")
    versions = session.scalars(select(ChecklistVersionRow.version)).all()
    assert versions == ["2026.11"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--by", "hq", "--from", "2026-01"), "生效月份已经开始"),
        (("--by", "admin"), "您的角色不做这件事"),
        (("--by", "nobody"), "没有找到"),
        ((), "--check / --by LOGIN"),
        (("--check", "--checklist", "no_such_list"), "没有这张检查表"),
    ],
)
def test_what_cannot_be_done_is_said(run, changed, session, words, says):
    result = run("import", changed, *words)
    assert result.exit_code != 0
    assert says in result.output
    assert session.scalars(select(DraftRow)).all() == []


def test_only_known_kinds_are_written(run, tmp_path):
    assert run("export", MYSTERY, "--to", tmp_path / "a.pdf").exit_code == 2
    unknown = run("export", "no_such_list", "--to", tmp_path / "a.yaml")
    assert unknown.exit_code == 1
    assert "没有这张检查表" in unknown.output
    assert not (tmp_path / "a.yaml").exists()
