"""Who may open what: other people's records do not exist, by any address.

Built from the routes themselves: every one is in ``access_matrix.MAY`` (the house's
rules see to that), and an argument that ``access_world`` has no example for fails, so
nobody forgets a new address.
"""

import re

import pytest
import time_machine
from sqlalchemy import select

from access_matrix import ANYBODY, MAY
from access_world import PLAIN, RECORDS, absent, make_records
from auditapp.store.audits import AuditRow
from auditapp.store.people import PersonRow
from call_samples import NOW
from desk_world import sign_in

READS = {"rm_north", "hq", "hq_view", "admin", "sup"}
# one person of each role, none of whom may only read
ONE_OF_EACH = (
    "admin",
    "hq",
    "rm_north",
    "hall_bd01",
    "sup",
    "a10",
    "insp",
    "cb1",
    "dept",
)
UNSEEN = {"static"}  # files that anybody has
# what this world has no file, inspection or draft for: tests of these pages
ELSEWHERE = {
    "api.photo",
    "photos.show",
    "result_photos.show",
    "reports.show",
    "month_reports.show",
    "imports.faults",
    "inspections.show",
    "policy_drafts.show",
    "actions.photo",
    "appeals.photo",
    "obstacles.photo",
}
PHONES_PUT = {"field.put_audit", "field.put_evidence"}  # by own keys: test_field
METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE"}
REQUEST_ID = re.compile(r"[0-9a-f]{16}|[A-Za-z0-9+/_-]{60,}")
FORM = {"revision": "7", "reply": "x", "value": "5"}


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def records(app, session):
    return make_records(app, session)


def addresses(app, records):
    """Return (rule, method, address, the same for something absent) of every route."""
    found, nothing = [], absent(records)
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if rule.endpoint in UNSEEN:
                continue
            unknown = rule.arguments - records.keys()
            assert not unknown, f"access_world has no example for {rule}"
            methods = rule.methods & METHODS
            # a HEAD that comes with a GET is the same view
            for method in sorted(methods - {"HEAD"} or methods):
                own, gone = (
                    adapter.build(
                        rule.endpoint,
                        {key: each[key] for key in rule.arguments},
                        method,
                    )
                    for each in (records, nothing)
                )
                found.append((rule, method, own, gone))
    return found


def of_records(app, records):
    """Return those of routes that name somebody's record."""
    return [
        each
        for each in addresses(app, records)
        if each[0].arguments & RECORDS.keys()
        and each[0].endpoint not in PHONES_PUT
        and MAY[each[0].endpoint] != ANYBODY
    ]


def opened(client, rule, method, address):
    """Send what is sound but for who sends it."""
    outcome = "busy" if rule.endpoint.startswith("calls.") else "solved"
    return client.open(address, method=method, data={**FORM, "outcome": outcome})


def told(response, names):
    """Return an answer without the names and what differs between any two requests."""
    body = response.get_data(as_text=True)
    for each in names:
        body = body.replace(each, "")
    return response.status_code, REQUEST_ID.sub("", body)


def test_every_argument_is_a_record_or_plain(records):
    assert records.keys() == RECORDS.keys() | PLAIN.keys()


def test_each_role_opens_what_the_matrix_says(app, session, records):
    roles = dict(session.execute(select(PersonRow.login, PersonRow.role)).all())
    session.rollback()
    routes = addresses(app, records)
    assert {roles[login] for login in ONE_OF_EACH} == set(roles.values())
    for login in ONE_OF_EACH:
        client = app.test_client()
        sign_in(client, login)
        for rule, method, own, gone in routes:
            allowed = {role.value for role in MAY[rule.endpoint]}
            if rule.endpoint.startswith("accounts.sign_out"):
                continue
            if not allowed or roles[login] in allowed:
                # reading alone: decisions by those who may have tests of their own
                answer = client.get(own) if method == "GET" else None
                assert answer is None or answer.status_code not in (403, 500), own
                continue
            for address in {own, gone}:
                answer = opened(client, rule, method, address)
                assert answer.status_code == 403, f"{login} {method} {address}"


def test_out_of_scope_and_absent_cannot_be_told_apart(app, records):
    both = (records, absent(records))
    names = [str(each[name]) for each in both for name in RECORDS]
    routes = of_records(app, records)
    for login in sorted(set().union(*RECORDS.values())):
        client = app.test_client()
        sign_in(client, login)
        for rule, method, address, nothing in routes:
            named = rule.arguments & RECORDS.keys()
            if not all(login in RECORDS[name] for name in named):
                continue
            own = opened(client, rule, method, address)
            gone = opened(client, rule, method, nothing)

            assert own.status_code in (403, 404), f"{login} {method} {address}"
            assert told(own, names) == told(gone, names), f"{login} {address}"


def test_nobody_opens_anything_without_signing_in(app, client, records):
    for rule, method, address, nothing in addresses(app, records):
        if MAY[rule.endpoint] == ANYBODY:
            continue
        own = client.open(address, method=method)
        gone = client.open(nothing, method=method)

        assert own.status_code in (303, 401), f"{method} {address}"
        assert own.status_code == gone.status_code


def test_somebody_in_scope_reads_every_record(app, records):
    """Or the tests before would pass for addresses that lead nowhere."""
    clients = {}
    for login in ("hq", "admin", "rm_north", "cb1", "a10", "hall_bd01"):
        clients[login] = app.test_client()
        sign_in(clients[login], login)
    for rule, method, address, _nothing in of_records(app, records):
        if method == "GET" and rule.endpoint not in ELSEWHERE:
            codes = {k: c.get(address).status_code for k, c in clients.items()}
            assert 200 in codes.values(), (address, codes)


@pytest.mark.parametrize("login", sorted(READS))
def test_those_in_scope_read_the_audit(client, records, login):
    sign_in(client, login)

    assert client.get(f"/audits/{records['audit_id']}").status_code == 200


def test_decisions_of_outsiders_change_nothing(client, session, records):
    before = sorted(session.scalars(select(AuditRow.state)))
    assert session.get_one(AuditRow, records["audit_id"]).state == "complete"
    for login in [*sorted(RECORDS["audit_id"]), "sup", "admin", "hq_view"]:
        sign_in(client, login)
        for decision in ("accept", "return", "reopen"):
            client.post(
                f"/audits/{records['audit_id']}/{decision}",
                data={"revision": "7", "due_on": "2099-01-01"},
            )
        client.post("/sign-out")
    session.expire_all()

    assert sorted(session.scalars(select(AuditRow.state))) == before
