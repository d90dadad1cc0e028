"""The api: search, QR codes and the beat of a visit."""

import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kiosk.api import NO_ANSWER
from kiosk.mending import Mender
from kiosk.searching import IndexFind, SearchUnavailableError
from kiosk.workers import BusyError, Workers

from .conftest import FakeClock, Live, serve, wait_for


def test_search_answers_what_search_says(steady: Live) -> None:
    """Query, language and product go through; the JSON comes back as it is."""
    answer = steady.client.get("/api/search", params={"q": "my kettle stinks", "lang": "de", "product": "kettle"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "query": "my kettle stinks",
        "lang": "de",
        "results": [{"id": "kettle/descale", "url": "de/kettle/descale.html", "title": "Remove limescale", "product": "kettle"}],
        "did_you_mean": None,
        "zero_result_help": None,
    }


def test_search_needs_no_session_and_speaks_the_sites_language_by_itself(steady: Live) -> None:
    """It says nothing that the public pages do not."""
    assert steady.client.get("/api/search", params={"q": "tea"}).json()["lang"] == "en"


def test_a_language_that_the_site_has_not_is_told(steady: Live) -> None:
    """With the ones it has."""
    answer = steady.client.get("/api/search", params={"q": "tea", "lang": "fr"})
    assert (answer.status_code, answer.json()) == (400, {"error": "This site has no language 'fr'. It has: en, de."})


@pytest.mark.parametrize("query", ["", "   ", "\x00\x01", "\n"])
def test_an_empty_question_has_an_empty_answer(steady: Live, query: str) -> None:
    """Search is not bothered with it."""
    answer = steady.client.get("/api/search", params={"q": query})
    assert answer.json() == {**NO_ANSWER, "lang": "en"}


def test_a_question_is_cut_and_cleaned(steady: Live) -> None:
    """At most 256 characters, no control characters; whatever the bytes were."""
    assert steady.client.get("/api/search", params={"q": "x" * 5000}).json()["query"] == "x" * 256
    assert steady.client.get("/api/search", params={"q": "a\x00\x1b\tb"}).json()["query"] == "a b"
    assert steady.client.get("/api/search?q=%ff%fe").status_code == 200
    assert steady.client.get("/api/search?q=%ed%a0%80").status_code == 200


def test_an_unusable_search_says_so_in_words_and_gives_the_ways_that_are_open(steady: Live) -> None:
    """An answer like any other, with a sentence beside it, never an error of the server; the pages go on."""
    answer = steady.client.get("/api/search", params={"q": "broken", "lang": "de"})
    home = {"title": "Wie können wir helfen?", "url": "de/index.html"}
    ways = {"unavailable": "The index is missing.", "zero_result_help": {"links": [home]}}
    assert (answer.status_code, answer.json()) == (200, {**NO_ANSWER, "query": "broken", "lang": "de", **ways})
    assert steady.client.get("/en/").status_code == 200


def test_a_crash_inside_search_shows_nothing_of_itself(steady: Live, capfd: pytest.CaptureFixture[str]) -> None:
    """No traceback, no inner words: not on the screen, not in the log."""
    answer = steady.client.get("/api/search", params={"q": "crash"})
    assert answer.status_code == 200
    assert answer.json()["unavailable"].startswith("Search does not work right now.")
    assert "inner words" not in answer.text + capfd.readouterr().err


def test_a_search_that_hangs_is_given_up(tiny_site: Path) -> None:
    """In its time, and without holding up the pages or the end of the kiosk."""
    release = threading.Event()

    def hang(query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
        release.wait(20)
        return {}

    began = time.monotonic()
    for live in serve(tiny_site, find=hang, search_seconds=0.3):
        answer = live.client.get("/api/search", params={"q": "slow"})
        assert (answer.status_code, answer.json()["unavailable"]) == (200, "Search took too long. Try fewer words.")
        assert live.client.get("/en/").status_code == 200
    release.set()
    assert time.monotonic() - began < 8


def test_a_missing_index_is_told_and_tried_again_later(tmp_path: Path) -> None:
    """A build that comes later heals the search without a restart."""
    clock, opened = FakeClock(), []

    class Twin:
        def search(self, query: str, lang: str, product: str | None = None, stage: str | None = None) -> dict[str, Any]:
            return {"query": query}

    def opener(index: Path) -> Twin:
        opened.append(index)
        if len(opened) == 1:
            raise FileNotFoundError(index)
        return Twin()

    find = IndexFind(tmp_path / "index", opener, clock)
    for _ in range(3):
        with pytest.raises(SearchUnavailableError, match=r"its index is missing or broken\. Build it anew: \./helpstand build"):
            find("tea", "en", None)
    assert len(opened) == 1
    clock.now += IndexFind.RETRY_SECONDS
    assert find("tea", "en", None) == {"query": "tea"}


@pytest.mark.parametrize("meaning", [False, True])
def test_search_by_meaning_is_what_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, meaning: bool
) -> None:
    """The index is opened so, and what is missing is told to the log, not to the shopper."""

    class Twin:
        def search(self, query: str, lang: str, product: str | None = None, stage: str | None = None) -> dict[str, Any]:
            return {"query": query}

        @classmethod
        def open(cls, index: Path, *, meaning: bool = False) -> Any:
            twin = cls()
            twin.without_meaning = "no table" if meaning else ""
            return twin

        without_meaning = ""

    monkeypatch.setattr("search_index.searcher.Searcher", Twin)
    assert IndexFind(tmp_path, meaning=meaning)("tea", "en", None) == {"query": "tea"}
    assert ("kiosk: search goes on by words alone: no table" in capsys.readouterr().err) is meaning


def test_workers_say_when_they_are_full() -> None:
    """A flood waits in a short queue and then is told, instead of piling up."""
    release = threading.Event()
    workers = Workers(threads=1, waiting=2)
    first = workers.submit(lambda: release.wait(10))
    time.sleep(0.1)
    workers.submit(lambda: 1)
    last = workers.submit(lambda: 2)
    with pytest.raises(BusyError):
        workers.submit(lambda: 3)
    release.set()
    assert first.result(5) is True
    assert last.result(5) == 2
    workers.close()


@pytest.mark.parametrize(
    "text", ["https://example.com/a?b=c&d=%20e", "http://example.com", "mailto:a@example.com", "tel:+4930123"]
)
def test_an_address_becomes_a_qr_code(steady: Live, text: str) -> None:
    """As a picture that no style of the page can break."""
    answer = steady.client.get("/api/qr.svg", params={"text": text})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.text.startswith("<svg")
    assert "style=" not in answer.text
    assert "example" not in answer.text


@pytest.mark.parametrize(
    "text",
    ["", "hello", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b", 'https://a"b', "https://" + "a" * 300],
)
def test_other_texts_get_no_qr_code(steady: Live, text: str) -> None:
    """The kiosk makes codes for addresses only, so that nobody can make it show a text of theirs."""
    answer = steady.client.get("/api/qr.svg", params={"text": text})
    assert (answer.status_code, answer.json()["error"][:27]) == (400, "A QR code can hold a web, m")


def test_a_visit_over_http(live: Live) -> None:
    """Touch, rest, warning, more time, rest, wipe: what a page is told on the way."""
    live.enter()

    def beat(*, touched: bool = False) -> dict[str, Any]:
        answer: dict[str, Any] = live.post("/api/visit/beat", {"touched": touched, "lang": "de"}).json()
        return answer

    assert beat() == {"state": "attract", "seconds_left": None, "more_left": 10}
    assert beat(touched=True) == {"state": "active", "seconds_left": 60, "more_left": 10}
    live.clock.now += 65
    assert beat() == {"state": "warning", "seconds_left": 15, "more_left": 10}
    assert live.post("/api/visit/more").json() == {"state": "active", "seconds_left": 60, "more_left": 9}
    live.clock.now += 80
    assert beat(touched=True)["state"] == "wipe"
    assert live.post("/api/visit/more").json()["state"] == "wipe"
    live.parts.visits.wiped()
    assert beat()["state"] == "attract"


def test_finished_ends_the_visit(live: Live) -> None:
    """The button "I'm finished"."""
    live.enter()
    live.post("/api/visit/beat", {"touched": True})
    assert live.post("/api/visit/end").json()["state"] == "wipe"


def test_only_true_is_a_touch(live: Live) -> None:
    """Words and numbers are not."""
    live.enter()
    values: list[object] = ["true", 1, None, []]
    for value in values:
        assert live.post("/api/visit/beat", {"touched": value}).json()["state"] == "attract"


def test_in_the_middle_of_a_visit_a_new_key_leads_home_in_the_visits_language(live: Live) -> None:
    """After a page broke down the shopper goes on, and is not thrown back to the first screen."""
    live.enter()
    live.post("/api/visit/beat", {"touched": True, "lang": "de"})
    live.post("/api/visit/beat", {"touched": False, "lang": "../evil"})
    live.client.cookies.clear()
    assert live.enter().get("/").status_code == 200
    live.client.cookies.clear()
    from kiosk.sessions import Holder

    answer = live.client.get("/", params={"key": live.parts.sessions.issue(Holder.WINDOW)})
    assert answer.headers["location"] == "/de/"


def test_a_new_build_is_searched_at_once(tmp_path: Path) -> None:
    """A kiosk that serves while somebody builds asks the new index as soon as its pages are there."""
    opened: list[str] = []

    class Twin:
        def __init__(self, name: str) -> None:
            self.name = name

        def search(self, query: str, lang: str, product: str | None = None, stage: str | None = None) -> dict[str, str]:
            return {"from": self.name}

    def opener(index: Path) -> Twin:
        opened.append((index / "current").read_text(encoding="utf-8"))
        return Twin(opened[-1])

    def build(name: str) -> None:
        beside = tmp_path / "current.new"
        beside.write_text(name, encoding="utf-8")
        beside.replace(tmp_path / "current")

    find = IndexFind(tmp_path, opener)
    build("one")
    assert find("kettle", "en", None) == {"from": "one"}
    assert find("kettle", "en", None) == {"from": "one"}
    build("two")
    assert find("kettle", "en", None) == {"from": "two"}
    assert opened == ["one", "two"]


def test_a_search_that_fails_has_its_index_looked_at_again(tmp_path: Path) -> None:
    """The next question opens it anew: opening tells whether it was the index or the question."""
    opened = []

    class Twin:
        def search(self, query: str, lang: str, product: str | None = None, stage: str | None = None) -> dict[str, Any]:
            if query == "page that is gone":
                raise OSError("cut short")
            return {"query": query}

    def opener(index: Path) -> Twin:
        opened.append(index)
        return Twin()

    find = IndexFind(tmp_path / "index", opener)
    assert find("tea", "en", None)
    assert find("tea", "en", None)
    with pytest.raises(OSError, match="cut short"):
        find("page that is gone", "en", None)
    assert find("tea", "en", None)
    assert len(opened) == 2


PYTHON = sys.executable


def test_one_build_at_a_time_and_a_rest_after_each_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A kiosk whose disk is full must not build all day; one that succeeds says so once."""
    clock = FakeClock()
    mended: list[bool] = []
    mender = Mender(
        [PYTHON, "-c", f"import pathlib, sys; sys.exit(not pathlib.Path({str(tmp_path / 'disk')!r}).exists())"], clock
    )

    def ended() -> bool:
        return mender._process is None

    assert mender.begin(lambda: mended.append(True))
    assert not mender.begin(lambda: mended.append(True))
    assert wait_for(ended)
    assert not mended
    assert not mender.begin(lambda: mended.append(True))
    clock.now += 61
    assert mender.begin(lambda: mended.append(True))
    assert wait_for(ended)
    clock.now += 61
    assert not mender.begin(lambda: mended.append(True))
    (tmp_path / "disk").touch()
    clock.now += 61
    assert mender.begin(lambda: mended.append(True))
    assert wait_for(lambda: mended == [True])
    said = capfd.readouterr().err
    assert said.count("cannot be built anew: it ended with 1") == 2
    assert said.count("the search index was built anew") == 1


def test_a_build_that_never_ends_is_ended(tmp_path: Path) -> None:
    """By its limit, or with the kiosk; a program that is not there is told."""
    hanging = Mender([PYTHON, "-c", "import time; time.sleep(600)"], limit=0.3)
    assert hanging.begin(lambda: None)
    assert wait_for(lambda: hanging._process is None)
    closing = Mender([PYTHON, "-c", "import time; time.sleep(600)"])
    assert closing.begin(lambda: None)
    closing.close()
    assert wait_for(lambda: closing._process is None)
    assert not closing.begin(lambda: None)
    assert not Mender([str(tmp_path / "absent")]).begin(lambda: None)
