"""Evidence for tests: the sample world, and small networks made to measure."""

import csv
import dataclasses
from functools import cache
from pathlib import Path

import numpy as np

from auditapp.estimation.evidence import Answers, Audits, Evidence
from auditapp.estimation.policy_file import read_policy
from auditapp.estimation.world_files import read_world

SAMPLE = Path(__file__).parent / "data/sample_world"


@cache
def sample_world():
    return read_world(SAMPLE).evidence


@cache
def sample_policy():
    return read_policy(SAMPLE / "policy.yaml")


def sample_file(name, columns, n_halls=200):
    with (SAMPLE / name).open() as file:
        rows = [[float(row[c]) for c in columns] for row in csv.DictReader(file)]
    return np.array(rows).reshape(n_halls, -1, len(columns))


def make_audits(rows):
    """Rows of (hall, month, auditor, facility, service, cap loss)."""
    table = np.array(rows, dtype=float).reshape(-1, 6)
    hall, month, auditor = table[:, :3].astype(int).T
    everything = np.ones(len(table))
    return Audits(
        hall, month, auditor, *table[:, 3:].T, everything, everything.astype(bool)
    )


def make_answers(n_halls, n_months, cells=()):
    """Cells of (hall, month, count, mean); answers spread by 25 points."""
    count = np.zeros((n_halls, n_months), dtype=int)
    mean, squares = np.zeros((2, n_halls, n_months))
    for hall, month, number, points in cells:
        count[hall, month], mean[hall, month] = number, points
        squares[hall, month] = 625.0 * max(number - 1, 0)
    return Answers(count, mean, squares)


def make_evidence(  # noqa: PLR0913  one argument a source
    n_halls,
    n_months,
    *,
    visits=(),
    inspections=(),
    callbacks=(),
    feedback=(),
    tier=None,
):
    tier = np.zeros(n_halls, dtype=int) if tier is None else np.array(tier)
    audits = make_audits(visits)
    return Evidence(
        months=np.arange(n_months),
        tier=tier,
        region=np.zeros(n_halls, dtype=int),
        n_tiers=int(tier.max()) + 1,
        n_regions=1,
        n_auditors=int(audits.auditor.max(initial=0)) + 1,
        visits=audits,
        inspections=make_audits(inspections),
        callbacks=make_answers(n_halls, n_months, callbacks),
        feedback=make_answers(n_halls, n_months, feedback),
    )


def of_halls(evidence, halls):
    """The evidence of some halls only, in the order given, with the network's codes."""
    place = np.full(evidence.n_halls, -1)
    place[halls] = np.arange(len(halls))

    def audits(all_audits):
        chosen = place[all_audits.hall] >= 0
        kept = {
            field.name: getattr(all_audits, field.name)[chosen]
            for field in dataclasses.fields(Audits)
        }
        return Audits(**kept | {"hall": place[kept["hall"]]})

    def answers(all_answers):
        return Answers(
            *(
                getattr(all_answers, field.name)[halls]
                for field in dataclasses.fields(Answers)
            )
        )

    return dataclasses.replace(
        evidence,
        tier=evidence.tier[halls],
        region=evidence.region[halls],
        visits=audits(evidence.visits),
        inspections=audits(evidence.inspections),
        callbacks=answers(evidence.callbacks),
        feedback=answers(evidence.feedback),
    )


def arrays_of(record):
    """Every array of a result, also those inside, by name."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if dataclasses.is_dataclass(value):
            yield from arrays_of(value)
        elif isinstance(value, np.ndarray):
            yield field.name, value
