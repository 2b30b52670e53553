"""Made-up networks, in memory and as files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditapp.estimation.evidence import Audits, Evidence
from script.simulation.choices import Choices
from script.simulation.draws import Channels, make_evidence
from script.simulation.latent import (
    Network,
    Truth,
    make_latent,
    make_network,
    truth_of,
)


@dataclass(frozen=True)
class World:
    """A network, what was seen of it and what is true."""

    choices: Choices
    network: Network
    evidence: Evidence
    channels: Channels
    truth: Truth


def make_world(choices: Choices) -> World:
    """Return a network; equal choices give equal networks."""
    chance = np.random.default_rng(choices.seed)
    network = make_network(choices, chance)
    latent = make_latent(choices, network, chance)
    evidence, channels = make_evidence(choices, network, latent, chance)
    truth = truth_of(choices, network, latent)
    return World(choices, network, evidence, channels, truth)


def write_world(world: World, folder: Path) -> None:
    """Write the files of design/scoring.md, section 6, with truth.csv and a policy."""
    folder.mkdir(parents=True, exist_ok=True)
    network, evidence = world.network, world.evidence
    halls = zip(network.tier, network.region, network.volume, strict=True)
    _write(
        folder / "halls.csv",
        "hall,tier,region,volume",
        (f"{h},T{t + 1},{r},{v:.3f}" for h, (t, r, v) in enumerate(halls)),
    )
    head = "hall,month,{},score,lost_facility,lost_service,cap_loss"
    visits = (f"{i},{line}" for i, line in enumerate(_audit_lines(evidence.visits)))
    _write(folder / "visits.csv", "visit," + head.format("auditor"), visits)
    inspections = _audit_lines(evidence.inspections)
    _write(folder / "inspections.csv", head.format("inspector"), inspections)
    _write(
        folder / "customers.csv",
        "hall,month,channel,n1,n2,n3,n4,n5,front,process,support",
        _customer_lines(world.channels),
    )
    _write(folder / "truth.csv", "hall,month,truth", _truth_lines(world))
    sources = ("mystery", "open_inspection", "callback", "sms")
    pairs = zip(sources, world.choices.weights, strict=True)
    weights = (f"  {source}: {{weight: {weight}}}" for source, weight in pairs)
    _write(folder / "policy.yaml", "sources:", weights)


def _audit_lines(audits: Audits) -> Iterator[str]:
    """Yield the audits' lines."""
    lost_facility = 100 - audits.facility_points
    lost_service = 100 - audits.service_points
    score = 100 - lost_facility - lost_service - audits.cap_loss_points
    columns = (score, lost_facility, lost_service, audits.cap_loss_points)
    for hall, month, person, *points in zip(
        audits.hall, audits.month, audits.auditor, *columns, strict=True
    ):
        yield f"{hall},{month},{person}," + ",".join(f"{p:.4f}" for p in points)


def _customer_lines(channels: Channels) -> Iterator[str]:
    """Yield the lines of halls, months and channels with answers."""
    for channel, counts in zip(("callback", "sms"), channels, strict=True):
        for hall, month in zip(*np.nonzero(counts.sum(axis=2)), strict=True):
            numbers = ",".join(map(str, counts[hall, month]))
            yield f"{hall},{month},{channel},{numbers},0,0,0"


def _truth_lines(world: World) -> Iterator[str]:
    """Yield the true scores."""
    for (hall, month), value in np.ndenumerate(world.truth.score(world.choices)):
        yield f"{hall},{month},{value:.4f}"


def _write(path: Path, header: str, lines: Iterable[str]) -> None:
    """Write a header and lines."""
    with path.open("w", encoding="utf-8") as file:
        file.write(header + "\n")
        file.writelines(f"{line}\n" for line in lines)
