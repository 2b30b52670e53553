"""The whole installation as its users meet it: started, killed, started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
READY_SECONDS = 180
SECRET = "only-for-tests-0123456789abcdef-0123456789"  # noqa: S105


def free_port():
    """Return a port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(condition, what, seconds=60):
    """Return what ``condition`` says as soon as it is true; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    message = f"{what}: not within {seconds} s"
    raise AssertionError(message)


class LiveServer:
    """``script/server`` without its set-up, on a data folder of its own.

    ``root`` is the checkout it runs from. It is no demonstration, so that a start makes
    no data: ``company.py`` beside the browser tests has made what they need.
    """

    def __init__(self, data_dir, *, port=None, root=ROOT, **environment):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.root = root
        self.log = Path(data_dir) / "server.log"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("DATABASE")},
            "DEMO": "0",
            "HTTPS": "0",
            "SECRET_KEY": SECRET,
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            **environment,
        }
        self.process = None

    def flask(self, *arguments):
        """Run an operator's command and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=READY_SECONDS,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def start(self):
        """Start web server and worker; return when they are ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "auditapp.serve"],
                cwd=self.root,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            eventually(self.is_ready, "the server is ready", READY_SECONDS)
        except AssertionError:
            self.stop()  # else it would go on for ever
            raise
        return self

    def is_ready(self):
        """Tell whether it answers; fail with its log when it has ended."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):  # noqa: S310
                return True
        except (urllib.error.URLError, OSError):
            assert self.process.poll() is None, self.log.read_text()
            return False

    def kill(self):
        """Kill every process of it with SIGKILL, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """End it as an operator would."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
