"""The app as a process of its own, as the supervisor starts it: `python -m kiosk '{"config": …}' [--safe]`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.app import Options, run
from kiosk.config import KioskConfig
from kiosk.supervisor import SAFE


def command(config: KioskConfig, site: Path, index: Path, state: Path | None, reindex: Sequence[str] = ()) -> list[str]:
    """Give the command that starts the app; `reindex` is the one that builds the index anew from the site."""
    paths = {"site": str(site), "index": str(index), "state": str(state) if state else None}
    given = {"config": config.model_dump(), "lines": config.lines, "reindex": list(reindex), **paths}
    return [sys.executable, "-m", "kiosk", json.dumps(given)]


def main(words: list[str]) -> int:
    """Run the app."""
    given = json.loads(words[0])
    config = KioskConfig.model_validate(given["config"]).found_at(given["lines"])
    state = Path(given["state"]) if given["state"] else None
    options = Options(state=state, safe=SAFE in words, reindex=tuple(given["reindex"]))
    return run(config, Path(given["site"]), Path(given["index"]), options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
