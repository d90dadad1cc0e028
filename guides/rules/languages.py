"""What the rules of plain words know of each language: data, one table per subject, languages by their first part."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = {
    "en": _words("the and of to is in you that it for with your this"),
    "de": _words("der die das und ist nicht mit sie den ein eine von zu auf"),
    "fr": _words("le la les il et est de des un une en dans pour vous que avec votre"),
    "es": _words("el la los las y es de en un una no se para que con su por del"),
    "it": _words("il la le gli e è un una per che con di del non della si se in da"),
    "nl": _words("de het en van een is dat op te voor met niet u"),
}
"""About 15 words that hardly any sentence does without."""

RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv"})
NO_LIX = frozenset({"zh", "ja", "th", "lo", "km", "my", "ko", "ar", "he", "fa", "ur"})
"""Without spaces between words, or without vowels in them, the length of a word says nothing."""

LIX_LIMIT = {"de": 45.0}
LIX_DEFAULT = 40.0

VAGUE = {
    code: frozenset(phrases.split("|"))
    for code, phrases in {
        "en": "here|click here|this|link|this link|this page|more|read more|learn more|see here|page|details",
        "de": "hier|hier klicken|klicken sie hier|link|dieser link|diese seite|mehr|mehr lesen|weiterlesen|weiter|seite",
        "fr": "ici|cliquez ici|lien|ce lien|cette page|plus|en savoir plus|lire la suite",
        "es": "aquí|haga clic aquí|enlace|este enlace|esta página|más|leer más|más información",
        "it": "qui|clicca qui|link|questo link|questa pagina|altro|leggi di più|continua",
        "ar": "هنا|اضغط هنا|انقر هنا|المزيد|رابط",
    }.items()
}
"""Link texts that say nothing when heard alone."""

WORDS = {
    "en": {
        **dict.fromkeys(("simply", "just", "obviously", "of course", "merely", "needless to say", "please note that"), ""),
        **dict.fromkeys(("you failed to", "you forgot to", "you should have"), "what to do next"),
        "in order to": "to",
        "utilize": "use",
        "prior to": "before",
        "subsequently": "then",
        "terminate": "end",
    },
    "de": {
        **dict.fromkeys(("einfach nur", "ganz einfach", "offensichtlich", "selbstverständlich", "natürlich", "bekanntlich"), ""),
        **dict.fromkeys(("sie haben vergessen", "sie haben versäumt", "sie hätten"), "was zu tun ist"),
        "lediglich": "nur",
        "mittels": "mit",
        "zwecks": "für",
        "diesbezüglich": "dazu",
        "gegebenenfalls": "wenn",
    },
    "fr": {
        **dict.fromkeys(("simplement", "évidemment", "bien sûr", "il suffit de"), ""),
        "vous avez oublié": "ce qu'il faut faire",
        "au préalable": "avant",
    },
    "es": {
        **dict.fromkeys(("simplemente", "obviamente", "por supuesto"), ""),
        "usted olvidó": "qué hacer ahora",
        "con anterioridad": "antes",
    },
    "it": {
        **dict.fromkeys(("semplicemente", "ovviamente", "naturalmente"), ""),
        "ha dimenticato": "che cosa fare",
        "al fine di": "per",
    },
    "ar": dict.fromkeys(("ببساطة", "من الواضح", "بالطبع"), ""),
}
"""Words that talk down, blame or puff up, each with a better one where there is one."""

WORD_PATTERNS = {
    code: re.compile(
        r"(?<!\w)(" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE
    )
    for code, words in WORDS.items()
}

_SHOWN = "picture|image|photo|figure|table|list|box|link|field|section|text|menu|steps?"
_LOOKS = "red|green|blue|yellow|orange|grey|gray|black|white|purple|round|square|big|large|small"
_GEZEIGT = "Bild|Foto|Tabelle|Liste|Feld|Kasten|Link|Abschnitt|Text|Menü|Schritte?"
_AUSSEHEN = "rote|grüne|blaue|gelbe|runde|große|kleine|eckige"
HINTS = {
    "en": re.compile(
        rf"\b(?:(?:{_SHOWN}) (?:above|below|(?:on|to|at) (?:the|your) (?:left|right|top|bottom)\b)"
        r"|as (?:shown|described|seen) (?:above|below)|see (?:above|below)"
        rf"|(?:click|tap|touch|choose|select) (?:on )?the (?:{_LOOKS}) (?:button|icon|link|field|box|one))",
        re.IGNORECASE,
    ),
    "de": re.compile(
        rf"\b(?:(?:siehe|wie) (?:oben|unten)\b|(?:{_GEZEIGT}) (?:oben|unten|links|rechts)\b"
        rf"|(?:klicken|tippen) Sie (?:auf )?(?:den|die|das) (?:{_AUSSEHEN})n? (?:Symbol|Link|Feld|Kasten|Schaltfläche))",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:voir ci-des(?:sus|sous)"
        r"|(?:image|photo|tableau|liste|lien) (?:ci-des(?:sus|sous)|à droite|à gauche))",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:ver (?:arriba|abajo)"
        r"|(?:imagen|foto|tabla|lista|enlace) (?:de (?:arriba|abajo)|a la (?:derecha|izquierda)))",
        re.IGNORECASE,
    ),
    "it": re.compile(
        r"\b(?:vedi (?:sopra|sotto)|(?:immagine|foto|tabella|elenco|link) (?:sopra|sotto|a destra|a sinistra))", re.IGNORECASE
    ),
}
"""Hints that need eyes on this layout; left and right of the product itself are fine."""

HINT_SIGNS = (
    *("above", "below", " left", " right", " top", " bottom", "click", "tap ", "touch", "choose", "select"),
    *("oben", "unten", " links", " rechts", "klicken", "tippen"),
    *("ci-dessus", "ci-dessous", "à droite", "à gauche", "arriba", "abajo", "a la derecha", "a la izquierda"),
    *("sopra", "sotto", "a destra", "a sinistra"),
)
"""Where none of these stands, there is no such hint."""

_EN_VERBS = """
    add attach check choose clean click close connect disconnect drain dry empty enter fill fit hold insert keep lift
    lock loosen lower mount move open place plug pour press pull push put raise release remove repeat replace rinse
    rotate screw select set shake shut slide start stop switch take tap tighten turn twist unlock unplug unscrew wait
    wash wipe
"""
SECOND_ACTION = {
    "en": re.compile(rf",? and (?:then )?(?:{'|'.join(_EN_VERBS.split())})\b", re.IGNORECASE),
    "de": re.compile(r" und (?:dann )?\w+en Sie\b", re.IGNORECASE),
    "fr": re.compile(r" et (?:ensuite |puis )?\w+ez\b", re.IGNORECASE),
}
"""'and' that joins two actions, not two things."""

STEP_WORD = re.compile(
    r"(?:#+ *|[-*+] +|\d+\. +)?(?:\*\*)?(?:Step|Schritt|Étape|Paso|Passo|Stap|الخطوة)\s+[0-9٠-٩]+\s*[:.)–-]", re.IGNORECASE
)
TYPED_SIGN = re.compile(r"(?:\(?[0-9]{1,2}\)|[a-hA-H]\)|[•·▪▸►◦‣➤✓✔–—])\s+\S")

UNTIL = {"en": " until ", "de": " bis ", "fr": " jusqu", "es": " hasta ", "it": " finché "}
"""A step that says until when names its own visible end."""
