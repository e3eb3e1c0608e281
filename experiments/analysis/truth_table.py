"""Which combinations of conditions make a movement emerge: necessary and sufficient conditions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import wilson
from experiments.analysis.tables import combinations, conditions_of, finished, held

CUT_OFF = 0.8
"""Share of runs from which a combination is sufficient, decided on before the runs."""


def truth_table(
    runs: pd.DataFrame, conditions: Sequence[str] | None = None, cut_off: float = CUT_OFF
) -> pd.DataFrame:
    """Return a row per combination of conditions.

    A row's outcome is 1 only if the lower bound of its share reaches the cut-off, 0 if the upper
    bound stays below; otherwise the runs contradict each other too much to say, and it is missing.
    Combinations without a finished run are there, with no runs.

    Returns
    -------
    A column a condition (0 or 1), then held (how many), runs, successes, share, low, high, outcome.
    """
    runs = finished(runs)
    conditions = conditions_of(runs) if conditions is None else list(conditions)
    table = held(runs, conditions).assign(success=runs["emerged"].astype(float))
    counts = table.groupby(list(conditions))["success"].agg(["size", "sum"])
    index = pd.MultiIndex.from_tuples(combinations(conditions), names=conditions)
    if len(conditions) == 1:
        counts.index = pd.MultiIndex.from_arrays([counts.index], names=conditions)
    counts = counts.reindex(index, fill_value=0)
    rows = counts.index.to_frame(index=False)
    rows["held"] = rows[list(conditions)].sum(axis=1)
    rows["runs"] = counts["size"].to_numpy(dtype=int)
    rows["successes"] = counts["sum"].to_numpy(dtype=int)
    tried = rows["runs"].to_numpy(dtype=float)
    rows["share"] = rows["successes"].to_numpy() / np.where(tried > 0, tried, np.nan)
    rows["low"], rows["high"] = wilson(rows["successes"], rows["runs"])
    rows["outcome"] = decide(rows, cut_off)
    return rows


def decide(table: pd.DataFrame, cut_off: float) -> pd.Series:
    """Return the outcome of each row of a truth table at a cut-off: 1, 0 or missing."""
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    outcome = np.where(low >= cut_off, 1.0, np.where(high < cut_off, 0.0, np.nan))
    return pd.Series(outcome, index=table.index).astype("Int8")


def conditions_in(table: pd.DataFrame) -> list[str]:
    """Return the conditions of a truth table."""
    columns = list(table.columns)
    return columns[: columns.index("held")]


def necessity_and_sufficiency(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each set of conditions how sufficient and how necessary it is.

    Sufficiency: the smallest share among the combinations that contain the set; near 1, the set is
    enough whatever else holds. Necessity: the largest share among the combinations that lack some
    of the set; near 0, there is no movement without it.

    Returns
    -------
    A row a set: set (names joined by +), size, sufficiency, its low and high, necessity, its low
    and high.
    """
    conditions = conditions_in(table)
    rows = []
    for size in range(1, len(conditions) + 1):
        for chosen in itertools.combinations(conditions, size):
            contains = table[list(chosen)].all(axis=1)
            row: dict[str, object] = {"set": " + ".join(chosen), "size": size}
            for name, part in (
                ("sufficiency", table[contains].nsmallest(1, "share")),
                ("necessity", table[~contains].nlargest(1, "share")),
            ):
                for column, label in (("share", ""), ("low", "_low"), ("high", "_high")):
                    row[name + label] = float(part[column].iloc[0]) if len(part) else np.nan
            rows.append(row)
    return pd.DataFrame(rows)
