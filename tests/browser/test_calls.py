"""A shift of calls in a real browser, by the keyboard alone, in both languages."""

from datetime import UTC, datetime

import pytest
from flask_migrate import upgrade
from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from auditapp.extensions import db
from auditapp.factory import ROOT, create_app
from auditapp.settings import Settings
from auditapp.store.calls import CallbackRow, ComplaintRow
from auditapp.store.customers import CustomerRow
from auditapp.store.organisation import DepartmentRow
from auditapp.store.responses import ResponseRow
from call_samples import draw, make_call_world, make_transaction, phone_of
from desk_world import PASSWORD, checklist_document
from live_server import SECRET, LiveServer

pytestmark = pytest.mark.browser

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules });
  return found.violations.map((each) => `${each.id}: ${each.nodes[0].html}`);
}"""
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
    """Return a running installation with six customers to call, and its folder."""
    folder = tmp_path_factory.mktemp("calls")
    app = create_app(
        Settings.from_environment(
            {"DATA_DIR": str(folder), "SECRET_KEY": SECRET, "HTTPS": "0"}
        )
    )
    now = datetime.now(UTC)
    rules = checklist_document("customer_callback")["contact_rules"] | ALWAYS
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        with Session(db.engine) as session:
            make_call_world(session, contact_rules=rules)
            session.add(
                DepartmentRow(
                    department_id="marketing", name_zh="市场部", name_en="Marketing"
                )
            )
            vault = app.extensions["phone_vault"]
            for number in range(6):
                make_transaction(
                    session,
                    vault,
                    phone=phone_of(12345670 + number),
                    hall_id=HALLS[number % 3],
                    business=("plan_change", "new_number")[number % 2],
                    now=now,
                )
            draw(session, now)
            for state in session.scalars(select(CallbackRow)):
                assert state.next_try_at <= now
        db.engine.dispose()
    server = LiveServer(folder).start()
    yield server.url, folder
    server.stop()


@pytest.fixture
def open_line(chromium, line):
    """Return a function that signs an agent in and hands out the page."""
    contexts = []

    def open_as(login, width, theme, language):
        context = chromium.new_context(
            viewport={"width": width, "height": 640 if width < 600 else 900},
            base_url=line[0],
            bypass_csp=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/language/{language}?next=/sign-in")
        page.goto(f"/theme/{theme}?next=/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/calls")
        return page

    yield open_as
    for context in contexts:
        context.close()


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
def test_a_shift_by_the_keyboard_alone(open_line, line, language):
    login, width, theme = SHIFTS[language]
    page = open_line(login, width, theme, language)
    faults = []
    for name in shift(page, SAYS[language]):
        page.evaluate(AXE)
        faults += [f"{name}: {each}" for each in page.evaluate(RUN_AXE, RULES)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{name}: wider than {width}")
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
