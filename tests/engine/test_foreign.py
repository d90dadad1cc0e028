"""Sites written by others are shown as they are, and none of their code is run."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from guides.check import check
from guides.library import load_library
from guides.settings import Settings, SettingsError, load_settings
from tests.engine.conftest import DAY, ROOT, built

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
        "the tag '!!python/name:material.extensions.emoji.twemoji' is not used: it counts as empty",
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
@pytest.mark.parametrize(("name", "pages"), [("wled", 66), ("valetudo", 27)])
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


def make(folder: Path, config: str, files: dict[str, str]) -> Settings:
    """Write a small site and return its settings."""
    for name, words in files.items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    return load_settings(folder / "mkdocs.yml", folder / "out")


def test_no_page_of_theirs_is_displaced(tmp_path: Path) -> None:
    """A page that has the address of one of ours moves, links to it follow, and it is told."""
    names = ("search", "all", "person", "404", "sections/guide-1", "README", "templates/x")
    files = {f"{name}.md": f"# Own {name}\n\nTheir words on {name}.\n" for name in names}
    files["search-page.md"] = "# Taken\n"
    files["index.md"] = "# Home\n\n[s](search.md#own) [r][ref] `[c](search.md)` [readme](README.md)\n\n[ref]: all.md\n"
    config = "site_name: X\nnav: [index.md, {Guide: [search.md, sections/guide-1.md]}]\n"
    settings = make(tmp_path, config, files)
    report = built(settings, tmp_path / "site")
    site = tmp_path / "site" / "en"
    moved = {"search": "search-page-2", "all": "all-page", "person": "person-page", "404": "404-page", "README": "readme-page"}
    for name in names:
        assert f"Their words on {name}." in (site / f"{moved.get(name, name)}.html").read_text(encoding="utf-8")
    for name in ("search", "all", "person", "404"):
        assert text(site / f"{name}.html").css_first('article[data-type="hub"]') is not None
    home = text(site / "index.html")
    assert [node.attributes["href"] for node in home.css("article a")] == [
        "search-page-2.html#own",
        "all-page.html",
        "readme-page.html",
    ]
    assert home.css_first("article code").text() == "[c](search.md)"  # type: ignore[union-attr]
    listed = [node.attributes["href"] for node in text(site / "sections-2/guide-1.html").css(".list a")]
    assert listed == ["../search-page-2.html", "../sections/guide-1.html"]
    assert not [found for found in report.problems if "MkDocs" in found.message or found.rule == "link-dead"]
    library, problems = load_library(settings)
    told = [str(found) for found in check(settings, library, problems, DAY) if found.rule == "id-reserved"]
    assert len(told) == 5
    assert told[-1] == (
        "docs/search.md:1: the address 'search.html' belongs to another page, so this page is at 'search-page-2.html'. "
        "Give the file another name"
    )


@pytest.mark.parametrize("key", ["exclude_docs", "draft_docs"])
def test_patterns_leave_our_pages_alone(tmp_path: Path, key: str) -> None:
    """A pattern takes pages and pictures of the site away, never those that Helpstand makes."""
    files = {"index.md": "# Home\n", "secret/a.md": "# A\n", "secret/a.txt": "hidden", "open.txt": "shown"}
    built(make(tmp_path, f"site_name: X\n{key}: |\n  secret/\n  search.md\n  all*\n", files), tmp_path / "site")
    site = tmp_path / "site" / "en"
    assert not (site / "secret").exists()
    assert (site / "open.txt").read_text() == "shown"
    for name in ("index", "search", "all", "person", "404"):
        assert (site / f"{name}.html").is_file()


def test_a_pattern_for_everything_leaves_an_empty_site(tmp_path: Path) -> None:
    """`**/**/**` is no reason to fail: search, lists and a way to a person are still there."""
    built(make(tmp_path, "site_name: X\ndraft_docs: '**/**/**'\n", {"index.md": "# Home\n"}), tmp_path / "site")
    assert (tmp_path / "site/en/search.html").is_file()


def test_links_to_other_folders_are_not_followed(tmp_path: Path) -> None:
    """What a link brings in from outside is neither walked nor copied."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    settings = make(tmp_path / "site", "site_name: X\n", {"index.md": "# Home\n"})
    (settings.content / "folder").symlink_to(outside)
    (settings.content / "file.txt").symlink_to(outside / "secret.txt")
    (settings.content / "root").symlink_to("/")
    built(settings, tmp_path / "built")
    assert not [path for path in (tmp_path / "built/en").rglob("*") if path.suffix == ".txt" or path.name in {"folder", "root"}]


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
