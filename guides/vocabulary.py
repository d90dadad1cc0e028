"""The fixed words of the content model."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where in a product's life a reader stands."""

    PLAN = "plan"
    INSTALL = "install"
    LEARN = "learn"
    USE = "use"
    TROUBLESHOOT = "troubleshoot"
    MAINTAIN = "maintain"
    REPAIR = "repair"
    UPGRADE = "upgrade"
    ACCESSORIES = "accessories"
    DISPOSE = "dispose"
    RETURN = "return"
    POLICY = "policy"


class GuideType(StrEnum):
    """What kind of page a guide is."""

    GUIDE = "guide"
    HOWTO = "howto"
    TROUBLESHOOTER = "troubleshooter"
    ERROR = "error"
    FAQ = "faq"
    REFERENCE = "reference"
    MENU = "menu"


class Audience(StrEnum):
    """Who may do what the guide says; pages for staff never reach the public site."""

    EVERYONE = "everyone"
    OWNER = "owner"
    TECHNICIAN = "technician"
    STAFF = "staff"


class Difficulty(StrEnum):
    """How hard the work is."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    TECHNICIAN = "technician"


class Safety(StrEnum):
    """The gravest harm the work can do, in rising order."""

    NONE = "none"
    CAUTION = "caution"
    WARNING = "warning"
    DANGER = "danger"

    @property
    def rank(self) -> int:
        """Rise with the harm, from 0 for none."""
        return list(Safety).index(self)


class Status(StrEnum):
    """Whether readers see the guide."""

    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


class Surface(StrEnum):
    """Where the guide is shown."""

    WEB = "web"
    KIOSK = "kiosk"


class NoticeKind(StrEnum):
    """Why a product's pages carry a notice, gravest first."""

    RECALL = "recall"
    KNOWN = "known"


class Intent(StrEnum):
    """What a visitor comes for: the five doors of the home page."""

    CHOOSING = "choosing"
    SETTING_UP = "setting-up"
    SOMETHING_IS_WRONG = "something-is-wrong"
    TAKING_CARE = "taking-care"
    GIVING_BACK = "giving-back"


INTENTS: dict[Intent, tuple[Stage, ...]] = {
    Intent.CHOOSING: (Stage.PLAN,),
    Intent.SETTING_UP: (Stage.INSTALL, Stage.LEARN, Stage.USE),
    Intent.SOMETHING_IS_WRONG: (Stage.TROUBLESHOOT, Stage.REPAIR),
    Intent.TAKING_CARE: (Stage.MAINTAIN, Stage.UPGRADE, Stage.ACCESSORIES),
    Intent.GIVING_BACK: (Stage.RETURN, Stage.DISPOSE, Stage.POLICY),
}
"""Policies stand behind the last door, where rights are asked for; complaint and safety are pinned on every home page."""

SERVICES = ("repair", "return", "exchange", "complaint", "accessory", "person", "other", "feedback")
"""What a `service:` link may ask the help desk for."""
