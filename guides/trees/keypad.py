"""A tree as data for keypads and other machines: what is said, and where each digit leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guides.targets import Kind
from guides.trees.forest import OUT, Shown, leads_to
from guides.trees.tree import Choice, Tree

KEYS = {"0": "person", "*": "repeat", "#": "home"}
"""What these keys do everywhere."""
Address = Callable[[str, str], str]
"""Gives the address of a page on the web, from a guide's ID and the name of a heading; empty when there is none."""
Titles = Callable[[str], str]
"""Gives what the page behind an ID is called."""


def keypad(tree: Tree, shown: Shown, title: Titles, address: Address) -> dict[str, Any]:
    """Return a tree as JSON can hold it: nodes with what is said, the ending, and the digits 1 to 9."""
    nodes = {
        node.id: {
            "say": node.text,
            "text": list(node.words),
            "ending": node.ending.value if node.ending else None,
            "choices": [
                {"digit": str(number), "say": choice.text, **_goal(choice, tree, shown, title, address)}
                for number, choice in enumerate(node.choices, 1)
            ],
        }
        for node in tree.by_id.values()
    }
    return {
        "id": tree.guide_id,
        "lang": tree.language,
        "title": tree.title,
        "menu": tree.menu,
        "intro": list(tree.intro),
        "start": tree.nodes[0].id,
        "keys": KEYS,
        "nodes": nodes,
    }


def _goal(choice: Choice, tree: Tree, shown: Shown, title: Titles, address: Address) -> dict[str, str]:
    """Return where a digit leads: a node here, a node of another tree, a service, a page, or an address."""
    spot = leads_to(choice, tree, shown)
    if spot != OUT and spot.guide == tree.guide_id:
        return {"node": spot.node}
    if spot != OUT:
        return {"tree": spot.guide, "node": spot.node}
    if choice.to.kind is Kind.SERVICE:
        return {"service": choice.to.id}
    if choice.to.kind is Kind.PAGE:
        other = shown(choice.to.id)
        if other and other.nodes and tree.menu:
            return {"tree": choice.to.id, "node": choice.to.anchor or other.nodes[0].id}
        return {"page": choice.to.id, "title": title(choice.to.id), "url": address(choice.to.id, choice.to.anchor)}
    return {"url": choice.target}


def languages(menu: str, offered: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the first screen of all: each language by its digit, said in itself; offered is (code, "Press 1 for English")."""
    choices = [{"digit": str(n), "say": say, "lang": code, "menu": menu} for n, (code, say) in enumerate(offered[:9], 1)]
    return {"id": "languages", "keys": {"0": "person", "*": "repeat"}, "choices": choices}
