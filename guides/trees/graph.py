"""What can be proved of a graph of questions. Nodes are numbers; an edge leads from a question to where an answer leads."""

from __future__ import annotations

from collections import deque
from functools import cached_property

STEPS = 20_000
"""Where ways back make the number of ways explode, the search for the longest one ends here, with the longest that it found."""


class Graph:
    """A directed graph with a start."""

    def __init__(self, edges: list[list[int]], start: int = 0) -> None:
        self.edges = edges
        self.start = start

    def reachable(self, without: frozenset[int] = frozenset()) -> set[int]:
        """Return what can be reached from the start, without ever standing on some nodes."""
        if self.start in without:
            return set()
        found, waiting = {self.start}, [self.start]
        while waiting:
            for target in self.edges[waiting.pop()]:
                if target not in found and target not in without:
                    found.add(target)
                    waiting.append(target)
        return found

    def reaching(self, goals: set[int]) -> set[int]:
        """Return the nodes from which one of the goals can be reached."""
        back: list[list[int]] = [[] for _ in self.edges]
        for node, targets in enumerate(self.edges):
            for target in targets:
                back[target].append(node)
        found, waiting = set(goals), deque(goals)
        while waiting:
            for node in back[waiting.popleft()]:
                if node not in found:
                    found.add(node)
                    waiting.append(node)
        return found

    @cached_property
    def order(self) -> list[int]:
        """What can be reached, each node before those that it leads to, as far as ways back allow (reverse postorder)."""
        done: list[int] = []
        seen = {self.start}
        stack = [(self.start, iter(self.edges[self.start]))]
        while stack:
            node, targets = stack[-1]
            target = next((one for one in targets if one not in seen), None)
            if target is None:
                done.append(node)
                stack.pop()
            else:
                seen.add(target)
                stack.append((target, iter(self.edges[target])))
        return done[::-1]

    @cached_property
    def dominator(self) -> dict[int, int]:
        """The last node that every way from the start to a node passes (Cooper, Harvey and Kennedy); the start's is itself."""
        rank = {node: number for number, node in enumerate(self.order)}
        before: dict[int, list[int]] = {node: [] for node in self.order}
        for node in self.order:
            for target in self.edges[node]:
                before[target].append(node)
        found = {self.start: self.start}
        changed = True
        while changed:
            changed = False
            for node in self.order[1:]:
                known = [one for one in before[node] if one in found]
                best = known[0]
                for other in known[1:]:
                    while best != other:
                        if rank[best] > rank[other]:
                            best = found[best]
                        else:
                            other = found[other]  # noqa: PLW2901, the two walk up until they meet
                if found.get(node) != best:
                    found[node] = best
                    changed = True
        return found

    def dominators(self, node: int) -> list[int]:
        """Return the nodes that every way from the start to a node passes, the start first, the node itself not among them."""
        found: list[int] = []
        while node in self.dominator and node != self.start:
            node = self.dominator[node]
            found.append(node)
        return found[::-1]

    @cached_property
    def forward(self) -> list[list[int]]:
        """The edges without those that lead back to where every way has been: no loop-free way takes them."""
        kept: list[list[int]] = [[] for _ in self.edges]
        rank = {node: number for number, node in enumerate(self.order)}
        for node in self.order:
            for target in dict.fromkeys(self.edges[node]):
                ahead = rank[target] > rank[node]
                if ahead or (target != node and target not in self.dominators(node)):
                    kept[node].append(target)
        return kept

    @cached_property
    def _sorted(self) -> list[int] | None:
        """What can be reached, in the order of the forward edges, or None where they still run in circles."""
        rank = {node: number for number, node in enumerate(Graph(self.forward, self.start).order)}
        if any(rank[target] <= rank[node] for node in rank for target in self.forward[node]):
            return None
        return list(rank)

    def longest(self, weight: list[int]) -> int:
        """Return the weight of the heaviest way from the start that passes no node twice.

        Exact where every way back leads to a node that one must have passed; else the heaviest that was found in STEPS steps.
        """
        if self._sorted is None:
            return self._searched(weight)
        best: dict[int, int] = {}
        for node in reversed(self._sorted):
            best[node] = weight[node] + max((best[target] for target in self.forward[node]), default=0)
        return best[self.start]

    def _searched(self, weight: list[int]) -> int:
        best = total = weight[self.start]
        way = {self.start}
        stack = [(self.start, iter(self.forward[self.start]))]
        for _ in range(STEPS):
            if not stack:
                break
            node, targets = stack[-1]
            target = next((one for one in targets if one not in way), None)
            if target is None:
                stack.pop()
                way.discard(node)
                total -= weight[node]
            else:
                way.add(target)
                total += weight[target]
                best = max(best, total)
                stack.append((target, iter(self.forward[target])))
        return best

    def about(self, weight: list[int]) -> list[float]:
        """Return how much is still ahead at each node, itself included, for somebody who takes each answer equally often."""
        order = self._sorted or self.order
        rank = {node: number for number, node in enumerate(order)}
        ahead = [float(one) for one in weight]
        for node in reversed(order):
            on = [ahead[target] for target in self.forward[node] if rank[target] > rank[node]]
            ahead[node] = weight[node] + (sum(on) / len(on) if on else 0.0)
        return ahead
