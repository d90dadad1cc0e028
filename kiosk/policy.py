"""What the kiosk's window may open and which keys reach it: pure, and everything not named is refused."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")

# Keys that move about in a page or in a form; names are X11's.
_MOVING = frozenset(
    [
        *["Tab", "ISO_Left_Tab", "Return", "KP_Enter", "space", "BackSpace", "Delete", "KP_Delete", "Escape"],
        *["Left", "Right", "Up", "Down", "Home", "End", "Page_Up", "Page_Down", "Prior", "Next"],
        *["KP_Left", "KP_Right", "KP_Up", "KP_Down", "KP_Home", "KP_End", "KP_Page_Up", "KP_Page_Down"],
        *["Shift_L", "Shift_R", "Caps_Lock", "Num_Lock", "ISO_Level3_Shift", "Multi_key"],
    ]
)


@dataclass(frozen=True)
class Policy:
    """Knows the one address that the window may show, such as `127.0.0.1:8642`."""

    host: str

    @property
    def origin(self) -> str:
        """The origin of every page of the kiosk."""
        return f"http://{self.host}"

    def allow(self, url: str) -> bool:
        """Whether the window may go there: plain http to exactly our own host and port, nothing else."""
        if _CONTROL.search(url):
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        # netloc is compared as text: user names, other spellings of 127.0.0.1 and a missing port are all refused.
        return parts.scheme == "http" and parts.netloc == self.host

    def allow_page(self, url: str) -> bool:
        """Whether the window itself may go there: only pages, because a picture or sound alone is a screen without a way back."""
        if not self.allow(url):
            return False
        path = urlsplit(url).path
        name = path.rpartition("/")[2]
        return not path.startswith("/api/") and ("." not in name or name.endswith(".html"))


def allow_button(number: int) -> bool:
    """Whether a press of that mouse button may reach the page: the first alone, which is also what a finger is.

    The second pastes what somebody marked, the third opens menus, others go back and forward past the page's own ways.
    """
    return number == 1


def allow_key(name: str, *, printable: bool, ctrl: bool = False, alt: bool = False, meta: bool = False) -> bool:
    """Whether a key press may reach the page: text and moving about, never a command of browser or desktop."""
    if ctrl or alt or meta:
        return False
    return printable or name in _MOVING or name.startswith("dead_")
