"""Strings that break searches: a list of known ones, and endless generated ones."""

# ruff: noqa: E501  (lists of samples read best one to a line)

from __future__ import annotations

from itertools import islice
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOSTILE = [
    "", " ", "\x00", "\ud800", "\udfff\ud800 kettle", "\u200e\u200f\u202e", "x" * 100_000, "kettle " * 20_000, "(" * 500, "[" * 500, "*",
    "a*b?c", "[a TO z]", "[TO", "id:1", '"open quote', "'; DROP TABLE guides; --", "<script>alert(1)</script>", "😀🎉 kettle", "кеттле ケトル 水壺",
    "limescale\x00kettle", "AND OR NOT", "((kettle) OR", "kettle^99", "kettle~2", "\\", "%00", "../../etc/passwd", "{{7*7}}", "a" * 41, "1" * 256,
    "-_./+" * 50, "a-1." * 64, "½²³①", "\u0301" * 256, "İıßſ", "HS1VS-EF", "e\u0301" * 100, "𝒜𝒷𝒸", "٢٠٠ ك", "\n\t\r",
    # 100 kB of what each step of the analysis must look at
    "é" * 50_000, "\u0301" * 50_000, "水壺" * 25_000, "a-1." * 25_000, "😀" * 25_000, "\ud800" * 50_000, "\x00" * 100_000, "ﷺ" * 33_000, "((((" * 25_000,
    # quotes and brackets of every kind, open and closed
    "“kettle”", "«kettle»", "„kettle“", "'kettle", "`kettle`", "kettle''''''", '"kettle" "', "}" * 500, "<" * 500, "{" * 250 + "}" * 250, "()[]{}<>" * 60,
    # right to left, and marks that turn the direction
    "\u202ekettle\u202c", "kettle \u2067\u2066\u2069", "غلاية kettle غلاية", "\u061ckettle", "שלום kettle", "\u200fAK-200\u200f",
    # regular expressions that take for ever in a backtracking engine, and wildcards
    "(a+)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "a?" * 100 + "a" * 100, "****", "????", "k*e?t*l?e", "[^a]", "\\d{1,99999}", "kettle|limescale",
    # SQL, HTML, templates, shells, addresses
    "1' OR '1'='1", "kettle'); DELETE FROM visits;--", "UNION SELECT * FROM sqlite_master", "<img src=x onerror=alert(1)>", "<!--", "]]>", "&lt;b&gt;",
    "</title><script>", "${jndi:ldap://x}", "$(reboot)", "`reboot`", "| cat /etc/passwd", "file:///etc/passwd", "http://x/?q=1&r=2#3", "%s%n%x", "\\u0000",
    # names of objects in the browser's language
    "__proto__", "constructor", "toString", "hasOwnProperty valueOf", "prototype __proto__ kettle", "NaN", "null", "undefined", "true", "Infinity -0 1e999",
    # pictures, joined pictures, flags, letters beyond the first plane, marks piled up, mixed scripts
    "👨‍👩‍👧‍👦 kettle", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪🇩🇪", "𐐀𐐁𐐂", "k\u0335\u0336\u0337ettle" * 20, "kеttlе", "Ｋｅｔｔｌｅ", "ĸ€ttl€", "kettleケトルкеттл", "ﬀﬁﬂ", "ẞ", "ŉ", "Ω Ω", "㎏ ㎡ ℡",
    "\ufeffkettle", "ket\u00adtle", "ket\u200btle", "\ufffe\uffff", "\U0010ffff", "\x7f\x80\x9f", "\u2028\u2029", "a\u0000b\u0001c", "\v\f",
]  # fmt: skip
"""None of these means anything to the search but its words."""

WORDS = (
    "kettle",
    "limescale",
    "vinegar",
    "AK-200",
    "E24",
    "wifi",
    "how",
    "do",
    "I",
    "the",
    "sensor",
    "Größe",
    "Kalk",
    "غلاية",
    "кеттл",
    "水壺",
    "BE 220",
)
SIGNS = " -_./+*?\"'()[]{}<>:;~^|&!\\%$#@,=`"
ODD = "\x00\t\n\u00ad\u0301\u0327\u200b\u200d\u200e\u200f\u202e\u2028\ufeff\ud800\udfff😀🇩½²³①ßſİıﬁ𝒜𐐀٢۵水壺ケแहЖאغ"
LONGEST = 400


def generated(seed: int) -> Iterator[str]:
    """Yield strings without end: words mistyped, cut and glued, signs, odd characters, and any character at all."""
    random = Random(seed)
    while True:
        yield "".join(_piece(random) for _ in range(random.randint(1, 12)))[:LONGEST]


def sample(count: int, seed: int = 1) -> Sequence[str]:
    """Return the first so many."""
    return list(islice(generated(seed), count))


def _piece(random: Random) -> str:
    kind = random.random()
    if kind < 0.35:
        return random.choice((" ", "-", "")) + _mistyped(random.choice(WORDS), random)
    if kind < 0.5:
        return " " + "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=random.randint(1, 12)))
    if kind < 0.7:
        return "".join(random.choices(SIGNS, k=random.randint(1, 6)))
    if kind < 0.85:
        return "".join(random.choices(ODD, k=random.randint(1, 6)))
    if kind < 0.95:
        return "".join(chr(random.randrange(0x110000)) for _ in range(random.randint(1, 8)))
    return random.choice(SIGNS + ODD) * random.randint(2, LONGEST)


def _mistyped(word: str, random: Random) -> str:
    at = random.randrange(len(word))
    return random.choice(
        (word, word, word[:at], word[:at] + word[at + 1 :], word[:at] + random.choice("aeinst8-é") + word[at:], word.upper())
    )
