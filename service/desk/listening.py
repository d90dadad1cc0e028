"""`./helpstand insights`: what readers miss, for writers, in the terminal."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from service.desk.care import opened
from service.desk.insights import as_json, as_text, insights_of
from service.desk.project import Project
from service.desk.run import Options


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--days", type=click.IntRange(1, 760), default=30, show_default=True, help="How many days to look back.")
@click.option("--json", "told_as_json", is_flag=True, help="Print everything as JSON.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("desk-data"), show_default=True, help="The desk's folder."
)
@click.option("--database-url", envvar="DATABASE_URL", default="", help="The desk's database; DATABASE_URL does the same.")
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="The folder of the guides [default: this one].")
def command(days: int, folder: Path, database_url: str, project: Path, *, told_as_json: bool) -> None:
    """Tell what readers miss: failing pages, searches without results, tree exits, defects, gaps, and what was changed."""
    today = datetime.fromtimestamp(time.time(), UTC).date()
    store = opened(Options(folder, database_url))
    try:
        found = insights_of(store, Project(project), today - timedelta(days=days - 1), today)
    finally:
        store.close()
    click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=1) if told_as_json else as_text(found))
