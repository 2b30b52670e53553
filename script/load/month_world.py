"""A whole country's month in a database, made by the database itself: fast."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Engine, Integer, MetaData, String, Table, text
from sqlalchemy import insert as insert_into
from sqlalchemy.orm import Session

from auditapp.domain.canonical import canonical_json
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml
from auditapp.services.checklists import publish_checklist
from auditapp.services.policies import publish_policy
from auditapp.store.checklists import FormRow
from auditapp.store.organisation import CityRow, HallRow, RegionRow
from auditapp.store.people import PersonRow
from auditapp.store.tables import metadata
from load.month_samples import (
    KINDS,
    SAMPLES,
    TIERS,
    forms,
    scored_audits,
    scored_replies,
)

MONTH, NOW = "2026-10", datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
REGIONS, CITIES = 31, 310
HALLS_PER_AUDITOR = 25
VISITS, INSPECTIONS, REPLIES = 2, 1, 60  # of each hall

extra = MetaData()
SCORED = Table(
    "bench_scores",
    extra,
    Column("kind", String, primary_key=True),
    Column("tier", String, primary_key=True),
    Column("k", Integer, primary_key=True),
    *(Column(name, Integer) for name in ("milli", "numerator", "denominator")),
    *(Column(name, Integer) for name in ("hard", "soft", "cap", "coverage")),
    Column("lines", JSON),
)
SAID = Table(
    "bench_responses",
    extra,
    Column("k", Integer, primary_key=True),
    Column("milli", Integer),
    Column("lost", JSON),
    Column("cause", String),
    Column("answers", JSON),
)


def make_world(engine: Engine, halls: int) -> None:
    """Fill an empty database with so many halls and all that came in a month."""
    metadata.create_all(engine)
    extra.create_all(engine)
    with Session(engine) as session:
        _publish(session)
        _settle(session, halls)
        session.execute(insert_into(SCORED), list(scored_audits()))
        session.execute(insert_into(SAID), list(scored_replies()))
        session.commit()
        words = Words(engine.dialect.name == "postgresql", halls)
        for statement in audit_statements(words, halls):
            session.execute(text(statement))
        session.execute(text(_reply_statement(words, halls)))
        session.commit()
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


class Words:
    """What the two databases spell differently."""

    def __init__(self, is_postgresql: bool, halls: int) -> None:  # noqa: FBT001
        self._is_postgresql = is_postgresql
        self.hall = self.padded(f"(i % {halls})")
        self.tier = f"({self._case(f'i % {halls} % {len(TIERS)}')})"
        self.region = f"('R' || (i % {halls} % {CITIES} % {REGIONS}))"

    def series(self, count: int) -> str:
        """Return a table of the numbers ``i`` from 0."""
        if self._is_postgresql:
            return f"(SELECT generate_series(0, {count - 1})::bigint AS i) AS g"
        return (
            f"(WITH RECURSIVE g(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g"
            f" WHERE i < {count - 1}) SELECT i FROM g) AS g"
        )

    def uuid(self, kind: int, number: str = "i") -> str:
        """Return a name made of a kind's digit and a number."""
        if self._is_postgresql:
            return f"('{kind}' || lpad(to_hex({number}), 31, '0'))::uuid"
        return f"printf('{kind}%031x', {number})"

    def padded(self, number: str) -> str:
        """Return a hall's id."""
        if self._is_postgresql:
            return f"('H' || lpad(({number})::text, 6, '0'))"
        return f"printf('H%06d', {number})"

    @staticmethod
    def _case(number: str) -> str:
        whens = " ".join(f"WHEN {i} THEN '{tier}'" for i, tier in enumerate(TIERS))
        return f"CASE {number} {whens} END"


def audit_statements(
    words: Words, halls: int, month: str = MONTH, first: int = 0
) -> Iterator[str]:
    """Yield what fills a month's visits, audits and scores, numbered from ``first``."""
    audits = (VISITS + INSPECTIONS) * halls
    kind = f"(CASE WHEN i < {VISITS * halls} THEN 'mystery' ELSE 'open_inspection' END)"
    at = f"'{month}-20 02:00:00.000000'"
    visit, audit = words.uuid(1, f"i + {first}"), words.uuid(2, f"i + {first}")
    yield (
        "INSERT INTO visits (visit_id, month, kind, hall_id, region_id, auditor_id,"
        " form_digest, brief, due_on, state, assigned_at)"
        f" SELECT {visit}, '{month}', {kind}, {words.hall}, {words.region},"
        f" {words.uuid(9, f'i % {_auditors(halls)}')}, {kind} || '-' || {words.tier},"
        f" '{{}}', '{month}-28', 'released', {at} FROM {words.series(audits)}"
    )
    yield (
        "INSERT INTO audits (audit_id, visit_id, auditor_id, form_digest, device,"
        " revision, state, document, document_sha256, received_at, finished_at,"
        f" completed_at) SELECT {audit}, {visit},"
        f" {words.uuid(9, f'i % {_auditors(halls)}')}, {kind} || '-' || {words.tier},"
        f" 'bench', 1, 'closed', '{{}}', '{'0' * 64}', {at}, {at}, {at}"
        f" FROM {words.series(audits)}"
    )
    yield (
        "INSERT INTO scores (audit_id, revision, score_milli, score_numerator,"
        " score_denominator, outcome, coverage_pct, is_complete,"
        " has_critical_failure, lost_hard_milli, lost_soft_milli, cap_loss_milli,"
        f" lines, scored_at) SELECT {audit}, 1, t.milli, t.numerator,"
        " t.denominator, 'completed', t.coverage, TRUE, FALSE, t.hard, t.soft, t.cap,"
        f" t.lines, {at} FROM {words.series(audits)} JOIN bench_scores t ON"
        f" t.kind = {kind} AND t.tier = {words.tier} AND"
        f" t.k = (i * 7 + i / {halls} * 3) % {SAMPLES}"
    )


def _reply_statement(words: Words, halls: int) -> str:
    replies, at = REPLIES * halls, "'2026-10-20 02:00:00.000000'"
    return (
        "INSERT INTO responses (response_id, source, origin, origin_key, hall_id,"
        " month, happened_on, received_at, business, checklist_version, score_milli,"
        f" lost, cause, answers, wants_call) SELECT {words.uuid(3)}, 'sms', 'text',"
        f" CAST(i AS VARCHAR), {words.hall}, '{MONTH}', '2026-10-20', {at},"
        " 'plan_change', '2026.11-draft1', t.milli, t.lost, t.cause, t.answers, FALSE"
        f" FROM {words.series(replies)} JOIN bench_responses t ON"
        f" t.k = (i * 11 + i / {halls} * 7) % {SAMPLES}"
    )


def _auditors(halls: int) -> int:
    return max(halls // HALLS_PER_AUDITOR, 4)


def _publish(session: Session) -> None:
    vocabulary = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
    for checklist_id in (*KINDS.values(), "sms_feedback", "customer_callback"):
        document = load_yaml(CHECKLIST_DIR / f"{checklist_id}.yaml").document
        publish_checklist(
            session, document, vocabulary, effective_month="2026-01", now=NOW
        )
    policy = load_yaml(CHECKLIST_DIR / "_monthly_score.yaml").document
    publish_policy(session, policy, effective_month=MONTH, now=NOW, even_if_begun=True)


def _settle(session: Session, halls: int) -> None:
    """Write regions, cities, halls, auditors and the forms that all halls share."""
    names = {"name_zh": "压测", "name_en": "Load"}
    traits: dict[str, Any] = {"traits_add": [], "traits_remove": []}
    session.execute(
        insert_into(RegionRow),
        [{"region_id": f"R{i}", "traits": [], **names} for i in range(REGIONS)],
    )
    session.execute(
        insert_into(CityRow),
        [
            {"city_id": f"C{i}", "region_id": f"R{i % REGIONS}", **traits, **names}
            for i in range(CITIES)
        ],
    )
    facts = {"latitude": 23.1, "longitude": 113.3, "radius_metres": 120}
    size = {"counters": 4, "area_m2": 200, "staff": 8, "customers_per_day": 300}
    session.execute(
        insert_into(HallRow),
        [
            {
                "hall_id": f"H{i:06d}",
                "city_id": f"C{i % CITIES}",
                "tier": TIERS[i % len(TIERS)],
                "hours": "08:30-18:00",
                "is_active": True,
                **facts,
                **size,
                **traits,
                **names,
            }
            for i in range(halls)
        ],
    )
    session.execute(
        insert_into(PersonRow),
        [
            {
                "person_id": UUID(f"9{i:031x}"),
                "login": f"bench{i}",
                "role": "auditor",
                "code": f"B{i}",
                "region_ids": [],
                **names,
            }
            for i in range(_auditors(halls))
        ],
    )
    session.execute(insert_into(FormRow), [_form_row(*key) for key in forms()])


def _form_row(kind: str, tier: str, form: dict[str, Any]) -> dict[str, Any]:
    return {
        "digest": f"{kind}-{tier}",
        "hall_id": "H000000",
        "checklist_id": form["checklist"],
        "version": form["version"],
        "document": canonical_json(form),
        "created_at": NOW,
    }
