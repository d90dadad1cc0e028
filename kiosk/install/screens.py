"""Several screens on one machine: one X server, and for each screen a kiosk and an agent of its own. Pure texts, as in units."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.install.units import Place

SERVER = "helpstand-screens.service"
HOOK = "/etc/helpstand/screens"
"""A script of the operator's own, for what no two machines share: where each screen stands, which glass belongs to which."""


@dataclass(frozen=True)
class Screen:
    """One screen, with the settings of the kiosk on it."""

    name: str
    config: Path
    memory_mb: int = 1000

    @property
    def app(self) -> str:
        """The unit of its window and server."""
        return f"helpstand-kiosk-{self.name}.service"

    @property
    def agent(self) -> str:
        """The unit that sends and fetches for it."""
        return f"helpstand-agent-{self.name}.service"

    @property
    def folder(self) -> str:
        """Where its state lies, below /var/lib."""
        return f"helpstand-{self.name}"


def of(place: "Place", screen: Screen) -> "Place":
    """Give the place of one screen's kiosk."""
    return replace(place, config=screen.config, state=screen.folder, memory_mb=screen.memory_mb)


def server_unit(place: "Place", tight: str) -> str:
    """Give the unit of the X server that draws on all screens; without it none of their kiosks runs."""
    return f"""\
# Written by `helpstand kiosk --install`.
[Unit]
Description=Helpstand screens
After=systemd-user-sessions.service getty@tty7.service
Conflicts=getty@tty7.service
StartLimitIntervalSec=600
StartLimitBurst=10
StartLimitAction=reboot

[Service]
Type=notify
NotifyAccess=all
User={place.user}
PAMName=login
TTYPath=/dev/tty7
TTYReset=yes
TTYVHangup=yes
TTYVTDisallocate=yes
StandardInput=tty-fail
StandardOutput=journal
StandardError=journal
Environment=HOME=%t/helpstand-screens XDG_SESSION_TYPE=x11
RuntimeDirectory=helpstand-screens
RuntimeDirectoryMode=0700
ExecStart=/usr/bin/xinit {place.root}/build/install/screens -- /usr/bin/X :0 vt7 -nolisten tcp -nocursor -keeptty
Restart=always
RestartSec=1
PrivateNetwork=yes
{tight}
[Install]
WantedBy=graphical.target
"""


def kiosk_unit(place: "Place", screen: Screen, tight: str) -> str:
    """Give the unit of one screen's kiosk. What befalls it is no reason to reboot: the other screens must go on."""
    high = place.memory_mb * 3 // 2
    return f"""\
# Written by `helpstand kiosk --install`.
[Unit]
Description=Helpstand kiosk {screen.name}
PartOf={SERVER}
After={SERVER}
# The X server's socket, and a network in which there is nothing but these kiosks.
JoinsNamespaceOf={SERVER}
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
User={place.user}
StandardOutput=journal
StandardError=journal
WorkingDirectory={place.root}
Environment=DISPLAY=:0 XDG_SESSION_TYPE=x11
Environment=HOME=%t/{screen.folder} XDG_CACHE_HOME=%t/{screen.folder}/cache
RuntimeDirectory={screen.folder}
RuntimeDirectoryMode=0700
ExecStart={place.command}
ReadWritePaths={place.root}/build
TimeoutStartSec=900
TimeoutStopSec=20
WatchdogSec=60
Restart=always
RestartSec=5
PrivateNetwork=yes
MemoryHigh={high}M
MemoryMax={high + high // 4}M
OOMPolicy=stop
OOMScoreAdjust=-100
{tight}
[Install]
WantedBy={SERVER}
"""


def session(place: "Place") -> str:
    """Give the session under all kiosks: no blanking by X itself, the operator's own script, a window manager without keys."""
    return f"""\
#!/bin/sh
# Written by `helpstand kiosk --install`: what runs on the X server below the kiosks.
xset s off s noblank -dpms
setxkbmap -option srvrkeys:none
[ ! -x {HOOK} ] || {HOOK}
systemd-notify --ready
exec openbox --config-file {place.root}/build/install/openbox.xml
"""


def openbox() -> str:
    """Give settings of openbox in which no key and no menu does anything, and a touch gives the keyboard to what it touches."""
    return """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by `helpstand kiosk --install`. -->
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <desktops><number>1</number></desktops>
  <keyboard/>
  <mouse>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/></mousebind>
    </context>
  </mouse>
  <menu/>
  <applications>
    <application type="normal"><decor>no</decor></application>
  </applications>
</openbox_config>
"""
