"""A slip of paper to take along: through CUPS, or straight to a receipt printer that knows ESC/POS."""

import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kiosk.pages import PageFacts

COLUMNS = 42
SECONDS = 10.0
ESCPOS_CURE = "pip install --require-hashes -r requirements/printer.txt"


class PrinterError(Exception):
    """Nothing was printed; the text says why, for the operator."""


class Printer(Protocol):
    """Prints lines, and a code where it can."""

    def print(self, lines: list[str], code: str) -> None:
        """Print one slip; PrinterError when that fails."""


def slip(shop: str, page: PageFacts, address: str) -> list[str]:
    """Give the lines of a slip: what is printed is what is said."""
    return [shop, "", *textwrap.wrap(page.title.removesuffix(f" · {shop}"), COLUMNS), "", address]


class CupsPrinter:
    """A printer of CUPS, by its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def print(self, lines: list[str], code: str) -> None:  # noqa: ARG002 - text only: the address stands among the lines
        """Hand the slip to `lp`."""
        command = ["lp", "-s", "-d", self._name, "-o", "cpi=12", "-"]
        try:
            subprocess.run(  # noqa: S603 - the name was checked with the settings, and no shell reads it
                command, input="\n".join([*lines, ""]).encode(), capture_output=True, timeout=SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PrinterError(f"lp -d {self._name} failed ({type(error).__name__}). Is the printer known? lpstat -p") from None


class EscposPrinter:
    """A receipt printer behind a device file or a network address, through python-escpos."""

    def __init__(self, target: str) -> None:
        self._target = target

    def print(self, lines: list[str], code: str) -> None:
        """Print text, the code as a QR, and cut."""
        try:
            from escpos.printer import File, Network  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - optional
        except ImportError:
            raise PrinterError(f"python-escpos is not installed. Install it: {ESCPOS_CURE}") from None
        try:
            printer = File(self._target) if self._target.startswith("/") else Network(self._target, timeout=SECONDS)
            try:
                printer.set(align="center")
                for line in lines:
                    printer.textln(line)
                if code:
                    printer.qr(code, size=6)
                printer.cut()
            finally:
                printer.close()
        except Exception as error:  # noqa: BLE001 - the library raises whatever the device does
            raise PrinterError(f"the printer {self._target} failed ({type(error).__name__})") from None


def printer_of(setting: str | None) -> Printer | None:
    """Make the printer that kiosk.toml names: "cups:NAME", or "escpos:" and a device file or network address."""
    if not setting:
        return None
    kind, _, target = setting.partition(":")
    kinds: dict[str, Callable[[str], Printer]] = {"cups": CupsPrinter, "escpos": EscposPrinter}
    return kinds[kind](target)


def device_is_there(setting: str) -> bool:
    """Whether the device file of a receipt printer exists; printers of CUPS and of the network are asked when they print."""
    target = setting.partition(":")[2]
    return not target.startswith("/") or Path(target).exists()
