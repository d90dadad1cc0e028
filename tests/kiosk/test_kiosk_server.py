"""The server over a live socket: what each address answers."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk import headers
from kiosk import server as web

from .conftest import Live, make_site, serve

HTML = "text/html; charset=utf-8"

TABLE = [
    # address, status, content type, words in the body
    ("/", 200, HTML, "Touch to start"),
    ("/?lang=de", 200, HTML, '<html lang="de"'),
    ("/en/", 200, HTML, "How can we help?"),
    ("/en/index.html", 200, HTML, "How can we help?"),
    ("/en", 307, None, ""),
    ("/en/kettle/descale.html", 200, HTML, "Remove limescale"),
    ("/en/kettle/descale.html?q=1", 200, HTML, "Remove limescale"),
    ("/en/%6bettle/descale.html", 200, HTML, "Remove limescale"),
    ("/index.html", 200, HTML, "choose"),
    ("/assets/site.css", 200, "text/css; charset=utf-8", "font-size"),
    ("/assets/app.js", 200, "text/javascript; charset=utf-8", "export"),
    ("/helpstand.json", 200, "application/json", "Tiny Shop"),
    ("/media/sound.ogg", 200, "audio/ogg", ""),
    ("/kiosk/shell.css", 200, "text/css; charset=utf-8", ".k-bar"),
    ("/kiosk/shell.js", 200, "text/javascript; charset=utf-8", "beat"),
    ("/kiosk/layer.html", 404, HTML, "Page not found"),
    ("/kiosk/../kiosk/shell.css", 200, "text/css; charset=utf-8", ".k-bar"),
    ("/en/missing.html", 404, HTML, "Page not found"),
    ("/de/missing/deep/down.html", 404, HTML, "Seite nicht gefunden"),
    ("/zz/missing.html", 404, HTML, "Page not found"),
    ("/media/missing.png", 404, HTML, "Page not found"),
    ("/en//index.html", 404, HTML, "Page not found"),
    ("/assets/", 404, HTML, "Page not found"),
    ("/assets", 404, HTML, "Page not found"),
    ("/.secret", 404, HTML, "Page not found"),
    ("/api/", 404, "application/json", "nothing at this address"),
    ("/api/nothing", 404, "application/json", "nothing at this address"),
]


def has_safe_headers(answer: httpx.Response) -> bool:
    """Whether every header that every answer must carry is there, once."""
    return all(answer.headers.get_list(name.decode()) == [value.decode()] for name, value in headers.SAFE)


@pytest.mark.parametrize(("address", "status", "kind", "words"), TABLE, ids=[row[0] for row in TABLE])
def test_each_address_answers_as_the_table_says(steady: Live, address: str, status: int, kind: str | None, words: str) -> None:
    """Status, type, words and the safe headers; HEAD says the same without a body."""
    answer = steady.client.get(address)
    assert (answer.status_code, answer.headers.get("content-type")) == (status, kind)
    if words:
        assert words in answer.text
    assert has_safe_headers(answer)
    assert "content-encoding" not in answer.headers  # on the loopback compressing only costs time
    head = steady.client.head(address)
    assert (head.status_code, head.content) == (status, b"")
    assert head.headers.get("content-length") == answer.headers.get("content-length")
    assert has_safe_headers(head)


def test_pages_are_dressed_for_the_kiosk_and_files_on_disk_are_not_touched(steady: Live, tiny_site: Path) -> None:
    """Marked as kiosk, with the shell's style, script and bar in the page's own language."""
    html = steady.client.get("/de/").text
    assert 'data-surface="kiosk"' in html
    assert 'data-surface="web"' not in html
    assert html.index("/kiosk/shell.css") < html.index("/kiosk/shell.js") < html.index("</head>")
    assert html.index('class="k-bar"') < html.index("</body>")
    assert "Zurück" in html
    assert 'data-surface="web"' in (tiny_site / "de" / "index.html").read_text()


@pytest.mark.parametrize("address", ["/en/", "/assets/site.css", "/kiosk/shell.js", "/"])
def test_what_the_browser_has_is_not_sent_again(steady: Live, address: str) -> None:
    """Every answer has an ETag, must be asked about, and costs nothing the second time."""
    first = steady.client.get(address)
    assert first.headers["cache-control"] == "no-cache"
    again = steady.client.get(address, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert has_safe_headers(again)
    assert steady.client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_changed_file_gets_a_new_etag_at_once(tmp_path: Path) -> None:
    """A build may replace the site while the kiosk runs."""
    site = make_site(tmp_path / "site")
    for live in serve(site):
        old = live.client.get("/en/")
        page = site / "en" / "index.html"
        page.write_text(page.read_text().replace("Search, or choose.", "Something new here."))
        new = live.client.get("/en/", headers={"If-None-Match": old.headers["etag"]})
        assert new.status_code == 200
        assert "Something new here." in new.text


def test_the_site_may_be_switched_by_its_link(tmp_path: Path) -> None:
    """The root is looked up at every request, so a switched link shows the new build."""
    old, new = make_site(tmp_path / "old"), make_site(tmp_path / "new")
    (new / "en" / "index.html").write_text('<html lang="en"><body>the new build</body></html>')
    link = tmp_path / "site"
    link.symlink_to(old)
    for live in serve(link):
        assert "the new build" not in live.client.get("/en/").text
        link.unlink()
        link.symlink_to(new)
        assert "the new build" in live.client.get("/en/").text


def test_media_can_be_read_in_ranges(steady: Live) -> None:
    """Players ask for parts."""
    answer = steady.client.get("/media/sound.ogg", headers={"Range": "bytes=256-259"})
    assert (answer.status_code, answer.content) == (206, bytes([0, 1, 2, 3]))
    assert has_safe_headers(answer)
    assert steady.client.get("/media/sound.ogg", headers={"Range": "bytes=99999-"}).status_code == 416


def test_the_missing_page_works_at_any_depth(steady: Live) -> None:
    """Its relative addresses are made absolute, because it shows under an address that is not its own."""
    html = steady.client.get("/en/a/b/c/d.html").text
    assert 'href="/assets/site.css"' in html
    assert 'data-root=""' in html
    assert 'href="/en/index.html"' in html
    assert 'href="https://example.com/far"' in html


def test_without_a_404_page_the_kiosk_shows_its_own(tmp_path: Path) -> None:
    """Sites of others may have none."""
    site = make_site(tmp_path / "site")
    (site / "en" / "404.html").unlink()
    for live in serve(site):
        answer = live.client.get("/en/missing.html")
        assert answer.status_code == 404
        assert "ask our staff" in answer.text


def test_a_site_that_vanished_does_not_stop_the_server(tmp_path: Path) -> None:
    """The disk may go away; the answers say so plainly."""
    site = make_site(tmp_path / "site")
    for live in serve(site):
        shutil.rmtree(site)
        answer = live.client.get("/en/")
        assert answer.status_code == 404
        assert "ask our staff" in answer.text
        assert live.client.get("/").status_code == 200


@pytest.fixture
def restless(tiny_site: Path) -> Iterator[Live]:
    """Run a kiosk without attract screen."""
    yield from serve(tiny_site, attract=False)


def test_without_attract_screen_the_start_is_home(restless: Live) -> None:
    """Shops may turn it off."""
    answer = restless.client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/")
    assert 'data-kiosk-attract="off"' in restless.client.get("/en/").text


def test_a_port_in_use_is_told(live: Live) -> None:
    """The message names the port and what to do."""
    with pytest.raises(
        web.PortInUseError, match=f"port {live.server.port} cannot be used: Address already in use. Set another port"
    ):
        web.bind(live.server.port)


def test_small_answers_are_not_held_back() -> None:
    """Asyncio sets TCP_NODELAY where the socket names its protocol; else the body of an answer waits 40 ms after its head."""
    with web.bind(0) as sock:
        assert sock.proto == socket.IPPROTO_TCP
