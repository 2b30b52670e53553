"""Exact sums and products of many numbers, without the cost of lowest terms."""

from fractions import Fraction
from typing import NamedTuple

from auditapp.domain.rounding import MILLI_PER_POINT


class Ratio(NamedTuple):
    """A number as two integers, unreduced.

    A month of fifty thousand halls is made of millions of sums; a ``Fraction`` would
    look for common divisors in each.
    """

    numerator: int
    denominator: int = 1

    def plus(self, other: "Ratio") -> "Ratio":
        """Return the sum."""
        (a, b), (c, d) = self, other
        return Ratio(a + c, b) if b == d else Ratio(a * d + c * b, b * d)

    def times(self, numerator: int, denominator: int = 1) -> "Ratio":
        """Return the product with a ratio."""
        return Ratio(self.numerator * numerator, self.denominator * denominator)

    @property
    def exact(self) -> Fraction:
        """Return the number in lowest terms."""
        return Fraction(self.numerator, self.denominator)

    @property
    def milli(self) -> int:
        """Return whole thousandths, a half rounded up."""
        twice = 2 * MILLI_PER_POINT * self.numerator + self.denominator
        return twice // (2 * self.denominator)


NOTHING = Ratio(0)
