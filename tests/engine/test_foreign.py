"""Sites written by others are shown as they are, and none of their code is run."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from guides.settings import SettingsError, load_settings
from tests.engine.conftest import ROOT, built

FIXTURE = ROOT / "tests/sites/foreign"
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the fixture, built from a copy."""
    folder = tmp_path_factory.mktemp("foreign")
    shutil.copytree(FIXTURE, folder / "source")
    report = built(load_settings(folder / "source/mkdocs.yml", folder / "out"), folder / "site")
    assert report.pages == 11
    assert not (folder / "source/HOOK-HAS-RUN").exists()
    return folder / "site" / "en"


def text(page: Path) -> HTMLParser:
    """Return a parsed page."""
    return HTMLParser(page.read_text(encoding="utf-8"))


def test_everything_that_is_not_run_is_named() -> None:
    """Plugins, hooks, overrides, styles and scripts of the site are reported by name."""
    assert load_settings(FIXTURE / "mkdocs.yml").notices == (
        "plugin 'search' is not run: Helpstand's own search takes its place",
        "plugin 'awesome-pages' is not run",
        "plugin 'macros' is not run",
        "hook 'hooks.py' is not run",
        "theme folder 'overrides' is not used: the pages have Helpstand's look",
        "style sheet 'extra.css' is not used",
        "script 'https://cdn.elsewhere.example/x.js' is not run",
        "script 'extra.js' is not run",
    )


def test_extensions_outside_the_list_are_named(tmp_path: Path) -> None:
    """A Markdown extension that is not allowed is told, not loaded."""
    report = built(load_settings(FIXTURE / "mkdocs.yml", tmp_path), tmp_path / "site")
    told = [found.message for found in report.problems if found.rule == "extension-refused"]
    assert [message.split("'")[1] for message in told] == ["evil.extension", "pymdownx.emoji"]


def test_nested_navigation_becomes_sections(site: Path) -> None:
    """Each level of `nav:` is a page that lists what lies below it, and the breadcrumb leads there."""
    crumbs = [(node.text(), node.attributes["href"]) for node in text(site / "guide/deep/end.html").css(".crumbs a")]
    assert crumbs == [
        ("Home", "../../index.html"),
        ("Guide", "../../sections/guide-1.html"),
        ("Going deeper", "../../sections/going-deeper-2.html"),
    ]
    listed = [node.text() for node in text(site / "sections/going-deeper-2.html").css(".list strong")]
    assert listed == ["End", "Größe und Maße"]


def test_raw_html_is_cleaned_and_its_links_mended(site: Path) -> None:
    """Handlers and scripts go; a picture addressed as for folder pages is found."""
    page = (site / "guide/start.html").read_text(encoding="utf-8")
    assert "onerror" not in page
    assert "owned" not in page
    assert '<img src="../img/widget.png" alt="The widget"' in page


def test_what_lies_outside_is_a_box(site: Path) -> None:
    """Frames and badges of other hosts are shown as an address with a QR code."""
    assert "https://video.example/embed/abc" in text(site / "guide/start.html").css_first(".outside-address").text()  # type: ignore[union-attr]
    assert text(site / "index.html").css_first(".outside svg") is not None


def test_overrides_are_not_used(site: Path) -> None:
    """The site's own templates have no say."""
    assert "OVERRIDDEN" not in (site / "index.html").read_text(encoding="utf-8")


def test_home_has_search_sections_and_the_sites_own_words(site: Path) -> None:
    """The home page keeps the text of index.md below search and sections."""
    home = text(site / "index.html")
    assert home.css_first("form.search") is not None
    assert "Start with" in home.css_first("article").text()  # type: ignore[union-attr]
    assert [node.text() for node in home.css(".sections strong")] == ["Guide"]


@pytest.mark.parametrize(
    ("text_of_file", "message"),
    [
        ("site_name: [", "mkdocs.yml:1: not valid YAML"),
        ("- a\n- b\n", "must be a mapping of settings"),
        ("site_name: X\ndocs_dir: gone\n", "docs_dir 'gone' does not exist. Cure: name the folder of the Markdown files"),
    ],
)
def test_words_for_a_broken_file(tmp_path: Path, text_of_file: str, message: str) -> None:
    """A file that cannot be used is told with its place and a cure."""
    (tmp_path / "mkdocs.yml").write_text(text_of_file, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "mkdocs.yml")
    assert message in str(caught.value)


def test_words_for_a_missing_file(tmp_path: Path) -> None:
    """A wrong path is told with a cure."""
    with pytest.raises(SettingsError, match=r"not found\. Cure: start in the project's folder, or name the file with -f"):
        load_settings(tmp_path / "mkdocs.yml")
    with pytest.raises(SettingsError, match="this is a folder"):
        load_settings(tmp_path)


def test_python_tags_run_nothing(tmp_path: Path) -> None:
    """A YAML tag that names code is read as text."""
    (tmp_path / "docs").mkdir()
    trap = tmp_path / "trap"
    (tmp_path / "mkdocs.yml").write_text(f"site_name: !!python/object/apply:os.mkdir ['{trap}']\n", encoding="utf-8")
    load_settings(tmp_path / "mkdocs.yml")
    assert not trap.exists()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "pages"), [("wled", 66), ("valetudo", 26)])
def test_real_sites(tmp_path: Path, name: str, pages: int) -> None:
    """Real sites build without a change: every page has its article, nothing is loaded from elsewhere."""
    source = SHARED / "sites" / name
    if not source.is_dir():
        pytest.skip("the shared test data is not here")
    site = tmp_path / "site"
    built(load_settings(source / "mkdocs.yml", tmp_path / "out"), site)
    articles = 0
    for page in site.rglob("*.html"):
        tree = text(page)
        articles += len(tree.css('article[data-type="guide"]'))
        for node in tree.css("[src], link[rel=stylesheet]"):
            address = node.attributes.get("src") or node.attributes.get("href") or ""
            assert not address.startswith(("http:", "https:", "//")), (page, address)
    assert articles == pages


@pytest.mark.long
def test_four_thousand_pages(tmp_path: Path) -> None:
    """A site of 4,000 pages builds; its pages stay small, but for the index that the site itself wrote."""
    source = SHARED / "search/z2m4000/corpus.jsonl.gz"
    if not source.is_file():
        pytest.skip("the shared test data is not here")
    docs = tmp_path / "docs"
    docs.mkdir()
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            (docs / f"page-{number}.md").write_text(f"# {row['title']}\n\n{row['text']}\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: Devices\n", encoding="utf-8")
    report = built(load_settings(tmp_path / "mkdocs.yml", tmp_path / "out"), tmp_path / "site")
    assert report.pages > 4000
    assert (tmp_path / "site/en/index.html").stat().st_size < 20_000
    assert (tmp_path / "site/en/all-40.html").is_file()


def test_every_page_has_what_needs_no_front_matter(site: Path) -> None:
    """Each page tells machines what it is, and there is one for no network; nothing of a shop is invented."""
    for page in site.rglob("*.html"):
        block = text(page).css_first('script[type="application/ld+json"]')
        assert block is not None, page
        graph = json.loads(block.text())["@graph"]
        assert {thing["@type"] for thing in graph} <= {"WebPage", "BreadcrumbList"}, page
    assert (site / "offline.html").is_file()
    for name in ("safety.html", "products.html", "intents"):
        assert not (site / name).exists()
    assert "safety.html" not in (site / "index.html").read_text(encoding="utf-8")
