"""If this file is ever imported, it leaves a trace that the tests look for."""

from pathlib import Path

Path(__file__).with_name("HOOK-HAS-RUN").write_text("run", encoding="utf-8")


def on_config(config):  # noqa: D103, it never runs
    raise SystemExit("a hook of a foreign site has run")
