"""Proofs of graphs, compared with the slow and plain way of finding the same."""

from __future__ import annotations

import random

import pytest

from guides.trees import graph as module
from guides.trees.graph import Graph


def slow_longest(edges: list[list[int]], node: int = 0, way: frozenset[int] = frozenset()) -> int:
    """Try every way that passes no node twice."""
    way = way | {node}
    return 1 + max((slow_longest(edges, target, way) for target in edges[node] if target not in way), default=0)


def some_graph(seed: int, back: float) -> list[list[int]]:
    """Return a graph of 9 nodes, with more or fewer ways back."""
    pick = random.Random(seed)
    edges: list[list[int]] = [[] for _ in range(9)]
    for node in range(9):
        for target in range(9):
            if pick.random() < (0.25 if target > node else back):
                edges[node].append(target)
    return edges


@pytest.mark.parametrize("back", [0.0, 0.05, 0.2])
def test_the_longest_way_is_the_longest(back: float) -> None:
    """On 200 graphs each, without circles, with few, and with many."""
    for seed in range(200):
        edges = some_graph(seed, back)
        assert Graph(edges).longest([1] * 9) == slow_longest(edges)


def test_dominators_are_what_every_way_passes() -> None:
    """A node is one exactly if without it the other cannot be reached."""
    for seed in range(200):
        graph = Graph(some_graph(seed, 0.1))
        for node in graph.reachable() - {0}:
            passed = {one for one in graph.reachable() - {node} if node not in graph.reachable(frozenset((one,)))}
            assert set(graph.dominators(node)) == passed


def test_a_way_back_to_a_question_already_asked_makes_nothing_longer() -> None:
    """Beginning again is no longer way; this is exact even where the search for others would give up."""
    edges = [[1, 2], [3, 0], [3, 0], [4, 1, 0], []]
    assert Graph(edges).longest([1] * 5) == 4


def test_a_tangle_of_ways_back_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every question leads to every other one, the search ends, and has found a long way."""
    monkeypatch.setattr(module, "STEPS", 2_000)
    edges = [[other for other in range(60) if other != node] for node in range(60)]
    assert 50 < Graph(edges).longest([1] * 60) <= 60


def test_how_much_is_ahead() -> None:
    """Each answer counts alike; an ending is no question; ways back do not count."""
    # 0 asks: 1 (a question before the ending 3), or the ending 2.
    graph = Graph([[1, 2], [3, 0], [], []])
    assert graph.about([1, 1, 0, 0]) == [1.5, 1.0, 0.0, 0.0]


def test_what_can_reach_an_ending() -> None:
    """Nodes of a circle cannot, unless one of them leads out."""
    graph = Graph([[1, 3], [2], [1], []])
    assert graph.reaching({3}) == {0, 3}
    assert graph.reachable() == {0, 1, 2, 3}
    assert graph.reachable(frozenset((1,))) == {0, 3}
    assert graph.reachable(frozenset((0,))) == set()
