"""Two versions of a checklist, compared as people talk about them."""

from copy import deepcopy

from auditapp.domain.cell_rules import with_tier, with_trait
from auditapp.domain.tier_matrix import item_of, with_item
from auditapp.domain.version_difference import version_difference
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml

MYSTERY = load_yaml(CHECKLIST_DIR / "telecom_hall_mystery.yaml").document
VOCABULARY = load_yaml(CHECKLIST_DIR / "_vocabulary.yaml").document
TIERS, TRAITS = tuple(VOCABULARY["tiers"]), tuple(VOCABULARY["traits"])
RACK, _SECTION = item_of(MYSTERY, "int_umbrella_rack")


def compare(after, before=MYSTERY):
    return version_difference(before, after, TIERS, TRAITS)


def test_a_version_does_not_differ_from_itself_whatever_it_is_called():
    assert compare({**MYSTERY, "version": "2027.01", "status": "draft"}).is_empty


def test_a_retiered_item_names_its_cells():
    item = with_trait(RACK, "tourist", dict.fromkeys(TIERS, "required"), TIERS)
    found = compare(with_item(MYSTERY, with_tier(item, "small", "optional", TIERS)))
    (rack,) = found.changed
    assert [change.at for change in rack.cells] == ["tier.small", "tourist"]
    assert rack.cells[0].before.parts == (("not_applicable", ()),)
    assert rack.cells[0].after.parts == (("optional", ()),)
    assert not [*rack.words, *rack.others]
    assert rack.weights is None
    assert not rack.rules


def test_a_line_no_cell_shows_is_told_as_a_rule():
    lines = [*RACK["overrides"], {"if": ["rainy", "tourist"], "set": "optional"}]
    (rack,) = compare(with_item(MYSTERY, {**RACK, "overrides": lines})).changed
    assert rack.rules
    assert not rack.cells


def test_words_weights_and_the_rest_are_told_apart():
    item = {**RACK, "zh": "伞架", "weight": 2, "owner": "hall", "guide_en": "New"}
    (rack,) = compare(with_item(MYSTERY, item)).changed
    assert [change.place[2] for change in rack.words] == ["zh", "guide_en"]
    assert rack.weights == (1, 2)
    assert [change.place[2] for change in rack.others] == ["owner"]


def test_added_and_removed_items_and_a_new_order_are_told():
    after = deepcopy(MYSTERY)
    gone = after["sections"][0]["items"].pop(1)
    after["sections"][0]["items"].append({**gone, "id": "ext_new_sign"})
    after["sections"][1]["items"].reverse()
    after["pass_mark"] = 70
    found = compare(after)
    assert [item["id"] for item in found.removed] == [gone["id"]]
    assert [item["id"] for item in found.added] == ["ext_new_sign"]
    assert [change.place for change in found.head] == [("head", "pass_mark")]
    assert found.is_reordered
    assert not compare(MYSTERY, after).is_empty
