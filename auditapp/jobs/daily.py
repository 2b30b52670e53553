"""The one table of work that nobody asks for, and the hand that asks for it.

The subject of such a job is the time it was due: ``2026-11-26 02:30`` in the halls.
To add an entry: a handler in ``handlers.py``, its name in ``web/jobs.py``, a line here.
"""

from datetime import UTC, datetime

from auditapp.domain.schedule import Daily, Every, Schedule
from auditapp.extensions import reading, unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services import schedule
from auditapp.services.jobs import Job

SCHEDULE: Schedule = {
    "actions.tend": Every(30),
    "callback.draw": Daily(6, 0),
    "callback.tidy": Every(15),
    "customers.erase": Daily(2, 30),
    "feedback.send": Every(1),
    "halls.settle": Daily(0, 5),
    "imports.clear": Daily(2, 45),
    "jobs.tidy": Daily(3, 30),
    "month_reports.clear": Daily(3, 0),
    "months.tend": Daily(1, 30),
    "news.follow": Every(1),
    "news.send": Every(15),
    "news.tidy": Daily(3, 15),
    "profiles.tend": Every(10),
    "reviews.tend": Every(30),
    "standards.learn": Daily(4, 0),
    "webhooks.send": Every(1),
    "webhooks.tidy": Daily(3, 45),
}


def tick(now: datetime) -> list[str]:
    """Ask for what is due and return its kinds; cheap, never writes for nothing."""
    with reading() as session:
        if not schedule.is_anything_due(session, SCHEDULE, now=now):
            return []
    with unit_of_work() as session:
        return schedule.request_due(session, SCHEDULE, now=now)


def tidy(_job: Job, _progress: Progress) -> None:
    """Forget scheduled jobs that were done long ago."""
    with unit_of_work() as session:
        schedule.forget_old_runs(session, SCHEDULE, now=datetime.now(UTC))
