"""A reader's colours and text size hold, and digits choose, in a real browser."""

from __future__ import annotations

import functools
import http.server
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guides.settings import load_settings
from tests.engine.conftest import CONFIG, PRODUCT, built, guide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Surface(http.server.SimpleHTTPRequestHandler):
    """Serves the site, below /kiosk/ as the kiosk marks it."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Mark pages that are asked for with `?kiosk`."""
        path, _, query = self.path.partition("?")
        if query != "kiosk":
            super().do_GET()
            return
        page = Path(str(self.directory), path.lstrip("/")).read_text(encoding="utf-8")
        body = page.replace('data-surface="web"', 'data-surface="kiosk"').encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a small shop and return its address."""
    folder = tmp_path_factory.mktemp("shop")
    files = {
        "mkdocs.yml": CONFIG,
        "content/products/lamp.yml": PRODUCT,
        "content/en/lamp/on.md": guide("Switch on"),
        "content/en/lamp/off.md": guide("Switch off"),
        "content/de/lamp/on.md": guide("Einschalten"),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    built(load_settings(folder / "mkdocs.yml"), folder / "site")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Surface, directory=str(folder / "site")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page of one's own, with nothing remembered."""
    context = browser.new_context(base_url=address)
    yield context.new_page()
    context.close()


def look(page: Page) -> list[str | None]:
    """Return the theme and the size that the page stands in."""
    found: list[str | None] = page.evaluate("[document.documentElement.dataset.theme, document.documentElement.dataset.size]")
    return found


def test_the_reader_s_choice_is_kept_on_the_next_page(page: Page) -> None:
    """Colours and text size, without a flash: they are set before the first paint."""
    page.goto("/en/index.html")
    page.click(".menu-display summary")
    page.check("input[value=dark]")
    page.check("input[name=display-size][value='3']", force=True)
    page.goto("/en/lamp/on.html")
    assert look(page) == ["dark", "3"]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 26, 25)"
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == pytest.approx(16 * 1.125 * 1.35)


def test_broken_memory_is_no_memory(page: Page) -> None:
    """Whatever stands there, the page opens as it does for everybody."""
    page.goto("/en/index.html")
    for kept in ("{", "null", '{"theme": "pink", "size": 9}', "[]"):
        page.evaluate("kept => localStorage.setItem('helpstand-display', kept)", kept)
        page.reload()
        assert look(page) == [None, None], kept


def test_a_kiosk_remembers_for_its_visit_only(page: Page) -> None:
    """Nothing is written where it would stay."""
    page.goto("/en/index.html?kiosk")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('button'), {id: 'x', type: 'button', textContent: 'x'}));"
        "document.querySelector('#x').dataset.display = 'theme'; document.querySelector('#x').click()"
    )
    assert look(page) == ["contrast", None]
    assert page.evaluate("localStorage.length") == 0
    page.goto("/en/lamp/on.html?kiosk")
    assert look(page) == ["contrast", None]


def test_digits_choose_while_nobody_writes(page: Page) -> None:
    """Each choice shows its digit, and the digit presses it; in a field it is a letter like others."""
    page.goto("/en/index.html?kiosk")
    page.evaluate("import('/assets/js/choices.js').then(() => true)")
    shown = page.eval_on_selector_all("[data-digit]", "links => links.map((link) => link.dataset.digit)")
    assert shown == [str(number + 1) for number in range(len(shown))]
    assert shown
    page.focus("input[name=q]")
    page.keyboard.press("1")
    assert page.url.endswith("/en/index.html?kiosk")
    assert page.input_value("input[name=q]") == "1"
    page.evaluate("document.activeElement.blur()")
    target = page.get_attribute("[data-digit='1']", "href") or ""
    page.keyboard.press("1")
    page.wait_for_url(f"**/{target.removeprefix('./')}")


def test_pages_are_whole_without_scripts(browser: Browser, address: str) -> None:
    """Languages open, the answer to "did this help?" shows, and no button stands that would do nothing."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/lamp/on.html")
    assert not page.is_visible(".menu-display")
    page.click(".menu-languages summary")
    assert page.is_visible(".languages a[hreflang=de]")
    page.click(".helpful details:nth-of-type(2) summary")
    assert page.is_visible(".helpful a[href$='person.html']")
    context.close()
