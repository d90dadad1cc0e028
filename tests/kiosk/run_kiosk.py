"""Runs the kiosk as a program of its own for tests: python run_kiosk.py SITE key=value … (times shorter than a shop may set).

Keys that begin with `limit_` set the ladder's limits, `state` names the folder of heartbeat and log. A page may search for
`fault: NAME` to cause a breakdown from inside, as a mistake of ours or of a library would.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kiosk.app import Options, run
from kiosk.config import KioskConfig
from kiosk.ladder import Limits
from kiosk.watcher import Watcher

ballast: list[bytes] = []
watchers: list[Watcher] = []


def hang_loop() -> None:
    """Let the window's loop hang, as a call into a library that never returns."""
    window = watchers[0].window
    assert window is not None
    window.ask(lambda: time.sleep(3600))


def eat_memory() -> None:
    """Take 600 MiB and keep them."""
    ballast.append(os.urandom(600 * 2**20))


FAULTS: dict[str, Callable[[], None]] = {"loop": hang_loop, "memory": eat_memory}


def find(query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
    """Find nothing, in the right form; a page of a test can so say what it saw."""
    sys.stderr.write(f"asked: {query}\n")  # in one piece: other threads write too
    if query.startswith("fault: "):
        FAULTS[query.removeprefix("fault: ")]()
    following = Path(os.environ.get("HELPSTAND_TEST_NEXT") or "/nowhere")
    told = following.read_text() if following.exists() else None
    return {"query": query, "lang": lang, "results": [], "did_you_mean": told, "zero_result_help": None}


def main() -> int:
    """Run until told to end."""
    words = [word for word in sys.argv[2:] if "=" in word]
    given = {key: json.loads(value) for key, value in (pair.split("=", 1) for pair in words)}
    limits = {key.removeprefix("limit_"): given.pop(key) for key in list(given) if key.startswith("limit_")}
    state = given.pop("state", None)
    config = KioskConfig.model_construct(**{**KioskConfig.model_validate({}).model_dump(), **given})
    folder = Path(state) if state else None
    safe = "--safe" in sys.argv
    options = Options(find, limits=Limits(**limits), state=folder, safe=safe, started=watchers.append)
    return run(config, Path(sys.argv[1]), Path(sys.argv[1]) / "no-index", options)


if __name__ == "__main__":
    sys.exit(main())
