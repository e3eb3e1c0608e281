"""Boxes of worlds in which something happens: where a movement emerges, where a claim fails."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.intervals import wilson

SMALLEST = 0.05  # share of the worlds that a box must hold
MOST_BOXES = 3
SIGNIFICANT = 0.05
BETTER = 1.2  # density of a box worth telling, against that of all worlds


def boxes(
    worlds: pd.DataFrame, names: Sequence[str], of_interest: str, limits: int | None = None
) -> pd.DataFrame:
    """Return the boxes of worlds that hold most of those of interest and few others.

    The patient rule induction method peels a small part of the worlds off one side of the box after
    the other. Of the boxes on its way that one is taken whose coverage (share of the worlds of
    interest that lie in it) and density (share of its worlds that are of interest) have the largest
    harmonic mean, density counting double since further boxes may add coverage; limits that could
    be chance (quasi-p above 0.05) are dropped. Boxes are searched in every other world, and judged
    on the rest: in the worlds a box was searched in, it looks better than it is. A box that is
    there not at least 1.2 times as dense as all worlds, for sure, is not returned. The next box is
    searched in the worlds outside of the boxes found.

    Parameters
    ----------
    worlds
        A row a world.
    names
        Its parameters, numbers or words.
    of_interest
        A column that is yes or no.
    limits
        Largest number of parameters that a box limits; None: any.

    Returns
    -------
    A row a box and parameter it limits: box (from 1), parameter, low, high (of the box), least,
    most (of all worlds), allowed (a tuple of values, for words), quasi_p (the larger one of both
    limits), then the same for all rows of a box: coverage, density, density_low, density_high, mass
    (share of all worlds), base (density of all worlds), worlds (judged on). Empty if there is no
    such box.

    References
    ----------
    Friedman & Fisher (1999), doi:10.1023/A:1008894516817; for scenarios: Bryant & Lempert (2010),
    doi:10.1016/j.techfore.2009.08.002.
    """
    known = worlds[[*names, of_interest]].dropna().reset_index(drop=True)
    known = known.astype({of_interest: bool})
    searched, judged = known.iloc[::2].reset_index(drop=True), known.iloc[1::2]
    base = float(judged[of_interest].mean()) if len(judged) else np.nan
    rows: list[dict[str, Any]] = []
    if searched[of_interest].nunique() < 2 or not 0 < base < 1:
        return pd.DataFrame(rows, columns=COLUMNS)
    left = np.ones(len(judged), dtype=bool)
    for number, found in enumerate(_search(searched, names, of_interest, limits), 1):
        inside = left & _inside(judged, found)
        count, hits = int(inside.sum()), int(judged.loc[inside, of_interest].sum())
        low, high = (float(end) for end in wilson(hits, count))
        if low < BETTER * base:
            break
        left &= ~inside
        shared = {
            "coverage": hits / judged[of_interest].sum(),
            "density": hits / count,
            "density_low": low,
            "density_high": high,
            "mass": count / len(judged),
            "base": base,
            "worlds": len(judged),
        }
        rows += [{"box": number} | limit | shared for limit in found]
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "box", "parameter", "low", "high", "least", "most", "allowed", "quasi_p", "coverage", "density",
    "density_low", "density_high", "mass", "base", "worlds",
]  # fmt: skip


def _search(
    worlds: pd.DataFrame, names: Sequence[str], of_interest: str, most_limits: int | None
) -> list[list[dict[str, Any]]]:
    """Return the limits of each box found."""
    smallest = SMALLEST * len(worlds)
    found: list[list[dict[str, Any]]] = []
    left = worlds
    while len(found) < MOST_BOXES and left[of_interest].nunique() == 2 and len(left) > smallest:
        share = smallest / len(left)
        limits = _find(left[list(names)], left[of_interest].to_numpy(), share, most_limits)
        if not limits:
            break
        found.append(limits)
        left = left[~_inside(left, limits)]
    return found


def _find(
    x: pd.DataFrame, y: np.ndarray, smallest: float, most_limits: int | None
) -> list[dict[str, Any]]:
    """Return the limits of the box on the way with the largest F measure (β = ½)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # optional packages it does without; divisions by nothing
        from ema_workbench.analysis.prim import Prim

        varied = x[[name for name in x if x[name].nunique() > 1]]
        kinds = {name: float if _is_number(x[name]) else object for name in varied}
        box = Prim(varied.astype(kinds), y, mass_min=smallest).find_box()
    way = box.peeling_trajectory
    way = way if most_limits is None else way[way["res_dim"] <= most_limits]
    density, coverage = way["density"], way["coverage"]
    best = int((1.25 * density * coverage / (0.25 * density + coverage)).idxmax())
    chosen, all_worlds, limits = box.box_lims[best], box.box_lims[0], []
    for name, chance in box.p_values[best].items():
        row: dict[str, Any] = {"parameter": name, "allowed": ()}
        sides = [0 <= value <= SIGNIFICANT for value in chance]  # -1 where there is no limit
        if kinds[name] is object:
            sides = sides[:1]
            row["allowed"] = tuple(sorted(map(str, chosen.loc[0, name])))
        else:
            row |= {"least": all_worlds.loc[0, name], "most": all_worlds.loc[1, name]}
            row["low"], row["high"] = (
                float(value) if limited else np.nan
                for value, limited in zip(chosen[name], sides, strict=True)
            )
        if any(sides):
            row["quasi_p"] = max(p for p, limited in zip(chance, sides, strict=False) if limited)
            limits.append(row)
    return sorted(limits, key=lambda row: float(row["quasi_p"]))


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and column.dtype != bool


def _inside(worlds: pd.DataFrame, limits: Sequence[dict[str, Any]]) -> np.ndarray:
    """Return which worlds lie in a box."""
    inside = np.ones(len(worlds), dtype=bool)
    for limit in limits:
        values = worlds[limit["parameter"]]
        if limit["allowed"]:
            inside &= values.astype(str).isin(limit["allowed"]).to_numpy()
        else:
            inside &= ~(values < limit["low"]).to_numpy() & ~(values > limit["high"]).to_numpy()
    return inside
