"""What editors get."""

from __future__ import annotations

import json
from pathlib import Path

from guides.frontmatter import FrontMatter
from guides.schemas import MODELS, editor_snippets, write_schemas
from guides.vocabulary import Stage

ROOT = Path(__file__).parents[2]


def test_the_files_in_the_repository_are_those_of_the_models(tmp_path: Path) -> None:
    """Editors never know other rules than `check`."""
    written = write_schemas(tmp_path / "schemas")
    assert len(written) == 5
    for path in written:
        assert (ROOT / path.relative_to(tmp_path)).read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_the_schema_of_a_guide_has_26_keys_and_5_required() -> None:
    """The product is asked for by `check`: menus and policies have none."""
    schema = json.loads((ROOT / "schemas" / "guide.json").read_text(encoding="utf-8"))
    assert len(schema["properties"]) == 26 == len(FrontMatter.model_fields)
    assert schema["required"] == ["title", "type", "stage", "review_by"]
    assert schema["additionalProperties"] is False


def test_code_wires_each_schema_to_files() -> None:
    """Every YAML schema that VS Code is told of exists."""
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    wired = {Path(name).stem for name in settings["yaml.schemas"]}
    assert wired == set(MODELS) - {"guide"}
    assert all((ROOT / name).is_file() for name in settings["yaml.schemas"])


def test_snippets_offer_the_words_of_the_model() -> None:
    """Choices while typing are those that `check` accepts."""
    body = "\n".join(editor_snippets()["Guide: front matter"]["body"])
    assert "|".join(["stage: ${3", ",".join(Stage), "}"]) in body
