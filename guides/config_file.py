"""Reads a `mkdocs.yml`, whoever wrote it: nothing in it is run, everything is text, and nothing small becomes large."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from guides.yamltext import Place

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"
Mark = tuple[str, int]
"""File as messages show it, and line."""

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_REPEATED = 10_000
"""Values that aliases (`*name`) may repeat: nine lines of aliases of aliases are a billion values."""
MAX_INHERITED = 5

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
_NAMES = ("str", "int", "float", "bool", "timestamp", "binary", "value", "merge", "seq", "map", "set", "omap", "pairs")
_PLAIN_TAGS = {"!", *(_CORE + name for name in _NAMES)}


class SettingsError(Exception):
    """The settings cannot be used; the text says where, what and how to cure it, one problem per line."""


@dataclass
class Config:
    """The settings as written, with the place of each; files named by INHERIT are in it already."""

    file: Path
    data: dict[str, Tree] = field(default_factory=dict)
    marks: dict[Place, Mark] = field(default_factory=dict)
    inherited: tuple[Path, ...] = ()
    tags: tuple[str, ...] = ()
    """YAML tags whose values are not used, as typed: `!!python/name:…`."""

    def mark(self, *place: str | int) -> Mark:
        """Return file and line of a key or entry, or of the nearest one around it."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, (self.file.name, 1))

    def at(self, *place: str | int) -> str:
        """Return `mkdocs.yml:3`."""
        name, line = self.mark(*place)
        return f"{name}:{line}"


def read_config(file: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Read a file and all that it inherits. Raises SettingsError."""
    return _read_chain(file, file.parent, (), os.environ if environment is None else environment)


def shape_of(value: Tree) -> str:
    """Say a value in a message."""
    if value is None:
        return "empty"
    return "a list" if isinstance(value, list) else "keys with values" if isinstance(value, dict) else f"'{value}'"


def _read_chain(file: Path, root: Path, children: tuple[Path, ...], environment: Mapping[str, str]) -> Config:
    shown = Path(os.path.relpath(file, root)).as_posix() if children else file.name
    reader = _Reader(shown, environment)
    data = reader.read(_text_of(file))
    config = Config(file, data, reader.marks, (), tuple(dict.fromkeys(reader.tags)))
    parent = data.pop("INHERIT", None)
    if parent is None:
        return config
    where = config.at("INHERIT")
    if not isinstance(parent, str):
        raise SettingsError(f"{where}: INHERIT must be the path of one file, not {shape_of(parent)}")
    above = Path(os.path.abspath(file.parent / parent))  # noqa: PTH100, a cycle through a link ends at the limit
    if above in (*children, file):
        raise SettingsError(f"{where}: INHERIT leads back to '{parent}', which is read already. Take one INHERIT out")
    if len(children) >= MAX_INHERITED:
        raise SettingsError(f"{where}: INHERIT leads through more than {MAX_INHERITED} files. Put their settings together")
    try:
        inherited = _read_chain(above, root, (*children, file), environment)
    except FileNotFoundError:
        raise SettingsError(f"{where}: INHERIT names '{parent}', which is not found. Correct the path") from None
    return Config(
        file,
        _merge(inherited.data, data),
        inherited.marks | config.marks,
        (above, *inherited.inherited),
        tuple(dict.fromkeys((*inherited.tags, *config.tags))),
    )


def _merge(parent: dict[str, Tree], child: dict[str, Tree]) -> dict[str, Tree]:
    """Return what MkDocs' INHERIT makes of two files: mappings merge, everything else is the child's."""
    merged = dict(parent)
    for key, value in child.items():
        above = merged.get(key)
        merged[key] = _merge(above, value) if isinstance(value, dict) and isinstance(above, dict) else value
    return merged


def _text_of(file: Path) -> str:
    """Return the text of a regular file; a device or a pipe would never end."""
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SettingsError(f"{file}: this is a folder. Cure: -f {file}/mkdocs.yml")
        if not stat.S_ISREG(mode):
            raise SettingsError(f"{file}: this is no regular file. Cure: name a mkdocs.yml with -f")
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise SettingsError(f"{file}: larger than {MAX_BYTES // 1_000_000} MB, this is not a mkdocs.yml")
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: not UTF-8 at byte {error.start}. Cure: save the file as UTF-8") from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


class _Reader:
    """Turns one YAML text into texts, lists and mappings."""

    def __init__(self, shown: str, environment: Mapping[str, str]) -> None:
        self.marks: dict[Place, Mark] = {}
        self.tags: list[str] = []
        self._shown = shown
        self._environment = environment
        self._open: set[int] = set()
        self._seen: set[int] = set()
        self._repeated = 0

    def read(self, text: str) -> dict[str, Tree]:
        try:
            self._measure(text)
            node = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = min(mark.line + 1, text.count("\n") + 1) if mark else 1
            raise SettingsError(f"{self._shown}:{line}: not valid YAML: {error.problem or error.context}") from None
        except (yaml.YAMLError, ValueError) as error:  # a control character; a number that Python does not take
            why = getattr(error, "reason", None) or error
            raise SettingsError(f"{self._shown}:1: not valid YAML: {why}. Is this a mkdocs.yml?") from None
        data = self._tree(node, ()) if isinstance(node, yaml.MappingNode) else None
        if not isinstance(data, dict):
            raise SettingsError(f"{self._shown}:1: must be a mapping of settings, such as `site_name: …`")
        return data

    def _measure(self, text: str) -> None:
        """Refuse deep nesting before anything walks down into it."""
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise SettingsError(f"{self._shown}:{line}: nested deeper than {MAX_DEPTH} levels. Make it flatter")

    def _tree(self, node: yaml.Node, place: Place) -> Tree:
        line = node.start_mark.line + 1
        key = id(node)
        if key in self._open:
            raise SettingsError(f"{self._shown}:{line}: this value holds itself through an alias (*). Take the alias out")
        if key in self._seen:
            self._repeated += 1
            if self._repeated > MAX_REPEATED or len(place) > MAX_DEPTH:
                raise SettingsError(f"{self._shown}:{line}: the aliases (*) in this file make it too large. Write the values out")
        self._seen.add(key)
        self.marks.setdefault(place, (self._shown, line))
        self._open.add(key)
        try:
            return self._value(node, place)
        finally:
            self._open.discard(key)

    def _value(self, node: yaml.Node, place: Place) -> Tree:
        if node.tag == "!ENV":
            return self._from_environment(node, place)
        if node.tag == _CORE + "null":
            return None
        if node.tag not in _PLAIN_TAGS:
            self.tags.append(node.tag.replace(_CORE, "!!", 1))
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self._tree(child, (*place, number)) for number, child in enumerate(node.value)]
        return self._mapping(node, place) if isinstance(node, yaml.MappingNode) else str(node.value)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Tree]:
        found: dict[str, Tree] = {}
        merged: dict[str, Tree] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise SettingsError(f"{self._shown}:{line}: a key must be a plain word")
            key = str(key_node.value)
            self.marks[*place, key] = (self._shown, line)
            tree = self._tree(value, (*place, key))
            if key_node.tag == _CORE + "merge":  # `<<: *name`; of several the first stands
                for part in reversed(tree if isinstance(tree, list) else [tree]):
                    merged |= part if isinstance(part, dict) else {}
            else:
                found[key] = tree
        return merged | found

    def _from_environment(self, node: yaml.Node, place: Place) -> Tree:
        """Return what `!ENV NAME` and `!ENV [NAME, OTHER, default]` mean to MkDocs: a variable, the default, or nothing."""
        children = node.value if isinstance(node, yaml.SequenceNode) else [node]
        names, default = (children[:-1], children[-1]) if len(children) > 1 else (children, None)
        for name in names:
            if isinstance(name, yaml.ScalarNode) and name.value in self._environment:
                return self._environment[name.value] or None
        return None if default is None else self._tree(default, (*place, len(names)))
