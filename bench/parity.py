"""The same questions to the kiosk's index and to the browser's export: every question whose answers differ is listed.

DIR is a set of questions or a folder of sets, as for `bench search`. The order of the first ten pages must be equal, and
with them titles, passages and scores. Ends with 1 where any question differs.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from bench.engines import Helpstand
from bench.engines_browser import HelpstandInChromium
from bench.search_pages import write_pages
from bench.search_sets import QuerySet, find_sets, read_set

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BATCH = 100
DIFFERENT = 1


@dataclass(frozen=True)
class Difference:
    """A question that the two runtimes answer differently."""

    question: str
    what: str
    """`order`, or the first part of the answer that differs, such as `results.0.passage`."""
    kiosk: Any
    browser: Any


def differences(kiosk: Any, browser: Any, questions: Iterable[str]) -> Iterator[Difference]:
    """Ask both, and yield each question whose answers differ.

    `kiosk` has `answer(text)`, `browser` has `answers(texts)`: both give the JSON of the kiosk's search.
    """
    left = iter(questions)
    while batch := list(islice(left, BATCH)):
        ours = [json.loads(json.dumps(kiosk.answer(text))) for text in batch]
        yield from (
            found
            for text, one, other in zip(batch, ours, browser.answers(batch), strict=True)
            if (found := compare(text, one, other))
        )


def compare(question: str, kiosk: dict[str, Any], browser: dict[str, Any]) -> Difference | None:
    """Return how two answers differ, or None."""
    orders = [[result["url"].partition("#")[0] for result in answer["results"]] for answer in (kiosk, browser)]
    if orders[0] != orders[1]:
        return Difference(question, "order", *orders)
    return next((Difference(question, *found) for found in _unlike(kiosk, browser, "")), None)


def _unlike(one: Any, other: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield the places in which two pieces of JSON differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _unlike(one[key], other[key], f"{place}.{key}" if place else key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from _unlike(*pair, f"{place}.{number}")
    elif one != other:
        yield place, one, other


def of_set(queries: QuerySet, browser: Browser, every: int = 1) -> tuple[int, list[Difference]]:
    """Ask every n-th question of all variants of a set; return how many, and those that differ."""
    questions = list(dict.fromkeys(text for asked in queries.queries.values() for text in list(asked.values())[::every]))
    with tempfile.TemporaryDirectory(prefix="helpstand-parity-") as name:
        folder = Path(name)
        site = write_pages(folder / "site", queries)
        with closing(Helpstand()) as kiosk, closing(HelpstandInChromium(browser)) as chromium:
            kiosk.index(queries, site, folder)
            chromium.index(queries, site, folder)
            return len(questions), list(differences(kiosk, chromium, questions))


def told(found: Sequence[Difference]) -> str:
    """Return the differences as lines."""
    return "\n".join(f"{one.question!r}: {one.what}\n   kiosk   {one.kiosk}\n   browser {one.browser}" for one in found)


@click.command("bench parity", help=__doc__)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--every", type=click.IntRange(1, 10_000), default=1, show_default=True, help="Only every n-th question.")
@click.option("--json", "as_json", is_flag=True, help="One object for each set, each on a line of its own.")
def command(folder: Path, every: int, *, as_json: bool) -> None:
    """Compare set after set."""
    from bench.phone import running_browser  # noqa: PLC0415, only this needs it

    say = Console(stderr=True).log
    different = 0
    sets = find_sets(folder)
    with running_browser() as browser:
        for path in sets:
            say(f"{path.name}: asking")
            count, found = of_set(read_set(path), browser, every)
            different += len(found)
            if as_json:
                click.echo(json.dumps({"set": path.name, "questions": count, "differences": [asdict(one) for one in found]}))
            else:
                click.echo(f"{path.name}: {count} questions, {len(found)} answered differently")
                if found:
                    click.echo(told(found))
    sys.exit(DIFFERENT if different else 0)
