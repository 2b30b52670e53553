"""A customer's number is found in no page, log, file, address or column."""

import logging
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from auditapp.gateways.sms import open_sender
from auditapp.jobs.feedback import send_due
from auditapp.store.customers import CustomerRow
from auditapp.store.messages import InvitationRow
from auditapp.store.responses import ResponseRow
from desk_world import make_world, sign_in
from feedback_world import LATER, NOW, NUMBER, publish_messages
from script.find_number import Search
from signed_sender import SignedSender

E164 = f"+86{NUMBER}"
READERS = ("admin", "hq", "rm_north", "hall_bd01", "cb1", "sup")
UTTERLY_SPACED = "我的电话138 0000-1234，请回电"


@pytest.fixture
def log_file(data_dir):
    """Let every library write all it has to say into a file."""
    handler = logging.FileHandler(data_dir / "server.log")
    root, engine = logging.getLogger(), logging.getLogger("sqlalchemy.engine")
    levels = root.level, engine.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    engine.setLevel(logging.INFO)
    yield data_dir / "server.log"
    root.removeHandler(handler)
    root.setLevel(levels[0])
    engine.setLevel(levels[1])
    handler.close()


def searched(app):
    settings = app.config["SETTINGS"]
    search = Search(E164)
    search.look_through_database(settings.database_url)
    search.look_through_files([settings.data_dir])
    return search


def keep_pages(app, client, folder):
    """Fetch every page that needs no argument, as everybody, and keep what came."""
    folder.mkdir()
    count = 0
    for login in READERS:
        sign_in(client, login)
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.arguments or rule.rule == "/sign-out":
                continue
            answer = client.get(rule.rule)
            assert answer.status_code < 500, rule.rule
            head = f"{answer.status} {answer.location}\n".encode()
            (folder / f"{count}.html").write_bytes(head + answer.data)
            count += 1
        client.post("/sign-out")
    return count


def ask_and_answer(app, client, session):
    """Live through it all: a transaction, a message, a reply, the link, more words."""
    make_world(session)
    publish_messages(session)
    parts = app.extensions
    outbox = f"file://{app.config['SETTINGS'].data_dir}/outbox"
    parts["sms"] = open_sender(outbox, None, parts["phone_vault"].hash_of)
    system = SignedSender(app, client, "/api/v1/transactions", "TRANSACTIONS_SECRET")
    provider = SignedSender(app, client, "/api/v1/sms/replies", "SMS_SECRET")
    row = {
        "id": "t1",
        "hall": "BD01",
        "business": "plan_change",
        "finished_at": NOW.isoformat(),
        "phone": NUMBER,
        "surname": "王",
    }
    with time_machine.travel(NOW, tick=False):
        assert system.send({"transactions": [row]}).json["taken"] == 1
        system.send({"transactions": [row | {"id": "t2", "hall": NUMBER}]})
    with time_machine.travel(LATER, tick=False), app.app_context():
        assert send_due(LATER) == 1
    with time_machine.travel(LATER + timedelta(minutes=5), tick=False):
        told = {"id": "r1", "phone": E164, "received_at": LATER.isoformat()}
        provider.send({"replies": [told | {"text": "3"}]})
        session.rollback()
        invitation = session.scalars(select(InvitationRow.invitation_id)).one()
        link = f"/f/{parts['personal_links'].token_of(invitation)}"
        assert NUMBER not in client.get(link).text
        client.post(link, data={"reason": "wait", "words": UTTERLY_SPACED})
        provider.send({"replies": [told | {"id": "r2", "text": UTTERLY_SPACED}]})


def test_a_number_is_found_nowhere_but_sealed(
    app, client, session, log_file, data_dir, capfd
):
    ask_and_answer(app, client, session)
    with time_machine.travel(LATER + timedelta(minutes=5), tick=False):
        pages = keep_pages(app, client, data_dir / "pages")
    out, err = capfd.readouterr()
    (data_dir / "output.log").write_text(out + err)
    session.rollback()
    assert session.scalars(select(ResponseRow)).one().words

    search = searched(app)
    assert search.found == []
    assert search.rows > 50
    assert search.files > pages > 30
    assert log_file.stat().st_size > 10_000

    # the search does find a number where there is one
    session.execute(update(CustomerRow).values(surname="138 0000 1234"))
    session.commit()
    (data_dir / "notes.txt").write_text("x" * 1_048_570 + NUMBER)
    assert {place.split(" ")[0] for place in searched(app).found} == {"table", "file"}
