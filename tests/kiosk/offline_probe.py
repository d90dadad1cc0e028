"""Runs inside a network namespace of its own: starts the kiosk, browses, searches, and prints what it saw as JSON."""

from __future__ import annotations

import http.cookiejar
import json
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def interfaces() -> dict[str, int]:
    """Return the packets sent on each interface of this namespace."""
    lines = Path("/proc/net/dev").read_text(encoding="ascii").splitlines()[2:]
    return {line.split(":")[0].strip(): int(line.split(":")[1].split()[9]) for line in lines}


def main() -> None:
    """Print the observations."""
    backend = sys.argv[1]
    command = [sys.executable, str(ROOT / "build.py"), "kiosk", "--backend", backend]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    try:
        address = ""
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("ready: "):
                address = line.removeprefix("ready: ").strip()
                break
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        base = address.split("/?")[0]
        pages = {}
        for path in (address.removeprefix(base), "/en/index.html", "/en/kettle/descale.html", "/de/index.html"):
            with opener.open(base + path, timeout=10) as answer:
                pages[path.split("?")[0]] = answer.status
        query = urllib.parse.urlencode({"q": "white stuff in my kettle", "lang": "en"})
        with opener.open(f"{base}/api/search?{query}", timeout=10) as answer:
            found = json.load(answer)["results"][0]["id"]
        time.sleep(4 if backend != "none" else 1)
    finally:
        process.terminate()
        process.wait(15)
    window = "window: gtk" in process.stdout.read()
    print(json.dumps({"pages": pages, "found": found, "sent": interfaces(), "code": process.returncode, "window": window}))


main()
