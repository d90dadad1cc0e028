"""JSON Schemas of the files that people write, and front matter to fill in: editors help while one types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from guides.frontmatter import FrontMatter
from guides.products import Product
from guides.stores import Store
from guides.synonyms import Synonyms
from guides.vocabulary import Difficulty, GuideType, Safety, Stage, Status

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

MODELS: dict[str, type[BaseModel]] = {"guide": FrontMatter, "product": Product, "store": Store, "synonyms": Synonyms}
"""File name of the schema, and the model behind it."""


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file."""
    schema = MODELS[name].model_json_schema(mode="validation")
    # The ID is the file's name; nobody types it.
    schema.get("properties", {}).pop("id", None)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder, and VS Code's snippets beside it; return the files."""
    written = [_write(folder / f"{name}.json", schema_of(name), sort=True) for name in MODELS]
    return [*written, _write(folder.parent / ".vscode" / "guides.code-snippets", editor_snippets(), sort=False)]


def _write(path: Path, content: dict[str, Any], *, sort: bool) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=sort) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def editor_snippets() -> dict[str, Any]:
    """Return VS Code's snippets for front matter: the YAML extension does not look into Markdown, choices while typing do."""
    choices = {"type": GuideType, "stage": Stage, "difficulty": Difficulty, "safety": Safety, "status": Status}
    lines = ["---", "title: ${1:What the reader would say}"]
    for stop, (key, words) in enumerate(choices.items(), start=2):
        lines.append(f"{key}: ${{{stop}|{','.join(words)}|}}")
        if key == "type":
            lines.append("product: ${7:kettle}")
    lines += ['review_by: "${8:2030-01-31}"', "summary: ${9:What the guide saves or prevents.}", "owner: ${10}", "---", "", "$0"]
    return {"Guide: front matter": {"prefix": "guide", "scope": "markdown", "body": lines, "description": "Begin a guide"}}
