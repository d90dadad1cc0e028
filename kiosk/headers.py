"""The headers that every answer of the kiosk carries, also errors."""

_DIRECTIVES = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
]
CSP = "; ".join(_DIRECTIVES)

# Powers that no page of a help center needs.
_POWERS = [
    *["accelerometer", "bluetooth", "camera", "clipboard-read", "display-capture", "geolocation", "gyroscope"],
    *["hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb"],
]
PERMISSIONS = ", ".join(f"{power}=()" for power in _POWERS)

SAFE: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]

NAMES = frozenset(name for name, _ in SAFE)
