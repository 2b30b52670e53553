"""Files of customers' answers on their way in, for tests of imports."""

from datetime import UTC, datetime

from auditapp.domain.customer_import import TEN
from auditapp.domain.import_rows import ImportPlan
from auditapp.services.checklists import publish_checklist
from auditapp.services.import_files import receive_file
from auditapp.services.imports import add_import, save_plan, start_import
from desk_world import checklist_document, make_world

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
HEADING = "流水号,营业厅,办理时间,业务类型,手机号,评分,原因,客户意见\n"


def make_import_world(session):
    """Write the company and publish what customers are asked."""
    made = make_world(session)
    for name in ("sms_feedback", "customer_callback"):
        publish_checklist(
            session,
            checklist_document(name),
            checklist_document("_vocabulary"),
            effective_month="2026-01",
            now=NOW,
        )
    session.commit()
    return made


def bring(  # noqa: PLR0913 (each is a difference some test is about)
    app, session, actor, content, *, source="sms", scale=TEN, name="a.csv"
):
    """Receive a file, start it as it is understood, and return its id."""
    storage = app.extensions["storage"]
    with storage.incoming() as incoming:
        incoming.write(content)
        new = receive_file(session, storage, incoming, source, name, now=NOW)
    add_import(session, actor, new, now=NOW)
    plan = ImportPlan(tuple(new.beginning.columns), scale)
    save_plan(session, actor, new.import_id, plan, now=NOW)
    start_import(session, actor, new.import_id, "zh", now=NOW)
    session.commit()
    return new.import_id
