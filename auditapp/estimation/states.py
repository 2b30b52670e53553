"""What is carried from month to month about each hall, and its stored form."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Flags, Floats

STATE = (
    "facilities",
    "service",
    "customers",
    "feedback_bias",
    "announced_bias",
)
FACILITIES, SERVICE, CUSTOMERS, FEEDBACK_BIAS, ANNOUNCED_BIAS = range(5)
N_STATE = len(STATE)
_UPPER = np.triu_indices(N_STATE)
_STORED = np.dtype("<f8")
STORED_BYTES = (N_STATE + len(_UPPER[0])) * _STORED.itemsize


@dataclass(frozen=True)
class HallStates:
    """Deviations from the peers per hall, in points, with their covariance.

    ``mean`` is halls × 5 in the order of ``STATE``, ``covariance`` halls × 5 × 5. A
    hall that is not ``is_known`` is new: the next run starts it at its peers' mean.
    """

    mean: Floats
    covariance: Floats
    is_known: Flags

    @classmethod
    def unknown(cls, n_halls: int) -> "HallStates":
        """Return the states of halls nothing is known about."""
        return cls(
            np.zeros((n_halls, N_STATE)),
            np.zeros((n_halls, N_STATE, N_STATE)),
            np.zeros(n_halls, dtype=bool),
        )

    @classmethod
    def unpack(cls, stored: Sequence[bytes | None]) -> "HallStates":
        """Return the states stored by ``pack``; None stands for a new hall."""
        states = cls.unknown(len(stored))
        known = [index for index, entry in enumerate(stored) if entry is not None]
        joined = b"".join(entry for entry in stored if entry is not None)
        width = STORED_BYTES // _STORED.itemsize
        values = np.frombuffer(joined, _STORED).reshape(len(known), width)
        states.is_known[known] = True
        states.mean[known] = values[:, :N_STATE]
        upper = np.zeros((len(known), N_STATE, N_STATE))
        upper[:, _UPPER[0], _UPPER[1]] = values[:, N_STATE:]
        upper[:, _UPPER[1], _UPPER[0]] = values[:, N_STATE:]
        states.covariance[known] = upper
        return states

    def pack(self) -> list[bytes]:
        """Return each hall's mean and upper triangle: ``STORED_BYTES`` each."""
        triangle = self.covariance[:, _UPPER[0], _UPPER[1]]
        values = np.concatenate([self.mean, triangle], axis=1).astype(_STORED)
        return [row.tobytes() for row in values]

    def of(self, halls: Sequence[int]) -> "HallStates":
        """Return the states of some halls, in the order given."""
        rows = np.asarray(halls, dtype=np.int64)
        return HallStates(self.mean[rows], self.covariance[rows], self.is_known[rows])
