"""A printed audit: asked for, followed, fetched, by those who may."""

import json

import pypdfium2
import pytest
from sqlalchemy import select

from auditapp.jobs.runner import Runner
from auditapp.reads.report_data import get_report
from auditapp.store.audits import AuditRow
from auditapp.store.people import PersonRow
from auditapp.store.work import JobRow, ReportRow
from desk_world import make_world, sign_in
from pictures import BROKEN, make_audit_with, picture


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def audit_id(app, session, world):
    answers = {"ext_open": {"value": "no", "note": "门口的牌子写着垚犇骉"}}
    photos = [picture(1), picture(2), BROKEN]
    audit_id, _names = make_audit_with(app, session, world, photos, answers=answers)
    Runner(app).run_due()
    return audit_id


def ask(client, audit_id, locale="zh_CN"):
    return client.post(f"/audits/{audit_id}/reports", data={"locale": locale})


def printed(app, client, audit_id, locale="zh_CN"):
    """Ask, let the worker work, save; return the answer with the PDF."""
    job = ask(client, audit_id, locale).headers["Location"]
    Runner(app).run_due()
    address = client.get(f"/api/v1{job}").json["result"]
    return client.get(address)


@pytest.fixture
def fake_printer(app):
    """Print at once: what is printed and how it looks is not every test's matter."""

    def print_fake(html, _css, _photos):
        return b"%PDF-fake" + html.encode()

    app.extensions["printer"] = print_fake


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    facts = document.get_metadata_dict()
    attached = document.count_attachments()
    document.close()
    return text, facts, attached


@pytest.mark.usefixtures("fake_printer")
def test_a_report_can_be_followed_left_and_found_again(app, client, audit_id):
    sign_in(client, "rm_north")
    job = ask(client, audit_id).headers["Location"]
    waiting = client.get(job)
    assert waiting.headers["Refresh"] == "2"
    assert client.get(f"/api/v1{job}").json["state"] == "queued"
    Runner(app).run_due()
    done = client.get(job)
    assert "Refresh" not in done.headers
    state = client.get(f"/api/v1{job}").json
    assert (state["state"], state["done"], state["total"]) == ("done", 5, 5)
    assert state["result"] in done.text
    assert client.get(state["result"]).data.startswith(b"%PDF-")


WORDS = {
    "zh_CN": ["BD01标准厅", "2026年11月", "垚犇骉", "重大项封顶", "这里不问的项目"],
    "en": [
        "BD01 Standard",
        "November 2026",
        "垚犇骉",
        "Critical cap",
        "Not asked here",
    ],
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("locale", WORDS)
def test_a_report_says_all_in_its_language(app, client, audit_id, locale):
    sign_in(client, "hq")
    response = printed(app, client, audit_id, locale)
    text, facts, _attached = text_of(response.data)
    words = WORDS[locale]
    assert [word for word in words if word not in text] == []
    assert "59.0" in text
    assert facts["Title"].startswith(words[0])
    disposition = response.headers["Content-Disposition"]
    assert disposition == f"attachment; filename=BD01-2026-11-r7-{locale[:2]}.pdf"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_report_names_the_auditor_by_code_only(app, client, session, world, audit_id):
    sign_in(client, "hq")
    pdf = printed(app, client, audit_id).data
    text, facts, attached = text_of(pdf)
    auditor = session.get(PersonRow, world.people["a10"])
    assert auditor.code in text
    everything = text + json.dumps(facts)
    for secret in (auditor.name_zh, auditor.name_en, str(auditor.person_id)):
        assert secret not in everything
        assert secret.encode() not in pdf
    assert attached == 0


@pytest.mark.usefixtures("fake_printer")
def test_a_finished_report_serves_the_next_who_asks(app, client, session, audit_id):
    sign_in(client, "hq")
    first = printed(app, client, audit_id)
    sign_in(client, "rm_north")
    again = ask(client, audit_id)
    assert again.headers["Location"].startswith("/reports/")
    assert client.get(again.headers["Location"]).data == first.data
    assert len(session.scalars(select(ReportRow)).all()) == 1


@pytest.mark.usefixtures("fake_printer")
def test_a_new_revision_is_printed_anew(app, client, session, audit_id):
    sign_in(client, "hq")
    printed(app, client, audit_id)
    session.get(AuditRow, audit_id).revision += 1
    session.commit()
    assert ask(client, audit_id).headers["Location"].startswith("/jobs/")


@pytest.mark.usefixtures("fake_printer")
def test_two_who_ask_at_once_each_follow_their_own_job(app, client, session, audit_id):
    sign_in(client, "hq")
    first = ask(client, audit_id).headers["Location"]
    sign_in(client, "rm_north")
    second = ask(client, audit_id).headers["Location"]
    Runner(app).run_due()
    assert client.get(first).status_code == 404
    assert client.get(f"/api/v1{second}").json["state"] == "done"
    (report,) = session.scalars(select(ReportRow)).all()
    assert report.storage_key
    assert {job.state for job in session.scalars(select(JobRow))} == {"done"}


@pytest.mark.parametrize("login", ["rm_east", "sup_other"])
@pytest.mark.usefixtures("fake_printer")
def test_out_of_scope_there_is_neither_audit_nor_report(app, client, audit_id, login):
    sign_in(client, "hq")
    printed(app, client, audit_id)
    report = ask(client, audit_id).headers["Location"]
    job = ask(client, audit_id, "en").headers["Location"]
    sign_in(client, login)
    assert ask(client, audit_id).status_code == 404
    for address in (report, job, f"/api/v1{job}"):
        assert client.get(address).status_code == 404


# a hall prints its copies of open inspections: that of a mystery visit is not there
@pytest.mark.parametrize(
    ("login", "status"), [("a10", 403), ("a11", 403), ("cb1", 403), ("hall_bd01", 404)]
)
@pytest.mark.usefixtures("fake_printer")
def test_auditors_and_halls_get_no_report(app, client, audit_id, login, status):
    sign_in(client, "hq")
    printed(app, client, audit_id)
    report = ask(client, audit_id).headers["Location"]
    sign_in(client, login)
    assert ask(client, audit_id).status_code == status
    assert client.get(report).status_code == status


@pytest.mark.usefixtures("fake_printer")
def test_a_job_that_failed_says_so_and_hides_internals(client, session, audit_id):
    sign_in(client, "hq")
    job = ask(client, audit_id).headers["Location"]
    row = session.get(JobRow, session.scalars(select(ReportRow.job_id)).one())
    row.state, row.error, row.finished_at = (
        "failed",
        "KeyError: secret",
        row.requested_at,
    )
    session.commit()
    page = client.get(job)
    assert "没有成功" in page.text
    assert "secret" not in page.text
    assert client.get(f"/api/v1{job}").json["result"] is None


@pytest.mark.usefixtures("fake_printer")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_table_of_a_report_adds_up_to_a_hundred(session, audit_id):
    report = get_report(session, audit_id)
    assert set(report.splits) == {
        "section",
        "quality",
        "group",
        "rater",
        "stage",
        "cause",
    }
    for split in report.splits.values():
        lost = sum(row.lost_tenths for row in split.rows) + split.cap_tenths
        assert lost + report.score_tenths == 1000
    lost = sum(line.lost_tenths for line in report.losses)
    assert lost + report.cap_tenths + report.score_tenths == 1000
