"""Troubleshooters in a real browser: one question at a time, with a state that can be kept, taken along and gone back from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import segno
from segno import encoder

from bench.surfaces import Served
from tests.browser.tree_walks import METHODS, Walker, trees_of, ways_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COFFEE = "espresso/no-coffee"
WASHER = "washer/stops-in-the-middle"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page that has a touch screen."""
    context = browser.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    yield context.new_page()
    context.close()


def test_a_tree_is_walked_by_touch_keyboard_and_digits(page: Page, demo_served: Served) -> None:
    """Each answer of one tree, the three ways in turn, on the kiosk and on the web."""
    tree = trees_of("en")[COFFEE]
    ways = list(ways_of(tree))
    assert len(ways) > 15
    walkers = [Walker(page, f"{base}/en/{COFFEE}.html", tree) for base in (demo_served.kiosk, demo_served.web)]
    for walker, part in zip(walkers, (ways[::2], ways[1::2]), strict=True):
        for number, way in enumerate(part):
            walker.walk(way, METHODS[number % 3])


@pytest.mark.long
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_way_through_every_tree(browser: Browser, demo_served: Served, language: str, method: str) -> None:
    """No loop-free way of any tree ends anywhere but where it should, in both whole languages and by each kind of input."""
    walked = 0
    for number, (name, tree) in enumerate(sorted(trees_of(language).items())):
        base = (demo_served.kiosk, demo_served.web)[number % 2]
        context = browser.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
        walker = Walker(context.new_page(), f"{base}/{language}/{name}.html", tree)
        for way in ways_of(tree):
            walker.walk(way, method)
            walked += 1
        context.close()
    assert walked > 200


def now(page: Page) -> str:
    """Return the node that is shown."""
    found: str = page.evaluate("document.querySelector('[data-now]').dataset.node")
    return found


def test_back_and_forward_keep_the_way(page: Page, demo_served: Served) -> None:
    """The tree's own Back, the browser's and the kiosk's go one question back; forward comes again; nothing is told twice."""
    page.goto(f"{demo_served.web}/en/{WASHER}.html")
    page.evaluate("import('/assets/js/endings.js').then((endings) => { window.told = endings.recorder(); })")
    assert page.locator("[data-tree-step]").inner_text().startswith("Question 1 of about ")
    assert page.locator("[data-tree-back]").is_hidden()
    for digit in "321":
        page.keyboard.press(digit)
    assert now(page) == "go-on"
    assert page.locator("[data-tree-step]").inner_text() == "Result"
    assert page.locator("[data-tree-answers] li").count() == 3
    page.locator("[data-tree-back]").click()
    page.locator("[data-now][data-node=hose]").wait_for()
    assert page.locator("[data-tree-step]").inner_text().startswith("Question 3 of about ")
    page.go_forward()
    page.locator("[data-now][data-node=go-on]").wait_for()
    assert len(page.evaluate("window.told")) == 1
    page.go_back()
    page.go_back()
    page.go_back()
    page.locator("[data-now][data-node=danger]").wait_for()


def test_a_state_opens_where_it_was(page: Page, demo_served: Served) -> None:
    """An address with a way shows it with its answers; with a way that is no more, the place alone."""
    base = f"{demo_served.web}/en/{WASHER}.html"
    page.goto(f"{base}#hose?a=3.2")
    assert now(page) == "hose"
    assert page.locator("[data-tree-step]").inner_text().startswith("Question 3 of about ")
    page.locator("[data-tree-back]").click()
    assert now(page) == "display"
    page.goto("about:blank")
    page.goto(f"{base}#hose?a=9.9.9")
    assert now(page) == "hose"
    assert page.locator("[data-tree-step]").inner_text().startswith("Question 1 of about ")
    page.goto("about:blank")
    page.goto(f"{base}#heat?s=hose&a=4")
    assert now(page) == "heat"
    page.goto("about:blank")
    page.goto(f"{base}#nowhere")
    assert now(page) == "danger"


def test_who_begins_in_the_middle_is_warned(page: Page, demo_served: Served) -> None:
    """What the questions before would have warned of stands above the question, together with the introduction."""
    page.goto(f"{demo_served.web}/en/{WASHER}.html#water-where")
    assert now(page) == "water-where"
    assert page.locator(".tree > .intro").is_visible()
    assert page.locator("[data-tree-warned] .admonition.danger").inner_text().startswith("Water near power can kill")
    page.evaluate("document.querySelector('[data-tree]').focus()")
    page.keyboard.press("1")
    assert now(page) == "foam"
    assert page.locator("[data-tree-warned]").is_hidden()
    assert page.evaluate("location.hash") == "#foam?s=water-where&a=1"


def test_the_keys_of_a_telephone(page: Page, demo_served: Served) -> None:
    """On the web, 0 leads to a person and keeps the answers for them, * says it again, # leads home."""
    page.goto(f"{demo_served.web}/en/{COFFEE}.html")
    page.keyboard.press("1")
    assert now(page) == "power"
    page.keyboard.press("*")
    assert page.evaluate("document.activeElement.textContent") == "Does the socket have power?"
    page.keyboard.press("0")
    page.wait_for_url("**/person.html")
    way = page.evaluate("import('/assets/js/endings.js').then((endings) => endings.lastWay())")
    answer = {"question": "What do you see?", "answer": "All lamps are dark"}
    assert way == {"tree": COFFEE, "start": "lamps", "path": "1", "answers": [answer]}
    page.go_back()
    page.keyboard.press("#")
    page.wait_for_url("**/en/index.html")


def test_digits_on_the_web_act_only_in_the_tree(page: Page, demo_served: Served) -> None:
    """Whoever reads elsewhere on the page, or writes, keeps their keys (WCAG 2.1.4)."""
    page.goto(f"{demo_served.web}/en/{COFFEE}.html")
    page.locator("footer a").first.focus()
    page.keyboard.press("1")
    assert now(page) == "lamps"
    page.locator("input[type=search]").first.focus()
    page.keyboard.press("1")
    assert now(page) == "lamps"


def test_practice_counts_nothing(page: Page, demo_served: Served) -> None:
    """Staff who practise see that they do; what they reach is told to nobody, until they end it."""
    page.goto(f"{demo_served.web}/en/{COFFEE}.html?practice")
    page.evaluate("import('/assets/js/endings.js').then((endings) => { window.told = endings.recorder(); })")
    assert page.locator("[data-tree-practice]").is_visible()
    page.keyboard.press("2")
    assert now(page) == "warming"
    assert page.evaluate("window.told") == []
    page.locator("[data-tree-practice-end]").click()
    page.locator("[data-tree-again]").click()
    page.keyboard.press("2")
    page.locator("[data-now][data-node=warming]").wait_for()
    assert len(page.evaluate("window.told")) == 1


def test_a_change_of_language_keeps_the_question(page: Page, demo_served: Served) -> None:
    """The other language opens the same node, with the same way."""
    page.goto(f"{demo_served.web}/en/{COFFEE}.html#power?a=1")
    address = page.locator(".languages a[hreflang=de]").first.get_attribute("href")
    assert address is not None
    assert address.endswith("no-coffee.html#power?a=1")
    page.goto(f"{demo_served.web}/de/{COFFEE}.html#power?a=1")
    assert now(page) == "power"


def test_without_javascript_all_of_it_can_be_read(browser: Browser, demo_served: Served) -> None:
    """Every node stands on the page, and each answer leads to one of them or to a page."""
    tree = trees_of("en")[COFFEE]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo_served.web}/en/{COFFEE}.html")
    assert page.locator("[data-node]:visible").count() == len(tree.nodes)
    for node in tree.nodes:
        links = page.locator(f"[data-node={node.id}] > ul > li a")
        assert [" ".join(text.split()) for text in links.all_inner_texts()] == [choice.text for choice in node.choices]
        for link, choice in zip(links.all(), node.choices, strict=True):
            if choice.to.anchor in tree.by_id and choice.to.id == COFFEE:
                assert page.locator(str(link.get_attribute("href"))).count() == 1
    context.close()


def test_paper_has_the_way_and_the_result(page: Page, demo_served: Served) -> None:
    """Printed at an ending: the ending, the answers, the code; no buttons, no other question."""
    page.goto(f"{demo_served.web}/en/{WASHER}.html#go-on?a=3.2.1")
    page.emulate_media(media="print")
    assert page.locator("[data-node]:visible").count() == 1
    assert page.locator("[data-tree-answers] li:visible").count() == 3
    assert page.locator("[data-tree-code] svg").is_visible()
    assert page.locator(".tree-top").is_hidden()
    assert page.locator("[data-tree-print]").is_hidden()


def test_the_code_is_a_qr_code(page: Page, demo_served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Module for module what segno makes, for every length that fits; nothing for a longer text."""

    def as_the_standard(buffer: list[int], _version: int, length: int) -> None:
        buffer.extend([0] * (-length % 8))  # segno adds eight zeros where none are needed; readers skip them

    monkeypatch.setattr(encoder, "write_padding_bits", as_the_standard)
    page.goto(f"{demo_served.web}/en/{COFFEE}.html")
    texts = [("https://h.example/ü?a=3.2#" * 9)[:length] for length in range(1, 212, 3)]
    script = "(texts) => import('/assets/js/qr.js').then((qr) => texts.map((text) => qr.qrModules(text)))"
    for text, rows in zip(texts, page.evaluate(script, texts), strict=True):
        if len(text.encode()) > 213:
            assert rows is None
            continue
        code = segno.make(text.encode(), error="m", micro=False, mask=0, mode="byte", boost_error=False)
        assert [[int(dark) for dark in row] for row in rows] == [list(row) for row in code.matrix]
    assert page.evaluate(script, ["x" * 214]) == [None]


def test_the_field_for_a_code(page: Page, demo_served: Served) -> None:
    """A code opens its page, in small letters and as digits alone too; an unknown one is said, and nothing is opened."""
    address = f"{demo_served.kiosk}/en/products/washer/codes.html"
    for typed in ("E18", " e 18", "18"):
        page.goto(address)
        page.locator("#code").fill(typed)
        page.keyboard.press("Enter")
        page.wait_for_url("**/washer/error-e18.html")
    page.goto(address)
    page.locator("#code").fill("E99")
    page.keyboard.press("Enter")
    assert "not on the list" in page.locator("[data-codes-none]").inner_text()
    assert page.url == address


def test_nothing_on_the_page_comes_from_elsewhere(demo: Path) -> None:
    """The scripts of a tree name no outside host."""
    for name in ("tree.js", "endings.js", "qr.js", "choices.js", "codes.js"):
        text = (demo / "assets/js" / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text
