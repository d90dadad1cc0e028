"""The languages of a big site, built beside each other: one process for each, as many at once as the machine has processors."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from guides.engine.adapter import EngineError, run_mkdocs
from guides.engine.extension import extensions
from guides.engine.plugin import Run
from guides.engine.warnings import engine_problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from guides.engine.page import LanguagePlan
    from guides.problems import Problem
    from guides.settings import Settings

WORTH_IT = 300
"""Pages below which starting processes takes longer than it saves (`bench build`)."""


def run_languages(settings: Settings, plans: dict[str, LanguagePlan], site: Path) -> Iterable[list[Problem]]:
    """Build each language into its folder of the site; yield the problems of each, in the order of the plans.

    The bytes are the same whether one process builds them or many. Raises EngineError, OSError.
    """
    jobs = [(settings, plan, site / language) for language, plan in plans.items()]
    workers = min(len(jobs), os.cpu_count() or 1)
    if workers == 1 or sum(len(plan.pages) for plan in plans.values()) < WORTH_IT:
        return [_run_language(*job) for job in jobs]
    # Not a plain fork: the preview builds while its server's threads run, and a fork copies their locks as they are.
    context = multiprocessing.get_context("forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn")
    try:
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            return list(pool.map(_run_language, *zip(*jobs, strict=True)))
    except BrokenProcessPool:
        raise EngineError("a process that built a language was ended from outside, perhaps for want of memory") from None


def _run_language(settings: Settings, plan: LanguagePlan, folder: Path) -> list[Problem]:
    problems = _refused_extensions(settings, plan.language)
    return problems + run_mkdocs(Run(settings, plan, "..", problems.append), folder)


def _refused_extensions(settings: Settings, language: str) -> list[Problem]:
    _, refused = extensions(settings, language)
    shown = settings.shown(settings.config_file)
    return [
        engine_problem(
            shown, 1, "extension-refused", f"the Markdown extension '{name}' is not used: it is not on Helpstand's list"
        )
        for name in refused
    ]
