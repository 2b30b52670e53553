"""Planted truth: how many proposals to let a facility be are right, how many wrong.

``script/simulate relevance --halls 400 --runs 50``: 60 facilities are required in every
of four tiers; 10 of them mean nothing to customers in two tiers each, the others are
worth 1.2 to 5 points of satisfaction. Halls that serve well also keep their facilities
(the confounder); visits see wrongly now and then. Service is given as an estimate with
the reliability a year of visits has, not by the monthly model.
"""

import argparse
import time
from collections.abc import Sequence

import numpy as np

from auditapp.estimation.evidence import Answers, Audits, Evidence, Floats
from auditapp.estimation.presence import Sightings, estimate_presence
from auditapp.estimation.relevance import (
    DELTA_POINTS,
    FALSE_SHARE,
    MAKE_OPTIONAL,
    Facilities,
    ItemEffect,
    find_effects,
    one_per_tier,
)
from auditapp.estimation.satisfaction import hall_satisfaction

TIERS, REGIONS, ITEMS, MONTHS = 4, 8, 60, 12
IRRELEVANT_ITEMS, IRRELEVANT_TIERS = 10, 2
WORTH = (1.2, 5.0)
HIT, FALSE_HIT = 0.95, 0.03
SERVICE_SD, HALL_SD, ANSWER_SD = 6.0, 4.0, 25.0
RELIABILITY = 0.8
CALLBACKS, FEEDBACKS, TILT = 10, 20, 2.5
EMPTY = np.zeros(0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print right and wrong proposals over the runs."""
    parser = argparse.ArgumentParser(prog="script/simulate relevance")
    parser.add_argument("--halls", type=int, nargs="+", default=[40, 400, 4000])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--items", type=int, default=ITEMS)
    options = parser.parse_args(arguments)
    print(f"false-discovery rate {FALSE_SHARE:.2f}, delta {DELTA_POINTS:.1f} points")
    for halls in options.halls:
        began = time.perf_counter()
        rows = np.array(
            [trial(halls, options.items, seed) for seed in range(options.runs)]
        )
        right, wrong, planted = rows.T
        made = right + wrong
        shares = np.where(made > 0, wrong / np.maximum(made, 1), 0)
        print(
            f"{halls:6} halls, {options.runs} runs: proposals right"
            f" {right.mean():.1f} ± {right.std():.1f} of {planted.mean():.0f} planted"
            f" ({right.sum() / planted.sum():.0%}), wrong {wrong.mean():.2f} ±"
            f" {wrong.std():.2f}; share of false ones {shares.mean():.3f} a run,"
            f" at most {shares.max():.2f}; {time.perf_counter() - began:.0f} s"
        )


def trial(halls: int, items: int, seed: int) -> tuple[int, int, int]:
    """Return right and wrong proposals of one made-up network, and how many planted."""
    chance = np.random.default_rng(seed)
    worth = _worth(chance, items)
    effects = _effects(chance, halls, worth)
    proposed = [(e.item, e.group) for e in effects if e.suggestion == MAKE_OPTIONAL]
    right = sum(worth[tier, item] < DELTA_POINTS for item, tier in proposed)
    return right, len(proposed) - right, int((worth == 0).sum())


def _worth(chance: np.random.Generator, items: int) -> Floats:
    """Return what each item is worth in each tier, tiers × items."""
    worth = chance.uniform(*WORTH, (TIERS, items))
    for item in chance.choice(items, min(IRRELEVANT_ITEMS, items), replace=False):
        worth[chance.choice(TIERS, IRRELEVANT_TIERS, replace=False), item] = 0
    return worth


def _effects(
    chance: np.random.Generator, halls: int, worth: Floats
) -> list[ItemEffect]:
    items = worth.shape[1]
    tier, region = np.arange(halls) % TIERS, chance.integers(0, REGIONS, halls)
    service = chance.normal(0, SERVICE_SD, halls)
    usual = chance.normal(0.8, 0.8, items)
    pull = usual + 0.05 * service[:, None]
    is_there = chance.random((halls, items)) < 1 / (1 + np.exp(-pull))
    seen_rate = np.where(is_there, HIT, FALSE_HIT)[:, :, None]
    saw = chance.random((halls, items, MONTHS)) < seen_rate
    truth = (
        70
        + 0.8 * service
        + (is_there * worth[tier]).sum(axis=1)
        - worth.sum(axis=1)[tier] / 2
        + chance.normal(0, 3, REGIONS)[region]
        + chance.normal(0, HALL_SD, halls)
    )
    evidence = _evidence(chance, tier, region, truth)
    sightings = Sightings(saw.astype(float), (~saw).astype(float))
    presence = estimate_presence(sightings, tier)
    everywhere = np.ones((TIERS, items), dtype=bool)
    facilities = Facilities(
        presence.chance,
        sightings.is_seen,
        everywhere,
        ~everywhere,
        np.zeros(items, dtype=bool),
    )
    spread = SERVICE_SD * np.sqrt(RELIABILITY * (1 - RELIABILITY))
    estimate = RELIABILITY * service + chance.normal(0, spread, halls)
    groups = one_per_tier(tier, TIERS)
    return find_effects(hall_satisfaction(evidence), estimate, facilities, groups)


def _evidence(
    chance: np.random.Generator, tier: Floats, region: Floats, truth: Floats
) -> Evidence:
    nobody = Audits(*[EMPTY.astype(np.int64)] * 3, *[EMPTY] * 4, EMPTY.astype(bool))
    return Evidence(
        months=np.arange(MONTHS),
        tier=tier,
        region=region,
        n_tiers=TIERS,
        n_regions=REGIONS,
        n_auditors=1,
        visits=nobody,
        inspections=nobody,
        callbacks=_answers(chance, truth, CALLBACKS, 0.0),
        feedback=_answers(chance, truth, FEEDBACKS, TILT),
    )


def _answers(
    chance: np.random.Generator, truth: Floats, number: int, tilt: float
) -> Answers:
    shape = (len(truth), MONTHS)
    sd = ANSWER_SD / np.sqrt(number)
    mean = truth[:, None] + tilt + chance.normal(0, sd, shape)
    squares = ANSWER_SD**2 * chance.chisquare(number - 1, shape)
    return Answers(np.full(shape, number), mean, squares)
