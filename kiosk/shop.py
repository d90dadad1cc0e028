"""What pages ask of the shop's own kiosk: a reminder or a slip to take along, whether the screen is lit, and the staff menu."""

import asyncio
import io
import platform
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk import call
from kiosk.access import answer, guarded
from kiosk.calls import Calls
from kiosk.condition import Condition, duration
from kiosk.hours import Hours, is_lit, read_hours
from kiosk.pages import read_page, with_state
from kiosk.receipt import Printer, PrinterError, slip
from kiosk.reminder import event
from kiosk.sessions import Sessions
from kiosk.shell import Shell
from kiosk.speech.speaker import Speaker
from kiosk.staff import Door
from kiosk.staff_pages import StaffPages
from kiosk.workers import BusyError, Workers

PRINT_REST = 5.0
MOST_EVENT = 1200


@dataclass
class ShopParts:
    """What stands around one kiosk."""

    printer: Printer | None = None
    door: Door = field(default_factory=lambda: Door(None))
    calls: Calls | None = None
    """Where a colleague is asked for; None where none can be called."""
    screen: str = "always"
    restart: Callable[[], None] = lambda: None
    condition: Callable[[], Condition] = Condition
    """What the staff menu tells of the kiosk beside its own facts."""
    pages: StaffPages = field(default_factory=lambda: StaffPages(None))
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    today: Callable[[], date] = date.today


class Takeaway:
    """What a visitor takes along."""

    def __init__(self, site: Path, shell: Shell, shop: ShopParts) -> None:
        self._site = site
        self._shell = shell
        self._shop = shop
        self._workers = Workers(threads=1, waiting=2)
        self._printed_at = float("-inf")

    async def reminder(self, request: Request) -> Response:
        """Draw a page's reminder as a QR code that a phone's calendar reads."""
        page = read_page(self._site, request.query_params.get("page", ""))
        text = event(page, self._shop.today()) if page else None
        if not text or len(text.encode()) > MOST_EVENT:
            return answer({"error": "This page has nothing to be reminded of."}, 404)
        picture = io.BytesIO()
        segno.make(text, error="l", micro=False).save(picture, kind="svg", scale=6, border=4, xmldecl=False, light="#ffffff")
        return Response(picture.getvalue(), media_type="image/svg+xml", headers={"cache-control": "no-store"})

    async def print(self, given: dict[str, Any]) -> Response:
        """Print a slip with a page's title and address, never a text of the page's own choosing."""
        page = read_page(self._site, str(given.get("page", "")))
        printer = self._shop.printer
        if page is None or printer is None:
            return answer({"error": "There is nothing to print, or nothing to print with."}, 404)
        now = time.monotonic()
        if now - self._printed_at < PRINT_REST:
            return answer({"error": "The printer is still busy."}, 503)
        self._printed_at = now
        address = with_state(page.address, str(given.get("state", "")))
        lines = slip(self._shell.info.name, page, address)
        try:
            # In a thread, and not waited for longer than the printer's own limit.
            await _in(self._workers, lambda: printer.print(lines, address))
        except (PrinterError, BusyError) as error:
            print(f"kiosk: nothing was printed: {error}", file=sys.stderr, flush=True)
            return answer({"error": "The printer does not answer."}, 503)
        return answer({"lines": [line for line in lines if line]})


class ScreenTime:
    """Whether the screen is lit."""

    def __init__(self, site: Path, shell: Shell, shop: ShopParts) -> None:
        self._site = site
        self._shell = shell
        self._shop = shop

    def hours(self) -> Hours | None:
        """Give the hours of this kiosk's shop."""
        info = self._shell.info
        return read_hours(self._site, info.default, info.store.id) if info.store else None

    async def __call__(self, _request: Request) -> Response:
        """Answer what the waiting screen asks."""
        return answer({"lit": is_lit(self._shop.screen, self.hours(), self._shop.now())})


class StaffMenu:
    """What staff see and do, behind the door."""

    def __init__(self, site: Path, shell: Shell, shop: ShopParts, speaker: Speaker) -> None:
        self._site = site
        self._shell = shell
        self._shop = shop
        self._speaker = speaker
        self._workers = Workers(threads=1, waiting=4)
        self._started = time.monotonic()

    async def enter(self, given: dict[str, Any]) -> Response:
        """Take a PIN and give a pass; scrypt takes a while, so it runs in a thread, one at a time."""
        pin = str(given.get("pin", ""))
        try:
            passed = await _in(self._workers, lambda: self._shop.door.enter(pin))
        except BusyError:
            passed = None
        if passed is None:
            return answer({"error": "No.", "locked_seconds": self._shop.door.locked_seconds()}, 403)
        return answer({"pass": passed})

    async def look(self, given: dict[str, Any]) -> Response:
        """Tell how the kiosk is; `do` may change something first."""
        if not self._shop.door.lets(str(given.get("pass", ""))):
            return answer({"error": "The staff menu is closed. Give the PIN again."}, 403)
        acts: dict[str, Callable[[], object]] = {
            "louder": lambda: self._speaker.change_loudness(10),
            "quieter": lambda: self._speaker.change_loudness(-10),
            "language": lambda: self._shell.start_in(str(given.get("lang", ""))),
            "leave": self._shop.door.shut,
            "restart": self._shop.restart,
        }
        act = acts.get(str(given.get("do", "")))
        if act:
            act()
        how = await _in(self._workers, self._shop.condition)
        return answer(
            {
                "facts": {**self._facts(), **how.facts},
                "alarms": how.alarms,
                "slips": how.slips,
                "loudness": self._speaker.loudness,
                "language": self._shell.info.default,
            }
        )

    async def pages(self, given: dict[str, Any]) -> Response:
        """List the pages for staff, or give one."""
        if not self._shop.door.lets(str(given.get("pass", ""))):
            return answer({"error": "The staff menu is closed. Give the PIN again."}, 403)
        lang = str(given.get("lang", ""))
        known = lang if self._shell.info.knows(lang) else self._shell.info.default
        if "page" not in given:
            return answer({"pages": self._shop.pages.listed(known)})
        article = self._shop.pages.article(known, str(given["page"]))
        if article is None:
            return answer({"error": "There is no such page."}, 404)
        return answer({"article": article, "base": f"/{known}/{given['page']}.html"})

    def _facts(self) -> dict[str, str]:
        """Give facts by name; names are keys of the interface's texts."""
        stamp = self._site / "helpstand.json"
        disk = shutil.disk_usage(self._site)
        return {
            "version": _version(),
            "system": f"Python {platform.python_version()}, {platform.system()} {platform.release()}",
            "running": duration(time.monotonic() - self._started),
            "updated": datetime.fromtimestamp(stamp.stat().st_mtime, UTC).astimezone().strftime("%Y-%m-%d %H:%M"),
            "disk": f"{disk.free / 1e9:.1f} GB",
            "memory": _memory(),
        }


def routes(site: Path, shell: Shell, shop: ShopParts, speaker: Speaker, sessions: Sessions, cookie: str) -> list[Route]:
    """All routes of this module; the staff menu's only where the shop has set a PIN."""
    takeaway, staff = Takeaway(site, shell, shop), StaffMenu(site, shell, shop, speaker)
    found = [
        Route("/api/reminder.svg", takeaway.reminder, methods=["GET"]),
        Route("/api/print", guarded(sessions, cookie, takeaway.print), methods=["POST"]),
        Route("/api/screen", ScreenTime(site, shell, shop).__call__, methods=["GET"]),
        *call.routes(shop.calls, shell.info, sessions, cookie),
    ]
    if shop.door.exists:
        found += [
            Route("/api/staff/enter", guarded(sessions, cookie, staff.enter), methods=["POST"]),
            Route("/api/staff/look", guarded(sessions, cookie, staff.look), methods=["POST"]),
            Route("/api/staff/pages", guarded(sessions, cookie, staff.pages), methods=["POST"]),
        ]
    return found


def _in(workers: Workers, call: Callable[[], Any]) -> Awaitable[Any]:
    return asyncio.wrap_future(workers.submit(call))


def _version() -> str:
    try:
        return metadata.version("helpstand")
    except metadata.PackageNotFoundError:
        return "?"


def _memory() -> str:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return "?"
    used = next((line.split()[1] for line in lines if line.startswith("VmRSS:")), "0")
    return f"{int(used) / 1000:.0f} MB"
