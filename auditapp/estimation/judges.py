"""Whether auditors judge an item alike: how far their pass rates lie apart.

Auditors see different halls, so each visit is compared with those of the same kind of
hall (region and tier). What then remains between auditors, beyond chance, is theirs.
Source: one-way analysis of variance; Swiger et al., Biometrics 20:818 (1964) for the
standard error of the intraclass correlation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

LEAST_VISITS = 8  # of an auditor
LEAST_AUDITORS = 5
LEVEL = 1.645
LEAST_LOW, LEAST_SPREAD = 0.01, 0.10

Counted = Mapping[tuple[str, str], tuple[int, int]]  # auditor, peers: visits, passed


@dataclass(frozen=True)
class Spread:
    """How auditors differ over an item.

    ``correlation`` is the share of the variance that is between auditors, ``low`` its
    lower bound (one in twenty below), ``sd`` the standard deviation of their pass rates
    from 0 to 1.
    """

    auditors: int
    visits: int
    correlation: float
    low: float
    sd: float

    @property
    def is_wide(self) -> bool:
        """Whether auditors surely differ, and by enough to matter to a hall."""
        return self.low >= LEAST_LOW and self.sd >= LEAST_SPREAD


def spread_of(counted: Counted) -> Spread | None:
    """Return how auditors differ; None with fewer than five who saw it often enough."""
    usual = _often(counted)
    if len(usual) < LEAST_AUDITORS:
        return None
    cells = {key: each for key, each in counted.items() if key[0] in usual}
    auditors = {name: place for place, name in enumerate(sorted(usual))}
    peers = {
        name: place
        for place, name in enumerate(sorted({peer for _name, peer in cells}))
    }
    at = np.array([[auditors[name], peers[peer]] for name, peer in cells])
    visits, passed = np.array(list(cells.values()), dtype=float).T
    number = np.bincount(at[:, 0], visits)
    per_peer = np.bincount(at[:, 1], visits)
    mean = np.bincount(at[:, 1], passed) / per_peer
    beyond = np.bincount(at[:, 0], passed - visits * mean[at[:, 1]])
    between = float((beyond**2 / number).sum())
    whole = float((per_peer * mean * (1 - mean)).sum())
    return _spread(number, between, whole, len(peers))


def _often(counted: Counted) -> set[str]:
    visits: dict[str, int] = {}
    for (name, _peer), (count, _passed) in counted.items():
        visits[name] = visits.get(name, 0) + count
    return {name for name, count in visits.items() if count >= LEAST_VISITS}


def _spread(
    number: np.ndarray, between: float, whole: float, n_peers: int
) -> Spread | None:
    k, total = len(number), float(number.sum())
    freedom = total - k - (n_peers - 1)
    if freedom <= 0:
        return None
    size = (total - float((number**2).sum()) / total) / (k - 1)
    within = max(whole - between, 0.0) / freedom
    own = max((between / (k - 1) - within) / size, 0.0)
    if own + within == 0:
        return Spread(k, int(total), 0.0, 0.0, 0.0)
    rho = own / (own + within)
    variance = (
        2 * (total - 1) * (1 - rho) ** 2 * (1 + (size - 1) * rho) ** 2
        / (size**2 * (total - k) * (k - 1))
    )  # fmt: skip
    return Spread(k, int(total), rho, rho - LEVEL * sqrt(variance), sqrt(own))
