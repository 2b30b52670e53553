"""What halls are really like, month by month; nobody in the network knows it."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from auditapp.estimation.evidence import Counts, Flags, Floats
from script.simulation.choices import Choices

TIER_SHARES = (0.08, 0.37, 0.32, 0.23)
FACILITIES = 8
FACILITY_POINTS = 1.6
MISREAD = 0.03
FACILITY_CHANGES = 0.012
FACILITY_ABSENT = 0.25
WEAK = 0.06
SERVICE_GROUPS = np.linspace(-0.3, 1.1, 12)
SERVICE_POINTS = 78.0
CRITICAL_CAP = 60.0
ANSWER_STEPS = np.array([3.4, 2.5, 1.35, -0.25])
ANSWER_POINTS = np.arange(5) * 25.0
DAY_SPREAD = 0.55
AUDITOR_SPREAD = 0.33
LEVEL = 1.55
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


def logistic(x: Floats) -> Floats:
    """Return the probability of a log-odds."""
    return 1 / (1 + np.exp(-x))


@dataclass(frozen=True)
class Network:
    """Halls and people: codes per hall, severity per auditor (log-odds)."""

    tier: Counts
    region: Counts
    volume: Floats
    severity: Floats
    inspector_severity: Floats


@dataclass(frozen=True)
class Latent:
    """Halls × months: absent facilities (last axis), log-odds of service, customers."""

    absent: Flags
    service: Floats
    customers: Floats


def make_network(choices: Choices, chance: Generator) -> Network:
    """Return halls with tiers, regions and volumes, and auditors with severities."""
    n = choices.halls
    return Network(
        chance.choice(len(TIER_SHARES), n, p=TIER_SHARES),
        chance.integers(0, choices.n_regions, n),
        chance.lognormal(0, 0.7, n),
        choices.severity * chance.normal(0, AUDITOR_SPREAD, choices.n_auditors),
        choices.severity * chance.normal(0, 0.2, max(2, choices.n_auditors // 3)),
    )


def make_latent(choices: Choices, network: Network, chance: Generator) -> Latent:
    """Return the halls' true months."""
    n, months = choices.halls, choices.months
    lasting = chance.normal(0, 1, (n, 2)) @ np.array([[0.4, 0.2], [0, 0.3]])
    weak = chance.random(n) < WEAK
    lasting -= np.where(weak, chance.exponential(0.55, n), 0)[:, None]
    tier = chance.normal(0, [0.1, 0.07], (len(TIER_SHARES), 2))[network.tier]
    trend = np.where(chance.random(n) < choices.drifting, chance.normal(0, 0.045, n), 0)
    time = np.arange(months) - (months - 1) / 2
    service = _wander(chance, (n, months), 0.85, 0.16) + _jumps(
        chance, (n, months), 0.5
    )
    customers = _wander(chance, (n, months), 0.5, 0.1)
    regional = _wander(chance, (choices.n_regions, months), 0.9, 0.16)
    local = _wander(chance, (choices.n_regions, months), 0.95, 0.09)
    season = 0.08 * np.cos(2 * np.pi * np.arange(months) / 12)
    base = LEVEL + tier + lasting
    moving = trend[:, None] * time
    return Latent(
        _absent(chance, n, months),
        base[:, :1] + moving + service + local[network.region],
        base[:, 1:]
        + moving / 2
        + 0.3 * service
        + customers
        + regional[network.region]
        + season
        - LEVEL,
    )


def _wander(
    chance: Generator, shape: tuple[int, int], kept: float, spread: float
) -> Floats:
    """Return a stationary series per row."""
    steps = chance.normal(0, spread, shape)
    for month in range(1, shape[1]):
        fresh = np.sqrt(1 - kept**2) * steps[:, month]
        steps[:, month] = kept * steps[:, month - 1] + fresh
    return steps


def _jumps(chance: Generator, shape: tuple[int, int], size: float) -> Floats:
    """Return lasting changes that come to a hall once in four years."""
    happens = chance.random(shape) < 1 / 48
    return np.cumsum(np.where(happens, chance.normal(0, size, shape), 0), axis=1)


def _absent(chance: Generator, n: int, months: int) -> Flags:
    """Return which facilities are absent; they rarely come or go."""
    often = chance.beta(0.6, 2.0, (n, 1)) * chance.uniform(0.3, 1.5, FACILITIES)
    state = chance.random((n, FACILITIES)) < np.minimum(often, 0.95)
    absent = np.empty((n, months, FACILITIES), dtype=bool)
    for month in range(months):
        absent[:, month] = state
        changes = chance.random(state.shape) < FACILITY_CHANGES
        state = np.where(changes, chance.random(state.shape) < FACILITY_ABSENT, state)
    return absent


@dataclass(frozen=True)
class Truth:
    """Halls × months in points: what infinitely many visits and answers would give."""

    audit: Floats
    customers: Floats

    def score(self, choices: Choices) -> Floats:
        """Return the policy's mean of both parts."""
        weights = np.array(choices.weights) / sum(choices.weights)
        return weights[:2].sum() * self.audit + weights[2:].sum() * self.customers


def truth_of(choices: Choices, network: Network, latent: Latent) -> Truth:
    """Return the expected audit by an average auditor and the mean of all customers."""
    lost = FACILITY_POINTS * (MISREAD + (1 - 2 * MISREAD) * latent.absent).sum(axis=2)
    day = choices.noise * DAY_SPREAD
    met = np.zeros_like(latent.service)
    failing = np.zeros_like(latent.service)
    centre = network.severity.mean()
    for node, weight in zip(NODES, NODE_WEIGHTS / NODE_WEIGHTS.sum(), strict=True):
        shifted = latent.service + centre + day * node
        met += weight * np.mean([logistic(shifted + g) for g in SERVICE_GROUPS], axis=0)
        failing += weight * critical_chance(shifted)
    raw = 100 - lost - SERVICE_POINTS * (1 - met)
    audit = raw - failing * np.maximum(raw - 8 - CRITICAL_CAP, 0)
    return Truth(audit, answer_shares(latent.customers) @ ANSWER_POINTS)


def critical_chance(service: Floats) -> Floats:
    """Return the chance that a critical item fails on a day."""
    return 0.5 * logistic(-2.2 * service - 0.6)


def answer_shares(customers: Floats) -> Floats:
    """Return the shares of answers 1 to 5, last axis."""
    at_least = logistic(customers[..., None] + ANSWER_STEPS)
    ones = np.ones((*customers.shape, 1))
    return -np.diff(np.concatenate([ones, at_least, 0 * ones], axis=-1), axis=-1)
