"""Walks through troubleshooters in a real browser, as a shopper makes them: by touch, by keyboard, by digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from guides.library import load_library
from guides.settings import load_settings
from guides.trees.tree import Choice, Node, Tree, follow
from tests.engine.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

Way = tuple[int, ...]
METHODS = ("touch", "keyboard", "digits")
_FOCUSED = r"((on) => (on.closest('[data-now] li') ? on.textContent.replace(/\s+/g, ' ').trim() : ''))(document.activeElement)"
_NOW = "document.querySelector('[data-now]')?.dataset.node"


def trees_of(language: str) -> dict[str, Tree]:
    """Return the public trees of the demo shop in a language, by ID."""
    library, _ = load_library(load_settings(ROOT / "mkdocs.yml"))
    return {guide.id: guide.tree for guide in library.by_language(language) if guide.public and guide.tree}


def ways_of(tree: Tree) -> Iterator[Way]:
    """Yield every way from the start that passes no question twice: to an ending, out of the tree, or back to where it was."""
    waiting: list[tuple[Way, frozenset[str]]] = [((), frozenset())]
    while waiting:
        way, passed = waiting.pop()
        there = follow(tree, ".".join(map(str, way)))
        if not isinstance(there, Node) or there.ending or there.id in passed:
            yield way
            continue
        waiting += [((*way, digit), passed | {there.id}) for digit in range(len(there.choices), 0, -1)]


class Walker:
    """One page of a browser that shows one tree."""

    def __init__(self, page: Page, address: str, tree: Tree) -> None:
        self._page = page
        self._address = address
        self._tree = tree
        self._fresh = False

    def walk(self, way: Way, method: str) -> None:
        """Go a way, and see that it ends where the tree says it does, and that exactly this was told."""
        self._begin()
        for number in range(len(way)):
            before = ".".join(map(str, way[:number]))
            node = follow(self._tree, before)
            assert isinstance(node, Node)
            self._choose(node, way[number], method)
            self._arrived(way[: number + 1], node)

    def _begin(self) -> None:
        if not self._fresh:
            self._page.goto(self._address, wait_until="load")
            self._page.evaluate("import('/assets/js/endings.js').then((endings) => { window.told = endings.recorder(); })")
            self._fresh = True
        elif self._page.evaluate(_NOW) != self._tree.nodes[0].id:
            self._page.locator("[data-tree-again]").click()
        self._page.evaluate("window.told.length = 0")
        assert self._page.evaluate(_NOW) == self._tree.nodes[0].id

    def _choose(self, node: Node, digit: int, method: str) -> None:
        page, choice = self._page, node.choices[digit - 1]
        if not isinstance(self._goal(choice), Node):
            self._watch_exit()
        if method == "digits":
            if not page.evaluate("document.documentElement.dataset.surface === 'kiosk'"):
                page.evaluate("document.querySelector('[data-tree]').focus({ preventScroll: true })")
            page.keyboard.press(str(digit))
        elif method == "keyboard":
            if node is self._tree.nodes[0]:
                page.evaluate("document.querySelector('[data-tree]').focus({ preventScroll: true })")
            for _ in range(30):
                page.keyboard.press("Tab")
                if page.evaluate(_FOCUSED) == choice.text:
                    break
            assert page.evaluate(_FOCUSED) == choice.text
            page.keyboard.press("Enter")
        else:
            link = page.locator("[data-now] > ul > li a").nth(digit - 1)
            assert " ".join(link.inner_text().split()) == choice.text
            link.tap()

    def _goal(self, choice: Choice) -> Node | None:
        return self._tree.by_id.get(choice.to.anchor) if choice.to.id == self._tree.guide_id else None

    def _watch_exit(self) -> None:
        """Keep what is told when the page is left: the next page knows nothing of it."""
        self._page.evaluate("sessionStorage.setItem('told', '[]')")
        script = "addEventListener('pagehide', () => sessionStorage.setItem('told', JSON.stringify(window.told)), { once: true })"
        self._page.evaluate(script)

    def _arrived(self, way: Way, node: Node) -> None:
        page, path = self._page, ".".join(map(str, way))
        there = follow(self._tree, path)
        told: dict[str, Any] = {"tree": self._tree.guide_id, "start": self._tree.nodes[0].id, "path": path}
        if isinstance(there, Node):
            page.locator(f"[data-now][data-node={there.id}]").wait_for()
            assert page.evaluate("decodeURIComponent(location.hash)") == f"#{there.id}?a={path}"
            assert page.evaluate("document.activeElement.tagName") == "H2"
            assert page.locator("[data-node]:visible").count() == 1
            assert page.locator("[data-tree-person]").count() == 1
            ended = [{**told, "node": there.id, "ending": there.ending.value}] if there.ending else []
            assert page.evaluate("window.told") == ended
            return
        assert isinstance(there, Choice)
        page.wait_for_url(lambda url: not url.startswith(self._address))
        page.wait_for_load_state()
        assert page.locator("main h1").count() == 1, f"{path} of {self._tree.guide_id} leads to no page"
        (event,) = page.evaluate("JSON.parse(sessionStorage.getItem('told'))")
        page_left = event.pop("page")
        assert page_left.endswith(".html")
        assert event == {**told, "node": node.id, "ending": "page"}
        self._fresh = False
