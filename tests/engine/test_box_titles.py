"""Boxes are headed in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.engine.conftest import MakeShop, built, guide

BODY = """!!! warning
    Hot.

!!! danger "Stop now"
    Very hot.

!!! note ""
    Fine.
"""


@pytest.mark.parametrize(
    ("language", "titles"), [("en", ["Warning", "Stop now"]), ("de", ["Warnung", "Stop now"]), ("ar", ["تحذير", "Stop now"])]
)
def test_boxes_without_a_title_are_headed_in_the_language(
    make_shop: MakeShop, tmp_path: Path, language: str, titles: list[str]
) -> None:
    """`!!! warning` says "Warnung" on a German page; a title that the writer gave, or took away, stays."""
    config = (
        f"site_name: Shop\ndocs_dir: content/en\nplugins: [helpstand]\nextra: {{helpstand: {{languages: [en, {language}]}}}}\n"
    )
    files = {f"content/{code}/lamp/on.md": guide("Switch on", BODY) for code in {"en", language}}
    site = tmp_path / "site"
    built(make_shop({"mkdocs.yml": config if language != "en" else config.replace("en, en", "en"), **files}), site)
    page = HTMLParser((site / language / "lamp/on.html").read_text(encoding="utf-8"))
    assert [node.text() for node in page.css(".admonition-title")] == titles
    kinds = {"en": ["Warning", "Danger", "Note"], "de": ["Warnung", "Gefahr", "Hinweis"], "ar": ["تحذير", "خطر", "ملاحظة"]}[
        language
    ]
    assert [node.attributes["aria-label"] for node in page.css('.admonition[role="note"]')] == [
        kinds[0],
        f"{kinds[1]}: Stop now",
        kinds[2],
    ]
