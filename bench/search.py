"""Questions with known answers: how often the right page is first, in how much time, over every question of a set.

DIR is a set (corpus.jsonl or corpus.jsonl.gz, queries.jsonl, qrels.tsv, and queries_typo, queries_prefix and
queries_keywords where they are there) or a folder of sets. With --json each set is one object on one line.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from bench.engines import Asked, Engine, Helpstand, Indexed, fresh
from bench.engines_browser import HelpstandInChromium, InChromium
from bench.figures import middle, percentile
from bench.machine import BenchError, chromium, has_playwright
from bench.measures import measures
from bench.peers import Missing, peers
from bench.search_pages import write_pages
from bench.search_report import table
from bench.search_sets import QuerySet, find_sets, read_set

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTH = 170
TRIES = 8
"""Questions looked at for each first result that is measured."""

Say = Callable[[str], None]


def measure(engine: Engine, queries: QuerySet, site: Path, folder: Path, *, kinds: bool = False) -> dict[str, Any]:
    """Return what an engine finds: the same figures for ours and for every peer."""
    indexed = engine.index(queries, site, folder)
    asked = {
        variant: dict(zip(texts, engine.ask(list(texts.values())), strict=True)) for variant, texts in queries.queries.items()
    }
    return {
        "set": queries.name,
        "documents": len(queries.documents),
        **_cost(indexed, asked),
        **_worth(asked, queries, kinds=kinds),
    }


def _cost(indexed: Indexed, asked: dict[str, dict[str, Asked]]) -> dict[str, Any]:
    times = [one.cpu_ms for found in asked.values() for one in found.values()] or [0.0]
    return {
        "index_seconds": round(indexed.seconds, 3),
        "index_bytes": indexed.size,
        "query_cpu_ms_p50": round(middle(times), 3),
        "query_cpu_ms_p95": round(percentile(times, 0.95), 3),
    }


def _worth(asked: dict[str, dict[str, Asked]], queries: QuerySet, *, kinds: bool) -> dict[str, Any]:
    found = {variant: {id_: one.pages for id_, one in answers.items()} for variant, answers in asked.items()}
    worth = {variant: measures(pages, queries.judgements) for variant, pages in found.items()}
    if kinds and queries.kinds:
        plain = found["plain"]
        worth["kinds"] = {
            kind: measures({id_: pages for id_, pages in plain.items() if queries.kinds.get(id_) == kind}, queries.judgements)
            for kind in sorted(set(queries.kinds.values()))
        }
    return worth


def first_results(engines: Sequence[InChromium], queries: QuerySet, rounds: int, say: Say) -> dict[str, dict[str, float]]:
    """Return what the first results take from an empty cache, engine after engine, round after round: medians."""
    seen: dict[str, list[tuple[float, float]]] = {engine.name: [] for engine in engines}
    for number, text in enumerate(_answered_by_all(engines, queries, rounds), 1):
        say(f"first result, round {number} of {rounds}: {text}")
        for engine in engines:
            seen[engine.name].append(engine.first(text))
    return {
        name: {
            "first_result_ms": round(middle(milliseconds for milliseconds, _ in found), 1),
            "first_result_kb": round(middle(size for _, size in found), 1),
        }
        for name, found in seen.items()
        if found
    }


def _answered_by_all(engines: Sequence[InChromium], queries: QuerySet, count: int) -> Iterator[str]:
    """Yield so many questions, from all over the set, to which every engine finds something: who finds nothing loads little."""
    texts = list(queries.queries.get("keywords", queries.queries["plain"]).values())
    step = max(1, len(texts) // (TRIES * count))
    fitting = (text for text in texts[::step] if all(engine.ask([text])[0].pages for engine in engines))
    return islice(fitting, count)


def run(path: Path, options: dict[str, Any], browser: Browser | None, say: Say) -> dict[str, Any]:
    """Measure one set with ours, and with every peer that is there."""
    queries = read_set(path, options["language"])
    if options["aliases"]:
        queries = queries.with_aliases(options["aliases"])
    with tempfile.TemporaryDirectory(prefix="helpstand-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        site = write_pages(folder / "site", queries)
        ours: Engine
        if options["engine"] == "browser" and browser:
            ours = HelpstandInChromium(browser)
        else:
            ours = Helpstand(meaning=options["meaning"])
        stack.callback(ours.close)
        say(f"{queries.name} ({queries.language}): {ours.name}")
        result = measure(ours, queries, site, folder / "ours", kinds=options["kinds"])
        in_chromium: list[InChromium] = [ours] if isinstance(ours, InChromium) else []
        if options["peers"]:
            found, missing = peers(browser)
            result["peers"] = {}
            for peer in found:
                stack.callback(peer.close)
                say(f"{queries.name}: {peer.name}")
                try:
                    result["peers"][peer.name] = measure(peer, queries, site, fresh(folder / peer.name), kinds=options["kinds"])
                except BenchError as error:
                    missing.append(Missing(peer.name, error.message))
                    continue
                in_chromium += [peer] if isinstance(peer, InChromium) and options["engine"] == "browser" else []
            result["missing"] = {one.name: one.cure for one in missing}
        if in_chromium and options["rounds"]:
            for who, figures in first_results(in_chromium, queries, options["rounds"], say).items():
                (result if who == ours.name else result["peers"][who]).update(figures)
    return result


@contextmanager
def _browser(*, wanted: bool, needed: bool) -> Iterator[Browser | None]:
    """Run Chromium if it is wanted and here. Raises BenchError if it is needed and not here."""
    from bench.phone import running_browser  # noqa: PLC0415, the plain bench needs no browser

    here = bool(chromium()) and has_playwright()
    if needed and not here:
        raise BenchError(
            "not installed: Chromium or playwright. On Debian: apt-get install -y --no-install-recommends chromium; "
            "playwright comes with the tools of the tests: ./helpstand test --fast"
        )
    if not (wanted and here):
        yield None
        return
    with running_browser() as browser:
        yield browser


@click.command("bench search", help=__doc__)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One object for each set, each on a line of its own.")
@click.option(
    "--engine",
    type=click.Choice(["whoosh", "browser"]),
    default="whoosh",
    show_default=True,
    help="The kiosk's index, or Chromium.",
)
@click.option("--meaning", is_flag=True, help="With embeddings, as a kiosk with `meaning = true` (only --engine whoosh).")
@click.option(
    "--aliases",
    type=click.IntRange(0, 100),
    default=0,
    metavar="N",
    help="The first N questions of each page become its aliases; the rest is asked.",
)
@click.option("--peers", is_flag=True, help="Also measure other engines, in the same run.")
@click.option("--kinds", is_flag=True, help="Also per kind of question, where a set names kinds.")
@click.option("--language", default="", help="Language of the sets [default: the ending of the name, else told from the words].")
@click.option(
    "--rounds",
    type=click.IntRange(0, 50),
    default=5,
    show_default=True,
    help="First results from an empty cache (only --engine browser).",
)
def command(folder: Path, *, as_json: bool, **options: Any) -> None:
    """Measure set after set, and print."""
    if options["meaning"] and options["engine"] == "browser":
        raise click.UsageError("--meaning is the kiosk's alone: there are no embeddings in the browser")
    say = Console(stderr=True).log
    sets = find_sets(folder)
    results = []
    with _browser(wanted=options["peers"] or options["engine"] == "browser", needed=options["engine"] == "browser") as browser:
        for path in sets:
            result = run(path, options, browser, say)
            for name, cure in result.get("missing", {}).items():
                say(f"not measured: {name}. {cure}")
            if as_json:
                click.echo(json.dumps(result, ensure_ascii=False))
            results.append(result)
    if not as_json:
        # A file has no width of its own; a table cut to 80 columns says nothing.
        Console(width=None if sys.stdout.isatty() else WIDTH).print(table(results))
