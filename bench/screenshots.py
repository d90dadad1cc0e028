"""Pictures of every kind of page, on every surface, in every theme, in three languages: to look at, and to show in the manual.

A sheet holds one kind of page on one surface: a row for each language, a column for each theme.
"""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from PIL import Image
from rich.progress import track

from bench.surfaces import CHROMIUM, SURFACES, THEMES, Served, Surface, chromium, screen, served, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
SHEETS = ROOT / "docs" / "images" / "pages"
LANGUAGES = ("en", "de", "ar")
MACHINE = 3
CELL = {"phone": 250, "tablet": 290, "desktop": 420, "kiosk-portrait": 290, "kiosk-landscape": 420}
"""Width of a picture in a sheet, in pixels."""
GAP = 10


@click.command("bench screenshots", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--surface", "only", type=click.Choice([surface.name for surface in SURFACES]), help="Only this one.")
@click.option("--kind", help="Only this kind of page.")
@click.option("--full", is_flag=True, help="Whole pages, not only what a screen shows at once.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep every picture in full size, in this folder.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=SHEETS, help="Where the sheets go.")
def command(only: str | None, kind: str | None, keep: Path | None, to: Path, *, full: bool) -> None:
    """Picture every kind of page of the built demo shop; takes some minutes."""
    if shutil.which(CHROMIUM) is None:
        click.echo("Chromium is not installed. To cure it: apt-get install chromium", err=True)
        raise SystemExit(MACHINE)
    todo = {
        surface: [name for name in surface.kinds() if kind in (None, name)]
        for surface in SURFACES
        if only in (None, surface.name)
    }
    count = sum(map(len, todo.values()))
    if not count:
        raise click.UsageError(f"there is no kind of page '{kind}'")
    to.mkdir(parents=True, exist_ok=True)
    with served(ROOT / "build" / "site", ROOT / "build" / "index") as address, chromium() as browser:
        for surface, kinds in todo.items():
            for name, cells in _pictures(browser, address, surface, kinds, Shots(keep, full=full)).items():
                sheet(cells).save(to / f"{name}-{surface.name}.webp", quality=62, method=6)
    click.echo(f"{count} sheets in {to}")


@dataclass(frozen=True)
class Shots:
    """How pictures are taken."""

    keep: Path | None
    full: bool

    def take(self, page: Page, surface: Surface, name: str) -> Image.Image:
        """Return a picture at the width of a sheet's cell; the whole one is kept where that was asked for."""
        data = page.screenshot(full_page=self.full)
        if self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{name}.png").write_bytes(data)
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        width = CELL[surface.name]
        return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


def _pictures(
    browser: Browser, address: Served, surface: Surface, kinds: list[str], shots: Shots
) -> dict[str, list[list[Image.Image]]]:
    """Return for each kind of page a row for each language, with a picture in each theme."""
    sheets: dict[str, list[list[Image.Image]]] = {kind: [[] for _ in LANGUAGES] for kind in kinds}
    for theme in THEMES:
        with screen(browser, surface, theme) as context:
            page = context.new_page()
            for kind in track(kinds, f"{surface.name}, {theme}"):
                for row, language in zip(sheets[kind], LANGUAGES, strict=True):
                    page.goto(address.address(surface, kind, language))
                    settle(page)
                    row.append(shots.take(page, surface, f"{kind}-{surface.name}-{language}-{theme}"))
    return sheets


def sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """Lay pictures out: a row for each language, a column for each look."""
    heights = [max(cell.height for cell in row) for row in rows]
    width = rows[0][0].width
    page = Image.new("RGB", (len(rows[0]) * (width + GAP) + GAP, sum(heights) + GAP * (len(rows) + 1)), "#8a8f8e")
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for place, cell in enumerate(row):
            page.paste(cell, (GAP + place * (width + GAP), top))
        top += height + GAP
    return page
