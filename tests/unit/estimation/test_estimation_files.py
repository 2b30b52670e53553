"""The command's files: what it reads, and what it says of those it cannot."""

import csv

import pytest

from auditapp.estimation.__main__ import main
from auditapp.estimation.policy import MonthPolicy
from auditapp.estimation.policy_file import DEFAULT_FILE, read_policy

HALLS = (
    "hall,tier,region,volume\n7,flagship,north,1\nSX01,small,south,2\n900,small,9,1\n"
)
VISITS = (
    "visit,hall,month,auditor,score,lost_facility,lost_service,cap_loss\n"
    "0,7,0,anna,80,5,15,0\n1,SX01,1,bo,60,10,10,20\n"
)
CUSTOMERS = (
    "hall,month,channel,n1,n2,n3,n4,n5,front,process,support\n"
    "7,0,callback,0,0,1,4,5,0,0,0\n900,1,sms,1,1,1,9,20,0,0,0\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "halls.csv").write_text(HALLS)
    (tmp_path / "visits.csv").write_text(VISITS)
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    return tmp_path


def run(folder, *more):
    out = folder / "scores.csv"
    code = main([str(folder), "--out", str(out), *more])
    if code:
        return code
    with out.open() as file:
        return list(csv.DictReader(file))


def test_any_names_of_halls_and_tiers_are_scored_in_their_order(folder):
    rows = run(folder)

    assert [(row["hall"], row["month"]) for row in rows] == [
        (hall, month) for hall in ("7", "SX01", "900") for month in "01"
    ]
    assert all(0 <= float(row["low"]) <= float(row["high"]) <= 100 for row in rows)
    assert [row["official"] for row in rows[:2]] == ["81.6667", ""]


def test_quotes_and_line_ends_of_spreadsheets_are_read(folder):
    plain = run(folder)
    quoted = VISITS.replace("anna", '"anna, b"').replace("\n", "\r\n")
    (folder / "visits.csv").write_text(quoted + "\r\n", newline="")

    assert run(folder) == plain


@pytest.mark.parametrize("text", [None, "", VISITS.splitlines()[0] + "\n"])
def test_files_without_rows_are_no_evidence(folder, text):
    (folder / "customers.csv").unlink()
    if text is not None:
        (folder / "inspections.csv").write_text(
            text and text.replace("auditor", "inspector")
        )

    assert len(run(folder)) == 6


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("visits.csv", VISITS.replace("bo,60", "bo"), "line 3: 7 cells instead of 8"),
        (
            "visits.csv",
            VISITS.replace("SX01,1", "SX02,1"),
            "line 3, column hall: 'SX02' is not a hall of halls.csv",
        ),
        (
            "visits.csv",
            VISITS.replace(",5,15,", ",5,nan,"),
            "line 2, column lost_service: 'nan' is not a number from 0 to 100",
        ),
        (
            "visits.csv",
            VISITS.replace(",5,15,", ",70,35,"),
            "line 2: more than 100 points are lost",
        ),
        (
            "visits.csv",
            VISITS.replace("month", "moon"),
            "line 1: the header lacks month",
        ),
        (
            "customers.csv",
            CUSTOMERS.replace("sms", "email"),
            "line 3, column channel: 'email' is not callback or sms",
        ),
        (
            "customers.csv",
            CUSTOMERS.replace(",0,0,1,4", ",0,-1,1,4"),
            "line 2, column n2: '-1' is not a whole number from 0",
        ),
        (
            "halls.csv",
            HALLS + "7,small,north,1\n",
            "line 5, column hall: the hall is listed",
        ),
        ("halls.csv", HALLS.splitlines()[0], "there are no halls"),
        ("policy.yaml", "sources: [1", "policy.yaml: "),
        (
            "policy.yaml",
            "sources: {mystery: {weight: ten}}",
            "mystery: weight: must be",
        ),
        ("policy.yaml", "sources: {}", "at least one weight"),
        ("policy.yaml", "just text", "policy: must be a list of keys"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(folder, capsys, name, content, message):
    (folder / "policy.yaml").write_text("sources: {mystery: {weight: 1}}")
    (folder / name).write_text(content)

    assert run(folder, "--policy", str(folder / "policy.yaml")) == 1
    assert f"{name}" in (said := capsys.readouterr().err)
    assert message in said


def test_a_missing_folder_and_wrong_bytes_are_named(folder, capsys):
    (folder / "visits.csv").write_bytes("0,7,厅".encode("gb18030"))

    assert run(folder) == 1
    assert "visits.csv" in capsys.readouterr().err
    assert main([str(folder / "none"), "--out", str(folder / "x.csv")]) == 1
    assert "halls.csv" in capsys.readouterr().err


def test_the_default_policy_is_the_checklists_file():
    assert read_policy(DEFAULT_FILE) == MonthPolicy()


def test_a_policy_with_few_keys_keeps_what_is_usual(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(
        "colour: blue\nmissing: anchored\nsources:\n  mystery: {weight: 3}\n"
        "  sms: {weight: 1, min_n: 2}\n"
    )

    policy = read_policy(path)

    assert policy.weights == (3, 0, 0, 1)
    assert policy.minimum_counts == (1, 1, 5, 2)
    assert policy.usual_spreads_points == MonthPolicy().usual_spreads_points
    assert policy.is_anchored
    assert policy.inspection_valid_months == 1
