"""Former addresses of guides: a small page at each, and a `_redirects` file for hosts that read one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from guides.engine.page import up, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import jinja2

    from guides.engine.page import LanguagePlan, Planned
    from guides.settings import Settings


def write_redirects(
    settings: Settings, plans: dict[str, LanguagePlan], site: Path, template: jinja2.Template, policy: str
) -> None:
    """Write a page at each former address that no page has taken since."""
    lines = []
    base = urlsplit(settings.site_url).path.rstrip("/")
    for language, plan in plans.items():
        for old, page in _former(plan):
            file = site / language / url_of(old)
            file.parent.mkdir(parents=True, exist_ok=True)
            way = up(url_of(old))
            html = template.render(
                csp=policy,
                t=plan.texts,
                language=language,
                dir=plan.direction,
                site_name=settings.site_name,
                title=page.title,
                url=f"{way}/{quote(page.url)}",
                root=f"{way}/..".removeprefix("./"),
                canonical=f"{settings.site_url}{language}/{quote(page.url)}" if settings.site_url else "",
            )
            file.write_text(html + "\n", encoding="utf-8", newline="\n")
            lines.append(f"{base}/{language}/{quote(url_of(old))} {base}/{language}/{quote(page.url)} 301\n")
    if lines:
        (site / "_redirects").write_text("".join(lines), encoding="utf-8", newline="\n")


def _former(plan: LanguagePlan) -> Iterator[tuple[str, Planned]]:
    taken = {src.casefold() for src in plan.pages}
    for _, page in sorted(plan.pages.items()):
        for old in page.facts.get("redirect_from", ()):
            src = f"{old}.md"
            if src.casefold() not in taken:
                taken.add(src.casefold())
                yield src, page
