"""The app as a process of its own, as the supervisor starts it: `python -m kiosk '{"config": …}' [--safe]`."""

import json
import sys
from pathlib import Path

from kiosk.app import Options, run
from kiosk.config import KioskConfig
from kiosk.supervisor import SAFE


def command(config: KioskConfig, site: Path, index: Path, options: Options) -> list[str]:
    """Give the command that starts the app with these settings and folders."""
    folders = {"site": site, "index": index, "state": options.state, "staff": options.staff}
    paths = {name: str(folder) if folder else None for name, folder in folders.items()}
    given = {"config": config.model_dump(), "lines": config.lines, "reindex": options.reindex, **paths}
    return [sys.executable, "-m", "kiosk", json.dumps(given)]


def main(words: list[str]) -> int:
    """Run the app."""
    given = json.loads(words[0])
    config = KioskConfig.model_validate(given["config"]).found_at(given["lines"])
    state, staff = (Path(given[name]) if given[name] else None for name in ("state", "staff"))
    options = Options(state=state, staff=staff, safe=SAFE in words, reindex=tuple(given["reindex"]))
    return run(config, Path(given["site"]), Path(given["index"]), options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
