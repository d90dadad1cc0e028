"""A tree as a Mermaid diagram, for whoever reviews a change. It changes only where its tree does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.targets import Kind

if TYPE_CHECKING:
    from guides.trees.tree import Choice, Tree

WIDTH = 60


def mermaid(tree: Tree) -> str:
    """Return the diagram: questions as boxes, endings round with their kind, ways out with a slanted edge."""
    lines = ["flowchart TD"]
    for node in tree.by_id.values():
        label = _label(node.text + (f" [{node.ending}]" if node.ending else ""))
        lines.append(f"  {_name(node.id)}" + (f'(["{label}"])' if node.ending else f'["{label}"]'))
    ways = [(node, number, choice) for node in tree.by_id.values() for number, choice in enumerate(node.choices, 1)]
    outside = dict.fromkeys(_outside(choice, tree) for _, _, choice in ways)
    lines += [f'  {_name(goal, "o")}[/"{_label(goal)}"/]' for goal in outside if goal]
    for node, number, choice in ways:
        goal = _outside(choice, tree)
        name = _name(goal, "o") if goal else _name(choice.to.anchor)
        lines.append(f'  {_name(node.id)} -->|"{number}: {_label(choice.text)}"| {name}')
    return "\n".join(lines) + "\n"


def _outside(choice: Choice, tree: Tree) -> str:
    """Return where a choice leads out of the tree, empty where it stays in it."""
    if choice.to.kind in {Kind.HERE, Kind.PAGE} and choice.to.id == tree.guide_id and choice.to.anchor in tree.by_id:
        return ""
    if choice.to.kind is Kind.PAGE:
        return choice.to.id + (f"#{choice.to.anchor}" if choice.to.anchor else "")
    return choice.target


def _name(text: str, kind: str = "n") -> str:
    """Return a name that Mermaid takes, another one for every text; words such as `end` mean something to it."""
    return f"{kind}_" + "".join(sign if sign.isascii() and sign.isalnum() else f"_{ord(sign):x}_" for sign in text)


def _label(text: str) -> str:
    """Return a text that ends no label early; Mermaid writes such signs as entity codes."""
    short = text if len(text) <= WIDTH else text[: WIDTH - 1].rstrip() + "…"
    return "".join(f"#{ord(sign)};" if sign in '#"<>&[]|`{}\\;' else sign for sign in short)
