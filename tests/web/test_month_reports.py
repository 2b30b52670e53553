"""A printed month: asked for, followed, fetched, by those who may."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pypdfium2
import pytest
import time_machine
from pypdfium2 import raw
from sqlalchemy import select

import closed_months as months
from auditapp.jobs.month_reports import clear
from auditapp.jobs.runner import Runner
from auditapp.services.month_reports import KEPT
from auditapp.services.months import score_month
from auditapp.services.profiles import profile_month
from auditapp.store.months import MonthScoreRow
from auditapp.store.organisation import DepartmentRow, HallRow
from auditapp.store.profiles import HallProfileRow
from auditapp.store.work import MonthReportRow
from desk_world import NOW, make_world, sign_in
from month_world import LATER, MONTH, make_accepted, take

FAILS = {"ext_open": {"value": "no", "note": "九点半还没开门"}}
CLOSED = months.MONTH


@pytest.fixture
def world(session):
    """Return a company with an open month that is compared and a closed one."""
    world = make_world(session)
    months.publish_all(session)
    session.add(DepartmentRow(department_id="it", name_zh="信息部", name_en="IT"))
    hall = session.get(HallRow, "BD02")
    hall.name_zh, hall.name_en = "=垚犇骉厅", "=Rare hall"
    make_accepted(session, world, answers=FAILS)
    make_accepted(session, world, hall_id="SX01")
    for hall_id in ("BD01", "BD02", "SX01"):
        take(session, "sms", [80] * 12, hall_id=hall_id)
    score_month(session, MONTH, now=LATER)
    profile_month(session, MONTH)
    document = months.worked_example(session)
    months.keep_document(session, document)
    months.keep_history(session)
    months.close(session, [document], by=world.people["hq"])
    return world


def ask(client, month=MONTH, scope="country", scope_id="", **more):
    data = {"scope": scope, "scope_id": scope_id, "locale": "zh_CN", **more}
    return client.post(f"/months/{month}/reports", data=data)


def printed(app, client, **wish):
    """Ask, let the worker work; return the answer with the file."""
    job = ask(client, **wish).headers["Location"]
    Runner(app).run_due()
    state = client.get(f"/api/v1{job}").json
    assert (state["state"], state["done"], state["total"]) == ("done", 3, 3), state
    assert state["result"] in client.get(job).text
    return client.get(state["result"])


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


WISHES = {
    "country": ("hq", {"scope": "country"}, ("全国", "The country")),
    "region": (
        "rm_north",
        {"scope": "region", "scope_id": "north"},
        ("北部大区", "north"),
    ),
    "hall": (
        "hall_bd01",
        {"scope": "hall", "scope_id": "BD01", "month": CLOSED},
        ("BD01标准厅", "BD01 Standard"),
    ),
    "department": ("hq", {"scope": "department", "scope_id": "it"}, ("信息部", "IT")),
}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scope", WISHES)
def test_a_report_is_printed_in_both_languages(app, client, scope):
    login, wish, titles = WISHES[scope]
    sign_in(client, login)

    for locale, title, contents in zip(
        ("zh_CN", "en"), titles, ("目录", "Contents"), strict=True
    ):
        response = printed(app, client, **wish, locale=locale)
        text = text_of(response.data)
        assert title in text
        assert contents in text
        assert f"1 / {len(pypdfium2.PdfDocument(response.data))}" in text
        assert locale[:2] in response.headers["Content-Disposition"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_halls_profile_in_its_report_is_that_of_its_page(app, client, session):
    session.add(
        HallProfileRow(
            month=CLOSED,
            hall_id="BD01",
            region_id="north",
            tier="standard",
            traits=[],
            is_begging=False,
            alerts=[],
            alert_count=0,
            scored_at=NOW,
            figures={"rater": {"empathy": 61_300, "reliability": 87_400}},
        )
    )
    session.commit()
    sign_in(client, "hall_bd01")

    text = text_of(printed(app, client, **WISHES["hall"][1], locale="en").data)
    page = client.get(f"/halls/BD01/months/{CLOSED}").text

    assert "The last month; like halls: Standard hall." in text
    for points in ("61.3", "87.4"):
        assert points in text
        assert points in page


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_fonts_come_with_the_file_and_rare_characters_are_readable(app, client):
    sign_in(client, "rm_north")

    pdf = printed(app, client, scope="region", scope_id="north").data

    assert "=垚犇骉厅" in text_of(pdf)
    embedded = [
        raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(text.raw))
        for page in pypdfium2.PdfDocument(pdf)
        for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
    ]
    assert len(embedded) > 50
    assert set(embedded) == {1}


@pytest.mark.usefixtures("world")
def test_a_workbook_has_every_hall_as_text_and_figures_as_numbers(app, client):
    sign_in(client, "hq")

    content = printed(app, client, format="xlsx").data

    halls = openpyxl.load_workbook(BytesIO(content)).worksheets[-1]
    rows = list(halls.iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in rows} == {"BD01", "BD02", "SX01"}
    assert "=垚犇骉厅" in {row[1] for row in rows}
    assert all(isinstance(row[3], float) for row in rows)
    assert all(cell.data_type != "f" for row in halls for cell in row)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("login", "wish"),
    [
        ("rm_north", {"scope": "country"}),
        ("rm_north", {"scope": "region", "scope_id": "east"}),
        ("rm_north", {"scope": "hall", "scope_id": "SX01"}),
        ("rm_north", {"scope": "department", "scope_id": "it"}),
        ("hall_bd01", {"scope": "hall", "scope_id": "BD01"}),  # not closed
        ("hall_bd01", {"scope": "hall", "scope_id": "BD02", "month": CLOSED}),
        ("hall_bd01", {"scope": "region", "scope_id": "north"}),
        ("hall_bd01", {"scope": "country"}),
        ("hq", {"scope": "region", "scope_id": "nowhere"}),
        ("hq", {"scope": "hall", "scope_id": "nowhere"}),
        ("hq", {"scope": "planet"}),
        ("hq", {"scope": "country", "format": "docx"}),
        ("hq", {"scope": "country", "month": "2026-13"}),
    ],
)
def test_what_is_not_a_persons_to_read_cannot_be_printed(client, session, login, wish):
    sign_in(client, login)

    assert ask(client, **wish).status_code == 404
    assert session.scalars(select(MonthReportRow)).all() == []


@pytest.mark.usefixtures("world")
def test_a_month_without_scores_says_so(client):
    sign_in(client, "hq")

    answer = ask(client, month="2027-03")

    assert answer.status_code == 409
    assert "还没有得分" in answer.text


@pytest.mark.usefixtures("world")
def test_a_report_is_handed_to_who_asked_and_only_while_they_may_read_it(
    app, client, session
):
    sign_in(client, "rm_north")
    job = ask(client, scope="region", scope_id="north", format="xlsx").headers
    Runner(app).run_due()
    address = client.get(f"/api/v1{job['Location']}").json["result"]
    assert client.get(address).status_code == 200

    for login in ("hq", "rm_east", "hall_bd01"):
        sign_in(client, login)
        assert client.get(address).status_code == 404

    sign_in(client, "rm_north")
    row = session.scalars(select(MonthReportRow)).one()
    row.scope_id = "east"
    session.commit()
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("world")
def test_asking_again_while_it_is_made_leads_to_the_same_job(app, client):
    sign_in(client, "hq")

    first, again = ask(client).headers["Location"], ask(client).headers["Location"]
    other = ask(client, locale="en").headers["Location"]

    assert first == again != other
    app.extensions["printer"] = lambda *_parts: b"%PDF-"
    Runner(app).run_due()
    assert ask(client).headers["Location"] != first


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_halls_report_names_no_auditor_no_audit_and_no_day_of_a_visit(
    app, client, session, world
):
    sign_in(client, "hall_bd01")
    wish = {"scope": "hall", "scope_id": "BD01", "month": CLOSED}

    pdf = printed(app, client, **wish).data
    book = printed(app, client, **wish, format="xlsx").data

    said = text_of(pdf) + "".join(
        str(cell.value)
        for sheet in openpyxl.load_workbook(BytesIO(book))
        for row in sheet
        for cell in row
    )
    for secret in ("C-a10", "a10先生", "Person a10", *map(str, world.audits)):
        assert secret not in said
    assert session.get(MonthScoreRow, (CLOSED, "BD01")) is not None


@pytest.mark.usefixtures("world")
def test_the_pages_offer_what_can_be_printed(client):
    sign_in(client, "rm_north")
    for page in (f"/months/{MONTH}", f"/see/{MONTH}"):
        text = client.get(page).text
        assert 'name="scope" value="region"' in text
        assert 'name="scope_id" value="north"' in text
    assert 'value="BD01"' in client.get(f"/halls/BD01/months/{MONTH}").text
    sign_in(client, "hq")
    assert 'name="scope" value="country"' in client.get(f"/months/{MONTH}").text
    assert 'value="it"' in client.get("/actions?owner=it").text
    assert 'name="scope"' not in client.get("/actions").text


@pytest.mark.usefixtures("world")
def test_reports_of_long_ago_are_deleted_with_their_files(app, client, session):
    sign_in(client, "hq")
    assert printed(app, client).status_code == 200
    (key,) = session.scalars(select(MonthReportRow.storage_key))
    session.rollback()
    storage = app.extensions["storage"]
    for days, left in ((KEPT.days - 1, 1), (KEPT.days + 1, 0)):
        at = datetime.now(UTC) + timedelta(days=days)
        with app.app_context(), time_machine.travel(at):
            clear(None, None)
        session.rollback()
        assert len(session.scalars(select(MonthReportRow)).all()) == left
        assert (storage.find_size(key) is not None) == bool(left)
