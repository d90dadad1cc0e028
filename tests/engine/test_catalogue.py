"""All products in three orders, a product's page, and products side by side."""

from __future__ import annotations

import pytest

from guides.engine.page import Planned
from guides.engine.shop import plan_shop
from guides.library import load_library
from guides.settings import Settings
from tests.engine.conftest import MakeShop, guide

STORE = """name: {en: City, de: Stadt}
emergency_number: "112"
time_zone: Europe/Berlin
places: {lamp: {en: aisle 2, de: Gang 2}, bulb: {en: aisle 3, de: Gang 3}}
"""
LAMP = """name: {en: Lamp L-1, de: Lampe L-1}
models: [L-1, L-2]
category: light
kind: lamp
guarantee_years: 2
parts_until: "2036-03"
consumables: [{id: bulb, name: {en: Bulb, de: Birne}, link: "https://nordhaven.example/bulb"}]
accessories: [{id: hook, place: at the till, link: lamp/fit}]
"""
TORCH = """name: {en: Ärmel torch, de: Taschenlampe}
models: [T-9]
category: light
kind: lamp
"""
BELL = "name: {en: Bell, de: Klingel}\nmodels: [B-1]\n"
FILES = {
    "content/products/lamp.yml": LAMP,
    "content/products/torch.yml": TORCH,
    "content/products/bell.yml": BELL,
    "stores/city.yml": STORE,
    "content/en/lamp/fit.md": guide("Fit the bulb", parts="[bulb]", stage="install", every="3 months"),
    "content/en/lamp/dim.md": guide("Dim it", stage="troubleshoot"),
}


def pages_of(settings: Settings, language: str = "en") -> dict[str, Planned]:
    """Return the planned pages of a language."""
    return plan_shop(settings, load_library(settings)[0])[language].pages


@pytest.fixture
def pages(make_shop: MakeShop) -> dict[str, Planned]:
    """Plan a shop of three products."""
    return pages_of(make_shop(FILES))


def test_products_by_kind(pages: dict[str, Planned]) -> None:
    """Categories come by name, what has none comes last."""
    groups = pages["products.md"].facts["categories"]
    assert [(group["title"], [item["title"] for item in group["items"]]) for group in groups] == [
        ("Light", ["Ärmel torch", "Lamp L-1"]),
        ("More products", ["Bell"]),
    ]


def test_products_by_letter_and_by_model(pages: dict[str, Planned]) -> None:
    """Ä is looked up under A; each model number has its row."""
    assert [group["title"] for group in pages["products-a-z.md"].facts["letters"]] == ["A", "B", "L"]
    models = pages["products-models.md"].facts["models"]
    assert [row["model"] for group in models for row in group["items"]] == ["B-1", "L-1", "L-2", "T-9"]
    assert models[1]["items"][0]["url"] == "products/lamp.html"


def test_every_group_can_be_jumped_to(make_shop: MakeShop) -> None:
    """From each page to each letter, on whatever page it begins."""
    many = {f"content/products/p{number}.yml": f"name: Thing {number}\nmodels: [X{number}]\n" for number in range(150)}
    pages = pages_of(make_shop(many | {"content/products/zip.yml": "name: Zip\nmodels: [A-1]\n"}))
    jumps = [{"title": "L", "url": "products-a-z.html#g-1"}, {"title": "T", "url": "products-a-z.html#g-2"}]
    jumps.append({"title": "Z", "url": "products-a-z-2.html#g-2"})
    assert pages["products-a-z.md"].facts["jumps"] == jumps
    assert pages["products-a-z-2.md"].facts["jumps"] == jumps
    assert [jump["title"] for jump in pages["products-models-2.md"].facts["jumps"]] == ["A", "L", "X"]


def test_a_product_says_what_its_file_says(pages: dict[str, Planned]) -> None:
    """Guarantee, spare parts and place in words; stages in the order of life with how many guides they have."""
    facts = pages["products/lamp.md"].facts
    assert [(fact["title"], fact["text"]) for fact in facts["facts"]] == [
        ("Models", "L-1, L-2"),
        ("Guarantee", "2 years"),
        ("Spare parts until", "March 2036"),
        ("Where in the shop", "aisle 2"),
    ]
    assert [(stage["stage"], stage["count"]) for stage in facts["stages"]] == [("install", 1), ("troubleshoot", 1)]
    # A stage of one guide leads to that guide, not to a list of one.
    assert [stage["url"] for stage in facts["stages"]] == ["lamp/fit.html", "lamp/dim.html"]
    assert facts["compare"] == {"title": "Compare with others", "url": "compare/lamp.html"}
    assert [(item["title"], [place["text"] for place in item["places"]], item["used_up"]) for item in facts["accessories"]] == [
        ("hook", ["at the till"], False),
        ("Bulb", ["aisle 3"], True),
    ]
    assert [item["url"] for item in facts["accessories"]] == ["lamp/fit.html", "https://nordhaven.example/bulb"]


def test_products_side_by_side(pages: dict[str, Planned]) -> None:
    """A row for everything that one of them says, an empty cell where the other says nothing."""
    facts = pages["compare/lamp.md"].facts
    assert [column["title"] for column in facts["columns"]] == ["Ärmel torch", "Lamp L-1"]
    assert {row["title"]: row["cells"] for row in facts["rows"]}["Guarantee"] == ["", "2 years"]
    assert not [name for name in pages if "compare" in name and name != "compare/lamp.md"]


def test_models_side_by_side(make_shop: MakeShop) -> None:
    """A product that tells its models apart compares them in the reader's words, and says so on its page; another does not."""
    compare = """compare:
  - {name: {en: Colours, de: Farben}, models: {L-2: {en: five, de: fünf}}}
  - {name: {en: Power, de: Leistung}, models: {L-1: 24 W, L-2: 24 W}}
"""
    shop = make_shop(
        FILES | {"content/products/lamp.yml": LAMP + compare, "content/products/torch.yml": TORCH.partition("kind")[0]}
    )
    pages = pages_of(shop, "de")
    page = pages["products/lamp/compare.md"]
    assert page.title == "Vergleich: Lampe L-1"
    assert [(column["title"], column["url"], column["picture"]) for column in page.facts["columns"]] == [
        ("L-1", "products/lamp.html", ""),
        ("L-2", "products/lamp.html", ""),
    ]
    assert page.facts["rows"] == [
        {"title": "Farben", "cells": ["", "fünf"]},
        {"title": "Leistung", "cells": ["24 W", "24 W"]},
    ]
    assert pages["products/lamp.md"].facts["compare"] == {"title": "Modelle vergleichen", "url": "products/lamp/compare.html"}
    assert pages["products/torch.md"].facts["compare"] is None


def test_models_beside_other_products_of_the_kind(make_shop: MakeShop) -> None:
    """Each model has a column among all of its kind, and what is said of the whole product stands in each of them."""
    compare = "compare: [{name: Power, models: {L-1: 24 W, L-2: 30 W}}]\n"
    facts = pages_of(make_shop(FILES | {"content/products/lamp.yml": LAMP + compare}))["compare/lamp.md"].facts
    assert [column["title"] for column in facts["columns"]] == ["Ärmel torch", "L-1", "L-2"]
    rows = {row["title"]: row["cells"] for row in facts["rows"]}
    assert rows["Power"] == ["", "24 W", "30 W"]
    assert rows["Guarantee"] == ["", "2 years", "2 years"]
    assert rows["Models"] == ["T-9", "", ""]


def test_a_guide_knows_what_goes_with_it(pages: dict[str, Planned]) -> None:
    """Its product, the shelf of its parts, and how often, in words."""
    facts = pages["lamp/fit.md"].facts
    assert (facts["product_card"]["title"], facts["product_card"]["url"]) == ("Lamp L-1", "products/lamp.html")
    assert [(item["title"], item["places"][0]["text"]) for item in facts["accessories"]] == [("Bulb", "aisle 3")]
    assert facts["every"] == "every 3 months"
    assert {"id": "parts", "title": "Parts", "text": "Bulb"} in facts["before"]["items"]


def test_each_reader_in_their_own_words(make_shop: MakeShop) -> None:
    """Names, places, dates and kinds are those of the reader's language; the shop may name kinds itself."""
    config = "extra: {helpstand: {languages: [en, de], categories: {lamp: {en: Lamps, de: Lampen}}}}\n"
    shop = make_shop({**FILES, "mkdocs.yml": f"site_name: S\ndocs_dir: content/en\nplugins: [helpstand]\n{config}"})
    german = pages_of(shop, "de")
    assert german["compare/lamp.md"].title == "Vergleich: Lampen"
    assert [fact["text"] for fact in german["products/lamp.md"].facts["facts"]] == ["L-1, L-2", "2 Jahre", "März 2036", "Gang 2"]


def test_five_hundred_products_are_paged(make_shop: MakeShop) -> None:
    """A hundred a page in each order, six side by side, a dozen at home: no page grows with the shop."""
    files = {
        f"content/products/p{number}.yml": f"name: Product {number:03}\nmodels: [M-{number:03}]\ncategory: any\nkind: thing\n"
        for number in range(500)
    }
    pages = pages_of(make_shop({**files, "content/en/lamp/a.md": guide("A")}))
    for fact, count in (("categories", 6), ("letters", 6), ("models", 6)):
        sizes = [
            sum(len(group["items"]) for group in page.facts[fact]) for page in pages.values() if page.facts.get("order") == fact
        ]
        assert (len(sizes), max(sizes)) == (count, 100), fact
    assert "products-6.md" in pages
    assert len(pages["compare/thing.md"].facts["columns"]) == 6
    assert len(pages["index.md"].facts["products"]) == 12


def test_shops_that_differ_are_told_apart(make_shop: MakeShop) -> None:
    """Shops with the same shelf stand together; a page for everybody names them, a kiosk hides those it is not in."""
    pier = STORE.replace("City, de: Stadt", "Pier").replace("aisle 3", "aisle 9")
    port = STORE.replace("City, de: Stadt", "Port")
    pages = pages_of(make_shop(FILES | {"stores/pier.yml": pier, "stores/port.yml": port}))
    assert pages["lamp/fit.md"].facts["accessories"][0]["places"] == [
        {"stores": "city port", "names": "City, Port", "text": "aisle 3"},
        {"stores": "pier", "names": "Pier", "text": "aisle 9"},
    ]
    facts = {fact["id"]: fact for fact in pages["products/lamp.md"].facts["facts"]}
    assert facts["store_place"]["places"] == [{"stores": "", "names": "", "text": "aisle 2"}]


def test_a_text_of_another_language_says_so(make_shop: MakeShop) -> None:
    """A German voice must not read an English shelf as if it were German."""
    files = FILES | {"content/products/lamp.yml": LAMP.replace("at the till", "{en: at the till}"), "stores/city.yml": STORE}
    found = pages_of(make_shop(files), "de")["products/lamp.md"].facts["accessories"]
    assert [getattr(place["text"], "lang", None) for item in found for place in item["places"]] == ["en", ""]


def test_what_a_product_puts_first_stands_first_everywhere(make_shop: MakeShop) -> None:
    """On its page, on its stages' pages, behind the door and beside a guide; then what asks questions, then file names."""
    trouble = {name: guide(name, stage="troubleshoot") for name in "abcd"}
    trouble["c"] = guide("c", stage="troubleshoot", type="troubleshooter")
    shop = {f"content/en/lamp/{name}.md": text for name, text in trouble.items()}
    shop["content/products/lamp.yml"] = LAMP + "first: [lamp/d]\n"
    pages = pages_of(make_shop(shop))
    order = ["d", "c", "a", "b"]
    assert [item["title"] for item in pages["products/lamp.md"].facts["groups"][0]["items"]] == order
    assert [item["title"] for item in pages["products/lamp/troubleshoot.md"].facts["items"]] == order
    assert [item["title"] for item in pages["stages/troubleshoot.md"].facts["items"]] == order
    assert [item["title"] for item in pages["intents/something-is-wrong.md"].facts["groups"][0]["items"]] == order
    assert [item["title"] for item in pages["lamp/a.md"].facts["siblings"]] == ["d", "c", "b"]
    assert [item["title"] for item in pages["all.md"].facts["items"]] == ["a", "b", "c", "d"]
