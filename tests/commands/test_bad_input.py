"""Whatever a writer or a machine does wrong: a clear message, the right exit code, and the last good build stays."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable

import pytest

from tests.commands.conftest import Shop

pytestmark = pytest.mark.slow
Front = Callable[..., str]

CONTENT, MACHINE = 1, 3
BAD = "content/en/lamp/bad.md"


def built_before(shop: Shop) -> bytes:
    """Build the good shop and return its page."""
    done = shop.run("build")
    assert done.code == 0, done.said
    return shop.page.read_bytes()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stage": "maintenence"}, f"{BAD}:5: unknown stage 'maintenence'. Did you mean 'maintain'?"),
        ({"dificulty": "easy"}, f"{BAD}:7: unknown key 'dificulty'. Did you mean 'difficulty'?"),
        ({"review_by": "2036-02-31"}, f"{BAD}:6: there is no day '2036-02-31'"),
        ({"review_by": "soon"}, f"{BAD}:6: 'soon' is not a date. Write year-month-day"),
        ({"product": "lmap"}, f"{BAD}:4: unknown product 'lmap'. Did you mean 'lamp'?"),
        ({"title": None}, f"{BAD}:2: the key 'title' is missing"),
        ({"title": "[broken"}, f"{BAD}:"),
    ],
)
def test_front_matter(shop: Shop, front: Front, changes: dict[str, str | None], message: str) -> None:
    """Every slip in the front matter is told with its line; nothing is built; the last good build stays."""
    before = built_before(shop)
    shop.write(BAD, front(**changes))
    done = shop.run("build")
    assert done.code == CONTENT
    assert message in done.said
    assert "Nothing was built; the last good build stays." in done.said
    assert shop.page.read_bytes() == before


def test_all_problems_are_told_at_once(shop: Shop, front: Front) -> None:
    """Several faults in several files make one list."""
    shop.write(BAD, front(stage="usee", type="howtoo", review_by="never"))
    shop.write("content/en/lamp/worse.md", "no front matter\n")
    done = shop.run("check")
    assert done.code == CONTENT
    for place in (f"{BAD}:3:", f"{BAD}:5:", f"{BAD}:6:", "content/en/lamp/worse.md:1: the page has no front matter"):
        assert place in done.said


def test_no_front_matter(shop: Shop) -> None:
    """A page without front matter is told how to begin."""
    shop.write(BAD, "# Hello\n")
    done = shop.run("build")
    assert done.code == CONTENT
    assert f"{BAD}:1: the page has no front matter. Begin it with a line '---'" in done.said


def test_clashing_ids(shop: Shop, front: Front) -> None:
    """Two files whose names differ only by case are an error: on another machine they would be one."""
    shop.write("content/en/lamp/Switch.md", front())
    done = shop.run("build")
    assert done.code == CONTENT
    assert "content/en/lamp/" in done.said
    assert "witch" in done.said


def test_invalid_utf8(shop: Shop, front: Front) -> None:
    """A file in another encoding is told with its line."""
    shop.write(BAD, front().encode() + b"caf\xe9\n")
    done = shop.run("build")
    assert done.code == CONTENT
    assert f"{BAD}:10: " in done.said
    assert "UTF-8" in done.said


def test_a_huge_page(shop: Shop, front: Front) -> None:
    """A page of 5 MB is refused in good time."""
    shop.write(BAD, front("word " * 1_000_000))
    done = shop.run("build")
    assert done.code == CONTENT
    assert f"{BAD}:1: " in done.said
    assert "MB" in done.said


def test_a_missing_picture(shop: Shop, front: Front) -> None:
    """A picture that is not there is told with its line, and with the nearest name."""
    shop.write(BAD, front("![The lamp](../../media/lmap.svg)\n"))
    done = shop.run("build")
    assert done.code == CONTENT
    assert f"{BAD}:9: " in done.said
    assert "lamp.svg" in done.said


@pytest.mark.parametrize("body", ["<script>alert(1)</script>\n", "[x](javascript:alert(1))\n", '<p onclick="x()">y</p>\n'])
def test_code_in_a_page(shop: Shop, front: Front, body: str) -> None:
    """Scripts in Markdown are an error with its line."""
    shop.write(BAD, front(body))
    done = shop.run("build")
    assert done.code == CONTENT
    assert f"{BAD}:9: " in done.said


def test_odd_file_names(shop: Shop, front: Front) -> None:
    """Spaces and letters of other scripts in a file name are no fault."""
    shop.write("content/en/lamp/größe und مصباح.md", front())
    done = shop.run("build")
    assert done.code == 0, done.said
    assert (shop.root / "build/site/en/lamp/größe und مصباح.html").is_file()


def test_an_empty_content_folder(shop: Shop) -> None:
    """A shop without a single guide is told what to do."""
    before = built_before(shop)
    shutil.rmtree(shop.root / "content/en/lamp")
    done = shop.run("build")
    assert done.code == CONTENT
    assert "content/en" in done.said
    assert "new" in done.said
    assert shop.page.read_bytes() == before


def test_strict_counts_warnings(shop: Shop, front: Front) -> None:
    """With --strict a warning is enough to build nothing."""
    shop.write(BAD, front("Simply press the button.\n"))
    assert shop.run("build").code == 0
    done = shop.run("build", "--strict", "--clean")
    assert done.code == CONTENT
    assert "--strict: nothing was built; the last good build stays." in done.said


def in_a_mount(shop: Shop, command: str) -> tuple[str, ...]:
    """Return the words that run a command with another mount over the output folder, for this process alone."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no mount namespaces")
    return ("unshare", "-rm", "sh", "-c", f'{command} && exec "$@"', "sh")


def test_a_read_only_output_folder(shop: Shop) -> None:
    """An output folder that cannot be written is told as the machine's fault, with the place."""
    before = built_before(shop)
    shop.write("content/en/lamp/switch.md", shop.root.joinpath("content/en/lamp/switch.md").read_text() + "\nMore.\n")
    build = shop.root / "build"
    done = shop.run("build", before=in_a_mount(shop, f"mount --bind {build} {build} && mount -o remount,bind,ro {build}"))
    assert done.code == MACHINE, done.said
    assert str(build) in done.said
    assert "read-only" in done.said.lower()
    assert "The last good build stays." in done.said
    assert shop.page.read_bytes() == before


def test_a_full_disk(shop: Shop) -> None:
    """A disk that fills up in the middle of a build: a clear message, and the old site is still whole."""
    build = shop.root / "build"
    build.mkdir()
    first_build = (
        f'mount -t tmpfs -o size=2m tmpfs {build} && "$@" && head -c 3000000 /dev/zero > {shop.root}/content/media/big.bin'
    )
    look_after = f"; code=$?; cat {build}/site/en/lamp/switch.html; ls -A {build}; exit $code"
    script = f'{first_build} && "$@"{look_after}'
    in_a_mount(shop, "true")
    done = shop.run("build", before=("unshare", "-rm", "sh", "-c", script, "sh"))
    assert done.code == MACHINE, done.said
    assert "No space left on device. Free some space" in done.errors
    assert "The last good build stays." in done.errors
    assert "Press the round button" in done.output
    assert ".building-" not in done.output


def test_a_port_in_use(shop: Shop) -> None:
    """A port that another program has: said, with the cure, exit code 3."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = shop.run("kiosk", "--port", str(port), "--backend", "none")
    assert done.code == MACHINE
    assert f"port {port} cannot be used: Address already in use. Set another port" in done.said


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("idle_second = 30\n", "kiosk.toml:1: unknown key 'idle_second'. Did you mean 'idle_seconds'?"),
        ("\nport = 99999\n", "kiosk.toml:2: "),
        ("port = \n", "kiosk.toml:1: "),
        ('language = "fr"\n', "language 'fr' is not offered here. There are: en."),
    ],
)
def test_kiosk_settings(shop: Shop, toml: str, message: str) -> None:
    """A slip in kiosk.toml is told with its line before anything opens."""
    shop.write("kiosk.toml", toml)
    done = shop.run("kiosk", "--backend", "none")
    assert done.code == CONTENT
    assert message in done.said


def test_the_kiosk_goes_on_with_the_last_good_build(shop: Shop, front: Front) -> None:
    """Content that has errors does not keep a kiosk from starting."""
    built_before(shop)
    shop.write(BAD, front(stage="nonsense"))
    with socket.socket() as taken:  # ends the kiosk at once, after it has decided what to show
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = shop.run("kiosk", "--port", str(taken.getsockname()[1]), "--backend", "none")
    assert f"{BAD}:5: unknown stage 'nonsense'" in done.said
    assert "Going on with the last good build." in done.said


@pytest.mark.parametrize("words", [("build", "--nonsense"), ("check", "surplus"), ("search",)])
def test_wrong_use(shop: Shop, words: tuple[str, ...]) -> None:
    """Wrong options and arguments end with exit code 2 and say how it is used."""
    done = shop.run(*words)
    assert done.code == 2
    assert "Usage:" in done.said


def test_a_missing_config_file(shop: Shop) -> None:
    """A wrong -f is wrong use."""
    (shop.root / "mkdocs.yml").unlink()
    done = shop.run("build")
    assert done.code == 2
    assert "not found. Cure: start in the project's folder, or name the file with -f" in done.said
