"""The one table from a job's kind to what does it.

A handler is idempotent: it may run again after the death of a worker, and, when that
worker was only slow, beside it. It opens units of work of its own, none of them around
anything slow.
"""

from collections.abc import Callable

from auditapp.jobs import (
    actions,
    callbacks,
    customers,
    daily,
    feedback,
    halls,
    imports,
    month_reports,
    months,
    notifications,
    photos,
    profiles,
    reports,
    reviews,
    scores,
    standards,
    visits,
    webhooks,
    what_ifs,
)
from auditapp.jobs.progress import Progress
from auditapp.services.jobs import Job

HANDLERS: dict[str, Callable[[Job, Progress], None]] = {
    "photo.check": photos.check,
    "photo.thumbs": photos.make_thumbs,
    "audit.score": scores.score,
    "month.score": months.score,
    "month.rescore": months.rescore,
    "month.close": months.close,
    "months.tend": months.tend,
    "month.profile": profiles.make,
    "profiles.tend": profiles.tend,
    "news.follow": notifications.follow,
    "news.send": notifications.send,
    "news.greet": notifications.greet,
    "news.tidy": notifications.tidy,
    "report.make": reports.make,
    "month_report.make": month_reports.make,
    "month_reports.clear": month_reports.clear,
    "reviews.tend": reviews.tend,
    "actions.follow": actions.follow,
    "actions.tend": actions.tend,
    "callback.draw": callbacks.draw,
    "callback.tidy": callbacks.tidy,
    "customers.erase": customers.erase,
    "feedback.send": feedback.send,
    "jobs.tidy": daily.tidy,
    "import.run": imports.run,
    "imports.clear": imports.clear,
    "webhooks.send": webhooks.send,
    "webhooks.tidy": webhooks.tidy,
    "visits.reform": visits.reform,
    "halls.settle": halls.settle,
    "what_if.run": what_ifs.run,
    "standards.learn": standards.learn_from_months,
}
