"""Files of callbacks and feedback: every row taken once, or handed back to correct."""

import csv
import io
from collections import Counter
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import delete, func, select

from auditapp.domain.actor import Actor, Role
from auditapp.domain.customer_import import FIVE, TEN
from auditapp.domain.errors import InvalidError, NotFoundError
from auditapp.domain.import_rows import ImportPlan
from auditapp.jobs import imports as import_jobs
from auditapp.jobs.imports import clear, run_import
from auditapp.reads.imports import get_import, list_imports
from auditapp.services.import_files import receive_file
from auditapp.services.imports import add_import, save_plan, start_import
from auditapp.store.customers import CustomerRow
from auditapp.store.months import MonthRow
from auditapp.store.responses import ImportRow, ResponseRow, TallyRow
from auditapp.store.work import JobRow
from import_samples import HEADING, NOW, bring, make_import_world

GOOD = (
    "A1,BD01,2026-10-05 14:30,套餐变更,13800001111,9,,挺好\n"
    "A2,BD02标准厅,2026年10月6日,补卡,,3,等候太久,打13900002222找我\n"
    "A3,bd01,46302,,138****1111,10,,\n"
)
BAD = (
    "B1,没有这家,2026-10-05,,,9,,\n"
    "B2,BD01,2026-02-30,,1234,11,,\n"
    "B3,BD01,5/10/2026,,13700003333,,,=1+1\n"
)


@pytest.fixture
def world(session):
    return make_import_world(session)


@pytest.fixture
def actor(world):
    return Actor(world.people["hq"], "hq", Role.HEADQUARTERS)


def run(app, import_id, progress=lambda _done, _total: None):
    with app.app_context():
        run_import(import_id, progress)


def import_file(app, session, actor, text, encoding="gb18030", **options):
    import_id = bring(app, session, actor, text.encode(encoding), **options)
    run(app, import_id)
    renew(session)
    return session.get(ImportRow, import_id)


def renew(session):
    """Let the session see what others have committed."""
    session.rollback()
    session.expire_all()


def counts(row):
    return row.state, row.taken, row.repeated, row.bad


def stored(app, key):
    return b"".join(app.extensions["storage"].chunks(key))


def test_good_rows_are_taken_and_bad_ones_come_back(app, session, actor):
    row = import_file(app, session, actor, HEADING + GOOD + BAD)

    assert counts(row) == ("done", 3, 0, 3)
    found = session.scalars(select(ResponseRow).order_by(ResponseRow.happened_on)).all()
    assert [(r.hall_id, r.happened_on, r.month, r.score_milli) for r in found] == [
        ("BD01", date(2026, 10, 5), "2026-10", 92_000),
        ("BD02", date(2026, 10, 6), "2026-10", 0),
        ("BD01", date(2026, 10, 7), "2026-10", 100_000),
    ]
    assert (found[0].business, found[1].cause) == ("plan_change", "process")
    assert found[1].answers == {"sms_rating": 3, "sms_reason": "wait"}
    assert found[1].words == "打139****2222找我"
    assert session.get(TallyRow, ("2026-10", "BD01", "sms")).responses == 2
    lines = list(
        csv.reader(io.StringIO(stored(app, row.faults_key).decode("utf-8-sig")))
    )
    assert lines[0] == ["原文件行号", *HEADING.strip().split(","), "要改什么"]
    assert [line[0] for line in lines[1:]] == ["5", "6", "7"]
    assert "没有叫“没有这家”的营业厅" in lines[1][-1]
    assert all(word in lines[2][-1] for word in ("没有这一天", "不是手机号"))
    assert "两个不同的日子" in lines[3][-1]
    assert (lines[3][5], lines[3][8]) == ("137****3333", "'=1+1")


def test_the_same_file_twice_changes_nothing(app, session, actor):
    without_ids = "营业厅,日期,评分\nBD01,2026-10-05,9\nBD01,2026-10-05,9\n"
    for text, good in ((HEADING + GOOD, 3), (without_ids, 2)):
        first = import_file(app, session, actor, text)
        again = import_file(app, session, actor, text, "utf-16")

        assert counts(first) == ("done", good, 0, 0)
        assert counts(again) == ("done", 0, good, 0)
    assert session.scalar(select(func.count()).select_from(ResponseRow)) == 5


def test_a_corrected_file_of_faults_is_taken(app, session, actor):
    row = import_file(app, session, actor, HEADING + GOOD + BAD)
    text = stored(app, row.faults_key).decode("utf-8-sig")
    text = text.replace("没有这家,", "BD01,").replace("5/10/2026", "2026-10-05")
    text = text.replace("2026-02-30", "2026-10-09").replace("1234,11", ",8")
    text = text.replace("137****3333,,", "137****3333,7,")
    again = import_file(app, session, actor, text, "utf-8-sig")

    assert counts(again) == ("done", 3, 0, 0)
    words = session.scalars(select(ResponseRow.words)).all()
    assert "=1+1" in words


def test_who_takes_over_from_a_dead_worker_counts_nothing_twice(
    app, session, actor, monkeypatch
):
    monkeypatch.setattr(import_jobs, "CHUNK_ROWS", 2)
    import_id = bring(app, session, actor, (HEADING + GOOD + BAD + GOOD).encode())

    def die(done, _total):
        if done >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(app, import_id, die)
    renew(session)
    assert session.get(ImportRow, import_id).total_rows == 4
    run(app, import_id)

    renew(session)
    row = session.get(ImportRow, import_id)
    assert counts(row) == ("done", 3, 3, 3)
    assert session.get(TallyRow, ("2026-10", "BD01", "sms")).responses == 2
    assert len(stored(app, row.faults_key).decode().splitlines()) == 4
    run(app, import_id)  # it is over
    renew(session)
    assert counts(session.get(ImportRow, import_id)) == ("done", 3, 3, 3)


def test_numbers_are_nowhere_plain(app, session, actor, data_dir):
    row = import_file(
        app, session, actor, HEADING + GOOD + BAD, name="13800001111名单.csv"
    )

    assert "13800001111" not in row.file_name
    assert session.scalar(select(func.count()).select_from(CustomerRow)) == 1
    assert row.storage_key == ""
    kept = [p.read_bytes() for p in (data_dir / "photos").rglob("*") if p.is_file()]
    texts = [*kept, str(session.scalars(select(ResponseRow)).all()).encode()]
    texts += [
        f"{r.origin_key} {r.answers} {r.words} {r.business}".encode()
        for r in session.scalars(select(ResponseRow))
    ]
    for number in (b"13800001111", b"13900002222", b"13700003333"):
        assert not any(number in text for text in texts)


def test_callbacks_and_ready_scores_and_ratings_to_five(app, session, actor):
    callbacks = (
        "回访编号,厅,办理日期,办成,等候,态度,讲清,同意,总分,还愿来,哪方面,期望\n"
        "C1,SX01,20261005,一次办成,5,5分,Clear and true,没有,10,一定会,,\n"
        "C2,SX01,2026/10/6,没有办成,1,2,后来发现不一样,有,２,1,手续、规定或排队方式,改进\n"
    )
    row = import_file(app, session, actor, callbacks, source="callback")
    assert counts(row) == ("done", 2, 0, 0)
    scores = session.scalars(
        select(ResponseRow.score_milli).where(ResponseRow.source == "callback")
    ).all()
    assert max(scores) == 100_000
    assert 0 < min(scores) < 10_000

    session.execute(delete(ResponseRow))
    ready = "营业厅,日期,得分\nSX01,2026-10-05,87.5\nSX01,2026-10-05,101\n"
    assert counts(import_file(app, session, actor, ready)) == ("done", 1, 0, 1)
    response = session.scalars(select(ResponseRow)).one()
    assert (response.score_milli, response.lost) == (87_500, {"sms_rating": 12_500})

    session.execute(delete(ResponseRow))
    fives = "营业厅,日期,评分\nSX01,2026-10-05,4\nSX01,2026-10-05,6\n"
    row = import_file(app, session, actor, fives, scale=FIVE)
    assert counts(row) == ("done", 1, 0, 1)
    assert session.scalars(select(ResponseRow)).one().answers == {"sms_rating": 8}


def test_a_workbook_is_read_and_its_faults_are_a_workbook(app, session, actor):
    book = openpyxl.Workbook()
    book.active.append(["某某公司短信评价明细"])
    book.active.append(["编号", "营业厅", "日期", "手机", "评分", "意见"])
    book.active.append(["X1", "BD01", datetime(2026, 10, 5), 13800001111, 9, "好"])  # noqa: DTZ001
    book.active.append(["X2", "BD01", "昨天", 13800001111, 9, "=HYPERLINK()"])
    book.active["F4"].data_type = "s"
    content = io.BytesIO()
    book.save(content)
    import_id = bring(app, session, actor, content.getvalue(), name="a.xlsx")
    run(app, import_id)

    renew(session)
    row = session.get(ImportRow, import_id)
    assert counts(row) == ("done", 1, 0, 1)
    faults = openpyxl.load_workbook(io.BytesIO(stored(app, row.faults_key))).active
    cells = [[cell.value for cell in line] for line in faults.iter_rows()]
    assert cells[1][:5] == ["4", "X2", "BD01", "昨天", "138****1111"]
    assert cells[1][6] == "'=HYPERLINK()"
    assert all(cell.data_type != "f" for line in faults.iter_rows() for cell in line)


def test_columns_are_remembered_by_their_heading(app, session, actor):
    text = "甲,乙,丙\nBD01,2026-10-05,9\n"
    storage = app.extensions["storage"]
    columns = ["hall", "day", "sms_rating"]
    for expected in (["", "", ""], columns):
        with storage.incoming() as incoming:
            incoming.write(text.encode())
            new = receive_file(session, storage, incoming, "sms", "a.csv", now=NOW)
        add_import(session, actor, new, now=NOW)

        assert new.beginning.columns == expected
        if not any(expected):
            with pytest.raises(InvalidError) as told:
                start_import(session, actor, new.import_id, "zh", now=NOW)
            assert len(told.value.problems) == 3
        plan = ImportPlan(tuple(columns), TEN)
        save_plan(session, actor, new.import_id, plan, now=NOW)
        start_import(session, actor, new.import_id, "zh", now=NOW)
        session.commit()


def test_closed_months_are_named_and_scores_asked_for_once(app, session, actor):
    month = MonthRow(month="2026-10", state="closed", changed_at=NOW)
    session.add(month)
    row = import_file(app, session, actor, HEADING + GOOD)

    page = get_import(session, actor, row.import_id)
    assert page.closed_months == ["2026-10"]
    jobs = session.scalars(select(JobRow.subject).where(JobRow.kind == "month.rescore"))
    assert Counter(jobs) == {"2026-10 BD01": 1, "2026-10 BD02": 1}


def test_an_import_is_its_owners_and_is_cleared_when_abandoned(app, session, actor):
    import_id = bring(app, session, actor, (HEADING + GOOD).encode())
    other = Actor(actor.person_id.__class__(int=7), "other", Role.HEADQUARTERS)
    assert list_imports(session, other) == []
    with pytest.raises(NotFoundError):
        get_import(session, other, import_id)
    row = session.get(ImportRow, import_id)
    key, row.requested_at = row.storage_key, NOW - timedelta(days=30)
    session.commit()
    with app.app_context():
        clear(None, None)

    renew(session)
    assert (row.state, row.error, row.storage_key) == ("failed", "abandoned", "")
    assert app.extensions["storage"].find_size(key) is None
