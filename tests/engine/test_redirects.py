"""A guide that was renamed is found at its former address."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from guides.library import load_library
from search_index.documents import read_language
from tests.engine.conftest import MakeShop, built, guide, one

FILES = {
    "content/en/lamp/bulb.md": guide("Change the bulb", redirect_from="[lamp/old-bulb, old, lamp/größe]"),
    "content/de/lamp/bulb.md": guide("Birne wechseln", redirect_from="[lamp/birne]"),
}


@pytest.fixture
def site(make_shop: MakeShop, tmp_path: Path) -> Path:
    """Build a shop whose one guide had other names."""
    shop = make_shop(FILES)
    assert load_library(shop)[1] == []
    built(shop, tmp_path / "site")
    return tmp_path / "site"


def test_a_page_at_the_former_address_leads_on(site: Path) -> None:
    """It works without the host's help, below any folder, and names the address that counts."""
    page = HTMLParser((site / "en/lamp/old-bulb.html").read_text(encoding="utf-8"))
    assert one(page, "meta[http-equiv=refresh]").attributes["content"] == "0; url=../lamp/bulb.html"
    assert one(page, "link[rel=canonical]").attributes["href"] == "https://help.test.example/en/lamp/bulb.html"
    assert one(page, "main a").attributes["href"] == "../lamp/bulb.html"
    assert 'url=./lamp/bulb.html"' in (site / "en/old.html").read_text(encoding="utf-8")


def test_other_languages_know_the_source_s_former_addresses(site: Path) -> None:
    """A link from an English page to its German one may be older than both."""
    for name in ("lamp/birne", "lamp/old-bulb", "old"):
        assert "Birne wechseln" in (site / f"de/{name}.html").read_text(encoding="utf-8")
    assert not (site / "en/lamp/birne.html").exists()


def test_hosts_that_can_are_told_too(site: Path) -> None:
    """One line per former address, with a status that search engines understand."""
    lines = (site / "_redirects").read_text(encoding="utf-8").splitlines()
    assert "/en/lamp/old-bulb.html /en/lamp/bulb.html 301" in lines
    assert "/en/lamp/gr%C3%B6%C3%9Fe.html /en/lamp/bulb.html 301" in lines
    assert len(lines) == 7


def test_search_and_sitemap_know_only_the_new_address(site: Path) -> None:
    """A redirect is no content."""
    assert [document.id for document in read_language(site, "en")[0]] == ["lamp/bulb", "products/lamp"]
    assert "old" not in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_a_real_page_is_never_overwritten(make_shop: MakeShop, tmp_path: Path) -> None:
    """Whatever the check was told: the page that stands at an address stays."""
    shop = make_shop(
        {"content/en/lamp/a.md": guide("A", redirect_from="[lamp/B, index]"), "content/en/lamp/b.md": guide("Second")}
    )
    built(shop, tmp_path / "site")
    assert not (tmp_path / "site/en/lamp/B.html").exists()
    assert "<h1>" in (tmp_path / "site/en/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", ["/lamp/x", "lamp/x.md", "lamp/x.html", "../x", "lamp/", "https://x.example/y", "a#b", "a?b"])
def test_what_is_no_address_is_told(make_shop: MakeShop, wrong: str) -> None:
    """An old address is written as an ID."""
    problems = load_library(make_shop({"content/en/lamp/a.md": guide("A", redirect_from=f'["{wrong}"]')}))[1]
    assert [str(found) for found in problems] == [
        (
            f"content/en/lamp/a.md:7: '{wrong}' is not the ID of a page. "
            "Write it without language and ending, such as kettle/old-name"
        )
    ]
