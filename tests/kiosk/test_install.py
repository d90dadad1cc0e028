"""What `kiosk --install` writes, what systemd says of it, and what doctor finds."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.doctor import Machine, _installation
from kiosk.install.units import AGENT, APP, Place, agent_unit, app_unit, files, session
from kiosk.install.writing import InstallError, install, next_steps

PLACE = Place(Path("/srv/helpstand"), Path("/srv/helpstand/mkdocs.yml"))
WELL = {APP: app_unit(PLACE), AGENT: agent_unit(PLACE)}


def findings(units: dict[str, str], *, enabled: bool = True, swaps: str = "", core: str = "core") -> list[str]:
    """Ask doctor about such a machine."""
    texts = {"/proc/swaps": swaps, "/proc/sys/kernel/core_pattern": core}
    machine = replace(Machine(), installed=lambda: units, enabled=lambda _: enabled, read=lambda name: texts[name])
    return [str(finding) for finding in _installation(machine)]


def test_every_file_is_written_whole_and_scripts_can_be_run(tmp_path: Path) -> None:
    """Nothing half-written is left beside them."""
    written = install(PLACE, tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in written} == {name.removeprefix("/") for name in files(PLACE)}
    assert not list(tmp_path.rglob(".*.new"))
    script = tmp_path / "srv/helpstand/build/install/session"
    assert script.stat().st_mode & 0o777 == 0o755
    assert install(PLACE, tmp_path) == written


@pytest.mark.parametrize("user", ["root", "0"])
def test_root_is_refused(tmp_path: Path, user: str) -> None:
    """Before a single file is written."""
    with pytest.raises(InstallError, match="must not run as root"):
        install(replace(PLACE, user=user), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_told_with_the_cure(tmp_path: Path) -> None:
    """A file stands where a folder must be."""
    (tmp_path / "etc").write_text("")
    with pytest.raises(InstallError, match="etc"):
        install(PLACE, tmp_path)


def test_the_app_has_no_network_and_the_agent_no_screen() -> None:
    """The two halves of the promise."""
    app, agent = app_unit(PLACE).splitlines(), agent_unit(PLACE).splitlines()
    assert "PrivateNetwork=yes" in app
    assert "PrivateNetwork=yes" not in agent
    assert "PrivateDevices=yes" in agent
    for unit in (app, agent):
        assert {"User=kiosk", "Type=notify", "LimitCORE=0", "MemorySwapMax=0", "NoNewPrivileges=yes"} <= set(unit)


def test_the_safe_page_comes_before_the_reboot() -> None:
    """Systemd counts starts of the supervisor, which outlives the app's: ten of its own in ten minutes."""
    burst = re.search(r"^StartLimitBurst=(\d+)$", app_unit(PLACE), re.MULTILINE)
    assert burst
    assert int(burst[1]) > 5


@pytest.mark.parametrize("kind", ["x11", "cage"])
def test_systemd_understands_the_units(tmp_path: Path, kind: str) -> None:
    """No unknown key, no wrong value."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    place = replace(PLACE, session=kind)
    for name, text in ((APP, app_unit(place)), (AGENT, agent_unit(place))):
        # What a unit starts need not be installed on the machine of the test.
        (tmp_path / name).write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *(str(tmp_path / name) for name in (APP, AGENT))],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    told = [line for line in done.stderr.splitlines() if "helpstand" in line]
    assert not told, told


def test_the_session_is_a_shell_script_that_shellcheck_likes(tmp_path: Path) -> None:
    """It runs as the kiosk's user at each start of the machine."""
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    (tmp_path / "session").write_text(session(PLACE))
    done = subprocess.run(["shellcheck", str(tmp_path / "session")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_is_left_to_do_ends_with_starting_it() -> None:
    """In the order in which it must be done; cage needs other packages."""
    steps = next_steps(replace(PLACE, user="nobody-of-that-name"))
    assert steps[0].startswith("apt-get install -y xserver-xorg")
    assert steps[1] == "useradd --create-home --shell /usr/sbin/nologin nobody-of-that-name"
    assert steps[-1] == f"systemctl enable --now {APP} {AGENT}"
    assert "cage" in next_steps(replace(PLACE, session="cage"))[0]


def test_doctor_is_silent_where_nothing_is_installed_and_where_all_is_well() -> None:
    """A writer's desk needs no units."""
    assert findings({}) == []
    assert findings(WELL) == []


def test_doctor_finds_what_is_wrong_with_an_installation() -> None:
    """Each with its cure."""
    assert findings({APP: WELL[APP]})[0].startswith(f"the unit {AGENT} is missing. To cure it: sudo ./helpstand kiosk --install")
    loose = {**WELL, APP: WELL[APP].replace("PrivateNetwork=yes\n", "")}
    assert findings(loose)[0].startswith(f"the unit {APP} lacks PrivateNetwork=yes")
    as_root = {**WELL, AGENT: WELL[AGENT].replace("User=kiosk", "User=root")}
    assert findings(as_root)[0].startswith(f"the unit {AGENT} runs as root")
    assert [line.partition(".service")[2][:15] for line in findings(WELL, enabled=False)] == [" does not start"] * 2
    swaps = "Filename Type\n/dev/sda2 partition\n"
    assert findings(WELL, swaps=swaps)[0].startswith("swap is on")
    assert findings(WELL, core="|/usr/share/apport/apport %p")[0].startswith("core dumps go to /usr/share/apport/apport")
