"""The interface is described whole, and nothing is described that is not there."""

import json
import re

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from factories import make_document, make_person, make_photo, make_visit
from field_phone import Phone

PREFIX = "/api/v1"
NOT_OURS = {"HEAD", "OPTIONS"}


def described(client):
    return client.get(f"{PREFIX}/openapi.json").json


def test_the_description_is_sound_openapi(client):
    OpenAPIV31SpecValidator(described(client)).validate()


def test_every_route_is_described_and_every_description_has_a_route(app, client):
    routes = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
            methods = rule.methods - NOT_OURS or {"HEAD"}
            routes |= {(path, method.lower()) for method in methods}
    paths = described(client)["paths"]
    assert routes == {(path, method) for path in paths for method in paths[path]}


def test_answers_have_the_shapes_that_are_described(client, session):
    person = make_person(session)
    phone = Phone(client, session, person)
    visit = make_visit(session, person)
    document = make_document(visit, [make_photo()])
    document_of = described(client)
    answers = {
        "Bundle": phone.get("/bundle"),
        "StoredPhoto": phone.put_photo(make_photo("another")),
        "Audit": phone.put(document),
        "AuditWithDocument": phone.copy(document["id"]),
        "AuditDocument": phone.copy(document["id"]),
        "Problem": phone.put(document, revision=1, today=["raining"]),
    }
    for name, answer in answers.items():
        body = json.loads(answer.data)
        schema = {"$ref": f"#/components/schemas/{name}", **document_of}
        part = body["document"] if name == "AuditDocument" else body
        errors = list(Draft202012Validator(schema).iter_errors(part))
        assert errors == [], name


def test_people_can_read_it_too(client):
    page = client.get(f"{PREFIX}/docs")
    assert page.status_code == 200
    assert "/api/v1/field/audits/{audit_id}" in page.text
