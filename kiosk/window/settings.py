"""What both backends set in pywebview before a window exists, and what takes the place of its bridge into Python."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

import webview

from kiosk.window import WindowPlan

PAPER = "#FBF8F1"


def has_graphics_card(nodes: Path = Path("/dev/dri")) -> bool:
    """Whether a graphics card may draw for this user."""
    return any(os.access(node, os.R_OK | os.W_OK) for node in nodes.glob("renderD*"))


def close_ways_out() -> None:
    """Turn off what pywebview allows by default: file addresses, the system's browser, downloads."""
    logging.getLogger("pywebview").setLevel(logging.CRITICAL)
    for name in ("ALLOW_DOWNLOADS", "ALLOW_FILE_URLS", "OPEN_EXTERNAL_LINKS_IN_BROWSER", "OPEN_DEVTOOLS_IN_DEBUG"):
        webview.settings[name] = False
    webview.settings["REMOTE_DEBUGGING_PORT"] = None


def only_events(_platform: str, window: Any) -> None:
    """Stands where pywebview would put its script into each page: the events go on, no script is put in."""
    window.events.before_load.set()
    window.events.loaded.set()


def deaf(*_args: object, **_kwargs: object) -> None:
    """Stands where a page, or pywebview for it, could call Python or open a dialog: nothing happens."""


def monitor(plan: WindowPlan, count: int) -> int:
    """Give the number of the screen to cover; where the wanted one is not connected, say so and take the first."""
    if plan.monitor < count:
        return plan.monitor
    print(
        f"kiosk: monitor {plan.monitor + 1} is not connected, there are {count}: the first is taken", file=sys.stderr, flush=True
    )
    return 0


def create(plan: WindowPlan, url: str) -> Any:
    """Make the pywebview window of a kiosk, not yet shown."""
    return webview.create_window(
        plan.title,
        url,
        fullscreen=plan.fullscreen,
        background_color=PAPER,
        width=1280,
        height=800,
        easy_drag=False,
        text_select=False,
    )


def start(backend: str) -> None:
    """Run pywebview's main loop in its private mode: nothing is written to disk, no server of its own."""
    webview.start(gui=backend, debug=False, http_server=False, private_mode=True)
