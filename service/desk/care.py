"""`./helpstand desk tidy`, `erase` and `export`: what is kept, and for how long."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from service.desk.privacy import erase_case, export_case
from service.desk.run import Options, database_of
from service.reference import ReferenceProblem, parse_reference
from service.store import StoreError, open_store
from service.store.cases import NoCaseError
from service.store.tidy import CASE_MONTHS
from service.store.tidy import tidy as tidied

if TYPE_CHECKING:
    from service.store import Store

USAGE, MACHINE = 2, 3
BY = "command line"
months = click.option(
    "--keep-cases",
    "case_months",
    type=click.IntRange(0, 600),
    default=CASE_MONTHS,
    show_default=True,
    help="Months after its end until a case is erased; 0 keeps it for ever.",
)


@click.command("tidy")
@months
@click.pass_obj
def tidy(options: Options, case_months: int) -> None:
    """Take away what is over its time; the desk does it each day by itself."""
    store = opened(options)
    done = store.writing(lambda connection: tidied(connection, _now(), case_months=case_months))
    store.close()
    click.echo(
        f"{done.folded} counts added up, {done.counts} too old, {done.phrases} phrases gone, "
        f"{done.sessions} sessions over, {done.erased} cases erased, {done.held} held mails thrown away, "
        f"{done.quarantined} of the quarantine gone, {done.audit} lines of the audit gone"
    )


@click.command("erase")
@click.argument("reference")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@click.pass_obj
def erase(options: Options, reference: str, *, yes: bool) -> None:
    """Empty what is personal of a case, by its number; it cannot be brought back."""
    number = _number(reference)
    if not yes:
        click.confirm(f"{number}: name, address, words and answers go for good. Go on?", abort=True)
    store = opened(options)
    try:
        erase_case(store, number, BY, _now())
    except NoCaseError as error:
        _end(str(error), USAGE)
    finally:
        store.close()
    click.echo(f"{number}: erased")


@click.command("export")
@click.argument("reference")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export(options: Options, reference: str, file: Path) -> None:
    """Write everything that is kept of a case into a zip file, for the person whose case it is."""
    number = _number(reference)
    store = opened(options)
    try:
        content = export_case(store, number, BY, _now())
    except NoCaseError as error:
        _end(str(error), USAGE)
    finally:
        store.close()
    try:
        with file.open("xb") as target:
            file.chmod(0o600)
            target.write(content)
    except OSError as error:
        _end(f"{file}: {error.strerror}")
    click.echo(f"{file}: written")


def opened(options: Options) -> Store:
    """Open the desk's store; ends the command with the reason where that cannot be done."""
    try:
        return open_store(database_of(options.folder, options.database))
    except StoreError as error:
        _end(str(error))


def _number(text: str) -> str:
    try:
        return str(parse_reference(text))
    except ReferenceProblem as error:
        _end(str(error), USAGE)


def _now() -> int:
    return int(time.time() * 1000)


def _end(text: str, code: int = MACHINE) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(code)
