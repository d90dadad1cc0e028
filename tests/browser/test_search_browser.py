"""Search in a real browser: the export gives what Python gives, and the page shows it."""

# ruff: noqa: E501  (lists of samples read best one to a line)

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from search_index.export import write_export
from search_index.indexer import build_index
from search_index.searcher import Searcher
from tests.search_index.hostile import HOSTILE
from tests.search_index.search_sites import ARABIC, ARABIC_QUESTIONS, KETTLE, SENTENCES, SETS, set_pages, set_queries, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ASSETS = Path(__file__).parents[2] / "theme" / "site" / "assets"
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'"
TEXTS = {
    "searching": "Searching …", "results": "{count} results", "one": "1 result", "all": "See all results", "meant": "Results for “{words}”",
    "none": "Nothing found for “{query}”.", "nearest": "Go on here:", "error": "Search does not answer right now.",
}  # fmt: skip
ASK_ALL = """async ([folder, questions]) => {
    const { Search } = await import("/assets/js/search.js");
    const search = await Search.open(folder);
    const answers = [];
    for (const question of questions) answers.push(await search.search(question));
    return answers;
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word, under the CSP of the site."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Add the policy."""
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Return a folder with sites and the address that it is served at."""
    folder = tmp_path_factory.mktemp("www")
    shutil.copytree(ASSETS, folder / "assets")
    make_shop(folder)
    write_site(folder / "arabic", ARABIC)
    write_site(folder / "sentences", SENTENCES)
    if SETS.is_dir():
        write_site(folder / "faq", {"en": set_pages("stackfaq")})
        write_site(folder / "encyclopedia", {"de": set_pages("xquad-de")})
    for about in folder.glob("*/helpstand.json"):
        write_export(about.parent)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def make_shop(folder: Path) -> None:
    """Write the small site with search forms in its pages, on the web, on a kiosk and in a right-to-left page."""
    shop = write_site(folder / "shop", KETTLE)
    shutil.copytree(ASSETS, shop / "assets")
    texts = " ".join(f'data-text-{name}="{text}"' for name, text in TEXTS.items())
    form = (
        f'<form class="search" role="search" action="./search.html" method="get" {texts}><label for="q">Search</label>'
        '<input id="q" type="search" name="q" maxlength="256"><button>Search</button></form>'
    )
    page = (
        '<!doctype html><html lang="en" dir="{dir}" data-surface="{surface}" data-root=".." data-lang="en"><head><meta charset="utf-8">'
        '<title>Home · Shop</title><link rel="icon" href="data:,"><link rel="stylesheet" href="../assets/css/search.css">'
        '<script type="module" src="../assets/js/search-ui.js"></script></head><body>{form}<p id="else">else</p>{more}</body></html>'
    )
    for name, surface, direction, more in (
        ("index", "web", "ltr", ""),
        ("kiosk", "kiosk", "ltr", ""),
        ("rtl", "web", "rtl", ""),
        ("search", "web", "ltr", "<section data-search-page></section>"),
    ):
        text = page.format(dir=direction, surface=surface, form=form, more=more)
        (shop / "en" / f"{name}.html").write_text(text, "utf-8")


@pytest.fixture
def page(browser: Browser, place: tuple[Path, str]) -> Iterator[Page]:
    """Return a fresh page whose console must stay silent."""
    context = browser.new_context(base_url=place[1])
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.complaints = complaints  # type: ignore[attr-defined]
    yield opened
    context.close()


def complaints(page: Page) -> list[str]:
    """Return what the console said."""
    found: list[str] = page.complaints  # type: ignore[attr-defined]
    return found


def both(
    page: Page, place: tuple[Path, str], site: str, lang: str, questions: list[str], tmp_path: Path
) -> list[tuple[Any, Any]]:
    """Return the answers of Python and of the browser to the same questions."""
    page.goto("/shop/en/index.html")
    build_index(place[0] / site, tmp_path / "index")
    with Searcher.open(tmp_path / "index") as searcher:
        python = [json.loads(json.dumps(searcher.search(text, lang))) for text in questions]
    return list(zip(python, page.evaluate(ASK_ALL, [f"/{site}/{lang}/search", questions]), strict=True))


@pytest.mark.parametrize("lang", ["en", "de"])
def test_small_site_is_answered_alike(page: Page, place: tuple[Path, str], tmp_path: Path, lang: str) -> None:
    """Same pages, same order, same scores, same passages: plain questions, part numbers and hostile strings."""
    plain = ["limescale", "limescal", "kettel", "is it on", "AK-200", "ak 200", "E24 AK-200", "white bits in my water", "clean the sens",
             "Größe", "groesse", "KALK", "de", "the", "vinegr filled steps", "fill vinegar"]  # fmt: skip
    # A lone surrogate cannot travel to the browser by this way; the small tests of both sides have it.
    hostile = [text for text in HOSTILE if not any("\ud800" <= c <= "\udfff" for c in text) and len(text) < 2000]
    for python, browser in both(page, place, "shop", lang, plain + hostile, tmp_path):
        assert browser == python
    assert complaints(page) == []


def test_arabic_is_answered_alike(page: Page, place: tuple[Path, str], tmp_path: Path) -> None:
    """Articles, endings, hamza, vowel signs, drawn-out words and Arabic digits mean the same to both runtimes."""
    questions = [*ARABIC_QUESTIONS, "وبالغلايات", "ﻻ ﺗﻌﻤﻞ", "ـــ", "ما هذا", "AK-۲۰۰", "غلا"]
    for python, browser in both(page, place, "arabic", "ar", questions, tmp_path):
        assert browser == python


def test_sentences_and_anchors_are_alike(page: Page, place: tuple[Path, str], tmp_path: Path) -> None:
    """Both cut between sentences, and only a long one inside; both enter a troubleshooter where it answers."""
    questions = [
        "child swallowed cell",
        "food",
        "call 112",
        "packet",
        "see what it was",
        "body of the child",
        "wait",
        "phone food",
    ]
    urls = []
    for python, browser in both(page, place, "sentences", "en", questions, tmp_path):
        assert browser == python
        urls += [result["url"] for result in python["results"]]
        for result in python["results"]:
            passage = "".join(mark["text"] for mark in result["passage"])
            assert ("Give food" in passage) == ("tells you to, e.g. by phone." in passage)
    assert {url for url in urls if "swallowed" in url} == {"en/lamp/swallowed.html", "en/lamp/swallowed.html#then"}
    assert {url for url in urls if "words" in url} == {"en/lamp/words.html", "en/lamp/words.html#then"}


@pytest.mark.parametrize(
    ("site", "lang", "name", "variant"),
    [("faq", "en", "stackfaq", ""), ("faq", "en", "stackfaq", "typo"), ("encyclopedia", "de", "xquad-de", ""), ("encyclopedia", "de", "xquad-de", "prefix")],
)  # fmt: skip
def test_real_questions_are_answered_alike(
    page: Page, place: tuple[Path, str], tmp_path: Path, site: str, lang: str, name: str, variant: str
) -> None:
    """A sample of real questions, mistyped and half-typed ones too: the two runtimes give the same."""
    if not SETS.is_dir():
        pytest.skip("the shared search sets are not beside this checkout")
    for python, browser in both(page, place, site, lang, list(set_queries(name, variant).values())[::25], tmp_path):
        assert browser == python


def hit(name: str, **more: Any) -> dict[str, Any]:
    """Return a result as the kiosk's server gives it."""
    return {"id": name, "url": f"en/{name}.html", "title": f"Title {name}", "product": "", "product_title": "", "stage": "", "type": "howto",
            "heading": "", "passage": [], "score": 1, **more}  # fmt: skip


def answer_of(*results: dict[str, Any], query: str = "", **more: Any) -> dict[str, Any]:
    """Return an answer as the kiosk's server gives it."""
    return {"query": query, "lang": "en", "results": list(results), "did_you_mean": None, "zero_result_help": None, **more}


def type_in(page: Page, text: str) -> None:
    """Type into the search field."""
    page.locator("input[name=q]").press_sequentially(text, delay=5)


def test_results_appear_while_typing(page: Page) -> None:
    """Title, place and passage with marks appear without sending the form, and nothing is loaded before the field is used."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/shop/en/index.html")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/search/" in url]
    type_in(page, "limescale comes off")
    page.locator(".search-title", has_text="Remove limescale").wait_for()
    assert page.locator(".search-title").first.get_attribute("href").endswith("/shop/en/kettle/descale.html#you-will-see")  # type: ignore[union-attr]
    assert "limescale" in page.locator(".search-passage mark").all_inner_texts()
    assert page.locator(".search-where").first.inner_text() == "Aqua kettle AK-200 · You will see"
    assert page.locator("[role=status]").inner_text() in {"1 result", *(f"{count} results" for count in range(2, 11))}
    assert complaints(page) == []


def type_and_wait(page: Page, text: str) -> None:
    """Type a search and wait for its own answer: on a slow machine one to its first letters comes before it."""
    type_in(page, text)
    page.locator(f'.search-body[data-query="{text}"]').wait_for()


def test_by_keyboard_alone(page: Page) -> None:
    """Arrow keys go through the results and back, Enter follows, Escape closes."""
    page.goto("/shop/en/index.html")
    type_and_wait(page, "limescale kettle")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == page.locator(".search-title").first.inner_text()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    assert page.locator(".search-title").count() == 0
    page.keyboard.type("s")
    page.locator('.search-body[data-query="limescale kettles"]').wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kettle/*.html*")


def test_a_late_answer_does_not_take_the_focus_away(page: Page) -> None:
    """Whoever has gone into the list when other results come stays on the same link, or comes back to the field."""
    held: list[Route] = []
    page.route("**/api/search?*", lambda route: held.append(route))  # noqa: PLW0108  (playwright cannot call a built-in)
    page.goto("/shop/en/kiosk.html")
    asked = ""
    for more, found, now in (("old", "ab", "q"), ("new", "bc", "Title b"), ("est", "d", "q")):
        page.locator("input[name=q]").focus()
        asked += more
        with page.expect_request("**/api/search?*"):
            page.keyboard.type(more)
        if page.locator(".search-title").count():
            page.locator(".search-title").last.focus()
        held.pop().fulfill(json=answer_of(*map(hit, found), query=asked))
        page.locator(f'.search-body[data-query="{asked}"]').wait_for()
        assert page.evaluate("document.activeElement.name || document.activeElement.textContent") == now


def test_a_kiosk_whose_search_is_away_says_so_offers_ways_and_comes_back_by_itself(page: Page) -> None:
    """Nobody types again: the same question is asked until there is an answer, and the sentence is said once."""
    away = {
        **answer_of(query="tea"),
        "unavailable": "Build it.",
        "zero_result_help": {"links": [{"title": "Home", "url": "en/index.html"}]},
    }
    asked: list[str] = []

    def answered(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json=away if len(asked) < 3 else answer_of(hit("a", title="Back again"), query="tea"))

    page.route("**/api/search?*", answered)
    page.goto("/shop/en/kiosk.html")
    type_in(page, "tea")
    page.locator("[role=status]", has_text="Search does not answer right now.").wait_for()
    assert page.locator(".search-way").all_inner_texts() == ["Home"]
    page.locator(".search-title", has_text="Back again").wait_for()
    assert len(asked) == 3
    assert complaints(page) == []


def test_enter_leads_to_the_search_page(page: Page) -> None:
    """The form works as a form, and search.html shows the results of ?q=."""
    page.goto("/shop/en/index.html")
    type_in(page, "kettel")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=kettel")
    page.locator(".search-corrected", has_text="Results for “kettle”").wait_for()
    assert page.locator("input[name=q]").input_value() == "kettel"
    page.locator("input[name=q]").fill("wifi")
    page.locator(".search-title", has_text="Wi-Fi").wait_for()
    page.wait_for_url("**/search.html?q=wifi")
    assert complaints(page) == []


def test_nothing_found_leads_on(page: Page) -> None:
    """No dead end: product pages and home."""
    page.goto("/shop/en/rtl.html")
    type_in(page, "qqqqqq <b>x</b>")
    page.locator(".search-help").wait_for()
    page.locator("[role=status]", has_text="Nothing found for “qqqqqq <b>x</b>”.").wait_for()
    assert page.locator(".search-title").all_inner_texts() == ["Aqua kettle AK-200"]
    assert page.locator(".search-way").all_inner_texts() == ["Home · Shop"]


def test_data_that_cannot_be_loaded_are_not_silent_and_tried_again(page: Page) -> None:
    """A failure is said in words; the next letter tries again."""
    page.goto("/shop/en/index.html")
    page.route("**/manifest.json", lambda route: route.abort())
    type_in(page, "limescale")
    page.locator("[role=status]", has_text="Search does not answer right now.").wait_for()
    page.unroute("**/manifest.json")
    page.keyboard.type(" ")
    page.locator(".search-title", has_text="Remove limescale").wait_for()


def test_a_site_that_is_replaced_meanwhile_is_searched_on(page: Page) -> None:
    """The open page knows the old names of the data, whose files are gone: it asks for the new ones before it complains."""
    manifests: list[str] = []
    page.on("request", lambda request: manifests.append(request.url) if "manifest.json" in request.url else None)
    page.route("**/words-*.json", lambda route: route.fulfill(status=404), times=1)
    page.goto("/shop/en/index.html")
    type_in(page, "limescale")
    page.locator(".search-title", has_text="Remove limescale").wait_for()
    assert len(manifests) == 2


def test_a_kiosk_asks_its_own_server_and_drops_late_answers(page: Page) -> None:
    """The kiosk's API answers; an answer to older words never replaces a newer one."""
    held: list[Route] = []
    page.route("**/api/search?*q=old&*", lambda route: held.append(route))  # noqa: PLW0108  (playwright cannot call a built-in)
    page.route("**/api/search?*q=oldnew&*", lambda route: route.fulfill(json=answer_of(hit("a", title="Newest"), query="oldnew")))
    page.goto("/shop/en/kiosk.html")
    type_in(page, "old")
    page.wait_for_timeout(400)
    type_in(page, "new")
    page.locator(".search-title", has_text="Newest").wait_for()
    held[0].fulfill(json=answer_of(query="old"))
    page.wait_for_timeout(200)
    assert page.locator(".search-title").all_inner_texts() == ["Newest"]
    assert page.locator("[role=status]").inner_text() == "1 result"
