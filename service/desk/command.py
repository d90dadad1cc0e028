"""`./helpstand desk`: run the service desk, let kiosks and people in."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from service.connectors.config import FILE_NAME as ROUTES_FILE
from service.connectors.config import RoutesError, load_routes
from service.connectors.targets import NAMES
from service.desk import care
from service.desk.backup import BackupError
from service.desk.keeping import COMMANDS
from service.desk.keyring import KeysError
from service.desk.mail.command import check, take
from service.desk.passwords import WeakPasswordError, hashed
from service.desk.run import Options, database_of, run
from service.desk.sessions import ROLES
from service.desk.settings import FILE_NAME, SettingsError, load_settings
from service.store import StoreError, open_store
from service.store.kiosks import new_code, revoke
from service.store.people import Account, disable_account, save_account

if TYPE_CHECKING:
    from service.connectors.config import Routes
    from service.store import Store

CONTENT, USAGE, MACHINE = 1, 2, 3


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("desk-data"),
    show_default=True,
    help="Keys and the embedded database.",
)
@click.option("--database-url", envvar="DATABASE_URL", default="", help="Such as postgresql://…; DATABASE_URL does the same.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8100, show_default=True)
@click.option(
    "--https", "secure", is_flag=True, help="People reach the desk by https (a proxy in front ends it): cookies say so."
)
@click.option(
    "--routes",
    "routes_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(ROUTES_FILE),
    show_default=True,
    help="Which cases are handed on to other desks; without the file, none.",
)
@click.option("--trusted-proxies", default="", help="Addresses of proxies whose X-Forwarded-For is believed.")
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="The folder of the guides [default: this one].")
@click.option(
    "--site",
    "sites",
    multiple=True,
    help="Origin of the help center whose pages may hand cases over and tell daily counts, such as https://help.shop.example.",
)
@care.months
@click.pass_context
def command(  # noqa: PLR0913, PLR0917, one for each option
    context: click.Context,
    folder: Path,
    database_url: str,
    host: str,
    port: int,
    trusted_proxies: str,
    routes_file: Path,
    project: Path,
    sites: tuple[str, ...],
    case_months: int,
    *,
    secure: bool,
) -> None:
    """Run the service desk, which takes in what kiosks send."""
    origins = tuple(site.rstrip("/") for site in sites)
    options = Options(folder, database_url, host, port, secure, trusted_proxies, project, origins, case_months, routes_file)
    context.obj = options
    if context.invoked_subcommand:
        return
    try:
        run(options, click.echo)
    except (RoutesError, SettingsError) as error:
        _end(str(error), CONTENT)
    except (StoreError, KeysError, BackupError) as error:
        _end(str(error))
    except OSError as error:
        _end(f"{host}:{port} cannot be used: {error.strerror}. Choose another with --port.")


@command.command("enrol")
@click.argument("kiosk")
@click.option("--store", "shop", default="", help="The shop in which it stands: the name of a file in stores/, without .yml.")
@click.pass_obj
def enrol(options: Options, kiosk: str, shop: str) -> None:
    """Print a one-time code that lets one kiosk in, within a quarter of an hour."""
    store = _store(options)
    code = store.writing(lambda connection: new_code(connection, kiosk, shop, int(time.time() * 1000)))
    store.close()
    click.echo(code)


@command.command("account")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="clerk", show_default=True)
@click.option("--shown-name", default="", help="The name that colleagues see.")
@click.option("--remove", is_flag=True, help="Let the account sign in no more.")
@click.password_option(help="Asked for if left out.", prompt_required=False, default=None)
@click.pass_obj
def account(options: Options, name: str, role: str, shown_name: str, password: str | None, *, remove: bool) -> None:
    """Make an account for somebody of the desk, or give it another password or role."""
    now = int(time.time() * 1000)
    store = _store(options)
    try:
        if remove:
            done = store.writing(lambda connection: disable_account(connection, name, now))
            click.echo(f"{name}: may no longer sign in" if done else f"there is no account '{name}'")
            return
        secret = hashed(name, password or click.prompt("Password", hide_input=True, confirmation_prompt=True))
        store.writing(lambda connection: save_account(connection, Account(name, shown_name, role, secret), now))
        click.echo(f"{name}: may sign in as {role}")
    except WeakPasswordError as error:
        _end(str(error), USAGE)
    finally:
        store.close()


@command.command("revoke")
@click.argument("kiosk")
@click.pass_obj
def revoke_kiosk(options: Options, kiosk: str) -> None:
    """Take all rights from a kiosk that was stolen or scrapped."""
    store = _store(options)
    lost = store.writing(lambda connection: revoke(connection, kiosk, "command line", int(time.time() * 1000)))
    store.close()
    if not lost:
        _end(f"no kiosk '{kiosk}' is enrolled", USAGE)
    click.echo(f"{kiosk}: may no longer post")


@command.command("routes")
@click.option("--check", is_flag=True, help="Only look whether the file is right: exit code 1 if not.")
@click.pass_obj
def show_routes(options: Options, *, check: bool) -> None:
    """Check routes.yml, and show which cases go where."""
    try:
        routes = load_routes(options.routes)
    except RoutesError as error:
        _end(str(error), CONTENT)
    if not options.routes.exists():
        click.echo(f"{options.routes}: not there; every case stays at this desk")
        return
    if not check:
        for line in told(routes):
            click.echo(line)
    click.echo(f"{options.routes}: {len(routes.rules)} rules, {len(routes.targets)} targets, nothing wrong")


def told(routes: Routes) -> list[str]:
    """Return the rules in words, one per line."""
    lines = []
    for number, rule in enumerate(routes.rules, 1):
        wanted = rule.model_dump(mode="json", exclude={"to", "priority", "group"}, exclude_defaults=True)
        when = ", ".join(f"{name} {_plain(value)}" for name, value in wanted.items()) or "everything else"
        kinds = {name: NAMES[getattr(target, "kind", "")] for name, target in routes.targets.items()}
        to = " and ".join(f"{name} ({kinds[name]})" if name in kinds else "stays at this desk" for name in rule.to)
        lines.append(f"{number}. {when} -> {to}")
    for number, one in enumerate(routes.defects, 1):
        wanted = one.model_dump(mode="json", exclude={"to"}, exclude_defaults=True)
        when = ", ".join(f"{name} {_plain(value)}" for name, value in wanted.items()) or "every defect"
        lines.append(f"defects {number}. {when} -> {' and '.join(one.to)}")
    return lines


def _plain(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else {True: "yes", False: "no"}.get(value is True, "")


for _more in (*COMMANDS, care.tidy, care.erase, care.export):
    command.add_command(_more)


@command.command("mail-in")
@click.option(
    "--from", "envelope", default=None, help="The sender that the mail server was told; empty for a mail that nobody may answer."
)
@click.pass_obj
def mail_in(options: Options, envelope: str | None) -> None:
    """Take one mail in from the standard input: for a mail server that pipes mails into a program."""
    sys.exit(take(options, sys.stdin.buffer, envelope, click.echo))


@command.command("mail-check")
@click.pass_obj
def mail_check(options: Options) -> None:
    """Sign in to the mail servers of desk.toml, and say what works."""
    try:
        settings = load_settings(options.folder / FILE_NAME)
    except SettingsError as error:
        _end(str(error), CONTENT)
    if not settings.mail:
        _end(f"{options.folder / FILE_NAME}: there is no part [mail].", CONTENT)
    if not check(settings.mail, options.folder, click.echo):
        sys.exit(MACHINE)


def _store(options: Options) -> Store:
    try:
        return open_store(database_of(options.folder, options.database))
    except StoreError as error:
        _end(str(error))


def _end(text: str, code: int = MACHINE) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(code)
