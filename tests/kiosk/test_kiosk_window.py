"""The real window on a real screen: it appears, covers the screen, warns, wipes, heals, and ends."""

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kiosk.memory import family

from .conftest import Program, wait_for
from .windows import HEIGHT, WIDTH, Opener, Screen, asked, renderers, site_with

pytestmark = [pytest.mark.window, pytest.mark.slow]


# Says by a search what this page finds of earlier ones. The first page of a visit then leaves traces of its own in every
# place it can and goes on to a second one, which ends the visit: no hurry, on no machine.
TRACES = """
const seen = ["localStorage", "sessionStorage"].map((name) => window[name].getItem("shopper"))
// In a new visit at most the first screen lies behind the page.
const found = [...seen, document.cookie || null, history.length <= 2].join("/")
await fetch("/api/search?lang=en&q=" + encodeURIComponent("seen " + found))
if (location.search) {
  await fetch("/api/visit/end", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })
} else {
  localStorage.setItem("shopper", "stored")
  sessionStorage.setItem("shopper", "session")
  document.cookie = "shopper=cookie; max-age=9999"
  history.pushState(null, "", "#trace")
  setTimeout(() => location.assign("?second"), 500) // before a page has loaded, going on would replace it in the history
}
"""

# Tries the ways out that need no hand, one after the other, and says that the page is still alive and what it could reach.
WAYS_OUT = """
const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))
// A refused navigation also stops questions that are on their way, so each is asked until it arrives.
const tell = async (words) => {
  while (!(await fetch("/api/search?lang=en&q=" + encodeURIComponent(words)).then((answer) => answer.ok, () => false))) {
    await rest(50)
  }
}
const far = new URL(import.meta.url).searchParams.get("far")
if (sessionStorage.getItem("blank")) {
  await tell("blank healed")
  await rest(1e9)
}
await tell("bridge " + typeof window.pywebview + " " + typeof window.webkit?.messageHandlers?.jsBridge)
alert("a"); confirm("b"); prompt("c"); print()
await tell("opened " + window.open(far + "/opened"))
const frame = document.createElement("iframe")
frame.src = far + "/framed"
document.body.append(frame)
const link = Object.assign(document.createElement("a"), { href: far + "/linked", target: "_blank" })
document.body.append(link)
HTMLElement.prototype.click.call(link)
const save = Object.assign(document.createElement("a"), { href: "../media/sound.ogg", download: "sound.ogg" })
document.body.append(save)
save.click()
await rest(150)
await fetch(far + "/fetched").catch(() => tell("fetch refused"))
await navigator.mediaDevices?.getUserMedia({ audio: true }).then(() => tell("microphone given")).catch(() => {})
for (const address of [far + "/gone", "file:///etc/passwd", "data:text/html,x"]) {
  await tell("going to " + address)
  location.href = address
  await rest(150)
}
await tell("still here " + location.pathname)
// The one address that Qt does not ask about: there the kiosk comes home by itself.
sessionStorage.setItem("blank", "tried")
location.href = "about:blank"
await rest(500)
await tell("blank refused")
"""


def test_the_first_screen_appears_and_covers_the_whole_screen(open_kiosk: Opener, screen: Screen) -> None:
    """Full screen, drawn, and SIGTERM ends all of it cleanly."""
    program = open_kiosk()
    assert screen.geometry() == f"{WIDTH}x{HEIGHT} at 0,0"
    drawing = renderers(program.process.pid)
    assert drawing
    assert program.end(signal.SIGTERM, seconds=8) == 0
    assert wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in drawing), 5)
    assert "Traceback" not in "".join(program.errors)


def test_a_visit_from_touch_to_wipe(open_kiosk: Opener, screen: Screen) -> None:
    """Touch, home page; rest, warning; rest, wipe with a new renderer; the first screen again."""
    program = open_kiosk(idle_seconds=3, warning_seconds=3)
    first, before = screen.picture(), renderers(program.process.pid)
    screen.touch(WIDTH // 2, HEIGHT // 2)
    assert wait_for(lambda: not screen.shows(first), 5)
    assert wait_for(lambda: renderers(program.process.pid) != before, 20)
    assert wait_for(lambda: screen.shows(first), 10)
    assert not set(before) & set(renderers(program.process.pid))
    assert "not seen to end" not in "".join(program.errors)


LONG_PAGE = """
for (let line = 0; line < 60; line++) {
  document.querySelector("article").append(Object.assign(document.createElement("p"), { textContent: `Line ${line}` }))
}
addEventListener("scroll", () => fetch("/api/search?lang=en&q=" + encodeURIComponent(`scrolled ${scrollY > 100}`)))
"""


def test_a_long_page_can_be_scrolled(open_kiosk: Opener, screen: Screen, tmp_path: Path) -> None:
    """By the wheel: a style of ours once forbade that on GTK, where the page then could not be scrolled at all."""
    program = open_kiosk(site_with(tmp_path, LONG_PAGE))
    first = screen.picture()
    screen.touch(WIDTH // 2, HEIGHT // 2)
    assert wait_for(lambda: not screen.shows(first) and screen.is_still(), 10)

    def turned() -> bool:
        screen.tool("xdotool", "click", "--repeat", "3", "--delay", "100", "5")
        return "true" in asked(program, "scrolled")

    assert wait_for(turned, 5), program.errors


def waiting_for_pages(pid: int) -> int:
    """How many threads of the kiosk's processes wait for words of a renderer."""
    found = 0
    for one in family(pid):
        for thread in Path(f"/proc/{one}/task").glob("*/comm"):
            with contextlib.suppress(OSError):
                found += thread.read_text().strip() == "ReceiveQueue"
    return found


@pytest.mark.long
def test_wipes_leave_no_thread_behind(open_kiosk: Opener, screen: Screen) -> None:
    """A request that outlives its page would hold one for every visit or two, until the nightly restart."""
    program = open_kiosk(idle_seconds=2, warning_seconds=1)
    first, counted = screen.picture(), []
    for _ in range(25):
        screen.touch(WIDTH // 2, HEIGHT // 2)
        assert wait_for(lambda: not screen.shows(first), 20)
        assert wait_for(lambda: screen.shows(first), 30)
        counted.append(waiting_for_pages(program.process.pid))
    assert min(counted[-5:]) <= max(counted[:5]) + 2, counted


def test_more_time_keeps_the_visit(open_kiosk: Opener, screen: Screen) -> None:
    """A key pressed on the focused "More time" button is enough."""
    program = open_kiosk(idle_seconds=3, warning_seconds=20)
    first = screen.picture()
    before = renderers(program.process.pid)
    screen.touch(WIDTH // 2, HEIGHT // 2)
    assert wait_for(lambda: not screen.shows(first), 5)
    page = screen.picture()
    for _ in range(2):
        assert wait_for(lambda: not screen.shows(page), 8)
        screen.tool("xdotool", "key", "Return")
        assert wait_for(lambda: screen.shows(page), 5)
    assert renderers(program.process.pid) == before


def test_a_dead_renderer_is_replaced_by_a_working_page(open_kiosk: Opener, screen: Screen) -> None:
    """Nobody from the staff has to come; a touch works as before."""
    program = open_kiosk()
    first = screen.picture()

    def are_new(old: list[int]) -> bool:
        now = renderers(program.process.pid)
        return bool(now) and not set(old) & set(now)

    for _ in range(2):
        drawing = renderers(program.process.pid)
        for pid in drawing:
            os.kill(pid, signal.SIGKILL)
        assert wait_for(partial(are_new, drawing), 30), program.errors
        assert wait_for(lambda: screen.shows(first), 10)
    screen.touch(WIDTH // 2, HEIGHT // 2)
    assert wait_for(lambda: not screen.shows(first), 5)


def test_closing_by_the_window_manager_does_not_end_the_kiosk(open_kiosk: Opener, screen: Screen) -> None:
    """Alt+F4 and its like are refused; so are the keys of a browser."""
    program = open_kiosk()
    first = screen.picture()
    screen.tool("xdotool", "key", "--delay", "100", "alt+F4", "ctrl+w", "ctrl+q", "F5", "ctrl+p", "ctrl+o", "F11", "ctrl+shift+i")
    assert not wait_for(lambda: program.process.poll() is not None, 2)
    assert screen.geometry() == f"{WIDTH}x{HEIGHT} at 0,0"
    assert screen.shows(first)


def test_nothing_of_a_visit_is_left_for_the_next(open_kiosk: Opener, screen: Screen, tmp_path: Path) -> None:
    """Storage, cookies and history: there within a visit (so the test can see them), gone after its wipe."""
    program = open_kiosk(site_with(tmp_path, TRACES))
    first = screen.picture()
    for visit in (1, 2, 3):
        for _ in range(5):  # as people touch who see nothing happen
            screen.touch(WIDTH // 2, HEIGHT // 2)
            if wait_for(lambda visit=visit: len(asked(program, "seen")) >= 2 * visit, 8):  # type: ignore[misc]
                break
        assert asked(program, "seen") == ["///true", "stored/session/shopper=cookie/false"] * visit, program.errors
        assert wait_for(lambda: screen.shows(first), 20)


def by(program: Program) -> list[list[str]]:
    """Two ways to look for its windows: by the process and by the title."""
    return [["--pid", str(program.process.pid)], ["--name", "Tiny Shop"]]


class _Far(BaseHTTPRequestHandler):
    """Another server on this machine, which the kiosk must never ask."""

    hits: list[str]

    def do_GET(self) -> None:
        """Note the question."""
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"far away")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


@pytest.fixture
def far() -> Iterator[tuple[str, list[str]]]:
    """Run that server; give its origin and what it was asked."""
    hits: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Far", (_Far,), {"hits": hits}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_page_finds_no_way_out(open_kiosk: Opener, screen: Screen, tmp_path: Path, far: tuple[str, list[str]]) -> None:
    """Dialogs do not block, no window, frame, download or foreign address opens, and the bridge into Python is dead."""
    origin, hits = far
    program = open_kiosk(site_with(tmp_path, WAYS_OUT, f"?far={origin}"))
    screen.touch(WIDTH // 2, HEIGHT // 2)
    assert wait_for(lambda: asked(program, "still"), 15), "".join(program.errors)
    assert asked(program, "still") == ["here /en/"]
    assert asked(program, "bridge") == ["undefined undefined"]
    assert asked(program, "opened") == ["null"]
    assert asked(program, "microphone") == []
    assert wait_for(lambda: asked(program, "blank"), 15)
    assert hits == []
    windows = [screen.tool("xdotool", "search", "--onlyvisible", *how).split() for how in by(program)]
    assert windows[0] == windows[1]
    assert len(windows[0]) == 1


# Says each question that stands on the screen, and each ending that is told.
TREE_TOLD = """
import { connect } from "./js/endings.js"
const say = (words) => fetch("/api/search?lang=en&q=" + encodeURIComponent(words))
const now = () => document.querySelector("[data-now]")?.dataset.node
let last = ""
const tell = () => connect((event) => say(`ended ${event.tree} ${event.path} ${event.ending}`))
addEventListener("load", tell) // after the one that counts, for there is one receiver
const look = () => now() !== last && say(`at ${(last = now())}`)
new MutationObserver(look).observe(document.body, { subtree: true, attributes: true })
look()
"""


@pytest.mark.long
def test_a_troubleshooter_is_walked_in_the_window(open_kiosk: Opener, screen: Screen, demo: Path, tmp_path: Path) -> None:
    """Digits lead through the questions to an ending, which is told; the kiosk's own Back leads one question back."""
    site = site_with(tmp_path, TREE_TOLD)
    shutil.copytree(demo / "assets", site / "assets", dirs_exist_ok=True)
    tree = (demo / "en/espresso/no-coffee.html").read_text(encoding="utf-8").replace("../../", "../")
    (site / "en/index.html").write_text(tree.replace("</head>", '<script type="module" src="../assets/home.js"></script></head>'))
    program = open_kiosk(site, attract=False)
    assert program.told("asked: at lamps"), program.errors
    for key, told in (("3", "at water"), ("1", "at grind"), ("1", "at solved")):
        screen.tool("xdotool", "key", key)
        assert program.told(f"asked: {told}"), program.errors
    assert program.told("asked: ended espresso/no-coffee 3.1.1 solved")
    screen.touch(WIDTH // 5, HEIGHT - 50)
    assert wait_for(lambda: "".join(program.errors).count("asked: at grind") == 2, 10), program.errors
