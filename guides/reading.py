"""The rim: files of a site become texts, and what cannot be read becomes problems."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pathspec.gitignore import GitIgnoreSpec
from pydantic import BaseModel

from guides.files import is_regular, leads_outside, walk
from guides.frontmatter import SLIPS, FrontMatter, plain_front_matter, read_front_matter
from guides.guide import Guide
from guides.markdown import MKDOCS_SLUG, OWN_SLUG
from guides.problems import Problem, Severity, problem
from guides.split import Split, split_page
from guides.validation import validate
from guides.yamltext import YamlText, read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from guides.settings import Settings
    from guides.weight import Heavy

__all__ = [
    "MARKDOWN",
    "MAX_PAGE_BYTES",
    "file_problem",
    "first_heading",
    "guide_id",
    "home_of",
    "markdown_files",
    "read_guide",
    "read_guides",
    "read_text",
    "read_yaml_file",
    "read_yaml_files",
    "unreadable",
    "walk",
]

MAX_PAGE_BYTES = 1_000_000
"""A kiosk must show any page at once; nobody reads a megabyte standing."""

MARKDOWN = ".md"
File = TypeVar("File", bound=BaseModel)


def read_text(path: Path, source: str, home: Path) -> tuple[str | None, Problem | None]:
    """Return a file's text with plain line ends and without a byte order mark, or what is wrong with it.

    A file that a link brings in from outside of its home is not read, nor is one that never ends.
    """
    try:
        if wrong := file_problem(path, source, home):
            return None, wrong
        size = path.stat().st_size
        if size > MAX_PAGE_BYTES:
            message = (
                f"the file has {size / 1e6:.1f} MB, the limit is {MAX_PAGE_BYTES / 1e6:.0f} MB. Split it into several guides"
            )
            return None, problem(source, 1, "page-too-big", message)
        raw = path.read_bytes()
    except OSError as error:
        return None, unreadable(source, error)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, problem(
            source, line, "encoding", f"the text is not UTF-8 (byte 0x{raw[error.start]:02x}). Save the file as UTF-8"
        )
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return None, problem(source, line, "encoding", "the text holds a zero byte. Save the file as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def home_of(settings: Settings) -> Path:
    """Return the folder out of which no link of a page may lead; documents of others often link to the README beside them."""
    return settings.root if settings.foreign else settings.content


def unreadable(source: str, error: OSError) -> Problem:
    """Return the problem of a file that the system does not give."""
    why = error.strerror or type(error).__name__
    return problem(
        source, 1, "file-unreadable", f"the file cannot be read ({why}). Check that it exists and that you may read it"
    )


def file_problem(path: Path, source: str, home: Path) -> Problem | None:
    """Say why a file is not one to read and publish; None for one that is."""
    try:
        if leads_outside(path, home):
            message = f"the file is a link that leads outside of {home.name}/. Put a copy of what it leads to in its place"
            return problem(source, 1, "file-outside", message)
        if is_regular(path):
            return None
    except OSError as error:
        if path.is_symlink():
            message = f"the file is a link that leads nowhere, to '{path.readlink()}'. Mend the link, or delete it"
            return problem(source, 1, "file-unreadable", message)
        return unreadable(source, error)
    return problem(source, 1, "file-unreadable", "this is a pipe, a device or a folder, not a file. Put a file in its place")


def guide_id(folder: Path, path: Path) -> str:
    """Return the ID of a file: one Unicode form, whatever the file system made of it."""
    return unicodedata.normalize("NFC", path.relative_to(folder).as_posix().removesuffix(MARKDOWN))


def markdown_files(settings: Settings, language: str) -> Iterator[Path]:
    """Yield the Markdown files of a language that are meant to be pages."""
    folder = settings.folder(language)
    excluded = _excluded(settings)
    for path in walk(folder):
        if path.suffix == MARKDOWN and not excluded(path.relative_to(folder).as_posix()):
            yield path


def _is_text(name: str) -> bool:
    """Tell whether a name can be printed: file systems of Linux take any bytes."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def read_guides(settings: Settings, language: str) -> Iterator[tuple[Guide | None, list[Problem]]]:
    """Read the guides of a language, each with what is wrong with its front matter; None for a file that is no text."""
    for path in markdown_files(settings, language):
        if not _is_text(str(path)):
            shown = settings.shown(path).encode("utf-8", "backslashreplace").decode()
            yield None, [problem(shown, 1, "file-unreadable", "the name of the file is not UTF-8. Rename it")]
        else:
            yield read_guide(settings, language, path)


def read_guide(settings: Settings, language: str, path: Path) -> tuple[Guide | None, list[Problem]]:
    """Read one guide as far as it can be read, and say what is wrong with it."""
    source = settings.shown(path)
    text, wrong = read_text(path, source, home_of(settings))
    if text is None:
        return None, [wrong] if wrong else []
    split = split_page(text)
    front, yaml, problems = _foreign_front(split, source, path) if settings.foreign else read_front_matter(split, source)
    name = guide_id(settings.folder(language), path)
    snippets, slug = settings.snippets(language), MKDOCS_SLUG if settings.foreign else OWN_SLUG
    guide = Guide(name, language, path, source, front, split.body, split.body_line, yaml, snippets, slug)
    if guide.page.heavy:
        return None, [*problems, _too_heavy(guide.page.heavy, foreign=settings.foreign)]
    return guide, problems


def _too_heavy(found: Heavy, *, foreign: bool) -> Problem:
    """Say what makes a page too heavy. In a site written by others the page is left out, the others are built."""
    wrong = problem(found.line.source, found.line.number, "page-too-heavy", found.message)
    return replace(wrong, severity=Severity.WARNING, message=f"{wrong.message}. The page is left out") if foreign else wrong


def _foreign_front(split: Split, source: str, path: Path) -> tuple[FrontMatter, YamlText, list[Problem]]:
    """Take a title from wherever a page written by others has one."""
    yaml = read_yaml(split.front, source, split.front_line) if split.front_line and not split.open else YamlText(source, 1)
    title = yaml.data.get("title")
    if not isinstance(title, str) or not title.strip():
        title = first_heading(split.body) or path.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    # Their front matter is their own business: unknown keys and wrong YAML are no fault here.
    return plain_front_matter(title.strip()), YamlText(source, 1, yaml.data, yaml.lines), []


def first_heading(body: str) -> str:
    """Return the text of the first `#` heading outside of code."""
    fenced = False
    for line in body.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif line.startswith("# ") and not fenced:
            return line[2:].strip().rstrip("#").split("{")[0].strip()
    return ""


def _excluded(settings: Settings) -> Callable[[str], bool]:
    if not settings.exclude:
        return lambda _path: False
    return GitIgnoreSpec.from_lines(settings.exclude.splitlines()).match_file


def read_yaml_files(
    settings: Settings, folder: Path, model: type[File]
) -> tuple[dict[str, File], dict[str, YamlText], list[Problem]]:
    """Read the product or store files of a folder: by ID, with their lines, and what is wrong."""
    models: dict[str, File] = {}
    texts: dict[str, YamlText] = {}
    problems: list[Problem] = []
    for path in walk(folder):
        if path.suffix not in {".yml", ".yaml"}:
            continue
        name = unicodedata.normalize("NFC", path.relative_to(folder).with_suffix("").as_posix())
        text, wrong = _read_yaml(settings, path, folder)
        texts[name] = text
        problems += wrong
        if wrong:
            continue
        if "id" in text.data:
            message = "unknown key 'id': the ID is the name of the file. Take this line out"
            problems.append(problem(text.source, text.line(("id",)), "key-unknown", message))
            continue
        checked, found = validate(model, text, SLIPS)
        problems += found
        if checked is not None:
            models[name] = checked.model_copy(update={"id": name})
    return models, texts, problems


def read_yaml_file(settings: Settings, path: Path, model: type[File]) -> tuple[File | None, YamlText, list[Problem]]:
    """Read one file that a site may have or not: what it says, with its lines, and what is wrong."""
    if not os.path.lexists(path):
        return None, YamlText(settings.shown(path), 1), []
    text, wrong = _read_yaml(settings, path, path.parent)
    if wrong:
        return None, text, wrong
    checked, found = validate(model, text)
    return checked, text, found


def _read_yaml(settings: Settings, path: Path, home: Path) -> tuple[YamlText, list[Problem]]:
    """Read a file as YAML; the problem is that of a file which is no text. What is wrong with the YAML stands in the text."""
    source = settings.shown(path)
    text, wrong = read_text(path, source, home)
    if text is None:
        problems = [wrong] if wrong else []
        return YamlText(source, 1, problems=problems), problems
    return read_yaml(text, source), []
