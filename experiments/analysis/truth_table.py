"""Which combinations of conditions make a movement emerge: necessary and sufficient conditions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.intervals import Estimate, wilson
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
    """Return for each condition how sufficient and how necessary it is.

    Sufficiency: the smallest share among the combinations with the condition; near 1, it is enough
    whatever else holds. Necessity: the largest share among those without it; near 0, there is no
    movement without it.

    Returns
    -------
    A row a condition: condition, sufficiency, its low and high, necessity, its low and high.
    """
    rows = []
    for name in conditions_in(table):
        row: dict[str, object] = {"condition": name}
        for measure, part in (
            ("sufficiency", table[table[name] == 1].nsmallest(1, "share")),
            ("necessity", table[table[name] == 0].nlargest(1, "share")),
        ):
            ends = part[["share", "low", "high"]].to_numpy().ravel() if len(part) else [np.nan] * 3
            row |= Estimate(*ends).columns(measure, f"{measure}_")
        rows.append(row)
    return pd.DataFrame(rows)
