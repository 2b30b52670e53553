"""How far a result would repeat with other items or other visits (G theory).

Used by the self-check: how many visits or items a hall's score needs.

Source: Brennan, Generalizability Theory (2001), chapters 2 to 4.
"""

from dataclasses import dataclass

from auditapp.estimation.evidence import Floats


@dataclass(frozen=True)
class Generalisability:
    """Variance components of one observation, and what n of them are worth.

    ``item`` is 0 in a nested design, where items belong to persons and the items' part
    cannot be told from the residual.
    """

    person: float
    item: float
    residual: float
    n_items: int

    @property
    def coefficient(self) -> float:
        """Return Eρ², the reliability of the order of the persons."""
        return self.person / (self.person + self.residual / self.n_items)

    @property
    def dependability(self) -> float:
        """Return Φ, the reliability of the level of a person."""
        error = (self.item + self.residual) / self.n_items
        return self.person / (self.person + error)


def crossed_components(scores: Floats) -> Generalisability:
    """Return the components of persons × items, everybody having the same items."""
    n_persons, n_items = scores.shape
    centre = scores.mean()
    of_persons = scores.mean(axis=1) - centre
    of_items = scores.mean(axis=0) - centre
    rest = scores - centre - of_persons[:, None] - of_items[None, :]
    residual = (rest**2).sum() / ((n_persons - 1) * (n_items - 1))
    person_square = n_items * (of_persons**2).sum() / (n_persons - 1)
    item_square = n_persons * (of_items**2).sum() / (n_items - 1)
    return Generalisability(
        float((person_square - residual) / n_items),
        float((item_square - residual) / n_persons),
        float(residual),
        n_items,
    )


def nested_components(scores: Floats) -> Generalisability:
    """Return the components of persons × own items, which nobody else had."""
    n_persons, n_items = scores.shape
    own = scores.mean(axis=1)
    within = ((scores - own[:, None]) ** 2).sum() / (n_persons * (n_items - 1))
    person_square = n_items * ((own - own.mean()) ** 2).sum() / (n_persons - 1)
    return Generalisability(
        float((person_square - within) / n_items), 0.0, float(within), n_items
    )
