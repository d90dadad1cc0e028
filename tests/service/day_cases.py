"""A made-up day of a service desk: forty cases as they come in by kiosk, by the form on the web, and by mail; words only."""

from __future__ import annotations

from typing import Any

LONG = (
    "I bought the machine three weeks ago and it has been a story ever since. First the drawer jammed, then the display went "
    "dark. My brother-in-law, who repairs lifts, had a look and said that it cannot be the pump. I read your page twice. "
)
KIOSK: list[tuple[float, dict[str, Any]]] = [
    (-0.2, {"details": {"flow": "person", "need": "none"}, "product": "espresso"}),
    (-0.1, {"details": {"flow": "person", "need": "sign-language"}}),
    (-0.6, {"details": {"flow": "person", "need": "text"}, "language": "de", "product": "robot"}),
    (
        -26,
        {
            "details": {"flow": "question"},
            "product": "kettle",
            "words": "Can I boil milk in it?",
            "reply": {"how": "mail", "address": "nina.holm@customer.example", "name": "Nina Holm"},
            "page": "kettle/descale",
        },
    ),
    (
        -3,
        {
            "details": {"flow": "question"},
            "language": "de",
            "product": "robot",
            "words": "Passt der Saugroboter unter ein Sofa mit 9 cm Luft?",
            "reply": {"how": "phone", "address": "+49 30 901820", "name": "Frau Özdemir"},
        },
    ),
    (
        -5,
        {
            "details": {"flow": "question"},
            "language": "ar",
            "product": "washer",
            "words": "هل يمكن غسل الصوف على برنامج 30 درجة؟ الغسالة WM 800 تعرض الرمز E18 بعد دقيقتين.",
            "reply": {"how": "mail", "address": "layla@customer.example", "name": "ليلى حداد"},
        },
    ),
    (
        -49,
        {
            "details": {"flow": "complaint", "kind": "broken", "remedy": "exchange", "safety_risk": True, "since": "yesterday"},
            "product": "kettle",
            "words": "The handle melted. I got a small burn on my thumb.",
            "reply": {"how": "phone", "address": "+44 20 7946 0018", "name": "Chris Okafor"},
            "tried": [{"asked": "Does the lamp light up?", "answered": "No"}, {"page": "kettle/does-not-heat"}],
        },
    ),
    (
        -2,
        {
            "details": {"flow": "complaint", "kind": "other", "remedy": "apology"},
            "words": "YOUR SHOP IS A JOKE!!! I waited 40 MINUTES for an idiot. Answer me or I come back with a lawyer.",
            "reply": {"how": "mail", "address": "b.stone@customer.example", "name": "B. Stone"},
        },
    ),
    (
        -1,
        {
            "details": {"flow": "complaint", "kind": "damaged", "remedy": "refund"},
            "language": "fr",
            "product": "lamp",
            "words": "Le carton était ouvert et l’abat-jour rayé.",
            "reply": {"how": "counter", "name": "Élodie Marchand"},
        },
    ),
    (
        -4,
        {
            "details": {
                "flow": "repair",
                "serial": "WM-2231-8891",
                "error_code": "E18",
                "bought_on": "2025-03-02",
                "repeats": True,
                "happened_before": False,
                "place": "home",
            },
            "product": "washer",
            "words": "",
            "reply": {"how": "phone", "address": "0151 5550142", "name": "Jonas Falk"},
        },
    ),
    (
        -1.5,
        {
            "details": {"flow": "repair", "serial": "", "error_code": "E1", "anything_new": "moved house", "place": "store"},
            "product": "espresso",
            "words": (LONG * 3)[:500],
            "reply": {"how": "mail", "address": "pat.doyle@customer.example", "name": "Pat Doyle"},
            "page": "espresso/error-e1",
        },
    ),
    (
        -0.5,
        {
            "details": {"flow": "repair", "place": "post", "personal_data": True},
            "language": "es",
            "product": "robot",
            "words": "No vuelve a la base.",
            "reply": {"how": "mail", "address": "lucia.rey@customer.example", "name": "Lucía Rey"},
        },
    ),
    (
        -0.4,
        {
            "details": {"flow": "return", "reason": "not-liked", "wanted": "money", "opened": True, "order": "NH-40018"},
            "product": "lamp",
            "words": "Too yellow for the bath.",
            "reply": {"how": "mail", "address": "nina.holm@customer.example", "name": "Nina Holm"},
        },
    ),
    (
        -0.3,
        {
            "details": {"flow": "exchange", "reason": "wrong-item", "wanted": "same-again"},
            "language": "de",
            "product": "bike-light",
            "words": "Es war das Rücklicht in der Packung.",
            "reply": {"how": "counter", "name": "T. Krüger"},
        },
    ),
    (
        -0.3,
        {
            "details": {"flow": "accessory", "part": "group-seal-em", "quantity": 2},
            "product": "espresso",
            "reply": {"how": "phone", "address": "030 5550199", "name": ""},
        },
    ),
    (
        -7,
        {"details": {"flow": "idea"}, "language": "it", "product": "kettle", "words": "Un beccuccio più stretto sarebbe bello!"},
    ),
    (-6, {"details": {"flow": "idea"}, "words": ""}),
]
"""Hours until now, and the form as the page posts it."""

WEB: list[tuple[str, str, dict[str, Any]]] = [
    (
        "Omar Haddad <omar@customer.example>",
        "The robot falls down the one step in our hall.",
        {"flow": "complaint", "kind": "broken", "remedy": "repair", "safety_risk": False},
    ),
    (
        "Sophie Laurent <sophie.laurent@customer.example>",
        "L’écran reste noir depuis hier.",
        {"flow": "repair", "serial": "EM-7710-0042", "how": "phone", "address": "+33 1 99 00 12 34", "language": "fr"},
    ),
    ("Henrik Dahl <h.dahl@customer.example>", "Does the strap fit a 35 mm bar?", {"flow": "question"}),
    (
        "Marta Gil <marta.gil@customer.example>",
        "La lámpara llegó tarde.",
        {"flow": "return", "reason": "late", "wanted": "money", "language": "es"},
    ),
    ("Ines Vogt <ines.vogt@customer.example>", "Eine Anleitung zum Mitnehmen auf Papier wäre schön.", {"flow": "idea"}),
    ("Ravi Nair <ravi@customer.example>", "", {"flow": "accessory", "quantity": 3}),
]
"""The web form on a static host: sender, own words, and what was chosen; it makes a number and a mail."""

MAILS: list[dict[str, Any]] = [
    {
        "from": "Kim Miller <kim.miller@customer.example>",
        "subject": "Kettle stops",
        "text": "It stops after a minute.",
        "photo": True,
    },
    {
        "from": "Kim Miller <kim.miller@customer.example>",
        "subject": "kettle again!",
        "text": "Nobody answered?? It still stops after a minute.",
    },
    {
        "from": "Gerd Lohmann <gerd.lohmann@customer.example>",
        "subject": "Waschmaschine wandert",
        "text": "Guten Tag,\n\nbeim Schleudern wandert die Maschine durch das Bad. Was kann ich tun?\n\nGruß\nGerd Lohmann",
    },
    {
        "from": "Chiara Conti <chiara@customer.example>",
        "subject": "Lampada",
        "text": "Buongiorno, la lampada non si collega più al telefono. Come posso fare?\nGrazie",
    },
    {
        "from": "أحمد سالم <ahmad@customer.example>",
        "subject": "الغلاية",
        "text": "السلام عليكم،\nالغلاية لا تعمل منذ أمس. هل يمكن استبدالها؟\nشكرا",
    },
    {
        "from": "Antoine Petit <antoine@customer.example>",
        "subject": "Où est ma commande",
        "html": "<p>Bonjour,</p><p>où est <b>ma commande</b> 40021&nbsp;?</p>",
    },
    {"from": "j@customer.example", "subject": "", "text": ""},
    {
        "from": "Loretta Quill <loretta.quill@customer.example>",
        "subject": "A few thoughts on your espresso machine",
        "text": LONG * 60,
    },
    {
        "from": "B. Stone <b.stone@customer.example>",
        "subject": "LAWYER",
        "text": "Still no answer. You are thieves and liars. I WILL WRITE EVERYWHERE.",
    },
    {
        "from": "Felix Braun <felix.braun@customer.example>",
        "subject": "Rechnung",
        "text": "Ich brauche bitte eine Rechnung zu Beleg 40018.",
        "file": "beleg.pdf",
    },
    {
        "from": "Dana Novak <dana@customer.example>",
        "subject": "Bike light: two photos",
        "text": "The clip broke, see the photos.",
        "photo": True,
        "two": True,
    },
    {
        "from": "Uwe Amsel <uwe@customer.example>",
        "subject": "Re: Re: AW: Lampe",
        "text": "Die Lampe flackert.\n\nAm Mo., 16. Nov. 2026 schrieb Uwe:\n> Hallo?",
    },
    {
        "from": "Newsletter <deals@shop-news.example>",
        "subject": "50 % off toner",
        "text": "Buy now",
        "headers": {"X-Spam-Flag": "YES"},
    },
    {
        "from": "Priya Shah <priya@customer.example>",
        "subject": "Allergy",
        "text": "Is there nickel in the kettle’s inside? My son is allergic.",
    },
    {
        "from": "Nina Holm <nina.holm@customer.example>",
        "subject": "Lamp and kettle",
        "text": "I wrote at the kiosk too. Which form do you want for the return?",
    },
    {"from": "Sam Green <sam@customer.example>", "subject": "thank you", "text": "The repair was quick. Thank you!"},
    {
        "from": "Noor Aziz <noor@customer.example>",
        "subject": "Robot map",
        "text": "Where are the maps of my flat stored? 🤖\n\nIt’s about <script>privacy</script> & the GDPR.",
    },
]
"""Mails that begin something."""

LATER: list[dict[str, Any]] = [
    {"after": "Nina Holm", "by": "nina.holm@customer.example", "text": "Thanks! One more: and tea with honey?"},
    {
        "after": "Pat Doyle",
        "by": "pat.doyle@customer.example",
        "text": "I am out of the office until Monday.",
        "headers": {"Auto-Submitted": "auto-replied"},
    },
    {"after": "Kim Miller", "by": "kim.miller@customer.example", "text": "Here is the label.", "photo": True},
]
"""Answers that come in threads, once the clerk has written: whose case, and the words."""
