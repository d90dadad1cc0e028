"""What a writer says about a guide, between the two lines of three hyphens."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from guides.fields import AsTuple, Every, Ids, IsoDate, Minutes, Texts, Version, list_of
from guides.problems import Problem, problem
from guides.split import Split
from guides.validation import doubtful_keys, meant, validate, without_blanks
from guides.vocabulary import Audience, Difficulty, GuideType, Safety, Stage, Status, Surface
from guides.yamltext import YamlText, read_yaml

TITLE_LIMIT = 70
SUMMARY_LIMIT = 160

SLIPS = {
    "troubleshooting": "troubleshoot",
    "setup": "install",
    "set-up": "install",
    "installation": "install",
    "buy": "plan",
    "choose": "plan",
    "clean": "maintain",
    "cleaning": "maintain",
    "care": "maintain",
    "fix": "repair",
    "recycle": "dispose",
    "how-to": "howto",
    "published": "live",
    "archived": "retired",
    "internal": "staff",
    "public": "everyone",
    "devices": "models",
    "time": "minutes",
    "duration": "minutes",
    "author": "owner",
    "description": "summary",
    "tags": "keywords",
    "products": "product",
}


class FrontMatter(BaseModel):
    """The 26 keys of a guide; 5 of them are required."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: str = Field(description="What the reader would say.", json_schema_extra={"maxLength": TITLE_LIMIT})
    type: GuideType = Field(description="What kind of page it is.")
    product: Texts = Field(default=(), description="Product ID, or a list of them; not needed for menus, policies and staff.")
    stage: Annotated[Stage | None, WithJsonSchema({"enum": [str(stage) for stage in Stage]})] = Field(
        description="Where in the product's life."
    )
    review_by: Annotated[IsoDate | None, WithJsonSchema({"type": "string", "format": "date"})] = Field(
        description="When somebody must look at it again."
    )
    summary: str = Field(
        default="", description="What the guide saves or prevents.", json_schema_extra={"maxLength": SUMMARY_LIMIT}
    )
    owner: str = Field(default="", description="Who answers for it; required for policies.")
    models: Texts = Field(default=(), description="Models as printed on the label; empty for all models of the product.")
    symptoms: Texts = Field(default=(), description="What the reader sees, hears or smells.")
    codes: Texts = Field(default=(), description="What the display shows.")
    keywords: Texts = Field(default=(), description="Words that readers type.")
    aliases: Texts = Field(default=(), description="The reader's question in other words.")
    related: Texts = Field(default=(), description="IDs of guides that help next, such as kettle/descale.")
    redirect_from: Ids = Field(
        default=(), description="IDs under which the page was known before, such as kettle/old-name; they lead here."
    )
    accessories: Texts = Field(default=(), description="IDs from the product file.")
    tools: Texts = Field(default=(), description="What to have at hand.")
    parts: Texts = Field(default=(), description="What is used up or replaced: IDs from the product file.")
    difficulty: Difficulty | None = Field(default=None, description="How hard it is.")
    minutes: Minutes | None = Field(default=None, description="How long it takes, 1 to 600.")
    safety: Safety = Field(default=Safety.NONE, description="The gravest harm that the work can do.")
    audience: Audience = Field(default=Audience.EVERYONE, description="Who may do it; pages for staff are never public.")
    where: Annotated[tuple[Surface, ...], AsTuple, WithJsonSchema(list_of(Surface))] = Field(
        default=(Surface.WEB, Surface.KIOSK), description="Where it is shown."
    )
    status: Status = Field(default=Status.LIVE, description="Whether readers see it.")
    every: Every | None = Field(default=None, description="How often it is to be done, such as 3 months or 200 h.")
    translation_of: str = Field(default="", description="Written by tools.")
    translated_from: Version | None = Field(
        default=None, description="Written by tools: the version of the source it was made from."
    )


def plain_front_matter(title: str) -> FrontMatter:
    """Return the front matter of a page that has none: a page of a site written by others."""
    return FrontMatter.model_construct(title=title, type=GuideType.GUIDE, stage=None, review_by=None)


def read_front_matter(split: Split, source: str) -> tuple[FrontMatter, YamlText, list[Problem]]:
    """Return the front matter of a page as far as it can be read, its keys with their lines, and every problem in it.

    Never raises. With problems, keys that cannot be read hold values to which no rule objects.
    """
    problems: list[Problem] = []
    if not split.front_line:
        message = (
            "the page has no front matter. Begin it with a line '---', the keys title, type, product, stage and "
            "review_by, and a line '---'"
        )
        return _NOTHING_READ, YamlText(source, 1), [problem(source, 1, "front-matter-missing", message)]
    if split.open:
        message = "the front matter is not closed. End it with a line '---'"
        problems.append(problem(source, 1, "front-matter-missing", message))
        if not split.front.strip():
            return _NOTHING_READ, YamlText(source, 1), problems
    yaml = read_yaml(split.front, source, split.front_line)
    checked, found = validate(FrontMatter, yaml, SLIPS)
    problems += found + _needs(yaml)
    return checked or _readable(yaml), yaml, problems


_UNREADABLE = {
    "title": "",
    "type": GuideType.GUIDE,
    "stage": None,
    "review_by": None,
    "safety": Safety.DANGER,
    "audience": Audience.STAFF,
    "status": Status.DRAFT,
}
"""What stands for a key that cannot be read: with it no rule finds a second mistake where the writer made one."""
_NOTHING_READ = FrontMatter.model_validate(_UNREADABLE)


def _readable(yaml: YamlText) -> FrontMatter:
    """Return what can be read of a broken front matter."""
    doubtful = doubtful_keys(FrontMatter, yaml, SLIPS)
    values = {key: value for key, value in without_blanks(FrontMatter, yaml.data).items() if key in FrontMatter.model_fields}
    stand_ins = {key: value for key, value in _UNREADABLE.items() if key in doubtful}
    return FrontMatter.model_validate({key: value for key, value in values.items() if key not in doubtful} | stand_ins)


def _needs(yaml: YamlText) -> list[Problem]:
    """Return what is required of some guides only; asked of the text, so that it is told together with all else."""
    if yaml.broken:
        return []
    found = []
    # A word with a slip in it counts as the one that it is likely to mean.
    kind, stage = (meant(yaml.data.get(key), words, SLIPS) for key, words in (("type", GuideType), ("stage", Stage)))
    free = kind == GuideType.MENU or stage == Stage.POLICY or yaml.data.get("audience") == Audience.STAFF
    if not free and not _is_written(yaml, "product"):
        message = "the key 'product' is missing. Add a line 'product: …' with the name of a file in content/products"
        found.append(problem(yaml.source, yaml.line(("product",)), "product-missing", message))
    if stage == Stage.POLICY and not _is_written(yaml, "owner"):
        found.append(
            problem(yaml.source, yaml.line(("owner",)), "owner-missing", "a policy needs its owner. Add a line 'owner: …'")
        )
    return found


def _is_written(yaml: YamlText, key: str) -> bool:
    """Tell whether a key has a value, or one that is likely to mean it."""
    return bool(yaml.data.get(key)) or any(
        meant(other, FrontMatter.model_fields, SLIPS) == key for other in yaml.data if other not in FrontMatter.model_fields
    )
