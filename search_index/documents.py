"""Built pages become documents: only the `<article>` slice of a page is read, cut into sections at its headings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from selectolax.lexbor import LexborHTMLParser

from search_index.errors import SiteMissingError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


@dataclass(frozen=True)
class Section:
    """A piece of a page under one heading; `anchor` is empty before the first."""

    heading: str
    anchor: str
    text: str
    """Blocks (paragraphs, steps, cells) stand on lines of their own."""
    continued: bool = False
    """Goes on with the section before it, which was long; it has the same heading and anchor."""


@dataclass(frozen=True)
class Document:
    """One page as search sees it."""

    id: str
    url: str
    title: str
    product: str = ""
    stage: str = ""
    type: str = "guide"
    sections: tuple[Section, ...] = ()
    aliases: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    product_names: tuple[str, ...] = field(default=())
    """What this language calls the products of the page, from the titles of the product pages."""
    picture: str = ""
    """The first picture of a product's page."""


@dataclass(frozen=True)
class Language:
    """A language of the site, in the order of helpstand.json: the first is the default."""

    code: str
    name: str = ""


@dataclass(frozen=True)
class Link:
    """A place to go on when nothing was found."""

    title: str
    url: str
    picture: str = ""
    """Address of the product's picture in the site, or nothing."""


NUMBERS = ("codes", "models")
WORDS = ("aliases", "symptoms", "keywords")
PIECE_CHARACTERS = 800

_OPENING = re.compile(r"<article\s[^>]*\bdata-guide=")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_UNREAD = frozenset(
    ("script", "style", "template", "noscript", "svg", "math", "iframe", "object", "nav", "button", "select", "dialog")
)
_BLOCKS = frozenset(
    ("address", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
     "footer", "h1", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody",
     "tfoot", "thead", "ul")
)  # fmt: skip
_CELLS = frozenset(("td", "th"))
# A file name may hold spaces and any letters: what goes into `href` is quoted once, here.
_SAFE = "/~!$&'()*+,;=:@"
_SPACE = re.compile(r"[^\S ]\s*| \s+")
"""Any space but a single one, which stays what it is: quicker than to put one for each."""
# Rows and their cells, as marks in the text; the page's own are gone by then, for `_SPACE` takes them for spaces.
_ROW, _CELL = "\x1d", "\x1e"
_ROWS = re.compile(f"{_ROW}([^{_ROW}]*){_ROW}")


def site_languages(site: Path) -> list[Language]:
    """Return the languages that the site says it has, the default first."""
    about = site / "helpstand.json"
    try:
        data = json.loads(about.read_text("utf-8"))
        found = [Language(str(entry["code"]), str(entry.get("name", ""))) for entry in data["languages"]]
        default = data.get("default")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_site(about, error) from error
    for language in found:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,35}", language.code):
            raise SiteMissingError(f"{about}: '{language.code}' is no language code.")
    return sorted(found, key=lambda language: language.code != default)


def site_synonyms(site: Path, code: str) -> list[tuple[str, ...]]:
    """Return the groups of words that writers of this language call the same thing, as they wrote them."""
    about = site / "helpstand.json"
    try:
        groups = json.loads(about.read_text("utf-8")).get("synonyms", {}).get(code, [])
        return [_group(group) for group in groups]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise _no_site(about, error) from error


def _group(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(str, value))


def _no_site(about: Path, error: Exception) -> SiteMissingError:
    return SiteMissingError(f"{about}: there is no built site here ({type(error).__name__}). Run `./helpstand build` first.")


def read_language(site: Path, code: str) -> tuple[list[Document], list[Link]]:
    """Return the documents of one language, sorted by id, and where to go on when nothing is found."""
    documents = []
    home = Link(code, f"{code}/index.html")
    for path in sorted((site / code).rglob("*.html")):
        url = quote(path.relative_to(site).as_posix(), safe=_SAFE)
        # Bytes that are no UTF-8 cannot come from our own build; a site must still be searchable around such a page.
        page = path.read_text("utf-8", errors="replace")
        if url == home.url:
            home = Link(_page_title(page) or code, url)
        if (document := read_page(page, url, code)) is not None:
            documents.append(document)
    documents.sort(key=lambda document: document.id)
    named = _with_product_names(documents)
    products = [Link(document.title, document.url, document.picture) for document in named if document.type == "product"]
    return named, [*products, home]


def read_page(page: str, url: str, language: str = "") -> Document | None:
    """Return the document of one built page, or None for pages that are no content (hubs, search, error pages).

    A page that stands in where a translation is missing is found by its title, product and numbers only: its words are of another
    language, which that language's own search knows.
    """
    opening = _OPENING.search(page)
    if opening is None:
        return None
    end = page.rfind("</article>")
    root = LexborHTMLParser(page[opening.start() : end if end > 0 else len(page)]).css_first("article")
    if root is None:
        return None
    attributes = {name: value or "" for name, value in root.attributes.items()}
    if attributes.get("data-type") == "hub" or not attributes.get("data-guide"):
        return None
    stands_in = bool(language) and attributes.get("data-lang", language) != language
    reader = _Reader()
    reader.read(root)
    return Document(
        id=attributes["data-guide"],
        url=url,
        title=reader.title or _page_title(page) or attributes["data-guide"].rsplit("/", 1)[-1],
        product=attributes.get("data-product", ""),
        stage=attributes.get("data-stage", ""),
        type=attributes.get("data-type") or "guide",
        picture=_picture(root, url) if attributes.get("data-type") == "product" else "",
        sections=() if stands_in else reader.sections(),
        **{name: _texts(attributes.get(f"data-{name}", "")) for name in (NUMBERS if stands_in else (*NUMBERS, *WORDS))},
    )


def _picture(root: LexborNode, url: str) -> str:
    """Return where the first picture of a page is, from the root of the site; nothing for one that is elsewhere."""
    image = root.css_first("img[src]")
    source = image.attributes.get("src") if image else ""
    found = urljoin(f"/{url}", source) if source else ""
    return found[1:] if found.startswith("/") and not found.startswith("//") else ""


def _page_title(page: str) -> str:
    match = _TITLE.search(page[:20_000])
    return _SPACE.sub(" ", unescape(match.group(1))).strip() if match else ""


def _texts(value: str) -> tuple[str, ...]:
    if not value:
        return ()
    try:
        found = json.loads(value)
    except ValueError:
        return ()
    return tuple(str(entry) for entry in found) if isinstance(found, list) else ()


def _with_product_names(documents: list[Document]) -> list[Document]:
    names = {name: document.title for document in documents if document.type == "product" for name in document.product.split()}
    result = []
    for document in documents:
        found = tuple(names[product] for product in document.product.split() if product in names)
        result.append(Document(**{**document.__dict__, "product_names": found}))
    return result


def cut_section(heading: str, anchor: str, text: str) -> list[Section]:
    """Return a section in pieces of bearable length, cut between blocks: what is shown is chosen and marked piece by piece."""
    pieces: list[list[str]] = [[]]
    size = 0
    for line in _short_lines(text):
        if size and size + len(line) > PIECE_CHARACTERS:
            pieces.append([])
            size = 0
        pieces[-1].append(line)
        size += len(line)
    return [Section(heading, anchor, "\n".join(piece), continued=index > 0) for index, piece in enumerate(pieces)]


def _short_lines(text: str) -> list[str]:
    """Return the lines of a text; one that is longer than a piece is cut between words."""
    lines: list[str] = []
    for line in text.split("\n"):
        rest = line
        while len(rest) > PIECE_CHARACTERS:
            cut = rest.rfind(" ", 1, PIECE_CHARACTERS)
            cut = cut if cut > 0 else PIECE_CHARACTERS
            lines.append(rest[:cut])
            rest = rest[cut:].lstrip()
        lines.append(rest)
    return lines


class _Reader:
    """Walks an article and gathers its title and sections."""

    def __init__(self) -> None:
        self.title = ""
        self._done: list[Section] = []
        self._heading = ""
        self._anchor = ""
        self._text: list[str] = []

    def read(self, root: LexborNode) -> None:
        """Read all that stands in an element, in order; how deep it is nested does not matter."""
        waiting: list[LexborNode | str] = [*_children(root)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):  # a block ends here
                self._text.append(node)
            elif node.is_text_node:
                self._text.append(_SPACE.sub(" ", node.text_content or ""))
            elif node.is_element_node:
                waiting += self._element(node)

    def _element(self, node: LexborNode) -> list[LexborNode | str]:
        """Take what an element itself says; return what in it is to be read, last first."""
        tag = node.tag or ""
        attributes = node.attributes
        if tag in _UNREAD or "data-search-skip" in attributes or "hidden" in attributes:
            return []
        if tag == "h1" and not self.title:
            self.title = _plain(node)
        elif tag in _HEADINGS:
            self._close()
            self._heading, self._anchor = _plain(node), quote(attributes.get("id") or "", safe=_SAFE) or self._anchor
        elif tag == "tr" or _is_choice(node):
            self._text.append(f"\n{_ROW}" if tag == "tr" else f"\n{_ROW}{_CELL}")
            return [f"{_ROW}\n", *_children(node)]
        elif tag in _CELLS or (tag == "li" and node.parent is not None and _is_choice(node.parent)):
            return [_CELL, *_children(node)]
        elif tag in _BLOCKS:
            self._text.append("\n")
            return ["\n", *_children(node)]
        else:
            return [*_children(node)]
        return []

    def _close(self) -> None:
        lines = (line.strip() for line in _ROWS.sub(_row, "".join(self._text)).split("\n"))
        text = "\n".join(_SPACE.sub(" ", line) for line in lines if line)
        if text or self._heading:
            self._done.extend(cut_section(self._heading, self._anchor, text))
        self._heading, self._text = "", []

    def sections(self) -> tuple[Section, ...]:
        self._close()
        return tuple(self._done)


def _row(match: re.Match[str]) -> str:
    """Return the cells of a row as one line: "E21: the door does not lock · close it again"; choices have no first cell."""
    first, *others = [_SPACE.sub(" ", cell).strip() for cell in match.group(1).split(_CELL)]
    rest = " · ".join(cell for cell in others if cell)
    between = " " if first.endswith((":", "?", "!", ".", "؟")) else ": "
    return between.join(part for part in (first, rest) if part)


def _is_choice(node: LexborNode) -> bool:
    """Say whether an element is a list of answers: each leads to another place of the page, and says little by itself."""
    if node.tag not in {"ul", "ol"}:
        return False
    items = [child for child in node.iter() if child.tag == "li"]
    return bool(items) and all(
        [child.tag for child in item.iter()] == ["a"] and (item.css_first("a").attributes.get("href") or "").startswith("#")  # type: ignore[union-attr]
        for item in items
    )


def _children(node: LexborNode) -> list[LexborNode]:
    """Return the children of an element, last first, as they are taken from a stack."""
    children: list[LexborNode] = list(node.iter(include_text=True, skip_empty=False))
    return children[::-1]


def _plain(node: LexborNode) -> str:
    parts: list[str] = []
    waiting = _children(node)
    while waiting:
        child = waiting.pop()
        if child.is_text_node:
            parts.append(child.text_content or "")
        elif child.is_element_node and "headerlink" not in (child.attributes.get("class") or "") and child.tag not in _UNREAD:
            waiting += _children(child)
    return _SPACE.sub(" ", "".join(parts)).strip()
