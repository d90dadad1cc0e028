"""Pastes what the code says of itself into the manual: `.venv/bin/python docs/paste.py`.

A block begins with `<!-- paste: NAME -->` and ends with `<!-- end -->`; a test holds that every block is up to date.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from guides.engine.warnings import ENGINE_RULES
from guides.frontmatter import FrontMatter
from guides.problems import RULES
from guides.rulebook import Severity
from guides.shop_look import ShopLook
from guides.vocabulary import SERVICES, Audience, Difficulty, GuideType, Safety, Stage, Status, Surface
from kiosk.config import KioskConfig
from service.connectors.targets import KINDS, Target
from service.routing import DefectRule, Rule

if TYPE_CHECKING:
    import click

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs"
_BLOCK = re.compile(r"(<!-- paste: (?P<name>[a-z -]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_ONE_OF: dict[str, type[StrEnum]] = {
    "type": GuideType,
    "stage": Stage,
    "difficulty": Difficulty,
    "safety": Safety,
    "audience": Audience,
    "where": Surface,
    "status": Status,
}


def command_line() -> click.Group:
    """Return the one command; loaded by its path, because PyPA's `build` has the same name."""
    spec = importlib.util.spec_from_file_location("helpstand_command", ROOT / "build.py")
    if spec is None or spec.loader is None:
        raise ImportError(ROOT / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    group: click.Group = module.main
    return group


def pasted(text: str, group: click.Group) -> str:
    """Return a page with every block as it must be."""
    return _BLOCK.sub(lambda block: f"{block[1]}{_content(block['name'], group)}\n{block[3]}", text)


def _content(name: str, group: click.Group) -> str:
    kind, _, rest = name.partition(" ")
    if kind == "help":
        words = [*rest.split(), "--help"]
        shown = CliRunner().invoke(group, words, prog_name="build.py", terminal_width=100).output
        return f"\n```text\n{shown.rstrip()}\n```\n"
    return {"rules": _rules, "keys": _keys, "values": _values, "kiosk": _kiosk, "look": _look, "routes": _routes}[kind]()


def _rules() -> str:
    rows = [(rule.id, rule.severity.value, rule.sentence) for rule in RULES.values()]
    rows += [(rule, f"{Severity.WARNING.value}, seen in a build", sentence) for rule, sentence in ENGINE_RULES.items()]
    return _table(("Rule", "Severity", "What it asks for"), [(f"`{rule}`", severity, text) for rule, severity, text in rows])


def _keys() -> str:
    # The model leaves `product` open, because menus and policies have none; everybody else needs it.
    rows = [
        (f"`{name}`", "yes" if field.is_required() or name == "product" else "", field.description or "")
        for name, field in FrontMatter.model_fields.items()
    ]
    return _table(("Key", "Required", "What it says"), rows)


def _values() -> str:
    rows = [(f"`{key}`", ", ".join(f"`{value}`" for value in values)) for key, values in _ONE_OF.items()]
    return _table(("Where", "One of"), [*rows, ("a `service:` link", ", ".join(f"`{service}`" for service in SERVICES))])


def _kiosk() -> str:
    rows = [
        (f"`{name}`", f"`{_toml(field.default)}`" if field.default is not None else "", f"{field.description}")
        for name, field in KioskConfig.model_fields.items()
    ]
    return _table(("Key", "Default", "Must be"), rows)


def _routes() -> str:
    rows = [("a rule", f"`{name}`", field.description or "") for name, field in Rule.model_fields.items()]
    rows += [("a line of `defects`", f"`{name}`", field.description or "") for name, field in DefectRule.model_fields.items()]
    rows += [
        (f"`{kind}`", f"`{name}`", field.description or "") for kind, target in KINDS.items() for name, field in _own(target)
    ]
    rows += [("every target", f"`{name}`", field.description or "") for name, field in Target.model_fields.items()]
    return _table(("Where", "Key", "What it says"), rows)


def _own(target: type[Target]) -> list[tuple[str, Any]]:
    return [(name, field) for name, field in target.model_fields.items() if name not in Target.model_fields and name != "kind"]


def _look() -> str:
    return _table(
        ("Key", "What it says"), [(f"`{name}`", field.description or "") for name, field in ShopLook.model_fields.items()]
    )


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def _table(head: tuple[str, ...], rows: list[Any]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n" + "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines) + "\n"


def main() -> None:
    """Paste into every page."""
    group = command_line()
    for page in sorted(PAGES.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        fresh = pasted(text, group)
        if fresh != text:
            page.write_text(fresh, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{page.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
