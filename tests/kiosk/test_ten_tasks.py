"""Ten tasks, each done by ear and twelve keys, by touch, and by a keyboard: nobody needs more than one of these."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from kiosk.visit import State
from tests.kiosk.people import Listener, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.alone, pytest.mark.slow]

EAN = "0012345678905"
"""An EAN-13 that begins with 0, in place of the kettle's own."""
KEYS = {
    letter: key
    for key, letters in zip("23456789", ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"], strict=True)
    for letter in letters
}
GUIDE = "/en/kettle/descale.html"
TITLE = "Remove limescale from the kettle"


@pytest.fixture(scope="module", params=["as written", pytest.param("reordered", marks=pytest.mark.long)])
def site(request: pytest.FixtureRequest, demo_searched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the demo shop; once with its choices in another order, so that no sequence of keys can be known beforehand."""
    site = shutil.copytree(demo_searched / "site", tmp_path_factory.mktemp("shop") / "site")
    product = site / "en" / "products" / "kettle.html"
    product.write_text(product.read_text("utf-8").replace("2004601020007", EAN), "utf-8")
    if request.param == "reordered":
        for page in [
            site / "en" / "index.html",
            *(site / "en" / "intents").glob("*.html"),
            *(site / "en" / "products").rglob("*.html"),
        ]:
            page.write_text(turned(page.read_text("utf-8")), "utf-8")
    return site


def turned(html: str) -> str:
    """Turn the order of the choices of every list round."""

    def turn(found: re.Match[str]) -> str:
        items = re.findall(r"<li\b.*?</li>", found[2], re.DOTALL)
        return found[1] + "".join(reversed(items)) + found[3] if items else found[0]

    main = html.index("<main")
    return html[:main] + re.sub(r"(<ul[^>]*>)((?:(?!<ul).)*?)(</ul>)", turn, html[main:], flags=re.DOTALL)


@pytest.fixture
def kiosk(browser: Browser, site: Path, demo_index: Path) -> Iterator[Standing]:
    """Stand before a kiosk that waits for the next visitor."""
    with standing(browser, site, demo_index) as found:
        yield found


@pytest.fixture
def listener(kiosk: Standing) -> Listener:
    """Be somebody who sees nothing, and has held a key to listen."""
    hearing = Listener(kiosk)
    hearing.press("5", hold=True)
    assert hearing.listen("Listening is on")
    return hearing


def test_by_keys_find_by_search(kiosk: Standing, listener: Listener) -> None:
    """Write a word with predicted words, and open the result that was read out."""
    listener.choose("Search the guides")
    listener.listen("Hash ends writing")
    listener.write("limescale", KEYS)
    listener.press("#")
    assert "Writing has ended" in listener.listen("Writing has ended")
    listener.choose(TITLE)
    listener.listen(TITLE)
    kiosk.until(lambda: kiosk.path == GUIDE)


@pytest.mark.long
def test_by_keys_find_by_browsing(kiosk: Standing, listener: Listener) -> None:
    """Go by what is said, from door to door."""
    listener.choose("Taking care")
    listener.choose("AK-200")
    listener.choose("limescale")
    listener.listen(TITLE)
    kiosk.until(lambda: kiosk.path == GUIDE)


@pytest.mark.long
def test_by_keys_find_by_scan(kiosk: Standing, listener: Listener) -> None:
    """Hold the package before the scanner; its leading 0 calls nobody."""
    listener.listen()
    kiosk.scan(EAN)
    listener.listen("AK-200 kettle")
    kiosk.until(lambda: kiosk.path == "/en/products/kettle.html")
    assert "aisle" in listener.listen("Where in the shop")


def test_by_keys_change_the_language(kiosk: Standing, listener: Listener) -> None:
    """Hold star, choose Language, choose Deutsch: the voice is German from then on."""
    listener.listen()
    listener.press("*", hold=True)
    listener.choose("Language")
    listener.choose("Deutsch")
    listener.listen("Wie können wir helfen?")
    assert listener.languages() == {"de"}


@pytest.mark.long
def test_by_keys_enlarge(kiosk: Standing, listener: Listener) -> None:
    """Make the letters larger; what was done is said."""
    listener.listen()
    listener.press("*", hold=True)
    listener.choose("Text size")
    listener.listen("Text size 2")
    assert kiosk.page.get_attribute("html", "data-size") == "2"


@pytest.mark.long
def test_by_keys_listen_faster_and_no_more(kiosk: Standing, listener: Listener) -> None:
    """Change how fast it speaks, then switch it off with the same long press."""
    listener.listen()
    listener.press("*", hold=True)
    listener.choose("Speaking speed")
    listener.listen("Speaking speed: 3 of 4")
    listener.press("5", hold=True)
    listener.listen("Listening is off")
    listener.press("#")
    kiosk.page.wait_for_timeout(1500)
    assert listener.heard() == []


@pytest.mark.long
def test_by_keys_read_steps(kiosk: Standing, listener: Listener) -> None:
    """Hear every step with its number; a key stops it, star says that step again and goes on."""
    listener.listen()
    kiosk.page.goto(kiosk.origin + GUIDE)
    total = int(re.search(r"Step 1 of (\d+)", listener.listen("Step 1 of "))[1])  # type: ignore[index]
    assert total > 5
    listener.listen(f"Step {total} of {total}", 60)
    everything = " ".join(listener.heard())
    assert "Warning: Pull the plug first" in everything
    assert "Picture: The kettle lifted off its base by the handle" in everything
    kiosk.page.goto(kiosk.origin + GUIDE)
    listener.press("Shift")
    interrupted = listener.listen("Step 2 of ")
    listener.press("*")
    listener.listen()
    again = listener.heard()
    assert again[0].startswith(interrupted[:8]) or "Step 3 of " in again[0], again[0]
    assert any("Step 5 of" in text for text in again)


@pytest.mark.long
def test_by_keys_take_along(kiosk: Standing, listener: Listener) -> None:
    """The address of exactly this page is said, and its code is on the screen."""
    listener.listen()
    kiosk.page.goto(kiosk.origin + GUIDE)
    listener.listen(TITLE)
    listener.press("*", hold=True)
    listener.choose("Take it with you")
    listener.listen("https://help.nordhaven.example" + GUIDE)
    assert kiosk.page.locator("[data-kiosk-take-code]").evaluate("one => one.naturalWidth") > 100


@pytest.mark.long
def test_by_keys_ask_for_a_person(kiosk: Standing, listener: Listener) -> None:
    """0 is always a person, also after writing was begun."""
    listener.listen()
    listener.press("0")
    listener.listen("Talk to a person")
    listener.press("#")
    listener.choose("Search the guides")
    listener.listen("Hash ends writing")
    listener.press("0")
    listener.listen("0")
    listener.press("0", hold=True)
    listener.listen("Talk to a person")


@pytest.mark.long
def test_by_keys_start_again(kiosk: Standing, listener: Listener) -> None:
    """# is the first screen; held, it ends the visit and everything of it."""
    listener.choose("Giving back")
    listener.listen()
    listener.press("#")
    listener.listen("How can we help?")
    listener.press("#", hold=True)
    kiosk.until(lambda: kiosk.parts.visits.look().state is State.WIPE)


# Touch ---------------------------------------------------------------------------------------------------------------


def test_by_touch(kiosk: Standing) -> None:
    """The same tasks with nothing but a finger; words are written on the screen's own keyboard."""
    page = kiosk.page
    page.tap(".k-start[lang=en]")
    page.wait_for_url("**/en/")
    page.tap(".hero input[name=q]")  # find by search
    for letter in "lime":
        page.tap(f'.k-osk [data-skbtn="{letter}"]')
    page.tap(f".search-panel a:has-text('{TITLE}')")
    page.wait_for_url(f"**{GUIDE}")
    page.tap("summary:has-text('Yes')")
    page.tap(".k-bar [data-display=size]")  # enlarge
    assert page.get_attribute("html", "data-size") == "2"
    page.tap(".k-bar [data-kiosk-listen]")  # listen, read steps
    kiosk.until(lambda: any("Step 2 of" in text for _, text in kiosk.transcript.said))
    page.tap("h1")  # a touch is silence
    said = len(kiosk.transcript.said)
    page.wait_for_timeout(700)
    assert len(kiosk.transcript.said) == said
    page.tap("[data-kiosk-open=options]")  # take along
    page.tap("[data-kiosk-act=take]")
    assert page.inner_text("[data-kiosk-take-address]") == "https://help.nordhaven.example" + GUIDE
    page.tap("dialog[open] [data-kiosk-close]")
    page.tap("[data-kiosk-open=language]")  # change language
    page.tap("dialog[open] a[hreflang=de]")
    page.wait_for_url("**/de/kettle/descale.html")
    page.tap(".k-bar__button--person")  # a person
    page.wait_for_url("**/de/person.html")
    page.tap(".k-bar a")  # start again
    page.wait_for_url("**/de/")
    page.tap(".intents a >> nth=0")  # browse
    page.wait_for_url("**/de/intents/**")


# Keyboard ------------------------------------------------------------------------------------------------------------


def to(kiosk: Standing, selector: str, most: int = 150) -> None:
    """Press Tab until it has the focus."""
    for _ in range(most):
        if kiosk.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        kiosk.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {selector}")


def test_by_keyboard(kiosk: Standing) -> None:
    """The same tasks with Tab, Enter and letters; no keyboard on the screen is in the way."""
    page = kiosk.page
    to(kiosk, ".k-start[lang=en]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/")
    to(kiosk, ".hero input[name=q]")
    page.keyboard.type("limescale", delay=60)
    assert page.evaluate("document.documentElement.dataset.osk") is None
    page.wait_for_selector(".search-panel a")
    to(kiosk, f".search-panel a[href*='{GUIDE.removeprefix('/en/')}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{GUIDE}")
    to(kiosk, ".k-bar [data-display=size]")
    page.keyboard.press("Enter")
    assert page.get_attribute("html", "data-size") == "2"
    to(kiosk, ".k-bar [data-kiosk-listen]")
    page.keyboard.press("Enter")
    kiosk.until(lambda: any("Step 2 of" in text for _, text in kiosk.transcript.said))
    to(kiosk, ".k-bar [data-kiosk-open=options]")
    page.keyboard.press("Enter")
    to(kiosk, "[data-kiosk-act=take]")
    page.keyboard.press("Enter")
    assert page.inner_text("[data-kiosk-take-address]") == "https://help.nordhaven.example" + GUIDE
    page.keyboard.press("Escape")
    to(kiosk, "[data-kiosk-open=language]")
    page.keyboard.press("Enter")
    to(kiosk, "dialog[open] a[hreflang=de]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/de/kettle/descale.html")
    to(kiosk, ".k-bar__button--person")
    page.keyboard.press("Enter")
    page.wait_for_url("**/de/person.html")
    to(kiosk, ".k-bar a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/de/")


# Scanner -------------------------------------------------------------------------------------------------------------

SCREENS = [
    "/",
    "/en/",
    "/en/search.html",
    "/en/person.html",
    GUIDE,
    "/en/products.html",
    "/en/intents/taking-care.html",
    "/de/",
    "/ar/",
    "/en/nowhere.html",
]


def test_a_code_with_a_leading_0_opens_its_product_from_every_screen(kiosk: Standing) -> None:
    """No digit of it acts by itself: nobody is called, nothing is chosen."""
    page = kiosk.page
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url.removeprefix(kiosk.origin)))
    for screen in SCREENS:
        if screen != "/":
            page.goto(kiosk.origin + screen)
        page.wait_for_timeout(300)
        seen.clear()
        kiosk.scan(EAN)
        wanted = f"/{screen.split('/')[1] or 'en'}/products/kettle.html"
        kiosk.until(lambda wanted=wanted: kiosk.path == wanted)  # type: ignore[misc]
        assert seen == [wanted], (screen, seen)


@pytest.mark.parametrize("over", ["[data-kiosk-open=options]", "[data-kiosk-open=language]"])
def test_a_code_is_read_over_dialogs_and_in_fields_too(kiosk: Standing, over: str) -> None:
    """The cursor in a field, or a dialog on top, changes nothing."""
    page = kiosk.page
    page.goto(f"{kiosk.origin}/en/")
    page.click(over)
    kiosk.scan(EAN)
    kiosk.until(lambda: kiosk.path == "/en/products/kettle.html")
    page.goto(f"{kiosk.origin}/en/")
    page.click(".hero input[name=q]")
    page.keyboard.type("milk", delay=60)
    kiosk.scan("00042100005265")
    page.wait_for_selector("[data-kiosk-dialog=unknown][open]")
    assert page.input_value(".hero input[name=q]") == "milk"


def test_a_scanner_without_a_suffix_and_a_label_are_read(kiosk: Standing) -> None:
    """UPC-A and EAN-13 are one number; a shelf label's address opens its page here, in the visitor's language."""
    page = kiosk.page
    page.goto(f"{kiosk.origin}/de/")
    kiosk.scan(EAN[1:], suffix="")
    kiosk.until(lambda: kiosk.path == "/de/products/kettle.html")
    page.goto(f"{kiosk.origin}/de/")
    kiosk.scan("https://help.nordhaven.example/en/kettle/descale.html")
    kiosk.until(lambda: kiosk.path == "/de/kettle/descale.html")
