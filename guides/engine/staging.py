"""The folder that MkDocs walks: a site's own pictures and files, and nothing that a link or a pattern leads away to."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from pathspec.gitignore import GitIgnoreSpec

from guides.files import is_own, walk
from guides.reading import MARKDOWN

if TYPE_CHECKING:
    from pathlib import Path

    from guides.settings import Settings


def stage_files(settings: Settings, folder: Path) -> None:
    """Put the files of a foreign site that pages may show into a folder; our own shop's pictures are copied elsewhere.

    MkDocs itself follows links to other folders, `/` for example, and copies whatever it finds there.
    """
    if not settings.foreign:
        return
    excluded = GitIgnoreSpec.from_lines(settings.exclude.splitlines())
    for path in walk(settings.content):
        name = path.relative_to(settings.content).as_posix()
        if path.suffix == MARKDOWN or excluded.match_file(name):
            continue
        if is_own(path, settings.content):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(path.resolve(), target)


def _link(real: Path, target: Path) -> None:
    try:
        os.symlink(real, target)  # noqa: PTH211, a link per picture costs less than a copy
    except OSError:  # a file system, or a right, without links
        shutil.copyfile(real, target)
