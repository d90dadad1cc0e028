"""The shop's settings: what Helpstand reads from `mkdocs.yml`, its own or that of a site written by others."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pathspec.gitignore import GitIgnoreSpec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guides import foreign_settings
from guides.config_file import Config, Mark, SettingsError, Tree, read_config, shape_of
from guides.shop_look import LOOK_KEYS, ShopLook, read_look
from guides.suggest import did_you_mean
from guides.yamltext import Place

__all__ = ["Settings", "SettingsError", "load_settings"]

OWN_KEYS = ("languages", "partial", *LOOK_KEYS)
"""Keys of `extra.helpstand`."""

Text = Annotated[str | None, Field(default=None, description="a text")]
Names = Annotated[str | list[Any] | dict[str, Any] | None, Field(default=None, description="a list")]
Entries = Annotated[list[Any] | dict[str, Any] | None, Field(default=None, description="a list")]


class KnownKeys(BaseModel):
    """The keys of a `mkdocs.yml` that are read, each with its form; every other key is left alone."""

    model_config = ConfigDict(extra="ignore", strict=True)

    site_name: Text
    site_url: Text
    docs_dir: Text
    nav: Any = None
    theme: Annotated[str | dict[str, Any] | None, Field(default=None, description="a name, or keys with values")]
    plugins: Entries
    hooks: Names
    extra: Annotated[dict[str, Any] | None, Field(default=None, description="keys with values")]
    extra_css: Names
    extra_javascript: Names
    markdown_extensions: Entries
    exclude_docs: Text
    draft_docs: Text


@dataclass(frozen=True)
class Settings:
    """Where everything lies and what the site is called."""

    root: Path
    """Folder of mkdocs.yml; messages name files relative to it."""
    config_file: Path
    site_name: str
    site_url: str
    """Address of the published site, ending in a slash, or empty."""
    content: Path
    """Folder of the languages, products, media and snippets; for a foreign site its docs_dir."""
    stores: Path
    languages: tuple[str, ...]
    """BCP 47 codes; the first is the source language."""
    output: Path
    """Folder that receives `site`, `index` and `cache`."""
    partial: frozenset[str] = frozenset()
    """Languages that are not meant to be whole: their gaps are counted, not warned of."""
    foreign: bool = False
    """A MkDocs site without Helpstand's front matter: plain Markdown is a valid guide."""
    extensions: tuple[str, ...] = ()
    """Names of the Markdown extensions that a foreign site asks for."""
    nav: Tree = None
    """The navigation of a foreign site as written; None where it has none."""
    notices: tuple[str, ...] = ()
    """What of a foreign site is not run or not used, by name."""
    exclude: str = ""
    """MkDocs' `exclude_docs` and `draft_docs` patterns of a foreign site."""
    snippet_folders: tuple[Path, ...] = ()
    inherited: tuple[Path, ...] = ()
    """Every file that INHERIT brings in: a change in one of them is a change of the settings."""
    marks: Mapping[Place, Mark] = field(default_factory=dict, compare=False, repr=False)
    """File and line of each key and entry."""
    look: ShopLook = field(default_factory=ShopLook)
    """Accent, logo, pictures, messages and names of categories."""

    @property
    def source_language(self) -> str:
        """The language in which every guide exists."""
        return self.languages[0]

    @property
    def media(self) -> Path:
        """Pictures and videos, shared by all languages."""
        return self.content / "media"

    def folder(self, language: str) -> Path:
        """Return the folder that holds the guides of a language."""
        return self.content if self.foreign else self.content / language

    def snippets(self, language: str) -> tuple[Path, ...]:
        """Return the folders in which `--8<--` looks, nearest first."""
        if self.foreign:
            return (*self.snippet_folders, self.content, self.root)
        return (self.content / "snippets" / language, self.content / "snippets")

    def shown(self, path: Path) -> str:
        """Return a path as messages show it: relative to the project where it lies inside, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()

    def mark(self, *place: str | int) -> Mark:
        """Return file and line of a setting, or of the nearest one around it."""
        return Config(self.config_file, marks=dict(self.marks)).mark(*place)


def load_settings(config_file: Path, foreign_output: Path | None = None) -> Settings:
    """Read `mkdocs.yml`; a shop is built into `build/` beside it, a foreign site into a folder of its own below `foreign_output`.

    Raises SettingsError.
    """
    config_file = Path(posixpath.abspath(config_file))
    try:
        config = read_config(config_file)
    except FileNotFoundError:
        raise SettingsError(f"{config_file}: not found. Cure: start in the project's folder, or name the file with -f") from None
    keys = _known_keys(config)
    own = keys.extra.get("helpstand") if keys.extra else None
    build = config_file.parent / "build"
    plugins = map(foreign_settings.name_of, foreign_settings.entries(keys.plugins))
    if own is not None or "helpstand" in plugins:
        return _own(config, keys, {} if own is None else own, build)
    return _foreign(config, keys, foreign_output or build / "other")


def _known_keys(config: Config) -> KnownKeys:
    try:
        return KnownKeys.model_validate(config.data)
    except ValidationError as error:
        wrong = dict.fromkeys(str(details["loc"][0]) for details in error.errors(include_url=False))
        fields = KnownKeys.model_fields
        lines = [
            f"{config.at(key)}: '{key}' must be {fields[key].description}, not {shape_of(config.data[key])}" for key in wrong
        ]
        raise SettingsError("\n".join(lines)) from None


def _own(config: Config, keys: KnownKeys, own: Tree, output: Path) -> Settings:
    if not isinstance(own, dict):
        place = config.at("extra", "helpstand")
        raise SettingsError(f"{place}: extra.helpstand must be a mapping, such as `languages: [en, de]`")
    errors = [
        f"{config.at('extra', 'helpstand', key)}: unknown key '{key}' in extra.helpstand.{did_you_mean(key, OWN_KEYS)}"
        for key in own
        if key not in OWN_KEYS
    ]
    given = own.get("languages", ["en"])
    languages = [code for code in given if isinstance(code, str) and _is_code(code)] if isinstance(given, list) else []
    place = config.at("extra", "helpstand", "languages")
    if not languages or not isinstance(given, list) or len(languages) != len(given):
        errors.append(
            f"{place}: extra.helpstand.languages must be a list of language codes, source language first, such as [en, de]"
        )
    elif len(set(languages)) != len(languages):
        errors.append(f"{place}: extra.helpstand.languages names a language twice")
    listed = own.get("partial") or []
    partial = frozenset(code for code in listed if code in languages[1:]) if isinstance(listed, list) else frozenset()
    if not isinstance(listed, list) or len(partial) != len(listed):
        errors.append(
            f"{config.at('extra', 'helpstand', 'partial')}: extra.helpstand.partial must be a list of translations, "
            f"each one of: {', '.join(languages[1:])}"
        )
    docs_dir = keys.docs_dir or "content/en"
    if not errors and Path(docs_dir).name != languages[0]:
        errors.append(
            f"{config.at('docs_dir')}: docs_dir is '{docs_dir}' but must be the folder of the source language, "
            f"'content/{languages[0]}'"
        )
    look, wrong = read_look(own, config.file.name)
    errors += wrong
    root = config.file.parent
    errors += _missing_pictures(look, (root / docs_dir).parent, config.file.name)
    if errors:
        raise SettingsError("\n".join(errors))
    return Settings(
        root=root,
        config_file=config.file,
        site_name=keys.site_name or "Help",
        site_url=_url(config, keys),
        content=_inside(config, docs_dir, linked=True).parent,
        stores=root / "stores",
        languages=tuple(languages),
        partial=partial,
        output=output,
        inherited=config.inherited,
        marks=config.marks,
        look=look,
    )


def _missing_pictures(look: ShopLook, content: Path, shown: str) -> list[str]:
    named = {"logo": look.logo, **{f"pictures.{place}": picture for place, picture in look.pictures.items()}}
    return [
        f"{shown}: extra.helpstand.{key}: the picture '{picture}' does not exist. Put it into {content.name}/media"
        for key, picture in named.items()
        if picture and not (content / picture).is_file()
    ]


def _foreign(config: Config, keys: KnownKeys, output: Path) -> Settings:
    root = config.file.parent
    docs = _inside(config, keys.docs_dir or "docs", linked=False)
    if not docs.is_dir():
        raise SettingsError(
            f"{config.at('docs_dir')}: docs_dir '{docs.name}' does not exist. Cure: name the folder of the Markdown files"
        )
    language = keys.theme.get("language") if isinstance(keys.theme, dict) else None
    key = hashlib.blake2b(str(config.file).encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()
    return Settings(
        root=root,
        config_file=config.file,
        site_name=keys.site_name or "Help",
        site_url=_url(config, keys),
        content=docs,
        stores=root / "stores",
        languages=(language if isinstance(language, str) and _is_code(language) else "en",),
        output=output / key,
        foreign=True,
        extensions=tuple(foreign_settings.extensions(config)),
        nav=keys.nav,
        notices=tuple(foreign_settings.notices(config)),
        exclude=_patterns(config, keys),
        snippet_folders=tuple(foreign_settings.snippet_folders(config, root)),
        inherited=config.inherited,
        marks=config.marks,
    )


def _inside(config: Config, docs_dir: str, *, linked: bool) -> Path:
    """Return the folder of the pages, which lies below that of mkdocs.yml: a site shows its own files and no others."""
    root = config.file.parent
    cure = f"Cure: put the Markdown files into a folder below {root}, and name that folder"
    if "\0" in docs_dir:
        raise SettingsError(f"{config.at('docs_dir')}: docs_dir holds a zero byte. {cure}")
    folder = Path(posixpath.abspath(root / docs_dir))
    inside = folder.is_relative_to(root) and folder != root
    if not linked:  # a shop may link its content to a checkout; whoever wrote a foreign site may not link it to /
        real = folder.resolve()
        inside = inside and real.is_relative_to(root.resolve()) and real != root.resolve()
    if not inside:
        raise SettingsError(f"{config.at('docs_dir')}: docs_dir '{docs_dir}' does not lie below the folder of this file. {cure}")
    return folder


def _patterns(config: Config, keys: KnownKeys) -> str:
    found = []
    for key, text in (("exclude_docs", keys.exclude_docs), ("draft_docs", keys.draft_docs)):
        try:
            GitIgnoreSpec.from_lines((text or "").splitlines())
        except ValueError:
            raise SettingsError(f"{config.at(key)}: '{key}' holds a pattern that means nothing: '{text}'. Correct it") from None
        found.append(text or "")
    return "\n".join(filter(None, found))


def _is_code(code: str) -> bool:
    parts = code.split("-")
    return 2 <= len(parts[0]) <= 3 and all(part.isalnum() and part.isascii() for part in parts)


def _url(config: Config, keys: KnownKeys) -> str:
    text = (keys.site_url or "").strip()
    try:
        parts = urlsplit(text)
        usable = not text or (parts.scheme in {"http", "https"} and bool(parts.netloc))
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(f"{config.at('site_url')}: site_url '{text}' is no address. Write https://… or take it out")
    return text if not text or text.endswith("/") else text + "/"
