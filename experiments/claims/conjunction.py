"""Whether conditions matter in combination: what cost of taking part a movement bears under each.

The cost borne is the share of runs with a movement, integrated over the costs tried: where every
run has a movement up to one cost and none beyond, it is that cost less the cheapest one tried. This
is the restricted mean of survival analysis, with cost in place of time; unlike the cost at which
half of the runs have a movement it is known in every world, and it is a mean over replicates.

References
----------
Royston & Parmar (2013), doi:10.1186/1471-2288-13-152.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.critical_cost import by_cost
from experiments.analysis.tables import combinations


def borne(
    runs: pd.DataFrame, conditions: Sequence[str], outcome: str, quantity: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the two sides of a comparison of costs borne, each (replicates,).

    With A(S) the cost borne under the set S of conditions: ``none_alone``: A(all) and the A of the
    best single one; ``all_needed``: A(all) and the A of the best set that lacks one; ``synergy``:
    A(all) − A(none) and the sum of what each alone adds to A(none).

    Parameters
    ----------
    runs
        Finished runs in one world, under every set of the conditions at several costs.
    conditions
        Names, without the prefix.
    outcome
        Column that says whether there is a movement.
    quantity
        ``none_alone``, ``all_needed`` or ``synergy``.

    Examples
    --------
    >>> runs = pd.DataFrame(
    ...     {"replicate": 0, "condition.a": a, COST: cost, "emerged": cost <= a}
    ...     for a in (0, 1)
    ...     for cost in (0.0, 1.0, 2.0)
    ... )
    >>> borne(runs, ["a"], "emerged", "all_needed")
    (array([1.5]), array([0.5]))
    """
    costs, moved = by_cost(runs, conditions, outcome)
    area = np.trapezoid(moved, costs, axis=2)
    size = np.array([sum(each) for each in combinations(conditions)])
    every, none = area[:, size == len(conditions)][:, 0], area[:, size == 0][:, 0]
    if quantity == "synergy":
        return every - none, (area[:, size == 1] - none[:, None]).sum(axis=1)
    fewer = area[:, size == (1 if quantity == "none_alone" else len(conditions) - 1)]
    best = int(fewer.mean(axis=0).argmax()) if len(fewer) else 0
    return every, fewer[:, best]
