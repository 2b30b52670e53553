"""Scores made-up halls whose truth is known and prints how far each scorer is off."""

import argparse
import dataclasses
import sys
import time
from pathlib import Path

import numpy as np

from auditapp.estimation.policy import MonthPolicy
from script.simulation import relevance
from script.simulation.choices import Choices
from script.simulation.scorers import metrics, one_visit, plain_and_ours
from script.simulation.worlds import make_world, write_world

ROWS = ("one visit = the month", "plain weighted mean", "ours")


def main() -> None:
    """Print a table of all scorers, averaged over the seeds."""
    options = vars(_parser().parse_args())
    seeds, folder = options.pop("seeds"), options.pop("write")
    results, seconds = [], 0.0
    for seed in range(options["seed"], options["seed"] + seeds):
        world = make_world(Choices(**options | {"seed": seed}))
        if folder:
            write_world(world, folder / str(seed))
        truth = world.truth.score(world.choices)
        policy = MonthPolicy(weights=world.choices.weights, inspection_valid_months=1)
        start = time.perf_counter()
        scorers = (one_visit(world.evidence), *plain_and_ours(world.evidence, policy))
        seconds += time.perf_counter() - start
        results.append([metrics(scored, truth) for scored in scorers])
    for place, row in enumerate(ROWS):
        names = results[0][place]
        means = {n: np.mean([each[place][n] for each in results]) for n in names}
        print(f"{row:22}", "  ".join(f"{n} {v:.3f}" for n, v in means.items()))
    print(f"{seeds} networks of {options['halls']} halls, {seconds:.1f} s to score")


def _parser() -> argparse.ArgumentParser:
    """Return the reader of the command line: a choice an option."""
    parser = argparse.ArgumentParser(prog="script/simulate", description=__doc__)
    for field in dataclasses.fields(Choices):
        if field.name != "weights":
            option = "--" + field.name.replace("_points", "").replace("_", "-")
            parser.add_argument(
                option, dest=field.name, type=field.type, default=field.default
            )
    parser.add_argument("--seeds", type=int, default=1, help="networks to average")
    parser.add_argument("--write", type=Path, help="folder for the networks' files")
    return parser


if __name__ == "__main__":
    if sys.argv[1:2] == ["relevance"]:
        relevance.main(sys.argv[2:])
    else:
        main()
