"""Who loses the points: front line, process or support.

Audits say it item by item. Customers rarely do: the answers that were tagged are mixed
with a declared prior, printed beside the data and never passed off as measured.

Source: design/scoring.md section 3; docs/decisions/0010.
"""

from collections.abc import Mapping
from fractions import Fraction

CAUSES = ("front_line", "process", "support")
PRIOR_ANSWERS = 20
PRIOR = {
    "front_line": Fraction(1, 10),
    "process": Fraction(3, 10),
    "support": Fraction(6, 10),
}


def cause_shares(tagged: Mapping[str, int]) -> dict[str, Fraction]:
    """Return each cause's share of what customers take away; together exactly 1.

    ``tagged`` counts the low answers whose cause was said.
    """
    total = sum(tagged.get(cause, 0) for cause in CAUSES) + PRIOR_ANSWERS
    return {
        cause: (tagged.get(cause, 0) + PRIOR_ANSWERS * PRIOR[cause]) / total
        for cause in CAUSES
    }
