"""A company with one record of every kind, of the north, for tests of who sees what."""

import json
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from uuid import UUID, uuid5

from sqlalchemy import select

import closed_months as months
from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import month_of
from auditapp.domain.obstacle import ObstacleKind, ObstacleReport
from auditapp.domain.pilot import Measure, PilotPlan
from auditapp.domain.work_card import CardStep, CardText
from auditapp.services.action_following import follow_audit
from auditapp.services.appeals import lodge_appeal
from auditapp.services.callbacks import next_call
from auditapp.services.drafts import NewDraft, begin_draft
from auditapp.services.hall_requests import request_change
from auditapp.services.obstacles import report_obstacle
from auditapp.services.pilots import NewCard, begin_pilot
from auditapp.services.standard_versions import CHECKLIST
from auditapp.services.work_cards import publish_card
from auditapp.store.actions import ActionRow
from auditapp.store.audits import AuditRow
from auditapp.store.calls import ComplaintRow
from auditapp.store.notifications import NewsWayRow, NotificationRow
from auditapp.store.organisation import DepartmentRow, HallRow
from auditapp.store.people import AccessTokenRow, PersonRow
from auditapp.store.standards import ProposalRow, WhatIfRow
from auditapp.store.webhooks import WebhookDeliveryRow, WebhookEndpointRow
from auditapp.store.work import JobRow, ReportRow
from call_samples import NOW, agent_of, draw, make_transaction
from desk_world import make_audit, make_world, sign_in

# further people: login, role, region, hall, department
MORE_PEOPLE = [
    ("cb2", "callback_agent", None, None, None),
    ("insp", "inspector", "east", None, None),
    ("hall_sx01", "hall_manager", None, "SX01", None),
    ("dept", "department", None, None, "marketing"),
    ("dept_other", "department", None, None, "security"),
]
OUTSIDE_AUDITS = {
    "rm_east",
    "hall_bd01",
    "hall_sx01",
    "a11",
    "sup_other",
    "cb1",
    "dept",
}
OUTSIDE_HALLS = {"rm_east", "hall_sx01", "a11", "sup_other", "cb1", "dept", "insp"}
# what an address names → who must not learn whether it exists
RECORDS = {
    "department_id": {"dept_other"},
    "action_id": OUTSIDE_AUDITS - {"hall_bd01"},
    "appeal_id": OUTSIDE_AUDITS - {"hall_bd01"},
    "visit_id": {"hall_sx01", "rm_north", "a10", "sup", "cb1", "dept"},
    "audit_id": OUTSIDE_AUDITS,
    "report_id": OUTSIDE_AUDITS,
    "job_id": OUTSIDE_AUDITS,
    "sha256": OUTSIDE_AUDITS,
    "sha256_hex": OUTSIDE_AUDITS,
    "digest": OUTSIDE_AUDITS,
    "hall_id": OUTSIDE_HALLS,
    "callback_id": {"cb2", "hq", "rm_east", "hall_bd01", "dept", "a10"},
    "complaint_id": {"rm_east", "hall_sx01", "dept_other", "a10", "sup", "insp"},
    "draft_id": {"rm_north", "hall_bd01", "a10", "sup", "cb1", "insp", "dept"},
    "import_id": {"hq_view", "rm_north", "hall_bd01", "a10", "sup", "cb1"},
    "token_hash": {"hq_view", "admin", "rm_north", "a10", "cb1"},
    # an auditor's report of this month
    "obstacle_id": {"rm_north", "hall_bd01", "a11", "sup", "cb1", "insp", "dept"},
    "way_id": {"hq", "admin", "rm_east", "hall_bd01", "a10", "sup", "dept"},
    "endpoint_id": {"hq", "rm_north", "hall_bd01", "a10", "sup", "dept"},
    "delivery_id": {"hq", "rm_north", "hall_bd01", "a10", "sup", "dept"},
    "notification_id": {"hq", "admin", "rm_east", "hall_bd01", "a10", "sup", "dept"},
    "pilot_id": {"rm_north", "hall_bd01", "a10", "sup", "cb1", "insp", "dept"},
    "proposal_id": {"rm_north", "hall_bd01", "a10", "sup", "cb1", "insp", "dept"},
    "request_id": {"rm_north", "hall_bd01", "a10", "sup", "cb1", "insp", "dept"},
    "what_if_id": {"rm_north", "hall_bd01", "a10", "sup", "cb1", "insp", "dept"},
}
# what an address says besides; it leads to no record by itself
PLAIN = {
    "chart": "heat",
    "checklist_id": "telecom_hall_mystery",
    "filename": "css/tokens.css",
    "item_id": "ext_open",
    "kind": "yaml",
    "month": months.MONTH,
    "name": "zh",
    "number": 1,
    "part": "months",
    "scenario": "plan_change",
    "size": 320,
    "source": "callback",
    "step": "comment",
    "subject": "telecom_hall_mystery",
    "version": "2026.11",
    "token": "0" * 22,  # of a customer's link, which is its own proof
}


def make_records(app, session):
    """Write the company and return the arguments that lead to its records."""
    world = make_world(session)
    months.publish_all(session)
    _hire(session, world)
    audit_id = make_audit(session, world)
    document = months.worked_example(session)
    months.keep_document(session, document)
    months.ask_for_revisit(session, document)
    months.close(session, [document], by=world.people["hq"])
    make_transaction(session, app.extensions["phone_vault"])
    draw(session)
    card = CardText("办套餐", (CardStep("先看用量", 60),))
    keeper = Actor(world.people["hq"], "hq", Role.HEADQUARTERS)
    publish_card(session, keeper, PLAIN["scenario"], card, after=0, now=NOW)
    callback_id = next_call(session, agent_of(world), now=NOW)
    arguments = {
        **PLAIN,
        **_of_an_audit(session, world, audit_id),
        **_appeal(session, world),
        "hall_id": "BD01",
        "department_id": "marketing",
        "callback_id": callback_id,
        "complaint_id": _complaint(session),
        "draft_id": (draft_id := _draft(session, world)),
        "obstacle_id": _obstacle(session, world),
        "notification_id": _notification(session, world),
        "way_id": _way(session, world),
        **_webhook(session, world),
        "pilot_id": _pilot(session, keeper),
        "proposal_id": _proposal(session),
        "request_id": _request(session, world),
        "what_if_id": _what_if(session, world, draft_id),
        "token_hash": _token(session, world),
    }
    session.commit()
    return arguments | {"import_id": _import(app.test_client())}


def absent(records):
    """Return arguments of the same shape that lead to nothing."""
    nothing = {"hall_id": "BD99"}
    for name in RECORDS.keys() - nothing.keys():
        is_id = isinstance(records[name], UUID)
        nothing[name] = uuid5(UUID(int=0), name) if is_id else "0" * 64
    return {**records, **nothing}


def _hire(session, world):
    for department in ("marketing", "security"):
        session.add(
            DepartmentRow(
                department_id=department, name_zh=department, name_en=department
            )
        )
    session.flush()
    password_hash = session.get(PersonRow, world.people["cb1"]).password_hash
    for login, role, region, hall, department in MORE_PEOPLE:
        person = PersonRow(
            login=login,
            role=role,
            name_zh=login,
            name_en=login,
            code=f"C-{login}",
            region_ids=[region] if region else [],
            hall_id=hall,
            department_id=department,
            password_hash=password_hash,
        )
        session.add(person)
        session.flush()
        world.people[login] = person.person_id


def _way(session, world):
    """Return a way on which the regional manager is told."""
    row = NewsWayRow(
        person_id=world.people["rm_north"],
        kind="email",
        address="north@x.example",
        address_hash="0" * 64,
        name="north@x.example",
        groups=["actions"],
    )
    session.add(row)
    session.flush()
    return row.way_id


def _webhook(session, world):
    """Return a program that is told, and what it was told."""
    endpoint = WebhookEndpointRow(
        name="platform",
        url="https://platform.example/",
        types=["month.closed"],
        sealed_secret="x",  # noqa: S106 (nothing is ever signed with it)
        created_by=world.people["admin"],
        created_at=NOW,
    )
    session.add(endpoint)
    session.flush()
    row = WebhookDeliveryRow(
        endpoint_id=endpoint.endpoint_id,
        message_id="evt_1",
        type="month.closed",
        body="{}",
        state="delivered",
        attempts=[],
        created_at=NOW,
    )
    session.add(row)
    session.flush()
    return {"endpoint_id": row.endpoint_id, "delivery_id": row.delivery_id}


def _pilot(session, keeper):
    """Return a trial of a card in every hall of the company."""
    halls = session.scalars(select(HallRow.hall_id).order_by(HallRow.hall_id)).all()
    month = month_of(NOW)
    plan = PilotPlan(tuple(halls), month, month, Measure.OFFICIAL, "短一些")
    card = CardText("补卡", (CardStep("核身份", 30),))
    return begin_pilot(
        session,
        keeper,
        NewCard("sim_replace", card, 0),
        plan,
        is_drawn=False,
        now=NOW,
    )


def _notification(session, world):
    """Return what the regional manager was told."""
    row = NotificationRow(
        person_id=world.people["rm_north"],
        event_id=1,
        kind="month_closed",
        facts={"month": months.MONTH, "hall_id": "BD01"},
        created_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.notification_id


def _of_an_audit(session, world, audit_id):
    """Return the arguments of an audit with its photo, a job and its report."""
    row = session.get(AuditRow, audit_id)
    photo = json.loads(row.document)["evidence"][0]["sha256"]
    job = JobRow(
        kind="report.make",
        subject=str(audit_id),
        payload={},
        state="done",
        priority=1,
        lease_until=row.received_at,
        requested_by=world.people["rm_north"],
        requested_at=row.received_at,
        finished_at=row.received_at,
    )
    session.add(job)
    session.flush()
    report = ReportRow(
        audit_id=audit_id,
        revision=7,
        locale="zh_CN",
        job_id=job.job_id,
        storage_key="reports/none",
        size_bytes=0,
        requested_by=world.people["rm_north"],
        requested_at=row.received_at,
    )
    session.add(report)
    session.flush()
    job.payload = {"report_id": str(report.report_id)}
    return {
        "audit_id": audit_id,
        "job_id": job.job_id,
        "report_id": report.report_id,
        "sha256": photo,
        "sha256_hex": photo,
        "digest": row.form_digest,
    }


def _appeal(session, world):
    """Release another audit of BD01: the hall puts an item right, and appeals it."""
    audit_id = make_audit(
        session, world, state="released", answers={PLAIN["item_id"]: {"value": "no"}}
    )
    visit_id = session.get(AuditRow, audit_id).visit_id
    follow_audit(session, audit_id, now=NOW)
    action_id = session.scalar(
        select(ActionRow.action_id).where(ActionRow.item_id == PLAIN["item_id"])
    )
    person_id = world.people["hall_bd01"]
    actor = Actor(person_id, "hall_bd01", Role.HALL_MANAGER, hall_id="BD01")
    appeal_id = lodge_appeal(
        session,
        actor,
        visit_id,
        PLAIN["item_id"],
        "那天开着门。",
        is_working=lambda _day: True,
        now=NOW,
    )
    return {"action_id": action_id, "appeal_id": appeal_id, "visit_id": visit_id}


def _complaint(session):
    """Write a complaint about BD01 that the hall answers itself."""
    row = ComplaintRow(
        source="callback",
        hall_id="BD01",
        category="service",
        owner="hall",
        words="态度冷淡",
        promise_at=NOW + timedelta(days=3),
        state="open",
        created_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.complaint_id


def _draft(session, world):
    """Begin a draft of the mystery checklist."""
    actor = Actor(world.people["hq"], "hq", Role.HEADQUARTERS)
    wanted = NewDraft(CHECKLIST, PLAIN["subject"])
    return begin_draft(session, actor, wanted, now=NOW)


def _what_if(session, world, draft_id):
    """Write a replay that is under way."""
    row = WhatIfRow(
        draft_id=draft_id,
        revision=1,
        months=[months.MONTH],
        state="running",
        summary={"months": {}},
        requested_by=world.people["hq"],
        requested_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.what_if_id


def _request(session, world):
    """Let BD01 say that an item does not suit it."""
    person_id = world.people["hall_bd01"]
    actor = Actor(person_id, "hall_bd01", Role.HALL_MANAGER, hall_id="BD01")
    return request_change(session, actor, "int_clean", "厅小", now=NOW)


def _obstacle(session, world):
    """Let an auditor report a rule that stands in the way."""
    actor = Actor(world.people["a10"], "a10", Role.AUDITOR)
    report = ObstacleReport(
        ObstacleKind.RULE, "本人到场", "子女来不能办", "白跑一趟", "marketing"
    )
    return report_obstacle(session, actor, report, sign=str, now=NOW)


def _proposal(session):
    """Write something to decide about an item."""
    row = ProposalRow(
        checklist_id=PLAIN["subject"],
        item_id="ext_open",
        kind="too_easy",
        place=[],
        halls=3,
        evidence={"asked": 300, "passed": 300, "not_observed": 0},
        state="open",
        through_month=months.MONTH,
        proposed_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.proposal_id


def _import(client):
    """Let headquarters bring a file, and return its import."""
    sign_in(client, "hq")
    row = "编号,营业厅,日期,手机,评分\r\nA1,BD01,2026-10-05,13800001111,9\r\n"
    file = (BytesIO(row.encode()), "a.csv")
    brought = client.post("/imports", data={"source": "sms", "file": file})
    return UUID(brought.location.rsplit("/", 1)[1])


def _token(session, world):
    name = sha256(b"a token").hexdigest()
    row = AccessTokenRow(
        token_hash=name, person_id=world.people["hq"], name="x", created_at=NOW
    )
    session.add(row)
    session.flush()
    return name
