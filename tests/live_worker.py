"""Real background workers, for tests that kill them in the middle of their work."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def environment(settings):
    """Return the environment in which a worker finds the installation of a test."""
    return os.environ | {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "STORAGE_URL": settings.storage_url,
        "QUEUE_URL": settings.queue_url,
        "SECRET_KEY": settings.secret_key,
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def worker(app):
    """Run a worker for as long as the block lasts, then stop it gracefully."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "worker", "--lease", "1", "--nice", "0"],
        cwd=ROOT,
        env=environment(app.config["SETTINGS"]),
    )
    try:
        yield process
        process.terminate()
        if process.wait(timeout=60) not in (0, -signal.SIGKILL):
            pytest.fail(f"the worker ended with {process.returncode}")
    finally:
        process.kill()
        process.wait()


def wait_for(condition, seconds=60):
    """Return what ``condition`` says as soon as it is true; else fail."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > deadline:
            pytest.fail("waited in vain")
        time.sleep(0.01)
    return result
