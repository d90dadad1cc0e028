"""YAML in which every scalar stays the text the writer typed: `no`, 010, 0x10 and 2027-03-01 mean what they look like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from guides.problems import Problem, problem

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
Place: TypeAlias = tuple[str | int, ...]

# libyaml is eight times faster; a Python built without it reads the same.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class YamlText:
    """A YAML mapping of texts, with the line of the file on which each key or list entry stands."""

    source: str
    first_line: int
    data: dict[str, Tree] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    doubles: list[Place] = field(default_factory=list)
    """Keys written twice; the first value stands."""

    @property
    def broken(self) -> bool:
        """Tell whether the text could not be read at all."""
        return any(found.rule == "yaml-malformed" for found in self.problems)

    def line(self, place: Place) -> int:
        """Return the line of a key or entry, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, self.first_line)


def read_yaml(text: str, source: str, first_line: int = 1) -> YamlText:
    """Read a mapping; what is wrong stands in the result's problems. Never raises."""
    result = YamlText(source, first_line)
    try:
        node = yaml.compose(text, Loader=_Loader)
        _fill(result, node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _malformed(result, first_line + (mark.line if mark else 0), _plain(error.problem or error.context or ""))
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") if error.position < len(text) else 0
        _malformed(result, first_line + line, "it holds a control character. Take it out")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        _malformed(
            result, first_line, "it is nested too deeply. Make it flatter" if isinstance(error, RecursionError) else str(error)
        )
    return result


def _malformed(result: YamlText, line: int, why: str) -> None:
    result.data = {}
    message = f"this is not well-formed YAML: {why}"
    result.problems.append(problem(result.source, line, "yaml-malformed", message))


_PLAIN = {
    "mapping values are not allowed": "a colon stands inside a text. Put the text in quotes",
    "could not find expected ':'": "a key has no colon. Write 'key: value'",
    "found character '\\t'": "a tab stands here. Indent with spaces",
    "found character that cannot start any token": "a tab or a special sign stands here. Use spaces, and quotes around texts",
    "did not find expected key": "a line is neither a key nor a list entry. Write 'key: value', or put the text in quotes",
    "did not find expected ',' or ']'": "a list is not closed. Write ] at its end",
    "did not find expected ',' or '}'": "a mapping is not closed. Write } at its end",
    "found unexpected end of stream": "a quote is not closed. Write it at the end of the text",
    "but found another document": "a second --- stands inside. Take it out",
}


def _plain(problem_text: str) -> str:
    """Say libyaml's diagnosis in a writer's words where we know them."""
    known = next((words for begin, words in _PLAIN.items() if begin in problem_text), None)
    return known or f"{problem_text.strip() or 'it cannot be read'}. Check the colons, the indent and the quotes around here"


def _fill(result: YamlText, node: yaml.Node | None) -> None:
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        _malformed(
            result, result.first_line + node.start_mark.line, "it must be keys with values. Write 'key: value' in each line"
        )
        return
    tree = _tree(result, node, (), set())
    if isinstance(tree, dict) and not result.broken:
        result.data = tree


def _tree(result: YamlText, node: yaml.Node, place: Place, seen: set[int]) -> Tree:
    line = result.first_line + node.start_mark.line
    if id(node) in seen:
        # An alias: it could make a small text grow without end, and nobody who writes a guide needs one.
        _malformed(result, line, "anchors (&) and aliases (*) are not used here. Put the text in quotes")
        return ""
    seen.add(id(node))
    result.lines.setdefault(place, line)
    if isinstance(node, yaml.SequenceNode):
        return [_tree(result, child, (*place, number), seen) for number, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(result, node, place, seen)
    return str(node.value)


def _mapping(result: YamlText, node: yaml.MappingNode, place: Place, seen: set[int]) -> dict[str, Tree]:
    found: dict[str, Tree] = {}
    for key_node, value in node.value:
        line = result.first_line + key_node.start_mark.line
        if not isinstance(key_node, yaml.ScalarNode):
            _malformed(result, line, "a key must be a plain word")
            continue
        key = str(key_node.value)
        if key in found:
            first = result.lines[*place, key]
            result.doubles.append((*place, key))
            result.problems.append(
                problem(
                    result.source,
                    line,
                    "yaml-duplicate-key",
                    f"the key '{key}' stands here a second time (first in line {first}). Remove one",
                )
            )
            continue
        result.lines[*place, key] = line
        found[key] = _tree(result, value, (*place, key), seen)
    return found
