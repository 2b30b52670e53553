"""A hall's ledger adds up in every grouping, whatever the hall went through."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditapp.domain.attribution import cause_shares
from auditapp.domain.ledger_difference import difference
from auditapp.domain.month_ledger import (
    DIMENSIONS,
    AuditInput,
    CustomerInput,
    HallMonthFacts,
    LedgerParts,
    build_ledger,
    group_lines,
)
from auditapp.domain.policy import SOURCES, read_policy
from auditapp.domain.scoring import AuditScore, Line

DOCUMENT = yaml.safe_load(
    (Path(__file__).parents[2] / "checklists/_monthly_score.yaml").read_text()
)
POLICIES = {
    missing: read_policy(DOCUMENT | {"missing": missing})
    for missing in ("share_out", "anchored")
}
FACTS = HallMonthFacts("2026-09", "XL01", "standard", "north")
CAUSES = ("front_line", "process", "support")
calm = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)


def make_audit(answers, cap=None, outcome="completed", name="a"):
    """Return an audit of items with (weight, score)."""
    total = sum(weight for weight, _score in answers)
    lines = tuple(
        Line(
            item_id=f"item_{number}",
            requirement="required",
            rule=0,
            weight=weight,
            score=Fraction(score),
            lost=Fraction(weight * (100 - score), total),
            is_failed=score < 60,
            not_counted=None,
            cause=CAUSES[number % 3],
        )
        for number, (weight, score) in enumerate(answers)
    )
    raw = 100 - sum(line.lost for line in lines)
    score = raw if cap is None else min(raw, Fraction(cap))
    points = Fraction(0) if outcome == "closed" else score
    whole = AuditScore(lines, raw, score, raw - score, Fraction(1), True, (), ())  # noqa: FBT003
    facts = {
        "audit": name,
        "score": [points.numerator, points.denominator],
        "milli": round(points * 1000),
        "outcome": outcome,
    }
    tags = {
        line.item_id: {"section": "s", "quality": "soft", "owner": "hall"}
        for line in lines
    }
    return AuditInput(facts, outcome, whole, tags)


def make_customers(scores_milli, tagged):
    """Return responses whose losses fall on two items, some on none."""
    total = sum(scores_milli)
    lost = 100_000 * len(scores_milli) - total
    return CustomerInput(
        n=len(scores_milli),
        total_milli=total,
        lost={"cb_a": lost // 3, "cb_b": lost // 2},
        tagged=dict(zip(CAUSES, tagged, strict=True)),
        digest="0",
        tags={"cb_a": {"cause": "process", "owner": "rules", "rater": "empathy"}},
    )


answers = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 100)), min_size=1, max_size=12
)
audits = st.builds(
    make_audit,
    answers,
    cap=st.none() | st.just(59),
    outcome=st.sampled_from(["completed", "completed", "closed"]),
)
customers = st.builds(
    make_customers,
    st.lists(st.integers(0, 100_000), min_size=1, max_size=40),
    st.tuples(*[st.integers(0, 30)] * 3),
)
halls = st.builds(
    LedgerParts,
    audits=st.fixed_dictionaries(
        {},
        optional={
            "mystery": st.lists(audits, min_size=1, max_size=3),
            "open_inspection": st.lists(audits, min_size=1, max_size=1),
        },
    ),
    customers=st.fixed_dictionaries(
        {}, optional={"callback": customers, "sms": customers}
    ),
    anchors=st.fixed_dictionaries(
        {s: st.integers(0, 100_000).map(lambda m: Fraction(m, 1000)) for s in SOURCES}
    ),
)


def made(parts, missing="share_out"):
    own = parts if missing == "anchored" else replace(parts, anchors=None)
    return build_ledger(FACTS, POLICIES[missing], own)


@pytest.mark.parametrize("missing", ["share_out", "anchored"])
@calm
@given(parts=halls)
def test_every_grouping_adds_up_to_the_last_digit(missing, parts):
    document = made(parts, missing)
    official = document["official"]["milli"]
    if official is None:
        assert document["lines"] == []
        return

    for dimension in DIMENSIONS:
        lost = sum(group_lines(document, dimension).values())
        assert official + lost == 100_000
    assert sum(source["adds_milli"] for source in document["sources"]) == official


@calm
@given(parts=halls)
def test_the_order_of_audits_changes_nothing_but_their_order(parts):
    turned = replace(
        parts, audits={name: own[::-1] for name, own in parts.audits.items()}
    )

    assert made(turned)["lines"] == made(parts)["lines"]
    assert made(turned)["official"] == made(parts)["official"]


@calm
@given(old=halls, new=halls)
def test_the_lines_that_changed_explain_the_whole_difference(old, new):
    before, after = made(old), made(new)
    changes = difference(before, after)
    lines = [change for change in changes if change.kind == "line"]
    scores = before["official"]["milli"], after["official"]["milli"]

    assert difference(before, before) == []
    if None not in scores:
        assert sum(c.before - c.after for c in lines) == scores[1] - scores[0]


def test_a_hall_found_closed_loses_everything_on_one_line():
    parts = LedgerParts(
        audits={
            "mystery": [make_audit([(1, 50)], outcome="closed")],
            "open_inspection": [make_audit([(1, 100)])],
        }
    )
    document = made(parts)

    assert document["official"]["milli"] == 33_333
    assert document["lines"] == [
        {"source": "mystery", "item": "hall_closed", "lost_milli": 66_667}
    ]
    assert "visit_closed" in document["official"]["flags"]


def test_customers_losses_are_split_by_what_they_tagged_and_the_declared_prior():
    none = cause_shares({})
    some = cause_shares({"front_line": 8, "process": 2})

    assert list(none.values()) == [Fraction(1, 10), Fraction(3, 10), Fraction(6, 10)]
    assert list(some.values()) == [Fraction(1, 3), Fraction(8, 30), Fraction(12, 30)]
    owners = group_lines(
        made(
            LedgerParts(
                audits={"mystery": [make_audit([(1, 100)])]},
                customers={"callback": make_customers([40_000] * 5, (8, 2, 0))},
            )
        ),
        "owner",
    )
    assert set(owners) == {"", "hall", "rules"}
