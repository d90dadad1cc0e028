"""Imports run one way: packages hand each other files, and only the rim knows the tools behind it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("guides", "search_index", "kiosk", "service", "fleet")
ALLOWED = {
    "guides": set(),
    "search_index": set(),
    "service": set(),
    "fleet": set(),
    "kiosk": {"search_index.searcher", "service.messages", "service.outbox", "fleet.updater"},
}
RIM: dict[str, tuple[str, ...]] = {
    "mkdocs": ("guides/engine/",),
    "properdocs": ("guides/engine/",),
    "whoosh": ("search_index/",),
    "webview": ("kiosk/window/",),
    "uvicorn": ("kiosk/", "service/desk/"),
    "sqlalchemy": ("service/store/", "service/desk/"),
    "alembic": ("service/store/",),
    "fastapi": ("service/desk/",),
    "argon2": ("service/desk/",),
    "authlib": ("service/desk/",),
    "pyrage": ("service/desk/",),
    "nacl": ("service/sealing.py", "service/signing.py"),
}


def modules(folder: str) -> Iterator[tuple[Path, set[str]]]:
    """Yield each module below a folder with what it imports, late imports and type-checking ones too."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
        yield path, names


@pytest.mark.parametrize("package", [name for name in PACKAGES if (ROOT / name).is_dir()])
def test_packages_do_not_know_each_other(package: str) -> None:
    """No package imports another, but for the few doors that the kiosk may use; nobody imports build.py."""
    for path, names in modules(package):
        for name in names:
            top = name.split(".")[0]
            assert top != "build", path
            if top in PACKAGES and top != package:
                assert name in ALLOWED[package], f"{path} imports {name}"


@pytest.mark.parametrize(("tool", "homes"), sorted(RIM.items()))
def test_tools_are_known_in_one_place(tool: str, homes: tuple[str, ...]) -> None:
    """MkDocs, Whoosh, pywebview, the web server, the database and the ciphers can each be exchanged in their own place."""
    for package in PACKAGES:
        for path, names in modules(package):
            if any(name.split(".")[0] == tool for name in names):
                assert path.relative_to(ROOT).as_posix().startswith(homes), f"{path} imports {tool}"


def test_whoosh_is_known_to_one_module() -> None:
    """Changing over to another Whoosh stays one line."""
    users = [path.name for path, names in modules("search_index") if any(name.split(".")[0] == "whoosh" for name in names)]
    assert users == ["postings.py"]
