"""Whether a facility is there, from visits that sometimes see wrongly.

One observation attenuates every association: a rack that was there and not seen counts
as none. A chain of two states per hall and facility, seen through an error each way,
gives the chance that it was there, month by month.
Source: design/scoring.md, section 5, step 1; Rabiner, Proc. IEEE 77:257 (1989).
"""

from dataclasses import dataclass

import numpy as np

from auditapp.estimation.evidence import Counts, Flags, Floats

ROUNDS = 4
START = (0.95, 0.03, 0.01)  # seen when there, seen when not, switching in a month
SEEN_LIMITS, UNSEEN_LIMITS, SWITCH_LIMITS = (0.8, 0.995), (0.003, 0.2), (0.001, 0.05)
SHARE_LIMITS = (0.02, 0.98)
FIRST_SHARE = 0.6
UNKNOWN_SHARE = 0.5


@dataclass(frozen=True)
class Sightings:
    """How often visits saw a facility and how often not: halls × items × months."""

    yes: Floats
    no: Floats

    @property
    def is_seen(self) -> Flags:
        """Return halls × items: whether anybody ever looked."""
        return np.asarray((self.yes + self.no).sum(axis=2) > 0)


@dataclass(frozen=True)
class Presence:
    """The chance that each facility is there, halls × items, mean over the months.

    ``hit`` and ``false_hit`` are the chances that one visit reports it when it is there
    and when it is not; ``switching`` that it comes or goes within a month.
    """

    chance: Floats
    hit: float
    false_hit: float
    switching: float


def estimate_presence(sightings: Sightings, tier: Counts) -> Presence:
    """Return presence and see-rates, estimated together by expectation-maximisation."""
    hit, false_hit, switching = START
    n_tiers = int(tier.max(initial=0)) + 1
    shares = np.full((n_tiers, sightings.yes.shape[1]), FIRST_SHARE)
    smoothed = np.zeros_like(sightings.yes)
    for _round in range(ROUNDS):
        likely = _likelihoods(sightings, hit, false_hit)
        filtered = _forward(likely, shares[tier], switching)
        smoothed, switched = _backward(filtered, switching)
        hit, false_hit = _see_rates(sightings, smoothed)
        switching = _switching(switched, sightings)
        shares = _shares(smoothed[:, :, 0], sightings.is_seen, tier, n_tiers)
    return Presence(smoothed.mean(axis=2), hit, false_hit, switching)


def _likelihoods(
    sightings: Sightings, hit: float, false_hit: float
) -> tuple[Floats, Floats]:
    """Return the chance of each month's reports if it is there, and if it is not."""
    there = hit**sightings.yes * (1 - hit) ** sightings.no
    gone = false_hit**sightings.yes * (1 - false_hit) ** sightings.no
    return there, gone


def _forward(likely: tuple[Floats, Floats], share: Floats, switching: float) -> Floats:
    """Return the chance given this month's reports and those before."""
    there, gone = likely
    found = np.empty_like(there)
    prior = share
    for month in range(there.shape[2]):
        if month:
            prior = _moved(found[:, :, month - 1], switching)
        one, other = prior * there[:, :, month], (1 - prior) * gone[:, :, month]
        found[:, :, month] = one / (one + other)
    return found


def _backward(filtered: Floats, switching: float) -> tuple[Floats, Floats]:
    """Return the chance given all reports, and the expected switches per cell."""
    smoothed = np.empty_like(filtered)
    smoothed[:, :, -1] = filtered[:, :, -1]
    switched = np.zeros(filtered.shape[:2])
    for month in range(filtered.shape[2] - 2, -1, -1):
        now, after = filtered[:, :, month], smoothed[:, :, month + 1]
        ahead = _moved(now, switching)
        to_there, to_gone = after / ahead, (1 - after) / (1 - ahead)
        stays = (1 - switching) * to_there + switching * to_gone
        smoothed[:, :, month] = now * stays
        switched += now * switching * to_gone + (1 - now) * switching * to_there
    return smoothed, switched


def _moved(chance: Floats, switching: float) -> Floats:
    return np.asarray(chance * (1 - switching) + (1 - chance) * switching)


def _see_rates(sightings: Sightings, there: Floats) -> tuple[float, float]:
    looked = sightings.yes + sightings.no
    hit = _ratio((there * sightings.yes).sum(), (there * looked).sum(), START[0])
    gone = 1 - there
    false_hit = _ratio((gone * sightings.yes).sum(), (gone * looked).sum(), START[1])
    return float(np.clip(hit, *SEEN_LIMITS)), float(np.clip(false_hit, *UNSEEN_LIMITS))


def _switching(switched: Floats, sightings: Sightings) -> float:
    looked_at = sightings.is_seen
    steps = looked_at.sum() * max(sightings.yes.shape[2] - 1, 0)
    rate = _ratio(switched[looked_at].sum(), steps, START[2])
    return float(np.clip(rate, *SWITCH_LIMITS))


def _shares(first: Floats, is_seen: Flags, tier: Counts, n_tiers: int) -> Floats:
    """Return the share of a tier's halls that had each facility at the beginning."""
    shares = np.full((n_tiers, first.shape[1]), UNKNOWN_SHARE)
    for each in range(n_tiers):
        seen = is_seen[tier == each]
        count = seen.sum(axis=0)
        total = (first[tier == each] * seen).sum(axis=0)
        mean = np.clip(total / np.maximum(count, 1), *SHARE_LIMITS)
        shares[each] = np.where(count > 0, mean, UNKNOWN_SHARE)
    return shares


def _ratio(part: float, whole: float, otherwise: float) -> float:
    return float(part / whole) if whole > 0 else otherwise
