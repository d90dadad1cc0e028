"""A tree from Markdown: what is a question, an answer, an ending, and what is not."""

from __future__ import annotations

from pathlib import Path

from guides.markdown import scan
from guides.page import Place
from guides.trees.parser import read_tree
from guides.trees.tree import Choice, Ending, Node, Tree, follow

BODY = """
Intro, said first.

!!! warning "Hot"
    Steam.

## Is the light on? {#light}

Look at the ring.

![The ring](ring.svg)

- [Yes, it is
  on](#fine)
- [It blinks **red** (E1)](#e1)
- [I am not sure](../shop/faq.md#lamp)

## E1: How much water? { #e1 }

- tea, not a link
- coffee

```markdown
- [Not an answer](#nowhere)
```

1. one
2. two

!!! danger
    Never open it.

    - [Not an answer either](#fine)

- [None](#fine)
- [Some](service:person)

## Fine {#fine .solved}

- [Read the guide](use.md)
"""


def tree_of(body: str, *, menu: bool = False) -> Tree:
    """Return the tree of a body."""
    page = scan(body, Place("a.md", 1, 1), (), Path())
    return read_tree("kettle/a", "en", "A", page.lines, menu=menu)


def test_questions_answers_and_endings() -> None:
    """A node is a heading with an ID; an answer is an entry that is nothing but a link; an ending has a class."""
    tree = tree_of(BODY)
    assert tree.slips == ()
    assert [(node.id, node.text, node.ending) for node in tree.nodes] == [
        ("light", "Is the light on?", None),
        ("e1", "E1: How much water?", None),
        ("fine", "Fine", Ending.SOLVED),
    ]
    assert [choice.text for choice in tree.nodes[0].choices] == ["Yes, it is on", "It blinks red (E1)", "I am not sure"]
    assert [(choice.to.id, choice.to.anchor) for choice in tree.nodes[0].choices] == [
        ("kettle/a", "fine"),
        ("kettle/a", "e1"),
        ("shop/faq", "lamp"),
    ]
    assert [choice.text for choice in tree.nodes[1].choices] == ["None", "Some"]


def test_what_is_said_before_the_answers() -> None:
    """Words, lists and boxes are said; pictures and code are not."""
    tree = tree_of(BODY)
    assert tree.intro == ("Intro, said first.", "Hot", "Steam.")
    assert tree.intro_boxes == {"warning"}
    assert tree.nodes[0].words == ["Look at the ring."]
    assert tree.nodes[1].words == ["tea, not a link", "coffee", "one", "two", "Never open it.", "- Not an answer either"]
    assert tree.nodes[1].boxes == {"danger"}


def test_a_place_is_the_line_of_the_file() -> None:
    """Messages name lines: those of the heading and of each answer."""
    tree = tree_of(BODY)
    assert tree.nodes[0].place.line == BODY.splitlines().index("## Is the light on? {#light}") + 1
    assert tree.nodes[0].choices[1].place.line == tree.nodes[0].place.line + 8
    assert tree.node_at("a.md", 3) is None
    found = tree.node_at("a.md", tree.nodes[1].place.line + 2)
    assert found is not None
    assert found.id == "e1"
    assert tree.node_at("b.md", 99) is None


def test_digits_lead_through_a_tree() -> None:
    """A path of digits gives the node where it ends, or the answer by which it leaves the tree."""
    tree = tree_of(BODY)
    assert follow(tree, "") is tree.nodes[0]
    assert follow(tree, "2.1") is tree.nodes[2]
    assert follow(tree, "1", start="e1") is tree.nodes[2]
    out = follow(tree, "3")
    assert isinstance(out, Choice)
    assert out.to.id == "shop/faq"
    assert [follow(tree, path) for path in ("4", "0", "x", "3.1", "1.2", "²")] == [None] * 6
    assert follow(tree, "1", start="nowhere") is None
    assert isinstance(follow(tree, "2.2"), Choice)


def test_the_first_of_two_nodes_with_one_id_stands() -> None:
    """The second is told as an error; the proofs go on with the first."""
    tree = tree_of("## A? {#a}\n\n- [B](#b)\n\n## B {#b .other}\n\n## C {#b .solved}\n")
    found: Node = tree.by_id["b"]
    assert found.text == "B"
