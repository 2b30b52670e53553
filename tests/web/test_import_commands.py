"""An operator imports a file by command: rehearsed, taken, repeated."""

from auditapp.services.checklists import publish_checklist
from auditapp.store.responses import ImportRow, ResponseRow
from desk_world import NOW, checklist_document, make_world

TEXT = (
    "编号,营业厅,日期,手机,评分\nA1,BD01,2026-10-05,13800001111,5\n"
    "A2,没有这家,2026-10-05,13800002222,4\n"
)


def test_a_file_is_rehearsed_taken_and_repeated(app, session, tmp_path, data_dir):
    make_world(session)
    publish_checklist(
        session,
        checklist_document("sms_feedback"),
        checklist_document("_vocabulary"),
        effective_month="2026-01",
        now=NOW,
    )
    session.commit()
    path, faults = tmp_path / "a.csv", tmp_path / "a.csv.faults.csv"
    path.write_bytes(TEXT.encode("gb18030"))

    def run(*words):
        done = app.test_cli_runner().invoke(
            args=["import", "feedback", str(path), "--lang", "en", *words]
        )
        session.rollback()
        return done.exit_code, done.output.splitlines()[-1]

    code, said = run("--dry-run")
    assert code == 1
    assert said.startswith("Rehearsal: 1 rows can be imported, 1 need correcting.")
    assert "138****2222" in faults.read_text("utf-8-sig")
    assert session.query(ResponseRow).count() == session.query(ImportRow).count() == 0
    scale = ("--rating-scale", "5")
    assert run(*scale) == (1, "1 rows imported, 0 repeated, 1 need correcting.")
    assert session.query(ResponseRow).one().answers == {"sms_rating": 10}
    path.write_text(TEXT.rpartition("A2")[0])
    assert run(*scale) == (0, "0 rows imported, 1 repeated, 0 need correcting.")
    path.write_bytes(b"\x89PNG\0\0")
    assert run()[0] == 1
    assert run("--as", "nobody")[0] == 1
    left = [p for p in (data_dir / "photos/imports").rglob("rows") if p.is_file()]
    assert left == []
