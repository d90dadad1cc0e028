"""What a visitor leaves by any way in is on no disk afterwards: searched for as bytes, in every file that was written."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT, Program, wait_for
from .windows import HEIGHT, WIDTH, Opener, Screen, asked, renderers, site_with

pytestmark = [pytest.mark.window, pytest.mark.slow]

SECRET = "Quittenmus4711"
# Leaves the secret by script in every place that a page has; a form field takes what is typed and scanned.
PLANT = """
const secret = "SECRET"
const say = (words) => fetch("/api/search?lang=en&q=" + encodeURIComponent(words))
const field = Object.assign(document.createElement("input"), { name: "q", autocomplete: "on", className: "field" })
const form = Object.assign(document.createElement("form"), { action: "/en/index.html" })
form.append(field); document.body.prepend(form); field.focus()
document.addEventListener("pointerdown", () => setTimeout(() => field.focus(), 50))
let stored = []
const kept = (name, found) => { if (found) stored.push(name) }
kept("local", localStorage.getItem("s")); localStorage.setItem("s", secret)
kept("session", sessionStorage.getItem("s")); sessionStorage.setItem("s", secret)
kept("cookie", document.cookie.includes("s=")); document.cookie = "s=" + secret + "; max-age=99999; path=/"
history.replaceState(secret, "", "?q=" + secret)
try {
  const cache = await caches.open("c")
  kept("cache", await cache.match("/kept")); await cache.put("/kept", new Response(secret))
} catch {}
try {
  const base = await new Promise((y, n) => {
    const r = indexedDB.open("d", 1)
    r.onupgradeneeded = () => r.result.createObjectStore("o")
    r.onsuccess = () => y(r.result); r.onerror = n
  })
  const found = base.transaction("o").objectStore("o").get("s")
  kept("database", await new Promise((y) => { found.onsuccess = () => y(found.result) }))
  base.transaction("o", "readwrite").objectStore("o").put(secret, "s"); base.close()
} catch {}
await say(secret)
field.addEventListener("input", () => {
  if (field.value.length === secret.length) { field.select(); document.execCommand("copy"); say("typed " + field.value) }
})
addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault())
await say("planted " + (stored.join("+") || "clean"))
""".replace("SECRET", SECRET)


def written(*folders: Path) -> Iterator[Path]:
    """Give every file below these folders that holds the secret, in the letters of bytes or of UTF-16."""
    wanted = (SECRET.encode(), SECRET.encode("utf-16-le"))
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                if path.is_file() and not path.is_symlink() and any(word in path.read_bytes() for word in wanted):
                    yield path
            except OSError:
                continue


class Places:
    """Every folder that a kiosk of a test may write into, and what its journal would hold."""

    def __init__(self, base: Path) -> None:
        """Make them."""
        self.folders = {name: base / name for name in ("home", "tmp", "cache", "data", "config", "run", "state", "here")}
        for folder in self.folders.values():
            folder.mkdir(parents=True)
        self.folders["run"].chmod(0o700)
        self.env = {
            "HOME": str(self.folders["home"]),
            "TMPDIR": str(self.folders["tmp"]),
            "XDG_CACHE_HOME": str(self.folders["cache"]),
            "XDG_DATA_HOME": str(self.folders["data"]),
            "XDG_CONFIG_HOME": str(self.folders["config"]),
            "XDG_RUNTIME_DIR": str(self.folders["run"]),
        }


def begin(screen: Screen, program: Program, first: bytes, visit: int) -> None:
    """Touch until the page has planted what it can."""
    for _ in range(6):
        screen.touch(WIDTH // 2, HEIGHT // 3)
        if wait_for(lambda: len(asked(program, "planted")) > visit, 2):
            return
    pytest.fail(f"visit {visit}: the page did not come: {program.errors[-5:]}")


def live(open_kiosk: Opener, screen: Screen, folder: Path, visits: int) -> None:
    """So many visitors type, scan and leave; nothing of any of them is on the disk or meets the next one."""
    places = Places(folder / "places")
    marks: dict[str, Any] = {"idle_seconds": 3, "warning_seconds": 1, "state": str(places.folders["state"])}
    os.environ.update(places.env)
    program = open_kiosk(site_with(folder, PLANT), **marks)
    first = screen.picture()
    for visit in range(visits):
        begin(screen, program, first, visit)
        # As a person types and as a scanner does: a wedge is a keyboard that is very fast.
        screen.tool("xdotool", "type", "--delay", "2" if visit % 2 else "40", SECRET)
        if visit == visits - 1:
            # The last one meets a crash: what would go into a core dump goes nowhere.
            for pid in renderers(program.process.pid):
                os.kill(pid, signal.SIGSEGV)
        assert wait_for(lambda: screen.shows(first), 20), program.errors[-5:]
    # The page that comes after the crash is of the same visit, and may know that visitor; the next visitor's may not.
    begin(screen, program, first, len(asked(program, "planted")))
    assert wait_for(lambda: screen.shows(first), 20), program.errors[-5:]
    found = asked(program, "planted")
    assert set(found[:visits]) == {"clean"}
    assert found[-1] == "clean"
    assert len(asked(program, "typed")) >= visits // 2, "the hand's typing must arrive, or the test proves nothing"
    program.end()
    # What pages ask of the test itself is told on its standard error; a shop's kiosk does not tell it.
    journal = "".join(line for line in program.errors if not line.startswith("asked: "))
    assert SECRET not in journal
    here = [Path("/dev/shm"), Path("/var/tmp"), Path("/var/lib/systemd/coredump"), Path("/var/crash"), ROOT / "build"]
    assert list(written(*places.folders.values(), *(path for path in here if path.is_dir()))) == []
    assert not [path for path in ROOT.glob("core*") if path.is_file()]


@pytest.fixture
def own_environment() -> Iterator[None]:
    """Put the environment back as it was."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("own_environment")
@pytest.mark.long
def test_nothing_of_a_few_visitors_is_on_the_disk(open_kiosk: Opener, screen: Screen, tmp_path: Path) -> None:
    """Typed, scanned, in the address, in four storages, in the clipboard, in a form, and in a renderer that crashes."""
    live(open_kiosk, screen, tmp_path, 3)


@pytest.mark.long
@pytest.mark.usefixtures("own_environment")
def test_nothing_of_many_visitors_is_on_the_disk(open_kiosk: Opener, screen: Screen, tmp_path: Path) -> None:
    """250 of them, one after the other, in one process."""
    live(open_kiosk, screen, tmp_path, 250)


CONTROL = """
import sys, webview
window = webview.create_window("Plain Window", sys.argv[1])
webview.start(gui=sys.argv[3], private_mode=False, storage_path=sys.argv[2])
"""


@pytest.mark.usefixtures("own_environment")
def test_a_plain_window_writes_it_down(screen: Screen, tmp_path: Path) -> None:
    """The control: the search for bytes finds what a window without our care leaves behind."""
    pytest.importorskip("gi")
    page = site_with(tmp_path, PLANT)
    places = Places(tmp_path / "places")
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(page)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    port = server.stdout.readline().split("port ")[1].split()[0]
    env = {**os.environ, **places.env, "DISPLAY": screen.display}
    address = f"http://127.0.0.1:{port}/en/index.html"
    window = subprocess.Popen(
        [sys.executable, "-c", CONTROL, address, str(places.folders["data"]), "gtk"], env=env, stderr=subprocess.DEVNULL
    )
    try:
        assert wait_for(lambda: list(written(*places.folders.values())), 10)
    finally:
        for process in (window, server):
            process.terminate()
            process.wait(10)
        server.stdout.close()
