"""All trees of one language as one graph: an answer may lead into another tree, and the proofs follow it there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from guides.targets import Kind
from guides.trees.graph import Graph
from guides.trees.tree import Choice, Ending, Node, Tree

Shown = Callable[[str], Tree | None]
"""Gives the tree behind a guide's ID, or None where it is no tree."""


class Spot(NamedTuple):
    """A node of one of the trees; an empty ID stands for everything outside of them."""

    guide: str
    node: str


OUT = Spot("", "")


def leads_to(choice: Choice, tree: Tree, shown: Shown) -> Spot:
    """Return where a choice leads: to a node of this tree or of another troubleshooter, else out."""
    if choice.to.kind is Kind.HERE:
        return Spot(tree.guide_id, choice.to.anchor) if choice.to.anchor in tree.by_id else OUT
    if choice.to.kind is not Kind.PAGE:
        return OUT
    other = tree if choice.to.id == tree.guide_id else shown(choice.to.id)
    # A menu leads to pages of every kind: they are ends of its way.
    if other is None or not other.nodes or (tree.menu and other is not tree):
        return OUT
    anchor = choice.to.anchor or other.nodes[0].id
    return Spot(other.guide_id, anchor) if anchor in other.by_id else OUT


@dataclass(frozen=True)
class Walks:
    """Every way that begins in a tree, through all trees that it leads into."""

    tree: Tree
    shown: Shown

    @cached_property
    def spots(self) -> list[Spot]:
        """Every node of the tree, and those of other trees that can be reached; the tree's own come first, in their order."""
        found = {Spot(self.tree.guide_id, node.id): None for node in self.tree.nodes}
        waiting = list(found)
        while waiting:
            for spot in self.ways(waiting.pop()):
                if spot != OUT and spot not in found:
                    found[spot] = None
                    waiting.append(spot)
        return list(found)

    def node(self, spot: Spot) -> Node:
        """Return the node at a spot."""
        return self._tree(spot).by_id[spot.node]

    def _tree(self, spot: Spot) -> Tree:
        tree = self.tree if spot.guide == self.tree.guide_id else self.shown(spot.guide)
        if tree is None:
            raise KeyError(spot.guide)
        return tree

    def ways(self, spot: Spot) -> list[Spot]:
        """Return where the answers at a spot lead; an ending leads nowhere, whatever links it offers."""
        if spot not in self._ways:
            tree, node = self._tree(spot), self.node(spot)
            self._ways[spot] = [] if node.ending else [leads_to(choice, tree, self.shown) for choice in node.choices]
        return self._ways[spot]

    @cached_property
    def _ways(self) -> dict[Spot, list[Spot]]:
        return {}

    @cached_property
    def number(self) -> dict[Spot, int]:
        """The number of each spot in the graph."""
        return {spot: number for number, spot in enumerate(self.spots)}

    @cached_property
    def graph(self) -> Graph:
        """The spots as a graph; ways out are not edges."""
        return Graph([[self.number[way] for way in self.ways(spot) if way != OUT] for spot in self.spots])

    @cached_property
    def exits(self) -> set[int]:
        """Spots where a way can end: endings, answers that lead out, and what is told as an error of its own."""
        return {
            self.number[spot]
            for spot in self.spots
            if (node := self.node(spot)).ending or node.slipped or not node.choices or OUT in self.ways(spot)
        }

    @cached_property
    def weights(self) -> list[int]:
        """One for each question, nothing for endings."""
        return [0 if self.node(spot).ending else 1 for spot in self.spots]

    @cached_property
    def about(self) -> list[float]:
        """How many questions are still ahead at each spot."""
        return self.graph.about(self.weights)

    def offers_person(self, spot: Spot) -> bool:
        """Tell whether a spot leads to a person."""
        node = self.node(spot)
        return node.ending is Ending.PERSON or any(
            choice.to.kind is Kind.SERVICE and choice.to.id == "person" for choice in node.choices
        )
