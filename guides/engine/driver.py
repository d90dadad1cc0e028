"""The whole site from the library: one MkDocs run per language, then what all languages share."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jinja2

from guides.engine.adapter import THEME, EngineError
from guides.engine.foreign import plan_foreign
from guides.engine.media import prepare_media
from guides.engine.notfound import at_any_depth
from guides.engine.output import copy_tree
from guides.engine.parallel import run_languages
from guides.engine.person import clock_of
from guides.engine.policy import HEADERS, content_security_policy
from guides.engine.redirects import write_redirects
from guides.engine.shop import plan_shop
from guides.engine.shop_css import SHOP_CSS, shop_css
from guides.engine.sitemap import write_sitemap
from guides.engine.staff_pages import move_out, plan_staff, with_staff
from guides.engine.texts import endonym
from guides.engine.voice import write_voice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from guides.engine.page import LanguagePlan
    from guides.library import Library
    from guides.problems import Problem
    from guides.settings import Settings
    from guides.stores import Store

__all__ = ["BuildReport", "EngineError", "build_site"]

FORMAT = 1


@dataclass
class BuildReport:
    """What a build made."""

    pages: int = 0
    languages: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def build_site(settings: Settings, library: Library, site: Path, as_of: date, staff: Path | None = None) -> BuildReport:
    """Build all languages into an empty folder. Same content and `as_of`, same bytes. Raises EngineError, OSError.

    Pages for staff go into the folder `staff`, or nowhere.
    """
    plans = plan_foreign(settings, library) if settings.foreign else plan_shop(settings, library)
    if settings.media.is_dir() and not settings.foreign:
        copy_tree(settings.media, site / "media")
    report = BuildReport(languages=tuple(plans))
    report.pages = sum(len(plan.pages) for plan in plans.values())
    for_staff = {} if settings.foreign else plan_staff(settings, library, plans)
    for problems in run_languages(settings, with_staff(plans, for_staff), site):
        report.problems += problems
    copy_tree(THEME / "assets", site / "assets")
    _write(site / SHOP_CSS, shop_css(settings.look))
    report.problems += prepare_media(settings, with_staff(plans, for_staff), site).problems
    move_out(for_staff, site, staff)
    _write_shared(settings, library, plans, site, as_of)
    report.problems = _once(report.problems)
    return report


def _once(problems: list[Problem]) -> list[Problem]:
    """Drop what is said twice: a dead link that MkDocs has told of too."""
    told = {(found.path, found.line) for found in problems if found.rule == "engine-link"}
    return sorted({found for found in problems if not (found.rule == "link-dead" and (found.path, found.line) in told)})


def _write_shared(settings: Settings, library: Library, plans: dict[str, LanguagePlan], site: Path, as_of: date) -> None:
    languages = [
        {"code": code, "name": endonym(code), "dir": plan.direction, "partial": plan.partial} for code, plan in plans.items()
    ]
    default = next(iter(plans))
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(THEME), autoescape=True)
    policy = content_security_policy(header=False, desk=settings.look.desk)
    front = environment.get_template("language.html").render(
        site_name=settings.site_name,
        languages=[
            {**entry, "choose": plan.texts["choose_language"]} for entry, plan in zip(languages, plans.values(), strict=True)
        ],
        default=default,
        t=plans[default].texts,
        csp=policy,
        shop=settings.look,
    )
    _write(site / "index.html", front)
    write_redirects(settings, plans, site, environment.get_template("redirect.html"), policy)
    write_voice(settings, library, plans, site)
    missing = (site / default / "404.html").read_text(encoding="utf-8")
    _write(site / "404.html", at_any_depth(missing, f"{default}/404.html", settings.site_url))
    headers = {"Content-Security-Policy": content_security_policy(header=True, desk=settings.look.desk), **HEADERS}
    _write(site / "_headers", "/*\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items()))
    if settings.site_url:
        write_sitemap(settings.site_url, plans, site)
    facts = {
        "format": FORMAT,
        "site_name": settings.site_name,
        "default": default,
        "languages": languages,
        "stores": {name: _for_kiosks(store, plans) for name, store in sorted(library.stores.items())},
        "synonyms": {code: groups for code in plans if (groups := library.synonyms.of(code))},
        "as_of": as_of.isoformat(),
        "digest": digest_of(site),
    }
    _write(site / "helpstand.json", json.dumps(facts, ensure_ascii=False, indent=1) + "\n")


def _for_kiosks(store: Store, plans: dict[str, LanguagePlan]) -> dict[str, Any]:
    """Return what a kiosk that stands in this shop needs to know of it before anybody opens a page."""
    offered = [language for language in store.languages if language in plans]
    attract = [picture.removeprefix("/") for picture in store.attract]
    return {"languages": offered, "attract": attract, "hours": clock_of(store), "prefix": store.reference_prefix}


def digest_of(folder: Path, patterns: Iterable[str] = ("**/*",)) -> str:
    """Return a digest over the names and bytes of the files below a folder."""
    state = hashlib.blake2b(digest_size=16)
    files = sorted(
        {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}, key=lambda path: path.as_posix()
    )
    for path in files:
        for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes()):
            state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
