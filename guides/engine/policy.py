"""What HTML may leave Markdown: an allow-list for nh3, the content security policy, and the headers that carry it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_TEXT = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "br",
    "cite",
    "code",
    "del",
    "dfn",
    "em",
    "i",
    "ins",
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
    "small",
    "span",
}
_TEXT |= {"strong", "sub", "sup", "time", "u", "var", "wbr"}
_BLOCKS = {
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
}
_BLOCKS |= {"pre", "section", "summary", "ul", "center"}
_TABLES = {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_MEDIA = {"audio", "img", "picture", "source", "track", "video", "iframe"}
_CONTROLS = {"input", "label"}
TAGS = _TEXT | _BLOCKS | _TABLES | _MEDIA | _CONTROLS
"""Tags that survive. `iframe` only so that a labelled box can take its place."""

ATTRIBUTES = {
    "*": {"id", "class", "title", "lang", "dir", "role", "hidden"},
    "a": {"href", "name", "data-footnote-ref", "download"},
    "img": {"src", "alt", "width", "height", "loading", "align"},
    "iframe": {"src"},
    "video": {"src", "poster", "controls", "muted", "loop", "playsinline", "width", "height", "preload"},
    "audio": {"src", "controls", "loop", "preload"},
    "source": {"src", "type"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "td": {"align", "colspan", "rowspan", "headers"},
    "th": {"align", "colspan", "rowspan", "scope", "headers"},
    "tr": {"align"},
    "p": {"align"},
    "div": {"align", "data-tabs"},
    "col": {"span"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "input": {"type", "checked", "disabled", "name"},
    "label": {"for"},
    "details": {"open"},
    "time": {"datetime"},
    "abbr": set(),
}
SCHEMES = {"http", "https", "mailto", "tel", "service", "media", "data"}
"""Schemes of links; `service:` and `media:` are resolved by the engine, `data:` only shows small pictures."""

_QUIET = {"style", "align", "width", "height", "srcset", "sizes", "target", "rel", "color", "bgcolor", "face", "size", "border"}
_QUIET |= {"valign", "cellpadding", "cellspacing", "nowrap", "frameborder", "allow", "allowfullscreen", "loading", "decoding"}
_QUIET |= {"itemprop", "tabindex"}
"""Attributes that go without a word: looks and habits, no danger and no content."""

_ATTRIBUTE = re.compile(r"[\s\"'/]([a-zA-Z][a-zA-Z0-9:_.-]*)\s*=")
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_DROPPED_WHOLE = {"script", "style"}
_DANGEROUS = {
    "applet",
    "base",
    "button",
    "dialog",
    "embed",
    "form",
    "frame",
    "frameset",
    "link",
    "math",
    "meta",
    "noscript",
    "object",
    "option",
}
_DANGEROUS |= {
    "param",
    "portal",
    "script",
    "select",
    "slot",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "html",
    "head",
    "body",
    "canvas",
}
_DANGEROUS |= {
    "use",
    "path",
    "g",
    "marquee",
    "xmp",
    "plaintext",
    "noembed",
    "noframes",
    "listing",
    "textpath",
    "foreignobject",
    "image",
    "area",
    "map",
}
_HARMLESS = {
    "acronym",
    "address",
    "article",
    "aside",
    "basefont",
    "big",
    "data",
    "font",
    "footer",
    "header",
    "hgroup",
    "main",
    "nav",
    "nobr",
    "output",
}
_HARMLESS |= {"progress", "meter", "rp", "rt", "ruby", "search", "strike", "tt", "fieldset", "legend", "menu", "dir"}
"""Tags that go without a word; what stands in them stays."""


@dataclass(frozen=True)
class Refused:
    """Something that a page must not hold: what it was and became, and a text by which its line can be found."""

    message: str
    needle: str


def content_security_policy(*, header: bool, desk: str = "") -> str:
    """Return the policy; `frame-ancestors` works only as a header. `desk` is the one other host that pages may tell something."""
    policy = {**CSP, "connect-src": f"'self' {desk}".strip()}
    return "; ".join(f"{name} {value}" for name, value in policy.items() if header or name != "frame-ancestors")


def sanitise(html: str) -> tuple[str, list[Refused]]:
    """Return the HTML with nothing in it but what the allow-list names, and what was refused."""
    html, refused = _tags(html)

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if _may_stay(tag, attribute, value):
            return value
        if not (attribute.startswith("data-") or attribute in _QUIET):
            shown = f'{attribute}="{value[:40]}"'
            needle = attribute if attribute.startswith("on") else value[:40] or attribute
            refused.append(Refused(f"{shown} of <{tag}> was taken out: {_reason(attribute)}", needle))
        return None

    # nh3 asks the filter only about attributes and schemes that it lets pass itself: so it lets all pass, and the filter decides.
    names = {name for tag in ATTRIBUTES.values() for name in tag} | {"style", "srcset"}
    names |= {name.lower() for name in _ATTRIBUTE.findall(html)}
    clean = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes={"*": names},
        attribute_filter=keep,
        url_schemes=SCHEMES | {"javascript", "vbscript"},
        link_rel=None,
        strip_comments=True,
    )
    return clean, refused


def _tags(html: str) -> tuple[str, list[Refused]]:
    """Tell of tags that will go, and show what is no HTML at all, such as `<your name>`, as the text that it was meant to be."""
    found = {name.lower() for _, name in _TAG.findall(html)}
    refused = [
        Refused(f"<{tag}> was taken out: it could run code or load from elsewhere", f"<{tag}")
        for tag in sorted(found & _DANGEROUS)
    ]
    unknown = found - TAGS - _DANGEROUS - _HARMLESS
    if not unknown:
        return html, refused
    refused += [
        Refused(f"<{tag}> is no HTML, it is shown as text. Write it in backticks: `<{tag}>`", f"<{tag}")
        for tag in sorted(unknown)
    ]
    return _TAG.sub(lambda tag: f"&lt;{tag[1]}{tag[2]}" if tag[2].lower() in unknown else tag[0], html), refused


def _may_stay(tag: str, attribute: str, value: str) -> bool:
    if not (attribute in ATTRIBUTES["*"] or attribute in ATTRIBUTES.get(tag, ()) or attribute.startswith("aria-")):
        return False
    if (tag, attribute) == ("input", "type"):
        return value in {"checkbox", "radio"}
    if attribute in {"href", "src", "poster"} and _scheme(value) in {"data", "javascript", "vbscript"}:
        return tag == "img" and bool(_DATA_PICTURE.match(value))
    return True


def _reason(attribute: str) -> str:
    if attribute.startswith("on") or attribute in {"href", "src", "poster", "action", "formaction", "xlink:href", "ping"}:
        return "it could run code or load from elsewhere"
    return "a page has no use for it"


def _scheme(value: str) -> str:
    """Return the scheme as a browser reads it: blanks and control characters do not count."""
    return re.sub(r"[\x00-\x20]+", "", value).split(":", 1)[0].lower() if ":" in value else ""
