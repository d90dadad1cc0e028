"""What differs between languages: question stop words, the Snowball stemmer, spellings without accents."""

from __future__ import annotations

from search_index.arabic import ARTICLES
from search_index.common_words import COMMON_WORDS

# Words that carry no topic in a question, folded as the analysis folds (so "für" is "fur").
STOP_WORDS: dict[str, str] = {
    "en": """how what when where which who why am are be can could did do does had has have is should was were will would a
        an any i it its me my our that the their them there these they this we you your about and as at by for
        from if in into no not of on or so to with explain get need please possible tell want way""",
    "de": """wie was wann wo wohin woher welche welcher welches welchen welchem wer wen wem warum wieso weshalb bin bist ist
        sind seid war waren sein kann kannst konnen konnte konnten habe hast hat haben hatte wird werden wurde
        wurden soll sollte muss mussen darf mochte der die das den dem des ein eine einen einem einer eines ich
        du er sie es wir ihr mich mir mein meine meinen meinem meiner man sich und oder in im an am auf aus bei
        beim fur mit nach nicht kein keine von vom zu zum zur als auch dass wenn ob so bitte""",
    "es": """como que cual cuales cuando donde quien quienes por porque es son era eran fue fueron ser esta estan estaba
        estoy he ha han hay puedo puede pueden podria debo debe tengo tiene tienen el la los las lo un una unos
        unas yo me mi mis tu su sus se nos le les y o u e de del al a en con sin para no si este ese esta eso
        esto hacer hago favor quiero""",
    "fr": """comment que quoi quel quelle quels quelles quand ou qui pourquoi est es suis sont etre etait etaient ai as a ont
        avoir peut peux pouvez puis puisje dois doit faut fait faire le la les l un une des du de d au aux je j
        me m mon ma mes tu te ton ta tes il elle on nous vous ils elles se s son sa ses leur leurs ce c cet
        cette ces qu et ou en dans sur pour par avec sans ne n pas si y plait veux""",
    "it": """come che cosa quale quali quando dove chi perche e sono era erano essere sei ho hai ha hanno avere posso puo
        possono potrei devo deve il lo la i gli le l un uno una io mi mio mia miei mie tu ti tuo tua lui lei noi
        voi loro si ci suo sua questo questa questi queste quello quella ed o di del dello della dei degli delle
        d a al allo alla ai agli alle da dal dalla in nel nella nei con su sul sulla per non se c fare favore
        voglio""",
    "ar": """كيف ماذا ما متى اين من لماذا هل كم اي ايه هو هي انا نحن انت هم هذا هذه ذلك تلك الذي التي الى على عن في مع عند
        منذ حتى لا لم لن ليس ليست ان اذا ثم او و قد كان كانت يكون تكون كل بعد قبل بين لي له لها لك به بها فيه
        فيها منه منها عليه عليها يمكن يمكنني يجب استطيع اريد افعل اقوم يتم تم ارجو فضلك رجاء""",
    "nl": """hoe wat wanneer waar welke welk wie wiens waarom ben bent is zijn was waren worden wordt werd kan kun kunnen kon
        heb hebt heeft hebben had moet mag zal wil de het een ik je jij u we wij ze mij me mijn jouw uw er en of
        in op aan van met voor om te bij naar dat dit die niet geen""",
    "pt": """como que qual quais quando onde quem porque por e sou sao era eram foi foram ser esta estao estava estou ha tem
        tenho tinha posso pode podem deve devo o a os as um uma uns umas eu me mim meu minha meus minhas teu tua
        seu sua seus suas se nos no na nos nas do da dos das de em com sem para ao aos ou nao favor quero""",
    "pl": """jak co kiedy gdzie ktory ktora ktore ktorych kto czyj dlaczego czemu czy jestem jest sa byl byla moge mozesz
        moze mozna mam masz ma maja musze trzeba ja ty on ona ono my wy oni mnie mi mu moj moja moje swoj sie i
        oraz lub albo w we z ze na do od po o u za to ten ta te tym nie jesli prosze""",
    "sv": """hur vad nar var vart vilken vilket vilka vem vars varfor ar vara var blir blev kan kunde har hade ska skall
        maste far vill en ett den det de jag du ni vi han hon mig min mitt mina din ditt dina sin man och eller
        i pa av med for fran till om att som inte ej""",
}

# Two-letter codes -> module and class of snowballstemmer. Arabic has a stemmer of ours: arabic.py says why.
STEMMERS: dict[str, str] = {
    "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip

AT_START = "^"

# How people write a letter that their keyboard lacks, and what folding leaves of that letter; after "^" only where a word begins.
RESPELL: dict[str, tuple[tuple[str, str], ...]] = {
    "de": (("ae", "a"), ("oe", "o"), ("ue", "u")),
    "da": (("ae", "æ"), ("oe", "ø"), ("aa", "a")),
    "nb": (("ae", "æ"), ("oe", "ø"), ("aa", "a")),
    "sv": (("ae", "a"), ("oe", "o"), ("aa", "a")),
    # Words that are written together with the next: "and", "with", "for", "as", "so", and the article.
    "ar": tuple((f"^{glued}", "") for glued in (*ARTICLES, "و", "ب", "ل", "ك", "ف")),
}


def base_language(code: str) -> str:
    """Return "de" for "de-AT", "pt" for "pt_BR"."""
    return code.replace("_", "-").split("-")[0].lower()


def stop_words(code: str) -> frozenset[str]:
    """Return the question words of a language; a language that has no list drops no word."""
    return frozenset(STOP_WORDS.get(base_language(code), "").split())


def common_words(code: str) -> frozenset[str]:
    """Return the words of a language that tell little in a question."""
    return frozenset(COMMON_WORDS.get(base_language(code), "").split()) - stop_words(code)


# What stands between the parts of a compound: "Sicherung-s-kasten". Languages that are not here write such words apart.
JOINTS: dict[str, tuple[str, ...]] = {
    "de": ("", "s", "es", "n", "en", "er", "e", "ns"),
    "nl": ("", "s", "en", "e", "er"),
    "sv": ("", "s", "e", "o"),
    "da": ("", "s", "e", "er"),
    "nb": ("", "s", "e"),
    "nn": ("", "s", "e"),
    "no": ("", "s", "e"),
}


def joints(code: str) -> tuple[str, ...]:
    """Return what may stand between the parts of a compound; nothing for languages that do not build them."""
    return JOINTS.get(base_language(code), ())


def respellings(code: str) -> tuple[tuple[str, str], ...]:
    """Return pairs (as typed, as folded) that are tried for words nobody wrote."""
    return RESPELL.get(base_language(code), ())
