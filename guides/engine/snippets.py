"""The `--8<--` of pymdownx, with our own answer to which file a snippet is: links are followed, and never lead outside.

A page that is not yet translated takes its own language's snippets, for they may be half of a sentence. Boxes are whole:
where the reader's language has the same box, a warning is read in that language.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pymdownx.snippets import SnippetExtension, SnippetPreprocessor

from guides.snippets import MAX_DEPTH, Wrong, find_snippet

if TYPE_CHECKING:
    from markdown import Markdown

NAME = "guides.engine.snippets"
"""What Markdown loads it by."""
IN_LANGUAGE = "in-"
"""Begins the class that a box in another language than its page carries until its tag says so."""
_BOX = re.compile(r"!!! [a-z]+(?=\s|$)")


class OwnSnippetPreprocessor(SnippetPreprocessor):  # type: ignore[misc]
    """Puts snippets in, but only files that may be published."""

    def __init__(self, config: dict[str, Any], md: Markdown, reader: Path | None) -> None:
        super().__init__(config, md)
        self._reader = reader

    def get_snippet_path(self, path: str) -> str | None:
        """Return the file of a snippet; None leaves it out of the page."""
        if len(self.seen) > MAX_DEPTH:
            return None
        folders = tuple(Path(base) for base in self.base_path)
        found = find_snippet(path, folders)
        if isinstance(found, Wrong):
            return None
        theirs = find_snippet(path, (self._reader, *folders)) if self._reader else found
        return str(theirs if isinstance(theirs, Path) and theirs != found and _is_boxes(theirs) and _is_boxes(found) else found)

    def parse_snippets(self, lines: list[str], file_name: str | None = None, **where: bool) -> list[str]:
        """Return the lines with their snippets, boxes in the reader's language marked."""
        found: list[str] = super().parse_snippets(lines, file_name, **where)
        if not (file_name and self._reader and Path(file_name).is_relative_to(self._reader)):
            return found
        return [_BOX.sub(rf"\g<0> {IN_LANGUAGE}{self._reader.name}", line) if line.startswith("!!!") else line for line in found]


def _is_boxes(path: Path) -> bool:
    lines = path.read_text(encoding="utf-8").splitlines()
    return all(not line.strip() or line.startswith("    ") or _BOX.match(line) for line in lines)


class OwnSnippetExtension(SnippetExtension):  # type: ignore[misc]
    """Registers our preprocessor in place of pymdownx's; `reader` is the folder of the reader's snippets, if not the page's."""

    def __init__(self, *, reader: str = "", **options: Any) -> None:
        super().__init__(**options)
        self._reader = Path(reader) if reader else None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, the name is Markdown's
        """Register the preprocessor with the priority that pymdownx gives its own."""
        self.md = md
        md.registerExtension(self)
        snippet = OwnSnippetPreprocessor(self.getConfigs(), md, self._reader)
        md.preprocessors.register(snippet, "snippet", 32)


def makeExtension(**options: Any) -> OwnSnippetExtension:  # noqa: N802, the name is Markdown's
    """Return the extension as Markdown asks for it."""
    return OwnSnippetExtension(**options)
