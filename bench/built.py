"""The pages of a built site as a bench sees them: where each is, of which type, and what part it plays in a walk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

HOME, HUB, GUIDE, OTHER = "home", "hub", "guide", "other"
TYPES = {
    "index": "home",
    "all": "list",
    "categories": "category",
    "intents": "intent",
    "stages": "stage",
    "products": "products",
    "products/*": "product",
    "products/*/*": "product-stage",
}
"""Names of the generated pages by their address; every other one is called after its first folder or itself."""
GENERATED = {"hub", "product"}
"""What `data-type` says of pages that nobody writes."""
LEADS_ON = {"intent", "list", "product", "product-stage", "stage"}
"""Types of generated pages that lead straight to guides."""


@dataclass(frozen=True)
class Page:
    """One page of a site."""

    path: str
    """Its address from the root of the site, such as `/en/kettle/descale.html`."""
    type: str
    part: str
    """What it is on the walk of a shopper: home, a hub, a guide, or none of these."""
    guide: str = ""
    """The guide's ID, or the name that a generated page has in its place."""
    stage: str = ""
    title: str = ""
    pictures: int = 0
    size: int = 0


def read_pages(site: Path, language: str) -> list[Page]:
    """Return the pages of one language, in the order of their addresses."""
    pages = (_read(site, path) for path in sorted((site / language).rglob("*.html")))
    return [page for page in pages if page is not None]


def _read(site: Path, path: Path) -> Page | None:
    text = path.read_text(encoding="utf-8", errors="replace")
    tree = LexborHTMLParser(text)
    article = tree.css_first("article[data-guide]")
    if article is None:
        return None  # a redirect has none
    facts = article.attributes
    guide = facts.get("data-guide") or ""
    written = facts.get("data-type") not in GENERATED
    type_ = (facts.get("data-type") or "guide") if written else type_of(guide)
    title = tree.css_first("h1")
    return Page(
        path="/" + path.relative_to(site).as_posix(),
        type=type_,
        part=part_of(type_, written=written),
        guide=guide,
        stage=facts.get("data-stage") or "",
        title=title.text(strip=True) if title else guide,
        pictures=len(tree.css("main img")),
        size=len(text),
    )


def type_of(name: str) -> str:
    """Return the type of a generated page."""
    first, *rest = name.split("/")
    if "compare" in (first, *rest[1:]):  # products of a kind, or the models of one product
        return "compare"
    pattern = "/".join([first, *("*" for _ in rest)])
    return TYPES.get(pattern) or TYPES.get(first) or first


def part_of(type_: str, *, written: bool) -> str:
    """Return what a page of a type is on the walk of a shopper."""
    if type_ == "home":
        return HOME
    if written:
        return GUIDE
    return HUB if type_ in LEADS_ON else OTHER


def one_of_each(pages: Iterable[Page]) -> dict[str, Page]:
    """Return for each type its heaviest page: the one with the most pictures, then the one with the most HTML."""
    chosen: dict[str, Page] = {}
    for page in pages:
        best = chosen.get(page.type)
        if best is None or (page.pictures, page.size) > (best.pictures, best.size):
            chosen[page.type] = page
    return dict(sorted(chosen.items()))
