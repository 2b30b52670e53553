"""Measures a country's month: scored, closed, kept up, beside the bare database."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from load import servers
from load.servers import ROOT

# in their order: what is bare may rewrite what was measured before it
STAGES = (
    "tallies",
    "bare_sums",
    "score",
    "bare_scores",
    "one",
    "bare_lines",
    "close",
    "bare_ledger",
)
# what each is to be compared with
BESIDE = {
    "tallies": ("bare_sums",),
    "score": ("bare_sums", "bare_scores"),
    "close": ("bare_sums", "bare_scores", "bare_lines", "bare_ledger"),
}
NAMES = {
    "world": "fill the database",
    "tallies": "roll up every response again",
    "bare_sums": "  bare: SQL adds the same rows up",
    "score": "score every hall, write the rows",
    "bare_scores": "  bare: write those rows",
    "one": "one feedback to its hall's score (median)",
    "bare_lines": "  bare: read every audit's lines",
    "close": "close with a ledger",
    "bare_ledger": "  bare: write the ledger's lines",
}


@dataclass(frozen=True)
class Measured:
    """What a stage took, in a process of its own."""

    seconds: float
    cpu_seconds: float  # of that process, without the database server
    peak_bytes: int
    count: int


Results = dict[str, Measured]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="script/bench month", description=__doc__)
    parser.add_argument("--halls", type=int, nargs="+", default=[5_000, 50_000])
    parser.add_argument(
        "--only", nargs="+", default=["sqlite", "postgresql"], metavar="DATABASE"
    )
    parser.add_argument("--stages", nargs="+", default=STAGES, choices=STAGES)
    wanted = parser.parse_args()
    for kind in wanted.only:
        smaller: Results = {}
        for halls in sorted(wanted.halls):
            with database(kind) as url:
                print(f"\n{kind}, {halls:,} halls: {3 * halls:,} audits,")
                print(f"{60 * halls:,} feedbacks", flush=True)
                smaller = measure(url, halls, wanted.stages, smaller)
    return 0


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Lend an empty database."""
    if kind == "postgresql":
        with servers.postgresql() as url:
            yield url
        return
    folder = tempfile.mkdtemp(prefix="bench-", dir=os.environ.get("BENCH_DIR"))
    try:
        yield f"sqlite:///{folder}/month.db"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(url: str, halls: int, stages: Sequence[str], smaller: Results) -> Results:
    """Run the stages and print a line for each, and how they stand beside bare work."""
    print(f"{'':44}  seconds    CPU s  peak MB    count  growth")
    results: Results = {}
    show("world", run(url, "world", str(halls)), {})
    for name in (stage for stage in STAGES if stage in stages):
        results[name] = run(url, name)
        show(name, results[name], smaller)
    for name, others in BESIDE.items():
        if not {name, *others} <= results.keys():
            continue
        bare = sum(results[other].seconds for other in others)
        print(f"{NAMES[name]}: {results[name].seconds / bare:.1f} times the bare work")
    return results


def show(name: str, took: Measured, smaller: Results) -> None:
    """Print one stage, and how it has grown since the smaller country."""
    growth = took.seconds / smaller[name].seconds if name in smaller else 0
    print(
        f"{NAMES[name]:44} {took.seconds:>8.2f} {took.cpu_seconds:>8.2f}"
        f" {took.peak_bytes / 1e6:>8.0f} {took.count:>8,}"
        f" {f'{growth:.1f}' if growth else '':>7}",
        flush=True,
    )


def run(url: str, *stage: str) -> Measured:
    """Run a stage in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "load.month_stages", url, *stage],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'script'}:{ROOT}"},
        check=True,
        stdout=subprocess.PIPE,
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
