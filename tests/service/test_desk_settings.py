"""desk.toml is checked whole: every mistake is told with its line and its cure, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.desk.command import command
from service.desk.settings import SettingsError, load_settings
from tests.service.mail_servers import PASSWORD, USER, Imap, Smtp, running
from tests.service.test_mail_in import letter

GOOD = """site = "https://help.shop.example/"
[mail]
address = "help@shop.example"
also = ["desk@shop.example"]
[mail.smtp]
host = "mail.shop.example"
user = "help"
password_file = "smtp.password"
"""


def told(folder: Path, text: str) -> list[str]:
    """Return what is said of a desk.toml."""
    path = folder / "desk.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    return str(caught.value).replace(str(path), "desk.toml").splitlines()


def test_a_desk_without_settings_has_no_mail(tmp_path: Path) -> None:
    """No file is no mistake."""
    assert load_settings(tmp_path / "desk.toml").mail is None


def test_good_settings(tmp_path: Path) -> None:
    """What is left out is as it usually is."""
    path = tmp_path / "desk.toml"
    path.write_text(GOOD, encoding="utf-8")
    settings = load_settings(path)
    assert settings.mail
    assert settings.mail.smtp
    assert settings.mail.smtp.security == "tls"
    assert settings.mail.own == {"help@shop.example", "desk@shop.example"}


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Each with its line."""
    text = (
        GOOD.replace("address =", "adress =").replace('user = "help"', 'port = 70000\npassword = "secret"') + 'sekurity = "tls"\n'
    )
    found = told(tmp_path, text)
    assert sorted(found) == sorted(
        [
            "desk.toml:2: mail.address is missing.",
            "desk.toml:3: there is no setting 'mail.adress'. Did you mean 'address'?",
            "desk.toml:7: mail.smtp.port must be a whole number from 1 to 65535 (left out: the usual one).",
            "desk.toml:8: mail.smtp.password: a password does not stand in this file. Set password_file or password_variable.",
            "desk.toml:10: there is no setting 'mail.smtp.sekurity'. Did you mean 'security'?",
        ]
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('user = "help"', 'user = "help"\nsecurity = "none"'), 'security = "none" is for a server on this machine only'),
        (('password_file = "smtp.password"\n', ""), "password_file or password_variable must be set too"),
        (('"help@shop.example"', '"help"'), 'desk.toml:3: mail.address must be an address such as "help@shop.example".'),
        (("[mail.smtp]", "[mail.smtp"), "is no TOML"),
        (("https://", "ftp://"), "desk.toml:1: site must be the address of the guides"),
    ],
)
def test_a_mistake_is_told_with_its_cure(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """In words for whoever runs the desk; no password is repeated."""
    assert words in "\n".join(told(tmp_path, GOOD.replace(*change)))


def test_the_mail_servers_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed in to both, with what was found; exit code 3 when one is down, 1 when the settings are wrong."""
    monkeypatch.setenv("DESK_MAIL", PASSWORD)
    smtp, imap = Smtp(), Imap()
    imap.put(letter())
    run = ["--folder", str(tmp_path), "mail-check"]
    assert CliRunner().invoke(command, run).exit_code == 1
    with running(imap):
        with running(smtp):
            server = f'host = "127.0.0.1"\nsecurity = "none"\nuser = "{USER}"\npassword_variable = "DESK_MAIL"\nport = '
            text = f'[mail]\naddress = "help@shop.example"\n[mail.smtp]\n{server}{smtp.port}\n[mail.imap]\n{server}{imap.port}\n'
            (tmp_path / "desk.toml").write_text(text, encoding="utf-8")
            done = CliRunner().invoke(command, run)
            assert (done.exit_code, done.output) == (0, "going out: 127.0.0.1 works\ncoming in: 127.0.0.1 works, 1 unread\n")
        done = CliRunner().invoke(command, run)
    assert done.exit_code == 3
    assert "going out: 127.0.0.1:" in done.output
    assert "coming in: 127.0.0.1 works" in done.output
