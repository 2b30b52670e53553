"""A month that has begun is not changed by any path: every door is tried."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from auditapp.domain.actor import Actor, Role
from auditapp.domain.month import later, month_of
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_vocabulary, load_yaml
from auditapp.services.checklists import MonthBegunError, publish_checklist
from auditapp.services.draft_bases import restore_version
from auditapp.services.draft_steps import (
    approve_draft,
    set_effective_month,
    submit_draft,
)
from auditapp.services.drafts import NewDraft, Save, begin_draft, get_draft, save_draft
from auditapp.services.hall_places import PlaceChange, change_places
from auditapp.services.policies import publish_policy
from auditapp.services.standard_versions import CHECKLIST, POLICY
from auditapp.store.checklists import ChecklistVersionRow
from auditapp.store.months import PolicyVersionRow
from auditapp.store.organisation import HallPlaceRow
from desk_world import make_world, sign_in

NOW = datetime.now(UTC)
MONTH = month_of(NOW)
BEGUN = [MONTH, later(MONTH, -1), later(MONTH, -14)]
MYSTERY = "telecom_hall_mystery"
DOCUMENT = load_yaml(CHECKLIST_DIR / f"{MYSTERY}.yaml").document
WORDS = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
RULES = load_yaml(CHECKLIST_DIR / "_monthly_score.yaml").document


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture(autouse=True)
def _nothing_changed(session, world):
    assert world.people  # what it wrote is there before we look

    def stored():
        session.expire_all()
        session.rollback()
        return [
            session.execute(select(*table.__table__.columns)).all()
            for table in (ChecklistVersionRow, PolicyVersionRow, HallPlaceRow)
        ]

    before = stored()
    yield
    assert stored() == before


def hq(world, login="hq"):
    return Actor(world.people[login], login, Role.HEADQUARTERS)


@pytest.mark.parametrize("month", BEGUN)
def test_services_refuse(session, world, month):
    actor = hq(world)
    checklist, policy = NewDraft(CHECKLIST, MYSTERY), NewDraft(POLICY, "monthly_score")
    draft_id = begin_draft(session, actor, checklist, now=NOW)
    begun = [
        NewDraft(each.kind, each.subject, "x", month) for each in (checklist, policy)
    ]
    place = PlaceChange.alike(["BD01"], {}, tier="small", from_month=month, reason="x")
    doors = {
        "a version": lambda: publish_checklist(
            session, {**DOCUMENT, "version": "x"}, WORDS, effective_month=month, now=NOW
        ),
        "a policy": lambda: publish_policy(
            session, {**RULES, "version": "x"}, effective_month=month, now=NOW
        ),
        "a draft": lambda: begin_draft(session, actor, begun[0], now=NOW),
        "a policy's draft": lambda: begin_draft(session, actor, begun[1], now=NOW),
        "its month": lambda: set_effective_month(
            session, actor, draft_id, month, now=NOW
        ),
        "undo": lambda: restore_version(session, actor, begun[0], "2026.11", now=NOW),
        "a hall": lambda: change_places(
            session, actor, place, load_vocabulary(), now=NOW
        ),
    }
    for door in doors.values():
        with pytest.raises(MonthBegunError):
            door()


def test_an_approval_that_waited_until_the_month_began_is_refused(session, world):
    wanted = NewDraft(CHECKLIST, MYSTERY)
    draft_id = begin_draft(session, hq(world), wanted, now=NOW)
    document = deepcopy(get_draft(session, draft_id).document)
    document["pass_mark"] = 65
    save_draft(session, hq(world), draft_id, Save(document, 1, "x"), now=NOW)
    submit_draft(session, hq(world), draft_id, now=NOW)
    with pytest.raises(MonthBegunError):
        approve_draft(
            session, hq(world, "hq_view"), draft_id, now=NOW + timedelta(days=40)
        )


@pytest.mark.parametrize("month", BEGUN)
@pytest.mark.usefixtures("world")
def test_pages_refuse(client, month):
    sign_in(client, "hq")
    draft = client.post(f"/standards/{MYSTERY}/drafts", data={"title": "x"}).location
    doors = [
        (f"/standards/{MYSTERY}/drafts", {"title": "x", "month": month}),
        ("/standards/monthly_score/drafts", {"title": "x", "month": month}),
        (f"/standards/{MYSTERY}/drafts", {"restore": "2026.11", "month": month}),
        (f"{draft}/month", {"month": month}),
        (
            "/halls/places",
            {"halls": ["BD01"], "tier": "small", "month": month, "reason": "x"},
        ),
    ]
    for address, data in doors:
        answer = client.post(address, data=data)
        assert answer.status_code == 409, address
        assert "已经开始" in answer.text, address


@pytest.mark.parametrize("month", BEGUN)
@pytest.mark.usefixtures("world")
def test_commands_refuse(app, tmp_path, month):
    checklist, policy = tmp_path / "checklist.yaml", tmp_path / "policy.yaml"
    for source, target in (
        (f"{MYSTERY}.yaml", checklist),
        ("_monthly_score.yaml", policy),
    ):
        text = (CHECKLIST_DIR / source).read_text()
        target.write_text(text.replace('version: "2026.11', 'version: "2027.99', 1))
    commands = (
        ["checklist", "publish", str(checklist), "--from", month],
        ["policy", "publish", str(policy), "--from", month],
    )
    for command in commands:
        result = app.test_cli_runner().invoke(args=command)
        assert result.exit_code != 0, command
        assert "已经开始" in result.output, result.output
