"""A tree as VoiceXML 2.1 (W3C, 2007), from its keypad form: each node a menu of digits.

A voice platform plays the documents. Where a person, a service or an ending is wanted, a document exits with variables: `tree`,
`node`, `ending` and `service`; what the platform then does, such as to put the call through, is its own affair.
"""

from __future__ import annotations

import posixpath
from typing import Any
from xml.etree import ElementTree as ET

NAMESPACE = "http://www.w3.org/2001/vxml"
LANGUAGES = "languages.vxml"
PERSON = "helpstand-person"
TIMES = 3
"""So often silence or a wrong key is answered by saying it again; then a person takes over."""
Words = dict[str, str]
"""Texts of the interface."""


def voice(keypad: dict[str, Any], texts: Words, *, home: bool) -> str:
    """Return the document of a tree; with home, "#" leads to the choice of language, else to the tree's own start."""
    root = _document(keypad["lang"])
    folder = posixpath.dirname(f"{keypad['lang']}/{keypad['id']}")
    first = posixpath.relpath(LANGUAGES, folder) if home else f"#{keypad['start']}"
    nodes = keypad["nodes"]
    # The document begins with its first element.
    for name in [keypad["start"], *(one for one in nodes if one != keypad["start"])]:
        said = [*(keypad["intro"] if name == keypad["start"] else ()), nodes[name]["say"], *nodes[name]["text"]]
        _node(root, name, nodes[name], said, keypad, texts, first)
    _exit(root, PERSON, texts["voice_person"], {"tree": keypad["id"], "service": "person"})
    return _text(root)


def voice_languages(first: dict[str, Any], fallback: str) -> str:
    """Return the document with which a call begins: every language said in itself."""
    root = _document(first["choices"][0]["lang"])
    menu = _menu(root, "languages")
    prompt = ET.SubElement(menu, "prompt")
    for choice in first["choices"]:
        sentence = ET.SubElement(prompt, "s", {"xml:lang": choice["lang"]})
        sentence.text = choice["say"]
    for choice in first["choices"]:
        _choice(menu, choice["digit"], f"{choice['lang']}/{choice['menu']}.vxml", choice["say"])
    _choice(menu, "0", f"#{PERSON}")
    _choice(menu, "*", "#languages")
    _again(menu)
    _exit(root, PERSON, fallback, {"tree": "languages", "service": "person"})
    return _text(root)


def _document(language: str) -> ET.Element:
    root = ET.Element("vxml", {"version": "2.1", "xmlns": NAMESPACE, "xml:lang": language})
    # "#" is one of our keys; else it would end a row of digits.
    ET.SubElement(root, "property", {"name": "termchar", "value": ""})
    ET.SubElement(root, "property", {"name": "inputmodes", "value": "dtmf"})
    return root


def _node(
    root: ET.Element, name: str, node: dict[str, Any], said: list[str], keypad: dict[str, Any], texts: Words, home: str
) -> None:
    menu = _menu(root, name)
    prompt = ET.SubElement(menu, "prompt")
    for text in [*said, *(texts["voice_press"].format(digit=one["digit"], choice=one["say"]) for one in node["choices"])]:
        ET.SubElement(prompt, "s").text = text
    ET.SubElement(prompt, "s").text = texts["voice_keys"]
    for choice in node["choices"]:
        _choice(menu, choice["digit"], _next(choice, name, keypad), choice["say"])
    _choice(menu, "0", f"#{PERSON}")
    _choice(menu, "*", f"#{name}")
    _choice(menu, "#", home)
    _again(menu)
    for choice in node["choices"]:
        if not ("node" in choice or "tree" in choice):
            told = {"tree": keypad["id"], "node": name, "ending": node["ending"] or "page"}
            told["service" if "service" in choice else "page"] = choice.get("service") or choice.get("page") or choice["url"]
            _exit(root, _exit_name(name, choice["digit"]), _parting(choice, texts), told)


def _next(choice: dict[str, Any], name: str, keypad: dict[str, Any]) -> str:
    if "tree" in choice:
        folder = posixpath.dirname(keypad["id"]) or "."
        return f"{posixpath.relpath(choice['tree'], folder)}.vxml#{choice['node']}"
    return f"#{choice['node']}" if "node" in choice else f"#{_exit_name(name, choice['digit'])}"


def _exit_name(name: str, digit: str) -> str:
    return f"helpstand-{name}-{digit}"


def _parting(choice: dict[str, Any], texts: Words) -> str:
    if "service" in choice:
        return texts["voice_person"]
    return texts["voice_page"].format(title=choice.get("title") or choice["say"])


def _menu(root: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(root, "menu", {"id": name, "dtmf": "false"})


def _choice(menu: ET.Element, key: str, goal: str, said: str = "") -> None:
    ET.SubElement(menu, "choice", {"dtmf": key, "next": goal}).text = said or None


def _again(menu: ET.Element) -> None:
    for event in ("noinput", "nomatch"):
        ET.SubElement(ET.SubElement(menu, event), "reprompt")
        ET.SubElement(ET.SubElement(menu, event, {"count": str(TIMES)}), "goto", {"next": f"#{PERSON}"})


def _exit(root: ET.Element, name: str, said: str, told: dict[str, str]) -> None:
    form = ET.SubElement(root, "form", {"id": name})
    block = ET.SubElement(form, "block")
    ET.SubElement(block, "prompt").text = said
    for key, value in told.items():
        # In ECMAScript's text; none of these can hold a quote: IDs, names of services, and addresses are escaped.
        ET.SubElement(block, "var", {"name": key, "expr": "'" + value.replace("\\", "%5C").replace("'", "%27") + "'"})
    ET.SubElement(block, "exit", {"namelist": " ".join(told)})


def _text(root: ET.Element) -> str:
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
