"""A shift of calls in a real browser, by the keyboard alone, in both languages."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from auditapp.store.calls import CallbackRow, ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.organisation import DepartmentRow
from auditapp.store.responses import ResponseRow
from browser.office import serving
from browser.soundness import faults_of
from call_samples import draw, make_call_world, make_transaction, phone_of
from desk_world import checklist_document

pytestmark = pytest.mark.browser

ALWAYS = {"hours": ["00:00", "23:59"]}  # the tests run at night, too
SHIFTS = {"zh": ("cb1", 1440, "light"), "en": ("cb2", 360, "dark")}
HALLS = ("BD01", "BD02", "SX01")
SAYS = {
    "zh": {
        "agree": "客户同意",
        "question": "第2题，共8题",
        "unhappy": "有关键问题",
        "promised": "1天内处理",
        "counted": "已计入当月",
        "refused": "打扰您了",
        "again": "待再拨",
    },
    "en": {
        "agree": "The customer agrees",
        "question": "Question 2 of 8",
        "unhappy": "A critical answer was bad",
        "promised": "within 1 day",
        "counted": "count in the month",
        "refused": "We will not call about this again",
        "again": "To be tried again",
    },
}


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """Return where an installation with customers to call runs, and its folder."""
    folder = tmp_path_factory.mktemp("calls")
    with serving(folder, fill) as server:
        yield server.url, folder


def fill(app, session):
    """Draw six customers who may be called at once."""
    now = datetime.now(UTC)
    rules = checklist_document("customer_callback")["contact_rules"] | ALWAYS
    make_call_world(session, contact_rules=rules)
    session.add(
        DepartmentRow(department_id="marketing", name_zh="市场部", name_en="Marketing")
    )
    for number in range(6):
        make_transaction(
            session,
            app.extensions["phone_vault"],
            phone=phone_of(12345670 + number),
            hall_id=HALLS[number % 3],
            business=("plan_change", "new_number")[number % 2],
            now=now,
        )
    draw(session, now)
    for state in session.scalars(select(CallbackRow)):
        assert state.next_try_at <= now


def shift(page, says):
    """Complete one call with a complaint, refuse one, retry one; yield at each page."""
    say, typed = page.locator(".say"), page.keyboard
    main = page.locator("main")

    def press(key):
        expect(page.locator("[data-keys=on]")).to_be_visible()  # the module listens
        typed.press(key)

    yield "next"
    press("Enter")
    expect(say).to_be_visible()
    expect(main).to_contain_text(says["agree"])
    yield "opening"
    press("d")
    expect(page.locator(".dial")).to_contain_text("138123456")
    yield "number"
    press("Enter")
    expect(page.locator(".answer-keys .btn")).to_have_count(4)
    yield "choice"
    press("2")
    expect(main).to_contain_text(says["question"])
    press("Backspace")
    expect(page.locator("[aria-pressed=true]")).to_have_attribute("value", "later")
    press("1")
    expect(page.locator(".answer-keys .btn")).to_have_count(5)
    yield "scale"
    questions = ("cb_wait", "cb_attitude", "cb_clear", "cb_consent", "cb_overall")
    for item_id, digit in zip(questions, "2s332", strict=True):
        expect(page.locator(f"form[action$=answers\\/{item_id}]")).to_be_visible()
        if item_id == "cb_overall":
            yield "ten"
        press(digit)
    for item_id, digit in (("cb_return", "1"), ("cb_where", "2")):
        expect(page.locator(f"form[action$=answers\\/{item_id}]")).to_be_visible()
        press(digit)
    expect(page.locator("#value")).to_be_focused()
    typed.type("rather dear")  # r, d, a and e are letters here
    yield "words"
    press("Enter")
    expect(page.locator("form[action$=cb_contact_ok]")).to_be_visible()
    page.reload()
    press("1")
    expect(main).to_contain_text(says["unhappy"])
    yield "end"
    press("p")
    expect(page.locator("#is_severe")).to_be_checked()
    press("3")
    press("t")
    typed.type("pushed")
    yield "problem"
    press("Enter")
    expect(say).to_contain_text(says["promised"])
    press("Enter")
    expect(main).to_contain_text(says["counted"])
    yield "completed"
    press("Enter")
    expect(main).to_contain_text(says["agree"])
    press("r")
    expect(main).to_contain_text(says["refused"])
    yield "refused"
    press("Escape")
    expect(main).to_contain_text(says["agree"])
    press("r")
    expect(main).to_contain_text(says["refused"])
    press("Enter")
    expect(main).to_contain_text(says["agree"])
    press("a")
    expect(main).to_contain_text(says["again"])


@pytest.mark.parametrize("language", sorted(SHIFTS))
def test_a_shift_by_the_keyboard_alone(new_desk, line, language):
    login, width, theme = SHIFTS[language]
    page = new_desk(line[0], login, width)
    page.goto(f"/theme/{theme}?next=/calls")
    page.goto(f"/language/{language}?next=/calls")
    faults = []
    for name in shift(page, SAYS[language]):
        faults += [f"{name}: {each}" for each in faults_of(page)]
    assert not faults, "\n".join(faults)
    engine = create_engine(f"sqlite:///{line[1]}/auditapp.db")
    with Session(engine) as session:
        done = session.scalars(
            select(CallbackRow.state).where(CallbackRow.agent_id.is_not(None))
        ).all()
        complaints = session.scalars(select(ComplaintRow)).all()
        refused = session.scalars(
            select(CustomerRow).where(CustomerRow.refused_at.is_not(None))
        ).all()
        answers = session.scalars(select(ResponseRow)).all()
    engine.dispose()
    shifts = len(answers)
    assert sorted(done) == sorted(["completed", "refused", "retry"] * shifts)
    assert len(refused) == len(complaints) == shifts
    assert {each.category for each in complaints} == {"marketing"}
    assert {each.words for each in answers} == {"rather dear"}
    assert {each.answers["cb_solved"] for each in answers} == {"first"}
