"""Any mkdocs.yml, however wrong or hostile, gives settings or a clear message at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guides.config_file import read_config
from guides.settings import Settings, SettingsError, load_settings

Load = Callable[[str], Settings]
Refused = Callable[[str], str]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load settings from a text, beside a folder docs."""
    (tmp_path / "docs").mkdir()

    def loaded(text: str) -> Settings:
        (tmp_path / "mkdocs.yml").write_text(text, encoding="utf-8")
        return load_settings(tmp_path / "mkdocs.yml")

    return loaded


@pytest.fixture
def refused(load: Load) -> Refused:
    """Return the message for a text that cannot be used."""

    def message(text: str) -> str:
        with pytest.raises(SettingsError) as caught:
            load(text)
        return str(caught.value)

    return message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("site_name: 2024-99-99", "2024-99-99"),
        ("site_name: no", "no"),
        ("site_name: 010", "010"),
        ("site_name: '2024'", "2024"),
        ("site_name:", "Help"),
        ("site_name: !!python/name:os.system", "Help"),
        ("site_name: !theirs Acme", "Help"),
        ("x: &x {site_name: Merged}\n<<: *x", "Merged"),
    ],
)
def test_text_is_text(load: Load, text: str, name: str) -> None:
    """What looks like a date, a number or code is the text that was typed, or nothing."""
    assert load(text).site_name == name


def test_tags_are_named(load: Load) -> None:
    """A value that a tag would make is not used, and its tag is told once."""
    assert load("site_name: !theirs Acme\nsite_url: !theirs x\nextra: {a: !!python/name:os.system }\n").notices == (
        "the tag '!theirs' is not used: it counts as empty",
        "the tag '!!python/name:os.system' is not used: it counts as empty",
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("!ENV SHOP", "Acme"),
        ("!ENV NOWHERE", None),
        ("!ENV [NOWHERE, SHOP, Default]", "Acme"),
        ("!ENV [NOWHERE, Default]", "Default"),
        ("!ENV [SHOP]", "Acme"),
        ("!ENV [NOWHERE]", None),
        ("!ENV EMPTY", None),
    ],
)
def test_environment(tmp_path: Path, written: str, name: str | None) -> None:
    """`!ENV` means what it means to MkDocs: the first variable that is set, else the default, else nothing."""
    file = tmp_path / "mkdocs.yml"
    file.write_text(f"site_name: {written}\n")
    assert read_config(file, {"SHOP": "Acme", "EMPTY": ""}).data["site_name"] == name


def _bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 9)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("key", ["site_name", "hooks", "nav", "unread"])
def test_aliases_of_aliases_are_refused_at_once(refused: Refused, key: str) -> None:
    """Nine lines that mean a billion values cost neither time nor memory."""
    started = time.process_time()
    assert "the aliases (*) in this file make it too large. Write the values out" in refused(f"{_bomb()}{key}: *a8\n")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("site_name: x\nplugins: 5", "mkdocs.yml:2: 'plugins' must be a list, not '5'"),
        ("theme: [a]", "mkdocs.yml:1: 'theme' must be a name, or keys with values, not a list"),
        ("site_name: [a]\nextra: 3", "mkdocs.yml:1: 'site_name' must be a text, not a list\nmkdocs.yml:2: 'extra' must be keys"),
        ("exclude_docs: [a]", "mkdocs.yml:1: 'exclude_docs' must be a text, not a list"),
        ("exclude_docs: '!'", "mkdocs.yml:1: 'exclude_docs' holds a pattern that means nothing: '!'. Correct it"),
        ("site_url: 'http://['", "mkdocs.yml:1: site_url 'http://[' is no address. Write https://… or take it out"),
        ("site_url: javascript:x", "mkdocs.yml:1: site_url 'javascript:x' is no address"),
        ("nav: &n [{a: *n}]", "mkdocs.yml:1: this value holds itself through an alias (*). Take the alias out"),
        ("nav: *gone", "mkdocs.yml:1: not valid YAML"),
        ("nav:\n  " + "[" * 3000, "mkdocs.yml:2: nested deeper than 50 levels. Make it flatter"),
        ("nav: " + "{a: " * 400 + "x" + "}" * 400, "mkdocs.yml:1: nested deeper than 50 levels"),
        ("nav: " + "[" * 900_000, "mkdocs.yml:1: nested deeper than 50 levels"),
        ("? [a]\n: b", "mkdocs.yml:1: a key must be a plain word"),
        ("\x00\x01", "mkdocs.yml:1: not valid YAML"),
        ("just words", "mkdocs.yml:1: must be a mapping of settings"),
        ("", "mkdocs.yml:1: must be a mapping of settings"),
        ("x: " + "y" * 1_000_000, "larger than 1 MB, this is not a mkdocs.yml"),
    ],
)
def test_words_for_what_cannot_be_used(refused: Refused, text: str, message: str) -> None:
    """Each gives a message with its line and no traceback."""
    assert message in refused(text)


@pytest.mark.parametrize("folder", ["/usr/share", "/", "..", ".", "../other", "outside"])
def test_pages_lie_below_the_settings(tmp_path: Path, refused: Refused, folder: str) -> None:
    """No site shows files from elsewhere, be it through a path or a link."""
    (tmp_path / "outside").symlink_to("/etc")
    cure = f"Cure: put the Markdown files into a folder below {tmp_path}, and name that folder"
    assert refused(f"site_name: x\ndocs_dir: {folder}\n") == (
        f"mkdocs.yml:2: docs_dir '{folder}' does not lie below the folder of this file. {cure}"
    )


@pytest.mark.parametrize("folder", ["/usr/share/en", "/en", "../en"])
def test_the_pages_of_a_shop_lie_below_its_settings(refused: Refused, folder: str) -> None:
    """The same goes for our own shop, but its content may be a link: it is the shop's own."""
    own = f"docs_dir: {folder}\nextra: {{helpstand: {{languages: [en]}}}}\n"
    assert refused(own).startswith(f"mkdocs.yml:1: docs_dir '{folder}' does not lie below the folder of this file. Cure: ")


def test_a_shop_may_link_to_its_content(tmp_path: Path, load: Load) -> None:
    """Content that lies in a checkout elsewhere is linked to."""
    (tmp_path / "content").symlink_to(tmp_path.parent)
    assert load("extra: {helpstand: {languages: [en]}}\n").content == tmp_path / "content"


def test_what_is_no_file_is_told_at_once(tmp_path: Path) -> None:
    """A device or a pipe is never waited for, nor is one that INHERIT names."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "mkdocs.yml").write_text("INHERIT: pipe\n")
    for path in (Path("/dev/zero"), tmp_path / "pipe", tmp_path / "mkdocs.yml"):
        with pytest.raises(SettingsError, match=r"this is no regular file\. Cure: name a mkdocs\.yml with -f"):
            load_settings(path)


def test_inherited_files_are_recorded(tmp_path: Path, load: Load) -> None:
    """Every file that takes part is known; what is wrong in one is told with its name and line."""
    (tmp_path / "base.yml").write_text("INHERIT: more/root.yml\nsite_name: Base\ntheme: {language: de}\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more/root.yml").write_text("site_url: https://a.example\nsite_name: Root\n")
    settings = load("INHERIT: base.yml\ntheme: {custom_dir: x}\n")
    assert (settings.site_name, settings.site_url, settings.languages) == ("Base", "https://a.example/", ("de",))
    assert settings.inherited == (tmp_path / "base.yml", tmp_path / "more/root.yml")
    (tmp_path / "more/root.yml").write_text("\nplugins: 5\n")
    with pytest.raises(SettingsError, match=r"^more/root\.yml:2: 'plugins' must be a list"):
        load("INHERIT: base.yml\n")


def test_inherit_ends(tmp_path: Path, refused: Refused) -> None:
    """A circle, a long chain and a missing file are told at the line that leads there."""
    assert refused("INHERIT: mkdocs.yml") == (
        "mkdocs.yml:1: INHERIT leads back to 'mkdocs.yml', which is read already. Take one INHERIT out"
    )
    for number in range(7):
        (tmp_path / f"{number}.yml").write_text(f"INHERIT: {number + 1}.yml\n")
    assert refused("INHERIT: 0.yml") == "4.yml:1: INHERIT leads through more than 5 files. Put their settings together"
    assert refused("\nINHERIT: gone.yml") == "mkdocs.yml:2: INHERIT names 'gone.yml', which is not found. Correct the path"
    assert refused("INHERIT: [a]") == "mkdocs.yml:1: INHERIT must be the path of one file, not a list"


def test_odd_entries_are_said_well(load: Load) -> None:
    """An entry that names nothing is told in words, not as Python prints it."""
    settings = load(
        "hooks: [{a: b}]\nextra_javascript:\n  -\nplugins: [[a], search]\n"
        "markdown_extensions: [{5: 6}, {}, {toc: {x: y}}]\nextra_css: {}\n"
    )
    assert settings.notices == (
        "an entry of 'plugins' (line 4) is a list, not a name: it is not used",
        "plugin 'search' is not run: Helpstand's own search takes its place",
        "an entry of 'hooks' (line 1) is keys with values, not a name: it is not used",
        "an entry of 'extra_javascript' (line 3) is empty, not a name: it is not used",
        "an entry of 'markdown_extensions' (line 5) is keys with values, not a name: it is not used",
    )
    assert settings.extensions == ("5", "toc")
