"""An open inspection's own form: the questions drawn for it, what it looks at again.

It is a form like any other (docs/architecture.md, “Open inspection”): questions that
were not drawn are ``excluded`` with their reason, so they neither count nor lower the
coverage; ``findings`` are what the last visits found wrong; there are no ``events``,
for nothing is timed in secret.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

Form = Mapping[str, Any]

KIND = "open_inspection"
RESULTS = ("fixed", "not_fixed", "cannot_tell")  # of looking at a finding again
# whom questions were put to: a position, never a name
POSITIONS = ("counter", "guide", "duty_manager", "security", "other")
SIGNATURE = "signature.hall"  # no item's id has a dot
CORRECTION, RECHECK = "correction.", "recheck."
QUESTIONS = 5
MOST_FINDINGS = 12


def is_open_inspection(form: Form) -> bool:
    """Tell whether a form is one of an open inspection."""
    return form.get("source") == KIND


def knowledge_items(form: Form) -> list[str]:
    """Return the set that questions are drawn from: items with expected points."""
    return [item["id"] for item in form["items"] if item.get("answer")]


def draw_questions(
    pool: Sequence[str], count: int, seed: str, previous: Collection[str] = ()
) -> list[str]:
    """Draw some of the questions, in the order of the pool.

    The same seed draws the same; the draw before is never repeated as long as there is
    another one.
    """
    order = sorted(pool, key=lambda each: sha256(f"{seed} {each}".encode()).digest())
    drawn = set(order[:count])
    if drawn == set(previous) and len(order) > count > 0:
        drawn = set(order[1 : count + 1])
    return [each for each in pool if each in drawn]


def draw_again(pool: Sequence[str], drawn: Sequence[str], seed: str) -> list[str]:
    """Return a draw as it is after the pool changed: what is gone is drawn anew."""
    kept = [each for each in drawn if each in pool]
    left = [each for each in pool if each not in kept]
    new = draw_questions(left, len(drawn) - len(kept), seed)
    return [each for each in pool if each in {*kept, *new}]


def inspection_form(
    form: Form, drawn: Collection[str], findings: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the form with these questions only, and with what to look at again."""
    pool = set(knowledge_items(form))
    left = [i for i in form["items"] if i["id"] in pool and i["id"] not in drawn]
    why = {
        "zh": f"这次没有抽到（{len(pool)}题抽{len(drawn)}题）",
        "en": f"Not drawn this time ({len(drawn)} of {len(pool)} questions)",
    }
    out = {item["id"] for item in left}
    return {
        **form,
        "events": [],
        "items": [item for item in form["items"] if item["id"] not in out],
        "excluded": [
            *form["excluded"],
            *({**_named(item), "rule": 0, "why": why} for item in left),
        ],
        "findings": list(findings),
    }


def photo_places(form: Form) -> set[str]:
    """Return what a photo may show: an item, and what only an inspection has."""
    items = {item["id"] for item in form["items"]}
    if not is_open_inspection(form):
        return items
    again = {RECHECK + finding["id"] for finding in form.get("findings", ())}
    return items | {CORRECTION + item for item in items} | again | {SIGNATURE}


def worst_first(findings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the gravest findings: critical, then hard ones, then by weight."""
    ordered = sorted(
        findings,
        key=lambda finding: (
            not finding["critical"],
            finding["quality"] != "hard",
            -finding["weight"],
        ),
    )
    return ordered[:MOST_FINDINGS]


def _named(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in ("id", "section", "zh", "en")}
