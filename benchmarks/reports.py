"""The report of a large result."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.measure import Section, say, seconds

RUNS = 100_000
MEASURED = ("peak_share", "literacy_gain", "max_media", "mean_distress", "mean_dissatisfaction")


def reports() -> Section:
    """Measure how long the report of the main experiment takes, over made-up outcomes."""
    from experiments.config.settings import compose
    from experiments.execution.sweep import run_sweep
    from experiments.report.result_page import write_report
    from experiments.store.result import Result

    section = Section(
        "Reports",
        f"The page of right_momentum over {RUNS:,} runs with its figures: its points run once at "
        "smoke scale, then repeated with outcomes drawn at random. Reading Parquet is not in it.",
    )
    say(f"  {RUNS:,} runs")
    with tempfile.TemporaryDirectory() as folder:
        words = ["experiment=right_momentum", "scale=smoke", "replicates=1"]
        path = run_sweep(compose([*words, f"results_dir={folder}"]), progress=False)
        table = _many(Result(path).runs())

        class Large(Result):
            def runs(self) -> pd.DataFrame:
                return table

        spent = seconds(lambda: write_report(Large(Path(path))))
    section.add("momentum report", "s", [spent])
    return section


def _many(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs many times over, emergence hanging on the conditions and the cost."""
    rng = np.random.default_rng(0)
    replicates = -(-RUNS // len(runs))
    table = pd.concat([runs.assign(replicate=r, seed=7 + r) for r in range(replicates)])
    table = table.sort_values(["point", "replicate"], ignore_index=True)
    conditions = [name for name in table if str(name).startswith("condition.")]
    force = 0.15 * table[conditions].sum(axis=1) - 0.5 * (table["participation.cost_mean"] - 0.7)
    for name in [name for name in table if str(name).startswith("emerged")]:
        table[name] = rng.random(len(table)) < force
    for name in MEASURED:
        table[name] = table[name].astype(float) + rng.normal(0, 0.02, len(table))
    return table
