"""``python -m auditapp.estimation [relevance] DIR [--policy FILE] --out FILE``.

Scores of all halls and months, or what customers care about.
For pilots and research without the application.
Source: design/scoring.md, section 6.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from auditapp.estimation.file_errors import FileError
from auditapp.estimation.history import run_months
from auditapp.estimation.policy_file import DEFAULT_FILE, read_policy
from auditapp.estimation.relevance_files import write_suggestions
from auditapp.estimation.score_file import write_scores
from auditapp.estimation.world_files import read_world

RELEVANCE = "relevance"


def main(arguments: Sequence[str] | None = None) -> int:
    """Score a folder's months and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    is_relevance = given[:1] == [RELEVANCE]
    options = _parser().parse_args(given[is_relevance:])
    try:
        policy = read_policy(options.policy)
        world = read_world(options.folder)
        if is_relevance:
            write_suggestions(options.folder, world, policy, options.out)
        else:
            write_scores(options.out, world.halls, run_months(world.evidence, policy))
    except (FileError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m auditapp.estimation",
        description="Official and adjusted scores of all halls and months of a folder;"
        " as “relevance DIR”, what customers care about.",
    )
    parser.add_argument("folder", type=Path, help="halls.csv, visits.csv and others")
    parser.add_argument(
        "--policy", type=Path, default=DEFAULT_FILE, help="weights and minima (YAML)"
    )
    parser.add_argument("--out", type=Path, required=True, help="the CSV to write")
    return parser


if __name__ == "__main__":
    sys.exit(main())
