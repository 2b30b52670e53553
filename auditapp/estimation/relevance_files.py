"""Answers and items of a folder, and the suggestions that come of them.

Source: design/scoring.md, section 6.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditapp.estimation.columns import Codes, Column, counts, one_of, read_columns
from auditapp.estimation.evidence import Counts, Flags, Floats
from auditapp.estimation.file_errors import FileError
from auditapp.estimation.month import estimate_month
from auditapp.estimation.policy import MonthPolicy
from auditapp.estimation.presence import Sightings, estimate_presence
from auditapp.estimation.relevance import (
    Facilities,
    ItemEffect,
    find_effects,
    one_per_tier,
)
from auditapp.estimation.satisfaction import hall_satisfaction
from auditapp.estimation.states import SERVICE
from auditapp.estimation.world_files import World

HEADER = ("item", "tier", "effect", "low", "high", "n", "word", "suggestion")
FACILITY = "facility"
_ASKED = {"R": "required", "O": "optional"}


@dataclass(frozen=True)
class Items:
    """The facilities of ``items.csv``: ids, codes, tiers × items asked, protected."""

    ids: list[str]
    names: list[str]
    is_required: Flags
    is_optional: Flags
    is_protected: Flags


def write_suggestions(
    folder: Path, world: World, policy: MonthPolicy, out: Path
) -> None:
    """Write what every facility does for customers in every tier that asks for it.

    Raises FileError with file, line and column for what cannot be read.
    """
    tiers = tier_names(folder / "halls.csv")
    items = read_items(folder / "items.csv", tiers)
    sightings = read_sightings(folder, world, items)
    effects = find_relevance(world, policy, items, sightings)
    with out.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(HEADER)
        lines.writerows(_line(each, items, tiers) for each in effects)


def find_relevance(
    world: World, policy: MonthPolicy, items: Items, sightings: Sightings
) -> list[ItemEffect]:
    """Return every effect, from the evidence of all months."""
    evidence = world.evidence
    presence = estimate_presence(sightings, evidence.tier)
    facilities = Facilities(
        presence.chance,
        sightings.is_seen,
        items.is_required,
        items.is_optional,
        items.is_protected,
    )
    groups = one_per_tier(evidence.tier, len(items.is_required))
    service = mean_service(world, policy)
    return find_effects(hall_satisfaction(evidence), service, facilities, groups)


def mean_service(world: World, policy: MonthPolicy) -> Floats:
    """Return each hall's shrunken deviation in service, the mean of all months."""
    evidence, model, states = world.evidence, None, None
    total = np.zeros(evidence.n_halls)
    for month in range(len(evidence.months)):
        model, states, _estimate = estimate_month(
            evidence, month, policy, model, states
        )
        total += states.mean[:, SERVICE]
    return total / max(len(evidence.months), 1)


def tier_names(path: Path) -> list[str]:
    """Return the tiers in the order of their codes: of their first hall."""
    tiers = Codes()
    for _chunk in read_columns(path, {"tier": one_of(tiers, "a tier")}):
        pass
    return list(tiers)


def read_items(path: Path, tiers: Sequence[str]) -> Items:
    """Return the facilities; a tier's column says R, O or N.

    Raises FileError for what cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            titles = reader.fieldnames or []
            missing = [t for t in ("item", "kind", *tiers) if t not in titles]
            if missing:
                raise FileError(path.name, f"the header lacks {', '.join(missing)}", 1)
            rows = [row for row in reader if row["kind"] == FACILITY]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileError(path.name, str(error)) from error
    asked = np.array([[row[tier] for row in rows] for tier in tiers], dtype=object)
    asked = asked.reshape(len(tiers), len(rows))
    return Items(
        ids=[row["item"] for row in rows],
        names=[row.get("code") or row["item"] for row in rows],
        is_required=np.asarray(asked == "R"),
        is_optional=np.asarray(asked == "O"),
        is_protected=np.array(
            [row.get("protected") == "1" for row in rows], dtype=bool
        ),
    )


def read_sightings(folder: Path, world: World, items: Items) -> Sightings:
    """Return what visits saw of the facilities; answers of other items are skipped.

    Raises FileError for what cannot be read.
    """
    shape = world.evidence.n_halls, len(items.ids), len(world.evidence.months)
    places = _visit_places(folder / "visits.csv", world)
    known = {name: place for place, name in enumerate(items.ids)}
    yes, no = np.zeros(shape), np.zeros(shape)
    columns = {
        "visit": counts(),
        "item": Column(lambda text: float(known.get(text, -1)), "an item", -1),
        "value": Column(float, "a number"),
    }
    answers = folder / "answers.csv"
    for visit, item, value in read_columns(answers, columns):
        is_known = item >= 0
        index = visit[is_known].astype(np.int64)
        if index.size and index.max() >= len(places):
            msg = "a visit is not in visits.csv"
            raise FileError(answers.name, msg)
        hall, month = places[index].T
        cell = hall, item[is_known].astype(np.int64), month
        is_there = value[is_known] > 0
        np.add.at(yes, cell, is_there)
        np.add.at(no, cell, ~is_there)
    return Sightings(yes, no)


def _visit_places(path: Path, world: World) -> Counts:
    """Return hall and month of every visit, by the visit's number."""
    halls = {name: place for place, name in enumerate(world.halls)}
    columns = {
        "visit": counts(),
        "hall": one_of(halls, "a hall of halls.csv"),
        "month": counts(),
    }
    chunks = [np.stack(chunk, axis=1) for chunk in read_columns(path, columns)]
    rows = np.concatenate(chunks).astype(np.int64) if chunks else np.zeros((0, 3), int)
    places = np.zeros((int(rows[:, 0].max(initial=-1)) + 1, 2), dtype=np.int64)
    places[rows[:, 0]] = rows[:, 1:]
    return places


def _line(effect: ItemEffect, items: Items, tiers: Sequence[str]) -> list[object]:
    figures = (effect.effect, effect.low, effect.high)
    return [
        items.ids[effect.item],
        tiers[effect.group],
        *(f"{figure:.4f}" for figure in figures),
        effect.halls,
        effect.word,
        effect.suggestion,
    ]
