"""Making the demonstration, step by step; each step is whole or not there."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from auditapp.services.demo.best_cases import make_best_case
from auditapp.services.demo.closing import Closing, correct_month, finish_month
from auditapp.services.demo.company import demo_months, found_company
from auditapp.services.demo.complaint_lines import make_complaint_lines
from auditapp.services.demo.customers import CustomerMonth, make_customers
from auditapp.services.demo.inspections import make_inspections
from auditapp.services.demo.making import Demo, Tell, make_month
from auditapp.services.demo.news import make_news
from auditapp.services.demo.obstacles import make_obstacles
from auditapp.services.demo.practices import make_practices
from auditapp.services.demo.putting_right import make_appeals, put_right
from auditapp.services.demo.requests import make_requests
from auditapp.services.demo.shown_photos import show_photos
from auditapp.services.standard_learning import has_learned, keep_learned, learn

Work = Callable[[Session, Tell], bool]
Step = tuple[str, Work]


def demo_steps(demo: Demo) -> list[Step]:
    """Return the steps in their order; each tells whether it had anything to do."""
    months = enumerate(demo_months(demo.month))
    return [
        ("organisation", _found(demo)),
        *(step for index, month in months for step in _month(demo, index, month)),
        ("appeal", lambda session, _tell: correct_month(session, _closing(demo))),
        ("items", lambda session, _tell: _learn(session, demo)),
        ("appeals", lambda session, _tell: make_appeals(session, demo)),
        ("requests", lambda session, _tell: make_requests(session, demo.now)),
        (
            "obstacles",
            lambda session, _tell: make_obstacles(session, demo.sign, demo.now),
        ),
        ("practices", lambda session, _tell: make_practices(session, demo.now)),
        ("cases", lambda session, _tell: make_best_case(session, demo.now)),
        ("photos", lambda session, _tell: show_photos(session, demo.now)),
        ("complaints", lambda session, _tell: make_complaint_lines(session)),
        ("news", lambda session, _tell: make_news(session, demo.now)),
    ]


def _learn(session: Session, demo: Demo) -> bool:
    """Count items as the nightly job would; it replaces what it wrote before."""
    learned = learn(session, now=demo.now)
    if learned is None or has_learned(session):
        return False
    keep_learned(session, learned, now=demo.now)
    return True


def _month(demo: Demo, index: int, month: str) -> list[Step]:
    customers = CustomerMonth(
        month, index, demo.seed, demo.now, demo.vault, demo.studio.is_quick
    )
    return [
        (
            f"{month} visits",
            lambda session, tell: make_month(session, demo, index, month, tell),
        ),
        (
            f"{month} inspections",
            lambda session, _tell: make_inspections(session, demo, index, month),
        ),
        (
            f"{month} customers",
            lambda session, _tell: make_customers(session, customers),
        ),
        (
            f"{month} actions",
            lambda session, _tell: put_right(session, demo, month),
        ),
        (
            f"{month} ledger",
            lambda session, _tell: finish_month(session, _closing(demo), month),
        ),
    ]


def _closing(demo: Demo) -> Closing:
    return Closing(demo.month, demo.now)


def _found(demo: Demo) -> Work:
    return lambda session, _tell: found_company(
        session,
        demo.month,
        demo.seed,
        password_hash=demo.password_hash,
        now=demo.now,
    )
