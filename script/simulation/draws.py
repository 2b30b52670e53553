"""What a network sees of its halls: visits, inspections and customers' answers."""

import numpy as np
from numpy.random import Generator

from auditapp.estimation.evidence import Answers, Audits, Counts, Evidence, Floats
from script.simulation.choices import Choices
from script.simulation.latent import (
    ANSWER_POINTS,
    CRITICAL_CAP,
    DAY_SPREAD,
    FACILITY_POINTS,
    MISREAD,
    SERVICE_GROUPS,
    SERVICE_POINTS,
    TIER_SHARES,
    Latent,
    Network,
    answer_shares,
    critical_chance,
    logistic,
)

Plan = tuple[Counts, Counts, Counts, Floats]
Channels = tuple[Counts, Counts]
ITEMS_A_GROUP = 3
VISITS_A_MONTH = (0.05, 0.90, 0.05)
POINTS_A_LOG_ODDS = 13.0
FIRST_AUDITOR_SHARE = 0.7


def make_evidence(
    choices: Choices, network: Network, latent: Latent, chance: Generator
) -> tuple[Evidence, Channels]:
    """Return the evidence of all months and the counts of answers by channel."""
    shape = (choices.halls, choices.months)
    visits = _audits(choices, latent, _visit_plan(choices, network, chance), chance)
    inspections = _audits(
        choices, latent, _inspection_plan(choices, network, chance), chance
    )
    channels = _answer_counts(choices, network, latent, chance)
    return Evidence(
        months=np.arange(shape[1]),
        tier=network.tier,
        region=network.region,
        n_tiers=len(TIER_SHARES),
        n_regions=choices.n_regions,
        n_auditors=choices.n_auditors,
        visits=visits,
        inspections=inspections,
        callbacks=_answers(channels[0]),
        feedback=_answers(channels[1]),
    ), channels


def _visit_plan(choices: Choices, network: Network, chance: Generator) -> Plan:
    """Return hall, month, auditor and shift of each visit.

    An auditor mostly works in one region and sometimes anywhere.
    """
    number = chance.choice(
        len(VISITS_A_MONTH), (choices.halls, choices.months), p=VISITS_A_MONTH
    )
    hall, month = (
        np.repeat(i.ravel(), number.ravel()) for i in np.indices(number.shape)
    )
    home = np.arange(choices.n_auditors) % choices.n_regions
    anyone = chance.integers(0, choices.n_auditors, len(hall))
    here = chance.random(len(hall)) < FIRST_AUDITOR_SHARE
    order = np.argsort(home, kind="stable")
    starts = np.searchsorted(home[order], np.arange(choices.n_regions + 1))
    region = network.region[hall]
    size = starts[region + 1] - starts[region]
    pick = starts[region] + chance.integers(0, 1 << 30, len(hall)) % np.maximum(size, 1)
    local = order[np.minimum(pick, len(order) - 1)]
    auditor = np.where(here & (size > 0), local, anyone)
    return hall, month, auditor, network.severity[auditor]


def _inspection_plan(choices: Choices, network: Network, chance: Generator) -> Plan:
    """Return hall, month, inspector and shift of each announced inspection."""
    happens = chance.random((choices.halls, choices.months)) < choices.inspected
    hall, month = np.nonzero(happens)
    inspectors = len(network.inspector_severity)
    inspector = chance.integers(0, inspectors, len(hall))
    polish = choices.announced_points / POINTS_A_LOG_ODDS
    own = chance.normal(0, 0.16, choices.halls)
    shift = network.inspector_severity[inspector] + polish + own[hall]
    return hall, month, inspector, shift


def _audits(choices: Choices, latent: Latent, plan: Plan, chance: Generator) -> Audits:
    """Return what each audit saw on its day."""
    hall, month, person, shift = plan
    day = chance.normal(0, choices.noise * DAY_SPREAD, len(hall))
    service = latent.service[hall, month] + shift + day
    failed = np.zeros(len(hall))
    for group in SERVICE_GROUPS:
        failed += chance.binomial(ITEMS_A_GROUP, logistic(-service - group))
    lost_service = SERVICE_POINTS * failed / (ITEMS_A_GROUP * len(SERVICE_GROUPS))
    absent = latent.absent[hall, month] ^ (
        chance.random((len(hall), latent.absent.shape[2])) < MISREAD
    )
    lost_facility = FACILITY_POINTS * absent.sum(axis=1)
    raw = 100 - lost_facility - lost_service
    fails = chance.random(len(hall)) < critical_chance(service)
    cap = np.where(fails, np.maximum(raw - CRITICAL_CAP, 0), 0)
    whole = np.ones(len(hall))
    return Audits(
        hall,
        month,
        person,
        100 - lost_facility,
        100 - lost_service,
        cap,
        whole,
        whole.astype(bool),
    )


def _answer_counts(
    choices: Choices, network: Network, latent: Latent, chance: Generator
) -> Channels:
    """Return counts of answers 1 to 5 of callbacks and feedback, halls × months × 5."""
    shape = (choices.halls, choices.months)
    rate = choices.answers * network.volume[:, None]
    called = chance.poisson(11 * rate * chance.gamma(2, 0.5, shape))
    replied = chance.poisson(70 * rate * chance.gamma(0.8, 1.25, shape))
    own = chance.normal(0, 0.17, (choices.halls, 1))
    tilt = choices.feedback_bias_points / POINTS_A_LOG_ODDS + own
    feedback = answer_shares(latent.customers + tilt)
    return (
        chance.multinomial(np.minimum(called, 80), answer_shares(latent.customers)),
        chance.multinomial(replied, feedback),
    )


def _answers(counts: Counts) -> Answers:
    """Return counts as number, mean and squares."""
    number = counts.sum(axis=2)
    mean = counts @ ANSWER_POINTS / np.maximum(number, 1)
    squares = counts @ ANSWER_POINTS**2 - number * mean**2
    return Answers(number, mean, np.maximum(squares, 0))
