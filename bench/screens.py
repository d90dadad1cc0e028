"""Pictures of every screen that only the kiosk has: to look at, and to show in the manual.

A sheet holds one screen in one orientation: a row for each language; plain, in large text, in high contrast.
"""

from __future__ import annotations

import io
import json
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from PIL import Image
from rich.progress import track

from bench.screenshots import MACHINE, ROOT, sheet
from bench.stand import PIN, Stand, stand
from bench.surfaces import CHROMIUM, STORE, chromium, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

SHEETS = ROOT / "docs" / "images" / "kiosk" / "sheets"
LANGUAGES = ("en", "de", "ar")
SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
CELL = {"portrait": 290, "landscape": 420}
LOOKS: dict[str, dict[str, str]] = {"plain": {}, "large": {"size": "4"}, "contrast": {"theme": "contrast"}}


def _page(path: str) -> Callable[[Page, Stand, str], object]:
    return lambda page, kiosk, lang: page.goto(f"{kiosk.origin}/{path.format(lang=lang)}")


def _dialog(name: str, path: str = "{lang}/kettle/descale.html") -> Callable[[Page, Stand, str], object]:
    """Open a dialog of the kiosk's layer on a page, as a touch does."""

    def act(page: Page, kiosk: Stand, lang: str) -> None:
        _page(path)(page, kiosk, lang)
        page.locator(f'[data-kiosk-open="{name}"]').click()

    return act


def _warning(page: Page, kiosk: Stand, lang: str) -> None:
    _page("{lang}/kettle/descale.html")(page, kiosk, lang)
    page.mouse.click(5, 300)
    page.wait_for_timeout(1500)  # the touch is told with the next beat
    kiosk.ahead += 61
    page.locator('[data-kiosk-dialog="warning"][open]').wait_for()


def _option(name: str) -> Callable[[Page, Stand, str], object]:
    def act(page: Page, kiosk: Stand, lang: str) -> None:
        _dialog("options")(page, kiosk, lang)
        page.locator(f'[data-kiosk-dialog="options"] [data-kiosk-act="{name}"]').click()

    return act


def _taken(name: str) -> Callable[[Page, Stand, str], object]:
    def act(page: Page, kiosk: Stand, lang: str) -> None:
        _option("take")(page, kiosk, lang)
        page.locator(f'[data-kiosk-dialog="take"] [data-kiosk-act="{name}"]').click()
        page.wait_for_timeout(300)

    return act


def _outside(page: Page, kiosk: Stand, lang: str) -> None:
    _page("{lang}/person.html")(page, kiosk, lang)
    page.locator('.contacts a[href^="mailto:"]').first.evaluate(
        "one => one.click()"
    )  # the form may have pushed it off the screen


def _unknown(page: Page, kiosk: Stand, lang: str) -> None:
    _page("{lang}/index.html")(page, kiosk, lang)
    page.evaluate("document.querySelector('[data-kiosk-dialog=\"unknown\"]').showModal()")


def _keys(page: Page, kiosk: Stand, lang: str) -> None:
    _page("{lang}/index.html")(page, kiosk, lang)
    page.keyboard.press("NumpadAdd")
    page.evaluate("document.documentElement.dataset.keys = 'on'")


def _writing(page: Page, kiosk: Stand, lang: str) -> None:
    _page("{lang}/index.html")(page, kiosk, lang)
    page.locator("input[name=q]").first.tap()
    page.wait_for_timeout(600)


def _flow(page: Page, kiosk: Stand, lang: str) -> None:
    _page("{lang}/person.html#complaint")(page, kiosk, lang)
    page.locator("[data-handover]:not([hidden])").wait_for()


def _receipt(page: Page, kiosk: Stand, lang: str) -> None:
    _page("{lang}/person.html")(page, kiosk, lang)
    page.locator("[data-handover]:not([hidden])").wait_for()
    page.locator('form.handover-form [name=flow][value="person"]').evaluate("one => one.click()")
    page.locator("form.handover-form [data-send]").click()
    page.locator(".receipt [data-reference]").wait_for()
    page.locator(".receipt").evaluate("one => one.scrollIntoView({block: 'center'})")


def _key_used(page: Page, kiosk: Stand, lang: str) -> None:
    """Come with a key that opened the kiosk before, and without a session: who has one is let in."""
    cookies = page.context.cookies()
    page.context.clear_cookies()
    _page("?key=used")(page, kiosk, lang)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # read as they are written


def _pin(page: Page, kiosk: Stand, lang: str) -> None:
    _page("kiosk/staff")(page, kiosk, lang)


def _menu(page: Page, kiosk: Stand, lang: str) -> None:
    _pin(page, kiosk, lang)
    page.locator("#pin").fill(PIN)
    page.keyboard.press("Enter")
    page.locator('[data-staff="list"] button').first.wait_for()
    page.locator("dd bdi", has_text="Python").evaluate(
        "one => { one.textContent = 'Python 3.11.2, Linux 6.1.0' }"
    )  # not this machine's


def _staff_page(page: Page, kiosk: Stand, lang: str) -> None:
    _menu(page, kiosk, lang)
    page.locator('[data-staff="list"] button').first.click()
    page.locator('[data-staff="sheet"] article').wait_for()


SCREENS: dict[str, Callable[[Page, Stand, str], object]] = {
    "attract": _page("?lang={lang}"),
    "home": _page("{lang}/index.html"),
    "keyboard": _writing,
    "keys": _keys,
    "warning": _warning,
    "options": _dialog("options"),
    "language": _dialog("language"),
    "reach": _option("reach"),
    "take": _option("take"),
    "remind": _taken("remind"),
    "printed": _taken("print"),
    "outside": _outside,
    "unknown": _unknown,
    "form": _flow,
    "receipt": _receipt,
    "key-used": _key_used,
    "missing": _page("{lang}/nowhere.html"),
    "staff-pin": _pin,
    "staff-menu": _menu,
    "staff-page": _staff_page,
    "safe": _page(""),
}

AT_REST = {"attract", "key-used", "safe", "staff-pin", "staff-menu", "staff-page"}
"""Screens before or beside every visit: nobody has chosen a look there yet."""


@click.command("bench screens", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--screen", "only", multiple=True, type=click.Choice(list(SCREENS)), help="Only this one; may be given again.")
@click.option("--orientation", type=click.Choice(list(SIZES)), help="Only this one.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep every picture in full size, in this folder.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=SHEETS, help="Where the sheets go.")
def command(only: tuple[str, ...], orientation: str | None, keep: Path | None, to: Path) -> None:
    """Picture every screen of the kiosk over the built demo shop; takes some minutes."""
    if shutil.which(CHROMIUM) is None:
        click.echo("Chromium is not installed. To cure it: apt-get install chromium", err=True)
        raise SystemExit(MACHINE)
    to.mkdir(parents=True, exist_ok=True)
    names = [name for name in SCREENS if name in (only or SCREENS)]
    sizes = [size for size in SIZES if orientation in (None, size)]
    with chromium() as browser:
        for size in sizes:
            cells: dict[str, list[list[Image.Image]]] = {name: [] for name in names}
            for lang in track(LANGUAGES, size):
                for name, row in _rows(browser, names, size, lang, keep).items():
                    cells[name].append(row)
            for name, rows in cells.items():
                sheet(rows).save(to / f"{name}-{size}.webp", quality=62, method=6)
    click.echo(f"{len(names) * len(sizes)} sheets in {to}")


def _rows(browser: Browser, names: list[str], size: str, lang: str, keep: Path | None) -> dict[str, list[Image.Image]]:
    """Return the pictures of each screen in one language, one for each look."""
    rows: dict[str, list[Image.Image]] = {name: [] for name in names}
    for safe in (False, True):
        todo = [name for name in names if (name == "safe") == safe]
        for look in LOOKS if todo else ():
            with stand(ROOT / "build", STORE, lang, safe=safe) as kiosk, _visitor(browser, size, LOOKS[look]) as page:
                page.goto(kiosk.entrance())
                for name in todo:
                    if look == "plain" or name not in AT_REST:
                        rows[name].append(
                            _picture(page, kiosk, name, lang, size, keep and keep / f"{name}-{size}-{lang}-{look}.png")
                        )
    return rows


def _picture(page: Page, kiosk: Stand, name: str, lang: str, size: str, keep: Path | None) -> Image.Image:
    """Return one picture at the width of a cell; the whole one is kept where that was asked for."""
    page.goto("about:blank")  # the page before must not beat any more
    if name in AT_REST:
        kiosk.visits.end()  # in the middle of a visit the waiting screen goes on by itself
        kiosk.visits.wiped()
    else:
        kiosk.visits.beat(touched=True)  # however slow the machine is: no visit must end between two pictures
    SCREENS[name](page, kiosk, lang)
    settle(page)
    data = page.screenshot()
    if keep:
        keep.parent.mkdir(parents=True, exist_ok=True)
        keep.write_bytes(data)
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    return picture.resize((CELL[size], round(picture.height * CELL[size] / picture.width)), Image.Resampling.LANCZOS)


@contextmanager
def _visitor(browser: Browser, size: str, look: dict[str, Any]) -> Iterator[Page]:
    """Open a page on a kiosk's screen, for somebody who has chosen that look."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, reduced_motion="reduce")
    chosen = json.dumps(json.dumps(look))
    # Cleared as well: a screen that was shown before must leave nothing to the next.
    context.add_init_script(f"try {{ sessionStorage.clear(); sessionStorage.setItem('helpstand-display', {chosen}) }} catch {{}}")
    page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        yield page
    finally:
        context.close()
