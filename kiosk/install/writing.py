"""Puts an installation on the disk, and says what is left to do."""

import pwd
from pathlib import Path

from kiosk.install.units import Place, files

GROUPS = ("video", "render", "input", "audio", "lp")


class InstallError(Exception):
    """The installation cannot be written; the text says why and what to do."""


def install(place: Place, destination: Path = Path("/")) -> list[Path]:
    """Write every file below destination, each at once whole; InstallError when that is not possible."""
    refuse_root(place)
    written = []
    for name, text in files(place).items():
        path = destination / name.removeprefix("/")
        try:
            _write(path, text)
        except PermissionError:
            raise InstallError(
                f"{path}: only root may write there. Start it again as: sudo ./helpstand kiosk --install"
            ) from None
        except OSError as error:
            raise InstallError(f"{path}: {error.strerror}") from None
        written.append(path)
    return written


def refuse_root(place: Place) -> None:
    """Hold that the kiosk gets a user of its own."""
    if place.user in ("root", "0"):
        raise InstallError("the kiosk must not run as root: give it a user of its own with --user")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.chmod(0o755 if text.startswith("#!") else 0o644)
    unfinished.replace(path)


def next_steps(place: Place) -> list[str]:
    """Give the commands that make the installation run, in order."""
    manager = "openbox" if place.screens else "matchbox-window-manager"
    packages = f"xserver-xorg xinit x11-xserver-utils {manager}" if place.session == "x11" else "cage seatd"
    steps = [f"apt-get install -y {packages} python3-gi gir1.2-webkit2-4.1 fonts-noto-core fonts-noto-cjk"]
    if not _exists(place.user):
        steps.append(f"useradd --create-home --shell /usr/sbin/nologin {place.user}")
    steps += [
        *(f"usermod --append --groups {group} {place.user}" for group in GROUPS),
        f"chown --recursive {place.user} {place.root}/build",
        "systemctl daemon-reload",
        "systemctl set-default graphical.target",
        "systemctl mask getty@tty1.service",
        "swapoff --all",
        f"systemctl enable --now {' '.join(place.services)}",
    ]
    return steps


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
