"""What `bench search` and `bench parity` make of a tiny set of questions."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from bench import parity
from bench import search as bench_search
from bench.engines import Asked, Helpstand, Indexed
from bench.engines_browser import HelpstandInChromium
from bench.machine import BenchError
from bench.measures import discounted_gain, measures, reciprocal_rank, success
from bench.peers import Missing, has_node_package, has_tantivy, peers
from bench.peers.lunr import MaterialLunr
from bench.peers.minisearch import MiniSearch
from bench.peers.pagefind import Pagefind
from bench.peers.tantivy_or import Tantivy
from bench.peers.whoosh_parser import WhooshParser
from bench.search_pages import blocks, page_number, write_pages
from bench.search_report import table
from bench.search_sets import QuerySet, find_sets, language_of, read_set
from search_index.documents import read_language

PAGES = {
    "b/2": ("Remove limescale", "Fill the kettle with vinegar.\n## Then\nRinse it & wait < 1 hour."),
    "A 1": ("Change the battery", "Open the lid. Take the old battery out of the lamp."),
    "c": ("Connect to Wi-Fi", "Press the button until the light is blue."),
}
QUESTIONS = {
    "q1": ("How do I get the limescale out?", "b/2"),
    "q2": ("the kettle needs vinegar", "b/2"),
    "q3": ("where is the battery", "A 1"),
    "q4": ("connect wifi", "c"),
    "q5": ("zzzzzzzz", "c"),
}
ENGLISH = {"set", "documents", "index_seconds", "index_bytes", "query_cpu_ms_p50", "query_cpu_ms_p95", "plain", "typo"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a set with two of the four variants."""
    made = tmp_path / "tiny"
    made.mkdir()
    rows = [{"id": id_, "title": title, "text": text} for id_, (title, text) in PAGES.items()]
    (made / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = [
        json.dumps({"id": id_, "text": text, "kind": "odd" if id_ > "q3" else "even"}) for id_, (text, _) in QUESTIONS.items()
    ]
    (made / "queries.jsonl").write_text("\n".join(lines) + "\n")
    (made / "queries_typo.jsonl").write_text('{"id": "q1", "text": "How do I get the limscale off?"}\n')
    (made / "qrels.tsv").write_text("".join(f"{id_}\t{page}\t2\n" for id_, (_, page) in QUESTIONS.items()) + "q2\tA 1\t1\n")
    return made


def test_measures_are_those_of_the_field() -> None:
    """By hand: the answer in second place, a related page first."""
    grades = {"right": 2, "near": 1}
    assert not success(["x", "near"], grades, 1)
    assert success(["x", "near"], grades, 5)
    assert reciprocal_rank(["x", "near", "right"], grades) == 0.5
    assert reciprocal_rank(["x"] * 10 + ["right"], grades) == 0
    assert discounted_gain(["right", "near"], grades) == 1
    assert discounted_gain(["near", "right"], grades) == pytest.approx((1 + 2 / 1.58496) / (2 + 1 / 1.58496), abs=1e-4)
    assert discounted_gain(["near"], {}) == 0


def test_a_question_without_results_or_answer_counts_nothing() -> None:
    """Nothing is left out of a mean."""
    found = measures(
        {"a": ["right"], "b": [], "c": ["right"], "d": ["x", "right"]}, {"a": {"right": 2}, "b": {"right": 2}, "d": {"right": 2}}
    )
    assert found == {"n": 4, "s1": 0.25, "s5": 0.5, "mrr10": 0.375, "ndcg10": 0.4077, "zero": 0.25}
    assert measures({}, {})["n"] == 0


def test_a_set_is_read_whole(folder: Path) -> None:
    """Variants that are absent are left out; ids may be anything; a packed corpus is the same."""
    found = read_set(folder)
    assert (found.name, found.language, list(found.queries)) == ("tiny", "en", ["plain", "typo"])
    assert found.judgements["q2"] == {"b/2": 2, "A 1": 1}
    assert found.kinds["q5"] == "odd"
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress((folder / "corpus.jsonl").read_bytes()))
    (folder / "corpus.jsonl").unlink()
    assert read_set(folder) == found
    assert find_sets(folder) == [folder]
    assert find_sets(folder.parent) == [folder]


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("corpus.jsonl", "{", r"corpus\.jsonl:1: cannot be read"),
        ("corpus.jsonl", '{"id": "a", "text": "b"}\n', r"corpus\.jsonl:1: not an object with id, title, text"),
        ("queries_typo.jsonl", '{"id": "a", "text": "b"}\n[]\n', r"queries_typo\.jsonl:2: not an object with id, text"),
        ("qrels.tsv", "q1 b 2\n", r"qrels\.tsv:1: not three columns: question, document, grade, with tabs between"),
        ("queries.jsonl", None, r"queries\.jsonl: not found"),
        ("qrels.tsv", None, r"qrels\.tsv: not found"),
        ("corpus.jsonl", None, r"no set of questions here or in the folders below"),
    ],
)
def test_a_broken_set_is_told_with_its_line(folder: Path, file: str, content: str | None, message: str) -> None:
    """Place and cause, and the exit code of the machine."""
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content)
    with pytest.raises(BenchError, match=message):
        read_set(find_sets(folder)[0])
    done = CliRunner().invoke(bench_search.command, [str(folder)])
    assert done.exit_code == BenchError.exit_code


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("xquad-de", "what is it", "de"),
        ("manual.nl", "what is it", "nl"),
        ("emanual-s10", "what is the way to do it", "en"),
        ("fragen", "wie kann ich das und die nicht", "de"),
        ("preguntas", "como puedo hacer que no se apague", "es"),
        ("whatever", "ケトルを洗う", "ja"),
        ("whatever", "清洗水壶的方法", "zh"),
        ("whatever", "كيف أزيل الكلس", "ar"),
        ("z2m4000", "TS0601", "en"),
    ],
)
def test_the_language_is_told_from_name_script_or_small_words(name: str, text: str, language: str) -> None:
    """A set says nothing of its language."""
    assert language_of(name, [], {"q": text}) == language


def test_aliases_are_the_first_questions_by_id_and_are_not_asked(folder: Path) -> None:
    """In every variant; the rest is measured."""
    found = read_set(folder).with_aliases(1)
    assert {document.id: document.aliases for document in found.documents} == {
        "b/2": (QUESTIONS["q1"][0],),
        "A 1": (QUESTIONS["q3"][0],),
        "c": (QUESTIONS["q4"][0],),
    }
    assert list(found.queries["plain"]) == ["q2", "q5"]
    assert found.queries["typo"] == {}


def test_pages_are_what_a_build_writes(folder: Path, tmp_path: Path) -> None:
    """Search reads back ids, titles, texts, headings and aliases, whatever characters they hold."""
    site = write_pages(tmp_path / "site", read_set(folder).with_aliases(1))
    documents = {document.id: document for document in read_language(site, "en")[0]}
    assert documents.keys() == PAGES.keys()
    assert documents["b/2"].aliases == (QUESTIONS["q1"][0],)
    assert [(part.heading, part.text) for part in documents["b/2"].sections] == [
        ("", "Fill the kettle with vinegar."),
        ("Then", "Rinse it & wait < 1 hour."),
    ]
    assert page_number("en/page-00012.html#part-3") == 12
    assert blocks("#1 choice\n\n### Part <b>\n  x") == ["<p>#1 choice</p>", '<h3 id="part-2">Part &lt;b&gt;</h3>', "<p>  x</p>"]


def run(*words: str) -> list[dict[str, Any]]:
    """Run the bench and return its objects."""
    done = CliRunner().invoke(bench_search.command, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_each_set_is_one_object_with_the_promised_keys(folder: Path) -> None:
    """Real index, real answers, all figures."""
    (found,) = run(str(folder))
    assert found.keys() == ENGLISH
    assert found["plain"] == {"n": 5, "s1": 0.8, "s5": 0.8, "mrr10": 0.8, "ndcg10": pytest.approx(0.752, abs=0.05), "zero": 0.2}
    assert found["typo"]["s1"] == 1
    assert found["index_bytes"] > 1000
    assert 0 < found["query_cpu_ms_p50"] <= found["query_cpu_ms_p95"] < 200
    (with_kinds,) = run(str(folder), "--kinds")
    assert (with_kinds["kinds"]["even"]["n"], with_kinds["kinds"]["odd"]["zero"]) == (3, 0.5)
    (held_out,) = run(str(folder), "--aliases", "1")
    assert (held_out["plain"]["n"], held_out["typo"]["n"]) == (2, 0)


def test_meaning_is_the_kiosks_alone(folder: Path) -> None:
    """There are no embeddings in the browser."""
    done = CliRunner().invoke(bench_search.command, [str(folder), "--meaning", "--engine", "browser"])
    assert (done.exit_code, "--meaning is the kiosk's alone" in done.output) == (2, True)


class Twin:
    """A peer that gives what it is told."""

    def __init__(self, name: str, *, broken: bool = False) -> None:
        self.name = name
        self.broken = broken

    def index(self, queries: QuerySet, site: Path, folder: Path) -> Indexed:
        """Do nothing, or fail."""
        if self.broken:
            raise BenchError("its program ended with 1")
        return Indexed(1.0, 2)

    def ask(self, texts: Sequence[str]) -> list[Asked]:
        """Find the same page for all."""
        return [Asked(["c"], 3.0) for _ in texts]

    def close(self) -> None:
        """Do nothing."""


def test_peers_stand_beside_ours_and_none_is_left_out_silently(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that is not installed, and one that fails, are named with the cure or cause, in JSON, in words and in the table."""
    twins = ([Twin("twin"), Twin("sick", broken=True)], [Missing("absent", "npm ci")])
    monkeypatch.setattr(bench_search, "peers", lambda _: (list(twins[0]), list(twins[1])))
    monkeypatch.setattr(bench_search, "chromium", lambda: None)
    (found,) = run(str(folder), "--peers")
    assert found["peers"]["twin"]["plain"]["s1"] == 0.4
    assert found["peers"]["twin"].keys() == ENGLISH
    assert found["missing"] == {"absent": "npm ci", "sick": "its program ended with 1"}
    assert [list(column.cells)[:4] for column in table([found]).columns][1] == ["helpstand", "twin", "absent", "sick"]
    done = CliRunner().invoke(bench_search.command, [str(folder), "--peers"])
    assert "not measured: absent. npm ci" in " ".join(done.stderr.split())


def test_what_is_not_installed_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Locked packages, in folders of their own."""
    monkeypatch.setenv("HELPSTAND_BENCH_NODE", str(tmp_path / "none"))
    monkeypatch.setattr("bench.peers.has_tantivy", lambda: False)
    found, missing = peers(None)
    assert [engine.name for engine in found] == ["whoosh-default", "whoosh-or"]
    cures = {one.name: one.cure for one in missing}
    assert cures.keys() == {"lunr-material", "pagefind", "minisearch", "tantivy"}
    to = tmp_path / "none"
    copied = f"mkdir -p {to} && cp bench/peers/package*.json {to}"
    assert cures["minisearch"] == f"{copied} && npm ci --no-audit --no-fund --prefix {to}"
    assert "--require-hashes" in cures["tantivy"]
    assert "-r requirements/bench-peers.txt" in cures["tantivy"]


def test_no_lock_names_the_host_of_a_registry() -> None:
    """Each machine has its own."""
    lock = json.loads((Path(bench_search.__file__).parent / "peers/package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert {"node_modules/minisearch", "node_modules/pagefind"} < packages.keys()
    assert all("integrity" in one and "resolved" not in one for one in packages.values())


def asked(engine: Any, folder: Path) -> list[list[str]]:
    """Return what an engine finds for two questions of the tiny set."""
    queries = read_set(folder)
    work = folder.parent / engine.name
    work.mkdir()
    site = write_pages(work / "site", queries)
    try:
        indexed = engine.index(queries, site, work)
        assert indexed.size > 0
        found = engine.ask(["limescale", "battery (lamp)?"])
        assert all(one.cpu_ms >= 0 for one in found)
        return [one.pages for one in found]
    finally:
        engine.close()


@pytest.mark.parametrize("engine", [Helpstand(), WhooshParser(joined_by_or=True)], ids=lambda engine: str(engine.name))
def test_engines_in_python_find_pages(folder: Path, engine: Any) -> None:
    """By the ids of the set."""
    assert asked(engine, folder) == [["b/2"], ["A 1"]]


def test_whooshs_own_parser_takes_a_question_mark_for_a_wildcard(folder: Path) -> None:
    """That is why it finds nothing for most questions: the peer is as it comes."""
    assert asked(WhooshParser(), folder) == [["b/2"], []]


@pytest.mark.slow
def test_peers_of_other_worlds_find_pages(folder: Path) -> None:
    """MiniSearch and tantivy, where they are installed."""
    installed: list[Any] = [*([MiniSearch()] if has_node_package("minisearch") else []), *([Tantivy()] if has_tantivy() else [])]
    assert {engine.name: asked(engine, folder) for engine in installed} == {
        engine.name: [["b/2"], ["A 1"]] for engine in installed
    }


@pytest.mark.slow
@pytest.mark.browser
def test_engines_in_chromium_find_pages(folder: Path, browser: Browser) -> None:
    """Ours and Material's worker; first results are timed and weighed with an empty cache."""
    queries = read_set(folder)
    site = write_pages(folder.parent / "site", queries)
    engines = [
        HelpstandInChromium(browser),
        MaterialLunr(browser),
        *([Pagefind(browser)] if has_node_package("pagefind") else []),
    ]
    try:
        for engine in engines:
            work = folder.parent / engine.name
            work.mkdir()
            found = bench_search.measure(engine, queries, site, work)
            assert (found["plain"]["n"], found["plain"]["s1"] >= 0.4) == (5, True), engine.name
            assert engine.ask(["limescale"])[0].pages == ["b/2"]
        figures = bench_search.first_results(engines, queries, 1, print)
    finally:
        for engine in engines:
            engine.close()
    assert figures.keys() == {engine.name for engine in engines}
    assert all(one["first_result_ms"] > 0 and one["first_result_kb"] > 1 for one in figures.values())


ANSWER: dict[str, Any] = {"query": "x", "results": [{"url": "a#b", "passage": [{"text": "p", "mark": True}], "score": 1.5}]}


def test_every_kind_of_difference_is_found() -> None:
    """Another order first of all, then the first place that differs; a heading's anchor is no other page."""
    other: dict[str, Any] = json.loads(json.dumps(ANSWER))
    assert parity.compare("x", ANSWER, other) is None
    other["results"][0]["passage"][0]["mark"] = False
    assert parity.compare("x", ANSWER, other) == parity.Difference("x", "results.0.passage.0.mark", True, False)
    other["results"].append({"url": "c"})
    found = parity.compare("x", ANSWER, other)
    assert found == parity.Difference("x", "order", ["a"], ["a", "c"])
    assert parity.told([found] if found else []) == "'x': order\n   kiosk   ['a']\n   browser ['a', 'c']"


@pytest.mark.slow
@pytest.mark.browser
def test_a_tiny_set_is_answered_alike(folder: Path, browser: Browser) -> None:
    """Both runtimes are asked, half characters too; a difference that is planted is found."""
    queries = read_set(folder)
    queries.queries["plain"]["odd"] = "limescale \ud800 \u200f kettle\x00"
    assert parity.of_set(queries, browser) == (7, [])

    class Liar(Helpstand):
        def answer(self, text: str) -> Any:
            return {**super().answer(text), "results": []} if text == "connect wifi" else super().answer(text)

    site = write_pages(folder.parent / "site", queries)
    with closing(Liar()) as kiosk, closing(HelpstandInChromium(browser)) as chromium:
        kiosk.index(queries, site, folder.parent)
        chromium.index(queries, site, folder.parent)
        found = list(parity.differences(kiosk, chromium, queries.queries["plain"].values()))
    assert [(one.question, one.what, one.kiosk) for one in found] == [("connect wifi", "order", [])]
