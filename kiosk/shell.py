"""The kiosk's own layer over the site's pages: bottom bar, dialogs, attract screen, notices. Its HTML is in theme/shell."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urljoin

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kiosk.hours import read_hours
from kiosk.site import SiteInfo, find

THEME = Path(__file__).resolve().parent.parent / "theme"
TEXTS_LANGUAGE = "en"

_HTML_LANG = re.compile(r"""<html\b[^>]*?\blang=["']?([A-Za-z0-9-]+)""")
_RELATIVE = re.compile(r"""\b(href|src|action|data-root)="(?!/|#|[A-Za-z][A-Za-z0-9+.-]*:)([^"]*)\"""")


@dataclass(frozen=True)
class PageOptions:
    """What the settings of this kiosk mean for its pages."""

    speaks: Callable[[str], bool] = lambda _lang: False
    """Whether texts of a language can be said aloud here."""
    volume: int = 80
    keypad: bool = False
    keyboard: bool = True
    scanner_prefix: str = ""
    scanner_suffix: str = "Enter"
    screen_inches: float = 0.0
    distance_mm: int = 600
    printer: bool = False
    staff: bool = False
    """Whether the shop has set a PIN for a staff menu."""


class Shell:
    """Renders everything that only the kiosk shows."""

    def __init__(
        self,
        info: SiteInfo,
        site: Path | None = None,
        *,
        attract: bool = True,
        safe: bool = False,
        theme: Path = THEME,
        options: PageOptions | None = None,
    ) -> None:
        self.info = info
        self.options = options or PageOptions()
        self.site = site
        self.attract_on = attract
        self.safe_on = safe
        self.folder = theme / "shell"
        self._texts_folder = theme / "site" / "languages"
        self._environment = Environment(
            loader=FileSystemLoader(self.folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        # Bound per instance, so that two kiosks in one process never share pages.
        self.texts = lru_cache(maxsize=64)(self._texts)
        self.layer = lru_cache(maxsize=64)(self._layer)

    def dress(self, html: str, lang: str | None) -> str:
        """Make a page of the site what the kiosk shows: marked as such, with the shell's style, script and bottom bar."""
        head, body = self.layer(self._known(lang))
        html = html.replace('data-surface="web"', 'data-surface="kiosk"', 1)
        html = _insert(html, "</head>", head, last=False)
        return _insert(html, "</body>", body, last=True)

    def attract(self, lang: str | None = None) -> str:
        """Render the screen that waits for the next shopper."""
        code = self._known(lang)
        hours = read_hours(self.site, code, self.info.store.id) if self.site and self.info.store else None
        welcome = [(language, self.texts(language.code)) for language in self.info.languages]
        return self._render("attract.html", code, welcome=welcome, hours=hours, staff=self.options.staff)

    def staff(self) -> str:
        """Render the staff menu, which shows nothing before the PIN was given."""
        return self._render("staff.html", self.info.default)

    def start_in(self, code: str) -> None:
        """Let new visits begin in another language, until the kiosk is started again."""
        if self.info.knows(code):
            self.info = replace(self.info, default=code)
            self.layer.cache_clear()

    @property
    def store_css(self) -> str:
        """The style sheet that hides what holds in other shops only."""
        store = self.info.store
        if store is None:
            return ""
        # In its own shop the shelf needs no shop's name.
        return f'[data-store]:not([data-store~="{store.id}"]), .shelf-shop {{ display: none !important; }}\n'

    def notice(self, lang: str | None, name: str) -> str:
        """Render a whole page for one message: its title and text are `kiosk_NAME_title` and `kiosk_NAME_text`."""
        code = self._known(lang)
        texts = self.texts(code)
        return self._render("notice.html", code, title=texts[f"kiosk_{name}_title"], text=texts[f"kiosk_{name}_text"])

    def safe(self) -> str:
        """Render the page that stands alone when everything else broke down: in every language, ask our staff."""
        own_first = sorted(self.info.languages, key=lambda language: language.code != self.info.default)
        texts = [(language, self.texts(language.code)) for language in own_first]
        return self._render("safe.html", self.info.default, said=texts)

    def _layer(self, code: str) -> tuple[str, str]:
        # The site's own page says when and where the staff can be found; sites of others have none.
        page = f"/{code}/person.html"
        person = page if self.site and find(self.site, page) else ""
        return self._render("head.html", code), self._render("layer.html", code, person=person)

    def _render(self, template: str, code: str, **values: object) -> str:
        return self._environment.get_template(template).render(
            lang=self.info.language(code),
            home=f"/{code}/",
            t=self.texts(code),
            site=self.info,
            attract="on" if self.attract_on else "off",
            options=self._options(code),
            speaks=self.options.speaks(code),
            printer=self.options.printer,
            **values,
        )

    def _options(self, code: str) -> str:
        """Give what the page's scripts need to know, as JSON: settings, spoken languages, and the words that they say."""
        given = {field.name: getattr(self.options, field.name) for field in fields(self.options)}
        given["speaks"] = [language.code for language in self.info.languages if self.options.speaks(language.code)]
        given["default"] = self.info.default
        given["home"] = f"/{code}/"
        given["says"] = self._said(code)
        if not self.options.speaks(code):
            # Said in the kiosk's own language, because there is no voice for the page's.
            given["says_default"] = {"not_offered": self.texts(self.info.default)["kiosk_say_not_offered"]}
        return json.dumps(given, ensure_ascii=False)

    def _said(self, code: str) -> dict[str, str]:
        texts = self.texts(code)
        names = [key.removeprefix("kiosk_say_") for key in texts if key.startswith("kiosk_say_")]
        return {name: texts[f"kiosk_say_{name}"] for name in names}

    def _texts(self, code: str) -> dict[str, str]:
        # English lies below every language: a half-translated interface is better than a missing button.
        return {**self._file(TEXTS_LANGUAGE), **self._file(code)}

    def _file(self, code: str) -> dict[str, str]:
        try:
            texts = json.loads((self._texts_folder / f"{code}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {key: str(text) for key, text in texts.items() if key.startswith("kiosk_") or key == "home"}

    def _known(self, lang: str | None) -> str:
        return lang if lang and self.info.knows(lang) else self.info.default


def language_of(html: str) -> str | None:
    """Read the language that a page says it is in."""
    found = _HTML_LANG.search(html[:2000])
    return found[1] if found else None


def anchored(html: str, address: str) -> str:
    """Make relative addresses absolute, for a page shown at another address than its own (404)."""

    def absolute(found: re.Match[str]) -> str:
        joined = urljoin(address, found[2])
        # Scripts write data-root + "/assets/…"; the root itself must then be the empty word, never "//assets".
        return f'{found[1]}="{joined.rstrip("/") if found[1] == "data-root" else joined}"'

    return _RELATIVE.sub(absolute, html)


def _insert(html: str, mark: str, added: str, *, last: bool) -> str:
    at = html.rfind(mark) if last else html.find(mark)
    return html + added if at < 0 else html[:at] + added + html[at:]
