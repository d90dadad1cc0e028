"""routes.yml: read whole, checked whole; every problem with its place, its cause and its cure, all at once."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from service.connectors.targets import KINDS, SecretMissingError, secret_at
from service.messages import Flow
from service.routing import DESK, DefectRule, Rule
from service.webhooks import SecretError, read_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from service.connectors.targets import Target

FILE_NAME = "routes.yml"
KEYS = ("products", "targets", "routes", "defects")
TELLERS = ("mail", "webhook")
"""Kinds of targets that take an event that is no case."""
OWN = ("url", "address", "secret", "tls", "user", "to", "topic")
"""Kinds of problems whose words are ours already."""
Place = tuple[str | int, ...]
Kind = TypeVar("Kind", dict[str, Any], list[Any])
Model = TypeVar("Model", bound=BaseModel)


class RoutesError(Exception):
    """Says everything that is wrong with routes.yml, one message per line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Routes:
    """Rules, targets with their secrets, and the route of each product."""

    rules: tuple[Rule, ...] = (Rule(to=(DESK,)),)
    targets: Mapping[str, Target] = field(default_factory=dict)
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    defects: tuple[DefectRule, ...] = ()


def load_routes(path: Path) -> Routes:
    """Read routes.yml; without the file every case stays here. RoutesError tells every mistake."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Routes()
    except (OSError, UnicodeDecodeError) as error:
        raise RoutesError([f"{path.name}:1: cannot be read ({getattr(error, 'strerror', '') or 'not UTF-8 text'})."]) from None
    return _Reading(path, *_tree(path.name, text)).routes()


class _Reading:
    """One file under the eye: its data, the line of each key, and what was found wrong."""

    def __init__(self, path: Path, data: dict[str, Any], lines: dict[Place, int]) -> None:
        self._path = path
        self._data = data
        self._lines = lines
        self._found: list[tuple[int, str]] = []

    def routes(self) -> Routes:
        """Return what the file says, if all of it is right; each part is looked at, whatever is wrong with the others."""
        for key in self._data:
            if key not in KEYS:
                self._add((key,), f"unknown key '{key}'.{did_you_mean(key, KEYS)}")
        targets = self._targets()
        products = self._products()
        rules = self._rules(set(self._part("targets", dict)))
        defects = self._defects(set(self._part("targets", dict)), targets)
        self._check_products("routes", rules, products)
        self._check_products("defects", defects, products)
        secrets = {name: self._secrets(name, target) for name, target in targets.items()}
        if self._found:
            lines = (
                f"{self._path.name}:{line}: {words if words.endswith('?') else words.rstrip('.') + '.'}"
                for line, words in sorted(self._found)
            )
            raise RoutesError(list(lines))
        return Routes(tuple(rules.values()), targets, secrets, products, tuple(defects.values()))

    def _part(self, key: str, kind: type[Kind]) -> Kind:
        part = self._data.get(key, kind())
        if not isinstance(part, kind):
            self._add((key,), f"'{key}' must be {'a list, each entry with - before it' if kind is list else 'names with values'}")
            return kind()
        return part

    def _targets(self) -> dict[str, Target]:
        found = {}
        for name, told in self._part("targets", dict).items():
            kind = told.get("kind", "") if isinstance(told, dict) else ""
            place: Place = ("targets", name)
            if name == DESK:
                self._add(place, "'desk' means this desk. Give the target another name")
            if kind not in KINDS:
                why = (
                    f"unknown kind '{kind}'.{did_you_mean(str(kind), KINDS)}"
                    if kind
                    else f"'{name}' has no kind: {', '.join(KINDS)}"
                )
                self._add((*place, "kind"), why)
                continue
            target = self._checked(KINDS[kind], told, place)
            if target is not None:
                found[name] = target
        return found

    def _rules(self, targets: set[str]) -> dict[int, Rule]:
        raw = self._part("routes", list)
        found: dict[int, Rule] = {}
        for number, told in enumerate(raw):
            rule = self._checked(Rule, told, ("routes", number))
            if rule is None:
                continue
            self._check_rule(number, rule, targets)
            before = next((early for early, other in found.items() if other.covers(rule)), None)
            if before is not None:
                line = self._line(("routes", before))
                self._add(
                    ("routes", number), f"this rule is never reached: the one in line {line} takes all its cases. Move it up"
                )
            found[number] = rule
        last = found.get(len(raw) - 1)
        if not raw or (last is not None and not last.catches_all):
            place: Place = ("routes", len(raw) - 1) if raw else ("routes",)
            self._add(place, "the last rule must take every case that is left. Add at the end: - to: desk")
        return found

    def _check_rule(self, number: int, rule: Rule, targets: set[str]) -> None:
        for at, name in enumerate(rule.to):
            if name != DESK and name not in targets:
                self._add(("routes", number, "to", at), f"there is no target '{name}'.{did_you_mean(name, [*targets, DESK])}")
        self._check_route(("routes", number), rule)

    def _defects(self, names: set[str], targets: Mapping[str, Target]) -> dict[int, DefectRule]:
        found: dict[int, DefectRule] = {}
        for number, told in enumerate(self._part("defects", list)):
            rule = self._checked(DefectRule, told, ("defects", number))
            if rule is None:
                continue
            found[number] = rule
            self._check_route(("defects", number), rule)
            for at, name in enumerate(rule.to):
                place: Place = ("defects", number, "to", at)
                kind = getattr(targets.get(name), "kind", "")
                if name not in names:
                    self._add(place, f"there is no target '{name}'.{did_you_mean(name, names)}")
                elif kind and kind not in TELLERS:
                    self._add(place, f"'{name}' is of the kind {kind}: a defect goes to a webhook or a mail")
        return found

    def _check_route(self, place: Place, rule: Rule | DefectRule) -> None:
        if rule.route and "products" not in self._data:
            cure = "Write `products: content/products`, where they stand"
            self._add((*place, "route"), f"`route` is the route of a product. {cure}")

    def _checked(self, model: type[Model], told: Any, place: Place) -> Model | None:
        try:
            return model.model_validate(told)
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                where = (*place, *problem["loc"])
                self._add(where, _words(where, problem, model))
        return None

    def _secrets(self, name: str, target: Target) -> tuple[str, ...]:
        found = []
        for key in ("secret", "old_secret"):
            place = getattr(target, key, None)
            if place is None:
                continue
            try:
                secret = secret_at(place, self._path.parent)
                if getattr(target, "kind", "") == "webhook":
                    read_secret(secret)
                found.append(secret)
            except (SecretMissingError, SecretError) as error:
                self._add(("targets", name, key), f"{key} of '{name}': {error}")
        return tuple(found)

    def _products(self) -> dict[str, str]:
        told = self._data.get("products", "")
        folder = self._path.parent / str(told)
        if not told or not folder.is_dir():
            if told:
                self._add(("products",), f"there is no folder '{told}' beside {self._path.name}")
            return {}
        found: dict[str, str] = {}
        for path in sorted(folder.glob("*.yml")):
            try:
                product = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506, texts only
            except (OSError, ValueError, yaml.YAMLError):
                self._add(("products",), f"{told}/{path.name} cannot be read. Ask: ./helpstand check")
                continue
            if isinstance(product, dict):
                found[path.stem] = str(product.get("route", ""))
        return found

    def _check_products(
        self, part: str, rules: Mapping[int, Rule] | Mapping[int, DefectRule], products: Mapping[str, str]
    ) -> None:
        known = {route for route in products.values() if route}
        for number, rule in rules.items() if products else ():
            for route in (route for route in rule.route if route not in known):
                self._add((part, number, "route"), f"no product has the route '{route}'.{did_you_mean(route, known)}")
            for name in (name for name in rule.product if name not in products):
                self._add((part, number, "product"), f"there is no product '{name}'.{did_you_mean(name, products)}")

    def _add(self, place: Place, words: str) -> None:
        entry = (self._line(place), words)
        if entry not in self._found:
            self._found.append(entry)

    def _line(self, place: Place) -> int:
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return a hint at what was probably meant."""
    known = sorted(choices)
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if close:
        return f" Did you mean '{close[0]}'?"
    return f" There are: {', '.join(known)}." if known else ""


def _words(place: Place, problem: Any, model: type[BaseModel]) -> str:
    key, kind = str(next(part for part in reversed(place) if isinstance(part, str))), problem["type"]
    if kind == "extra_forbidden":
        return f"unknown key '{key}'.{did_you_mean(key, model.model_fields)}"
    if kind == "missing":
        return f"'{key}' is missing: {model.model_fields[key].description}"
    if kind == "enum":
        return f"unknown flow '{problem['input']}'.{did_you_mean(str(problem['input']), [flow.value for flow in Flow])}"
    if kind == "literal_error":
        return f"{key} must be {problem['ctx']['expected']}, not '{problem['input']}'"
    if kind in OWN:
        return str(problem["msg"])
    return f"{key}: {problem['msg'][:1].lower()}{problem['msg'][1:]}"


def _tree(name: str, text: str) -> tuple[dict[str, Any], dict[Place, int]]:
    lines: dict[Place, int] = {}
    problems: list[str] = []
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = _plain(node, (), lines, problems, name, set()) if node is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "it cannot be read"
        raise RoutesError([f"{name}:{mark.line + 1 if mark else 1}: this is not well-formed YAML: {why}."]) from None
    if problems:
        raise RoutesError(problems)
    if not isinstance(data, dict):
        raise RoutesError([f"{name}:1: it must be keys with values: targets, routes."])
    return data, lines


def _plain(node: yaml.Node, place: Place, lines: dict[Place, int], problems: list[str], name: str, seen: set[int]) -> Any:
    """Return the tree with every scalar as the text that was typed, and remember the lines."""
    lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in seen:
        problems.append(f"{name}:{node.start_mark.line + 1}: anchors (&) and aliases (*) are not used here.")
        return ""
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, number), lines, problems, name, seen) for number, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            word = str(key.value)
            if word in found:
                problems.append(f"{name}:{key.start_mark.line + 1}: the key '{word}' stands here a second time. Remove one.")
            lines[*place, word] = key.start_mark.line + 1
            found[word] = _plain(value, (*place, word), lines, problems, name, seen)
        return found
    return str(node.value)
