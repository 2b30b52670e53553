"""Everything one machine needs under one parent: migrate, demo data, web, worker."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from flask_migrate import upgrade

from auditapp.cli.demo import group as make_demo
from auditapp.extensions import reading
from auditapp.factory import ROOT, create_app
from auditapp.reads.people import list_demo_people
from auditapp.settings import DEMO_PASSWORD, Settings, SettingsError

PR_SET_PDEATHSIG = 1  # Source: prctl(2)
THREADS = 32  # threads, not processes, keep slow uploads from blocking others
PROCESSES = 2


def main() -> int:
    """Run until told to stop; a part that dies is started again."""
    try:
        settings = Settings.from_environment()
        app = create_app(settings)
    except SettingsError as error:
        print(f"auditapp cannot start: {error}", file=sys.stderr)  # noqa: T201
        return 1
    with app.app_context():
        prepare(settings)
        announce(settings)
    return supervise([web_command(settings), worker_command()])


def prepare(settings: Settings) -> None:
    """Bring the database up to date and, on a first demo start, fill it."""
    upgrade(str(ROOT / "migrations"))
    if settings.is_demo:
        make_demo([], standalone_mode=False)


def announce(settings: Settings) -> None:
    """Print where to go and, in a demonstration, who may sign in."""
    print(f"\n  http://127.0.0.1:{settings.port}/\n")  # noqa: T201
    if settings.is_demo:
        with reading() as session:
            people = list_demo_people(session)
        first = {person.role: person.login for person in reversed(people)}
        for role, login in sorted(first.items(), key=lambda pair: pair[0].value):
            print(f"  {login:12} {role.value.replace('_', ' ')}")  # noqa: T201
        print(f"\n  password: {DEMO_PASSWORD}\n")  # noqa: T201
    sys.stdout.flush()


def web_command(settings: Settings) -> list[str]:
    """Return the command line of the web server."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:app",
        f"--bind=0.0.0.0:{settings.port}",
        "--preload",  # imports once, not once a process: ready in half the time
        "--worker-class=gthread",
        f"--workers={PROCESSES}",
        f"--threads={THREADS}",
        "--keep-alive=75",
        "--graceful-timeout=20",
        "--timeout=60",
        "--log-level=warning",
        f"--worker-tmp-dir={'/dev/shm' if Path('/dev/shm').is_dir() else '/tmp'}",  # noqa: S108
    ]


def worker_command() -> list[str]:
    """Return the command line of the background worker."""
    return [sys.executable, "-m", "flask", "worker"]


def supervise(commands: list[list[str]]) -> int:
    """Keep the parts running; when this process ends, by whatever means, so do they."""
    parts = {tuple(command): start(command) for command in commands}
    is_stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_stopping
        is_stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not is_stopping:
        time.sleep(0.2)
        for command, part in parts.items():
            if part.poll() is not None and not is_stopping:
                time.sleep(1)  # a part that dies at once must not spin
                parts[command] = start(list(command))
    for part in parts.values():
        part.terminate()
    for part in parts.values():
        part.wait(timeout=30)
    return 0


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start one part that dies with its parent."""
    return subprocess.Popen(command, cwd=ROOT, preexec_fn=die_with_parent)  # noqa: PLW1509, S603


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent is gone, even by ``kill -9``."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:
            sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
