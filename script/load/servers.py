"""Servers to load: the product's own, a bare floor, a private PostgreSQL."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from auditapp.serve import web_command
from auditapp.settings import Settings

ROOT = Path(__file__).parent.parent.parent
READY_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Usage:
    """What a group of processes has used so far."""

    cpu_seconds: float
    resident_bytes: int
    written_bytes: int


class Server:
    """A web server in a process group of its own, so that all of it can be killed."""

    def __init__(
        self, command: list[str], port: int, environment: Mapping[str, str], log: Path
    ) -> None:
        self.command = command
        self.port = port
        self.environment = {**os.environ, **environment}
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, ready: str = "/healthz") -> float:
        """Start and wait until it answers; return the seconds that took."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while time.monotonic() - began < READY_SECONDS:
            try:
                urllib.request.urlopen(
                    f"http://127.0.0.1:{self.port}{ready}", timeout=5
                )
            except OSError:
                time.sleep(0.02)
            else:
                return time.monotonic() - began
        message = f"no answer on port {self.port}; see {self.log}"
        raise TimeoutError(message)

    def kill(self) -> None:
        """``kill -9`` every process of it."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def usage(self) -> Usage:
        """Return processor time, memory and bytes written of all its processes."""
        group = str(self.process.pid) if self.process else ""
        cpu, resident, written = 0, 0, 0
        for folder in Path("/proc").iterdir():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if fields[2] != group:
                    continue
                cpu += int(fields[11]) + int(fields[12])
                resident += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
                io = dict(
                    x.split(": ") for x in (folder / "io").read_text().splitlines()
                )
                written += int(io["write_bytes"])
            except (OSError, IndexError, ValueError):
                continue
        return Usage(cpu / TICKS, resident, written)

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=30)
        self.process = None


def product(folder: Path, database_url: str, workers: int | None = None) -> Server:
    """Return the product's web server as ``script/server`` starts it."""
    environment = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "DEMO": "1",
        "PORT": str(free_port()),
    }
    settings = Settings.from_environment(environment)
    command = web_command(settings)
    if workers:
        command = [x for x in command if not x.startswith("--workers")]
        command.append(f"--workers={workers}")
    return Server(command, settings.port, environment, folder / "server.log")


def floor(folder: Path) -> Server:
    """Return a bare Flask application that does the unavoidable and nothing else."""
    port = free_port()
    settings = Settings.from_environment({"DATA_DIR": str(folder), "DEMO": "1"})
    command = [
        "load.floor:app" if part == "wsgi:app" else part
        for part in web_command(settings)
    ]
    command = [x for x in command if not x.startswith("--bind")]
    command.append(f"--bind=127.0.0.1:{port}")
    environment = {"FLOOR_DIR": str(folder), "PYTHONPATH": str(ROOT / "script")}
    return Server(command, port, environment, folder / "server.log")


@contextmanager
def postgresql() -> Iterator[str]:
    """Lend a PostgreSQL of its own, durable as an installation would be."""
    newest = max(Path("/usr/lib/postgresql").iterdir()) / "bin"
    folder = Path(tempfile.mkdtemp(prefix="load-postgresql-"))
    is_root = os.getuid() == 0
    as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    run_as = as_other if is_root else []
    if is_root:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    subprocess.run(
        [
            *run_as,
            newest / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "load",
            "-E",
            "UTF8",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    )
    control = [*run_as, newest / "pg_ctl", "-D", data, "-w", "-s"]
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], check=True)
    try:
        yield f"postgresql+psycopg://load@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False)
        shutil.rmtree(folder, ignore_errors=True)
