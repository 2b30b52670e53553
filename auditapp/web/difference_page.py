"""Which halls are asked otherwise under another version, by tier and region."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditapp.domain.applicability import Place
from auditapp.domain.checklist_document import read_checklist
from auditapp.domain.checklist_rules import advise
from auditapp.domain.errors import Problem
from auditapp.domain.text import Text
from auditapp.domain.tier_matrix import halls_places_changed
from auditapp.domain.vocabulary import Vocabulary
from auditapp.reads.hall_sets import HallSets
from auditapp.services.drafts import Draft
from auditapp.web.frame import in_language
from auditapp.web.standard_words import word_name


@dataclass(frozen=True, slots=True)
class HallsAskedOtherwise:
    """How many halls, which, and a table of counts: regions × tiers."""

    count: int
    total: int
    hall_ids: tuple[str, ...]
    tiers: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def advice_of(
    draft: Draft, vocabulary: Vocabulary, sets: HallSets, problems: Sequence[Problem]
) -> list[Problem]:
    """Return what is allowed and yet worth a second thought, at the real halls.

    Nothing while rules are broken: the checklist could not be read.
    """
    if problems:
        return []
    checklist = read_checklist(draft.document, vocabulary)
    halls = [
        (_said(place, held, vocabulary), place) for place, held in sets.by_place.items()
    ]
    return advise(checklist, halls)


def _said(place: Place, halls: Sequence[str], vocabulary: Vocabulary) -> Text:
    """Name the halls of a place: “Small hall (SX01 and 3 more)”."""
    tier = vocabulary.tiers[place.tier].name if place.tier in vocabulary.tiers else None
    zh, en = (tier.zh, tier.en) if tier else (place.tier, place.tier)
    more = len(halls) - 1
    return Text(
        f"{zh}（{halls[0]}{f'等{len(halls)}家' if more else ''}）",
        f"{en} ({halls[0]}{f' and {more} more' if more else ''})",
    )


def halls_asked_otherwise(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    sets: HallSets,
    regions: Mapping[str, Text],
    words: Vocabulary,
) -> HallsAskedOtherwise:
    """Count the halls where any item is asked otherwise."""
    tiers = tuple(words.tiers)
    places = halls_places_changed(before, after, sets.by_place, tiers)
    counts: Counter[tuple[str, str]] = Counter()
    halls = []
    for place in places:
        for hall in sets.by_place[place]:
            counts[sets.regions[hall], place.tier] += 1
            halls.append(hall)
    rows = tuple(
        (in_language(name), tuple(counts[region, tier] for tier in tiers))
        for region, name in regions.items()
        if any(counts[region, tier] for tier in tiers)
    )
    names = tuple(word_name(words.tiers, tier) for tier in tiers)
    return HallsAskedOtherwise(
        len(halls), sets.total, tuple(sorted(halls)), names, rows
    )
