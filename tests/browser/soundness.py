"""What is wrong with a page for somebody: what axe-core finds, and what is cut off."""

from live_server import ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RUN_AXE = """async () => {
  const { violations } = await axe.run();
  return violations.map((each) => `${each.id}: ${each.nodes[0].html}`);
}"""
WIDTH = "() => document.documentElement.scrollWidth"


def faults_of(page):
    """Return the faults of the page that is shown, a line each.

    A page that is on its way has no element to measure yet: it is waited for.
    """
    page.wait_for_load_state()
    page.evaluate(AXE)
    faults = page.evaluate(RUN_AXE)
    if page.evaluate(WIDTH) > page.viewport_size["width"]:
        faults.append("scrolls sideways")
    return faults


def faults_of_each(page, addresses):
    """Return the faults of pages in both themes and languages, a line each."""
    faults = []
    for theme, language in (("light", "zh"), ("dark", "en")):
        page.goto(f"/theme/{theme}?next=/profile")
        page.goto(f"/language/{language}?next=/profile")
        for address in addresses:
            page.goto(address)
            found = faults_of(page)
            if page.locator("h1").count() != 1:
                found.append("not one h1")
            faults += [f"{address} {theme} {language}: {each}" for each in found]
    return faults
