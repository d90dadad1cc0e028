"""What every page carries: notices, the shop's look, its address on the web, and facts for machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from guides.engine.schema_org import Place, schema_of
from guides.engine.shop_css import shop_css
from guides.shop_look import ShopLook
from tests.engine.conftest import MakeShop, built, guide, one

LAMP = """name: {en: Lamp L-1, de: Lampe L-1}
models: [L-1]
gtin: ["2004601020007"]
picture: media/lamp.svg
notice:
  - {kind: known, title: {en: It hums, de: Sie brummt}}
  - kind: recall
    title: {en: Recall of the plug, de: Rückruf des Steckers}
    text: {en: Do not use it., de: Nicht benutzen.}
    url: lamp/a
"""
CONFIG = """site_name: Test shop
site_url: https://help.test.example/shop/
docs_dir: content/en
plugins: [helpstand]
extra:
  helpstand:
    languages: [en, de]
    accent: "#B3261E"
    logo: logo.svg
    desk: https://desk.test.example/
    messages:
      - title: {en: We are closed on Monday, de: Montag ist zu}
        url: https://nordhaven.example/monday
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
STEPS = """Read on.

## Do it

1.  Press the **button**. It clicks.
2.  Wait. The lamp glows.

    - Not a step of its own.

## You will see {#you-will-see}

Light.
"""
FILES = {
    "mkdocs.yml": CONFIG,
    "content/products/lamp.yml": LAMP,
    "content/media/logo.svg": SVG,
    "content/media/lamp.svg": SVG,
    "content/en/lamp/a.md": guide(
        "Light & <shade>", STEPS, type="howto", minutes="5", tools="[cloth]", summary="For </script> friends."
    ),
    "content/en/lamp/q.md": guide("Questions", "## Does it dim?\n\nYes.\n\nSlowly.\n\n## Is it warm?\n\nNo.\n", type="faq"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a shop with everything that a shop owner can set."""
    from guides.settings import load_settings

    root = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "content/de").mkdir()
    assert built(load_settings(root / "mkdocs.yml"), root / "site").problems == []
    return root / "site"


def page_of(site: Path, name: str) -> HTMLParser:
    """Return a page of the site."""
    return HTMLParser((site / name).read_text(encoding="utf-8"))


def graph_of(site: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return the things that a page tells machines, by their kind."""
    block = page_of(site, name).css_first('script[type="application/ld+json"]')
    assert block is not None
    return {thing["@type"]: thing for thing in json.loads(block.text())["@graph"]}


@pytest.mark.parametrize("name", ["en/lamp/a.html", "en/products/lamp.html", "en/products/lamp/use.html"])
def test_notices_stand_where_they_concern(site: Path, name: str) -> None:
    """On everything about the product: recalls first, then known problems, then what the shop says to all."""
    titles = [node.text() for node in page_of(site, name).css(".notice-title")]
    assert titles == ["Recall of the plug", "It hums", "We are closed on Monday"]


def test_home_names_recalls_with_their_product(site: Path) -> None:
    """Who owns a dangerous thing may look for something else."""
    german = page_of(site, "de/index.html")
    assert [node.text() for node in german.css(".notice-title")] == ["Lampe L-1: Rückruf des Steckers", "Montag ist zu"]
    assert [node.text() for node in page_of(site, "en/search.html").css(".notice-title")] == ["We are closed on Monday"]


def test_notices_lead_on(site: Path) -> None:
    """To a guide of the reader's language, or to an address outside."""
    links = [node.attributes["href"] for node in page_of(site, "de/products/lamp.html").css(".notice a")]
    assert links == ["../lamp/a.html", "https://nordhaven.example/monday"]


def test_accent_and_logo(site: Path) -> None:
    """The accent comes as a style sheet, the logo as a picture; no page has a style of its own."""
    page = page_of(site, "en/lamp/a.html")
    assert "../../assets/css/shop.css" in [node.attributes["href"] for node in page.css("link[rel=stylesheet]")]
    assert one(page, "header img").attributes["src"] == "../../media/logo.svg"
    assert "--accent: #" in (site / "assets/css/shop.css").read_text(encoding="utf-8")
    assert "--accent" not in shop_css(ShopLook())


def test_pages_tell_counts_to_the_desk_alone(site: Path, make_shop: MakeShop, tmp_path: Path) -> None:
    """Each page may tell that one host something; without a desk there is neither host nor script."""
    page = page_of(site, "en/lamp/a.html")
    policy = one(page, "meta[http-equiv=Content-Security-Policy]").attributes["content"] or ""
    assert "; connect-src 'self' https://desk.test.example; " in policy
    assert policy.count("desk.test.example") == 1
    assert one(page, "html").attributes["data-desk"] == "https://desk.test.example"
    assert one(page, 'script[src$="counting.js"]').attributes["type"] == "module"
    assert "connect-src 'self' https://desk.test.example;" in (site / "_headers").read_text(encoding="utf-8")
    bare = CONFIG.replace("    desk: https://desk.test.example/\n", "").replace("    logo: logo.svg\n", "")
    shop = make_shop({"mkdocs.yml": bare, "content/en/lamp/a.md": guide("A")})
    built(shop, tmp_path / "site")
    without = (tmp_path / "site" / "en/lamp/a.html").read_text(encoding="utf-8")
    assert [words for words in ("counting.js", "data-desk", "desk.test.example") if words in without] == []


def test_the_address_on_the_web(site: Path) -> None:
    """Below the folder that the site lies in, for the code to take along and for networks that show links."""
    page = page_of(site, "en/lamp/a.html")
    address = "https://help.test.example/shop/en/lamp/a.html"
    properties = {node.attributes["property"]: node.attributes["content"] for node in page.css("meta[property]")}
    assert (properties["og:url"], properties["og:type"]) == (address, "article")
    assert properties["og:image"] == "https://help.test.example/shop/media/lamp.svg"
    assert properties["og:title"] == "Light & <shade>"
    assert page.css_first("svg.qr") is not None
    assert page_of(site, "en/404.html").css_first("meta[property='og:url']") is None


def test_a_howto_for_machines(site: Path) -> None:
    """Steps as they stand on the built page, with time and tools."""
    howto = graph_of(site, "en/lamp/a.html")["HowTo"]
    assert (howto["name"], howto["totalTime"], howto["inLanguage"]) == ("Light & <shade>", "PT5M", "en")
    assert [(step["name"], step["position"]) for step in howto["step"]] == [("Press the button.", 1), ("Wait.", 2)]
    assert howto["step"][0]["text"] == "Press the button. It clicks."
    assert howto["step"][0]["url"].endswith("/en/lamp/a.html#do-it")
    assert howto["tool"] == [{"@type": "HowToTool", "name": "cloth"}]


def test_questions_and_products_for_machines(site: Path) -> None:
    """A page of questions, a product with its barcode, and the way to each page."""
    questions = graph_of(site, "en/lamp/q.html")["FAQPage"]["mainEntity"]
    assert [(one["name"], one["acceptedAnswer"]["text"]) for one in questions] == [
        ("Does it dim?", "Yes. Slowly."),
        ("Is it warm?", "No."),
    ]
    product = graph_of(site, "en/products/lamp.html")["Product"]
    assert (product["name"], product["model"], product["gtin"]) == ("Lamp L-1", ["L-1"], ["2004601020007"])
    crumbs = graph_of(site, "en/lamp/a.html")["BreadcrumbList"]["itemListElement"]
    assert [crumb["name"] for crumb in crumbs] == ["Home", "Lamp L-1", "Use", "Light & <shade>"]
    assert "dateModified" not in json.dumps(graph_of(site, "en/lamp/a.html"))


def test_no_text_ends_the_block(site: Path) -> None:
    """Whatever a writer writes, the block holds no sign that HTML would understand."""
    facts = {"article": {"type": "howto", "lang": "en"}, "title": "</script><!--&", "summary": "\u2028", "breadcrumb": []}
    text = schema_of(facts, "<ol><li>a</li></ol>", Place("", str, str))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["@graph"][0]["name"] == "</script><!--&"
    assert "For </script> friends." in graph_of(site, "en/lamp/a.html")["WebPage"]["description"]


def test_without_an_address_nothing_is_invented(make_shop: MakeShop, tmp_path: Path) -> None:
    """No address, no code, no canonical link; what the page is, is still told."""
    shop = make_shop(
        {
            "mkdocs.yml": CONFIG.replace("site_url", "copyright").replace("    logo: logo.svg\n", ""),
            "content/en/lamp/a.md": guide("A"),
        }
    )
    built(shop, tmp_path / "site")
    page = page_of(tmp_path / "site", "en/lamp/a.html")
    assert page.css_first("svg.qr") is None
    assert page.css_first("link[rel=canonical]") is None
    assert graph_of(tmp_path / "site", "en/lamp/a.html")["WebPage"] == {"@type": "WebPage", "name": "A", "inLanguage": "en"}
