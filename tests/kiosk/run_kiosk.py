"""Runs the kiosk as a program of its own for tests: python run_kiosk.py SITE key=value … (times shorter than a shop may set)."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.app import run
from kiosk.config import KioskConfig


def find(query: str, lang: str, product: str | None, stage: str | None = None) -> Mapping[str, Any]:
    """Find nothing, in the right form; a page of a test can so say what it saw."""
    print(f"asked: {query}", file=sys.stderr, flush=True)
    return {"query": query, "lang": lang, "results": [], "did_you_mean": None, "zero_result_help": None}


def main() -> int:
    """Run until told to end."""
    given = {key: json.loads(value) for key, value in (pair.split("=", 1) for pair in sys.argv[2:])}
    config = KioskConfig.model_construct(**{**KioskConfig.model_validate({}).model_dump(), **given})
    return run(config, Path(sys.argv[1]), Path(sys.argv[1]) / "no-index", find=find)


if __name__ == "__main__":
    sys.exit(main())
