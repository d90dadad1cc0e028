"""The whole story with every part as a shop has it: a kiosk's window, its agent, the desk, a mail server, a clerk's browser.

Run by itself it also keeps pictures: `python -m pytest tests/service/test_story_in_window.py --basetemp FOLDER`, then look into
the folder `pictures` below it.
"""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.kiosk.windows import HEIGHT, NEEDED, WIDTH, Screen
from tests.service.conftest import until
from tests.service.mail_servers import USER, Imap, Smtp
from tests.service.story_kiosk import SCRIPT, TAG
from tests.service.test_desk_pages import signed_in, token_of
from tests.service.test_mail_in import letter
from tests.service.test_mail_story import list_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.window, pytest.mark.browser, pytest.mark.long]

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90.0
"""However slow the machine is: what takes longer does not work."""
CUSTOMER = "kim@shop.example"
SIGN_IN = "four words apart here"
SETTINGS = """site = "https://help.shop.example/"
[mail]
address = "help@nordhaven.example"
name = "Nordhaven Home"
prefix = "NC"
smtp = {{host = "127.0.0.1", port = {smtp}, security = "none"}}
imap = {{host = "127.0.0.1", port = {imap}, security = "none", user = "{user}", password_variable = "DESK_IMAP", every = 5}}
"""


class Shopper:
    """Somebody who stands before the kiosk: sees where things are, and touches them."""

    def __init__(self, screen: Screen, words: IO[str], told: IO[str], pictures: Path) -> None:
        self._screen, self._words, self._pictures = screen, words, pictures
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = 0
        threading.Thread(target=self._hear, args=(told,), daemon=True).start()

    def _hear(self, told: IO[str]) -> None:
        for line in told:
            if line.startswith("{"):
                self._answers.put(json.loads(line))

    def see(self, css: str, text: str = "") -> dict[str, Any]:
        """Return what the screen shows there, and where; it must come."""
        self._number += 1
        self._words.write(json.dumps({"id": self._number, "css": css, "text": text}) + "\n")
        self._words.flush()

        def there() -> dict[str, Any] | None:
            try:
                answer = self._answers.get(timeout=1)
            except queue.Empty:
                return None
            return answer if answer["id"] == self._number and answer.get("at") else None

        try:
            return until(there, f"{css} {text!r} is not on the screen")  # type: ignore[no-any-return]
        except AssertionError:
            self._screen.tool("import", "-window", "root", str(self._pictures / "failed.png"))
            raise

    def touch(self, css: str, text: str = "") -> None:
        """Touch the first that fits."""
        self._screen.touch(*self.see(css, text)["at"])

    def type(self, text: str) -> None:
        """Type on the keyboard that came up on the screen."""
        for letter_ in text:
            self.touch(f'.k-osk [data-skbtn="{"{space}" if letter_ == " " else letter_}"]')

    def look(self, name: str) -> None:
        """Keep a picture of the screen."""
        until(self._screen.is_still, "the screen never rests")
        self._screen.tool("import", "-window", "root", str(self._pictures / f"{name}.png"))


@contextmanager
def program(*words: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """Run one of our programs until the end of the story."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, text=True, env={**os.environ, "PYTHONPATH": path, **env}, **pipes
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def ours(*words: str) -> str:
    """Run a command to its end and return what it said."""
    done = subprocess.run(
        [sys.executable, "build.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return where pictures of the story are kept."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(tmp_path: Path, servers: tuple[Smtp, Imap]) -> Iterator[tuple[str, Path]]:
    """Run the desk as a shop does, with somebody who may sign in."""
    folder = tmp_path / "desk"
    folder.mkdir()
    smtp, imap = servers
    (folder / "desk.toml").write_text(SETTINGS.format(smtp=smtp.port, imap=imap.port, user=USER), encoding="utf-8")
    ours(
        "desk", "--folder", str(folder), "account", "ada", "--role", "manager", "--shown-name", "Ada Lind", "--password", SIGN_IN
    )
    with program("build.py", "desk", "--folder", str(folder), "--port", "0") as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("ready: "), line
        yield line.removeprefix("ready: ").strip().rstrip("/"), folder


@pytest.fixture
def shopper(desk: tuple[str, Path], demo_searched: Path, tmp_path: Path, pictures: Path) -> Iterator[Shopper]:
    """Open the kiosk's window over the demo shop, known to the desk, its agent beside it; somebody stands before it."""
    if missing := [tool for tool in NEEDED if shutil.which(tool) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    address, folder = desk
    site, state = shutil.copytree(demo_searched / "site", tmp_path / "site"), tmp_path / "state"
    (site / "assets" / "story.js").write_text(SCRIPT, encoding="utf-8")
    for page in (site / "en").rglob("*.html"):
        page.write_text(page.read_text(encoding="utf-8").replace("</head>", TAG, 1), encoding="utf-8")
    (config := tmp_path / "kiosk.toml").write_text(f'desk = "{address}"\n', encoding="utf-8")
    kiosk = ("kiosk", "--kiosk-config", str(config))
    told = ours("desk", "--folder", str(folder), "enrol", "city-1", "--store", "nordhaven-city")
    code = re.search(r"\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b", told)
    assert code, told
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("STATE_DIRECTORY", str(state))
        assert "known to the desk as city-1" in ours(*kiosk, "--enrol", code[0])
        stack.enter_context(program("build.py", *kiosk, "--agent"))
        screen = Screen()
        stack.callback(screen.close)
        words = ("gtk", str(site), str(demo_searched / "index"), str(state))
        window = stack.enter_context(program("-m", "tests.service.story_kiosk", *words, DISPLAY=screen.display))
        assert window.stdin
        assert window.stdout
        until(screen.is_still, "the kiosk's first screen")
        shopper = Shopper(screen, window.stdin, window.stdout, pictures)
        shopper.look("01-waiting")
        screen.touch(WIDTH // 2, HEIGHT // 2)
        yield shopper


def hand_over(shopper: Shopper) -> str:
    """Go from the first screen through the troubleshooter to a repair that is asked for; return its number."""
    shopper.touch('a.choice[href$="products/kettle.html"]')
    shopper.touch('a.choice[href$="kettle/why-no-heat.html"]')
    shopper.touch("[data-node] a", "No, all looks well")
    shopper.look("02-question")
    shopper.touch("[data-node] a", "It is lit, but the water stays cold")
    shopper.see("a", "Start a repair request")
    shopper.look("03-ending")
    shopper.touch("a", "Start a repair request")
    shopper.touch("[data-handover] textarea")
    shopper.type("the water stays cold")
    shopper.look("04-form")
    shopper.touch(".k-osk [data-skbtn='{done}']")
    shopper.touch("[data-handover] input[name=address]")
    shopper.type(CUSTOMER)
    shopper.touch(".k-osk [data-skbtn='{done}']")
    shopper.touch("[data-handover] [data-send]")
    number = str(shopper.see("[data-reference]")["text"])
    shopper.look("05-receipt")
    return number


def a_busy_morning(address: str, imap: Imap) -> None:
    """Let twelve others write, and be answered: fewer than ten of anything are told to nobody."""
    for number in range(12):
        imap.put(letter(f"Is lamp {number} dimmable?", f"one{number}@customer.example", Subject="Lamp"))
    with closing(signed_in(address, "ada", SIGN_IN)) as clerk:
        token = token_of(clerk, "/new")
        cases = until(lambda: len(found := list_of(clerk, "dimmable")) == 12 and found, "twelve cases")
        for case in cases:
            told = {"text": "Yes, down to 5 %.", "how": "phone", "close": "1", "token": token}
            assert clerk.post(f"/case/{case}/reply", data=told).status_code == 303


def at_the_desk(browser: Browser, address: str) -> Page:
    """Open the desk as a clerk does."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(address)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(SIGN_IN)
    page.keyboard.press("Enter")
    page.wait_for_url(address + "/")
    return page


def test_the_whole_story(
    shopper: Shopper, desk: tuple[str, Path], servers: tuple[Smtp, Imap], browser: Browser, pictures: Path
) -> None:
    """From a cold kettle at the kiosk to a closed case that the dashboard counts; the customer hears by mail, twice."""
    smtp, imap = servers
    a_busy_morning(desk[0], imap)
    number = hand_over(shopper)
    assert re.fullmatch(r"NC-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]", number)

    page = at_the_desk(browser, desk[0])

    def look(name: str) -> None:
        page.screenshot(path=pictures / f"{name}.png")
        assert Axe().run(page).violations_count == 0, name

    page.locator(".cases a", has_text=number).wait_for()  # the queue learns of it by itself
    look("06-queue")
    page.locator(".cases a", has_text=number).click()
    tried = page.locator("main").inner_text()
    for words in ("the water stays cold", CUSTOMER, "No, all looks well", "It is lit, but the water stays cold"):
        assert words in tried, words
    until(lambda: [kept for kept in smtp.kept if "We have it" in str(kept.mail["Subject"])], "the receipt comes by mail")
    page.get_by_label("Answer", exact=True).fill("Please bring it with its base, we mend it on Friday.")
    look("07-case")
    page.get_by_role("button", name="Answer", exact=True).click()

    def answered() -> Any:
        return [kept for kept in smtp.kept if "on Friday" in kept.mail.get_content()]

    (answer,) = until(answered, "the answer goes out")
    assert answer.recipients == [CUSTOMER]
    assert number in str(answer.mail["Subject"])
    imap.put(
        letter(
            "Friday is fine, thank you.",
            f"Kim Miller <{CUSTOMER}>",
            In_Reply_To=str(answer.mail["Message-ID"]),
            Subject=f"Re: {answer.mail['Subject']}",
        )
    )
    page.get_by_text("Friday is fine, thank you.").first.wait_for()  # without a click
    look("08-answered")
    page.get_by_role("button", name=re.compile("^Close")).first.click()
    page.get_by_role("button", name="Open again").wait_for()
    look("09-closed")
    page.goto(f"{desk[0]}/figures")
    look("10-figures")
    figures = page.get_by_role("region", name="By language").get_by_role("row").nth(1).inner_text().split()
    assert "13" in figures, figures
    page.context.close()
