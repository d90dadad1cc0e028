"""Small built sites in the page contract, and the shared search sets where they are present."""

# ruff: noqa: E501  (lists of samples read best one to a line)

from __future__ import annotations

import gzip
import html
import json
from pathlib import Path
from typing import Any

import pytest

from search_index.documents import Document, cut_section

SETS = Path(__file__).resolve().parents[3] / "shared" / "data" / "search"

KETTLE: dict[str, dict[str, dict[str, Any]]] = {
    "en": {
        "products/kettle": {"type": "product", "product": "kettle", "models": ["AK-200", "AK-201"], "title": "Aqua kettle AK-200",
                            "body": "<p>A kettle for 1.7 litres.</p>"},
        "kettle/descale": {"product": "kettle", "stage": "maintain", "type": "howto", "models": ["AK-200"], "title": "Remove limescale",
                           "aliases": ["white bits floating in my water"], "symptoms": ["Cloudy water"],
                           "body": "<p>Descale once a month.</p><h2 id='steps'>Steps</h2><ol><li>Fill with vinegar.</li><li>Wait one hour.</li></ol>"
                                   "<h2 id='you-will-see'>You will see<a class='headerlink' href='#'>¶</a></h2><p>The limescale comes off the floor.</p>"
                                   "<div data-search-skip>Talk to a person about everything</div>"},
        "kettle/error-e24": {"product": "kettle", "stage": "troubleshoot", "type": "howto", "codes": ["E24"], "title": "It stops early",
                             "body": "<p>The sensor is dirty. Clean it.</p>"},
        "kettle/codes": {"product": "kettle", "title": "All codes: E24 E25 E26", "body": "<p>E24 E24 E24 E24 dirty. E25 hot.</p>"},
        "robot/wifi": {"product": "robot", "stage": "install", "title": "Connect to Wi-Fi", "body": "<p>Press it until it is on.</p>"},
        "index": {"type": "hub", "title": "Home", "body": "<p>limescale kettle</p>"},
    },
    "de": {
        "kettle/descale": {"product": "kettle", "stage": "maintain", "title": "Kalk entfernen",
                           "body": "<h2 id='schritte'>Schritte</h2><p>Füllen Sie Essig ein. Größe egal.</p>"},
    },
}  # fmt: skip

SENTENCES: dict[str, dict[str, dict[str, Any]]] = {
    "en": {
        "lamp/swallowed": {"product": "lamp", "stage": "troubleshoot", "type": "troubleshooter", "title": "A cell was swallowed",
                             "body": "<p>Call 112 at once.</p><h2 id='then'>Then</h2><ul><li>Do not make the child sick. The cell would burn a second time.</li>"
                                     "<li>Give food or drink only if the emergency service tells you to, e.g. by phone.</li><li>Never do this:</li><li>Wait and see.</li></ul>"
                                     "<p>Take the packet with you, and the charger, and whatever the child had in its hands, so that the people there can see what it was, "
                                     "how big it was, how old it is, and whether there may be more than one of them in the body of the child.</p>"},
        "lamp/words": {"product": "lamp", "stage": "troubleshoot", "type": "howto", "title": "Cells and children",
                             "body": "<p>Call 112 at once.</p><h2 id='then'>Then</h2><ul><li>Do not make the child sick. The cell would burn a second time.</li>"
                                     "<li>Give food or drink only if the emergency service tells you to, e.g. by phone.</li><li>Never do this:</li><li>Wait and see.</li></ul>"
                                     "<p>Take the packet with you, and the charger, and whatever the child had in its hands, so that the people there can see what it was, "
                                     "how big it was, how old it is, and whether there may be more than one of them in the body of the child.</p>"},
    },
}  # fmt: skip
"""A list and a sentence that is too long for a passage, in a troubleshooter and in a plain page."""

ARABIC: dict[str, dict[str, dict[str, Any]]] = {
    "ar": {
        "products/kettle": {"type": "product", "product": "kettle", "models": ["AK-200"], "title": "غلاية الماء AK-200", "body": "<p>غلاية سعتها 1.7 لتر.</p>"},
        "kettle/descale": {"product": "kettle", "stage": "maintain", "title": "إزالة الكلس من الغلاية", "aliases": ["قطع بيضاء في الماء"],
                           "body": "<h2 id='steps'>الخطوات</h2><ol><li>املأ الغلاية بالماء.</li><li>أضِف حمض الليمون وانتظر ساعة.</li></ol>"},
        "kettle/filter": {"product": "kettle", "stage": "maintain", "title": "تنظيف الفلتر", "body": "<p>اغسل الفلتر بالماء الدافئ. لا تستخدم الصابون.</p>"},
        "robot/battery": {"product": "robot", "stage": "troubleshoot", "codes": ["E24"], "title": "البطاريات لا تُشحن", "body": "<p>يظهر الرمز E24.</p>"},
        "index": {"type": "hub", "title": "الصفحة الرئيسية", "body": "<p>غلاية</p>"},
    },
}  # fmt: skip
"""Articles, endings, vowel signs and hamza as a writer sets them."""

ARABIC_QUESTIONS = {
    "ازالة الكلس": "kettle/descale",  # without hamza
    "كيف أزيل الكَلْس؟": "kettle/descale",  # with vowel signs
    "والكلس": "kettle/descale",
    "قطع بيضاء": "kettle/descale",
    "فلتر": "kettle/filter",
    "الفلتـــر": "kettle/filter",  # drawn out
    "للفلتر": "kettle/filter",
    "بطارية": "robot/battery",
    "البطارية لا تشحن": "robot/battery",
    "AK-٢٠٠": "products/kettle",
    "٢٤ E٢٤": "robot/battery",
    "الكلص": "kettle/descale",  # mistyped
}


def page_html(lang: str, guide: str, page: dict[str, Any]) -> str:
    """Return one built page."""
    attributes = {"guide": guide, "product": "", "stage": "", "lang": lang, "type": "guide"}
    attributes |= {name: page[name] for name in ("product", "stage", "type") if name in page}
    lists = {name: json.dumps(page[name]) for name in ("aliases", "symptoms", "codes", "models", "keywords") if name in page}
    written = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in (attributes | lists).items())
    title = html.escape(page["title"])
    return (
        f'<!doctype html><html lang="{lang}" dir="ltr" data-surface="web" data-root=".." data-lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{title} · Shop</title></head><body><nav>navigation words</nav><article {written}><h1>{title}</h1>{page['body']}</article>"
        "<footer>footer words</footer></body></html>"
    )


def write_site(folder: Path, languages: dict[str, dict[str, dict[str, Any]]]) -> Path:
    """Write a site in the page contract and return its folder."""
    listed = [{"code": code, "name": code, "dir": "ltr"} for code in languages]
    for code, pages in languages.items():
        for guide, page in pages.items():
            path = folder / code / f"{guide}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page_html(code, guide, page), "utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "helpstand.json").write_text(
        json.dumps({"format": 1, "default": next(iter(languages)), "languages": listed}), "utf-8"
    )
    return folder


def needs_sets() -> None:
    """Skip the test where the shared sets are not beside the project."""
    if not SETS.is_dir():
        pytest.skip("the shared search sets are not beside this checkout")


def set_documents(name: str) -> list[Document]:
    """Return the documents of a shared set."""
    plain = SETS / name / "corpus.jsonl"
    text = (
        plain.read_text("utf-8") if plain.exists() else gzip.decompress((SETS / name / "corpus.jsonl.gz").read_bytes()).decode()
    )
    entries = sorted((json.loads(line) for line in text.splitlines()), key=lambda entry: str(entry["id"]))
    return [
        Document(entry["id"], f"en/{entry['id']}.html", entry["title"], sections=tuple(cut_section("", "", entry["text"])))
        for entry in entries
    ]


def set_pages(name: str) -> dict[str, dict[str, Any]]:
    """Return a shared set as pages for `write_site`."""
    pages = {}
    for document in set_documents(name):
        lines = "\n".join(section.text for section in document.sections).split("\n")
        body = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line.strip())
        pages[document.id] = {"title": document.title, "body": body}
    return pages


def set_queries(name: str, variant: str = "") -> dict[str, str]:
    """Return query id -> text; variants are typo, prefix and keywords."""
    file = f"queries_{variant}.jsonl" if variant else "queries.jsonl"
    entries = (json.loads(line) for line in (SETS / name / file).read_text("utf-8").splitlines())
    return {entry["id"]: entry["text"] for entry in entries}


def set_answers(name: str) -> dict[str, set[str]]:
    """Return query id -> the documents that answer it."""
    answers: dict[str, set[str]] = {}
    for line in (SETS / name / "qrels.tsv").read_text("utf-8").splitlines():
        query, document, _ = line.split("\t")
        answers.setdefault(query, set()).add(document)
    return answers
