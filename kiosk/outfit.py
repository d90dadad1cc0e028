"""What the settings of one kiosk mean for its parts: which voice, which player, and what its pages are told."""

from pathlib import Path

from kiosk.calls import Calls
from kiosk.config import KioskConfig
from kiosk.receipt import printer_of
from kiosk.shell import PageOptions
from kiosk.shop import ShopParts
from kiosk.speech.player import ProgramPlayer
from kiosk.speech.speaker import Speaker
from kiosk.speech.voice import ESPEAK, ProgramVoice
from kiosk.staff import Door


def speaker_of(config: KioskConfig) -> Speaker:
    """Make the kiosk's speaker; one without a voice where speech is switched off."""
    if not config.speech:
        return Speaker(None, None)
    voice = ProgramVoice(config.speech_command or ESPEAK, config.speech_languages)
    return Speaker(voice, ProgramPlayer(config.speech_player or ()))


def page_options(config: KioskConfig, speaker: Speaker) -> PageOptions:
    """Give what the pages of this kiosk need to know."""
    return PageOptions(
        speaks=speaker.speaks,
        volume=config.speech_volume,
        keypad=config.keypad,
        keyboard=config.keyboard == "auto",
        scanner_prefix=config.scanner_prefix,
        scanner_suffix=config.scanner_suffix,
        screen_inches=config.screen_inches,
        distance_mm=config.distance_mm,
        printer=config.printer is not None,
        staff=config.staff_pin is not None,
    )


def shop_parts(config: KioskConfig, state: Path | None = None) -> ShopParts:
    """Make what stands around this kiosk: printer, staff door, screen times, the bell for a colleague."""
    calls = Calls(state) if config.can_call and state is not None else None
    return ShopParts(printer=printer_of(config.printer), door=Door(config.staff_pin), screen=config.screen, calls=calls)
