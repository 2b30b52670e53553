"""Headquarters changes the standard in a real browser: tried, approved, in force."""

import json
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from auditapp.domain.month import first_day, later, month_of
from auditapp.domain.tier_matrix import item_of, with_item
from auditapp.reads.organisation import get_hall_place
from auditapp.services.checklists import (
    form_for,
    get_version_in_force,
    publish_checklist,
)
from auditapp.services.months import score_month
from auditapp.store.checklists import FormRow
from auditapp.store.organisation import HallRow
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow
from browser.office import new_context, serving, sign_in
from browser.soundness import faults_of
from desk_world import checklist_document, make_audit, make_world
from live_server import eventually
from month_world import accept, take

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
MONTH = month_of(NOW)
PAST, NEXT = later(MONTH, -1), later(MONTH, 1)
MYSTERY, RACK = "telecom_hall_mystery", "int_umbrella_rack"
WORDS = {
    # what a person looks for: Chinese, English
    "title": ("雨伞架", "Umbrella rack"),
    "saved": ("已存入草稿", "Saved in the draft"),
    "reproduced": ("一模一样", "to the last digit"),
    "approved": ("起生效", "holds from"),
}


@pytest.fixture
def installation(tmp_path):
    """Return an installation with a scored month, and visits of this and the next."""
    with serving(tmp_path, fill) as server:
        yield server


def fill(_app, session):
    """Write a small rainy hall, a tourist one, a second person, a past, the visits."""
    world = make_world(session)
    halls = {
        "SX01": {"tier": "small"},
        "BD02": {"traits_add": ["queue_machine", "tourist"]},
    }
    for hall_id, values in halls.items():
        session.execute(
            update(HallRow).where(HallRow.hall_id == hall_id).values(**values)
        )
    hq = session.get_one(PersonRow, world.people["hq"])
    session.add(
        PersonRow(
            login="hq_std",
            role="headquarters",
            name_zh="hq_std女士",
            name_en="Person hq_std",
            code="C-std",
            region_ids=[],
            password_hash=hq.password_hash,
        )
    )
    publish_racks(session)
    bad = {RACK: {"value": "no", "note": "没有伞架"}}
    audit_id = make_audit(session, world, hall_id="SX01", auditor="a11", answers=bad)
    accept(session, audit_id)
    session.execute(update(VisitRow).values(month=PAST))
    for source, scores in (("callback", [90, 80, 70, 80, 90]), ("sms", [90] * 16)):
        take(session, source, scores, hall_id="SX01", month=PAST)
    score_month(session, PAST, now=NOW)
    for month in (MONTH, NEXT):
        for hall_id in halls:
            send(session, world, hall_id, month)


def publish_racks(session):
    """Let small rainy halls be asked for the rack: a rule to soften."""
    document = deepcopy(checklist_document(MYSTERY)) | {"version": "2026.02"}
    item, _section = item_of(document, RACK)
    lines = deepcopy(item["overrides"])
    lines[2]["set"] = "required"
    publish_checklist(
        session,
        with_item(document, {**item, "overrides": lines}),
        checklist_document("_vocabulary"),
        effective_month="2026-02",
        now=NOW,
        even_if_begun=True,
    )


def send(session, world, hall_id, month):
    place = get_hall_place(session, hall_id, month)
    version = get_version_in_force(session, "mystery", month)
    session.add(
        VisitRow(
            month=month,
            kind="mystery",
            hall_id=hall_id,
            region_id=place.region_id,
            auditor_id=world.people["a10"],
            scenario="plan_change",
            form_digest=form_for(session, version, place, "plan_change", NOW),
            brief={},
            due_on=first_day(month),
            state="assigned",
            assigned_at=NOW,
        )
    )


def asked(server):
    """Return what phones are asked about the rack, by month and hall."""
    engine = create_engine(f"sqlite:///{server.environment['DATA_DIR']}/auditapp.db")
    with Session(engine) as session:
        rows = session.execute(
            select(VisitRow.month, VisitRow.hall_id, FormRow.document)
            .join(FormRow, FormRow.digest == VisitRow.form_digest)
            .where(VisitRow.state == "assigned")
        ).all()
    engine.dispose()
    found = {}
    for month, hall_id, content in rows:
        form = json.loads(content)
        words = {item["id"]: item["requirement"] for item in form["items"]}
        found[month, hall_id] = words.get(RACK, "not_applicable")
    return found


class Desk:
    """One person's browser in one language; every page is looked at by axe."""

    def __init__(self, chromium, server, login, language, width):
        self.language, self.width = language, width
        self.faults = []
        locale = "zh-CN" if language == "zh" else "en-GB"
        self.context = new_context(chromium, server.url, width, locale)
        self.page = self.context.new_page()
        sign_in(self.page, login)

    def says(self, key):
        return WORDS[key][self.language == "en"]

    def look(self):
        """Let axe look at the page; it must not scroll sideways."""
        self.faults += [f"{self.page.url}: {each}" for each in faults_of(self.page)]

    def set_cell(self, at, requirement, tiers=None):
        """Open a cell of the rack by a tap, choose, give the reason, save."""
        page = self.page
        page.click(f"a.cell-link[href*='item={RACK}'][href*='at={at}']")
        expect(page.locator("#panel textarea")).to_be_visible()
        expect(page.locator("#panel [name=at]")).to_have_value(at)
        self.look()
        page.locator(f"#panel input[value={requirement}] + .face").click()
        for box in page.locator("#panel input[name=tiers]").all():
            box.set_checked(tiers is None or box.get_attribute("value") in tiers)
        page.fill("#reason", self.says("title"))
        page.click("#panel button.primary")
        expect(page.locator(".flash")).to_contain_text(self.says("saved"))


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 360)])
def test_a_standard_is_changed_tried_approved_and_holds_in_its_month_only(
    chromium, installation, language, width
):
    before = asked(installation)
    writer = Desk(chromium, installation, "hq", language, width)
    page = writer.page
    page.goto(f"/standards/{MYSTERY}")
    writer.look()
    page.fill("#title", writer.says("title"))
    page.click("main form button.primary")
    writer.set_cell("rainy", "optional", ["small"])
    writer.set_cell("tourist", "required")
    draft = page.url.split("?")[0]

    page.goto(f"{draft}/changes")
    expect(page.locator("#halls-heading small")).to_contain_text("2")
    writer.look()

    page.goto(f"{draft}/what-ifs")
    writer.look()
    page.click("main form button.primary")
    result = page.url
    page.goto("about:blank")  # it goes on without anybody looking
    page.goto(result)
    expect(page.locator(".lead")).to_be_visible(timeout=60_000)
    expect(page.locator("#how-heading + .job")).to_contain_text("1/1")
    writer.look()

    page.goto(f"{draft}/changes")
    page.click("form[action$='/submit'] button")
    expect(page.locator("#second-person")).to_be_visible()

    second = Desk(chromium, installation, "hq_std", language, width)
    second.page.goto(f"{draft}/changes")
    second.look()
    second.page.click("form[action$='/approve'] button")
    expect(second.page.locator(".flash")).to_contain_text(second.says("approved"))

    wanted = {(NEXT, "SX01"): "optional", (NEXT, "BD02"): "required"}
    eventually(
        lambda: wanted.items() <= asked(installation).items(), "forms of next month"
    )
    after = asked(installation)
    assert {key: after[key] for key in after if key[0] == MONTH} == {
        (MONTH, "SX01"): "required",
        (MONTH, "BD02"): "optional",
    }
    assert set(before) == set(after)
    for desk in (writer, second):
        desk.context.close()
        assert not desk.faults, "\n".join(desk.faults)
