"""What the template of a troubleshooter or menu knows of each question: how far it is, and what one was warned of before it."""

from __future__ import annotations

from collections import defaultdict
from math import ceil
from typing import TYPE_CHECKING

from guides.trees.forest import Walks
from guides.trees.parser import WARNINGS

if TYPE_CHECKING:
    from guides.engine.edition import Edition
    from guides.engine.page import Facts
    from guides.guide import Guide
    from guides.trees.tree import Tree

FEW = 3
"""So many answers are named at the place to which they lead; a place to which more lead is found by its own words."""


def tree_facts(guide: Guide, edition: Edition) -> Facts:
    """Return the nodes in the order of the page; nothing for pages of other kinds."""
    tree = guide.tree
    if tree is None or not tree.nodes:
        return {}
    walks = Walks(tree, lambda other: tree_shown(edition, other))
    warned = {number for number, spot in enumerate(walks.spots) if walks.node(spot).boxes & WARNINGS}
    answers = _answers(tree)
    nodes = []
    for number, node in enumerate(tree.nodes):
        passed = [one for one in walks.graph.dominators(number) if one in warned]
        nodes.append(
            {
                "id": node.id,
                "ending": node.ending.value if node.ending else "",
                "ahead": _about(walks.about[number]) if not node.ending else 0,
                "warned": " ".join(tree.nodes[one].id for one in passed if one < len(tree.nodes)),
                "answers": answers[node.id] if len(answers[node.id]) <= FEW else [],
            }
        )
    return {"tree": {"nodes": nodes, "menu": tree.menu}}


def _about(questions: float) -> int:
    """Return a whole number to tell a reader: never fewer than there are on average ("1 of about 1" looks like a promise)."""
    return max(1, ceil(round(questions, 6)))


def tree_shown(edition: Edition, guide_id: str) -> Tree | None:
    """Return the troubleshooter that these readers get behind an ID."""
    for language in (edition.language, edition.library.languages[0]):
        guide = edition.library.get(language, guide_id)
        if guide is not None and guide.public:
            return guide.tree if guide.tree and not guide.tree.menu else None
    return None


def _answers(tree: Tree) -> dict[str, list[str]]:
    """Return the answers that lead to each node: whoever looks for one of them looks for what is there."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in tree.nodes:
        for choice in node.choices:
            if choice.to.id == tree.guide_id and choice.text not in found[choice.to.anchor]:
                found[choice.to.anchor].append(choice.text)
    return found
