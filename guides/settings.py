"""The shop's settings: what Helpstand reads from `mkdocs.yml`, its own or that of a site written by others."""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from guides.shop_look import LOOK_KEYS, ShopLook, read_look
from guides.suggest import did_you_mean

OWN_KEYS = ("languages", *LOOK_KEYS)
"""Keys of `extra.helpstand`."""

MAX_CONFIG_BYTES = 1_000_000


class SettingsError(Exception):
    """The settings cannot be used; the text says where, what and how to cure it, one problem per line."""


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
    foreign: bool = False
    """A MkDocs site without Helpstand's front matter: plain Markdown is a valid guide."""
    extensions: tuple[str | dict[str, Any], ...] = ()
    """Markdown extensions that a foreign site asks for, as its file has them."""
    nav: tuple[Any, ...] = ()
    notices: tuple[str, ...] = ()
    """What of a foreign site is not run or not used, by name."""
    exclude: str = ""
    """MkDocs' `exclude_docs` and `draft_docs` patterns of a foreign site."""
    snippet_folders: tuple[Path, ...] = field(default=())
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


def load_settings(config_file: Path, foreign_output: Path | None = None) -> Settings:
    """Read `mkdocs.yml`; a shop is built into `build/` beside it, a foreign site into a folder of its own below `foreign_output`.

    Raises SettingsError.
    """
    config_file = Path(posixpath.abspath(config_file))
    data = _read(config_file)
    extra = data.get("extra")
    own = extra.get("helpstand") if isinstance(extra, dict) else None
    build = config_file.parent / "build"
    if own is not None or _names_plugin(data, "helpstand"):
        return _own(config_file, data, own or {}, build)
    return _foreign(config_file, data, foreign_output or build / "other")


def _own(config_file: Path, data: dict[str, Any], own: object, output: Path) -> Settings:
    shown = config_file.name
    if not isinstance(own, dict):
        raise SettingsError(f"{shown}: extra.helpstand must be a mapping, such as `languages: [en, de]`")
    errors = [
        f"{shown}: unknown key '{key}' in extra.helpstand.{did_you_mean(str(key), OWN_KEYS)}"
        for key in own
        if key not in OWN_KEYS
    ]
    languages = own.get("languages", ["en"])
    if (
        not isinstance(languages, list)
        or not languages
        or not all(isinstance(code, str) and _is_code(code) for code in languages)
    ):
        errors.append(
            f"{shown}: extra.helpstand.languages must be a list of language codes, source language first, such as [en, de]"
        )
    elif len(set(languages)) != len(languages):
        errors.append(f"{shown}: extra.helpstand.languages names a language twice")
    docs_dir = str(data.get("docs_dir", "content/en"))
    if not errors and Path(docs_dir).name != languages[0]:
        errors.append(
            f"{shown}: docs_dir is '{docs_dir}' but must be the folder of the source language, 'content/{languages[0]}'"
        )
    look, wrong = read_look(own, shown)
    errors += wrong
    root = config_file.parent
    errors += _missing_pictures(look, (root / docs_dir).parent, shown)
    if errors:
        raise SettingsError("\n".join(errors))
    return Settings(
        root=root,
        config_file=config_file,
        site_name=str(data.get("site_name", "Help")),
        site_url=_url(data.get("site_url")),
        content=(root / docs_dir).parent,
        stores=root / "stores",
        languages=tuple(languages),
        output=output,
        look=look,
    )


def _missing_pictures(look: ShopLook, content: Path, shown: str) -> list[str]:
    named = {"logo": look.logo, **{f"pictures.{place}": picture for place, picture in look.pictures.items()}}
    return [
        f"{shown}: extra.helpstand.{key}: the picture '{picture}' does not exist. Put it into {content.name}/media"
        for key, picture in named.items()
        if picture and not (content / picture).is_file()
    ]


def _foreign(config_file: Path, data: dict[str, Any], output: Path) -> Settings:
    root = config_file.parent
    docs = root / str(data.get("docs_dir") or "docs")
    if not docs.is_dir():
        raise SettingsError(
            f"{config_file.name}: docs_dir '{docs.name}' does not exist. Cure: name the folder of the Markdown files"
        )
    theme = data.get("theme")
    language = str(theme.get("language", "en")) if isinstance(theme, dict) else "en"
    key = hashlib.blake2b(str(config_file).encode(), digest_size=6).hexdigest()
    nav, extensions = data.get("nav"), data.get("markdown_extensions")
    if isinstance(extensions, dict):  # MkDocs takes both forms
        extensions = [{name: options} for name, options in extensions.items()]
    return Settings(
        root=root,
        config_file=config_file,
        site_name=str(data.get("site_name") or "Help"),
        site_url=_url(data.get("site_url")),
        content=docs,
        stores=root / "stores",
        languages=(language if _is_code(language) else "en",),
        output=output / key,
        foreign=True,
        extensions=tuple(item for item in extensions if isinstance(item, str | dict)) if isinstance(extensions, list) else (),
        nav=tuple(nav) if isinstance(nav, list) else (),
        notices=tuple(_not_used(data)),
        exclude="\n".join(str(data[name]) for name in ("exclude_docs", "draft_docs") if data.get(name)),
        snippet_folders=tuple(_snippet_folders(root, extensions)),
    )


def _not_used(data: dict[str, Any]) -> list[str]:
    """Name what a foreign site brings along as code or looks: it is never run."""
    reasons = {"search": ": Helpstand's own search takes its place"}
    notices = [f"plugin '{name}' is not run{reasons.get(name, '')}" for name in _plugin_names(data)]
    notices += [f"hook '{hook}' is not run" for hook in _list(data.get("hooks"))]
    theme = data.get("theme")
    if isinstance(theme, dict) and theme.get("custom_dir"):
        notices.append(f"theme folder '{theme['custom_dir']}' is not used: the pages have Helpstand's look")
    notices += [f"style sheet '{item}' is not used" for item in _list(data.get("extra_css"))]
    notices += [f"script '{item}' is not run" for item in _list(data.get("extra_javascript"))]
    return notices


def _snippet_folders(root: Path, extensions: object) -> list[Path]:
    """Return the `base_path` folders of pymdownx.snippets that lie inside the site."""
    folders = []
    for item in extensions if isinstance(extensions, list) else ():
        if isinstance(item, dict) and isinstance(item.get("pymdownx.snippets"), dict):
            folders += [(root / base).resolve() for base in _list(item["pymdownx.snippets"].get("base_path"))]
    return [folder for folder in folders if folder.is_dir() and folder.is_relative_to(root.resolve())]


def _list(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value] if value else []
    return [str(item.get("path", item)) if isinstance(item, dict) else str(item) for item in items]


def _plugin_names(data: dict[str, Any]) -> list[str]:
    plugins = data.get("plugins") or []
    return [str(next(iter(item), "")) if isinstance(item, dict) else str(item) for item in plugins]


def _names_plugin(data: dict[str, Any], name: str) -> bool:
    return name in _plugin_names(data)


def _is_code(code: str) -> bool:
    parts = code.split("-")
    return 2 <= len(parts[0]) <= 3 and all(part.isalnum() and part.isascii() for part in parts)


def _url(value: object) -> str:
    text = str(value or "")
    return text if not text or text.endswith("/") else text + "/"


class _TolerantLoader(yaml.SafeLoader):
    """Loads a foreign mkdocs.yml without running anything: unknown tags become their text."""


def _tag_as_text(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node) or suffix
    return loader.construct_mapping(node) if isinstance(node, yaml.MappingNode) else loader.construct_sequence(node)  # type: ignore[arg-type]


_TolerantLoader.add_multi_constructor("!", _tag_as_text)
_TolerantLoader.add_multi_constructor("tag:yaml.org,2002:python/", _tag_as_text)


def _read(config_file: Path, depth: int = 0) -> dict[str, Any]:
    try:
        if config_file.stat().st_size > MAX_CONFIG_BYTES:
            raise SettingsError(f"{config_file}: larger than 1 MB, this is not a mkdocs.yml")
        data = yaml.load(config_file.read_text(encoding="utf-8-sig"), Loader=_TolerantLoader)  # noqa: S506, it is a SafeLoader
    except FileNotFoundError:
        raise SettingsError(f"{config_file}: not found. Cure: start in the project's folder, or name the file with -f") from None
    except IsADirectoryError:
        raise SettingsError(f"{config_file}: this is a folder. Cure: -f {config_file}/mkdocs.yml") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{config_file}: not UTF-8 at byte {error.start}. Cure: save the file as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{config_file}: cannot be read ({error.strerror})") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise SettingsError(f"{config_file}{line}: not valid YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(data, dict):
        raise SettingsError(f"{config_file}: must be a mapping of settings, such as `site_name: …`")
    settings: dict[str, Any] = data
    parent = settings.pop("INHERIT", None)
    if parent and depth < 5:
        settings = _merge(_read((config_file.parent / str(parent)).resolve(), depth + 1), settings)
    return settings


def _merge(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    """Return what MkDocs' INHERIT makes of two files: mappings merge, everything else is the child's."""
    merged = dict(parent)
    for key, value in child.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged
