"""A small company with audits before its reviewers, for tests of the desk's pages."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from auditapp.domain.actor import Actor
from auditapp.domain.finding_cause import FindingCause, findings
from auditapp.domain.score_document import from_document
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.reads.organisation import get_hall_place
from auditapp.reads.people import actor_of
from auditapp.services.checklists import (
    form_for,
    get_version_in_force,
    publish_checklist,
)
from auditapp.services.finding_causes import confirm_causes
from auditapp.services.form_shelf import find_form
from auditapp.services.scores import judge_audit, keep_judgement
from auditapp.store.audits import (
    AuditRow,
    EvidenceRow,
    PhotoHolderRow,
    PhotoRow,
    ScoreRow,
)
from auditapp.store.organisation import (
    AgencyRow,
    CityRow,
    CompanyRow,
    HallRow,
    RegionRow,
)
from auditapp.store.people import PersonRow
from auditapp.store.visits import VisitRow

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
AUDIT_STATES = {"returned": "returned", "in_review": "complete"}
PASSWORD = "demo"  # noqa: S105
PEOPLE = {
    # login: role, region, hall, agency
    "hq": ("headquarters", None, None, None),
    "hq_view": ("headquarters", None, None, None),
    "admin": ("admin", None, None, None),
    "rm_north": ("region_manager", "north", None, None),
    "rm_east": ("region_manager", "east", None, None),
    "hall_bd01": ("hall_manager", None, "BD01", None),
    "a10": ("auditor", "north", None, "xinglu"),
    "a11": ("auditor", "north", None, "xinglu"),
    "sup": ("agency_supervisor", None, None, "xinglu"),
    "sup_other": ("agency_supervisor", None, None, "other"),
    "cb1": ("callback_agent", None, None, None),
}


@dataclass
class World:
    """Who is there and which audits were made."""

    people: dict[str, UUID] = field(default_factory=dict)
    audits: list[UUID] = field(default_factory=list)


@cache
def cheap_hash(password: str) -> str:
    """Return a hash that is checked in no time; its parameters stand in itself."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


@cache
def checklist_document(name: str) -> dict:
    """Return a shipped file's document; nobody changes it."""
    return load_yaml(CHECKLIST_DIR / f"{name}.yaml").document


def make_world(session: Session) -> World:
    """Write the organisation, the people and the mystery checklist."""
    _write_organisation(session)
    password_hash = cheap_hash(PASSWORD)
    world = World()
    for login, (role, region, hall, agency) in PEOPLE.items():
        person = PersonRow(
            login=login,
            role=role,
            name_zh=f"{login}先生",
            name_en=f"Person {login}",
            code=f"C-{login}",
            region_ids=[region] if region else [],
            hall_id=hall,
            agency_id=agency,
            is_read_only=login == "hq_view",
            password_hash=password_hash,
        )
        session.add(person)
        session.flush()
        world.people[login] = person.person_id
    publish_checklist(
        session,
        checklist_document("telecom_hall_mystery"),
        checklist_document("_vocabulary"),
        effective_month="2026-01",
        now=NOW,
    )
    session.commit()
    return world


def make_audit(  # noqa: PLR0913  each is a difference some test is about
    session: Session,
    world: World,
    *,
    hall_id: str = "BD01",
    auditor: str = "a10",
    state: str = "in_review",
    photos: int = 4,
    answers: dict | None = None,
    days_ago: int = 0,
) -> UUID:
    """Write a complete audit of a hall, scored, and return its id."""
    at = NOW - timedelta(days=days_ago)
    version = get_version_in_force(session, "mystery", "2026-11")
    place = get_hall_place(session, hall_id)
    digest = form_for(session, version, place, "plan_change", at)
    session.flush()
    form = find_form(session, digest)
    visit = VisitRow(
        month="2026-11",
        kind="mystery",
        hall_id=hall_id,
        region_id=place.region_id,
        auditor_id=world.people[auditor],
        scenario="plan_change",
        form_digest=digest,
        brief={
            "id": "plan",
            "question": {"zh": "什么时候生效？", "en": "When does it start?"},
            "answer": {"zh": "次月1日生效。", "en": "On the 1st of next month."},
        },
        due_on=date(2026, 11, 20),
        state=state,
        assigned_at=at - timedelta(days=5),
        sent_at=at,
        released_at=at if state == "released" else None,
    )
    session.add(visit)
    session.flush()
    audit_id = uuid4()
    document = audit_document(form, audit_id, visit.visit_id, at, photos)
    for item_id, answer in (answers or {}).items():
        document["answers"].pop(item_id, None)
        if answer is not None:
            document["answers"][item_id] = answer
    content = json.dumps(document, ensure_ascii=False).encode()
    session.add(
        AuditRow(
            audit_id=audit_id,
            visit_id=visit.visit_id,
            auditor_id=world.people[auditor],
            form_digest=digest,
            device="phone",
            revision=7,
            state={"returned": "returned", "in_review": "complete"}.get(
                state, "closed"
            ),
            document=content,
            document_sha256=sha256(content).hexdigest(),
            received_at=at,
            finished_at=at,
            completed_at=at,
        )
    )
    session.flush()
    _write_photos(session, audit_id, world.people[auditor], document, at)
    session.flush()
    judgement = judge_audit(session, audit_id)
    keep_judgement(session, judgement, now=at)
    session.commit()
    world.audits.append(audit_id)
    return audit_id


def confirm_all(session: Session, actor: Actor, audit_id: UUID) -> None:
    """Say of every finding of an audit that the front line can put it right."""
    audit = session.get(AuditRow, audit_id)
    score = from_document(session.get(ScoreRow, (audit_id, audit.revision)).lines)
    hall = FindingCause("front_line", "hall")
    wanted = {line.item_id: hall for line in findings(score)}
    confirm_causes(session, actor, audit_id, wanted, NOW)
    session.commit()


def audit_document(form, audit_id, visit_id, at, photos):
    """Return a sound final document that answers every item well."""
    started = at - timedelta(minutes=30)
    items = form["items"]
    answers = {
        item["id"]: {
            "value": _good_value(item),
            "at": _instant(started + timedelta(minutes=8, seconds=9 * number)),
        }
        for number, item in enumerate(items)
    }
    seconds = {event["id"]: 40 * n for n, event in enumerate(form["events"])}
    return {
        "id": str(audit_id),
        "visit": str(visit_id),
        "form": "sha256:0",
        "device": "phone",
        "revision": 7,
        "state": "final",
        "today": [],
        "started_at": _instant(started),
        "finished_at": _instant(at),
        "answers": answers,
        "marks": [
            {
                "event": event,
                "at": _instant(started + timedelta(seconds=elapsed)),
                "elapsed_ms": elapsed * 1000,
                "source": "tapped",
            }
            for event, elapsed in seconds.items()
        ],
        "evidence": [
            {
                "sha256": sha256(f"{audit_id} {number}".encode()).hexdigest(),
                "bytes": 1000,
                "type": "image/jpeg",
                "item": items[number % len(items)]["id"],
                "taken_at": _instant(started),
                "source": "camera",
            }
            for number in range(photos)
        ],
        "clock_offset_ms": -310,
        "positions": [{"lat": 38.87, "lon": 115.46, "accuracy_m": 18}],
        "app": "test",
    }


def person(session: Session, login: str) -> Actor:
    """Return one of the people as who acts."""
    row = session.scalar(select(PersonRow).where(PersonRow.login == login))
    return actor_of(row)


def sign_in(client, login, password=PASSWORD):
    """Sign a test client in as one of the people."""
    return client.post("/sign-in", data={"login": login, "password": password})


def _good_value(item):
    match item["kind"]:
        case "yes_no":
            return "yes"
        case "scale":
            return 5
        case "choice":
            return item["options"][0]["id"]
        case "timing_seconds":
            return 12
        case "number":
            return item.get("min", 0)
        case _:
            return "都很好"


def _instant(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write_photos(session, audit_id, person_id, document, at):
    for position, photo in enumerate(document["evidence"]):
        session.add(
            PhotoRow(
                sha256=photo["sha256"],
                size_bytes=1000,
                media_type="image/jpeg",
                stored_at=at,
                condition="unreadable" if position == 1 else "readable",
                width=1600,
                height=1200,
            )
        )
        session.flush()
        session.add(PhotoHolderRow(sha256=photo["sha256"], person_id=person_id))
        session.add(
            EvidenceRow(
                audit_id=audit_id,
                sha256=photo["sha256"],
                position=position,
                item_id=photo["item"],
                source=photo["source"],
                taken_at=at - timedelta(minutes=20),
            )
        )


def _write_organisation(session):
    session.add(CompanyRow(company_id="c", name_zh="公司", name_en="Co", hotline="0"))
    for agency in ("xinglu", "other"):
        session.add(AgencyRow(agency_id=agency, name_zh=agency, name_en=agency))
    for region in ("north", "east"):
        name = {"north": "北部大区", "east": "东部大区"}[region]
        session.add(
            RegionRow(region_id=region, name_zh=name, name_en=region, traits=["rainy"])
        )
    session.flush()
    for city, region in (("baoding", "north"), ("shaoxing", "east")):
        session.add(
            CityRow(
                city_id=city,
                region_id=region,
                name_zh=city,
                name_en=city,
                traits_add=["hot"],
                traits_remove=["rainy"] if city == "baoding" else [],
            )
        )
    session.flush()
    for hall, city in (("BD01", "baoding"), ("BD02", "baoding"), ("SX01", "shaoxing")):
        session.add(
            HallRow(
                hall_id=hall,
                city_id=city,
                name_zh=f"{hall}标准厅",
                name_en=f"{hall} Standard",
                tier="standard",
                traits_add=["queue_machine"],
                traits_remove=[],
                latitude=38.87,
                longitude=115.46,
                radius_metres=200,
                hours="08:30-18:00",
                counters=4,
                area_m2=120,
                staff=8,
                customers_per_day=90,
            )
        )
    session.flush()
