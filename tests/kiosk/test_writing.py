"""Writing without a keyboard: on the screen, with twelve keys; and letters that are large enough. In a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kiosk.people import Standing, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "de": "abcdefghijklmnopqrstuvwxyzäöüß",
    "es": "abcdefghijklmnopqrstuvwxyzáéíóúüñ",
    "fr": "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùû",
    "it": "abcdefghijklmnopqrstuvwxyzàèéìòù",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءؤئ",
    "nl": "abcdefghijklmnopqrstuvwxyzéëï",
    "pt": "abcdefghijklmnopqrstuvwxyzáâãàçéêíóôõú",
}


@pytest.fixture(scope="module")
def kiosk(browser: Browser, demo_searched: Path, demo_index: Path) -> Iterator[Standing]:
    """Stand before one kiosk for all of these."""
    with standing(browser, demo_searched / "site", demo_index) as found:
        found.page.goto(f"{found.origin}/en/")
        yield found


@pytest.mark.parametrize("lang", ALPHABETS)
def test_every_letter_of_a_language_is_on_its_keys(kiosk: Standing, lang: str) -> None:
    """On the screen's keyboard, and on the pad; nobody needs a letter that is not there. No row is too long for a finger."""
    rows = kiosk.page.evaluate("lang => import('/kiosk/osk.js').then((osk) => osk.layoutOf(lang))", lang)
    keys = {key for name in ("default", "shift") for row in rows[name] for key in row.split(" ")}
    assert set(ALPHABETS[lang]) - keys == set()
    assert set("0123456789") <= keys
    assert {"{bksp}", "{space}", "{enter}", "{done}", "{shift}"} <= keys
    assert max(len(row.split(" ")) for row in [*rows["default"], *rows["shift"]]) <= 13
    pad = kiosk.page.evaluate(
        "([lang, letters]) => import('/kiosk/multitap.js').then((pad) => letters.filter((one) => !pad.keyOf(lang, one)))",
        [lang, list(ALPHABETS[lang])],
    )
    assert pad == []


@pytest.mark.parametrize(
    ("presses", "text"),
    [
        ([("2", 0)], "2"),
        ([("2", 0), ("2", 300)], "a"),
        ([("2", 0), ("2", 300), ("2", 600), ("2", 900)], "c"),
        ([("2", 0), ("2", 300), ("2", 600), ("2", 900), ("2", 1200)], "2"),
        ([("2", 0), ("2", 1500)], "22"),
        ([("2", 0), ("0", 100), ("0", 200), ("0", 2000)], "2 0"),
        ([("2", 0), ("2", 300), ("5", 400), ("5", 600)], "aj"),
    ],
)
def test_a_key_writes_its_digit_and_then_its_letters(kiosk: Standing, presses: list[tuple[str, int]], text: str) -> None:
    """Pressed again it goes on; after a rest it begins anew; another key never waits."""
    written = kiosk.page.evaluate(
        """presses => import('/kiosk/multitap.js').then(({ MultiTap }) => {
          const tap = new MultiTap("en")
          for (const [key, at] of presses) tap.press(key, at)
          return tap.text
        })""",
        presses,
    )
    assert written == text


@pytest.mark.parametrize(("inches", "distance"), [(21.5, 600), (15.6, 600), (27, 600), (32, 1000)])
def test_the_largest_text_is_seen_under_0_7_degrees(kiosk: Standing, inches: float, distance: int) -> None:
    """The H of the font that is really shown, measured in the browser, on a screen of 1080 by 1920."""
    size, height = kiosk.page.evaluate(
        """async ([inches, distance]) => {
          const { largeText } = await import("/kiosk/large.js")
          const size = largeText({ inches, distance, width: 1080, height: 1920 })
          const pen = document.createElement("canvas").getContext("2d")
          await document.fonts.load('400px "Atkinson Hyperlegible Next"')
          pen.font = '400px "Atkinson Hyperlegible Next"'
          return [size, (pen.measureText("H").actualBoundingBoxAscent / 400) * size]
        }""",
        [inches, distance],
    )
    pitch = inches * 25.4 / (1080**2 + 1920**2) ** 0.5
    wanted = 2 * distance * 0.0061087
    assert wanted * 0.99 <= height * pitch <= wanted * 1.05, (size, height * pitch, wanted)


@pytest.mark.parametrize("screen", [(1080, 1920), (1920, 1080)], ids=["portrait", "landscape"])
@pytest.mark.parametrize("reach", ["", "low"], ids=["usual", "lower"])
def test_the_keyboard_never_covers_the_field(kiosk: Standing, screen: tuple[int, int], reach: str) -> None:
    """Wherever the field is: in the middle, in the bar on top, far down a page; also with everything lower."""
    page = kiosk.page
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    fields = [("/en/", ".hero input[name=q]"), ("/en/kettle/descale.html", ".top input[name=q]"), ("/ar/", ".hero input[name=q]")]
    for path, field in fields:
        page.goto(kiosk.origin + path)
        page.evaluate("reach => { document.documentElement.dataset.reach = reach }", reach)
        page.tap(field)
        page.wait_for_selector(".k-osk:not([hidden]) .hg-button")
        page.wait_for_timeout(200)
        seen = page.evaluate(
            """field => {
              const one = document.querySelector(field)
              const { left, right, top, bottom } = one.getBoundingClientRect()
              const at = (y) => document.elementFromPoint((left + right) / 2, y)
              return [at(top + 4), at(bottom - 4)].map((found) => found === one)
            }""",
            field,
        )
        assert seen == [True, True], (path, screen, reach)
        assert page.evaluate("document.activeElement.name") == "q"


def test_the_keyboard_writes_where_the_cursor_is(kiosk: Standing) -> None:
    """In the middle of a word too; shift is for one letter; the search runs as with any keyboard."""
    page = kiosk.page
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(f"{kiosk.origin}/en/")
    field = ".hero input[name=q]"
    page.tap(field)

    def key(*names: str) -> None:
        for name in names:
            page.tap(f'.k-osk [data-skbtn="{name}"] >> nth=0')

    key("{shift}", "L", "i", "e")
    assert page.input_value(field) == "Lie"
    page.evaluate("field => document.querySelector(field).setSelectionRange(2, 2)", field)
    key("m", "{bksp}", "m")
    assert page.input_value(field) == "Lime"
    page.wait_for_selector(".search-panel a")
    key("{done}")
    page.wait_for_selector(".k-osk", state="hidden")


def test_a_key_that_is_told_to_be_let_go_between_two_repeats_is_one_key(kiosk: Standing) -> None:
    """Qt tells so when it is slow: held, the key must mean what it means when held, and never also what it means when pressed."""
    page = kiosk.page
    page.goto(f"{kiosk.origin}/en/")
    page.wait_for_selector("html[data-speech]")
    page.evaluate("window.acted = 0; addEventListener('keydown', (event) => { acted += event.isTrusted ? 0 : 1 })")

    def tell(kind: str, *, again: bool = False) -> None:
        given = {"key": "7", "code": "Digit7", "text": "7"} if kind == "keyDown" else {"key": "7", "code": "Digit7"}
        kiosk.cdp.send("Input.dispatchKeyEvent", {"type": kind, "autoRepeat": again, **given})

    tell("keyDown")
    page.wait_for_timeout(400)
    for repeat in range(24):
        if repeat in (2, 20):
            tell("keyUp")
            tell("keyDown")
        tell("keyDown", again=True)
        page.wait_for_timeout(40)
    tell("keyUp")
    page.wait_for_timeout(100)
    assert page.evaluate("[document.documentElement.dataset.speech, acted]") == ["on", 0]
    tell("keyDown")
    page.wait_for_timeout(300)
    tell("keyUp")
    page.wait_for_url(lambda url: not url.endswith("/en/"))  # pressed, it chooses
