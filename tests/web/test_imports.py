"""Headquarters brings files; nobody else sees them, and no file breaks the page."""

import io
import re
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from auditapp.jobs.runner import Runner
from auditapp.services.checklists import publish_checklist
from auditapp.store.responses import ImportRow, ResponseRow
from auditapp.web import imports as import_pages
from desk_world import NOW, checklist_document, make_world, sign_in

BAD_INPUT = Path(__file__).parent.parent / "data/bad-input"
FILES = sorted((BAD_INPUT / "csv").iterdir())  # workbooks: test_response_files
TEXT = (
    "编号,营业厅,日期,手机,评分,意见\r\n"
    "A1,BD01,2026-10-05,13800001111,9,<script>alert(1)</script>\r\n"
    "A2,没有这家,2026-10-05,13900002222,9,=1+1\r\n"
)
OTHERS = ["rm_north", "hall_bd01", "a10", "sup", "cb1"]


@pytest.fixture
def world(session):
    made = make_world(session)
    publish_checklist(
        session,
        checklist_document("sms_feedback"),
        checklist_document("_vocabulary"),
        effective_month="2026-01",
        now=NOW,
    )
    session.commit()
    return made


def upload(client, content, name="a.csv", source="sms"):
    data = {"source": source, "file": (io.BytesIO(content), name)}
    return client.post("/imports", data=data, content_type="multipart/form-data")


def test_a_file_is_brought_previewed_run_and_its_faults_saved(
    app, client, session, world
):
    assert world
    sign_in(client, "hq")
    brought = upload(client, TEXT.encode("gb18030"), "十月 13800001111.csv")
    page = client.get(brought.location).get_data(as_text=True)
    assert brought.status_code == 303
    assert all(word in page for word in ("GB18030", "BD01", "138****1111", "没有叫"))
    assert "13800001111" not in page
    assert "<script>alert" not in page

    columns = ["id", "hall", "day", "phone", "sms_rating", "sms_words"]
    started = client.post(f"{brought.location}/start", data={"column": columns})
    assert started.status_code == 303
    assert client.get(brought.location).headers["Refresh"] == "2"
    Runner(app).run_due()

    page = client.get(brought.location).get_data(as_text=True)
    assert "没有这家营业厅" in page
    faults = client.get(f"{brought.location}/faults")
    assert faults.status_code == 200
    text = faults.get_data(as_text=True)
    assert "139****2222" in text
    assert "'=1+1" in text
    assert session.scalars(select(ResponseRow.hall_id)).all() == ["BD01"]
    for page in (client.get("/imports"), client.get(brought.location)):
        assert "13900002222" not in page.get_data(as_text=True)
    again = client.post(f"{brought.location}/start", data={"column": columns})
    assert again.status_code == 409


def test_columns_can_be_chosen_and_a_file_be_dropped(client, session, world):
    assert world
    sign_in(client, "hq")
    address = upload(client, "甲,乙,丙\nBD01,2026-10-05,5\n".encode()).location
    assert client.post(f"{address}/start").headers["Location"].endswith("#columns")
    assert "请指出哪一列是营业厅" in client.get(address).get_data(as_text=True)

    columns = {"column": ["hall", "day", "sms_rating"], "scale": "5"}
    client.post(f"{address}/columns", data=columns)
    assert "打分 10" in client.get(address).get_data(as_text=True)
    client.post(f"{address}/columns", data={"column": ["nonsense"] * 9})
    assert client.get(address).status_code == 200

    client.post(f"{address}/discard")
    row = session.scalars(select(ImportRow)).one()
    assert (row.state, row.storage_key) == ("failed", "")
    assert client.get(address).status_code == 200


def test_imports_are_for_their_bringer_alone(client, world):
    assert world
    sign_in(client, "hq")
    address = upload(client, TEXT.encode()).location
    client.post("/sign-out")
    nothing = f"/imports/{uuid4()}"
    for login in OTHERS:
        sign_in(client, login)
        for path in (address, nothing, "/imports", f"{address}/faults"):
            assert client.get(path).status_code == 403, login
        assert upload(client, TEXT.encode()).status_code == 403
        client.post("/sign-out")

    sign_in(client, "hq_view")
    assert client.get(address).status_code == 404
    assert upload(client, TEXT.encode()).status_code == 403
    client.post("/sign-out")
    sign_in(client, "admin")  # sees it, and starts only what is the own
    assert client.get(address).status_code == 200
    assert client.post(f"{address}/start").status_code == 404
    assert client.post(f"{address}/discard").status_code == 404


def test_no_file_breaks_anything(app, client, session, world):
    assert world
    assert len(FILES) > 10
    sign_in(client, "hq")
    for path in FILES:
        answer = upload(client, path.read_bytes(), path.name)

        assert answer.status_code in (303, 422), path
        if answer.status_code == 303:
            assert client.get(answer.location).status_code == 200, path
            client.post(f"{answer.location}/start", data={"column": ["hall", "day"]})
    kept = list(app.extensions["storage"]._root.rglob("*.part"))  # noqa: SLF001
    assert kept == []
    assert session.scalars(select(ResponseRow)).all() == []


def test_what_is_no_upload_is_answered_kindly(client, world, monkeypatch):
    assert world
    sign_in(client, "hq")
    assert client.post("/imports", data={"source": "sms"}).status_code == 422
    assert upload(client, TEXT.encode(), source="nothing").status_code == 422
    empty = upload(client, b"")
    assert empty.status_code == 422
    assert "文件是空的" in empty.get_data(as_text=True)
    monkeypatch.setattr(import_pages, "LARGEST_FILE_BYTES", 10)
    monkeypatch.setattr(import_pages, "AROUND_THE_FILE_BYTES", 10)
    large = upload(client, TEXT.encode())
    assert large.status_code == 422
    assert re.search("文件超过64MB", large.get_data(as_text=True))


def test_a_form_without_its_proof_brings_nothing(app, client, world):
    assert world
    sign_in(client, "hq")
    app.config["WTF_CSRF_ENABLED"] = True

    assert upload(client, TEXT.encode()).status_code == 400
