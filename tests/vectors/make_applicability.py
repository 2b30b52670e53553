"""Write applicability.json: real items at a spread of halls, and corner cases.

What is expected is read from the checklist as headquarters reads it, all rules from top
to bottom with all facts at once; neither the form nor the phone takes part.

Run it after a checklist has changed: python tests/vectors/make_applicability.py
"""

import json
import sys
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from auditapp.domain.applicability import (  # noqa: E402
    Decision,
    Place,
    word_holds,
)
from auditapp.domain.form import build_form  # noqa: E402
from auditapp.domain.reasons import reason  # noqa: E402
from auditapp.gateways.checklist_files import (  # noqa: E402
    load_checklist,
    load_vocabulary,
)

CORNERS = Path(__file__).with_name("applicability_corners.json")
VECTORS = Path(__file__).with_name("applicability.json")
READ_BY_THE_RULE = ("requirement", "rule", "why", "today", "bands", "bands_when")
DAYS = [
    day for n in range(3) for day in combinations(("raining", "snowing", "peak"), n)
]
PLACES = {
    "SX01": Place("flagship", frozenset({"rainy", "hot", "kiosk"}), "plan_change"),
    "SX02": Place("standard", frozenset({"rainy", "hot"}), "complaint"),
    "JQ01": Place("standard", frozenset({"arid", "cold"}), "bill_query"),
    "mall": Place("standard", frozenset({"rainy", "in_mall"}), "device"),
    "small": Place("small", frozenset({"rainy", "elderly"}), "new_sim"),
    "township": Place("township", frozenset({"rural", "plateau"}), None),
}


def last(base, rules, facts):
    """Return the outcome and number of the last rule that holds."""
    decision = Decision(base, 0)
    for rule in rules:
        if all(word_holds(word, facts) for word in rule.condition):
            decision = Decision(rule.outcome, rule.number)
    return decision


def day_of(item, place, day, vocabulary):
    """Return what the checklist itself says about an item on a day."""
    facts = place.facts() | {f"today.{fact}" for fact in day}
    decision = last(item.applies[place.tier], item.overrides, facts)
    bands = last(item.scale.bands, item.scale.bands_when, facts).outcome
    return {
        "today": list(day),
        "requirement": decision.outcome.value,
        "rule": decision.rule,
        "why": reason(item, decision, place, vocabulary).as_dict(),
        "bands": [{"up_to": band.up_to, "score": band.score} for band in bands],
    }


def real_items():
    """Return every item that today decides something about, at each place."""
    vocabulary = load_vocabulary()
    checklist = load_checklist("telecom_hall_mystery")
    items = {item.item_id: item for item in checklist.items}
    for hall, place in PLACES.items():
        form = build_form(checklist, vocabulary, hall, place)
        for entry in form["items"]:
            if "today" not in entry and "bands_when" not in entry:
                continue
            yield {
                "about": f"{entry['id']} at {hall}",
                "item": {key: entry[key] for key in READ_BY_THE_RULE if key in entry},
                "days": [
                    day_of(items[entry["id"]], place, day, vocabulary) for day in DAYS
                ],
            }


def vectors():
    """Return the whole file."""
    corners = json.loads(CORNERS.read_text())
    return {"items": [*corners["items"], *real_items()], "asked": corners["asked"]}


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n")
