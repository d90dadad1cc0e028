"""Small shops made from a mapping of names to texts, and the demo shop built once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from guides.engine.driver import BuildReport, build_site
from guides.library import load_library
from guides.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)

PRODUCT = """name: {en: Lamp L-1, de: Lampe L-1}
models: [L-1]
summary: {en: A lamp., de: Eine Lampe.}
stages: [use]
"""

CONFIG = """site_name: Test shop
site_url: https://help.test.example/
docs_dir: content/en
plugins: [helpstand]
extra: {helpstand: {languages: [en, de]}}
"""


def guide(title: str, body: str = "Press the button.\n", **keys: str) -> str:
    """Return the text of a guide."""
    front = {"title": title, "type": "guide", "product": "lamp", "stage": "use", "review_by": "2036-01-01", **keys}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in front.items()) + f"---\n\n{body}"


MakeShop = Callable[[dict[str, str]], Settings]


@pytest.fixture
def make_shop(tmp_path: Path) -> MakeShop:
    """Write a small shop into a folder of its own and return its settings."""

    def make(files: dict[str, str]) -> Settings:
        root = tmp_path / "shop"
        for name, text in {"mkdocs.yml": CONFIG, "content/products/lamp.yml": PRODUCT, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (root / "content/de").mkdir(exist_ok=True)
        return load_settings(root / "mkdocs.yml")

    return make


def one(page: LexborHTMLParser, selector: str) -> LexborNode:
    """Return the first element that a selector finds; there must be one."""
    found = page.css_first(selector)
    assert found is not None, selector
    return found


def built(settings: Settings, site: Path, staff: Path | None = None) -> BuildReport:
    """Build a shop into an empty folder; its pages for staff into another, where one is given."""
    site.mkdir(parents=True)
    return build_site(settings, load_library(settings)[0], site, DAY, staff)
