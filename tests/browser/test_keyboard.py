"""The main paths by keyboard alone, and as a screen reader is told of them (the browser's accessibility tree)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bench.surfaces import SURFACES, Served, Surface, screen, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE, DESKTOP, PORTRAIT = SURFACES[0], SURFACES[2], SURFACES[3]
FOCUS = """() => {
  const at = document.activeElement
  if (!at || at === document.body) return null
  const box = at.getBoundingClientRect()
  const style = getComputedStyle(at)
  const styles = [style, getComputedStyle(at, "::after"), getComputedStyle(at.parentElement)]
  const ring = styles.some((one) => one.outlineStyle !== "none")
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 20)]
  const over = document.elementFromPoint(x, y)
  const label = at.labels?.[0]
  return {
    name: (at.getAttribute("aria-label") || at.innerText || label?.innerText || at.name || "").trim().replace(/\\s+/g, " "),
    tag: at.localName,
    ring: ring && style.visibility === "visible",
    seen: Boolean(over && (at.contains(over) || over.contains(at) || label?.contains(over))),
  }
}"""
TABBABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled
    && !(one.type === "radio" && !one.checked)).length"""


@pytest.fixture(params=[PHONE, DESKTOP, PORTRAIT], ids=lambda surface: surface.name)
def surface(request: pytest.FixtureRequest) -> Surface:
    """Give a screen of each kind."""
    assert isinstance(request.param, Surface)
    return request.param


@pytest.fixture
def page(browser: Browser, surface: Surface) -> Iterator[Page]:
    """Open a page on it."""
    with screen(browser, surface, "light") as context:
        yield context.new_page()


def focus(page: Page) -> dict[str, str] | None:
    """Tell what has the focus; it must be seen: with a ring, on the screen, under nothing else."""
    found: dict[str, str] | None = page.evaluate(FOCUS)
    if found is not None:
        assert found["ring"], f"no ring around {found}"
        assert found["seen"], f"hidden: {found}"
    return found


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until that has the focus."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found = focus(page)
        seen.append(found and found["name"])
        if found and re.search(name, found["name"]):
            return
    pytest.fail(f"Tab never reached {name}: {seen}")


@pytest.mark.parametrize("kind", ["home", "product", "guide", "faq", "person", "search"])
def test_tab_reaches_everything_and_gets_out_again(page: Page, demo_served: Served, surface: Surface, kind: str) -> None:
    """No trap, nothing left out, and the focus is never under a bar or off the screen."""
    page.goto(demo_served.address(surface, kind, "en"))
    settle(page)
    stops = 0
    for _ in range(200):
        page.keyboard.press("Tab")
        if focus(page) is None:
            break
        stops += 1
    else:
        pytest.fail("Tab never left the page")
    # A hidden skip link shows itself only when it has the focus, so it may or may not be counted.
    assert stops - page.evaluate(TABBABLE) in (0, 1)


def test_from_a_question_to_the_answer(page: Page, demo_served: Served, surface: Surface) -> None:
    """Home, search in plain words, first result, guide: Tab, letters and Enter are enough."""
    page.goto(demo_served.address(surface, "home", "en"))
    settle(page)
    tab_to(page, "Search the guides")
    page.keyboard.type("white stuff in my kettle")
    page.wait_for_selector(".search-result")
    tab_to(page, "limescale")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kettle/descale.html*")
    assert page.title().startswith("Remove limescale from the kettle")


def test_from_home_to_a_person(page: Page, demo_served: Served, surface: Surface) -> None:
    """Whoever reads nothing else finds the way to people."""
    page.goto(demo_served.address(surface, "home", "en"))
    settle(page)
    tab_to(page, "(Talk to|Ask) a person")
    page.keyboard.press("Enter")
    page.wait_for_url("**/person.html*")


def test_the_first_stop_leads_past_the_head(browser: Browser, demo_served: Served) -> None:
    """On the web, one Tab and Enter lead to the content."""
    with screen(browser, DESKTOP, "light") as context:
        page = context.new_page()
        page.goto(demo_served.address(DESKTOP, "guide", "en"))
        page.keyboard.press("Tab")
        assert focus(page) == {"name": "Skip to the content", "tag": "a", "ring": True, "seen": True}
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#content').contains(document.activeElement)")


def test_the_language_dialog_of_the_kiosk(browser: Browser, demo_served: Served) -> None:
    """Opened by Enter, closed by Escape, the focus back where it was; a choice leads to the same page."""
    with screen(browser, PORTRAIT, "light") as context:
        page = context.new_page()
        page.goto(demo_served.address(PORTRAIT, "guide", "en"))
        tab_to(page, "^Language$")
        page.keyboard.press("Enter")
        assert page.locator("dialog[open]").count() == 1
        page.keyboard.press("Escape")
        assert page.locator("dialog[open]").count() == 0
        assert (focus(page) or {})["name"] == "Language"
        page.keyboard.press("Enter")
        tab_to(page, "Deutsch", most=12)
        page.keyboard.press("Enter")
        page.wait_for_url("**/de/kettle/descale.html")


def test_digits_lead_from_home_to_a_guide(browser: Browser, demo_served: Served) -> None:
    """On the kiosk a pad of digits is enough: what is wrong, which product, which guide."""
    with screen(browser, PORTRAIT, "light") as context:
        page = context.new_page()
        page.goto(demo_served.address(PORTRAIT, "home", "en"))
        for digit, address in (("3", "**/intents/something-is-wrong.html"), ("1", "**/en/products/**")):
            page.wait_for_selector("[data-digit]")
            page.keyboard.press(digit)
            page.wait_for_url(address)
        assert "kettle" in page.url


def test_a_screen_reader_is_told_what_a_guide_is(browser: Browser, demo_served: Served) -> None:
    """Landmarks, one first heading, warnings named with their gravity, steps as lists, pictures in words."""
    with screen(browser, DESKTOP, "light") as context:
        page = context.new_page()
        page.goto(demo_served.address(DESKTOP, "guide", "en"))
        settle(page)
        tree = page.locator("body").aria_snapshot()
    for line in (
        "- banner:",
        "- main:",
        '- navigation "You are here":',
        "- article:",
        '- heading "Remove limescale from the kettle" [level=1]',
        '- region "Before you start":',
        "- 'note \"Warning: Pull the plug first\"':",
        "- contentinfo:",
    ):
        assert line in tree, line
    assert tree.count("[level=1]") == 1
    assert len(re.findall(r'button "Enlarge the picture: \w+', tree)) >= 8
    assert '"!"' not in tree


def test_a_screen_reader_is_told_of_results(browser: Browser, demo_served: Served) -> None:
    """How many were found is said; each result is a list item with a link."""
    with screen(browser, PHONE, "light") as context:
        page = context.new_page()
        page.goto(demo_served.address(PHONE, "search", "en"))
        settle(page)
        tree = page.locator("main").aria_snapshot()
    assert re.search(r"- status: The best \d+ results", tree)
    assert re.search(r'- listitem:\n\s+- link "AK-200 kettle"', tree)
