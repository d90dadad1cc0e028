"""A tree from the lines of a page: `## Question {#id}` and a list of links below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from guides.inline import heard, read_inline
from guides.page import Place
from guides.suggest import did_you_mean
from guides.targets import resolve
from guides.trees.tree import Choice, Ending, Node, Slip, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guides.snippets import Line

_HEADING = re.compile(r" {0,3}(#{1,6})(?!#)\s*(.*?)\s*$")
_ATTRIBUTES = re.compile(r"\s*#*\s*\{:?\s*([^{}]*)\}\s*$")
_LOOSE = re.compile(r"\{:?\s*((?:[.#][\w-]+\s*)+)\}\s*$")
_UNDERLINE = re.compile(r" {0,3}-{2,}\s*$")
_ITEM = re.compile(r" {0,3}(?:([-*+])|(\d+)[.)])\s+(.*)$")
_BOX = re.compile(r"(?:!!!|\?\?\?\+?)\s*([\w-]+)\s*(?:\"([^\"]*)\")?")
_PLAIN_LINK = re.compile(r"\[([^\[\]`<*_&\\{}]+)\]\(([^()\s<>]+)\)")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_GOOD_ID = re.compile(r"[a-z][a-z0-9-]*")
WARNINGS = frozenset(("warning", "danger"))
"""Boxes that keep somebody from harm."""


class _Item(NamedTuple):
    """An entry of a list, with all its lines."""

    text: str
    numbered: bool
    place: Place


def read_tree(guide_id: str, language: str, title: str, lines: Iterable[Line], *, menu: bool = False) -> Tree:
    """Return the tree of a page's lines, snippets expanded and code left out. Never raises: what is wrong becomes a slip."""
    reader = _Reader(guide_id)
    for line in lines:
        reader.read(line)
    reader.close()
    intro = reader.intro
    return Tree(
        guide_id, language, title, menu, tuple(reader.nodes), tuple(intro.words), frozenset(intro.boxes), tuple(reader.slips)
    )


class _Reader:
    """The one pass over the lines."""

    def __init__(self, guide_id: str) -> None:
        self._guide_id = guide_id
        self.nodes: list[Node] = []
        self.slips: list[Slip] = []
        self.intro = Node("", "", Place("", 0, 0))
        self._node = self.intro
        self._before: Line | None = None
        self._paragraph: list[Line] = []
        self._item: list[Line] = []
        self._items: list[_Item] = []
        self._numbered = self._in_box = self._late = False

    def read(self, line: Line) -> None:
        """Take the next line that holds something."""
        text = line.text
        gap = self._is_gap(line)
        indented = text.startswith(("    ", "\t"))
        if gap and self._paragraph:
            self._end_paragraph()
        self._in_box = self._in_box and indented
        # Most lines are told by their first sign, and patterns are slow.
        first = text.lstrip(" ")[0]
        if not indented and first == "#" and (heading := _HEADING.match(text)):
            self._heading(len(heading[1]), heading[2], line)
        elif not indented and not gap and self._paragraph and first == "-" and _UNDERLINE.match(text):
            self._underlined(line)
        elif not indented and first in "!?" and (box := _BOX.match(text)):
            self._open_box(box)
        elif self._in_box:
            self._paragraph.append(line)
        elif not indented and (first in "-*+" or first.isdigit()) and (item := _ITEM.match(text)):
            self._end_paragraph()
            self._end_item()
            self._item = [line._replace(text=item[3])]
            self._numbered = bool(item[2])
        elif self._item and (indented or not gap):
            self._item.append(line)
        else:
            self._end_list()
            self._paragraph.append(line)
        self._before = line

    def _is_gap(self, line: Line) -> bool:
        before = self._before
        return before is None or before.source != line.source or line.number != before.number + 1

    def _open_box(self, box: re.Match[str]) -> None:
        self._end_list()
        self._end_paragraph()
        self._node.boxes.add(box[1].lower())
        self._said(box[2] or "")
        self._in_box = True

    def _said(self, words: str) -> None:
        if words:
            self._node.words.append(words)

    def close(self) -> None:
        """End what is open."""
        self._end_paragraph()
        self._end_list()
        self._end_node()

    # Headings

    def _heading(self, level: int, text: str, line: Line) -> None:
        self._end_paragraph()
        self._end_list()
        attributes = _ATTRIBUTES.search(text)
        names = attributes[1].split() if attributes else []
        place = _place(line)
        if level != 2:
            if any(name[1:] in set(Ending) for name in names if name[0] == "."):
                self._slip(place, "tree-heading", "an ending is a heading with two #. Write '## …'")
            self._said(heard(_ATTRIBUTES.sub("", text)))
            return
        self._start_node(text, names, place)

    def _underlined(self, line: Line) -> None:
        title = self._paragraph.pop()
        self._end_paragraph()
        self._end_list()
        attributes = _ATTRIBUTES.search(title.text)
        self._slip(
            _place(line), "tree-heading", f"this line makes a heading of the one above it. Write '## {title.text.strip()}'"
        )
        self._start_node(title.text.strip(), attributes[1].split() if attributes else [], _place(title))

    def _start_node(self, text: str, names: list[str], place: Place) -> None:
        self._end_node()
        plain = heard(_ATTRIBUTES.sub("", text).rstrip("# "))
        ids = [name[1:] for name in names if name[0] == "#"]
        node = Node(ids[0] if ids else f"?{len(self.nodes)}", plain, place)
        self.nodes.append(node)
        self._node = node
        self._late = False
        if not ids:
            message = f"the heading '{plain}' has no ID. Write '## {plain} {{#short-name}}'; the same one in all languages"
            self._slip(place, "tree-id", message)
        elif not _GOOD_ID.fullmatch(node.id):
            message = f"'{node.id}' is not an ID that lasts. Use small letters, digits and hyphens, beginning with a letter"
            self._slip(place, "tree-id", message)
        self._class(node, [name[1:] for name in names if name[0] == "."])

    def _class(self, node: Node, classes: list[str]) -> None:
        known = [name for name in classes if name in set(Ending)]
        for name in classes:
            if name not in known:
                node.slipped = True
                cure = did_you_mean(f".{name}", [f".{one}" for one in Ending]) or f" There are: {', '.join(Ending)}"
                self._slip(node.place, "tree-ending", f"unknown ending '.{name}'.{cure}")
        if len(known) > 1:
            self._slip(node.place, "tree-ending", f"this is {len(known)} endings ({', '.join(known)}). Keep one")
        node.ending = Ending(known[0]) if known else None

    # Lists and paragraphs

    def _end_item(self) -> None:
        if self._item:
            one = len(self._item) == 1
            text = self._item[0].text.strip() if one else " ".join([line.text.strip() for line in self._item])
            self._items.append(_Item(text, self._numbered, _place(self._item[0])))
            self._item = []

    def _end_list(self) -> None:
        if not self._item and not self._items:
            return
        self._end_item()
        items, self._items = self._items, []
        links = [_only_link(item.text) for item in items]
        if not any(links):
            for item in items:
                self._said(heard(item.text))
            return
        if self._node.choices and not self._late:
            self._slip(items[0].place, "tree-answers", "a second list of answers begins here. Join it to the first")
        elif items[0].numbered and not self._node.choices:
            self._slip(items[0].place, "tree-answers", "answers are numbered by themselves. Begin each with '- '")
        for item, link in zip(items, links, strict=True):
            self._choice(item, link)

    def _choice(self, item: _Item, link: tuple[str, str] | None) -> None:
        if link is None:
            what = f"this entry is not a link alone ('{heard(item.text)[:40]}')"
            self._slip(item.place, "tree-answers", f"{what}. Write '- [words of the answer](#id)'; all else above the list")
            return
        text, target = link
        self._node.choices.append(Choice(text, target, resolve(self._guide_id, target), item.place))

    def _end_paragraph(self) -> None:
        if not self._paragraph:
            return
        lines, self._paragraph = self._paragraph, []
        text = " ".join(line.text.strip() for line in lines)
        loose = _LOOSE.fullmatch(text)
        if loose and self._node is not self.intro:
            name = text.strip("{}: ")
            message = f"'{text}' would stand on the page as text. Put it into the braces of the heading: '## … {{#id {name}}}'"
            self._slip(_place(lines[0]), "tree-heading", message)
            self._node.slipped = self._node.slipped or "." in loose[1]
            return
        if self._node.choices and not self._late:
            self._late = True
            self._slip(_place(lines[0]), "tree-late", "this stands behind the answers, where nobody looks. Put it above them")
        if not _PICTURE.fullmatch(text):
            self._said(heard(text))

    def _end_node(self) -> None:
        """Take the links of the introduction for what they are: no answers."""
        if self._node is self.intro:
            self.intro.choices.clear()

    def _slip(self, place: Place, rule: str, message: str) -> None:
        if self._node is not self.intro or rule not in {"tree-answers", "tree-late"}:
            self.slips.append(Slip(place, rule, message))


def _place(line: Line) -> Place:
    return Place(line.source, line.number, line.included)


def _only_link(text: str) -> tuple[str, str] | None:
    """Return text and target of a list's entry that is nothing but a link."""
    plain = _PLAIN_LINK.fullmatch(text)
    if plain:
        return " ".join(plain[1].split()), plain[2]
    if not text.startswith("["):
        return None
    links = read_inline(text).links
    if len(links) == 1 and heard(_LOOSE.sub("", text)) == links[0].text:
        return links[0].text, links[0].target
    return None
