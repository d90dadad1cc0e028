"""The manual says everything that the code has, and nothing that it does not have."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from types import ModuleType

import click
import pytest
import yaml
from markdown.extensions.toc import slugify

from guides.check import check
from guides.engine.warnings import ENGINE_RULES
from guides.frontmatter import FrontMatter
from guides.library import load_library
from guides.problems import RULES, Problem
from guides.settings import load_settings
from kiosk.config import KioskConfig

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs"
OUTSIDE_PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
TEXTS = sorted([*PAGES.glob("*.md"), *OUTSIDE_PAGES])
NAMES = [path.relative_to(ROOT).as_posix() for path in TEXTS]
DAY = date(2026, 11, 22)
WRITERS, OPERATORS, COMMANDS = (PAGES / f"{name}.md" for name in ("writers", "operators", "commands"))

_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _paste() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_paste", ROOT / "docs" / "paste.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PASTE = _paste()
GROUP: click.Group = PASTE.command_line()


def _blocks(path: Path, kind: str) -> list[str]:
    return [found["text"] for found in _FENCE.finditer(path.read_text(encoding="utf-8")) if found["kind"] == kind]


def _prose(path: Path) -> str:
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", _prose(path), re.MULTILINE)
    return {slugify(re.sub(r"[`*]|\]\([^)]*\)|\[", "", title), "-") for title in titles}


def _tracked() -> list[Path]:
    """Return the files of the repository, or of its folder where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\0")
    return [path for name in listed if name and (path := ROOT / name).is_file()] or TEXTS


# --- the manual names everything ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["shops", "writers", "operators", "commands"])
def test_pasted_parts_are_up_to_date(name: str) -> None:
    """Tables and --help texts are what the code says today; if not, run docs/paste.py."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert PASTE.pasted(text, GROUP) == text, "run .venv/bin/python docs/paste.py"


def test_every_command_has_its_help_in_the_manual() -> None:
    """Each command has a heading and a paste block."""
    text = COMMANDS.read_text(encoding="utf-8")
    for command in (name for name, found in GROUP.commands.items() if not found.hidden):
        assert f"\n## {command}\n" in text
        assert f"<!-- paste: help {command} -->" in text


def test_every_option_is_in_the_manual() -> None:
    """Each option of each command stands on the page of commands, also one that --help would hide."""
    text = COMMANDS.read_text(encoding="utf-8")
    options = {
        opt for command in GROUP.commands.values() for part in command.params for opt in (*part.opts, *part.secondary_opts)
    }
    assert [option for option in sorted(options) if option.startswith("-") and option not in text] == []


def test_every_rule_is_in_the_manual() -> None:
    """Each rule stands on the writers' page with its severity and sentence."""
    text = WRITERS.read_text(encoding="utf-8")
    rows = [f"| `{rule.id}` | {rule.severity} | {rule.sentence} |" for rule in RULES.values()]
    rows += [f"| `{rule}` | warning, seen in a build | {sentence} |" for rule, sentence in ENGINE_RULES.items()]
    assert [row for row in rows if row not in text] == []


def test_every_key_is_in_the_manual() -> None:
    """Each key of the front matter stands on the writers' page, each of kiosk.toml on the shops' page."""
    writers, shops = WRITERS.read_text(encoding="utf-8"), (PAGES / "shops.md").read_text(encoding="utf-8")
    assert [key for key in FrontMatter.model_fields if f"| `{key}` |" not in writers] == []
    assert [key for key in KioskConfig.model_fields if f"| `{key}` |" not in shops] == []


def test_every_exit_code_is_in_the_manual() -> None:
    """Each exit code of the command stands in the operators' table."""
    source = (ROOT / "build.py").read_text(encoding="utf-8")
    found = re.search(r"^CONTENT, USAGE, MACHINE = (\d), (\d), (\d)$", source, re.MULTILINE)
    assert found
    rows = re.findall(r"^\| (\d) \| ([a-z ]+) \|", OPERATORS.read_text(encoding="utf-8"), re.MULTILINE)
    meaning = ["done", "the content has errors", "wrong use", "the machine or the network"]
    assert dict(rows) == dict(zip(["0", *found.groups()], meaning, strict=True))


def test_every_environment_variable_of_the_start_is_in_the_manual() -> None:
    """What the start reads of the environment stands on the operators' page."""
    start = (ROOT / "helpstand").read_text(encoding="utf-8")
    line = next(line for line in start.splitlines() if line.startswith("# Environment:"))
    names = re.findall(r"\b[A-Z_]{2,}\b", line)
    assert len(names) == 3
    assert [name for name in names if f"`{name}`" not in OPERATORS.read_text(encoding="utf-8")] == []


# --- the manual names nothing that is not there ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_commands_in_texts_exist(name: str) -> None:
    """Every `./helpstand COMMAND --option` in the texts is one that exists."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for line in re.findall(r"\./helpstand (?:--yes )?([a-z].*)", text):
        words = re.split(r"[`|;<\n]", line)[0].split()
        command = GROUP.commands.get(words[0])
        assert command, f"{name}: ./helpstand {line}"
        known = {opt for part in command.params for opt in part.opts}
        used = {word.rstrip(".,") for word in words[1:] if re.match(r"--?[a-z]", word)}
        passed_on = command.context_settings.get("ignore_unknown_options")
        assert passed_on or used <= known, f"{name}: ./helpstand {line}"


@pytest.mark.parametrize("name", NAMES)
def test_links_resolve(name: str) -> None:
    """Every link in the texts leads to a file, and to a heading of it, in the repository."""
    path = ROOT / name
    for link in _LINK.findall(re.sub(r"`[^`\n]*`", "", _prose(path))):
        assert "://" not in link, f"{name}: {link} leads out of the repository"
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.is_file(), f"{name}: {link}"
        assert not anchor or anchor in _anchors(target), f"{name}: {link}"


def test_every_page_of_the_manual_is_in_its_navigation() -> None:
    """No page of the manual is forgotten in docs.yml, and none is named that is not there."""
    nav = yaml.safe_load((ROOT / "docs.yml").read_text(encoding="utf-8"))["nav"]
    named = [page for entry in nav for pages in ([[entry]] if isinstance(entry, str) else entry.values()) for page in pages]
    assert sorted(named) == sorted(path.name for path in PAGES.glob("*.md"))


def test_helpstand_finds_nothing_wrong_with_its_own_manual() -> None:
    """The manual is a MkDocs site that passes every rule."""
    settings = load_settings(ROOT / "docs.yml")
    library, problems = load_library(settings)
    assert check(settings, library, problems, DAY) == []


def test_settings_in_the_manual_are_valid() -> None:
    """The examples of kiosk.toml load."""
    for block in _blocks(PAGES / "shops.md", "toml"):
        KioskConfig.model_validate(tomllib.loads(block))


# --- the writers' page works -------------------------------------------------------------------------------------------


def _checked(folder: Path, guide: str) -> list[Problem]:
    """Return what check says of a guide that is put into a copy of the demo shop."""
    for name in ("content", "stores"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    (folder / "content/en/kettle/one-cup.md").write_text(guide, encoding="utf-8")
    settings = load_settings(folder / "mkdocs.yml")
    library, problems = load_library(settings)
    return [found for found in check(settings, library, problems, DAY) if found.path.endswith("one-cup.md")]


def test_the_guide_on_the_writers_page_passes_every_rule(tmp_path: Path) -> None:
    """A writer who copies the example gets neither error nor warning."""
    (guide,) = _blocks(WRITERS, "markdown")
    assert _checked(tmp_path, guide) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("difficulty:", "dificulty:"), ("media/kettle/min-line.svg", "media/kettle/min.svg"), ("does-not-heat.md", "heat.md")],
)
def test_the_messages_on_the_writers_page_are_real(tmp_path: Path, right: str, wrong: str) -> None:
    """Each message in the example is what check says of that mistake in the example guide."""
    (guide,) = _blocks(WRITERS, "markdown")
    shown = next(block for block in _blocks(WRITERS, "text") if "unknown key" in block)
    found = [str(problem) for problem in _checked(tmp_path, guide.replace(right, wrong))]
    assert len(found) == 1
    assert found[0] in shown.splitlines()


# --- the repository keeps private things private -----------------------------------------------------------------------

_PRIVATE = re.compile("/" + r"work(?![\w-])|/tmp/" + r"helpers|extra-" + r"index-url|find-" + r"links")
_SKIPPED = {".svg", ".png", ".ico", ".woff2", ".gz", ".ogg"}
_HOST = re.compile(r"(?:https?:)?//([a-z0-9.-]+\.[a-z]{2,}|[0-9.]+)", re.IGNORECASE)


def test_no_file_names_a_private_place() -> None:
    """Nothing that is committed names a folder or a package registry of the machine on which it was made."""
    found = []
    for path in _tracked():
        if path.suffix not in _SKIPPED:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in _PRIVATE.finditer(text)]
    assert found == []


@pytest.mark.parametrize("folder", ["theme", "docs", "content", "stores"])
def test_no_page_names_an_outside_host(folder: str) -> None:
    """Templates, scripts, styles, guides and the manual name no host but our own and made-up ones."""
    allowed = re.compile(r"127\.0\.0\.1|www\.w3\.org|.*\.example")
    found = []
    for path in (ROOT / folder).rglob("*"):
        vendored = "simple-keyboard" in path.parts  # its license line names its home; it asks nobody, and is pinned by hash
        if path.is_file() and not vendored and path.suffix in {".html", ".js", ".css", ".svg", ".json", ".md", ".yml"}:
            hosts = _HOST.findall(path.read_text(encoding="utf-8"))
            found += [f"{path.relative_to(ROOT)}: {host}" for host in hosts if not allowed.fullmatch(host)]
    assert found == []


def test_commit_hooks_call_locked_tools_only() -> None:
    """Hooks fetch nothing: each calls a tool of .venv that requirements/dev.txt locks."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    locked = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    for hook in config["repos"][0]["hooks"]:
        folder, _, tool = hook["entry"].split()[0].rpartition("/")
        assert (folder, hook["language"]) == (".venv/bin", "system")
        assert f"\n{tool}==" in locked
        assert (Path(sys.prefix) / "bin" / tool).exists()
