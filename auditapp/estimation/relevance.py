"""Whether customers care about a facility: not "no sign", but "no more than a point".

Absence of significance is not irrelevance. An item may become optional in a tier only
where its presence adds surely less than ``delta`` points of satisfaction.
Source: design/scoring.md, section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditapp.estimation.discovery import benjamini_hochberg
from auditapp.estimation.evidence import Counts, Flags, Floats
from auditapp.estimation.normal import normal_cdf
from auditapp.estimation.satisfaction import Satisfaction

DELTA_POINTS = 1.0
FALSE_SHARE = 0.10
LEAST_HALLS = 50
LEAST_SHARE = 0.05
HALLS_PER_COLUMN = 5
LEAST_LASTING = 0.5
LEVEL = 1.645  # of the printed interval: nine times in ten
ROUNDS = 3

MATTERS, MAY_MATTER = "matters", "may_matter"
NO_SIGN, CANNOT_TELL = "no_sign", "cannot_tell"
MAKE_OPTIONAL, MAKE_REQUIRED = "make_optional", "make_required"
PROTECTED, SHARE, FEW = "protected", "share", "few"


@dataclass(frozen=True)
class Facilities:
    """What is known of facilities: halls × items.

    ``chance`` is the chance that it is there, ``is_seen`` whether anybody ever looked,
    ``is_required`` and ``is_optional`` are groups × items, ``is_protected`` per item
    (access, safety, law).
    """

    chance: Floats
    is_seen: Flags
    is_required: Flags
    is_optional: Flags
    is_protected: Flags


@dataclass(frozen=True)
class ItemEffect:
    """What having an item does for customers of a group, in points of satisfaction.

    ``guard`` says why it is never proposed: ``protected``, ``share`` (nearly all or
    nearly no hall has it), ``few`` (halls); "" for none. ``word`` is one of four.
    """

    item: int
    group: int
    halls: int
    share: float
    effect: float
    se: float
    low: float
    high: float
    p_small: float
    p_large: float
    guard: str
    is_required: bool
    word: str = CANNOT_TELL
    suggestion: str = ""


def one_per_tier(tier: Counts, n_tiers: int) -> Flags:
    """Return the groups of halls that are tiers: tiers × halls."""
    return np.asarray(tier == np.arange(n_tiers)[:, None])


def find_effects(
    satisfaction: Satisfaction,
    service: Floats,
    facilities: Facilities,
    groups: Flags,
    delta: float = DELTA_POINTS,
    false_share: float = FALSE_SHARE,
) -> list[ItemEffect]:
    """Return the effect of every item that a group requires or lets be.

    ``groups`` says which halls belong together, groups × halls: the tiers, or those of
    a tier that share a trait. ``service`` is each hall's shrunken deviation in service,
    the confounder: a hall that cares for its racks cares for its customers too. A group
    with too few halls for its items is left out.
    """
    found: list[ItemEffect] = []
    for each, members in enumerate(groups):
        panel = _Panel(satisfaction, service, facilities, members, each)
        required = np.flatnonzero(facilities.is_required[each])
        found += panel.effects(required, required, delta)
        for item in np.flatnonzero(facilities.is_optional[each]):
            found += panel.effects(np.append(required, item), [int(item)], delta)
    return _judged(found, delta, false_share)


@dataclass(frozen=True)
class _Panel:
    """The halls of one group, to be compared with one another."""

    satisfaction: Satisfaction
    service: Floats
    facilities: Facilities
    members: Flags
    which: int

    def effects(
        self, items: Counts, wanted: Sequence[int] | Counts, delta: float
    ) -> list[ItemEffect]:
        """Return the effects of some of the items, adjusted for all of them."""
        looked_at = self.facilities.is_seen[:, items].all(axis=1)
        is_in = self.members & self.satisfaction.is_known & looked_at
        count = int(is_in.sum())
        if not len(items) or count < HALLS_PER_COLUMN * (len(items) + 2):
            return []
        chance = self.facilities.chance[np.ix_(is_in, items)]
        columns = np.column_stack([np.ones(count), self.service[is_in], chance])
        effect, se = regression(
            columns,
            self.satisfaction.points[is_in],
            self.satisfaction.variance[is_in],
        )
        freedom = count - columns.shape[1]
        required = self.facilities.is_required[self.which]
        return [
            _effect(
                (int(item), self.which, count, float(chance[:, place].mean())),
                (float(effect[place + 2]), float(se[place + 2])),
                (delta, freedom, bool(self.facilities.is_protected[item])),
                is_required=bool(required[item]),
            )
            for place, item in enumerate(items)
            if item in wanted
        ]


def regression(
    columns: Floats, outcome: Floats, variance: Floats
) -> tuple[Floats, Floats]:
    """Return coefficients and robust standard errors of a weighted regression.

    ``variance`` is the sampling variance of each outcome; what halls differ by beside
    is estimated and added. Standard errors are HC3.
    Source: MacKinnon & White, J. Econometrics 29:305 (1985).
    """
    lasting = max(float(outcome.var() - variance.mean()), 1.0)
    weights = 1 / (lasting + variance)
    inverse, effect, left = _solved(columns, outcome, weights)
    for _round in range(ROUNDS - 1):
        excess = (weights * (left**2 - variance)).sum() / weights.sum()
        weights = 1 / (max(float(excess), LEAST_LASTING) + variance)
        inverse, effect, left = _solved(columns, outcome, weights)
    weighted = columns * weights[:, None]
    leverage = np.einsum("ij,jk,ik->i", columns, inverse, weighted)
    scores = weighted * (left / (1 - np.minimum(leverage, 0.999)))[:, None]
    covariance = inverse @ (scores.T @ scores) @ inverse
    return effect, np.sqrt(np.maximum(np.diag(covariance), 0))


def student_cdf(t: Floats, freedom: int) -> Floats:
    """Return the probability of a Student t value below each t.

    Source: Abramowitz & Stegun 26.7.8; off by less than 0.001 from 10 degrees on.
    """
    z = t * (1 - 1 / (4 * freedom)) / np.sqrt(1 + t**2 / (2 * freedom))
    return normal_cdf(np.asarray(z))


def _solved(
    columns: Floats, outcome: Floats, weights: Floats
) -> tuple[Floats, Floats, Floats]:
    weighted = columns * weights[:, None]
    # a column that never varies has no effect of its own: the least of all solutions
    inverse = np.linalg.pinv(weighted.T @ columns, hermitian=True)
    effect = inverse @ (weighted.T @ outcome)
    left: Floats = outcome - columns @ effect
    return inverse.astype(np.float64), effect, left


def _effect(
    which: tuple[int, int, int, float],
    estimate: tuple[float, float],
    rules: tuple[float, int, bool],
    *,
    is_required: bool,
) -> ItemEffect:
    item, group, halls, share = which
    effect, se = estimate
    delta, freedom, is_protected = rules
    below = (effect - delta) / max(se, 1e-9)
    p_small, p_large = student_cdf(np.array([below, -below]), freedom).tolist()
    guard = ""
    if is_protected:
        guard = PROTECTED
    elif not LEAST_SHARE <= share <= 1 - LEAST_SHARE:
        guard = SHARE
    elif halls < LEAST_HALLS:
        guard = FEW
    reach = LEVEL * se
    return ItemEffect(
        item, group, halls, share, effect, se, effect - reach, effect + reach,
        p_small, p_large, guard, is_required,
    )  # fmt: skip


def _judged(
    effects: list[ItemEffect], delta: float, false_share: float
) -> list[ItemEffect]:
    """Return the effects with their words.

    Two lists are proposed, each holding its share of false ones: required items that
    may become optional, optional ones that should be required.
    """
    required = [n for n, e in enumerate(effects) if e.is_required and not e.guard]
    optional = [n for n, e in enumerate(effects) if not (e.is_required or e.guard)]
    small = _listed(required, [effects[n].p_small for n in required], false_share)
    large = _listed(optional, [effects[n].p_large for n in optional], false_share)
    found = []
    for number, each in enumerate(effects):
        if number in small:
            found.append(replace(each, word=NO_SIGN, suggestion=MAKE_OPTIONAL))
        elif number in large:
            found.append(replace(each, word=MATTERS, suggestion=MAKE_REQUIRED))
        else:
            found.append(replace(each, word=_word(each, delta)))
    return found


def _listed(numbers: list[int], p_values: list[float], false_share: float) -> set[int]:
    is_listed = benjamini_hochberg(np.array(p_values), false_share)
    return {number for number, is_in in zip(numbers, is_listed, strict=True) if is_in}


def _word(effect: ItemEffect, delta: float) -> str:
    """Return the word of an effect that is not proposed, from its interval."""
    if effect.guard in (SHARE, FEW):
        return CANNOT_TELL
    if effect.low > delta:
        return MATTERS
    if effect.low > 0:
        return MAY_MATTER
    return NO_SIGN if effect.high < delta else CANNOT_TELL
