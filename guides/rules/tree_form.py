"""Rules for the form of troubleshooters and menus: each question and each answer by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.page import WORD
from guides.problems import Problem, problem
from guides.suggest import did_you_mean
from guides.targets import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guides.guide import Guide
    from guides.rules.site import Site
    from guides.trees.tree import Choice, Node, Tree

ANSWERS = 9
WORDS = 90
LETTERS = 100


def form(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that the page can be read as a tree at all."""
    tree = guide.tree
    if tree is None:
        return
    for slip in tree.slips:
        yield problem(slip.place.source, slip.place.line, slip.rule, slip.message)
    if not tree.nodes:
        message = "there is no question. Write '## What do you see? {#see}', and below it the answers: '- [It is dark](#dark)'"
        yield problem(guide.source, guide.body_line, "tree-empty", message)
    elif tree.nodes[0].ending:
        message = "the tree begins here, and this is an ending. Put the first question in front of it"
        yield _of(tree.nodes[0], "tree-start", message)


def questions(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that a question has between two and nine answers, that an ending is one, and that both fit one screen."""
    for node in guide.tree.nodes if guide.tree else ():
        if node.ending:
            yield from _ending(node, guide)
        elif not node.slipped:
            yield from _question(node)
        words = sum(len(WORD.findall(text)) for text in node.words)
        if words > WORDS:
            yield _of(
                node,
                "tree-long",
                f"this has {words} words, more than {WORDS}. One screen must hold it: say less, or link to a guide",
            )


def _question(node: Node) -> Iterator[Problem]:
    count = len(node.choices)
    if not count:
        message = "there are no answers, and this is no ending. Add answers, or name the ending: '{#id .solved}'"
        yield _of(node, "tree-dead-end", message)
    elif count == 1:
        cure = "Add another one, such as 'I am not sure'; or make it an ending: '{#id .other}'"
        message = f"there is one answer, so it is no question. {cure}"
        yield _of(node, "tree-one-answer", message)
    elif count > ANSWERS:
        message = f"there are {count} answers, and a keypad has the digits 1 to {ANSWERS}. Ask in two steps"
        yield _of(node, "tree-many-answers", message)


def _ending(node: Node, guide: Guide) -> Iterator[Problem]:
    for choice in node.choices:
        if choice.to.kind in {Kind.HERE, Kind.PAGE} and choice.to.id == guide.id:
            message = f"an ending does not go on ('{choice.target}'). Make it a question, or link to a page or a service"
            yield _at(choice, "tree-ending-goes-on", message)


def answers(guide: Guide, _site: Site) -> Iterator[Problem]:
    """Demand that an answer is told from the others, and leads on."""
    tree = guide.tree
    for node in tree.nodes if tree else ():
        seen: set[str] = set()
        for choice in node.choices:
            folded = choice.text.casefold()
            if folded in seen:
                yield _at(
                    choice,
                    "tree-answer-twice",
                    f"the answer '{choice.text}' stands here twice. Take one out, or say how they differ",
                )
            seen.add(folded)
            if len(choice.text) > LETTERS:
                yield _at(
                    choice,
                    "tree-long",
                    f"this answer has {len(choice.text)} letters, more than {LETTERS}. Say the rest above the list",
                )
            if tree and not node.ending:
                yield from _target(choice, node, tree)


def _target(choice: Choice, node: Node, tree: Tree) -> Iterator[Problem]:
    if choice.to.kind is Kind.HERE and choice.to.anchor == node.id:
        yield _at(choice, "tree-target", f"the answer '{choice.text}' leads to its own question. Let it lead on")
    elif choice.to.kind is Kind.HERE and choice.to.anchor not in tree.by_id:
        cure = did_you_mean(f"#{choice.to.anchor}", [f"#{name}" for name in tree.by_id if name[0] != "?"])
        cure = cure or f" Add '## … {{#{choice.to.anchor}}}', or correct the answer"
        yield _at(choice, "tree-target", f"there is no question or ending '#{choice.to.anchor}'.{cure}")
    elif choice.to.kind in {Kind.OUTSIDE, Kind.ABSOLUTE}:
        message = f"an answer cannot lead to '{choice.target}'. Lead to an ending, and put the link there"
        yield _at(choice, "tree-target", message)


def _of(node: Node, rule: str, message: str) -> Problem:
    return problem(node.place.source, node.place.line, rule, message)


def _at(choice: Choice, rule: str, message: str) -> Problem:
    return problem(choice.place.source, choice.place.line, rule, message)


RULES = (form, questions, answers)
