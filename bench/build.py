"""Building: Helpstand (site, search index, browser export) beside `mkdocs build` with stock Material, in one run, A B A B.

The pages are 4,000 real device pages (or made-up ones where those are absent), the same Markdown for both. The peer gets the
nav that is best for it: one hub, the rest in `not_in_nav`. With MkDocs' default nav each Material page grows with the site.
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bench.process import Usage, measure
from guides.settings import load_settings

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared/data/search/z2m4000/corpus.jsonl.gz"
ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}


def write_site(folder: Path, pages: int) -> None:
    """Write the first pages of the corpus as a Material site."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    links = []
    for number, (title, text) in zip(range(pages), device_pages(), strict=False):
        (docs / f"page-{number:04}.md").write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
        links.append(f"- [{title}](page-{number:04}.md)")
    (docs / "index.md").write_text("# All pages\n\n" + "\n".join(links) + "\n", encoding="utf-8")
    settings = "site_name: Devices\nnav: [index.md]\nnot_in_nav: '*.md'\ntheme: {name: material, font: false}\n"
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")


def device_pages() -> Iterator[tuple[str, str]]:
    """Yield titles and texts of the shared device pages; where they are absent, of made-up pages of the same size."""
    if CORPUS.is_file():
        with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield row["title"], row["text"]
        return
    random = Random(1)
    words = [f"{a}{b}{c}" for a in ("lo", "ri", "ma", "ten") for b in ("ka", "vi", "sol") for c in ("n", "rt", "de", "mu")]
    for number in count():
        sections = (f"## Part {part}\n\n{' '.join(random.choices(words, k=60))}." for part in range(8))
        yield f"Device {number}", "\n\n".join(sections)


def sizes_of(site: Path) -> dict[str, float]:
    """Return what a site weighs."""
    pages = [path.stat().st_size for pattern in ("page-*.html", "page-*/index.html") for path in site.rglob(pattern)]
    everything = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
    return {
        "page_kb_median": round(statistics.median(pages) / 1000, 1),
        "site_mb": round(sum(everything) / 1e6, 1),
        "files": len(everything),
    }


def figures(runs: list[Usage]) -> dict[str, float]:
    """Return the medians of some runs."""
    return {
        "seconds": round(statistics.median(run.seconds for run in runs), 2),
        "cpu_seconds": round(statistics.median(run.cpu_seconds for run in runs), 2),
        "peak_mib": round(statistics.median(run.peak_mib for run in runs)),
    }


def compare(pages: int, runs: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure both on the same pages, turn by turn."""
    with tempfile.TemporaryDirectory(prefix="helpstand-bench-") as name:
        folder = Path(name)
        write_site(folder, pages)
        config = str(folder / "mkdocs.yml")
        build = [sys.executable, str(ROOT / "build.py"), "build", "-f", config]
        peer = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", config, "-d", str(folder / "peer")]
        ours: list[Usage] = []
        theirs: list[Usage] = []
        for number in range(runs):
            say(f"{pages} pages, run {number + 1} of {runs}")
            ours.append(measure([*build, "--clean"], ROOT, ENVIRONMENT))
            theirs.append(measure(peer, folder, ENVIRONMENT))
        unchanged = [measure(build, ROOT, ENVIRONMENT) for _ in range(runs)]
        output = load_settings(folder / "mkdocs.yml", ROOT / "build/other").output
        result: dict[str, Any] = {
            "pages": pages,
            "runs": runs,
            "helpstand": {**figures(ours), "unchanged_seconds": figures(unchanged)["seconds"], **sizes_of(output / "site")},
            "material": {**figures(theirs), **sizes_of(folder / "peer")},
        }
        result["ratio_cpu"] = round(result["helpstand"]["cpu_seconds"] / result["material"]["cpu_seconds"], 2)
        shutil.rmtree(output, ignore_errors=True)
        return result


@click.command("bench build", help=__doc__)
@click.option("--sizes", default="100,1000,4000", show_default=True, help="Numbers of pages.")
@click.option("--runs", type=click.IntRange(1, 20), default=3, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def command(sizes: str, runs: int, *, as_json: bool) -> None:
    """Print one line per size."""
    console = Console(stderr=True)
    if not CORPUS.is_file():
        console.print("the shared device pages are not here: made-up pages of the same size take their place")
    results = [compare(int(size), runs, console.log) for size in sizes.split(",")]
    if as_json:
        click.echo(json.dumps(results, indent=1))
        return
    table = Table("pages", "who", "seconds", "CPU s", "peak MiB", "unchanged s", "page kB", "site MB", "files")
    for result in results:
        for who in ("helpstand", "material"):
            row = result[who]
            names = ("seconds", "cpu_seconds", "peak_mib", "unchanged_seconds", "page_kb_median", "site_mb", "files")
            table.add_row(str(result["pages"]), who, *(str(row.get(name, "")) for name in names))
        table.add_row("", "ratio", "", str(result["ratio_cpu"]))
    Console().print(table)
