"""An item of a draft is written in a form; the rules' sentences stand beside it."""

import re
from html import unescape
from uuid import UUID

import pytest

from auditapp.domain.draft_edits import pointer_of
from auditapp.domain.vocabulary import Vocabulary
from auditapp.gateways.checklist_files import checklist_paths, load_yaml
from auditapp.gateways.standard_files.notations import from_cell, to_cell
from auditapp.gateways.standard_files.option_lines import OptionLines
from auditapp.services.drafts import get_draft
from desk_world import checklist_document, make_world, sign_in

MYSTERY = "/standards/telecom_hall_mystery"
KIOSK = "wai_kiosk"


@pytest.fixture(autouse=True)
def world(session):
    return make_world(session)


@pytest.fixture
def draft(client):
    sign_in(client, "hq")
    return client.post(f"{MYSTERY}/drafts", data={"title": "x"}).location


def typed(client, address):
    """Return the fields of a page's form as a browser would send them."""
    page = client.get(address).text
    page = page[page.index('class="item-fields"') :]
    found = dict(
        re.findall(r'<input class="input" [^>]*name="([^"]+)" value="([^"]*)"', page)
    )
    for name, text in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', page
    ):
        found.update({name: text})
    for name, options in re.findall(
        r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen.group(1) if chosen else ""
    # browsers send lines of a text area with both ends
    sent = {key: unescape(text).replace("\n", "\r\n") for key, text in found.items()}
    return sent | {"reason": "改好", "revision": "1"}


def item_in(session, draft, item_id):

    session.rollback()
    session.expire_all()
    document = get_draft(session, UUID(draft.rsplit("/", 1)[1])).document
    items = {i["id"]: i for part in document["sections"] for i in part["items"]}
    return items.get(item_id)


def test_a_form_that_nobody_touched_changes_nothing(client, draft, session):
    before = item_in(session, draft, KIOSK)
    address = f"{draft}/items/{KIOSK}"
    assert client.post(address, data=typed(client, address)).status_code == 303
    assert item_in(session, draft, KIOSK) == before


def test_wording_weight_and_a_word_are_changed(client, draft, session):
    address = f"{draft}/items/int_seats"
    data = typed(client, address) | {
        "zh": "有座位",
        "weight": "4",
        "owner": "营业厅",
        "bands": "",
    }
    assert client.post(address, data=data).status_code == 303
    item = item_in(session, draft, "int_seats")
    assert (item["zh"], item["weight"], item["owner"]) == ("有座位", 4, "hall")


@pytest.mark.parametrize(
    ("fields", "key", "says"),
    [
        ({"weight": "9"}, "weight", "5"),
        ({"weight": "heavy"}, "weight", ""),
        ({"en": ""}, None, ""),
        ({"overrides": "多雾 = 必查"}, "overrides", "多雾"),
        ({"reason": ""}, None, "请写一句理由"),
    ],
)
def test_what_breaks_a_rule_is_told_beside_its_field_and_kept(
    client, draft, session, fields, key, says
):
    address = f"{draft}/items/int_seats"
    before = item_in(session, draft, "int_seats")
    answer = client.post(address, data=typed(client, address) | fields)
    assert answer.status_code == 422
    if key:
        field = answer.text[answer.text.index(f'data-field="{key}"') :][:2500]
        assert 'data-state="bad"' in field
    assert says in answer.text
    assert item_in(session, draft, "int_seats") == before


def test_the_check_answers_while_typing_and_saves_nothing(client, draft, session):
    address = f"{draft}/items/int_seats"
    before = item_in(session, draft, "int_seats")
    data = typed(client, address) | {"weight": "9"}
    found = client.post(f"{address}/check", data=data).json
    assert list(found["fields"]) == ["weight"]
    good = client.post(f"{address}/check", data=typed(client, address)).json
    assert good == {"fields": {}, "others": []}
    assert item_in(session, draft, "int_seats") == before


def test_the_later_of_two_people_chooses(client, draft, session):
    address = f"{draft}/items/int_seats"
    data = typed(client, address)
    assert client.post(address, data=data | {"weight": "4"}).status_code == 303
    answer = client.post(address, data=data | {"weight": "3"})
    assert answer.status_code == 409
    assert "用我的" in answer.text
    client.post(address, data=data | {"weight": "3", "keep": "mine"})
    assert item_in(session, draft, "int_seats")["weight"] == 3


def test_items_are_added_moved_and_taken_out(client, draft, session):
    added = client.post(
        f"{draft}/items", data={"item": "ext_bench", "into": "exterior"}
    )
    assert added.location.endswith("/items/ext_bench")
    assert "必须" in client.get(added.location).text or client.get(added.location)
    assert item_in(session, draft, "ext_bench")
    client.post(f"{draft}/items/ext_bench/move", data={"to": "up"})
    client.post(f"{draft}/items/ext_bench/remove", data={"reason": "不要"})
    assert item_in(session, draft, "ext_bench") is None
    again = client.post(f"{draft}/items", data={"item": "ext_open", "into": "exterior"})
    assert again.location == draft


def test_what_does_not_exist_is_not_found(client, draft):
    assert client.get(f"{draft}/items/nothing").status_code == 404
    assert client.post(f"{draft}/items/nothing/remove").status_code == 404


def test_an_items_pointer_is_that_of_the_rules():
    document = checklist_document("telecom_hall_mystery")
    assert pointer_of(document, "ext_open") == "/sections/0/items/0"
    assert pointer_of(document, "nothing") is None


def test_options_of_every_shipped_checklist_survive_as_lines():
    lines = OptionLines()
    seen = 0
    for path in checklist_paths():
        for section in load_yaml(path).document["sections"]:
            for item in section["items"]:
                if "options" in item:
                    cell = to_cell(lines, item["options"], "zh")
                    assert from_cell(lines, cell) == item["options"]
                    seen += not str(cell).startswith("json:")
    assert seen > 5
    assert Vocabulary.from_document(checklist_document("_vocabulary"))
