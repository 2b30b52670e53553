"""Replays past months under a draft, a month at a time; goes on where it stopped."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from auditapp.extensions import snapshot, unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job
from auditapp.services.what_if_months import replay_month
from auditapp.services.what_ifs import find_next_month, finish_what_if, keep_replay

PARTS = 100  # of a month, for the progress


def run(job: Job, progress: Progress) -> None:
    """Replay the months that are left, then put the figures together."""
    what_if_id, done = UUID(job.subject), 0
    while True:
        with snapshot() as session:
            waiting = find_next_month(session, what_if_id)
            if waiting is None:
                break
            draft, month = waiting
            found = replay_month(session, draft, month, _part(progress, done))
        with unit_of_work() as session:
            keep_replay(session, what_if_id, month, found)
        done += 1
        progress(done * PARTS, (done + 1) * PARTS)
    with unit_of_work() as session:
        finish_what_if(session, what_if_id, now=datetime.now(UTC))
    progress(1, 1)


def _part(progress: Progress, done: int) -> Callable[[int, int], None]:
    def tell(done_audits: int, total: int) -> None:
        part = done_audits * PARTS // max(total, 1)
        progress(done * PARTS + part, (done + 1) * PARTS)

    return tell
