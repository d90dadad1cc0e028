"""`bench trees`: how long the proofs of a troubleshooter take, beside the one check that MkDocs has for the same page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bench.figures import middle
from guides.check import check
from guides.library import load_library
from guides.rules import trees
from guides.rules.site import Site
from guides.settings import load_settings

SIZES = (9, 150, 1000)
AIMS_MS = {150: 10.0, 1000: 100.0}
CONFIG = "site_name: Trees\ndocs_dir: content/en\nextra:\n  helpstand:\n    languages: [en]\n"
PEER = (
    "site_name: Trees\ndocs_dir: {docs}\nsite_dir: {site}\nmarkdown_extensions: [attr_list, admonition]\n"
    "validation:\n  links:\n    anchors: warn\n"
)
HEAD = "---\ntitle: A tree\ntype: troubleshooter\nproduct: kettle\nstage: troubleshoot\nreview_by: 2036-11-30\n---\n\n"


def tree(size: int) -> str:
    """Return a right tree of so many nodes: each question has three answers, a way back among them, and a line of text."""
    questions = (size - 1) // 2
    parts = []
    for number in range(size - 1):
        if number >= questions:
            parts.append(f"## It works again, in way {number} {{#n{number} .solved}}\n\nThe lamp is on.\n")
            continue
        goals = [f"n{other}" for other in (2 * number + 1, 2 * number + 2) if other < size - 1]
        answers = "".join(f"- [The answer that leads to {goal}](#{goal})\n" for goal in [*goals, "person"])
        back = f"- [Ask me once more](#n{(number - 1) // 2})\n" if number % 7 == 6 else ""
        parts.append(f"## Is the lamp number {number} on? {{#n{number}}}\n\nLook at the ring under the lid.\n\n{answers}{back}")
    parts.append("## Somebody helps you {#person .person}\n\n- [Talk to a person](service:person)\n")
    return "\n".join(parts)


def measure(size: int, runs: int) -> dict[str, float]:
    """Return how many milliseconds of a processor a tree takes: read, proved, both; and MkDocs' strict build of the page."""
    with tempfile.TemporaryDirectory(prefix="helpstand-trees-") as name:
        folder = Path(name)
        for path, text in {
            "mkdocs.yml": CONFIG,
            "content/products/kettle.yml": "name: Kettle\n",
            "content/en/tree.md": HEAD + tree(size),
        }.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        settings = load_settings(folder / "mkdocs.yml")
        library, problems = load_library(settings)
        told = [found for found in check(settings, library, problems, date(2026, 11, 22)) if found.rule.startswith("tree-")]
        if {found.rule for found in told} - {"tree-deep", "tree-big"}:
            raise RuntimeError(f"the tree is not right: {told[0]}")
        read, proved = [], []
        for _ in range(runs):
            guide = load_library(settings)[0].guides[0]
            lines = guide.page.lines
            started = time.process_time()
            nodes = guide.tree.nodes if guide.tree else ()
            read.append(time.process_time() - started)
            site = Site(settings, library, date(2026, 11, 22))
            [list(rule(guide, site)) for rule in trees.RULES]
            proved.append(time.process_time() - started - read[-1])
            if len(nodes) != size or not lines:
                raise RuntimeError("the tree was not read whole")
        both = [a + b for a, b in zip(read, proved, strict=True)]
        figures = {"read_ms": middle(read), "proved_ms": middle(proved), "both_ms": middle(both), "mkdocs_ms": _peer(folder)}
        return {key: round(value * 1000, 2) for key, value in figures.items()}


def _peer(folder: Path) -> float:
    """Return the seconds of a strict MkDocs build of the page with its own theme; it finds dead links, and nothing else."""
    (folder / "peer.yml").write_text(PEER.format(docs=folder / "content/en", site=folder / "peer"), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(folder / "peer.yml")]
    started = time.perf_counter()
    subprocess.run(command, check=True, timeout=120, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, cwd=folder)
    return time.perf_counter() - started


@click.command()
@click.option("--runs", type=click.IntRange(1, 1000), default=9, show_default=True, help="Runs of each; the middle one counts.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(*, runs: int, as_json: bool) -> None:
    """Measure how long reading and proving a troubleshooter takes."""
    found = {size: measure(size, runs) for size in SIZES}
    if as_json:
        click.echo(json.dumps(found))
        return
    table = Table("nodes", "read ms", "proved ms", "both ms", "aim ms", "mkdocs build --strict ms")
    for size, row in found.items():
        aim = AIMS_MS.get(size)
        table.add_row(
            str(size), *(str(row[key]) for key in ("read_ms", "proved_ms", "both_ms")), str(aim or ""), str(row["mkdocs_ms"])
        )
    Console().print(table)
