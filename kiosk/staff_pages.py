"""Pages for staff: built beside the site, and given only to whoever has a pass."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from kiosk.site import find

LIST = "pages.json"
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)


@dataclass(frozen=True)
class StaffPages:
    """The pages for staff in one folder; None where this kiosk has none."""

    folder: Path | None

    def listed(self, lang: str) -> list[dict[str, str]]:
        """Give id, title and summary of each, as the build wrote them down; nothing where they cannot be read."""
        if self.folder is None:
            return []
        try:
            pages = json.loads((self.folder / LIST).read_text(encoding="utf-8")).get(lang, [])
            return [{key: str(page[key]) for key in ("id", "title", "summary")} for page in pages]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return []

    def article(self, lang: str, page: str) -> str | None:
        """Give a page's own part, without the site's head and foot; None where there is no such page."""
        file = find(self.folder, f"/{lang}/{page}.html") if self.folder else None
        found = _ARTICLE.search(file.read_text(encoding="utf-8", errors="replace")) if file else None
        return found[0] if found else None
