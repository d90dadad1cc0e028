"""The kiosk of the whole story, a process of its own: `python -m tests.service.story_kiosk BACKEND SITE INDEX STATE`.

It is the kiosk as shops run it. In its site each page may be asked, by a line of JSON on standard input, where something stands
on the screen, and answers with a line on standard output: a test touches there, as a finger would.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.app import Options, run
from kiosk.config import KioskConfig
from kiosk.ladder import Limits
from kiosk.searching import IndexFind

MARK = "story:"
TAG = '<script type="module" src="/assets/story.js"></script></head>'
SCRIPT = """
const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))
const ask = async (what) =>
  (await fetch("/api/search?lang=en&q=" + encodeURIComponent("story:" + JSON.stringify(what)))).json()
const shown = (one) => one.getClientRects().length > 0
const place = (one) => {
  const box = one.getBoundingClientRect()
  const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]
  const top = document.elementFromPoint(x, y)
  return top && (one.contains(top) || top.contains(one)) ? [x, y] : null
}
const look = async ({ id, css, text }) => {
  const one = [...document.querySelectorAll(css)].find((each) => shown(each) && each.textContent.includes(text))
  if (!one) return { id }
  if (!place(one)) one.scrollIntoView({ block: "center", behavior: "instant" })
  await rest(250)
  return { id, at: place(one), text: (one.value ?? one.textContent).trim().slice(0, 90) }
}
let told = {}
for (;;) {
  try {
    const order = JSON.parse((await ask(told)).did_you_mean ?? "null")
    told = order ? await look(order) : {}
  } catch {
    told = {} // the page is about to be left
  }
  await rest(120)
}
"""


class Eyes:
    """Answers searches, and hands what the test wants to know to the page that asks."""

    def __init__(self, find: IndexFind) -> None:
        self._find = find
        self._order: str | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self._order = line.strip() or None

    def __call__(self, query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
        """Answer a search, or talk with a page."""
        if not query.startswith(MARK):
            return self._find(query, lang, product, stage)
        told = query.removeprefix(MARK)
        if "id" in json.loads(told):
            sys.stdout.write(f"{told}\n")
            sys.stdout.flush()
        return {"results": [], "did_you_mean": self._order}


def main(words: list[str]) -> int:
    """Run the kiosk until told to end."""
    backend, site, index, state = words[0], Path(words[1]), Path(words[2]), Path(words[3])
    config = KioskConfig.model_validate({"backend": backend, "store": "nordhaven-city", "speech": False, "idle_seconds": 600})
    # However slow this machine is: the ladder has tests of its own.
    limits = Limits(page=60.0, loading=120.0, patience=120.0, loop=60.0, breaks=99)
    return run(config, site, index, Options(Eyes(IndexFind(index)), limits=limits, state=state))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
