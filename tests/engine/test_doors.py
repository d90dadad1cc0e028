"""Home's doors: an intent leads to a page of its own, safety is pinned, related guides help on."""

from __future__ import annotations

import re
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from guides.engine.page import LanguagePlan
from guides.engine.shop import plan_shop
from guides.library import load_library
from guides.settings import Settings
from tests.engine.conftest import MakeShop, built, guide, one


def test_one_tap_leads_somewhere(demo: Path) -> None:
    """Each intent of home has a page that asks which product it is about, and leads to that product's guides."""
    home = (demo / "en/index.html").read_text(encoding="utf-8")
    page = (demo / "en/intents/taking-care.html").read_text(encoding="utf-8")
    assert "intents/taking-care.html" in home
    assert re.search(r'href="\.\./products/kettle/taking-care\.html"', page)
    assert "stages/maintain.html" in page
    assert 'id="stage-maintain"' in (demo / "en/products/kettle.html").read_text(encoding="utf-8")
    behind = LexborHTMLParser((demo / "en/products/kettle/taking-care.html").read_text(encoding="utf-8"))
    assert [title.text().strip() for title in behind.css(".group h2")] == ["Clean and care", "Accessories"]
    assert {link.attributes["href"] for link in behind.css(".group .choice")} >= {"../../kettle/descale.html"}
    assert behind.css_matches("h1 img")
    assert "AK-200" in one(behind, "h1").text()


def test_with_one_product_its_guides_stand_behind_the_door(make_shop: MakeShop) -> None:
    """There is nothing to choose. With two there is; what is about both, or about none, stands below."""
    one = {"content/en/lamp/a.md": guide("A", stage="maintain"), "content/en/lamp/b.md": guide("B", stage="maintain")}
    facts = plans_of(make_shop(one)).pages["intents/taking-care.md"].facts
    assert ([item["title"] for item in facts["groups"][0]["items"]], facts["products"]) == (["A", "B"], [])
    two = one | {
        "content/products/bell.yml": "name: Bell\nmodels: [B-1]\n",
        "content/en/bell/c.md": guide("C", stage="maintain", product="bell"),
        "content/en/bell/d.md": guide("D", stage="accessories", product="bell"),
        "content/en/both.md": guide("Both", stage="maintain", product="[bell, lamp]"),
    }
    facts = plans_of(make_shop(two)).pages["intents/taking-care.md"].facts
    assert [card["url"] for card in facts["products"]] == ["products/bell/taking-care.html", "products/lamp/maintain.html"]
    assert [item["title"] for group in facts["groups"] for item in group["items"]] == ["Both"]


def test_a_door_leads_to_just_its_guides(make_shop: MakeShop) -> None:
    """Of one product: several stages stand on a page of their own, one on the stage's page, one guide needs no page."""
    shop = make_shop(
        {
            "content/products/bell.yml": "name: Bell\nmodels: [B-1]\n",
            "content/en/lamp/a.md": guide("A", stage="troubleshoot"),
            "content/en/lamp/b.md": guide("B", stage="repair"),
            "content/en/lamp/c.md": guide("C", stage="use"),
            "content/en/bell/d.md": guide("D", product="bell", stage="repair"),
        }
    )
    pages = plans_of(shop).pages
    facts = pages["intents/something-is-wrong.md"].facts
    assert [card["url"] for card in facts["products"]] == ["bell/d.html", "products/lamp/something-is-wrong.html"]
    page = pages["products/lamp/something-is-wrong.md"]
    assert page.title == "Lamp L-1: Something is wrong"
    assert [(group["stage"], [item["title"] for item in group["items"]]) for group in page.facts["groups"]] == [
        ("troubleshoot", ["A"]),
        ("repair", ["B"]),
    ]
    assert [crumb["url"] for crumb in page.facts["breadcrumb"]] == ["index.html", "products/lamp.html"]
    assert [src for src in pages if src.startswith("products/bell/")] == ["products/bell/repair.md"]


def test_rules_about_giving_back_come_first(make_shop: MakeShop) -> None:
    """Of all policies those that the guides behind that door link to most; then by the names of their files."""
    policies = {
        f"content/en/policies/{name}.md": guide(name, stage="policy", product='""', owner="legal")
        for name in ("access", "data", "return")
    }
    shop = make_shop(
        {
            **policies,
            "content/en/lamp/back.md": guide("Back", stage="return", related="[policies/return]"),
            "content/en/lamp/old.md": guide("Old", stage="dispose", related="[policies/return, policies/data]"),
            "content/en/lamp/use.md": guide("Use", related="[policies/access]"),
        }
    )
    groups = plans_of(shop).pages["intents/giving-back.md"].facts["groups"]
    assert [item["title"] for item in groups[-1]["items"]] == ["return", "data", "access"]


def plans_of(shop: Settings) -> LanguagePlan:
    """Plan the English pages of a shop."""
    return plan_shop(shop, load_library(shop)[0])["en"]


def test_every_page_has_a_kind(make_shop: MakeShop) -> None:
    """Templates and tests may tell pages apart without looking at addresses."""
    shop = make_shop(
        {
            "content/en/lamp/a.md": guide("A"),
            "content/en/lamp/b.md": guide("B", type="error"),
            "content/en/lamp/c.md": guide("C", type="faq"),
        }
    )
    pages = plan_shop(shop, load_library(shop)[0])["en"].pages
    kinds = {src: page.facts["page_kind"] for src, page in pages.items()}
    assert kinds == {
        "lamp/a.md": "guide",
        "lamp/b.md": "error",
        "lamp/c.md": "faq",
        "index.md": "home",
        "intents/setting-up.md": "intent",
        "products.md": "products",
        "products-a-z.md": "products",
        "products-models.md": "products",
        "products/lamp.md": "product",
        "products/lamp/use.md": "stage",
        "stages/use.md": "stage",
        "all.md": "list",
        "safety.md": "safety",
        "search.md": "search",
        "404.md": "404",
        "offline.md": "offline",
        "person.md": "person",
    }
    assert (pages["lamp/b.md"].template, pages["lamp/c.md"].template) == ("error.html", "faq.html")


def test_safety_lists_what_can_hurt(make_shop: MakeShop, tmp_path: Path) -> None:
    """Danger before warning, nothing milder, with the emergency number of each shop once."""
    store = 'name: {name}\nemergency_number: "112"\ntime_zone: Europe/Berlin\n'
    shop = make_shop(
        {
            "content/en/lamp/mild.md": guide("Dust it", safety="caution"),
            "content/en/lamp/warm.md": guide("Change the bulb", safety="warning"),
            "content/en/lamp/live.md": guide("Open the case", safety="danger"),
            "stores/a.yml": store.format(name="North"),
            "stores/b.yml": store.format(name="South"),
        }
    )
    facts = plan_shop(shop, load_library(shop)[0])["en"].pages["safety.md"].facts
    assert [item["title"] for item in facts["items"]] == ["Open the case", "Change the bulb"]
    assert facts["emergency"] == [{"number": "112", "name": "North, South", "stores": "a b"}]
    built(shop, tmp_path / "site")
    assert 'href="./safety.html"' in (tmp_path / "site/en/index.html").read_text(encoding="utf-8")


def test_related_guides(make_shop: MakeShop) -> None:
    """The writer's own come first, then those that share most symptoms of the same product; never the page itself."""
    shop = make_shop(
        {
            "content/products/bell.yml": "name: Bell\nmodels: [B-1]\n",
            "content/en/lamp/a.md": guide("A", symptoms="[dark, Hums]", related="[lamp/z]"),
            "content/en/lamp/b.md": guide("B", symptoms="[dark]"),
            "content/en/lamp/c.md": guide("C", symptoms="[dark, hums]"),
            "content/en/lamp/z.md": guide("Z"),
            "content/en/bell/d.md": guide("D", product="bell", symptoms="[dark]"),
        }
    )
    pages = plan_shop(shop, load_library(shop)[0])["en"].pages
    assert [item["title"] for item in pages["lamp/a.md"].facts["related"]] == ["Z", "C", "B"]
    assert pages["lamp/z.md"].facts["related"] == []
    # What stands there already is not shown a second time.
    assert pages["lamp/a.md"].facts["siblings"] == []
    assert [item["title"] for item in pages["lamp/z.md"].facts["siblings"]] == ["A", "B", "C"]


def test_a_symptom_that_all_share_costs_nothing(make_shop: MakeShop) -> None:
    """At most six related guides, among ten as among thousands."""
    shop = make_shop({f"content/en/lamp/g{number}.md": guide(f"G {number}", symptoms="[dark]") for number in range(60)})
    pages = plan_shop(shop, load_library(shop)[0])["en"].pages
    assert {len(pages[f"lamp/g{number}.md"].facts["related"]) for number in range(60)} == {6}
