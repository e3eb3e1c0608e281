"""Measuring a network: degrees, their tail, clustering."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import builder
from sim.network.ties import Network

EXACT_CLUSTERING = 10_000  # users; of a larger network, `describe` samples as many


class Description(NamedTuple):
    """What a network turned out to be."""

    mean_degree: float  # neighbours per user
    max_degree: int  # neighbours of the best-connected user
    tail: float  # exponent of the degree distribution, see `tail_exponent`
    clustering: float  # mean over users of the share of their pairs of neighbours that are tied
    isolated: int  # users without neighbours


def describe(network: Network, seed: int = 0) -> Description:
    """Measure a network; in one above EXACT_CLUSTERING users, clustering on as many draws of users.

    The draws are with replacement and follow ``seed``; the standard error is below 0.005.
    """
    degrees = np.diff(network.offsets)
    users = np.arange(len(degrees))
    if len(users) > EXACT_CLUSTERING:
        users = np.random.default_rng(seed).integers(len(users), size=EXACT_CLUSTERING)
    return Description(
        mean_degree=float(degrees.mean()),
        max_degree=int(degrees.max()),
        tail=tail_exponent(degrees),
        clustering=float(_local_clustering(*network, users).mean()),
        isolated=int((degrees == 0).sum()),
    )


def tail_exponent(degrees: np.ndarray) -> float:
    """Return the maximum-likelihood exponent of a power law through degrees ≥ their median.

    1 + N / Σ ln(k / (k_min − ½)), k_min the median (Clauset, Shalizi & Newman 2009, eq. 3.7,
    doi:10.1137/070710111). It knows of no cut, so it reads up to 0.3 high in small networks.
    """
    least = max(1.0, float(np.median(degrees)))
    upper = degrees[degrees >= least]
    return 1 + len(upper) / float(np.log(upper / (least - 0.5)).sum()) if len(upper) else math.nan


@builder
def _local_clustering(offsets: Any, neighbours: Any, users: Any) -> Any:
    """Return the share of these users' pairs of neighbours that are tied; 0 for fewer than two."""
    result = np.zeros(len(users))
    marked = np.full(len(offsets) - 1, -1)
    for i in range(len(users)):
        mine = neighbours[offsets[users[i]] : offsets[users[i] + 1]]
        for j in mine:
            marked[j] = i
        tied = 0
        for j in mine:
            for h in neighbours[offsets[j] : offsets[j + 1]]:
                tied += marked[h] == i
        result[i] = tied / max(1, len(mine) * (len(mine) - 1))
    return result
