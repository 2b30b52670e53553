"""How much an announced check flatters a hall."""

import numpy as np

from auditapp.estimation.evidence import Answers, Audits, Evidence
from auditapp.estimation.staging import staging

HALLS = 6


def audits(halls, points):
    count = len(halls)
    return Audits(
        hall=np.array(halls, dtype=np.int64),
        month=np.zeros(count, dtype=np.int64),
        auditor=np.zeros(count, dtype=np.int64),
        facility_points=np.full(count, 100.0),
        service_points=np.array(points, dtype=np.float64),
        cap_loss_points=np.zeros(count),
        coverage=np.ones(count),
        is_complete=np.ones(count, dtype=bool),
    )


def answers(n, mean):
    shape = (HALLS, 1)
    return Answers(np.full(shape, n), np.full(shape, float(mean)), np.zeros(shape))


def evidence(inspected, *, visits=2, callbacks=20):
    halls = [hall for hall in range(HALLS) for _ in range(visits)]
    return Evidence(
        months=np.array([1]),
        tier=np.zeros(HALLS, dtype=np.int64),
        region=np.zeros(HALLS, dtype=np.int64),
        n_tiers=1,
        n_regions=1,
        n_auditors=1,
        visits=audits(halls, [70.0] * len(halls)),
        inspections=audits(range(HALLS), inspected),
        callbacks=answers(callbacks, 80),
        feedback=answers(0, 0),
    )


def test_zero_is_what_is_usual_in_the_tier():
    found = staging(evidence([90.0] * HALLS))
    assert found.is_shown.all()
    assert np.allclose(found.points, 0)


def test_a_hall_that_shines_when_announced_stands_above_the_others():
    found = staging(evidence([96.0] + [84.0] * 5))
    assert np.isclose(found.points[0], 10)
    assert np.allclose(found.points[1:], -2)
    assert np.isclose(found.points.sum(), 0)
    assert (found.half_points > 0).all()


def test_with_too_little_evidence_nothing_is_said():
    few_visits = staging(evidence([90.0] * HALLS, visits=1))
    few_answers = staging(evidence([90.0] * HALLS, callbacks=14))
    assert not few_visits.is_shown.any()
    assert not few_answers.is_shown.any()
    assert not few_answers.points.any()
