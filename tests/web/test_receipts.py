"""Anyone who holds a receipt can check it, on a page and on the command line."""

import json

import pytest
from sqlalchemy import select

from auditapp.gateways.signing import ReceiptSigner
from auditapp.store.audits import AuditRow
from factories import make_document, make_person, make_photo, make_visit
from field_phone import Phone

PAGE = "/receipts/verify"


@pytest.fixture
def receipt(client, session):
    phone = Phone(client, session, make_person(session))
    photo = make_photo()
    phone.put_photo(photo)
    visit = make_visit(session, phone.person)
    return phone.put(make_document(visit, [photo])).json["receipt"]


def verify(app, receipt):
    return app.test_cli_runner().invoke(args=["audit", "verify", receipt])


def test_a_genuine_receipt_is_confirmed(app, client, receipt):
    assert client.get(PAGE).status_code == 200
    page = client.post(PAGE, data={"receipt": f"  {receipt[:40]}\n{receipt[40:]} "})
    assert page.status_code == 200
    assert 'data-state="good"' in page.text
    said = verify(app, receipt)
    assert said.exit_code == 0
    assert "genuine" in said.output


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "é", "x" * 100_000])
def test_what_we_did_not_sign_is_refused(app, client, forged):
    assert client.post(PAGE, data={"receipt": forged}).status_code == 422
    assert verify(app, forged).exit_code == 1


def test_a_changed_receipt_is_refused(client, receipt):
    head, payload, signature = receipt.split(".")
    for forged in (
        f"{head}.{payload[:-2]}AA.{signature}",
        f"{head}.{payload}.{signature[:-2]}AA",
        ReceiptSigner("another secret of another server").sign({"id": "x"}),
    ):
        assert client.post(PAGE, data={"receipt": forged}).status_code == 422


def test_an_unsigned_receipt_is_refused(app):
    signer = app.extensions["receipts"]
    none = "eyJhbGciOiJub25lIn0.eyJpZCI6MX0."
    assert signer.read(none) is None


def test_a_receipt_of_what_is_gone_says_so_loudly(app, client, session, receipt):
    audit = session.scalars(select(AuditRow)).one()
    audit.document_sha256 = "0" * 64
    session.commit()
    page = client.post(PAGE, data={"receipt": receipt})
    assert 'data-state="bad"' in page.text
    assert verify(app, receipt).exit_code == 1


def test_the_same_state_gives_the_same_receipt(app, receipt):
    signer = app.extensions["receipts"]
    assert signer.sign(signer.read(receipt)) == receipt


def test_the_same_facts_in_another_order_give_the_same_receipt():
    signer = ReceiptSigner("s" * 32)
    assert signer.sign({"a": 1, "b": [2]}) == signer.sign({"b": [2], "a": 1})


def test_a_receipt_names_its_key(app, receipt):
    from base64 import urlsafe_b64decode  # noqa: PLC0415 (only here)

    head = json.loads(urlsafe_b64decode(receipt.split(".")[0] + "=="))
    assert head == {"alg": "HS256", "kid": app.extensions["receipts"].key_id}
