"""Stands in for the app under the supervisor: `fake_app.py FOLDER [--safe]` does what FOLDER/what says, and notes each start."""

import os
import subprocess
import sys
import time
from pathlib import Path

folder, safe = Path(sys.argv[1]), "--safe" in sys.argv
with (folder / "starts").open("a") as starts:
    starts.write(f"{'safe' if safe else 'normal'} {os.getpid()}\n")
what = (folder / ("what-safe" if safe else "what")).read_text().split()
fd = int(os.environ["HELPSTAND_BEAT_FD"])


def beat() -> None:
    """Tell the supervisor that all is well."""
    os.write(fd, b"beat\n")


if what[0] == "exit":
    if "beaten" in what:
        beat()
        time.sleep(0.3)
    sys.exit(int(what[1]))
if what[0] == "hang":
    beat()
    time.sleep(3600)
if what[0] == "child":
    child = subprocess.Popen(["sleep", "3600"])
    (folder / "child").write_text(str(child.pid))
while True:
    beat()
    time.sleep(0.1)
