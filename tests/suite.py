"""What `./helpstand test` runs: format, lint, types, tests, and the same tests on the engines that may one day replace ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

PROSE = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs",
    "content/en",
    "build.py",
    "guides",
    "search_index",
    "kiosk",
    "service",
)
"""What readers read in English; tests hold planted slips, and other languages have words of their own."""

TWO_PROCESSES = ("-n", "2", "--dist", "loadfile")
FAST, NORMAL, ALL = "fast", "normal", "all"
TESTS_FAILED = 1
AGAIN = 5
"""So few failed tests are run once more, one by one: what passes then hung on a busy machine, and is told as unsteady."""


@dataclass(frozen=True)
class Step:
    """One command of the suite; `leg` names a package that stands in for one of ours, in a folder of its own."""

    name: str
    command: tuple[str, ...]
    leg: str = ""
    again: bool = False
    """Its tests get a second try."""
    aside: bool = False
    """It mostly waits, so that the steps after it run meanwhile; what it says is shown at the end."""
    environment: dict[str, str] = field(default_factory=dict)


def steps(tier: str, pytest_arguments: tuple[str, ...]) -> list[Step]:
    """Return the steps of a tier: `fast` without slow tests and legs, `all` with everything."""
    python = sys.executable
    length = {FAST: "not slow and not long", NORMAL: "not long", ALL: ""}[tier]
    pytest = (python, "-m", "pytest", "-q")
    if pytest_arguments:
        return [Step("tests", (*pytest, *_marked(length), *pytest_arguments))]
    # Windows take turns on one screen and mostly wait; two browsers bear each other.
    apart = "not browser and not window"
    beside = (*pytest, *_marked(length, apart), *TWO_PROCESSES)
    browsers = (*pytest, *_marked(length, "browser and not window and not alone"), *TWO_PROCESSES)
    windows = (*pytest, *_marked(length, "window or alone"))
    found = [
        Step("format", (python, "-m", "ruff", "format", "--check", "--quiet", ".")),
        Step("lint", (python, "-m", "ruff", "check", "--quiet", ".")),
        Step("types", (python, "-m", "mypy")),
        Step("spelling", (python, "-m", "codespell_lib", *PROSE)),
        Step("shell", ("shellcheck", "helpstand", "requirements/lock", ".ci/run")),
        Step("tests", beside, again=True),
    ]
    if tier == FAST:
        return found
    found += [Step("browser tests", browsers, again=True), Step("window tests", windows, again=True, aside=True)]
    leg_tests = (*pytest, *_marked("not long", apart))
    return [
        *found,
        Step("leg properdocs", (*leg_tests, "tests/engine"), "properdocs", True, environment={"HELPSTAND_ENGINE": "properdocs"}),
        Step("leg whoosh-reloaded", (*leg_tests, "tests/search_index"), "whoosh-reloaded", True),
        Step("leg whoosh3", (*leg_tests, "tests/search_index"), "whoosh3", True),
    ]


def _marked(*chosen: str) -> tuple[str, ...]:
    words = " and ".join(f"({choice})" for choice in chosen if choice)
    return ("-m", words) if words else ()


def run_suite(root: Path, *, fast: bool, everything: bool, pytest_arguments: tuple[str, ...]) -> int:
    """Run every step, also after a failed one; return 0 if all passed, else 1."""
    tier = FAST if fast else ALL if everything else NORMAL
    planned = steps(tier, pytest_arguments)
    failed = _fill_legs(root, [step.leg for step in planned if step.leg])
    with tempfile.TemporaryDirectory(prefix="helpstand-tests-") as shared, ThreadPoolExecutor(1) as beside:
        aside = []
        for step in planned:
            if step.aside:
                aside.append(beside.submit(_quietly, step, root, shared))
            elif not passed(step, root, shared):
                failed.append(step.name)
        for step, said in (one.result() for one in aside):
            print(said.text, end="", flush=True)
            if not said.passed:
                failed.append(step.name)
    print(f"failed: {', '.join(failed)}" if failed else "everything passed", flush=True)
    return 1 if failed else 0


@dataclass(frozen=True)
class Said:
    """What a step that ran aside wrote, and whether it passed."""

    passed: bool
    text: str


def _quietly(step: Step, root: Path, shared: str) -> tuple[Step, Said]:
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        well = passed(step, root, shared, out)
        out.seek(0)
        return step, Said(well, out.read())


def passed(step: Step, root: Path, shared: str, out: TextIO | None = None) -> bool:
    """Run a step and tell how it ended; a few tests that fail in it get a second try, alone."""
    started = time.monotonic()
    print(f"--- {step.name}", file=out, flush=True)
    code, told = _run(step, root, shared, out), "ok"
    failed = _failed_tests(step, root) if step.again and code == TESTS_FAILED else []
    if 0 < len(failed) <= AGAIN:
        print(f"--- {step.name}: once more, alone", file=out, flush=True)
        alone = tuple(word for word in step.command if word not in TWO_PROCESSES)
        code = _run(replace(step, command=(*alone, "--last-failed", "--last-failed-no-failures=none")), root, shared, out)
        told = f"ok, but UNSTEADY: {', '.join(failed)}"
    told = told if code == 0 else f"FAILED ({code})"
    print(f"--- {step.name}: {told} in {time.monotonic() - started:.0f} s", file=out, flush=True)
    return code == 0


def _failed_tests(step: Step, root: Path) -> list[str]:
    try:
        return sorted(json.loads((root / _memory(step) / "v" / "cache" / "lastfailed").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return []


def _memory(step: Step) -> str:
    """Return where pytest remembers what failed in this step."""
    return f".pytest_cache/{step.name.replace(' ', '-')}"


def _fill_legs(root: Path, names: list[str]) -> list[str]:
    """Install the legs' packages first, because some tests compare a leg with ours; return those that failed."""
    failed = []
    for name in names:
        try:
            _leg(root, name)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"the packages of the leg {name} could not be installed: {error}", flush=True)
            failed.append(f"install {name}")
    return failed


def _run(step: Step, root: Path, shared: str, out: TextIO | None) -> int:
    environment = {**os.environ, **step.environment, "PYTHONDONTWRITEBYTECODE": "1"}
    command = (*step.command, "-o", f"cache_dir={_memory(step)}") if step.again else step.command
    if not step.leg:
        environment["HELPSTAND_TESTS_SHARED"] = shared  # the demo shop, built once; a leg builds its own
    else:
        environment["PYTHONPATH"] = os.pathsep.join([str(root / ".legs" / step.leg), str(root)])
    try:
        told = subprocess.STDOUT if out else None
        return subprocess.run(command, cwd=root, env=environment, check=False, stdout=out, stderr=told).returncode
    except FileNotFoundError:
        print(f"{step.command[0]} is not installed. On Debian: apt-get install {step.command[0]}", file=out, flush=True)
        return 1


def _leg(root: Path, name: str) -> Path:
    """Return the folder with a leg's locked packages, filled when it is first needed or its lock has changed."""
    lock = root / "requirements" / f"leg-{name}.txt"
    folder = root / ".legs" / name
    stamp = folder / "lock.txt"
    if not (stamp.is_file() and stamp.read_bytes() == lock.read_bytes()):
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-input", "--no-deps", "--require-hashes", "--upgrade"]
        subprocess.run([*pip, "--target", str(folder), "-r", str(lock)], check=True, timeout=600)
        stamp.write_bytes(lock.read_bytes())
    return folder
