"""Figures of a hall's month, and what contradicts itself."""

from fractions import Fraction

from auditapp.domain.contradiction import complaints_in, contradictions
from auditapp.domain.hall_profile import profile_of
from auditapp.domain.month_ledger import AuditInput, LedgerParts
from auditapp.domain.scoring import AuditScore, Line

MONTH = "2026-11"
TAGS = {
    "greet": {"stage": "enter", "skill": "perception"},
    "wait": {"stage": "wait"},
    "drill": {"stage": "backstage", "skill": "composure"},
}
DOCUMENT = {
    "month": MONTH,
    "lines": [
        {"cause": "front_line", "owner": "hall", "lost_milli": 700},
        {"cause": "support", "lost_milli": 300},
    ],
}


def line(item, score, weight=2, not_counted=None):
    return Line(
        item,
        "required",
        0,
        weight,
        Fraction(score),
        Fraction(0),
        score < 60,
        not_counted,
        "front_line",
    )


def audit(*lines, month=MONTH):
    score = AuditScore(
        lines=lines,
        raw=Fraction(1),
        score=Fraction(1),
        cap_loss=Fraction(0),
        coverage=Fraction(1),
        is_complete=True,
        critical_failures=(),
        critical_unanswered=(),
    )
    return AuditInput({"month": month}, "completed", score, TAGS)


def test_a_share_is_what_was_met_of_what_was_asked_by_weight():
    visits = [audit(line("greet", 100, 3), line("wait", 40, 1))]
    figures = profile_of(DOCUMENT, LedgerParts(audits={"mystery": visits}))
    assert figures["stage"] == {"enter": 100_000, "wait": 40_000}
    assert figures["skill"] == {"perception": 100_000}
    assert figures["failed"] == {"wait": 100_000}


def test_points_lost_are_those_of_the_ledger():
    figures = profile_of(DOCUMENT, LedgerParts())
    assert figures["cause"] == {"front_line": 700, "support": 300}
    assert figures["owner"] == {"hall": 700, "": 300}


def test_what_does_not_count_is_not_part_of_any_share():
    visits = [audit(line("greet", 100), line("wait", 0, not_counted="optional"))]
    figures = profile_of(DOCUMENT, LedgerParts(audits={"mystery": visits}))
    assert figures["stage"] == {"enter": 100_000}
    assert "failed" not in figures


def test_an_inspection_tells_of_abilities_in_its_own_month_only():
    own, older = audit(line("drill", 75)), audit(line("drill", 0), month="2026-10")
    figures = profile_of(DOCUMENT, LedgerParts(audits={"open_inspection": [own]}))
    assert figures["skill"] == {"composure": 75_000}
    assert "stage" not in figures
    figures = profile_of(DOCUMENT, LedgerParts(audits={"open_inspection": [older]}))
    assert "skill" not in figures


def test_a_visit_that_waited_well_contradicts_customers_who_did_not():
    figures = {"stage": {"wait": 95_000}}
    [found] = contradictions(figures, {"wait": 4}, 40)
    assert found == {
        "kind": "wait",
        "passed_milli": 95_000,
        "voices": 4,
        "answered": 40,
    }


def test_two_customers_or_a_weak_visit_contradict_nothing():
    assert contradictions({"stage": {"wait": 95_000}}, {"wait": 2}, 10) == []
    assert contradictions({"stage": {"wait": 60_000}}, {"wait": 9}, 40) == []
    assert contradictions({"stage": {"wait": 95_000}}, {"wait": 4}, 200) == []
    assert contradictions({}, {"wait": 9}, 40) == []


def test_one_customer_names_each_trouble_once():
    assert complaints_in({"sms_reason": "wait", "cb_wait": 1}) == ["wait"]
    assert complaints_in({"cb_wait": 3, "cb_solved": "no"}) == ["unsolved"]
    assert complaints_in({"sms_rating": 9}) == []
