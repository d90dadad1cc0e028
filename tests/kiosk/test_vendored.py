"""Code of others that lies in the kiosk's layer is exactly what they published, with its license."""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "theme" / "shell" / "simple-keyboard"


def test_every_file_is_pinned_and_unchanged() -> None:
    """A change would be ours to maintain; what is not in the list has no business there."""
    lines = [line.split("  ") for line in (FOLDER / "SHA256SUMS").read_text().splitlines()]
    pinned = {name: digest for digest, name in lines}
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert found == set(pinned) | {"SHA256SUMS", "README.md"}
    for name, wanted in pinned.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == wanted, name
    assert "MIT License" in (FOLDER / "LICENSE.txt").read_text()
