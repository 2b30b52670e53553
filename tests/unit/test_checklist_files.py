"""Checklist files are read safely, and every value knows its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditapp.gateways.checklist_files import (
    LARGEST_FILE_BYTES,
    UnreadableFileError,
    checklist_paths,
    load_yaml,
    read_yaml,
)


def refusal(content):
    with pytest.raises(UnreadableFileError) as caught:
        read_yaml(content.encode())
    return caught.value


def test_every_part_knows_its_line():
    file = read_yaml(b"a: 1\n\nb:\n- {c: 2}\n-\n  d/e: 3\n")
    assert file.document == {"a": 1, "b": [{"c": 2}, {"d/e": 3}]}
    assert file.line_of("/a") == 1
    assert file.line_of("/b") == 3
    assert file.line_of("/b/0/c") == 4
    assert file.line_of("/b/1/d~1e") == 6


def test_what_is_missing_has_the_line_of_what_it_is_missing_from():
    file = read_yaml(b"a: 1\nb:\n  c: 2\n")
    assert file.line_of("/b/nothing/at/all") == 2
    assert file.line_of("") == 1


def test_values_keep_their_kind_and_dates_stay_text():
    file = read_yaml(b'{a: yes, b: "yes", c: 1, d: 1.5, e: 2026-11-01, f: ~, g: 0x_}')
    assert file.document == {
        "a": True,
        "b": "yes",
        "c": 1,
        "d": 1.5,
        "e": "2026-11-01",
        "f": None,
        "g": "0x_",
    }


def test_an_empty_file_holds_nothing():
    assert read_yaml(b"").document is None


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "“a” is written twice"),
        ("a: &x [1]\nb: *x\n", 2, "References"),
        ("a: 1\nb: [1,\nc: 2\n", 4, "cannot be read"),
        ("a: 1\n[1]: 2\n", 2, "Only a word"),
        ("a: 1\n---\nb: 2\n", 2, "cannot be read"),
        ("a: " + "[" * 50 + "]" * 50, 1, "Nested too deeply"),
        ("[" * 5000, 1, "Nested too deeply"),
        ("a: \x01", 1, "cannot be read"),
        ('a: 1\nb: "\\ud800"\n', 2, "A character"),
    ],
)
def test_what_cannot_be_a_checklist_is_refused_with_its_line(content, line, words):
    error = refusal(content)
    assert words in error.problems[0].text.en
    assert error.problems[0].text.zh
    assert error.line == line


def test_a_huge_file_is_refused_unread():
    assert "300 KB" in refusal("a" * (LARGEST_FILE_BYTES + 1)).problems[0].text.en


def test_no_python_object_is_ever_made():
    file = read_yaml(b"a: !!python/object/apply:os.system [ls]\n")
    assert file.document == {"a": ["ls"]}


@given(st.binary(max_size=60) | st.text("a:-[]{}&*!|>'\"#% \n,?0.~<", max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(content):
    data = content if isinstance(content, bytes) else content.encode()
    try:
        line = read_yaml(data).line_of("/x")
    except UnreadableFileError as error:
        line = error.line
    assert line >= 1


def test_policy_files_are_no_checklists():
    names = {path.name for path in checklist_paths()}
    assert "telecom_hall_mystery.yaml" in names
    assert not any(name.startswith("_") for name in names)


def test_every_item_of_a_shipped_file_knows_its_own_line():
    (path,) = [p for p in checklist_paths() if p.stem == "telecom_hall_mystery"]
    file, lines = load_yaml(path), path.read_text().splitlines()
    for number, section in enumerate(file.document["sections"]):
        for index, item in enumerate(section["items"]):
            line = file.line_of(f"/sections/{number}/items/{index}/id")
            assert f"id: {item['id']}" in lines[line - 1]
