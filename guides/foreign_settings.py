"""What Helpstand takes from the settings of a site written by others, and what it names but never runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guides.config_file import Tree, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from guides.config_file import Config

_REASONS = {"search": ": Helpstand's own search takes its place"}


def notices(config: Config) -> Iterator[str]:
    """Name what a foreign site brings along as code or looks, and the values that mean nothing."""
    data = config.data
    yield from _named(config, "plugins", "plugin '{}' is not run")
    yield from _named(config, "hooks", "hook '{}' is not run")
    theme = data.get("theme")
    if isinstance(theme, dict) and isinstance(theme.get("custom_dir"), str):
        yield f"theme folder '{theme['custom_dir']}' is not used: the pages have Helpstand's look"
    yield from _named(config, "extra_css", "style sheet '{}' is not used")
    yield from _named(config, "extra_javascript", "script '{}' is not run")
    for number, item in enumerate(entries(data.get("markdown_extensions"))):
        if not name_of(item):
            yield _odd(config, "markdown_extensions", number, item)
    for tag in config.tags:
        yield f"the tag '{tag}' is not used: it counts as empty"


def _named(config: Config, key: str, notice: str) -> Iterator[str]:
    for number, item in enumerate(entries(config.data.get(key))):
        name = name_of(item, path=key == "extra_javascript", keys=key == "plugins")
        yield (
            notice.format(name) + (_REASONS.get(name, "") if key == "plugins" else "")
            if name
            else _odd(config, key, number, item)
        )


def _odd(config: Config, key: str, number: int, item: Tree) -> str:
    place = (key, number) if isinstance(config.data.get(key), list) else (key,)
    return f"an entry of '{key}' (line {config.mark(*place)[1]}) is {shape_of(item)}, not a name: it is not used"


def entries(value: Tree) -> list[Tree]:
    """Return a list's entries; MkDocs takes a mapping for a list of its pairs, and one value for a list of one."""
    if isinstance(value, dict):
        return [{name: options} for name, options in value.items()]
    return value if isinstance(value, list) else [value] if value is not None else []


def name_of(item: Tree, *, path: bool = False, keys: bool = True) -> str:
    """Return the name of a plugin, extension, hook or file: a text, the key of its options, or their `path`; else nothing."""
    if isinstance(item, dict):
        inner = item.get("path") if path else next(iter(item), "") if keys and len(item) == 1 else ""
        return inner if isinstance(inner, str) else ""
    return item if isinstance(item, str) else ""


def extensions(config: Config) -> Iterator[str]:
    """Yield the names of the Markdown extensions that a site asks for; their options are not taken."""
    for item in entries(config.data.get("markdown_extensions")):
        if name := name_of(item):
            yield name


def snippet_folders(config: Config, root: Path) -> Iterator[Path]:
    """Yield the `base_path` folders of pymdownx.snippets that lie inside the site."""
    for item in entries(config.data.get("markdown_extensions")):
        options = item.get("pymdownx.snippets") if isinstance(item, dict) else None
        for base in entries(options.get("base_path")) if isinstance(options, dict) else ():
            if isinstance(base, str) and "\0" not in base:
                folder = (root / base).resolve()
                if folder.is_dir() and folder.is_relative_to(root.resolve()):
                    yield folder
