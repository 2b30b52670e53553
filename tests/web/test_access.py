"""Who may open what: other people's audits do not exist, by any address.

Built from the routes themselves: an address with an audit, a photo or a report in it
that is not in ``EXAMPLES`` fails, so nobody forgets a new one.
"""

import json
import re
from uuid import UUID, uuid5

import pytest
from sqlalchemy import select

from auditapp.store.audits import AuditRow
from auditapp.store.work import JobRow, ReportRow
from desk_world import make_audit, make_world, sign_in

READS = {"rm_north", "hq", "hq_view", "admin", "sup"}
OUTSIDERS = ["rm_east", "hall_bd01", "a11", "sup_other", "cb1"]
# what an address names → the argument that must not lead a stranger anywhere
OF_AN_AUDIT = {"audit_id", "report_id", "job_id", "sha256", "sha256_hex", "visit_id"}
WRITES_OF_PHONES = {"field."}  # idempotent by the auditor's own keys: test_field
UNKNOWN = UUID(int=0)
REQUEST_ID = re.compile(r"[0-9a-f]{16}|[A-Za-z0-9+/_-]{60,}")


@pytest.fixture
def held(session):
    """Return one audit of the north with its photo and a report, as arguments."""
    world = make_world(session)
    audit_id = make_audit(session, world)
    row = session.get(AuditRow, audit_id)
    sha256 = json.loads(row.document)["evidence"][0]["sha256"]
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
    session.commit()
    return {
        "audit_id": audit_id,
        "visit_id": row.visit_id,
        "report_id": report.report_id,
        "job_id": job.job_id,
        "sha256": sha256,
        "sha256_hex": sha256,
        "size": 320,
        "item_id": "ext_open",
    }


def absent(held):
    """Return arguments of the same shape that lead to nothing."""
    other = {key: uuid5(UNKNOWN, key) for key in held if isinstance(held[key], UUID)}
    return {**held, **other, "sha256": "0" * 64, "sha256_hex": "0" * 64}


def addresses(app, held, methods=("GET",)):
    """Yield (method, address, the same for something absent) of every such route."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            named = OF_AN_AUDIT & rule.arguments
            if not named or rule.endpoint.startswith(tuple(WRITES_OF_PHONES)):
                continue
            known = {key: held.get(key) for key in rule.arguments}
            assert None not in known.values(), f"no example for {rule}"
            gone = {key: absent(held)[key] for key in rule.arguments}
            found += [
                (
                    method,
                    adapter.build(rule.endpoint, known, method),
                    adapter.build(rule.endpoint, gone, method),
                )
                for method in rule.methods & set(methods)
            ]
    return found


def told(response, *arguments):
    """Return an answer without what differs between any two requests."""
    body = response.get_data(as_text=True)
    for each in arguments:
        body = body.replace(str(each), "")
    return response.status_code, REQUEST_ID.sub("", body)


@pytest.mark.parametrize("login", OUTSIDERS)
def test_out_of_scope_and_absent_cannot_be_told_apart(app, client, held, login):
    sign_in(client, login)
    others = absent(held)

    for method, address, nothing in addresses(app, held, ("GET", "POST")):
        own = client.open(address, method=method, data={"revision": "7"})
        gone = client.open(nothing, method=method, data={"revision": "7"})

        assert own.status_code in (403, 404), f"{login} {method} {address}"
        assert told(own, *held.values()) == told(gone, *others.values()), address
        if method == "GET" and "reports" not in address and "/api/" not in address:
            assert own.status_code == 404, f"{login} {address}"


def test_nobody_opens_anything_without_signing_in(app, client, held):
    for method, address, nothing in addresses(app, held, ("GET", "POST")):
        own = client.open(address, method=method)
        gone = client.open(nothing, method=method)

        assert own.status_code in (303, 401), f"{method} {address}"
        assert own.status_code == gone.status_code


@pytest.mark.parametrize("login", sorted(READS))
def test_those_in_scope_read_the_audit(client, held, login):
    sign_in(client, login)

    assert client.get(f"/audits/{held['audit_id']}").status_code == 200


def test_there_are_addresses_to_try(app, held):
    tried = {address for _method, address, _nothing in addresses(app, held)}

    assert {
        f"/audits/{held['audit_id']}",
        f"/photos/{held['audit_id']}/{held['sha256']}/320",
        f"/reports/{held['report_id']}",
        f"/api/v1/audits/{held['audit_id']}",
        f"/api/v1/evidence/{held['sha256']}",
    } <= tried


def test_decisions_of_outsiders_change_nothing(client, session, held):
    for login in [*OUTSIDERS, "sup", "admin", "hq_view"]:
        sign_in(client, login)
        for decision in ("accept", "return", "reopen"):
            client.post(
                f"/audits/{held['audit_id']}/{decision}",
                data={"revision": "7", "due_on": "2099-01-01"},
            )
        client.post("/sign-out")
    session.expire_all()

    assert session.scalar(select(AuditRow.state)) == "complete"
