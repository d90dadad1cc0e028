"""The control, in which nothing is closed: `plain_window.py BACKEND SITE NEXT [debug]`, plain pywebview on a plain server."""

import json
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import webview


class Plain(SimpleHTTPRequestHandler):
    """Gives every file to everybody, and hears what pages say."""

    next: Path

    def do_GET(self) -> None:
        """Answer like the test's search."""
        asked = parse_qs(urlsplit(self.path).query)
        if not self.path.startswith("/api/search"):
            super().do_GET()
            return
        sys.stderr.write(f"asked: {asked['q'][0]}\n")  # in one piece: other threads write too
        body = json.dumps({"did_you_mean": self.next.read_text() if self.next.exists() else None}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


def main() -> None:
    """Show the window until told to end."""
    backend, site, following = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    debug = "debug" in sys.argv
    handler = type("Handler", (Plain,), {"next": following})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/en/index.html"
    webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
    window = webview.create_window("Plain Window", home, fullscreen=True, text_select=True)

    def go_home() -> None:
        """Load home whenever the file `go-home` beside NEXT is new: pages that left do not come back by themselves."""
        seen = 0.0
        while True:
            time.sleep(0.1)
            mark = following.with_name("go-home")
            now = mark.stat().st_mtime if mark.exists() else 0.0
            if now > seen:
                seen = now
                window.load_url(home)

    print("window: plain", file=sys.stderr, flush=True)
    webview.start(go_home, gui=backend, debug=debug)


if __name__ == "__main__":
    main()
