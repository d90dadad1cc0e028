"""Search gives answers, not links: opened in place, grouped, filtered, and never a dead end; answers come from a stub of the kiosk's API."""

# ruff: noqa: E501  (pages and lists of samples read best one to a line)

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]
THEME = Path(__file__).parents[2] / "theme" / "site"
SHOP = "http://shop.test"
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
TEXTS = {
    "searching": "Searching …", "results": "{count} results", "one": "1 result", "all": "See all", "meant": "Results for “{words}”",
    "none": "Nothing found for “{query}”.", "nearest": "Close to it:", "error": "No answer.", "products": "Or choose:",
    "person": "Talk to a person", "steps": "Show the steps", "answer": "Show the answer", "hide": "Hide", "guide": "Open the whole guide",
    "opened": "The first one is open below.", "unread": "It does not open here.", "product": "Product", "stage": "What for",
    "every": "All", "general": "For all products", "best": "The best {count} results", "more": "More choices",
    "stage-maintain": "Clean and care", "stage-use": "Use",
}  # fmt: skip
WARNING = (
    '<div class="admonition {kind}" role="note" aria-label="{title}"><p class="admonition-title">{title}</p><p>Mind it.</p></div>'
)
STEP = '<li><p>{text}</p><p><img alt="" src="../../media/{text}.svg" width="480" height="320"></p></li>'
DESCALE = f"""<!doctype html><html lang="en"><head><title>x</title><script src="evil.js"></script></head><body><main>
<section class="notices"><div class="notice notice-recall"><p>Do not use kettles of 2025.</p></div></section>
<article data-guide="kettle/descale" data-type="howto" data-lang="en"><header class="guide-head"><h1>Descale</h1><p class="lead">An hour in all.</p></header>
<section class="before" data-search-skip><h2 id="before-title">Before you start</h2></section>
<div class="prose steps"><div class="part intro"><p>Hard water leaves lime.</p>{WARNING.format(kind="danger", title="Pull the plug first")}</div>
<section class="part"><h2 id="out">Take it out</h2>{WARNING.format(kind="caution", title="Sharp edges")}<ol>{STEP.format(text="lift")}</ol></section>
<section class="part"><h2 id="loosen">Loosen the lime</h2>{WARNING.format(kind="warning", title="Acid stings")}
<ol>{STEP.format(text="fill")}{STEP.format(text="add")}</ol><script>document.title = "run"</script>
<p onclick="document.title = 'run'"><a id="x" href="smell.html#y">It smells</a> <a href="#out">Take it out</a> <a href="javascript:document.title='run'">run</a></p></section>
<section class="part seen"><span class="icon mark"></span><h2 id="seen">You will see</h2><p>The floor shines.</p></section>
</div></article><nav>More on this</nav></main></body></html>"""
TOGETHER = f"""<!doctype html><html lang="en"><body><article data-guide="shop/emergency" data-type="guide"><h1>Emergency</h1>
<div class="prose"><div class="part">{WARNING.format(kind="danger", title="Call 112")}<h2 id="fire">Fire</h2><ol><li>Out.</li></ol>
<h2 id="cell">A cell was swallowed</h2>{WARNING.format(kind="warning", title="It burns")}<p>Within two hours.</p>
<h3 id="wait">While you wait</h3><ol><li>Nothing to eat.</li></ol><h3 id="after">After it</h3><p>See a doctor.</p>
<h2 id="gas">Gas</h2>{WARNING.format(kind="danger", title="No sparks")}<p>Open the windows.</p></div></div></article></body></html>"""
PAGES = {"/en/kettle/descale.html": DESCALE, "/en/shop/emergency.html": TOGETHER}


def hit(name: str, **more: Any) -> dict[str, Any]:
    """Return a result as the kiosk's server gives it."""
    return {"id": name, "url": f"en/{name}.html", "title": f"Title {name}", "product": "", "product_title": "", "stage": "", "type": "howto",
            "heading": "", "passage": [{"text": f"About {name}.", "mark": False}], "score": 1, **more}  # fmt: skip


def of_product(name: str, product: str) -> dict[str, Any]:
    """Return a result about a product."""
    return hit(name, product=product, product_title=f"{product} 1")


def answer_of(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an answer as the kiosk's server gives it."""
    return {"query": "", "lang": "en", "results": list(results), "did_you_mean": None, "zero_result_help": None, **more}


class Shop:
    """A shop of one page whose API gives what the test says."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[dict[str, str]] = []
        self.answer: Callable[[dict[str, str]], dict[str, Any]] = lambda _: answer_of()
        page.route(f"{SHOP}/**", self._serve)

    def _serve(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.path == "/api/search":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.asked.append(asked)
            route.fulfill(json={"query": asked["q"]} | {**self.answer(asked), "query": asked["q"]})
        elif url.path.startswith("/assets/"):
            file = THEME / url.path[1:]
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif url.path.startswith("/media/"):
            route.fulfill(body="<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
        else:
            text = PAGES.get(url.path) or self._own(url.path)
            route.fulfill(
                status=200 if text else 404,
                body=text,
                content_type="text/html; charset=utf-8",
                headers={"content-security-policy": CSP},
            )

    @staticmethod
    def _own(path: str) -> str:
        texts = " ".join(f'data-text-{name}="{text}"' for name, text in TEXTS.items())
        form = (
            f'<form class="search" role="search" action="./search.html" data-person="en/person.html" {texts}>'
            '<input aria-label="Search" type="search" name="q"><button>Search</button></form>'
        )
        bodies = {
            "/en/search.html": f"<section data-search-page>{form}</section>",
            "/en/index.html": f"{form}<p>else</p>",
            "/en/person.html": "<h1>Person</h1>",
        }
        if path not in bodies:
            return ""
        return (
            '<!doctype html><html lang="en" data-surface="kiosk" data-root=".." data-lang="en"><head><meta charset="utf-8"><title>Shop</title>'
            '<link rel="icon" href="data:,"><link rel="stylesheet" href="../assets/css/tokens.css"><link rel="stylesheet" href="../assets/css/site.css">'
            '<link rel="stylesheet" href="../assets/css/search.css"><script type="module" src="../assets/js/search-ui.js"></script>'
            f'<script type="module" src="../assets/js/choices.js"></script></head><body><main><h1>Search</h1>{bodies[path]}</main></body></html>'
        )

    def search(self, query: str, **filters: str) -> None:
        """Open the search page with a query, and wait for its answer."""
        more = "".join(f"&{name}={value}" for name, value in filters.items())
        self.page.goto(f"{SHOP}/en/search.html?q={query}{more}")
        self.page.locator(".search-body[data-query]").wait_for(state="attached")

    def status(self) -> str:
        """Return what is read out."""
        return self.page.locator(".search-status").inner_text()

    def focus(self) -> str:
        """Return the words of what has the focus."""
        words: str = self.page.evaluate("document.activeElement.name || document.activeElement.textContent")
        return words


@pytest.fixture
def shop(browser: Browser) -> Iterator[Shop]:
    """Open a kiosk's page; nothing may complain in its console."""
    context = browser.new_context(viewport={"width": 1080, "height": 1920})
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Shop(page)
    context.close()
    # A page that is missing on purpose, and a handler that the policy stops before it is taken off.
    assert [line for line in complaints if "404" not in line and "inline event handler" not in line] == []


def test_a_clear_answer_opens_in_place(shop: Shop) -> None:
    """The section that answers, its warnings and those of the whole page, its steps with pictures; the other parts folded; said aloud."""
    shop.answer = lambda _: answer_of(hit("kettle/descale", url="en/kettle/descale.html#loosen"), hit("other"), clear=True)
    shop.search("lime")
    answer = shop.page.locator(".search-answer").first
    answer.get_by_text("fill", exact=True).wait_for()
    assert shop.status() == "2 results · The first one is open below."
    assert answer.locator(".notice-recall, .admonition-title").all_inner_texts() == [
        "Do not use kettles of 2025.", "Pull the plug first", "", "Acid stings"]  # fmt: skip
    assert [(part.locator("summary").inner_text(), part.get_attribute("open")) for part in answer.locator("details").all()] == [
        ("Take it out", None), ("Loosen the lime", "")]  # fmt: skip
    assert answer.locator("details[open] > ol > li").all_inner_texts() == ["fill", "add"]
    assert "shines" not in answer.inner_text()
    assert shop.page.locator(".search-answer:visible").count() == 1
    assert shop.page.locator(".search-result").nth(1).locator("button").inner_text() == "Show the steps"


def test_nothing_of_the_other_page_runs_or_points_astray(shop: Shop) -> None:
    """Scripts and handlers are gone, addresses are those that the page meant, no id is there twice, pictures wait until they are seen."""
    shop.answer = lambda _: answer_of(hit("kettle/descale", url="en/kettle/descale.html#loosen"), clear=True)
    shop.search("lime")
    answer = shop.page.locator(".search-answer")
    answer.get_by_text("It smells").click(trial=True)
    assert [link.get_attribute("href") for link in answer.locator("a").all()] == [
        f"{SHOP}/en/kettle/smell.html#y", f"{SHOP}/en/kettle/descale.html#out", None, f"{SHOP}/en/kettle/descale.html#loosen"]  # fmt: skip
    assert answer.locator("script, [onclick], [id]").count() == 0
    assert {(image.get_attribute("src"), image.get_attribute("loading")) for image in answer.locator("img").all()} == {
        (f"{SHOP}/media/{name}.svg", "lazy") for name in ("lift", "fill", "add")}  # fmt: skip
    assert shop.page.title() == "Shop"


@pytest.mark.parametrize(
    ("anchor", "has", "has_not"),
    [
        ("#cell", ["Call 112", "It burns", "Within two hours.", "Nothing to eat.", "See a doctor."], ["Out.", "No sparks"]),
        ("#wait", ["Call 112", "It burns", "Nothing to eat."], ["Within two hours.", "See a doctor.", "No sparks"]),
        ("#gas", ["Call 112", "No sparks", "Open the windows."], ["It burns", "Nothing to eat."]),
    ],
)
def test_a_warning_is_never_cut_off(shop: Shop, anchor: str, has: list[str], has_not: list[str]) -> None:
    """Where sections are not told apart by elements too: what warns of the page and of the section stands above its smallest part."""
    shop.answer = lambda _: answer_of(hit("shop/emergency", type="guide", url=f"en/shop/emergency.html{anchor}"), clear=True)
    shop.search("cell")
    answer = shop.page.locator(".search-answer")
    answer.get_by_text(has[-1]).wait_for()
    text = answer.inner_text()
    assert [words for words in has if words not in text] == []
    assert [words for words in has_not if words in text] == []


def test_the_beginning_answers_where_there_is_no_anchor(shop: Shop) -> None:
    """Summary, what stands before the first heading, and the steps: the first part open."""
    shop.answer = lambda _: answer_of(hit("kettle/descale"), clear=True)
    shop.search("descale")
    answer = shop.page.locator(".search-answer")
    answer.get_by_text("lift", exact=True).wait_for()
    for words in ("An hour in all.", "Hard water leaves lime.", "Pull the plug first", "Sharp edges"):
        assert words in answer.inner_text()
    assert answer.locator("details[open] summary").all_inner_texts() == ["Take it out"]
    answer.locator("summary", has_text="Loosen").click()
    assert "Acid stings" in answer.inner_text()


@pytest.mark.parametrize(
    ("heading", "opened"), [("", []), ("While you wait", []), ("A cell was swallowed", ["A cell was swallowed"])]
)
def test_of_parts_that_stand_side_by_side_the_reader_chooses(shop: Shop, heading: str, opened: list[str]) -> None:
    """Only the part that the passage is from is open: another one could be wrong in an emergency."""
    shop.answer = lambda _: answer_of(hit("shop/emergency", type="guide", heading=heading), clear=True)
    shop.search("cell")
    answer = shop.page.locator(".search-answer")
    answer.get_by_text("Call 112").wait_for()
    assert answer.locator("summary").all_inner_texts() == ["Fire", "A cell was swallowed"]
    assert answer.locator("details[open] summary").all_inner_texts() == opened


def test_steps_are_shown_and_hidden_by_keyboard(shop: Shop) -> None:
    """Tab and Enter open, Escape closes and comes back; arrows go from title to title; digits are those of the results alone."""
    shop.answer = lambda _: answer_of(hit("kettle/descale"), hit("kettle/descale-2"), hit("products/x", type="product"))
    shop.search("x")
    assert shop.status() == "3 results"
    assert shop.page.locator(".search-show").count() == 2, "a product's page has no steps"
    shop.page.locator(".search-title").first.focus()
    shop.page.keyboard.press("Tab")
    assert shop.focus() == "Show the steps"
    shop.page.keyboard.press("Enter")
    shop.page.locator(".search-answer").get_by_text("lift", exact=True).wait_for()
    assert shop.page.locator(".search-show").first.get_attribute("aria-expanded") == "true"
    assert shop.focus() == "Hide"
    shop.page.locator(".search-answer summary").first.focus()
    shop.page.keyboard.press("Escape")
    assert (shop.focus(), shop.page.locator(".search-answer:visible").count()) == ("Show the steps", 0)
    shop.page.keyboard.press("Enter")
    shop.page.locator(".search-answer .search-whole a").wait_for()
    shop.page.locator(".search-title").first.focus()
    shop.page.keyboard.press("ArrowDown")
    assert shop.focus() == "Title kettle/descale-2"
    shop.page.locator("[data-digit='3']").wait_for()
    assert shop.page.locator("[data-digit]").count() == 3
    assert shop.page.locator("[data-digit]").all_inner_texts() == [
        f"Title {name}" for name in ("kettle/descale", "kettle/descale-2", "products/x")
    ]


def test_a_page_that_does_not_come_is_no_dead_end(shop: Shop) -> None:
    """It is said in words, and the guide can still be opened."""
    shop.answer = lambda _: answer_of(hit("gone"), clear=True)
    shop.search("x")
    shop.page.locator(".search-answer", has_text="It does not open here.").wait_for()
    assert shop.page.locator(".search-answer a").get_attribute("href") == f"{SHOP}/en/gone.html"
    assert shop.status() == "1 result"


def test_results_stand_together_by_product(shop: Shop) -> None:
    """The first stays first; pages of no product have a name too; the arrows follow what is seen."""
    shop.answer = lambda _: answer_of(of_product("a", "kettle"), of_product("b", "lamp"), of_product("c", "kettle"), hit("d"))
    shop.search("x")
    assert shop.page.locator(".search-product").all_inner_texts() == ["kettle 1", "lamp 1", "For all products"]
    assert shop.page.locator(".search-title").all_inner_texts() == ["Title a", "Title c", "Title b", "Title d"]
    assert shop.page.locator(".search-where").count() == 0


@pytest.mark.parametrize(
    ("products", "order"),
    [
        ("kl", None),  # nothing to put together
        ("kk", None),  # one product only
        ("klk", "kkl"),
        ("klmnok", "kklmno"),
        ("klkkkkk", None),  # the second would fall to the seventh place
        ("kkkkkkl", "kkkkkkl"),
    ],
)
def test_grouping_pushes_no_good_result_far_down(shop: Shop, products: str, order: str | None) -> None:
    """The order of rank is left only where the first three stay among the first six."""
    shop.search("x")
    groups = shop.page.evaluate(
        "async (results) => (await import('/assets/js/search-groups.js')).grouped(results)",
        [{"product": one} for one in products],
    )
    assert (groups and "".join(result["product"] for _, results in groups for result in results)) == order


FACETS = {
    "products": [{"id": "kettle", "title": "AK-200 kettle", "count": 12}, {"id": "lamp", "title": "SL-3 lamp", "count": 3}],
    "stages": [{"id": "maintain", "count": 9}, {"id": "use", "count": 6}],
}


def test_filters_by_touch_and_keyboard(shop: Shop) -> None:
    """Each is a button that stays pressed, tells how many pages it has, is large enough for a finger, and stands in the address."""
    shop.answer = lambda asked: answer_of(of_product("a", asked.get("product", "lamp")), facets=FACETS)
    shop.search("x")
    chips = shop.page.locator(".search-chip")
    assert [" ".join(text.split()) for text in chips.all_inner_texts()] == [
        "All",
        "AK-200 kettle 12",
        "SL-3 lamp 3",
        "All",
        "Clean and care 9",
        "Use 6",
    ]
    assert min(box["height"] for chip in chips.all() if (box := chip.bounding_box())) >= 64
    chips.filter(has_text="kettle").click()
    shop.page.locator(".search-status", has_text="AK-200").wait_for()
    assert shop.asked[-1] == {"q": "x", "lang": "en", "product": "kettle"}
    assert shop.focus() == "AK-200 kettle 12"
    chips.filter(has_text="Clean").focus()
    shop.page.keyboard.press("Enter")
    shop.page.wait_for_url("**/search.html?q=x&product=kettle&stage=maintain")
    shop.page.get_by_text("1 result · AK-200 kettle · Clean and care", exact=True).wait_for()
    assert shop.page.locator(".search-chip[aria-pressed=true]").all_text_contents() == ["AK-200 kettle 12", "Clean and care 9"]
    shop.page.reload()
    shop.page.locator(".search-chip[aria-pressed=true]", has_text="kettle").wait_for()
    chips.first.click()
    shop.page.wait_for_url("**/search.html?q=x&stage=maintain")
    assert shop.asked[-1] == {"q": "x", "lang": "en", "stage": "maintain"}


def test_many_filters_do_not_push_the_answers_away(shop: Shop) -> None:
    """Four of each and "More choices"; the rest comes on request and stays; how many pages there are is not told as results."""
    stages = ["plan", "install", "use", "maintain", "repair", "return", "dispose"]
    facets = {"products": [], "stages": [{"id": stage, "count": 9 - place} for place, stage in enumerate(stages)]}
    shop.answer = lambda _: answer_of(hit("a"), hit("b"), facets=facets)
    shop.search("x")
    assert shop.status() == "The best 2 results"
    chips = shop.page.locator(".search-chip")
    assert [" ".join(text.split()) for text in chips.all_inner_texts()][4:] == ["Clean and care 6", "More choices"]
    chips.last.click()
    assert shop.focus() == "repair 5"
    assert chips.count() == 8
    chips.last.click()
    shop.page.locator(".search-chip[aria-pressed=true]", has_text="dispose").wait_for()
    assert shop.status() == "2 results · dispose"
    assert chips.count() == 8


def test_an_answer_without_facets_can_still_be_freed(shop: Shop) -> None:
    """A filter of the address shows as pressed even where the answer tells of none; without one there is no row."""
    shop.answer = lambda _: answer_of(of_product("a", "kettle"))
    shop.search("x", product="kettle")
    assert shop.page.locator(".search-chip").all_inner_texts() == ["All", "kettle 1"]
    shop.page.locator(".search-chip").first.click()
    shop.page.locator(".search-filter").wait_for(state="detached")


def test_nothing_found_leads_on(shop: Shop) -> None:
    """What begins alike, the products by picture, a person: by digit too."""
    links = [
        {"title": "AK-200", "url": "en/products/kettle.html", "picture": "media/kettle.svg"},
        {"title": "Home", "url": "en/index.html", "picture": ""},
    ]
    found = {"desc": answer_of(hit("kettle/descale"))}
    shop.answer = lambda asked: found.get(asked["q"]) or answer_of(zero_result_help={"links": links})
    shop.search("descqlqr it")
    assert [asked["q"] for asked in shop.asked] == ["descqlqr it", "descq", "desc"]
    assert shop.status() == "Nothing found for “descqlqr it”."
    assert shop.page.locator(".search-body a").all_inner_texts() == ["Title kettle/descale", "AK-200", "Talk to a person", "Home"]
    assert shop.page.locator(".search-products img").get_attribute("src") == f"{SHOP}/media/kettle.svg"
    shop.page.locator("[data-digit='4']").wait_for()
    assert shop.page.locator("[data-digit]").count() == 4
    shop.page.locator("h1").click()
    shop.page.keyboard.press("3")
    shop.page.wait_for_url("**/en/person.html")


def test_nothing_behind_a_filter_shows_what_is_behind_none(shop: Shop) -> None:
    """The same words without the filter come closest."""
    shop.answer = lambda asked: answer_of() if "product" in asked else answer_of(hit("a"))
    shop.search("x", product="lamp")
    assert shop.page.locator(".search-title").all_inner_texts() == ["Title a"]
    assert shop.page.locator(".search-chip[aria-pressed=true]").all_inner_texts() == ["lamp"]


def test_under_the_field_of_a_kiosk_answers_open_too(shop: Shop) -> None:
    """The panel has the answer, but neither filters nor groups."""
    shop.answer = lambda _: answer_of(
        hit("kettle/descale", product="k"), hit("b"), hit("c", product="k"), clear=True, facets=FACETS
    )
    shop.page.goto(f"{SHOP}/en/index.html")
    shop.page.locator("input").press_sequentially("x")
    shop.page.locator(".search-panel .search-answer").get_by_text("lift", exact=True).wait_for()
    assert shop.page.locator(".search-chip, .search-group").count() == 0


def test_on_the_web_the_panel_has_passages_alone(shop: Shop) -> None:
    """A phone has no room for more under the field."""
    search = "export class Search { static async open() { return { search: async () => (%s) } } }"
    answer = answer_of(hit("kettle/descale"), clear=True)
    shop.page.route(
        "**/js/search.js", lambda route: route.fulfill(body=search % json.dumps(answer), content_type="text/javascript")
    )
    shop.page.route(
        "**/en/index.html",
        lambda route: route.fulfill(
            body=Shop._own("/en/index.html").replace('"kiosk"', '"web"'), content_type="text/html; charset=utf-8"
        ),
    )
    shop.page.goto(f"{SHOP}/en/index.html")
    shop.page.locator("input").press_sequentially("x")
    shop.page.locator(".search-passage").wait_for()
    assert shop.page.locator(".search-show").count() == 0
