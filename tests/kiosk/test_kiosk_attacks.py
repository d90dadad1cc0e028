"""What must not work against the server: foreign names, foreign pages, ways out of the folder, stolen keys, floods."""

import http.client
import socket
import time
from pathlib import Path

import pytest

from kiosk.sessions import Holder

from .conftest import Live, make_site, serve
from .test_kiosk_server import has_safe_headers


def raw(live: Live, request: bytes, seconds: float = 5) -> bytes:
    """Send bytes as they are and read until the server closes or rests."""
    with socket.create_connection(("127.0.0.1", live.server.port), timeout=seconds) as sock:
        sock.sendall(request)
        answer = b""
        while True:
            try:
                part = sock.recv(65536)
            except TimeoutError:
                return answer
            answer += part
            if not part or (b"\r\n\r\n" in answer and b"HTTP/1.1 4" in answer):
                return answer


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:{port}.evil.example",
        "[::1]:{port}",
        "",
        "127.1:{port}",
    ],
)
def test_a_foreign_name_is_misdirected(steady: Live, host: str) -> None:
    """DNS rebinding: a page of another name that points here gets nothing, whatever it asks for."""
    for path in ("/", "/en/", "/api/search?q=a"):
        answer = steady.client.get(path, headers={"Host": host.format(port=steady.server.port)})
        assert answer.status_code == 421
        assert has_safe_headers(answer)
        assert "Touch to start" not in answer.text


def test_no_name_two_names_and_a_whole_address_are_refused(steady: Live) -> None:
    """Requests that no browser sends."""
    port = steady.server.port
    assert raw(steady, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 421")
    assert b" 400 " in raw(steady, b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nHost: evil\r\n\r\n" % port).split(b"\r\n")[0]
    assert raw(steady, b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port).startswith(b"HTTP/1.1 400")


def test_what_is_not_http_gets_the_safe_headers_too(steady: Live) -> None:
    """Also the answer that our application never sees."""
    answer = raw(steady, b"\x16\x03\x01 hello\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"content-security-policy: default-src 'none'" in answer
    assert b"x-content-type-options: nosniff" in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_files_can_only_be_read(steady: Live, method: str) -> None:
    """Any other method is refused before it reaches a file."""
    connection = http.client.HTTPConnection("127.0.0.1", steady.server.port, timeout=5)
    connection.request(method, "/en/", headers={"Host": steady.server.host})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("allow")) == (405, "GET, HEAD")
    connection.close()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_the_api_knows_three_methods(steady: Live, method: str) -> None:
    """No preflight is ever answered, so no foreign page may send what needs one."""
    answer = steady.client.request(method, "/api/visit/beat")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_each_address_of_the_api_has_its_method(live: Live) -> None:
    """Search is not posted, and a beat is not a link."""
    live.enter()
    assert live.post("/api/search", {}).status_code in (404, 405)
    assert live.client.get("/api/visit/beat").status_code in (404, 405)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "OWN", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_a_foreign_page_can_post_nothing(live: Live, given: dict[str, str]) -> None:
    """Even with the session's cookie, which another program on this machine might hold."""
    client = live.enter()
    sent = {name: value.replace("OWN", live.origin) for name, value in given.items()}
    answer = client.post("/api/visit/beat", json={"touched": True}, headers=sent)
    assert answer.status_code == 403
    assert live.parts.visits.look().number == 0


def test_a_foreign_page_cannot_read_the_api(steady: Live) -> None:
    """Search too stays ours: another site's script or frame is refused."""
    assert steady.client.get("/api/search?q=a", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert steady.client.get("/api/search?q=a", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


TRAVERSALS = [
    "/../secret.txt",
    "/en/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/en/..%2f..%2fsecret.txt",
    "/%252e%252e/secret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/en/%00../secret.txt",
    "/en/index.html%00.css",
    "//secret.txt",
    "/%2fsecret.txt",
    "/./secret.txt",
    "/link-out.txt",
    "/folder-out/secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/.%2e/secret.txt",
    "/.hidden/secret.txt",
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_out_of_the_site(tmp_path: Path, path: str) -> None:
    """Dots, encodings, backslashes, zero bytes and links: nothing outside is ever read."""
    site = make_site(tmp_path / "site")
    (tmp_path / "secret.txt").write_text("the crown jewels")
    (site / "link-out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "folder-out").symlink_to(tmp_path)
    for live in serve(site):
        answer = raw(
            live, b"GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % (path.encode(), live.server.host.encode())
        )
        assert answer.split(b" ")[1] in (b"404", b"400"), answer[:200]
        assert b"crown jewels" not in answer


def test_a_link_inside_the_site_works(tmp_path: Path) -> None:
    """The rule is about where a file is, not how it is reached."""
    site = make_site(tmp_path / "site")
    (site / "again.css").symlink_to(site / "assets" / "site.css")
    for live in serve(site):
        assert live.client.get("/again.css").status_code == 200


def test_the_key_gives_a_cookie_that_scripts_and_other_sites_cannot_use(live: Live) -> None:
    """HttpOnly, SameSite=Strict, and the key is gone from the address at once."""
    answer = live.client.get("/", params={"key": live.parts.sessions.issue(Holder.PRINTED)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"helpstand_{live.server.port}=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "expires" not in cookie.lower()
    assert "max-age" not in cookie.lower()
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("key", ["", "wrong", "é", "a" * 5000])
def test_a_wrong_key_gets_no_session_and_plain_words(steady: Live, key: str) -> None:
    """The page says what happened and what to do."""
    answer = steady.client.get("/", params={"key": key})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "start the kiosk again" in answer.text


def test_a_used_key_gets_no_second_session(live: Live) -> None:
    """Whoever reads the address later, over a shoulder or in a log, is too late."""
    key = live.parts.sessions.issue(Holder.PRINTED)
    assert live.client.get("/", params={"key": key}).status_code == 303
    assert live.client.get("/", params={"key": key}).status_code == 303  # the same browser just goes on
    live.client.cookies.clear()
    again = live.client.get("/", params={"key": key})
    assert again.status_code == 403
    assert "already used" in again.text


def test_asking_with_head_does_not_use_up_the_key(live: Live) -> None:
    """Link checkers ask with HEAD."""
    key = live.parts.sessions.issue(Holder.PRINTED)
    assert "set-cookie" not in live.client.head("/", params={"key": key}).headers
    assert "set-cookie" in live.client.get("/", params={"key": key}).headers


@pytest.mark.parametrize("what", ["beat", "more", "end"])
def test_without_a_session_nothing_can_be_changed(live: Live, what: str) -> None:
    """Also not with a made-up one."""
    for cookie in (None, "made-up"):
        live.client.cookies.clear()
        if cookie:
            live.client.cookies.set(f"helpstand_{live.server.port}", cookie)
        answer = live.post(f"/api/visit/{what}", {"touched": True})
        assert answer.status_code == 401
        assert "first screen" in answer.json()["error"]
    assert live.parts.visits.look().number == 0


def test_too_large_bodies_are_refused(live: Live) -> None:
    """By what they say of themselves, and by what they are."""
    live.enter()
    headers = {"Origin": live.origin}
    assert live.client.post("/api/visit/beat", content=b"x" * 20_000, headers=headers).status_code == 413
    assert live.client.post("/api/visit/beat", content=(b"x" * 1000 for _ in range(30)), headers=headers).status_code == 413
    assert live.client.post("/api/visit/beat", content=b"[1]", headers=headers).status_code == 400
    assert live.client.post("/api/visit/beat", content=b"{", headers=headers).status_code == 400
    assert live.client.post("/api/visit/beat", content=b"\xff", headers=headers).status_code == 400


def test_too_large_headers_are_refused(steady: Live) -> None:
    """The server reads so much of a head and no more."""
    host = steady.server.host.encode()
    assert raw(steady, b"GET / HTTP/1.1\r\nHost: %s\r\nX: %s\r\n\r\n" % (host, b"a" * 40_000))[9:12] in (b"400", b"431")
    assert raw(steady, b"GET /?q=%s HTTP/1.1\r\nHost: %s\r\n\r\n" % (b"a" * 9_000, host))[9:12] in (b"400", b"414")


def test_a_crowd_of_silent_connections_is_bounded_and_hurts_nobody(live: Live) -> None:
    """The most that are allowed stay open; more are closed; pages still come."""
    crowd = [socket.create_connection(("127.0.0.1", live.server.port), timeout=5) for _ in range(200)]
    try:
        time.sleep(0.3)
        assert len(live.server.connections) <= 128
    finally:
        for sock in crowd:
            sock.close()
    time.sleep(0.2)
    assert live.client.get("/en/").status_code == 200


@pytest.mark.slow
def test_a_request_that_never_ends_is_cut(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that arrives a letter at a time does not hold a connection for ever."""
    monkeypatch.setattr("kiosk.protocol.HEADER_SECONDS", 1.0)
    with socket.create_connection(("127.0.0.1", live.server.port), timeout=5) as sock:
        began = time.monotonic()
        for letter in b"GET / HTTP/1.1\r\nHost: ":
            try:
                sock.sendall(bytes([letter]))
            except OSError:
                break
            time.sleep(0.2)
        assert sock.recv(10) == b""
        assert time.monotonic() - began < 4
