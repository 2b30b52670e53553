"""Which halls have changed, told from chance."""

from dataclasses import dataclass

from auditapp.estimation.evidence import Flags, Floats

CHANGE_MONTHS = 6
ALARM_Z = 1.645
FALSE_SHARE = 0.10


@dataclass(frozen=True)
class Changes:
    """Per hall: change in points, the peers' part of it, z, the alarm and the list.

    ``is_alarm`` is for a hall's own page (|z| > 1.645), ``is_listed`` for lists of many
    halls (Benjamini and Hochberg, q = .10).
    """

    change_points: Floats
    peer_change_points: Floats
    z: Floats
    is_alarm: Flags
    is_listed: Flags


def find_changes(
    now: tuple[Floats, Floats, Floats], before: tuple[Floats, Floats, Floats]
) -> Changes:
    """Return changes between two months, six apart by default.

    Each month is (scores, standard errors, peers' means) of the same halls.

    Source: design/scoring.md, section 4.
    """
    raise NotImplementedError
