"""Cases, an outbox with its intake, and the keys of a desk, for all tests of the service."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import argon2
import psycopg
import pytest

from service.desk import passwords
from service.hours import BusinessHours
from service.messages import Enrolled
from service.outbox import Identity, Intake, Outbox
from service.sealing import new_private_key, public_of
from service.store import Store, open_store
from tests.service.mail_servers import PASSWORD, Imap, Smtp, running

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
HOURS = BusinessHours(zone="Europe/Berlin", week=dict.fromkeys(WEEKDAYS, ("09:30-20:00",)))


def form(**changes: Any) -> dict[str, Any]:
    """Return a filled form, as the page posts it."""
    filled: dict[str, Any] = {
        "language": "en",
        "details": {"flow": "complaint", "kind": "broken", "remedy": "exchange"},
        "words": "The kettle stops after a minute.",
        "reply": {"how": "mail", "address": "kim.miller@customer.example", "name": "Kim Miller"},
        "product": "kettle",
        "page": "kettle/does-not-heat",
    }
    return {**filled, **changes}


@pytest.fixture(scope="session")
def private() -> bytes:
    """Return the private key of a desk."""
    return new_private_key()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    """Return an empty outbox."""
    made = Outbox(tmp_path / "state" / "outbox.sqlite")
    yield made
    made.close()


@pytest.fixture
def intake(outbox: Outbox, private: bytes) -> Intake:
    """Return the intake of a shop in Berlin on a Monday morning."""
    return Intake(outbox, public_of(private), store="city", prefix="NH", hours=HOURS, clock=lambda: NOW)


@pytest.fixture
def identity(tmp_path: Path, private: bytes) -> Identity:
    """Return an enrolled kiosk."""
    made = Identity(tmp_path / "state")
    made.enrolled(Enrolled(kiosk="city-1", store="city", desk_key=public_of(private)).model_dump_json().encode())
    return made


def _postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs: Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    in_path = shutil.which("initdb")
    return Path(in_path).resolve().parent if in_path else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Run a real PostgreSQL of our own, without a port; its address has no database yet."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    # Its socket's path must be short, and it refuses to run as root.
    with tempfile.TemporaryDirectory(prefix="hs-pg-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o777)
        user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        run = [*user, "env", "LC_ALL=C.UTF-8", "HOME=/tmp"]
        done = [*run, str(programs / "initdb"), "-D", f"{folder}/data", "-U", "desk", "-A", "trust", "--no-sync"]
        try:
            subprocess.run(done, check=True, capture_output=True, timeout=120)
        except subprocess.CalledProcessError:  # such as in a chroot whose root folder only root may enter
            pytest.skip("PostgreSQL cannot be started here")
        options = [
            "-c",
            "listen_addresses=",
            "-k",
            str(folder),
            "-c",
            "shared_buffers=32MB",
            "-c",
            "max_connections=60",
            "-c",
            "fsync=off",
        ]
        server = subprocess.Popen(
            [*run, str(programs / "postgres"), "-D", f"{folder}/data", *options], stderr=subprocess.DEVNULL, cwd=folder
        )
        try:
            ready = [str(programs / "pg_isready"), "-h", str(folder), "-U", "desk", "-t", "30"]
            for _ in range(100):
                if subprocess.run(ready, capture_output=True, check=False, timeout=40).returncode == 0:
                    break
                time.sleep(0.1)
            yield f"postgresql://desk@/{{name}}?host={folder}"
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the newest tables, to be copied."""
    path = tmp_path_factory.mktemp("blank") / "desk.sqlite"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def blank_postgres(postgres: str) -> str:
    """Return the address of PostgreSQL, with a database `blank` to be copied."""
    empty_database(postgres, "blank", "template1")
    open_store(postgres.format(name="blank")).close()
    return postgres


def empty_database(address: str, name: str, template: str) -> str:
    """Make a database and return its address."""
    with psycopg.connect(address.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return address.format(name=name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a store of each kind to a test, or of the kinds that it or its module names."""
    if "database" in metafunc.fixturenames:
        named = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("database", named.args if named else ("sqlite", "postgresql"), indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty store, of each kind."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("blank"), tmp_path / "desk.sqlite")
        return f"sqlite:///{path}"
    return empty_database(request.getfixturevalue("blank_postgres"), f"t{uuid.uuid4().hex}", "blank")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Return an empty store, of each kind."""
    made = open_store(database, migrated=True)
    yield made
    made.close()


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost next to nothing."""
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Smtp, Imap]]:
    """Run a mail server and a mailbox, whose password the desk finds in DESK_IMAP."""
    monkeypatch.setenv("DESK_IMAP", PASSWORD)
    smtp, imap = Smtp(), Imap()
    with running(smtp), running(imap):
        yield smtp, imap


def until(true: Callable[[], Any], what: str, seconds: float = 90.0) -> Any:
    """Wait for something that must come, however slow the machine is, and return it."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, what
        time.sleep(0.05)
    return found


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate of `localhost`, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    cert, key = folder / "cert.pem", folder / "key.pem"
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    subprocess.run([*asked, *names], check=True, capture_output=True, timeout=120)
    return cert, key
