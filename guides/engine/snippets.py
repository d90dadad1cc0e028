"""The `--8<--` of pymdownx, with our own answer to which file a snippet is: links are followed, and never lead outside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pymdownx.snippets import SnippetExtension, SnippetPreprocessor

from guides.snippets import MAX_DEPTH, Wrong, find_snippet

if TYPE_CHECKING:
    from markdown import Markdown

NAME = "guides.engine.snippets"
"""What Markdown loads it by."""


class OwnSnippetPreprocessor(SnippetPreprocessor):  # type: ignore[misc]
    """Puts snippets in, but only files that may be published."""

    def get_snippet_path(self, path: str) -> str | None:
        """Return the file of a snippet; None leaves it out of the page."""
        if len(self.seen) > MAX_DEPTH:
            return None
        found = find_snippet(path, tuple(Path(base) for base in self.base_path))
        return None if isinstance(found, Wrong) else str(found)


class OwnSnippetExtension(SnippetExtension):  # type: ignore[misc]
    """Registers our preprocessor in the place of pymdownx's."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802, the name is Markdown's
        """Register the preprocessor with the priority that pymdownx gives its own."""
        self.md = md
        md.registerExtension(self)
        config = self.getConfigs()
        snippet = OwnSnippetPreprocessor(config, md)
        md.preprocessors.register(snippet, "snippet", 32)


def makeExtension(**options: Any) -> OwnSnippetExtension:  # noqa: N802, the name is Markdown's
    """Return the extension as Markdown asks for it."""
    return OwnSnippetExtension(**options)
