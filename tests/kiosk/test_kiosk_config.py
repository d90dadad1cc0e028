"""The words in which kiosk.toml is checked."""

from pathlib import Path

import pytest

from kiosk.config import ConfigError, KioskConfig, load_config


def problems(tmp_path: Path, text: str | bytes) -> list[str]:
    """Give the messages for a file of that content."""
    path = tmp_path / "kiosk.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    """A shop that sets nothing gets a working kiosk."""
    config = load_config(tmp_path / "kiosk.toml")
    assert config == KioskConfig.model_validate({})
    assert (config.port, config.backend, config.idle_seconds, config.warning_seconds, config.extensions) == (
        0,
        "auto",
        60,
        20,
        10,
    )
    assert config.fullscreen
    assert config.attract


def test_every_key_can_be_set_and_is_found_again(tmp_path: Path) -> None:
    """Each key is read, and the line on which it stands is remembered."""
    path = tmp_path / "kiosk.toml"
    path.write_text(
        'port = 8642\nbackend = "gtk"\nfullscreen = false\n# a comment\nidle_seconds = 90\nwarning_seconds = 30\n'
        'extensions = 12\nattract = false\nlanguage = "de"\nstore = "harbour-street"\nmemory_mb = 900\n'
        'nightly = "04:15"\nname = "city-2"\ndesk = "https://desk.shop.example"\n'
    )
    config = load_config(path)
    assert (
        config.model_dump().items()
        >= {
            "port": 8642,
            "backend": "gtk",
            "fullscreen": False,
            "idle_seconds": 90,
            "warning_seconds": 30,
            "extensions": 12,
            "attract": False,
            "language": "de",
            "store": "harbour-street",
            "name": "city-2",
            "desk": "https://desk.shop.example",
            "memory_mb": 900,
            "nightly": "04:15",
        }.items()
    )
    assert config.place("language") == "kiosk.toml:9"
    assert KioskConfig.model_validate({}).place("language") == "kiosk.toml"


def test_ways_to_use_it_can_be_set(tmp_path: Path) -> None:
    """Scanner, speech, screen, printer and the staff's PIN; each mistake is told with what would be right."""
    path = tmp_path / "kiosk.toml"
    path.write_text(
        'scanner_prefix = "~"\nscanner_suffix = "Tab"\nkeypad = true\nmeaning = true\nkeyboard = "off"\nscreen_inches = 21.5\n'
        'screen = "08:30-20:15"\nprinter = "escpos:/dev/usb/lp0"\nspeech_command = ["say", "{lang}"]\nspeech_languages = ["en"]\n'
    )
    config = load_config(path)
    assert (config.scanner_prefix, config.scanner_suffix, config.screen_inches) == ("~", "Tab", 21.5)
    assert config.meaning
    assert config.speech_command == ["say", "{lang}"]
    wrong = 'screen = "9 to 5"\nprinter = "usb"\nstaff_pin = "123456"\nscanner_suffix = "F1"\nspeech_volume = 0\n'
    assert [line.split(",")[0] for line in problems(tmp_path, wrong)] == [
        'kiosk.toml:1: screen must be "always"',
        'kiosk.toml:2: printer must be "cups:" and the name of a printer',
        "kiosk.toml:3: staff_pin must be the line that ./helpstand kiosk --staff-pin prints",
        'kiosk.toml:4: scanner_suffix must be "Enter"',
        "kiosk.toml:5: speech_volume must be a whole number from 10 to 100 (percent)",
    ]


def test_an_unknown_key_gets_its_line_and_a_suggestion(tmp_path: Path) -> None:
    """The commonest mistake: a key that is nearly right."""
    assert problems(tmp_path, "# our shop\nport = 0\nidle_second = 60\n") == [
        "kiosk.toml:3: unknown key 'idle_second'. Did you mean 'idle_seconds'?"
    ]


def test_an_unknown_key_like_no_other_gets_the_list(tmp_path: Path) -> None:
    """Without a near word, all words are told."""
    (message,) = problems(tmp_path, "[zoo]\nx = 1\n")
    assert message.startswith("kiosk.toml:1: unknown key 'zoo'. Known keys: attract, backend, call_command, call_mail,")


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    """Nobody mends one mistake only to be told the next."""
    assert problems(
        tmp_path, 'warning_seconds = 5\nbackend = "gkt"\nidle_seconds = "sixty"\nfull_screen = true\nport = 70000\n'
    ) == [
        "kiosk.toml:1: warning_seconds must be a whole number of seconds from 20 to 600, not 5.",
        'kiosk.toml:2: backend must be "auto", "gtk", "qt", "webview2" or "none", not "gkt". Did you mean \'gtk\'?',
        'kiosk.toml:3: idle_seconds must be a whole number of seconds from 10 to 3600, not "sixty".',
        "kiosk.toml:4: unknown key 'full_screen'. Did you mean 'fullscreen'?",
        "kiosk.toml:5: port must be a whole number from 0 to 65535 (0 = any free port), not 70000.",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("port = true", "port must be a whole number from 0 to 65535 (0 = any free port), not true."),
        ("fullscreen = 1", "fullscreen must be true or false, not 1."),
        ("idle_seconds = 60.5", "idle_seconds must be a whole number of seconds from 10 to 3600, not 60.5."),
        ('language = "english!"', 'language must be a language code such as "en", not "english!".'),
        ('store = "../x"', 'store must be the name of a file in stores/, without .yml, not "../x".'),
        ("extensions = 3", "extensions must be a whole number from 10 to 100, not 3."),
        ("attract = 1979-05-27", 'attract must be true or false, not "1979-05-27".'),
    ],
)
def test_a_wrong_value_is_told_with_what_is_right(tmp_path: Path, line: str, message: str) -> None:
    """The message names the key, what it may be, and what it was."""
    assert problems(tmp_path, line) == [f"kiosk.toml:1: {message}"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("port = 0\nport = \n", "kiosk.toml:2: not valid TOML: invalid value."),
        ("port = 0\nidle_seconds 60\n", "kiosk.toml:2: not valid TOML: expected '=' after a key in a key/value pair."),
        ('a = "open', "kiosk.toml:1: not valid TOML: "),
        (b"port = 0\n# caf\xe9\n", "kiosk.toml:2: this is not UTF-8 text."),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path, text: str | bytes, start: str) -> None:
    """A broken file names the line that broke it."""
    (message,) = problems(tmp_path, text)
    assert message.startswith(start)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b"\xef\xbb\xbfport = 1234\n")
    assert load_config(path).port == 1234


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    """What cannot be read is said, not thrown."""
    (tmp_path / "kiosk.toml").mkdir()
    with pytest.raises(ConfigError, match=r"kiosk\.toml:1: cannot be read: Is a directory\."):
        load_config(tmp_path / "kiosk.toml")
