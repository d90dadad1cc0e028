"""What `kiosk --install` writes, what systemd says of it, and what doctor finds."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.config import ConfigError
from kiosk.doctor import Machine, _installation
from kiosk.install import screens
from kiosk.install.screens import SERVER, Screen
from kiosk.install.settings import read_screens
from kiosk.install.units import AGENT, APP, Place, agent_unit, app_unit, files, session, units
from kiosk.install.writing import InstallError, install, next_steps

PLACE = Place(Path("/srv/helpstand"), Path("/srv/helpstand/mkdocs.yml"))
TWO = replace(PLACE, screens=tuple(Screen(name, Path(f"/etc/helpstand/{name}.toml")) for name in ("door", "till")))
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


@pytest.mark.parametrize("place", [PLACE, replace(PLACE, session="cage"), TWO], ids=["x11", "cage", "screens"])
def test_systemd_understands_the_units(tmp_path: Path, place: Place) -> None:
    """No unknown key, no wrong value."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for name, text in units(place).items():
        # What a unit starts need not be installed on the machine of the test.
        (tmp_path / name).write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *(str(tmp_path / name) for name in units(place))],
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
    for text in (session(PLACE), screens.session(TWO)):
        (tmp_path / "session").write_text(text)
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


def test_each_screen_has_an_app_an_agent_and_a_folder_of_its_own() -> None:
    """One X server below all of them; what befalls one kiosk is no reason to restart the machine."""
    found = units(TWO)
    assert list(found) == TWO.services
    folders = set()
    for screen in TWO.screens:
        app, agent = found[screen.app].splitlines(), found[screen.agent].splitlines()
        start = f"ExecStart={PLACE.command} --kiosk-config /etc/helpstand/{screen.name}.toml"
        assert start in app
        assert f"{start} --agent" in agent
        folder = {line for line in (*app, *agent) if line.startswith("StateDirectory=")}
        assert len(folder) == 1
        folders |= folder
        assert {"PrivateNetwork=yes", f"JoinsNamespaceOf={SERVER}", "Environment=DISPLAY=:0 XDG_SESSION_TYPE=x11"} <= set(app)
        assert "StartLimitAction=reboot" not in app
    assert len(folders) == 2
    assert "/srv/helpstand/build/install/openbox.xml" in files(TWO)
    assert "/srv/helpstand/build/install/session" not in files(TWO)
    assert next_steps(TWO)[-1] == f"systemctl enable --now {' '.join(TWO.services)}"
    assert "openbox" in next_steps(TWO)[0]


def test_the_settings_of_several_screens_are_read_together(tmp_path: Path) -> None:
    """Two kiosks with one name would be one kiosk at the desk; two on one monitor hide each other."""
    door, till = tmp_path / "door.toml", tmp_path / "till.toml"
    door.write_text('name = "city-door"\n')
    till.write_text('name = "city-till"\nmonitor = 2\nmemory_mb = 800\n')
    assert [(screen.name, screen.memory_mb) for screen in read_screens((door, till), "x11")] == [("door", 1000), ("till", 800)]
    assert read_screens((), "cage") == ()
    till.write_text('name = "city-door"\nidle_second = 9\n')
    with pytest.raises(ConfigError, match=r"till\.toml:2: unknown key 'idle_second'"):
        read_screens((door, till), "x11")
    till.write_text('\nname = "city-door"\n')
    with pytest.raises(ConfigError) as told:
        read_screens((door, till, tmp_path / "Big Screen.toml"), "cage")
    assert told.value.problems == [
        "several screens need --session x11: cage shows one",
        "Big Screen.toml: the file's name becomes a unit's: use small letters, digits and hyphens",
        "till.toml:1: monitor 1 is that of door.toml already. Give each screen its own",
        "Big Screen.toml:1: monitor 1 is that of door.toml already. Give each screen its own",
        "till.toml:2: name 'city-door' is that of door.toml already. Give each screen its own",
    ]


def test_doctor_looks_at_the_units_of_every_screen() -> None:
    """Pairs, the server below them, and no second installation beside them."""
    well = units(TWO)
    assert findings(well) == []
    lacking = {name: text for name, text in well.items() if name not in (SERVER, TWO.screens[1].agent)}
    assert [line.split(". To cure")[0] for line in findings(lacking)] == [
        "the unit helpstand-agent-till.service is missing",
        f"the unit {SERVER} is missing",
    ]
    loose = {**well, TWO.screens[0].app: well[TWO.screens[0].app].replace("LimitCORE=0\n", "")}
    assert findings(loose)[0].startswith("the unit helpstand-kiosk-door.service lacks LimitCORE=0")
    assert findings({**well, **WELL})[0].startswith("units for one screen and units for several are both there")
