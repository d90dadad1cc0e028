"""Reads the settings of each screen of a machine, and refuses what two of them cannot share."""

import re
from collections.abc import Sequence
from pathlib import Path

from kiosk.config import ConfigError, KioskConfig, load_config
from kiosk.install.screens import Screen

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def read_screens(paths: Sequence[Path], session: str) -> tuple[Screen, ...]:
    """Return the screens, named by their files; every mistake in any of them is told at once in a ConfigError."""
    problems: list[str] = []
    found: dict[Path, KioskConfig] = {}
    if paths and session != "x11":
        problems.append(f"several screens need --session x11: {session} shows one")
    for path in paths:
        try:
            found[path] = load_config(path)
        except ConfigError as error:
            problems += error.problems
        if not _NAME.fullmatch(path.stem):
            problems.append(f"{path.name}: the file's name becomes a unit's: use small letters, digits and hyphens")
    problems += _shared(found, "monitor") + _shared(found, "name") + _same_stem(paths)
    if problems:
        raise ConfigError(problems)
    return tuple(Screen(path.stem, path.resolve(), config.memory_mb) for path, config in found.items())


def _shared(found: dict[Path, KioskConfig], key: str) -> list[str]:
    """Tell what two kiosks of one machine must not have in common."""
    first: dict[object, Path] = {}
    problems = []
    for path, config in found.items():
        value = getattr(config, key)
        if value in first:
            line = config.lines.get(key, 1)
            problems.append(
                f"{path.name}:{line}: {key} {value!r} is that of {first[value].name} already. Give each screen its own"
            )
        first.setdefault(value, path)
    return problems


def _same_stem(paths: Sequence[Path]) -> list[str]:
    stems = [path.stem for path in paths]
    return [f"{path}: there are two files of this name. Rename one" for path in paths if stems.count(path.stem) > 1][1:]
