"""Links to files, pipes, devices, hidden files: what is read, what is published, what a writer is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from guides.engine.driver import build_site
from guides.engine.inputs import inputs_digest
from guides.engine.output import copy_tree
from guides.library import load_library
from guides.settings import load_settings

MakeSite = Callable[[dict[str, str | bytes]], Path]
Told = Callable[[Path], list[str]]
HEAD = "---\ntitle: A title\ntype: guide\nproduct: kettle\nstage: use\nreview_by: 2036-11-30\n---\n\n"
PAGE = "content/en/kettle/a.md"
SECRET = "a-secret-that-nobody-publishes"
GONE = "the file is a link that leads nowhere, to 'nowhere.svg'. Mend the link, or delete it"
PIPE = "this is a pipe, a device or a folder, not a file. Put a file in its place"
FOREIGN = "site_name: Theirs\nmarkdown_extensions: [pymdownx.snippets]\n"


def digest(config: Path) -> str:
    """Return the digest of what a build of a site depends on."""
    return inputs_digest(load_settings(config))


def test_what_editors_leave_behind_is_no_content(make_site: MakeSite, told: Told) -> None:
    """An open editor stops no build, starts none, and is no reason for a message."""
    config = make_site({PAGE: HEAD + "Words.\n"})
    folder, before = config.parent / "content/en/kettle", digest(config)
    (folder / ".#a.md").symlink_to("me@host.1:99")
    for name in (".a.md.swp", "a.md~", "#a.md#"):
        (folder / name).write_text("half a word")
    assert digest(config) == before
    assert told(config) == []


def test_a_picture_that_is_no_file_is_told(make_site: MakeSite, told: Told) -> None:
    """The build would stop, hang, or publish what is none of the reader's business."""
    config = make_site({PAGE: HEAD + "Words.\n", "content/media/ok.svg": "<svg/>"})
    media = config.parent / "content/media"
    (media / "gone.svg").symlink_to("nowhere.svg")
    (media / "passwd.svg").symlink_to("/etc/passwd")
    (media / "zero.png").symlink_to("/dev/zero")
    os.mkfifo(media / "pipe.svg")
    (media / "same.svg").symlink_to("ok.svg")
    outside = "the file is a link that leads outside of content/. Put a copy of what it leads to in its place"
    assert told(config) == [
        f"error file-unreadable content/media/gone.svg:1: {GONE}",
        f"error file-outside content/media/passwd.svg:1: {outside}",
        f"error file-unreadable content/media/pipe.svg:1: {PIPE}",
        f"error file-outside content/media/zero.png:1: {outside}",
    ]
    assert digest(config) == digest(config)


def test_a_page_that_is_a_pipe_is_told(make_site: MakeSite, told: Told) -> None:
    """Reading it would never end."""
    config = make_site({PAGE: HEAD + "Words.\n"})
    os.mkfifo(config.parent / "content/en/kettle/p.md")
    assert told(config) == [f"error file-unreadable content/en/kettle/p.md:1: {PIPE}"]


def test_a_link_to_another_page_of_the_site_is_fine(make_site: MakeSite, told: Told) -> None:
    """Writers share files that way; a change of what is linked to is a change."""
    config = make_site({PAGE: HEAD + "Words.\n"})
    (config.parent / "content/en/kettle/b.md").symlink_to("a.md")
    assert told(config) == []


def test_only_visible_files_of_the_folder_are_copied(tmp_path: Path) -> None:
    """Whatever lies in the folder of pictures is on the web a minute later."""
    source, target = tmp_path / "media", tmp_path / "site"
    (source / ".git").mkdir(parents=True)
    (source / "kettle").mkdir()
    for name in ("kettle/lid.svg", ".env", ".git/config", "lid.svg~"):
        (source / name).write_text(name)
    (source / "passwd.svg").symlink_to("/etc/passwd")
    (source / "env.svg").symlink_to(".env")
    (source / "gone.svg").symlink_to("nowhere")
    (source / "loop").symlink_to(".")
    os.mkfifo(source / "pipe")
    copy_tree(source, target)
    assert [path.relative_to(target).as_posix() for path in sorted(target.rglob("*")) if path.is_file()] == ["kettle/lid.svg"]


@pytest.mark.parametrize("include", ['--8<-- "pw.md"', '-8<- "pw.md"', "--8<-- 'pw.md:1:2'", "--8<--\npw.md\n--8<--"])
def test_a_snippet_that_leads_outside_is_told(make_site: MakeSite, told: Told, include: str) -> None:
    """In whichever way it is written, the engine would put it into the page."""
    config = make_site({PAGE: HEAD + include + "\n", "content/snippets/en/ok.md": "Words.\n"})
    (config.parent / "content/snippets/en/pw.md").symlink_to("/etc/passwd")
    line = 9 + include.count("\n") // 2
    cure = "Put a copy of the text into content/snippets"
    assert told(config) == [
        f"error file-outside {PAGE}:{line}: the snippet 'pw.md' leads outside of the folder of snippets. {cure}"
    ]


def test_a_snippet_that_is_no_text_is_told(make_site: MakeSite, told: Told) -> None:
    """The engine would stop with a message of its own."""
    files: dict[str, str | bytes] = {PAGE: HEAD + '--8<-- "a.md"\n\n--8<-- "b.md"\n\n--8<-- "c.md"\n'}
    config = make_site({**files, "content/snippets/a.md": b"Caf\xe9", "content/snippets/b.md": "word " * 300_000})
    os.mkfifo(config.parent / "content/snippets/c.md")
    assert told(config) == [
        f"error file-unreadable {PAGE}:9: the snippet 'a.md' is not UTF-8. Save the file as UTF-8",
        f"error file-unreadable {PAGE}:11: the snippet 'b.md' is larger than 1 MB. Include less",
        f"error file-unreadable {PAGE}:13: the snippet 'c.md' cannot be read. Put a file in its place that you may read",
    ]


def foreign_site(folder: Path, pages: dict[str, str]) -> Path:
    """Write a site of others with secrets around it, and return its mkdocs.yml."""
    (folder / "docs").mkdir(parents=True)
    for name, text in {"mkdocs.yml": FOREIGN + f"# {SECRET}\n", ".env": SECRET, "parts/a.md": "A shared part.\n"}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    for name, text in pages.items():
        (folder / "docs" / name).write_text(text)
    return folder / "mkdocs.yml"


def text_of(site: Path) -> str:
    """Return all that a built site says."""
    return "".join(path.read_text() for path in site.rglob("*.html"))


def test_a_site_of_others_is_built_without_what_leads_outside(tmp_path: Path, told: Told) -> None:
    """Nothing but its own documents is published; the rest of the site is built."""
    includes = "\n\n".join(f'--8<-- "{name}"' for name in (".env", "mkdocs.yml", "out.md", "env.md", "parts/a.md", "none.md"))
    config = foreign_site(tmp_path / "theirs", {"index.md": f"# Home\n\nBefore.\n\n{includes}\n\nAfter.\n", "b.md": "# B\n"})
    (tmp_path / "outside.md").write_text(SECRET)
    for name, target in {"out.md": "../../outside.md", "env.md": "../.env", "page.md": "../../outside.md"}.items():
        (config.parent / "docs" / name).symlink_to(target)
    site = tmp_path / "site"
    site.mkdir()
    settings = load_settings(config)
    build_site(settings, load_library(settings)[0], site, date(2026, 11, 22))
    text = text_of(site)
    assert SECRET not in text
    assert all(words in text for words in ("Before.", "A shared part.", "After.", "B</"))
    left_out = "leads outside of the folder of snippets. It is left out"
    assert f"warning file-outside docs/index.md:9: the snippet 'out.md' {left_out}" in told(config)
    assert f"warning file-outside docs/index.md:11: the snippet 'env.md' {left_out}" in told(config)


def test_a_page_may_be_a_link_to_the_readme_beside_the_documents(tmp_path: Path) -> None:
    """Many sites have their home page so."""
    config = foreign_site(tmp_path / "theirs", {})
    (config.parent / "README.md").write_text("# Read me\n")
    (config.parent / "docs/index.md").symlink_to("../README.md")
    before = digest(config)
    assert [guide.front.title for guide in load_library(load_settings(config))[0].guides] == ["Read me"]
    (config.parent / "README.md").write_text("# Read me again\n")
    assert digest(config) != before


def test_a_changed_snippet_or_parent_file_is_a_change(tmp_path: Path) -> None:
    """Else the build says that nothing has changed."""
    config = foreign_site(tmp_path / "theirs", {"index.md": '# Home\n\n--8<-- "parts/a.md"\n'})
    base = tmp_path / "base.yml"
    base.write_text("site_name: Base\n")
    (config.parent / "parts/a.md").write_text('--8<-- "parts/b.md"\n')
    (config.parent / "parts/b.md").write_text("Old.\n")
    first = digest(config)
    (config.parent / "parts/b.md").write_text("New.\n")
    second = digest(config)
    assert first != second
    (config.parent / "parts/unused.md").write_text("New.\n")
    assert digest(config) == second


def test_pages_of_devices_end(tmp_path: Path) -> None:
    """A site of others may hold anything; each page is read or told, none is waited for."""
    config = foreign_site(tmp_path / "theirs", {"index.md": "# Home\n"})
    os.mkfifo(config.parent / "docs/p.md")
    (config.parent / "docs/z.png").symlink_to("/dev/zero")
    (config.parent / "docs/loop").symlink_to(".")
    settings = load_settings(config)
    assert digest(config) == digest(config)
    _, problems = load_library(settings)
    assert [str(found) for found in problems] == [f"docs/p.md:1: {PIPE}"]


def test_a_site_may_itself_lie_behind_a_link_or_in_a_hidden_folder(make_site: MakeSite, told: Told, tmp_path: Path) -> None:
    """Only the way from the site's own folder counts."""
    config = make_site({PAGE: HEAD + '--8<-- "a.md"\n', "content/snippets/a.md": "Words.\n"})
    hidden = tmp_path / ".hidden"
    shutil.copytree(config.parent / "content", hidden / "content")
    shutil.copy(config, hidden)
    (tmp_path / "link").symlink_to(hidden)
    assert told(tmp_path / "link/mkdocs.yml") == []
    settings = replace(load_settings(tmp_path / "link/mkdocs.yml"))
    assert inputs_digest(settings)
