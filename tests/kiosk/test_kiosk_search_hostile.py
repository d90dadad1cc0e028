"""The kiosk's search with the real index behind it: hostile strings, and an index that breaks while the kiosk runs."""

from __future__ import annotations

import contextlib
import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from kiosk.api import NO_ANSWER
from kiosk.searching import IndexFind
from search_index.indexer import build_index
from tests.search_index.hostile import HOSTILE, sample
from tests.search_index.search_sites import KETTLE, write_site

from .conftest import Live, serve

SECONDS = 0.2


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the index of the small site."""
    folder = tmp_path_factory.mktemp("kiosk-search")
    build_index(write_site(folder / "site", KETTLE), folder / "index")
    return folder / "index"


@pytest.fixture(scope="module")
def kiosk(tiny_site: Path, index: Path) -> Iterator[Live]:
    """Run the server over it."""
    yield from serve(tiny_site, find=IndexFind(index))


def address(text: str) -> str:
    """Return the request for a text, half characters as the bytes that some programs send for them."""
    return f"/api/search?q={quote(text.encode('utf-8', 'surrogatepass'))}"


def test_hostile_strings_are_answered_with_200(kiosk: Live) -> None:
    """Never an error of the server, and within 200 ms of CPU each; what is too long for an address is refused as such."""
    assert kiosk.client.get("/api/search?q=kettle").json()["results"]  # the first question opens the index
    for text in (*HOSTILE, *sample(20, 9)):
        wanted = address(text)
        if len(wanted) > 60_000:  # uvicorn's own limit; the page sends at most 256 characters
            continue
        taken = []
        for _ in range(2):  # the clock is of the whole process, in which others may clear up just now
            began = time.process_time()
            answer = kiosk.client.get(wanted)
            taken.append(time.process_time() - began)
        assert min(taken) < SECONDS, text[:80]
        assert answer.status_code == 200, text[:80]
        assert answer.json().keys() == {*NO_ANSWER, "lang"}


def test_an_address_longer_than_any_question_is_refused_and_the_kiosk_goes_on(kiosk: Live) -> None:
    """100 kB and more: the client's mistake, not the server's."""
    host, _, port = kiosk.server.host.partition(":")
    for size in (100_000, 1_000_000):
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        with contextlib.suppress(ConnectionError):  # it may hang up before all has been said
            connection.request("GET", f"/api/search?q={'x' * size}")
            assert 400 <= connection.getresponse().status < 500
        connection.close()
    assert kiosk.client.get("/api/search?q=limescale").json()["results"]
