"""A folder of a network's files, as evidence.

Source: design/scoring.md, section 6.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditapp.estimation.columns import (
    LOST_POINTS,
    SLACK_POINTS,
    Codes,
    Column,
    counts,
    one_of,
    read_columns,
)
from auditapp.estimation.evidence import Answers, Audits, Counts, Evidence, Floats
from auditapp.estimation.file_errors import FileError
from auditapp.estimation.scales import linear_points

CHANNELS = {"callback": 0, "sms": 1}
ANSWERS = ("n1", "n2", "n3", "n4", "n5")
ANSWER_POINTS = linear_points(np.arange(1.0, 6.0), 1, 5)
LOSSES = ("lost_facility", "lost_service", "cap_loss")


@dataclass(frozen=True)
class World:
    """A network's evidence and what its halls are called."""

    halls: list[str]
    evidence: Evidence


def read_world(folder: Path) -> World:
    """Return everything in a folder; inspections and customers may be missing or empty.

    Raises FileError with file, line and column for what cannot be read.
    """
    names, tier, region = _read_halls(folder / "halls.csv")
    hall = one_of(dict(names), "a hall of halls.csv")
    visits = _read_audits(folder / "visits.csv", hall, "auditor")
    inspections = _read_audits(folder / "inspections.csv", hall, "inspector")
    customers = _CustomerCounts(folder / "customers.csv", hall)
    last_audit = max(a.month.max(initial=-1) for a in (visits, inspections))
    n_months = max(customers.n_months, int(last_audit) + 1)
    evidence = Evidence(
        months=np.arange(n_months),
        tier=tier,
        region=region,
        n_tiers=int(tier.max(initial=0)) + 1,
        n_regions=int(region.max(initial=0)) + 1,
        n_auditors=int(visits.auditor.max(initial=0)) + 1,
        visits=visits,
        inspections=inspections,
        callbacks=customers.answers(CHANNELS["callback"], len(names), n_months),
        feedback=customers.answers(CHANNELS["sms"], len(names), n_months),
    )
    return World(list(names), evidence)


def _read_halls(path: Path) -> tuple[Codes, Counts, Counts]:
    """Return the halls' names with their place, and their tiers and regions."""
    names = Codes()
    columns = {
        "hall": one_of(names, "a hall"),
        "tier": one_of(Codes(), "a tier"),
        "region": one_of(Codes(), "a region"),
    }
    hall, tier, region = _joined(read_columns(path, columns), len(columns))
    if not names:
        raise FileError(path.name, "there are no halls")
    if len(names) < len(hall):
        line = int(np.flatnonzero(hall != np.arange(len(hall)))[0]) + 2
        raise FileError(path.name, "the hall is listed twice", line, "hall")
    return names, tier.astype(np.int64), region.astype(np.int64)


def _read_audits(path: Path, hall: Column, person: str) -> Audits:
    """Return the audits of a file, all complete; without a file there are none."""
    columns = {
        "hall": hall,
        "month": counts(),
        person: one_of(Codes(), "a person"),
        **dict.fromkeys(LOSSES, LOST_POINTS),
    }
    chunks = read_columns(path, columns) if path.exists() else ()
    halls, months, people, facility, service, cap = _joined(chunks, len(columns))
    too_much = np.flatnonzero(facility + service + cap > 100 + SLACK_POINTS)
    if too_much.size:
        line = int(too_much[0]) + 2
        raise FileError(path.name, "more than 100 points are lost", line)
    return Audits(
        halls.astype(np.int64),
        months.astype(np.int64),
        people.astype(np.int64),
        100 - facility,
        100 - service,
        cap,
        np.ones(len(halls)),
        np.ones(len(halls), dtype=bool),
    )


class _CustomerCounts:
    """Customers' answers as they are read, one entry per line of the file."""

    def __init__(self, path: Path, hall: Column) -> None:
        columns = {
            "hall": hall,
            "month": counts(),
            "channel": one_of(CHANNELS, "callback or sms"),
            **dict.fromkeys(ANSWERS, counts()),
        }
        chunks = read_columns(path, columns) if path.exists() else ()
        parts = (_summed(*chunk) for chunk in chunks)
        self._hall, self._month, self._channel, *self._sums = _joined(parts, 6)

    @property
    def n_months(self) -> int:
        """Return the number of months up to the last with customers."""
        return int(self._month.max(initial=-1)) + 1

    def answers(self, channel: int, n_halls: int, n_months: int) -> Answers:
        """Return one channel's answers per hall and month."""
        chosen = self._channel == channel
        cell = self._hall[chosen] * n_months + self._month[chosen]
        number, total, squares = (
            np.bincount(cell.astype(np.int64), values[chosen], n_halls * n_months)
            .astype(np.float64)
            .reshape(n_halls, n_months)
            for values in self._sums
        )
        mean = total / np.maximum(number, 1)
        spread = np.maximum(squares - number * mean**2, 0)
        return Answers(number.astype(np.int64), mean, spread)


def _summed(
    hall: Floats, month: Floats, channel: Floats, *counts: Floats
) -> tuple[Floats, ...]:
    """Return the lines with number, sum and sum of squares instead of five counts."""
    answers = np.stack(counts, axis=1)
    sums = (
        answers.sum(axis=1),
        answers @ ANSWER_POINTS,
        answers @ ANSWER_POINTS**2,
    )
    return hall, month, channel, *sums


def _joined(chunks: Iterable[tuple[Floats, ...]], n_columns: int) -> tuple[Floats, ...]:
    """Return the columns of all chunks in one piece."""
    pieces = list(chunks)
    if not pieces:
        return tuple(np.zeros(0) for _ in range(n_columns))
    return tuple(np.concatenate(column) for column in zip(*pieces, strict=True))
