"""The wake-up line between requests and workers: huey on SQLite or Redis."""

from collections.abc import Callable
from uuid import UUID

from huey import Huey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer

JobHandler = Callable[[UUID], None]


class JobQueue:
    """Carries job ids only; what a job is and how far it got stands in ``jobs``.

    huey by itself loses what a killed worker was running, so the row with its lease is
    the truth and a message here merely saves waiting for the next sweep.
    """

    def __init__(self) -> None:
        self.huey: Huey | None = None
        self.handler: JobHandler | None = None
        self._send: Callable[[str], object] = lambda _job_id: None

    def connect(self, url: str, secret_key: str) -> None:
        """Open the line named by ``QUEUE_URL`` (``sqlite:///file`` or ``redis://…``)."""
        serializer = SignedSerializer(secret=secret_key, salt="jobs")
        if url.startswith("sqlite:///"):
            self.huey = SqliteHuey(
                "auditapp",
                filename=url.removeprefix("sqlite:///"),
                results=False,
                serializer=serializer,
            )
        else:
            self.huey = RedisHuey(
                "auditapp", url=url, results=False, serializer=serializer
            )
        self._send = self.huey.task(name="run_job")(self._run)

    def wake(self, job_id: UUID) -> None:
        """Tell a worker that a job is there; never fails a request."""
        self._send(str(job_id))

    def is_reachable(self) -> bool:
        """Ask the line how long it is; raises what its client raises."""
        return self.huey is not None and self.huey.pending_count() >= 0

    def _run(self, job_id: str) -> None:
        if self.handler:
            self.handler(UUID(job_id))
