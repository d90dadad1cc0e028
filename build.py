"""Helpstand's one command. It wires the packages and has no logic of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guides.problems import Problem, Severity
from guides.settings import Settings, SettingsError, load_settings
from guides.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).resolve().parent
CONTENT, USAGE, MACHINE = 1, 2, 3
"""Exit codes: the user's content has errors, wrong use, the machine or network."""
SHOWN_AT_START = 5


class Failed(click.ClickException):
    """Ends a command with a message and an exit code, without a traceback."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click declares it on the class

    def show(self, file: Any = None) -> None:  # noqa: ARG002, click's signature
        """Print the message as it is: it names its own place."""
        click.echo(self.message, err=True)


def site_option(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take any MkDocs site."""
    path = click.Path(path_type=Path)
    return click.option(
        "-f",
        "--config-file",
        type=path,
        default=ROOT / "mkdocs.yml",
        help="mkdocs.yml of any MkDocs site; Helpstand's own by default.",
    )(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Turn Markdown product guides into a searchable help center, on the web and on in-store kiosks."""


# --- content -----------------------------------------------------------------------------------------------------------


@main.command()
@site_option
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the problems, or the matrix, as JSON.")
@click.option("--coverage", "as_matrix", is_flag=True, help="Print how many live guides each product has per stage and language.")
@click.option(
    "--diagram", is_flag=False, flag_value="all", metavar="[ID]", help="Print a troubleshooter, or all, as Mermaid diagrams."
)
def check(config_file: Path, *, strict: bool, as_json: bool, as_matrix: bool, diagram: str | None) -> None:
    """Check every content rule, without building."""
    from guides import coverage

    settings = _settings(config_file)
    library, problems = _checked(settings)
    if diagram is not None:
        _diagrams(library, diagram)
        if _errors(problems):
            click.echo(f"{_summary(problems)} `check` without --diagram lists them.", err=True)
    elif as_matrix:
        cells = coverage.coverage(library, date.today())  # noqa: DTZ011, the writer's own day
        click.echo(json.dumps(coverage.as_json(cells)) if as_json else coverage.as_table(cells))
    elif as_json:
        click.echo(
            json.dumps([{**vars(found), "severity": found.severity.value} for found in problems], ensure_ascii=False, indent=1)
        )
    else:
        _show(problems)
        _show_notices(settings)
        click.echo(_summary(problems))
    if _errors(problems) or (strict and problems):
        sys.exit(CONTENT)


def _diagrams(library: Any, wanted: str) -> None:
    from guides.trees.mermaid import mermaid

    trees = {guide.id: guide.tree for guide in library.by_language(library.languages[0]) if guide.tree}
    if wanted != "all":
        _known(wanted, list(trees), "troubleshooter")
    for name, tree in trees.items():
        if wanted in {"all", name}:
            click.echo(f"### {name}: {tree.title}\n\n```mermaid\n{mermaid(tree)}```\n")


@main.command()
@site_option
@click.argument("kind", metavar="TYPE")
@click.argument("product")
@click.argument("slug")
def new(config_file: Path, kind: str, product: str, slug: str) -> None:
    """Write a guide from a template: `new howto ak-200 descale`."""
    from guides.library import load_library
    from guides.new import NewGuideError, new_guide

    settings = _settings(config_file)
    try:
        path = new_guide(settings, load_library(settings)[0], kind, product, slug)
    except NewGuideError as error:
        raise Failed(str(error), USAGE) from None
    except OSError as error:
        raise _machine_error(error, settings) from error
    click.echo(f"{settings.shown(path)}: written. Fill it in, then run ./helpstand check")


@main.command()
def schemas() -> None:
    """Write the JSON Schemas of files (for editors) and of messages (for other programs), into schemas/."""
    from guides.schemas import write_schemas
    from service.messages.schemas import write_message_schemas

    for path in [*write_schemas(ROOT / "schemas"), *write_message_schemas(ROOT / "schemas" / "messages")]:
        click.echo(path.relative_to(ROOT).as_posix())


# --- site --------------------------------------------------------------------------------------------------------------


@main.command()
@site_option
@click.option("--clean", is_flag=True, help="Build even if nothing has changed.")
@click.option("--verify", is_flag=True, help="Build a second time into another folder and compare every byte.")
@click.option("--strict", is_flag=True, help="Warnings count as errors; the last good build stays.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day the build is made for (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON.")
def build(config_file: Path, *, clean: bool, verify: bool, strict: bool, as_of: Any, as_json: bool) -> None:
    """Build the site and its search index into build/."""
    settings = _settings(config_file)
    day = as_of.date() if as_of else date.today()  # noqa: DTZ011, the shop's own day
    facts = _build(settings, day, force=clean or verify or strict or as_of is not None, strict=strict, shown=None)
    if verify:
        _verify(settings, day)
    click.echo(json.dumps(facts) if as_json else _built(facts, settings))


@main.command()
@site_option
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--kiosk", "as_kiosk", is_flag=True, help="Show the pages as the kiosk does.")
def serve(config_file: Path, port: int, *, as_kiosk: bool) -> None:
    """Show the site while it is written: builds again when a file changes, and the page reloads itself."""
    from kiosk.preview import preview

    settings = _settings(config_file)

    def rebuild() -> str:
        try:
            return _built(_build(settings, date.today(), force=False, strict=False, shown=SHOWN_AT_START), settings)  # noqa: DTZ011
        except Failed as failed:
            return failed.message

    watched = [settings.content, settings.stores, settings.config_file, ROOT / "theme" / "site"]
    sys.exit(preview(settings.output / "site", settings.output / "index", watched, rebuild, port=port, as_kiosk=as_kiosk))


@main.command()
@click.argument("words", default="")
@site_option
@click.option("--lang", default="", help="Language to search in (default: the source language).")
@click.option("--product", default=None, help="Only guides of this product.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as the kiosk's API gives it.")
@click.option("--explain", "why", is_flag=True, help="Say why the best pages stand where they do.")
@click.option("--meaning", is_flag=True, help="Also by meaning, as a kiosk with `meaning = true` does.")
@click.option("--zero", is_flag=True, help="List the golden questions whose page is not first.")
@click.option(
    "--queries", type=click.Path(path_type=Path), default=None, help="With --zero: their file [default: tests/queries.yml]."
)
def search(
    words: str,
    config_file: Path,
    lang: str,
    product: str | None,
    queries: Path | None,
    *,
    as_json: bool,
    why: bool,
    zero: bool,
    meaning: bool,
) -> None:
    """Ask the search index: `search "my kettle stinks"`."""
    from search_index.searcher import Searcher

    settings = _settings(config_file)
    _known(lang, settings.languages, "language")
    _known(product, sorted(path.stem for path in settings.content.glob("products/*.yml")), "product")
    if not words and not zero:
        raise click.UsageError('what to search for is missing. Try: ./helpstand search "my kettle stinks"')
    _fresh(settings, shown=SHOWN_AT_START, meaning=meaning)
    with Searcher.open(settings.output / "index", meaning=meaning) as searcher:
        if searcher.without_meaning:
            click.echo(f"By words alone: {searcher.without_meaning}", err=True)
        if zero:
            _show_misses(searcher, queries or config_file.resolve().parent / "tests/queries.yml")
        elif why:
            _show_reasons(searcher.explain(words, lang or settings.source_language, product), as_json=as_json)
        else:
            _show_answer(searcher.search(words, lang or settings.source_language, product), as_json=as_json)


def _show_answer(answer: Any, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    if answer["did_you_mean"]:
        click.echo(f"Results for: {answer['did_you_mean']}")
    for number, result in enumerate(answer["results"], 1):
        passage = "".join(click.style(piece["text"], bold=piece["mark"]) for piece in result["passage"])
        click.echo(f"{number}. {click.style(result['title'], bold=True)}  {result['url']}\n   {passage}")
    if not answer["results"]:
        links = (answer["zero_result_help"] or {"links": []})["links"]
        click.echo("Nothing found. Nearest pages:" if links else "Nothing to search for: give some words.")
        for link in links:
            click.echo(f"   {link['title']}  {link['url']}")


def _show_reasons(reasons: Any, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(reasons, ensure_ascii=False, indent=1))
        return
    for number, page in enumerate(reasons, 1):
        click.echo(f"{number}. {click.style(page['title'], bold=True)}  {page['id']}  score {page['score']}")
        exact = "its code or model number was asked for; " if page["exact"] else ""
        held = f"{page['share']:.0%} of the question; best passage +{page['passage']}; best alias +{page['alias']}"
        meant = f"; meaning +{page['meaning']}" if page["meaning"] else ""
        click.echo(f"   {exact}{held}{meant}")
        for word in page["words"]:
            where = f"text {word['text']}, title {word['title']}" if word["found"] else "not on this page"
            as_ = f" as '{word['found']}'" if word["found"] not in {"", word["word"]} else ""
            click.echo(f"   {word['word']}{as_}: {where}")
    if not reasons:
        click.echo("Nothing found: no page has any of these words.")


def _show_misses(searcher: Any, path: Path) -> None:
    from search_index.golden import GoldenError, misses, read_questions

    try:
        asked = read_questions(path)
    except GoldenError as error:
        raise Failed(str(error), USAGE) from None
    found = list(misses(searcher, asked))
    for miss in found:
        place = f"page {miss.place}" if miss.place else "not found"
        click.echo(f"{miss.lang}  {miss.text}\n   first: {miss.first or 'nothing'}; wanted ({place}): {', '.join(miss.wanted)}")
    click.echo(f"{len(found)} of {sum(bool(question['answer']) for question in asked)} questions do not find their page first.")


# --- kiosk -------------------------------------------------------------------------------------------------------------


@main.command()
@site_option
@click.option(
    "--kiosk-config",
    type=click.Path(path_type=Path),
    default=None,
    help="The kiosk's own settings [default: kiosk.toml beside mkdocs.yml].",
)
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Port on 127.0.0.1 (default: any free one).")
@click.option("--backend", type=click.Choice(["auto", "gtk", "qt", "webview2", "none"]), default=None, help="Window backend.")
@click.option("--windowed", is_flag=True, help="Not full screen.")
@click.option("--install", is_flag=True, help="Write systemd units and a session for this machine; nothing is started.")
@click.option("--user", default="kiosk", show_default=True, help="With --install: the user that the kiosk runs as.")
@click.option("--session", type=click.Choice(["x11", "cage"]), default="x11", show_default=True, help="With --install.")
@click.option(
    "--screen",
    "screens",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --install: the settings of one screen's kiosk; once for each screen of this machine.",
)
@click.option("--agent", is_flag=True, help="Send and fetch for the kiosk, without window and listener: its second process.")
@click.option("--enrol", "code", default="", help="Make this kiosk known to the desk, by the one-time code that the desk gave.")
@click.option("--staff-pin", is_flag=True, help="Ask for a PIN, print its line for kiosk.toml, and end.")
def kiosk(
    config_file: Path,
    kiosk_config: Path | None,
    port: int | None,
    backend: str | None,
    user: str,
    session: str,
    code: str,
    *,
    screens: tuple[Path, ...],
    windowed: bool,
    install: bool,
    agent: bool,
    staff_pin: bool,
) -> None:
    """Build what changed, index it, and open the kiosk."""
    from kiosk.__main__ import command
    from kiosk.app import Options
    from kiosk.config import ConfigError, load_config
    from kiosk.supervisor import take_over

    if staff_pin:
        _staff_pin()
        return
    if kiosk_config and not kiosk_config.exists():
        raise Failed(f"{kiosk_config}: not found", USAGE)
    settings = _settings(config_file)
    try:
        config = load_config(kiosk_config or settings.root / "kiosk.toml")
    except ConfigError as error:
        raise Failed(str(error), CONTENT) from None
    chosen = {"port": port, "backend": backend, "fullscreen": False if windowed else None}
    config = config.model_copy(update={key: value for key, value in chosen.items() if value is not None})
    _known(config.store, sorted(path.stem for path in settings.stores.glob("*.yml")), f"store ({config.place('store')})")
    state = Path(os.environ.get("STATE_DIRECTORY") or settings.output / "state")
    if install:
        _install(config_file, user, session, config.memory_mb, screens)
        return
    if agent:
        sys.exit(_agent(config, state))
    if code:
        _enrol(config, state, code)
        return
    _fresh(settings, shown=SHOWN_AT_START, meaning=config.meaning)
    site, index = settings.output / "site", settings.output / "index"
    wanted = ["--meaning"] if config.meaning else []
    reindex = [sys.executable, str(ROOT / "build.py"), "reindex", *wanted, str(site), str(index)]
    take_over(command(config, site, index, Options(state=state, staff=settings.output / "staff", reindex=tuple(reindex))))


@main.command(hidden=True)
@click.argument("site", type=click.Path(path_type=Path))
@click.argument("index", type=click.Path(path_type=Path))
@click.option("--meaning", is_flag=True)
def reindex(site: Path, index: Path, *, meaning: bool) -> None:
    """Build the index of a built site anew, for a kiosk whose own is broken; others come first."""
    from search_index.errors import SearchIndexError
    from search_index.indexer import build_index

    os.nice(10)
    try:
        build_index(site, index, meaning=meaning)
    except SearchIndexError as error:
        raise Failed(str(error), MACHINE) from None


def _install(config_file: Path, user: str, session: str, memory_mb: int, screens: tuple[Path, ...]) -> None:
    from kiosk.config import ConfigError
    from kiosk.install.settings import read_screens
    from kiosk.install.units import Place
    from kiosk.install.writing import InstallError, install, next_steps

    try:
        several = read_screens(screens, session)
        place = Place(ROOT, config_file.resolve(), user, session, memory_mb, screens=several)
    except ConfigError as error:
        raise Failed(str(error), CONTENT) from None
    try:
        written = install(place)
    except InstallError as error:
        raise Failed(str(error), MACHINE) from None
    click.echo("".join(f"written: {path}\n" for path in written) + "\nNow run, as root:\n")
    click.echo("".join(f"  {step}\n" for step in next_steps(place)), nl=False)


def _enrol(config: Any, state: Path, code: str) -> None:
    from kiosk.outbound import Outbound, OutboundError
    from service.outbox import Identity, OutboxError, introduce

    if not config.desk:
        raise Failed(f"{config.place('desk')}: the address of the desk is missing. Set desk in kiosk.toml", USAGE)
    try:
        known = introduce(Identity(state), Outbound.to(config.desk), config.desk, code)
    except (OutboundError, OutboxError, OSError) as error:
        raise Failed(f"{config.desk}: {error}", MACHINE) from None
    click.echo(f"This kiosk is known to the desk as {known.kiosk}.")


def _agent(config: Any, state: Path) -> int:
    """Run the agent with every errand that the settings ask for. Whatever else is to be sent is one more entry of this list."""
    from kiosk.agent import Sender, run
    from kiosk.calling import caller_of
    from kiosk.health import Health
    from kiosk.heartbeat import Heartbeat
    from kiosk.log import Log
    from kiosk.outbound import Outbound
    from service.outbox import Identity, Outbox, OutboxErrand

    senders: list[Sender] = []
    if config.desk:
        identity, outbox = Identity(state), Outbox(state / "outbox.sqlite")
        senders = [
            Heartbeat(config.desk, identity, outbox, Health(state)),
            OutboxErrand(config.desk, outbox, identity),
        ]
    try:
        return run(senders, Outbound.to(config.desk), state, caller_of(config, state, Log(state, "agent")))
    except BlockingIOError:
        raise Failed(f"{state}: another agent of this kiosk is at work", MACHINE) from None


# What stands behind the name, `--help` too, belongs to the desk.
@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def desk(context: click.Context, arguments: tuple[str, ...]) -> None:
    """Run the service desk: SQLite by default, DATABASE_URL=postgresql://… when outgrown."""
    try:
        from service.desk.command import command
    except ModuleNotFoundError as error:
        raise Failed(f"the desk's packages are not installed ({error.name}). Start it by: ./helpstand desk", MACHINE) from None
    sys.exit(command.main(list(arguments), context.command_path, standalone_mode=False, terminal_width=context.terminal_width))


# What stands behind the name, `--help` too, belongs to the service.
@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def insights(context: click.Context, arguments: tuple[str, ...]) -> None:
    """Tell what readers miss, for writers: from the desk's counts and cases."""
    try:
        from service.desk.listening import command
    except ModuleNotFoundError as error:
        raise Failed(
            f"the desk's packages are not installed ({error.name}). Install them by: ./helpstand desk", MACHINE
        ) from None
    sys.exit(command.main(list(arguments), context.command_path, standalone_mode=False, terminal_width=context.terminal_width))


@main.command()
def doctor() -> None:
    """Say what is missing on this machine, and the one line that installs it."""
    from kiosk.doctor import findings

    found = findings()
    for finding in found:
        click.echo(str(finding))
    click.echo("Nothing is missing." if not found else "", nl=not found)
    sys.exit(MACHINE if found else 0)


# --- developers --------------------------------------------------------------------------------------------------------


@main.command(context_settings={"ignore_unknown_options": True})
@click.option("--fast", is_flag=True, help="Under a minute: no slow, browser or window tests.")
@click.option("--all", "everything", is_flag=True, help="Everything long: soaks, big sets, many kills.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(pytest_arguments: tuple[str, ...], *, fast: bool, everything: bool) -> None:
    """Run the suite as CI does: format, lint, types, tests, and the legs on other engines."""
    from tests.suite import run_suite

    sys.exit(run_suite(ROOT, fast=fast, everything=everything, pytest_arguments=pytest_arguments))


BENCHES = ["build", "desk", "kiosk", "pages", "parity", "screens", "screenshots", "search", "trees"]


# What stands behind the name, `--help` too, belongs to the bench of that name.
@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("name", type=click.Choice(BENCHES))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def bench(context: click.Context, name: str, arguments: tuple[str, ...]) -> None:
    """Measure figures beside their peers in one run: `bench build`, `bench pages`, `bench kiosk`."""
    from importlib import import_module

    words = {"prog_name": f"{context.command_path} {name}", "terminal_width": context.terminal_width}
    sys.exit(import_module(f"bench.{name}").command.main(list(arguments), standalone_mode=False, **words))


# --- wiring ------------------------------------------------------------------------------------------------------------


def _settings(config_file: Path) -> Settings:
    try:
        return load_settings(config_file, ROOT / "build" / "other")
    except SettingsError as error:
        raise Failed(str(error), CONTENT if config_file.is_file() else USAGE) from None


def _staff_pin() -> None:
    from kiosk.staff import PinError, hashed

    pin = click.prompt("PIN of 6 to 12 digits", hide_input=True, confirmation_prompt="Once more")
    try:
        click.echo(f'staff_pin = "{hashed(pin)}"')
    except PinError as error:
        raise Failed(str(error), USAGE) from None


def _known(value: str | None, choices: Iterable[str], what: str) -> None:
    """End with a suggestion where an option names something that is not there."""
    names = list(choices)
    if value and value not in names:
        there_are = f" There are: {', '.join(names) or 'none'}."
        raise Failed(f"unknown {what} '{value}'.{did_you_mean(value, names) or there_are}", USAGE)


def _checked(settings: Settings) -> tuple[Any, list[Problem]]:
    from guides.check import check as check_rules
    from guides.library import load_library
    from search_index.languages import stop_words

    library, problems = load_library(settings)
    today = date.today()  # noqa: DTZ011, the writer's own day
    return library, check_rules(settings, library, problems, today, stop_words=stop_words)


def _fresh(settings: Settings, shown: int, *, meaning: bool = False) -> None:
    """Build what changed; where content has errors, say so and go on with the last good build."""
    try:
        facts = _build(settings, date.today(), force=False, strict=False, shown=shown, meaning=meaning)  # noqa: DTZ011
        click.echo(_built(facts, settings), err=True)
    except Failed as failed:
        if not (settings.output / "site" / "helpstand.json").exists():
            raise
        click.echo(f"{failed.message}\nGoing on with the last good build.", err=True)


def _build(
    settings: Settings, as_of: date, *, force: bool, strict: bool, shown: int | None, meaning: bool = False
) -> dict[str, Any]:
    """Build what changed; every failure becomes a message, and leaves the last good build as it is."""
    from guides.engine.driver import EngineError
    from guides.engine.output import one_build
    from search_index.errors import SearchIndexError

    started = time.perf_counter()
    try:
        with one_build(settings.output, waiting=lambda: click.echo("waiting for another build to end …", err=True)):
            facts = _build_changed(settings, as_of, force=force, strict=strict, shown=shown, meaning=meaning)
    except SearchIndexError as error:
        raise Failed(str(error), MACHINE) from error
    except EngineError as error:
        raise Failed(f"{error}\nThe last good build stays.", CONTENT) from error
    except OSError as error:
        raise _machine_error(error, settings) from error
    return {**facts, "seconds": round(time.perf_counter() - started, 2)}


def _build_changed(
    settings: Settings, as_of: date, *, force: bool, strict: bool, shown: int | None, meaning: bool
) -> dict[str, Any]:
    from guides.coverage import as_json, coverage
    from guides.engine.driver import build_site
    from guides.engine.inputs import inputs_digest
    from guides.engine.output import recover, staged, weight
    from search_index.corpus import analyse_site
    from search_index.export import write_export
    from search_index.indexer import build_index

    site, index, stamp = settings.output / "site", settings.output / "index", settings.output / "cache" / "inputs"
    staff = settings.output / "staff"
    digest = inputs_digest(settings)
    recover(site)
    recover(staff)
    if (
        not force
        and stamp.is_file()
        and stamp.read_bytes() == f"{digest} {weight(site)} {weight(staff)}".encode()
        and _usable(index)
    ):
        if meaning and _lacks_meaning(index):
            build_index(site, index, meaning=True)
        return {"built": False}
    library, problems = _checked(settings)
    if not settings.foreign and _errors(problems):
        _show(problems)
        raise Failed(f"{_summary(problems)} Nothing was built; the last good build stays.", CONTENT)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    with staged(site) as folder, staged(staff) as beside:
        report = build_site(settings, library, folder, as_of, beside)
        problems = _merged(problems, report.problems)
        _show(problems, shown)
        _show_notices(settings)
        if strict and problems:
            raise Failed(f"{_summary(problems)} --strict: nothing was built; the last good build stays.", CONTENT)
        corpora = analyse_site(folder)
        write_export(folder, corpora)
    # A kiosk that has asked for search by meaning keeps it, whoever builds.
    indexed = build_index(site, index, corpora=corpora, meaning=meaning or any(index.glob("built-*/*/meaning.bin")))
    (settings.output / "coverage.json").write_text(json.dumps(as_json(coverage(library, as_of))), encoding="utf-8")
    stamp.write_bytes(f"{digest} {weight(site)} {weight(staff)}".encode())
    counts = {"errors": _errors(problems), "warnings": len(problems) - _errors(problems)}
    return {"built": True, "pages": report.pages, "languages": report.languages, "documents": indexed.total, **counts}


def _usable(index: Path) -> bool:
    from search_index.errors import SearchIndexError
    from search_index.searcher import Searcher

    try:
        Searcher.open(index).close()
    except SearchIndexError:
        return False
    return True


def _lacks_meaning(index: Path) -> bool:
    from search_index.searcher import Searcher

    with Searcher.open(index, meaning=True) as searcher:
        return bool(searcher.without_meaning)


@main.command(hidden=True)
@site_option
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("as_of", type=click.DateTime(["%Y-%m-%d"]))
def again(config_file: Path, folder: Path, as_of: Any) -> None:
    """Build into a folder, for `build --verify`: in a process of its own, with nothing left over from the first build."""
    from guides.engine.driver import build_site
    from search_index.export import write_export

    settings = _settings(config_file)
    folder.mkdir()
    build_site(settings, _checked(settings)[0], folder, as_of.date())
    write_export(folder)


def _verify(settings: Settings, as_of: date) -> None:
    """Build again elsewhere, with another hash seed and time zone, and compare."""
    import subprocess
    import tempfile

    from guides.engine.compare import differing

    with tempfile.TemporaryDirectory(prefix="helpstand-verify-") as name:
        folder = Path(name) / "site"
        command = [
            sys.executable,
            str(ROOT / "build.py"),
            "again",
            "-f",
            str(settings.config_file),
            str(folder),
            as_of.isoformat(),
        ]
        other = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland"}
        done = subprocess.run(  # noqa: S603, our own command
            command, env={**os.environ, **other}, check=False, capture_output=True, text=True, timeout=3600
        )
        if done.returncode:
            raise Failed(f"verify: the second build ended with {done.returncode}:\n{done.stderr}", MACHINE)
        different = differing(settings.output / "site", folder)
    if different:
        raise Failed("verify: these files differ between two builds of the same content:\n" + "\n".join(different), MACHINE)
    click.echo("verify: two builds, 0 bytes different", err=True)


def _merged(problems: Iterable[Problem], of_build: Iterable[Problem]) -> list[Problem]:
    """Add what only the build can find; what a content rule says of the same line is said once."""
    known = list(problems)
    told = {(found.path, found.line) for found in known if found.rule.startswith(("link", "html", "picture"))}
    return sorted({*known, *(found for found in of_build if (found.path, found.line) not in told)})


def _errors(problems: Iterable[Problem]) -> int:
    return sum(found.severity is Severity.ERROR for found in problems)


def _show(problems: list[Problem], limit: int | None = None) -> None:
    """Print the errors, then the warnings, each kind under its name."""
    left = limit
    for severity in Severity:
        kind = [found for found in problems if found.severity is severity]
        shown = kind[:left]
        if shown:
            click.secho(f"{severity.value}s:", bold=True, err=True)
        for found in shown:
            click.echo(str(found), err=True)
        left = None if left is None else left - len(shown)
    if limit is not None and len(problems) > limit:
        click.echo(f"… and {len(problems) - limit} more. See them all: ./helpstand check", err=True)


def _show_notices(settings: Settings) -> None:
    for notice in settings.notices:
        click.echo(f"{settings.config_file.name}: {notice}", err=True)


def _summary(problems: list[Problem]) -> str:
    errors = _errors(problems)
    return f"{errors} error{'s' * (errors != 1)}, {len(problems) - errors} warning{'s' * (len(problems) - errors != 1)}."


def _built(facts: dict[str, Any], settings: Settings) -> str:
    if not facts["built"]:
        return f"nothing has changed since the last build ({facts['seconds']} s)"
    place = os.path.relpath(settings.output / "site")
    counts = f"{facts['errors']} errors, {facts['warnings']} warnings"
    return f"built {facts['pages']} pages in {', '.join(facts['languages'])}: {place} ({counts}, {facts['seconds']} s)"


def _machine_error(error: OSError, settings: Settings) -> Failed:
    import errno

    cures = {
        errno.ENOSPC: f"Free some space ({shutil.disk_usage(ROOT).free // 2**20} MB are free here)",
        errno.EDQUOT: "Your disk quota is used up: free some space",
        errno.EACCES: "Give yourself the right to write there",
        errno.EPERM: "Give yourself the right to write there",
        errno.EEXIST: "A file stands where a folder must be: move it away",
        errno.ENOTDIR: "A file stands where a folder must be: move it away",
        errno.EROFS: "The disk is read-only: build elsewhere, or make it writable",
    }
    place = error.filename or settings.output
    cure = cures.get(error.errno or 0, "Look at that place")
    kept = " The last good build stays." if (settings.output / "site/helpstand.json").is_file() else ""
    return Failed(f"{place}: {error.strerror or error}. {cure}, then start again.{kept}", MACHINE)


if __name__ == "__main__":
    main(prog_name="./helpstand")
