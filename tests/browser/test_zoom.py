"""Pictures of a guide, enlarged in a real browser, by keyboard, click and touch."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guides.engine.policy import content_security_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ASSETS = Path(__file__).parents[2] / "theme" / "site" / "assets"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320"><rect width="480" height="320" fill="teal"/></svg>'
PAGE = """<!doctype html><html lang="en" dir="{dir}"><head><meta charset="utf-8"><title>Lid</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/assets/css/site.css">
<script type="module" src="/assets/js/zoom.js" data-zoom
 data-text-open="Enlarge the picture" data-text-close="Close the picture"></script></head>
<body><main><p><img src="/lid.svg" alt="Outside of the article" width="480" height="320"></p><article>
<h1>The lid</h1><p><a href="#x" id="before">Before</a></p>
<p><img id="lid" src="/lid.svg" alt="The lid" width="480" height="320"></p>
<p><img id="sign" src="/lid.svg" alt="A sign" width="48" height="32"> <img src="/lid.svg" alt="" width="480" height="320">
<a href="#y"><img src="/lid.svg" alt="A picture that leads on" width="480" height="320"></a></p>
<p><img id="wide" src="/lid.svg" srcset="/lid.svg 480w, /wide.svg 1600w" sizes="45rem"
 alt="A wide one" width="1600" height="400"></p>
</article></main></body></html>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word, under the site's policy."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Add the policy."""
        self.send_header("Content-Security-Policy", content_security_policy(header=True))
        super().end_headers()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a site with one page in each direction."""
    folder = tmp_path_factory.mktemp("www")
    shutil.copytree(ASSETS, folder / "assets")
    for direction in ("ltr", "rtl"):
        (folder / f"{direction}.html").write_text(PAGE.replace("{dir}", direction), encoding="utf-8")
    for name in ("lid", "wide"):
        (folder / f"{name}.svg").write_text(DRAWING, encoding="utf-8")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, place: str) -> Iterator[Page]:
    """Return the page on a phone; nothing on it may go wrong or ask for what is not there."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    found = context.new_page()
    wrong: list[str] = []
    found.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.goto(f"{place}/ltr.html")
    found.wait_for_selector("#lid.zoomable")
    found.wait_for_load_state("networkidle")
    yield found
    context.close()
    assert [line for line in wrong if "favicon" not in line and "404" not in line] == []


def dialog(page: Page) -> Locator:
    """Return the open dialog."""
    return page.get_by_role("dialog", name="The lid")


def focused(page: Page) -> str:
    """Return the name of the element that has the focus."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_keyboard_opens_and_escape_closes(page: Page, key: str) -> None:
    """Tab reaches the picture, the key opens it, Escape closes it, and the focus is where it was."""
    page.focus("#before")
    page.keyboard.press("Tab")
    assert focused(page) == "lid"
    page.keyboard.press(key)
    assert dialog(page).is_visible()
    assert focused(page) == "zoom-close"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert focused(page) == "lid"
    assert page.evaluate("scrollY") == 0


def test_the_button_closes(page: Page) -> None:
    """Its target is 48 pixels or more, its words are those of the reader's language."""
    page.click("#lid")
    button = page.get_by_role("button", name="Close the picture")
    box = button.bounding_box()
    assert box
    assert box["width"] >= 48
    assert box["height"] >= 48
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    assert focused(page) == "lid"


def test_a_touch_opens_a_touch_beside_closes(page: Page) -> None:
    """Below the picture there is nothing but the way back."""
    page.tap("#lid")
    assert dialog(page).is_visible()
    page.touchscreen.tap(195, 820)
    page.wait_for_selector("dialog", state="detached")


def test_the_picture_fills_the_width_and_grows(page: Page) -> None:
    """A click on it doubles it, keys and a pinch on a touchpad go on; it can be scrolled, the page behind cannot."""
    page.click("#lid")
    image, view = page.locator(".zoom-picture"), page.locator(".zoom-view")
    assert image.bounding_box()["width"] == 390  # type: ignore[index]
    image.click()
    assert image.bounding_box()["width"] == 780  # type: ignore[index]
    assert page.evaluate("document.querySelector('.zoom-view').scrollWidth") == 780
    page.keyboard.press("-")
    assert image.bounding_box()["width"] == 520  # type: ignore[index]
    for _ in range(9):
        page.keyboard.press("+")
    assert image.bounding_box()["width"] == 1560  # type: ignore[index]
    image.click()
    assert image.bounding_box()["width"] == 390  # type: ignore[index]
    view.dispatch_event("wheel", {"deltaY": -100, "ctrlKey": True, "bubbles": True, "cancelable": True})
    assert 600 < image.bounding_box()["width"] < 680  # type: ignore[index]
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"


def test_two_fingers_pinch(page: Page) -> None:
    """The picture follows the fingers, up to four times its size."""
    page.tap("#lid")
    page.evaluate(
        """() => {
        const view = document.querySelector(".zoom-view")
        const at = (x, id) => new Touch({ identifier: id, target: view, clientX: x, clientY: 400 })
        const send = (kind, left, right) => view.dispatchEvent(new TouchEvent(kind, {
          touches: [at(left, 0), at(right, 1)], bubbles: true, cancelable: true }))
        send("touchstart", 150, 240)
        send("touchmove", 105, 285)
    }"""
    )
    assert page.locator(".zoom-picture").bounding_box()["width"] == 780  # type: ignore[index]


def test_the_widest_copy_is_shown(page: Page) -> None:
    """Enlarged, a picture is as sharp as it can be."""
    page.click("#wide")
    page.wait_for_function("document.querySelector('.zoom-picture').currentSrc.endsWith('/wide.svg')")


def test_only_pictures_that_say_something_are_buttons(page: Page) -> None:
    """Signs, ornaments, links, and what lies outside of the article stay as they are."""
    names = [
        page.locator(".zoomable").nth(number).get_attribute("aria-label") for number in range(page.locator(".zoomable").count())
    ]
    assert names == ["Enlarge the picture: The lid", "Enlarge the picture: A wide one"]
    assert page.get_by_role("button", name="Enlarge the picture: The lid").get_attribute("aria-haspopup") == "dialog"


def test_nothing_moves_and_nothing_is_styled_inline(page: Page) -> None:
    """The picture is where it was before the script ran, and no element gets a style of its own."""
    before = page.locator("#lid").bounding_box()
    page.click("#lid")
    assert page.evaluate("document.querySelectorAll('[style]').length") == 0
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.evaluate("document.querySelector('#lid').classList.remove('zoomable')")
    assert page.locator("#lid").bounding_box() == before


def test_keys_of_the_page_rest(page: Page) -> None:
    """A digit that chooses something on the page does nothing while a picture is open."""
    page.evaluate("document.addEventListener('keydown', (event) => (window.heard = event.key))")
    page.click("#lid")
    page.keyboard.press("1")
    assert page.evaluate("window.heard") is None


def test_right_to_left(page: Page, place: str) -> None:
    """In Arabic too the touched point stays under the finger."""
    page.goto(f"{place}/rtl.html")
    page.wait_for_selector("#lid.zoomable")
    page.wait_for_load_state("networkidle")
    page.click("#lid")
    page.locator(".zoom-picture").click(position={"x": 10, "y": 10})
    assert page.evaluate("document.querySelector('.zoom-view').scrollLeft") < 30
