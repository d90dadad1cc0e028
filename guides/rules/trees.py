"""Rules for troubleshooters and menus: whoever begins one gets to an ending, and never past a danger unwarned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.problems import Problem, problem
from guides.rules.tree_form import RULES as FORM_RULES
from guides.rules.tree_shape import shape
from guides.targets import Kind
from guides.trees.forest import Walks
from guides.trees.graph import Graph
from guides.trees.parser import WARNINGS
from guides.trees.tree import Ending, Node, Tree
from guides.vocabulary import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.rules.site import Site

DEPTH, MENU_DEPTH = 7, 4
SIZE = 150


def walks(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that every question can be reached, that every way ends, that it is short, and that a person is on it."""
    tree = guide.tree
    if tree is None or not tree.nodes or tree.nodes[0].ending:
        return
    own = Walks(tree, lambda other: site.tree_shown(guide.language, other))
    yield from _reached(tree, own)
    yield from _trapped(tree, own)
    start = tree.nodes[0].place
    seen = own.graph.reachable()
    if not any(own.offers_person(own.spots[number]) for number in seen):
        message = (
            "no way of this tree leads to a person. Add an ending '## Somebody helps you {#person .person}', and answers to it"
        )
        yield _at(tree.nodes[0], "tree-person", message)
    limit = MENU_DEPTH if tree.menu else DEPTH
    longest = own.graph.longest(own.weights)
    if longest > limit:
        message = f"the longest way from here asks {longest} questions, more than {limit}. Ask first what tells most causes apart"
        yield problem(start.source, start.line, "tree-deep", message)
    if len(tree.nodes) > SIZE:
        message = f"the tree has {len(tree.nodes)} questions and endings, more than {SIZE}. Make two of it, one calling the other"
        yield problem(start.source, start.line, "tree-big", message)


def _reached(tree: Tree, own: Walks) -> Iterator[Problem]:
    seen = {own.spots[number] for number in own.graph.reachable()}
    for spot in own.spots[: len(tree.by_id)]:
        if spot not in seen and not spot.node.startswith("?"):
            yield _at(
                own.node(spot), "tree-unreachable", "no answer leads here from the first question. Link to it, or take it out"
            )


def _trapped(tree: Tree, own: Walks) -> Iterator[Problem]:
    """Tell of each circle once, at its first question that can be reached."""
    free = own.graph.reaching(own.exits)
    caught = [number for number in range(len(tree.by_id)) if number not in free]
    told: set[int] = set()
    for number in caught:
        if number in told:
            continue
        told |= Graph(own.graph.edges, number).reachable()
        message = "from here every answer leads round in a circle, to no ending. Let one of them lead out"
        yield _at(own.node(own.spots[number]), "tree-trap", message)


def danger(guide: Guide, site: Site) -> Iterator[Problem]:
    """Demand that no way leads to a risky ending past all warnings."""
    tree = guide.tree
    if tree is None or tree.menu or not tree.nodes or tree.intro_boxes & WARNINGS:
        return
    risks = {node.id: risk for node in tree.by_id.values() if (risk := _risk(node, guide, site))}
    if not risks:
        return
    own = Walks(tree, lambda _other: None)
    warned = frozenset(number for number, spot in enumerate(own.spots) if own.node(spot).boxes & WARNINGS)
    for number in sorted(own.graph.reachable(warned)):
        node = own.node(own.spots[number])
        if node.id in risks:
            message = (
                f"{risks[node.id]}, and no warning stands on every way here. Put a '!!! danger' or '!!! warning' box into it"
            )
            yield _at(node, "tree-danger", message)


def _risk(node: Node, guide: Guide, site: Site) -> str:
    if node.ending is Ending.SAFETY_STOP:
        return "this ending stops somebody for their safety"
    if node.ending is Ending.SOLVED:
        for choice in node.choices:
            page = site.shown(guide.language, choice.to.id) if choice.to.kind is Kind.PAGE else None
            if page is not None and page.front.safety.rank >= Safety.WARNING.rank and page not in site.library.broken:
                return f"this ending leads to '{choice.target}', whose safety is '{page.front.safety}'"
    return ""


def _at(node: Node, rule: str, message: str) -> Problem:
    return problem(node.place.source, node.place.line, rule, message)


RULES = (*FORM_RULES, walks, danger, shape)
