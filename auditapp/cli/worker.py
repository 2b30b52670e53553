"""``flask worker``: does the background work until it is told to stop."""

import os

import click
from flask import current_app

from auditapp.extensions import queue
from auditapp.jobs.runner import LEASE_SECONDS, Runner


@click.command("worker")
@click.option("--threads", default=2, show_default=True, help="Jobs done side by side.")
@click.option(
    "--lease",
    default=LEASE_SECONDS,
    show_default=True,
    help="Seconds after which a dead worker's job goes to another.",
)
@click.option(
    "--nice",
    default=10,
    show_default=True,
    help="How far requests go first; 0 where the worker has a machine of its own.",
)
def group(threads: int, lease: float, nice: int) -> None:
    """Do background work: photos, scores, reports. SIGTERM finishes what is begun."""
    # Threads, not processes: whatever is heavy or dangerous (pictures, PDF) runs in
    # children of its own with limits of its own, and waiting for them holds no lock.
    os.nice(nice)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    consumer = queue.consumer(threads)
    runner = Runner(app, lease_seconds=lease, stopping=consumer.stop_flag)
    queue.handler = runner.run_due
    runner.start()
    consumer.run()
    runner.finish()
