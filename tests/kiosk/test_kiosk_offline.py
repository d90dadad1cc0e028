"""With the cable out the kiosk does all it does, and it sends nothing even when it could."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROBE = Path(__file__).with_name("offline_probe.py")
LOOPBACK = "ip link set lo up"
# An interface that would carry any packet away: the route leads there, and its counter tells.
ROUTE = (
    "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6;"
    " ip link add wire type veth peer name far && ip addr add 192.0.2.1/24 dev wire && ip link set far up"
    " && ip link set wire up && ip route add default via 192.0.2.254 dev wire"
)
STRAY = 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("198.51.100.1", 9))'


def apart() -> list[str]:
    """Return the words that start a command in a network namespace of its own: plainly as root, else in a user namespace."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("unshare and ip are not installed")
    for words in (["unshare", "-n"], ["unshare", "-rn"]):
        if subprocess.run([*words, "true"], check=False, capture_output=True).returncode == 0:
            return words
    pytest.skip("this machine allows no network namespaces")


def observe(network: str, backend: str, *before: str) -> dict[str, Any]:
    """Run the probe in a namespace with such a network."""
    command = [*apart(), "sh", "-c", f'{network} && exec "$@"', "sh", *before, sys.executable, str(PROBE), backend]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
def test_without_a_route() -> None:
    """No network at all: the kiosk starts, shows pages in both languages, and finds the guide."""
    seen = observe(LOOPBACK, "none")
    assert seen["pages"] == {"/": 200, "/en/index.html": 200, "/en/kettle/descale.html": 200, "/de/index.html": 200}
    assert seen["found"] == "kettle/descale"
    assert seen["code"] == 0
    assert set(seen["sent"]) == {"lo"}


@pytest.mark.slow
def test_nothing_leaves_by_an_open_door() -> None:
    """With a way out, not one packet takes it: counted on the interface."""
    script = f"{ROUTE} && {sys.executable} -c '{STRAY}'; sleep 1; cat /proc/net/dev"
    control = subprocess.run([*apart(), "sh", "-c", script], capture_output=True, text=True, check=False, timeout=30)
    line = next(line for line in control.stdout.splitlines() if "wire:" in line)
    assert int(line.split(":")[1].split()[9]) > 0, "the counter must see a packet that is sent"
    assert observe(f"{LOOPBACK} && {ROUTE}", "none")["sent"]["wire"] == 0


@pytest.mark.slow
@pytest.mark.window
@pytest.mark.long
def test_nothing_leaves_from_the_window() -> None:
    """The same with the real window, whose engine is not ours."""
    if shutil.which("xvfb-run") is None:
        pytest.skip("Xvfb is not installed")
    seen = observe(f"{LOOPBACK} && {ROUTE}", "gtk", "xvfb-run", "-a")
    assert seen["window"], "the window must have opened"
    assert seen["sent"]["wire"] == 0
    assert seen["found"] == "kettle/descale"
