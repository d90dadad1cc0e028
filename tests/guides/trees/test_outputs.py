"""What a tree becomes: data for keypads, VoiceXML, a diagram."""

from __future__ import annotations

import posixpath
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from guides.engine.texts import load_texts
from guides.library import load_library
from guides.settings import load_settings
from guides.trees.keypad import keypad, languages
from guides.trees.mermaid import mermaid
from guides.trees.tree import Choice, Node, Tree, follow
from guides.trees.voicexml import NAMESPACE, voice, voice_languages
from tests.guides.trees.test_parser import BODY, tree_of

ROOT = Path(__file__).resolve().parents[3]
VXML = f"{{{NAMESPACE}}}"


@pytest.fixture(scope="module")
def trees() -> dict[tuple[str, str], Tree]:
    """Return every public tree of the demo shop, by language and ID."""
    library, problems = load_library(load_settings(ROOT / "mkdocs.yml"))
    assert problems == []
    return {(guide.language, guide.id): guide.tree for guide in library.guides if guide.public and guide.tree}


def data_of(tree: Tree, trees: dict[tuple[str, str], Tree]) -> dict:  # type: ignore[type-arg]
    """Return a tree's keypad form, with titles and addresses that can be told from others."""
    return keypad(tree, lambda name: trees.get((tree.language, name)), lambda name: f"[{name}]", lambda name, _: f"u:{name}")


def documents(trees: dict[tuple[str, str], Tree]) -> dict[str, ET.Element]:
    """Return every VoiceXML document by its path below `voice/`."""
    found = {}
    for (language, name), tree in trees.items():
        text = voice(data_of(tree, trees), load_texts(language), home=True)
        found[f"{language}/{name}.vxml"] = ET.fromstring(text)
    offered = [(language, load_texts(language)["voice_language"].format(digit=n)) for n, language in ((1, "en"), (2, "de"))]
    found["languages.vxml"] = ET.fromstring(voice_languages(languages("menu", offered), "One moment."))
    return found


def test_every_voice_document_keeps_to_the_standard(trees: dict[tuple[str, str], Tree]) -> None:
    """Version, language and elements are VoiceXML's; each menu has its keys once, a way out of silence, and leads somewhere."""
    found = documents(trees)
    assert len(found) == len(trees) + 1
    ids = {path: {element.get("id") for element in root if element.get("id")} for path, root in found.items()}
    for path, root in found.items():
        assert root.tag == f"{VXML}vxml"
        assert root.get("version") == "2.1"
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == ("en" if path == "languages.vxml" else path[:2])
        assert [element.tag for element in root][:2] == [f"{VXML}property"] * 2
        assert {element.tag for element in root.iter()} <= {
            VXML + name
            for name in [
                "vxml",
                "property",
                "menu",
                "prompt",
                "s",
                "choice",
                "noinput",
                "nomatch",
                "reprompt",
                "goto",
                "form",
                "block",
                "var",
                "exit",
            ]
        }
        for menu in root.iter(f"{VXML}menu"):
            _check_menu(menu, path, ids)
        for form in root.iter(f"{VXML}form"):
            names = [var.get("name") for var in form.iter(f"{VXML}var")]
            assert form.find(f"{VXML}block/{VXML}exit").get("namelist") == " ".join(map(str, names))  # type: ignore[union-attr]


def _check_menu(menu: ET.Element, path: str, ids: dict[str, set[str | None]]) -> None:
    keys = [choice.get("dtmf") for choice in menu.iter(f"{VXML}choice")]
    assert len(keys) == len(set(keys))
    assert {"0", "*"} <= set(keys)
    digits = [key for key in keys if key and key in "123456789"]
    assert digits == [str(number) for number in range(1, len(digits) + 1)]
    assert {(event.tag, event.get("count")) for event in menu if event.tag in {VXML + "noinput", VXML + "nomatch"}} == {
        (VXML + name, count) for name in ("noinput", "nomatch") for count in (None, "3")
    }
    assert "".join(menu.find(f"{VXML}prompt").itertext()).strip()  # type: ignore[union-attr]
    for choice in menu.iter(f"{VXML}choice"):
        page, _, anchor = str(choice.get("next")).partition("#")
        goal = posixpath.normpath(posixpath.join(posixpath.dirname(path), page)) if page else path
        assert goal in ids, f"{path} leads to {goal}"
        assert not anchor or anchor in ids[goal]


def press(root: ET.Element, menu: str, key: str) -> str:
    """Return where a key of a menu leads."""
    found = next(element for element in root.iter(f"{VXML}menu") if element.get("id") == menu)
    return str(next(choice.get("next") for choice in found.iter(f"{VXML}choice") if choice.get("dtmf") == key))


def test_every_menu_is_walked_by_its_digits(trees: dict[tuple[str, str], Tree]) -> None:
    """From every node, each digit leads in the data, in VoiceXML and in the tree itself to the same place."""
    found, walked = documents(trees), 0
    for (language, name), tree in trees.items():
        data, root = data_of(tree, trees), found[f"{language}/{name}.vxml"]
        for node in tree.nodes:
            for choice, said in zip(node.choices, data["nodes"][node.id]["choices"], strict=True):
                there = follow(tree, said["digit"], start=node.id)
                spoken = press(root, node.id, said["digit"])
                if isinstance(there, Node):
                    assert said["node"] == there.id
                    assert spoken == f"#{there.id}"
                else:
                    assert isinstance(there, Choice)
                    assert there == choice
                    assert {"service", "page", "tree", "url"} & set(said)
                    assert ".vxml#" in spoken if "tree" in said else spoken == f"#helpstand-{node.id}-{said['digit']}"
                walked += 1
    assert walked > 500


def test_the_first_screen_of_all_offers_the_languages(trees: dict[tuple[str, str], Tree]) -> None:
    """Each is said in itself, and its digit leads to its own menu; from everywhere "#" leads back there."""
    found = documents(trees)
    first = found["languages.vxml"]
    assert [sentence.text for sentence in first.iter(f"{VXML}s")] == ["For English, press 1.", "Für Deutsch drücken Sie die 2."]
    assert [press(first, "languages", key) for key in "12"] == ["en/menu.vxml", "de/menu.vxml"]
    assert press(found["en/menu.vxml"], "start", "#") == "../languages.vxml"
    assert press(found["en/washer/stops-in-the-middle.vxml"], "display", "#") == "../../languages.vxml"


def test_a_text_with_signs_stays_a_text() -> None:
    """Angles, ampersands and quotes are escaped, in XML and in the diagram."""
    tree = tree_of(
        '## Is "A" < B & C? {#a}\n\n- [Yes "it" < is](#end)\n- [No | no](service:person)\n\n## #1; end {#end .other}\n'
    )
    root = ET.fromstring(voice(data_of(tree, {}), load_texts("en"), home=False))
    assert next(root.iter(f"{VXML}s")).text == 'Is "A" < B & C?'
    lines = mermaid(tree).splitlines()
    assert lines[0] == "flowchart TD"
    assert lines[1] == '  n_a["Is #34;A#34; #60; B #38; C?"]'
    assert lines[2] == '  n_end(["#35;1#59; end #91;other#93;"])'
    assert lines[4] == '  n_a -->|"1: Yes #34;it#34; #60; is"| n_end'


def test_a_diagram_has_every_node_and_every_answer() -> None:
    """Names come from IDs, so that a diagram changes only where the tree does."""
    tree = tree_of(BODY)
    lines = mermaid(tree).splitlines()
    assert sum("-->" in line for line in lines) == sum(len(node.choices) for node in tree.nodes)
    assert '  n_light["Is the light on?"]' in lines
    assert '  n_fine(["Fine #91;solved#93;"])' in lines
    assert '  n_light -->|"3: I am not sure"| o_shop_2f_faq_23_lamp' in lines
    assert mermaid(tree) == mermaid(tree_of(BODY))
