"""The wake-up line between requests and workers: huey on SQLite or Redis."""

import logging
from collections.abc import Callable

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from redis import ConnectionPool

log = logging.getLogger(__name__)

REDIS_PATIENCE_SECONDS = 2  # a request waits no longer for a queue that is away


class JobQueue:
    """Says "there is work" and nothing else; what the work is stands in ``jobs``.

    huey by itself loses what a killed worker was running, and knows priorities on some
    of its back ends only. So a message names no job: whoever hears it takes the most
    urgent one from the table, and a message that is lost costs a second, not a job.
    """

    def __init__(self) -> None:
        self.huey: Huey | None = None
        self.handler: Callable[[], object] | None = None
        self._send: Callable[[], object] = lambda: None

    def connect(self, url: str, secret_key: str) -> None:
        """Open the line named by ``QUEUE_URL`` (``sqlite:///file`` or ``redis://…``)."""
        serializer = SignedSerializer(secret=secret_key, salt="jobs")
        if url.startswith("sqlite:///"):
            self.huey = SqliteHuey(
                "auditapp",
                filename=url.removeprefix("sqlite:///"),
                fsync=False,  # a lost message is no lost job
                results=False,
                serializer=serializer,
            )
            self.huey.storage.close()  # a server forks after this; SQLite must not
        else:
            self.huey = RedisHuey(
                "auditapp",
                connection_pool=ConnectionPool.from_url(
                    url,
                    socket_timeout=REDIS_PATIENCE_SECONDS,
                    socket_connect_timeout=REDIS_PATIENCE_SECONDS,
                ),
                results=False,
                serializer=serializer,
            )
        self._send = self.huey.task(name="work")(self._hear)

    def wake(self) -> None:
        """Tell a worker that there is work; never fails a request."""
        try:
            self._send()
        except Exception:  # whatever the client of the line raises
            log.exception("the job queue cannot be reached; the sweep finds the work")

    def is_reachable(self) -> bool:
        """Ask the line how long it is; raises what its client raises."""
        return self.huey is not None and self.huey.pending_count() >= 0

    def consumer(self, threads: int) -> Consumer:
        """Return what listens to the line; SIGTERM lets it finish what it is doing."""
        if self.huey is None:
            msg = "connect the queue first"
            raise RuntimeError(msg)
        return self.huey.create_consumer(
            workers=threads,
            worker_type="thread",
            periodic=False,
            initial_delay=0.05,
            max_delay=0.5,
            graceful_signal="TERM",
        )

    def _hear(self) -> None:
        if self.handler:
            self.handler()
