"""The built site keeps its contract with search, kiosk and readers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from guides.engine.driver import digest_of
from guides.engine.inputs import inputs_digest
from guides.engine.notfound import at_any_depth
from guides.engine.policy import content_security_policy
from tests.engine.conftest import DAY, MakeShop, built, guide

OWN_HOST = "help.nordhaven.example"
NAMESPACES = {"www.w3.org", "www.sitemaps.org", "schema.org"}


def html_pages(site: Path) -> list[Path]:
    """Return every page of a site."""
    return sorted(site.rglob("*.html"))


def _is_allowed(attributes: dict[str, str | None]) -> bool:
    """Tell scripts of our own, and data blocks, which the policy lets stand, from inline code."""
    return bool(attributes.get("src")) or attributes.get("type") == "application/ld+json"


def test_every_page_carries_the_policy(demo: Path) -> None:
    """No page goes out without the content security policy, and none needs what it forbids."""
    for page in html_pages(demo):
        tree = HTMLParser(page.read_text(encoding="utf-8"))
        policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]')
        assert policy is not None, page
        assert policy.attributes["content"] == content_security_policy(header=False)
        assert not tree.css("[style]"), page
        assert not [script for script in tree.css("script") if not _is_allowed(script.attributes)], page
        assert not tree.css("style"), page
    assert f"Content-Security-Policy: {content_security_policy(header=True)}" in (demo / "_headers").read_text(encoding="utf-8")


def test_no_outside_host(demo: Path) -> None:
    """Pages, style sheets, scripts and drawings name no host that a browser would contact."""
    for file in demo.rglob("*"):
        if file.suffix in {".html", ".css", ".js", ".json", ".svg", ".xml"}:
            hosts = set(
                re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", file.read_text(encoding="utf-8"), re.IGNORECASE)
            )
            assert hosts <= {OWN_HOST, *NAMESPACES}, (file, hosts)


def test_nothing_of_material_is_shipped(demo: Path) -> None:
    """The theme's bundle, its search worker and its fonts stay at home."""
    assert not [file for file in demo.rglob("*") if "lunr" in file.name or file.name.startswith("bundle")]


def test_every_link_leads_somewhere(demo: Path) -> None:
    """Each relative link and picture of each page exists, and so does each anchor."""
    anchors: dict[Path, set[str]] = {}
    for page in html_pages(demo):
        tree = HTMLParser(page.read_text(encoding="utf-8"))
        anchors[page.resolve()] = {value for node in tree.css("[id]") if (value := node.attributes.get("id"))}
    for page in html_pages(demo):
        if page.name == "404.html":
            continue
        for node in HTMLParser(page.read_text(encoding="utf-8")).css("[href], [src]"):
            address = node.attributes.get("href") or node.attributes.get("src") or ""
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
            assert target.is_file(), (page, address)
            if parts.fragment:
                assert parts.fragment in anchors[target], (page, address)


def test_article_is_the_contract(demo: Path) -> None:
    """A guide's page has one article with its facts as attributes, and its slice holds the writer's words."""
    text = (demo / "en/kettle/descale.html").read_text(encoding="utf-8")
    assert text.count("<article ") == 1
    article = HTMLParser(text).css_first("article")
    assert article is not None
    facts = article.attributes
    assert (facts["data-guide"], facts["data-product"], facts["data-stage"]) == ("kettle/descale", "kettle", "maintain")
    assert (facts["data-lang"], facts["data-type"]) == ("en", "howto")
    assert json.loads(facts["data-models"] or "") == ["AK-200", "AK-201"]
    assert "citric acid" in article.text()
    assert HTMLParser(text).css_first("html").attributes["data-surface"] == "web"  # type: ignore[union-attr]


def test_hubs_exist(demo: Path) -> None:
    """Home, products, product, stage and product x stage, lists, search, person and 404 are made for each language."""
    names = [
        "index",
        "products",
        "products/kettle",
        "products/kettle/maintain",
        "stages/maintain",
        "all",
        "search",
        "person",
        "404",
    ]
    for language in ("en", "de"):
        for name in names:
            assert (demo / language / f"{name}.html").is_file(), (language, name)
    assert "Remove limescale" in (demo / "en/products/kettle/maintain.html").read_text(encoding="utf-8")


def test_languages_lead_to_each_other(demo: Path) -> None:
    """A page leads to its translation; where there is none, to its own words in that language's site, and says so."""
    page = HTMLParser((demo / "de/kettle/descale.html").read_text(encoding="utf-8"))
    languages = ("en", "de", "es", "fr", "it", "ar")
    assert [node.attributes["href"] for node in page.css(".languages a")] == [
        f"../../{language}/kettle/descale.html" for language in languages
    ]
    untranslated = HTMLParser((demo / "en/kettle/tea-temperatures.html").read_text(encoding="utf-8"))
    assert "../../ar/kettle/tea-temperatures.html" in [node.attributes["href"] for node in untranslated.css(".languages a")]
    assert "not yet in this language" in untranslated.css_first(".languages").text()  # type: ignore[union-attr]


def test_facts_of_the_site(demo: Path) -> None:
    """helpstand.json says what languages there are and for which day the site was built."""
    facts = json.loads((demo / "helpstand.json").read_text(encoding="utf-8"))
    assert facts["as_of"] == DAY.isoformat()
    assert [language["code"] for language in facts["languages"]] == ["en", "de", "es", "fr", "it", "ar"]
    assert facts["default"] == "en"


def test_search_is_handed_the_writers_words(make_shop: MakeShop, tmp_path: Path) -> None:
    """helpstand.json holds the synonyms of the site's languages, and a changed word is a changed input."""
    files = {"content/en/lamp/a.md": guide("A lamp"), "content/synonyms.yml": "en: [[bulb, lamp], [alone]]\nfr: [[a, b]]\n"}
    settings = make_shop(files)
    before = inputs_digest(settings)
    built(settings, tmp_path / "site")
    facts = json.loads((tmp_path / "site/helpstand.json").read_text(encoding="utf-8"))
    assert facts["synonyms"] == {"en": [["bulb", "lamp"]]}
    (settings.content / "synonyms.yml").write_text("en: [[bulb, light]]\n")
    assert inputs_digest(settings) != before


def test_sitemap_names_public_pages(demo: Path) -> None:
    """Guides and hubs are in the sitemap with their translations; search and 404 are not, nor is any date."""
    text = (demo / "sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>https://{OWN_HOST}/en/kettle/descale.html</loc>" in text
    assert f'hreflang="de" href="https://{OWN_HOST}/de/kettle/descale.html"' in text
    assert "search.html" not in text
    assert "lastmod" not in text


def test_a_page_names_its_translations_by_whole_addresses(demo: Path) -> None:
    """As search engines ask for; the source language is also what readers of other languages are led to."""
    page = HTMLParser((demo / "de/kettle/descale.html").read_text(encoding="utf-8"))
    links = {link.attributes["hreflang"]: link.attributes["href"] for link in page.css("link[rel=alternate]")}
    assert links["de"] == f"https://{OWN_HOST}/de/kettle/descale.html"
    assert links["x-default"] == links["en"] == f"https://{OWN_HOST}/en/kettle/descale.html"


def test_a_not_found_page_works_at_any_depth(demo: Path) -> None:
    """The 404 page's own links start at the root, as it is shown for every wrong address, and lead to pages."""
    page = HTMLParser((demo / "404.html").read_text(encoding="utf-8"))
    addresses = [node.attributes.get("href") or node.attributes.get("src") or "" for node in page.css("[href], [src]")]
    own = [address for address in addresses if not address.startswith(("#", "https:"))]
    assert len(own) > 5
    for address in own:
        assert address.startswith("/"), address
        assert (demo / unquote(address.partition("#")[0]).lstrip("/")).is_file(), address
    html = page.css_first("html")
    assert html is not None
    assert html.attributes["data-root"] == ""


def test_a_not_found_page_knows_the_folder_of_its_site() -> None:
    """On a host that keeps the site in a folder, the page for wrong addresses leads into that folder."""
    page = '<html data-root=".."><a href="index.html"></a><a href="../de/index.html"></a><a href="#x"></a>'
    assert at_any_depth(page, "en/404.html", "https://example.org/help/") == (
        '<html data-root="/help"><a href="/help/en/index.html"></a><a href="/help/de/index.html"></a><a href="#x"></a>'
    )
    assert '<html data-root="">' in at_any_depth(page, "en/404.html", "")


def test_drafts_and_staff_pages_stay_inside(make_shop: MakeShop, tmp_path: Path) -> None:
    """Neither drafts, retired guides nor pages for staff are built, listed or in the sitemap."""
    shop = make_shop(
        {
            "content/en/lamp/open.md": guide("Open to all"),
            "content/en/lamp/draft.md": guide("Half a draft", status="draft"),
            "content/en/lamp/old.md": guide("Long retired", status="retired"),
            "content/en/lamp/till.md": guide("Staff only", audience="staff"),
        }
    )
    built(shop, tmp_path / "site")
    everything = "".join(
        path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*") if path.suffix in {".html", ".xml", ".json"}
    )
    assert "Open to all" in everything
    for hidden in ("Half a draft", "Long retired", "Staff only", "till.html"):
        assert hidden not in everything


def test_pages_for_staff_lie_beside_the_site(make_shop: MakeShop, tmp_path: Path) -> None:
    """Whole, with working links to each other and to public pages, and a list for the kiosk; the site is the same without."""
    pages = {
        "content/en/lamp/open.md": guide("Open to all"),
        "content/en/lamp/till.md": guide("Staff only", "See [the lamp](open.md) and [keys](keys.md).\n", audience="staff"),
        "content/en/lamp/keys.md": guide("Where the keys are", audience="staff"),
        "content/en/lamp/plan.md": guide("Not ready", audience="staff", status="draft"),
    }
    shop = make_shop(pages)
    report = built(shop, tmp_path / "site", tmp_path / "staff")
    assert report.problems == []
    page = HTMLParser((tmp_path / "staff/en/lamp/till.html").read_text(encoding="utf-8"))
    article = page.css_first("article")
    assert article is not None
    assert [link.attributes["href"] for link in article.css("p a[href]")] == ["open.html", "keys.html"]
    assert json.loads((tmp_path / "staff/pages.json").read_text(encoding="utf-8"))["en"] == [
        {"id": "lamp/keys", "title": "Where the keys are", "summary": ""},
        {"id": "lamp/till", "title": "Staff only", "summary": ""},
    ]
    assert sorted(path.name for path in (tmp_path / "staff/en").rglob("*.html")) == ["keys.html", "till.html"]
    for name in ("till", "keys", "plan"):
        (shop.root / f"content/en/lamp/{name}.md").unlink()
    built(shop, tmp_path / "without")
    assert digest_of(tmp_path / "without", ["**/*.html", "**/*.xml"]) == digest_of(tmp_path / "site", ["**/*.html", "**/*.xml"])


def test_text_is_escaped(make_shop: MakeShop, tmp_path: Path) -> None:
    """A title, summary or alias is text, never HTML."""
    shop = make_shop(
        {"content/en/lamp/a.md": guide('"<b>Bold</b> & \\"quoted\\""', summary='"<i>x</i>"', aliases="""["<u>'y'</u>"]""")}
    )
    built(shop, tmp_path / "site")
    text = (tmp_path / "site/en/lamp/a.html").read_text(encoding="utf-8")
    for tag in ("<b>", "<i>", "<u>"):
        assert tag not in text
    article = HTMLParser(text).css_first("article")
    assert article is not None
    assert json.loads(article.attributes["data-aliases"] or "") == ["<u>'y'</u>"]
    assert '<b>Bold</b> & "quoted"' in article.text()


def test_refused_html_is_told_with_its_line(make_shop: MakeShop, tmp_path: Path) -> None:
    """What is taken out of a page is named with file and line."""
    body = 'Press.\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n<p onclick="go()">y</p>\n'
    report = built(make_shop({"content/en/lamp/a.md": guide("A", body)}), tmp_path / "site")
    assert [str(found) for found in report.problems] == [
        "content/en/lamp/a.md:11: <script> was taken out: it could run code or load from elsewhere",
        'content/en/lamp/a.md:13: href="javascript:alert(1)" of <a> was taken out: it could run code or load from elsewhere',
        'content/en/lamp/a.md:15: onclick="go()" of <p> was taken out: it could run code or load from elsewhere',
    ]


def test_warnings_of_mkdocs_are_counted_with_file_and_line(make_shop: MakeShop, tmp_path: Path) -> None:
    """A dead link is told once, in the form of all other problems."""
    report = built(make_shop({"content/en/lamp/a.md": guide("A", "One.\n\n[gone](gone.md)\n")}), tmp_path / "site")
    assert len(report.problems) == 1
    assert str(report.problems[0]).startswith(
        "content/en/lamp/a.md:11: a link 'gone.md', but the target 'lamp/gone.md' is not found"
    )


def test_names_with_spaces_and_other_letters(make_shop: MakeShop, tmp_path: Path) -> None:
    """A file name with spaces and non-Latin letters makes a page that others can link to."""
    shop = make_shop(
        {
            "content/en/lamp/größe und مصباح.md": guide("Size"),
            "content/en/lamp/a.md": guide("A", "[there](<größe und مصباح.md>)\n"),
        }
    )
    report = built(shop, tmp_path / "site")
    assert report.problems == []
    assert (tmp_path / "site/en/lamp/größe und مصباح.html").is_file()


def test_names_that_mean_something_in_addresses(make_shop: MakeShop, tmp_path: Path) -> None:
    """A file name with `#`, `?` or `%` is linked from lists so that a browser finds it."""
    names = ["a#b", "a?b", "a%20b", "a b", "a&b"]
    built(make_shop({f"content/en/lamp/{name}.md": guide(f"Page {name}") for name in names}), tmp_path / "site")
    page = tmp_path / "site/en/products/lamp.html"
    found = [node.attributes["href"] or "" for node in HTMLParser(page.read_text(encoding="utf-8")).css(".links a.choice")]
    targets = {(page.parent / unquote(urlsplit(href).path)).resolve() for href in found}
    assert targets == {(tmp_path / f"site/en/lamp/{name}.html").resolve() for name in names}
    assert not any(urlsplit(href).fragment or urlsplit(href).query for href in found)


@pytest.mark.slow
def test_a_page_does_not_grow_with_the_site(make_shop: MakeShop, tmp_path: Path) -> None:
    """A guide's page has the same size among 20 guides and among 300."""
    few = {f"content/en/lamp/g{number:03}.md": guide(f"Guide number {number:03}") for number in range(20)}
    many = {f"content/en/lamp/g{number:03}.md": guide(f"Guide number {number:03}") for number in range(300)}
    built(make_shop(few), tmp_path / "few")
    built(make_shop(many), tmp_path / "many")
    for name in ("en/lamp/g010.html", "en/index.html", "en/products/lamp.html"):
        sizes = [(tmp_path / site / name).stat().st_size for site in ("few", "many")]
        assert abs(sizes[0] - sizes[1]) < 100, (name, sizes)
