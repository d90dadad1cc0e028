"""The window under the taps, a process of its own: `python -m bench.window kiosk SITE INDEX`, or `… plain SITE`.

Both are the kiosk's own window, WebKitGTK through pywebview. The first is the kiosk as shops run it, the second shows a plain
static server. In both, each page says by one line of JSON on standard output when it has drawn, and where its links are.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")

from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

from bench.host import Host  # noqa: E402
from kiosk.app import run  # noqa: E402
from kiosk.config import KioskConfig  # noqa: E402
from kiosk.policy import Policy  # noqa: E402
from kiosk.window import WindowPlan, open_window  # noqa: E402

NAME = "bench"
SETTLED = 250
"""Milliseconds until links are told: scripts may still have something to add, and telling must not slow the picture down."""
REPORT = """
(() => {
  const tell = (what) => window.webkit.messageHandlers.NAME.postMessage(JSON.stringify({ page: location.pathname, ...what }))
  const middle = (link) => {
    const box = link.getClientRects()[0]
    if (!box) return null
    const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]
    const top = document.elementFromPoint(x, y)
    return top && link.contains(top) ? [link.pathname, x, y] : null
  }
  const drawn = () => {
    tell({ drawn: Date.now() / 1000 })
    setTimeout(() => tell({ links: [...document.querySelectorAll("a[href]")].map(middle).filter(Boolean) }), SETTLED)
  }
  // The first frame after the load carries its picture; in the second it is on its way to the screen.
  const frames = () => requestAnimationFrame(() => requestAnimationFrame(drawn))
  if (document.readyState === "complete") frames()
  else addEventListener("load", frames)
})()
""".replace("NAME", NAME).replace("SETTLED", str(SETTLED))


def listen() -> bool:
    """Let the pages report, as soon as there is a view; asked again and again until then."""
    view = next(filter(None, map(_view, Gtk.Window.list_toplevels())), None)
    if view is None:
        return True
    manager = view.get_user_content_manager()
    manager.connect(f"script-message-received::{NAME}", lambda _manager, message: say(message.get_js_value().to_string()))
    manager.register_script_message_handler(NAME)
    frames, start = WebKit2.UserContentInjectedFrames.TOP_FRAME, WebKit2.UserScriptInjectionTime.END
    manager.add_script(WebKit2.UserScript.new(REPORT, frames, start, None, None))
    return False


def _view(widget: Any) -> Any:
    if isinstance(widget, WebKit2.WebView):
        return widget
    if not isinstance(widget, Gtk.Container):
        return None
    return next(filter(None, map(_view, widget.get_children())), None)


def say(line: str) -> None:
    """Give one line to whoever measures."""
    print(line, flush=True)


def plain(site: Path) -> int:
    """Show a static site until told to end."""
    with Host(site, squeeze=False) as host:
        window = open_window(
            "gtk", WindowPlan("Peer", Policy(host.name), fullscreen=True, home=lambda: f"{host.origin}/index.html")
        )
        ending = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ending.set())

        def close() -> None:
            ending.wait()
            window.close()

        threading.Thread(target=close, daemon=True).start()
        window.run(f"{host.origin}/index.html")
    return 0


def main(words: list[str]) -> int:
    """Open the window that was asked for."""
    GLib.timeout_add(5, listen)
    if words[0] == "plain":
        return plain(Path(words[1]))
    return run(KioskConfig.model_validate({"backend": "gtk"}), Path(words[1]), Path(words[2]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
