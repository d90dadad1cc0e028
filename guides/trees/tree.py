"""What a troubleshooter or a menu is: questions with answers, and endings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from guides.page import Place
    from guides.targets import Target


class Ending(StrEnum):
    """How a way through a tree can end; the same words in all languages, so that counts add up."""

    SOLVED = "solved"
    REPAIR = "repair"
    RETURN = "return"
    EXCHANGE = "exchange"
    COMPLAINT = "complaint"
    ACCESSORY = "accessory"
    PERSON = "person"
    SAFETY_STOP = "safety-stop"
    OTHER = "other"


class Choice(NamedTuple):
    """One answer of a question, or one way on at an ending."""

    text: str
    target: str
    """Where it leads, as typed."""
    to: Target
    place: Place


class Slip(NamedTuple):
    """Something in the form of a tree that is wrong, found while it is read."""

    place: Place
    rule: str
    message: str


@dataclass
class Node:
    """A question or an ending: a `##` heading and what stands under it."""

    id: str
    """As given; of a heading that has none, a name that nothing can lead to."""
    text: str
    place: Place
    ending: Ending | None = None
    choices: list[Choice] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """What is said before the answers, one entry per paragraph."""
    boxes: set[str] = field(default_factory=set)
    """Kinds of its warning boxes."""
    slipped: bool = False
    """Its class is misspelt: whether it is a question or an ending nobody knows."""


@dataclass(frozen=True)
class Tree:
    """A troubleshooter or a menu in one language; the first node is its start."""

    guide_id: str
    language: str
    title: str
    menu: bool
    nodes: tuple[Node, ...]
    intro: tuple[str, ...] = ()
    intro_boxes: frozenset[str] = frozenset()
    slips: tuple[Slip, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """Return the nodes by ID; of two with the same one the first."""
        found: dict[str, Node] = {}
        for node in self.nodes:
            found.setdefault(node.id, node)
        return found

    def node_at(self, source: str, line: int) -> Node | None:
        """Return the node in which a line of a file stands; None above the first, and in other files."""
        found = None
        for node in self.nodes:
            if node.place.source == source and node.place.line <= line:
                found = node
        return found


def follow(tree: Tree, path: str, start: str = "") -> Node | Choice | None:
    """Return where a path of digits such as `3.2` leads: a node, or the answer that leaves the tree; None for no way."""
    node = tree.by_id.get(start) if start else tree.nodes[0]
    digits = path.split(".") if path else []
    for number, digit in enumerate(digits, 1):
        if node is None or not digit.isdecimal() or not 1 <= int(digit) <= len(node.choices):
            return None
        choice = node.choices[int(digit) - 1]
        if choice.to.id != tree.guide_id or choice.to.anchor not in tree.by_id:
            return choice if number == len(digits) else None
        node = tree.by_id[choice.to.anchor]
    return node
