"""Running the desk from start to end."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from service.connectors.config import FILE_NAME as ROUTES_FILE
from service.connectors.config import load_routes
from service.desk.app import Parts, create_app
from service.desk.backup import desk_folder
from service.desk.courier import Courier
from service.desk.keyring import load_keyring
from service.desk.mail.post_office import PostOffice
from service.desk.project import Project
from service.desk.server import bind, make
from service.desk.settings import FILE_NAME, DeskSettings, SettingsError, load_settings
from service.store import open_store
from service.store.tidy import CASE_MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.desk.keyring import Keyring
    from service.desk.oidc import OidcSettings
    from service.store import Store


class Options(NamedTuple):
    """Where the desk keeps its things, and where it is reached."""

    folder: Path
    database: str
    host: str = "127.0.0.1"
    port: int = 8100
    secure: bool = False
    trusted_proxies: str = ""
    project: Path | None = None
    """The folder of the guides."""
    sites: tuple[str, ...] = ()
    case_months: int = CASE_MONTHS
    routes: Path = Path(ROUTES_FILE)


def database_of(folder: Path, url: str) -> str:
    """Return the address of the database: what was set, else one file in the desk's folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return url or f"sqlite:///{(folder / 'desk.sqlite').resolve()}"


def run(options: Options, say: Callable[[str], None]) -> None:
    """Serve until told to end by a signal; OSError when the port is taken, the others in words."""
    with desk_folder(options.folder, alone=False):
        settings = load_settings(options.folder / FILE_NAME)
        routes = load_routes(options.routes)
        keys = load_keyring(options.folder)
        store = open_store(database_of(options.folder, options.database))
        sock = bind(options.host, options.port)
        project = Project(options.project)
        mail = PostOffice(store, settings.mail, options.folder, hours=project.hours) if settings.mail else None
        courier = Courier(store, routes, greet=mail.greet if mail else None)
        try:
            app = create_app(_parts(options, settings, store, keys, courier, mail, project))
            courier.start()
            _settle()
            say(f"ready: http://{options.host}:{sock.getsockname()[1]}/")
            asyncio.run(make(app, trusted_proxies=options.trusted_proxies).serve(sockets=[sock]))
        finally:
            courier.stop()
            sock.close()
            store.close()


def _parts(
    options: Options,
    settings: DeskSettings,
    store: Store,
    keys: Keyring,
    courier: Courier,
    mail: PostOffice | None,
    project: Project,
) -> Parts:
    return Parts(
        store,
        keys,
        options.secure,
        oidc=load_company(options.folder),
        project=project,
        sites=options.sites,
        case_months=options.case_months,
        courier=courier,
        mail=mail,
        site=settings.site,
    )


def _settle() -> None:
    """Keep the collector from walking over the whole program while posts come in: it took a third of the time of reading them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def load_company(folder: Path) -> OidcSettings | None:
    """Read `oidc.toml` where there is one; only then its packages are needed."""
    if not (folder / "oidc.toml").exists():
        return None
    from service.desk.oidc import OidcError, load_oidc  # noqa: PLC0415

    try:
        return load_oidc(folder)
    except OidcError as error:
        raise SettingsError(str(error)) from None
