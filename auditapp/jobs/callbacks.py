"""Draws who is called and gives up what comes too late."""

from datetime import UTC, datetime

from flask import current_app

from auditapp.domain.month import local_date
from auditapp.extensions import unit_of_work
from auditapp.jobs.progress import Progress
from auditapp.services.callback_draws import draw_callbacks
from auditapp.services.callback_endings import let_go_of_late
from auditapp.services.jobs import Job


def draw(_job: Job, _progress: Progress) -> None:
    """Draw today's customers."""
    now = datetime.now(UTC)
    seed = current_app.config["SECRET_KEY"]
    with unit_of_work() as session:
        draw_callbacks(session, day=local_date(now), seed=seed, now=now)


def tidy(_job: Job, _progress: Progress) -> None:
    """Give up late calls and forget what refusing customers said."""
    with unit_of_work() as session:
        let_go_of_late(session, now=datetime.now(UTC))
