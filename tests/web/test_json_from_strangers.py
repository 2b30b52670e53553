"""Whatever JSON arrives, the answer is a clear 4xx and nothing breaks."""

import json
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditapp.domain.json_text import DEEPEST, MalformedError, read_json
from factories import make_document, make_person, make_visit
from field_phone import Phone
from strange_json import ANY_JSON, BROKEN


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: repr(body[:20]))
def test_what_two_readers_would_read_differently_is_refused(body):
    with pytest.raises(MalformedError):
        read_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"a": [1, -2.5e-3, true, null, "\\ud83d\\ude00", "[[[[{{{{"]}',
        '{"营业厅": "“好”"}'.encode(),
        b"[" * DEEPEST + b"]" * DEEPEST,
        b'["\\\\", "\\"", "]"]',
    ],
)
def test_sound_json_is_read_as_everybody_reads_it(body):
    assert read_json(body) == json.loads(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
@settings(max_examples=50, deadline=None)
def test_what_was_written_is_read_back(value):
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert read_json(text) == value


@pytest.fixture
def phone(client, session):
    return Phone(client, session, make_person(session))


@pytest.mark.parametrize("body", [b"[", b"NaN", b"[" * 5000, b"\xff", b'{"a":1,"a":2}'])
def test_a_broken_body_is_a_400_with_a_reason(phone, body):
    answer = phone.put_raw(uuid4(), body)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b"1", b'"text"', b"{}", b'{"id": {}}']
)
def test_sound_json_that_is_no_audit_is_a_422_that_names_every_place(phone, body):
    answer = phone.put_raw(uuid4(), body)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_only_json_of_a_bounded_size_is_read(phone):
    assert phone.put_raw(uuid4(), b"{}", "text/plain").status_code == 415
    huge = b'{"a": "' + b"x" * 1024 * 1024 + b'"}'
    assert phone.put_raw(uuid4(), huge).status_code == 413


MEMBERS = [
    "id",
    "visit",
    "form",
    "device",
    "takes_over",
    "revision",
    "state",
    "today",
    "started_at",
    "finished_at",
    "answers",
    "marks",
    "evidence",
    "clock_offset_ms",
    "positions",
    "app",
    "outcome",
]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    member=st.sampled_from(MEMBERS),
    value=ANY_JSON,
    state=st.sampled_from(["draft", "final"]),
)
def test_no_value_anywhere_breaks_the_server(phone, session, member, value, state):
    visit = make_visit(session, phone.person)
    document = make_document(visit, state=state)
    body = json.dumps({**document, member: value})
    answer = phone.put_raw(document["id"], body)
    assert answer.status_code in {200, 201, 404, 409, 422}
    assert phone.copy(document["id"]).status_code in {200, 404}
    assert phone.get("/bundle").status_code == 200
