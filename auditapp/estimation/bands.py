"""Groups of halls that cannot be told apart, instead of ranks."""

from dataclasses import dataclass

from auditapp.estimation.evidence import Counts, Floats


@dataclass(frozen=True)
class Bands:
    """Per hall: its band (1 is best) and the shared ranks the band spans.

    Source: design/scoring.md, section 4; design/look/l-overview.html.
    """

    band: Counts
    first_rank: Counts
    last_rank: Counts


def assign_bands(
    score_points: Floats, se_points: Floats, half_width: float = 1.645
) -> Bands:
    """Return bands: everyone who cannot be told from a band's first is in it.

    Two halls differ only if their scores differ by more than ``half_width`` times the
    root of the sum of their squared standard errors.
    """
    raise NotImplementedError
