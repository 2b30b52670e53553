"""Whatever a file holds, it is read as a stream of rows or refused in a sentence."""

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from auditapp.domain.errors import InvalidError
from auditapp.gateways.response_files import examine_file
from auditapp.gateways.sheet_worker import convert
from auditapp.gateways.text_tables import TextLayout, find_layout, read_records

BAD_INPUT = Path(__file__).parent.parent / "data/bad-input"


def read(tmp_path, content, layout=None):
    """Return layout, cells and faults of a text."""
    path = tmp_path / "file"
    path.write_bytes(content)
    layout = layout or find_layout(path)
    records = list(read_records(path, layout))
    return layout, [r.cells for r in records], [r.fault for r in records]


@pytest.mark.parametrize("separator", [",", "\t", ";", "，", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encoding_and_separator_are_found(tmp_path, encoding, separator):
    rows = [
        ["营业厅", "评分", "意见"],
        ["沙溪厅", "9", "挺好"],
        ["東街廳", "3", "𠮷野"],
    ]
    content = "\r\n".join(separator.join(row) for row in rows).encode(encoding)

    layout, cells, faults = read(tmp_path, content)
    assert (layout.encoding, layout.separator) == (encoding, separator)
    assert cells == rows
    assert not any(faults)


def test_an_encoding_is_found_behind_a_long_plain_beginning(tmp_path):
    plain = b"a,b\n" + b"1,2\n" * 400_000

    assert read(tmp_path, plain + "厅,好\n".encode("gb18030"))[0].encoding == "gb18030"
    assert read(tmp_path, plain + "厅,好\n".encode())[0].encoding == "utf-8"


def test_quotes_hold_line_breaks_and_numbers_stay_those_of_the_spreadsheet(tmp_path):
    content = b'a,b\n\n1,"x\r\ny"\n2,"say ""hi"", ok"\n3\n4,5,6\n'

    _layout, cells, _faults = read(tmp_path, content)
    assert cells == [
        ["a", "b"],
        [],
        ["1", "x\r\ny"],
        ["2", 'say "hi", ok'],
        ["3"],
        ["4", "5", "6"],
    ]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path):
    rows = "".join(f"{n},y\n" for n in range(300))
    for text in (f'a,b\n1,"x\n{rows}', 'a,b\n1,"x\n2,y\n'):
        layout = TextLayout("utf-8", ",")
        _layout, cells, faults = read(tmp_path, text.encode(), layout)

        assert faults.count("open-quote") == 1
        assert faults[1] == "open-quote"
        assert cells[1] == ["1", '"x']
        assert len(cells) == text.count("\n")


def test_an_endless_line_costs_one_row(tmp_path):
    content = b"a,b\n1,2\n3," + b"x" * 300_000 + b"\n4,5\n"

    _layout, cells, faults = read(tmp_path, content)
    assert faults == [None, None, "long-line", None]
    assert cells[3] == ["4", "5"]


@pytest.mark.parametrize(
    "content",
    [b"", b" \n\n", b"a\0b,c\n", b"\x89PNG\r\n\x1a\n\0\0", b"\xff" * 500, b"," * 900],
)
def test_what_is_no_table_is_refused(tmp_path, content):
    with pytest.raises(InvalidError):
        read(tmp_path, content)


@pytest.mark.parametrize("path", sorted((BAD_INPUT / "csv").iterdir()), ids=str)
def test_strange_texts_are_rows_or_refused(tmp_path, path):
    try:
        _layout, cells, _faults = read(tmp_path, path.read_bytes())
    except InvalidError as error:
        assert error.problems[0].text.zh  # noqa: PT017
    else:
        assert cells


@pytest.mark.parametrize("path", sorted((BAD_INPUT / "sheets").iterdir()), ids=str)
def test_strange_workbooks_are_rows_or_refused(tmp_path, path):
    target = tmp_path / "rows.csv"
    try:
        said = convert(path.read_bytes(), target)
    except InvalidError as error:
        assert error.problems[0].text.zh  # noqa: PT017
    else:
        assert said["sheet"]
        assert list(read_records(target, TextLayout("utf-8", ",")))


def test_a_workbook_is_read_by_a_child_from_its_first_sheet_with_rows(tmp_path):
    book = openpyxl.Workbook()
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "no"
    sheet = book.create_sheet("明细")
    sheet["B3"], sheet["C3"], sheet["C4"] = "营业厅", 13800001111, 8.5
    book.create_sheet("more")["A1"] = "x"
    path, rows = tmp_path / "a.xlsx", tmp_path / "rows"
    book.save(path)

    found = examine_file(path, rows)
    cells = [record.cells for record in read_records(rows, found.layout)]
    assert (found.sheet, found.other_sheets) == ("明细", ("Sheet", "more"))
    assert not any(map(any, cells[:2]))
    assert cells[2:] == [["", "营业厅", "13800001111"], ["", "", "8.5"]]


def test_bombs_and_old_kinds_are_refused(tmp_path):
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 70_000_000)
    for content in (bomb.getvalue(), b"\xd0\xcf\x11\xe0" + b"\0" * 512, b"PK\x03\x04"):
        path = tmp_path / "a"
        path.write_bytes(content)
        (tmp_path / "rows").touch()

        with pytest.raises(InvalidError):
            examine_file(path, tmp_path / "rows")
