"""The texts of the units, of the graphical session and of the watchdog: pure, so that every line can be tested."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.install import screens
from kiosk.install.screens import SERVER, Screen

APP, AGENT = "helpstand-kiosk.service", "helpstand-agent.service"
SESSIONS = ("x11", "cage")


@dataclass(frozen=True)
class Place:
    """Where and as whom the kiosk runs."""

    root: Path
    """Helpstand's own folder."""
    site: Path
    """The site's mkdocs.yml."""
    user: str = "kiosk"
    session: str = "x11"
    memory_mb: int = 1000
    config: Path | None = None
    """The kiosk's own settings; those beside the site when None."""
    state: str = "helpstand"
    """Its folder below /var/lib."""
    screens: tuple[Screen, ...] = ()
    """One kiosk for each; a single kiosk where there are none."""

    @property
    def command(self) -> str:
        """Start the kiosk; without a terminal it asks nothing."""
        settings = f" --kiosk-config {self.config}" if self.config else ""
        return f"{self.root}/helpstand kiosk -f {self.site}{settings}"

    @property
    def services(self) -> list[str]:
        """The names of all units, in the order in which they start."""
        if not self.screens:
            return [APP, AGENT]
        return [SERVER, *(name for screen in self.screens for name in (screen.app, screen.agent))]


# Both units: no rights to gain, nothing of the system to write, no core dumps, no swap. What a shopper typed reaches no disk.
_TIGHT = """\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
PrivateTmp=yes
CapabilityBoundingSet=
AmbientCapabilities=
KeyringMode=private
UMask=0077
LimitCORE=0
MemorySwapMax=0
StateDirectoryMode=0700
LogRateLimitIntervalSec=30
LogRateLimitBurst=200
"""


def _tight(place: Place) -> str:
    return f"{_TIGHT}StateDirectory={place.state}\n"


def app_unit(place: Place) -> str:
    """Give the unit of window and loopback server, in a network namespace of their own: provably no way out."""
    high = place.memory_mb * 3 // 2
    start = {
        "x11": f"/usr/bin/xinit {place.root}/build/install/session -- /usr/bin/X :0 vt7 -nolisten tcp -nocursor -keeptty",
        "cage": f"/usr/bin/cage -d -s -- {place.command}",
    }[place.session]
    return f"""\
# Written by `helpstand kiosk --install`.
[Unit]
Description=Helpstand kiosk
After=systemd-user-sessions.service getty@tty7.service
Conflicts=getty@tty7.service
# More starts than the safe page needs: only when even that does not stay, the machine is started anew.
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
WorkingDirectory={place.root}
Environment=HOME=%t/helpstand-home XDG_CACHE_HOME=%t/helpstand-home/cache
Environment=XDG_SESSION_TYPE={"x11" if place.session == "x11" else "wayland"}
RuntimeDirectory=helpstand-home
RuntimeDirectoryMode=0700
ExecStart={start}
ReadWritePaths={place.root}/build
TimeoutStartSec=900
TimeoutStopSec=20
WatchdogSec=60
Restart=always
RestartSec=1
PrivateNetwork=yes
MemoryHigh={high}M
MemoryMax={high + high // 4}M
OOMPolicy=stop
OOMScoreAdjust=-100
{_tight(place)}
[Install]
WantedBy=graphical.target
"""


def agent_unit(place: Place) -> str:
    """Give the unit of the process that sends and fetches: it has the network, and neither screen nor devices."""
    return f"""\
# Written by `helpstand kiosk --install`.
[Unit]
Description=Helpstand kiosk agent
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
User={place.user}
WorkingDirectory={place.root}
ExecStart={place.command} --agent
TimeoutStartSec=120
WatchdogSec=600
Restart=always
RestartSec=10
PrivateDevices=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
MemoryDenyWriteExecute=yes
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
MemoryMax=300M
{_tight(place)}
[Install]
WantedBy=multi-user.target
"""


def session(place: Place) -> str:
    """Give the X11 session: no blanking by X itself, one window manager, the kiosk."""
    return f"""\
#!/bin/sh
# Written by `helpstand kiosk --install`: the graphical session of the kiosk.
xset s off s noblank -dpms
setxkbmap -option srvrkeys:none
matchbox-window-manager -use_titlebar no -use_cursor no &
exec {place.command} </dev/null
"""


def xorg() -> str:
    """Let keys that would leave the X server do nothing."""
    return """\
# Written by `helpstand kiosk --install`.
Section "ServerFlags"
    Option "DontVTSwitch" "true"
    Option "DontZap" "true"
    Option "AllowMouseOpenFail" "true"
EndSection
"""


def logind() -> str:
    """Let no other console wait behind the kiosk, and let its power key not end it."""
    return """\
# Written by `helpstand kiosk --install`.
[Login]
NAutoVTs=0
ReserveVT=0
HandlePowerKey=ignore
HandleSuspendKey=ignore
"""


def watchdog() -> str:
    """End even a hung kernel, where the machine has a hardware watchdog."""
    return """\
# Written by `helpstand kiosk --install`.
[Manager]
RuntimeWatchdogSec=20
RebootWatchdogSec=2min
"""


def journal() -> str:
    """Keep the journal small."""
    return """\
# Written by `helpstand kiosk --install`.
[Journal]
SystemMaxUse=100M
RuntimeMaxUse=50M
MaxRetentionSec=1month
"""


def coredump() -> str:
    """Store no core dump, of whatever process."""
    return """\
# Written by `helpstand kiosk --install`.
[Coredump]
Storage=none
ProcessSizeMax=0
"""


def files(place: Place) -> dict[str, str]:
    """Every file of an installation, by its place on the disk."""
    etc = "/etc/systemd"
    return {
        **{f"{etc}/system/{name}": text for name, text in units(place).items()},
        f"{etc}/logind.conf.d/helpstand.conf": logind(),
        f"{etc}/system.conf.d/helpstand.conf": watchdog(),
        f"{etc}/journald.conf.d/helpstand.conf": journal(),
        f"{etc}/coredump.conf.d/helpstand.conf": coredump(),
        **({"/etc/X11/xorg.conf.d/90-helpstand.conf": xorg()} if place.session == "x11" else {}),
        **_session_files(place),
    }


def units(place: Place) -> dict[str, str]:
    """Every unit by its name: app and agent, for each screen where there are several."""
    if not place.screens:
        return {APP: app_unit(place), AGENT: agent_unit(place)}
    found = {SERVER: screens.server_unit(place, _TIGHT)}
    for screen in place.screens:
        own = screens.of(place, screen)
        found[screen.app] = screens.kiosk_unit(own, screen, _tight(own))
        found[screen.agent] = agent_unit(own)
    return found


def _session_files(place: Place) -> dict[str, str]:
    folder = f"{place.root}/build/install"
    if place.screens:
        return {f"{folder}/screens": screens.session(place), f"{folder}/openbox.xml": screens.openbox()}
    return {f"{folder}/session": session(place)} if place.session == "x11" else {}
