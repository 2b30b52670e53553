"""The scores of all halls and months as a CSV file."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from auditapp.estimation.estimate import MonthEstimate
from auditapp.estimation.evidence import Flags, Floats

HEADER = ("hall", "month", "official", "score", "low", "high")


def write_scores(
    path: Path, halls: Sequence[str], estimates: Iterable[MonthEstimate]
) -> None:
    """Write four decimals, hall by hall; official stays empty where insufficient."""
    kept = [
        (
            np.stack(
                [
                    each.official_points,
                    each.score_points,
                    each.low_points,
                    each.high_points,
                ]
            ),
            each.has_official,
        )
        for each in estimates
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for index, hall in enumerate(halls):
            writer.writerows(_lines(index, hall, kept))


def _lines(
    index: int, hall: str, months: Sequence[tuple[Floats, Flags]]
) -> Iterator[tuple[str, ...]]:
    """Yield one hall's months."""
    for month, (points, has_official) in enumerate(months):
        official, *adjusted = (f"{value:.4f}" for value in points[:, index].tolist())
        yield (hall, str(month), official if has_official[index] else "", *adjusted)
