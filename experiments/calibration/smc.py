"""The joint posterior by sequential Monte Carlo: particles move until they meet the facts.

The likelihood of a run is that of the facts' normal errors around what it shows. It is tempered
(Del Moral, Doucet & Jasra 2006, doi:10.1111/j.1467-9868.2006.00553.x), and every move of a particle
is simulated with luck of its own, so that the luck is integrated out (pseudo-marginal, Andrieu &
Roberts 2009, doi:10.1214/07-AOS574). Moves are differences of two other particles in some of the
parameters (ter Braak 2006, doi:10.1007/s11222-006-8769-1); parameters that are not followed are
drawn anew now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from experiments.store.layout import write_file

KEPT = 0.6  # effective share of the particles after a step of the temperature
MOVES = 2  # of each particle at a temperature
LAST_MOVES = 40  # at the temperature 1, of the facts' errors as they are
SUBSET = 6  # parameters that most moves change
WHOLE = 0.2  # share of the moves that change all that are followed
REDRAWN = 0.25  # chance that a parameter that is not followed is drawn anew

Simulate = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From shares of the ranges, (worlds, parameters), and seeds, to misses, (worlds, facts)."""


@dataclass(frozen=True)
class Particles:
    """Worlds on their way to the facts.

    Attributes
    ----------
    shares
        (particles, parameters): where in its range each parameter lies.
    misses
        (particles, facts): in units of errors, with the luck they had.
    origins
        (particles,): the row of the table that each particle descends from. If they are few,
        parameters that no fact tells seem to go together.
    temperature
        By which the variance of the errors is multiplied; 1 in the end.
    step, moved
        Moves made in all, and since the temperature changed.
    trace
        A row a move, (moves, 3): temperature, share of moves accepted, mean squared miss.
    """

    shares: np.ndarray
    misses: np.ndarray
    origins: np.ndarray
    temperature: float = np.inf
    step: int = 0
    moved: int = MOVES
    trace: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))

    @property
    def energy(self) -> np.ndarray:
        """Half the squared misses, (particles,)."""
        return np.asarray(0.5 * (self.misses**2).sum(axis=1))

    @property
    def done(self) -> bool:
        """Whether the particles are a sample of the posterior."""
        return self.temperature == 1.0 and self.moved >= LAST_MOVES


def differences(first: Particles, second: Particles) -> np.ndarray:
    """Return by how many standard errors the means of two chains differ, (parameters,).

    Particles of one descent are alike, so an error counts descents, not particles (Liang & Zeger
    1986, doi:10.1093/biomet/73.1.13). Chains that agree differ by more than two errors in about one
    parameter of twenty. Chains of a single descent have no error, and differ by NaN.
    """
    means = [each.shares.mean(axis=0) for each in (first, second)]
    variance = sum(_variance_of_mean(each) for each in (first, second))
    return np.asarray((means[0] - means[1]) / np.sqrt(variance))


def _variance_of_mean(particles: Particles) -> np.ndarray:
    off = particles.shares - particles.shares.mean(axis=0)
    _, descent = np.unique(particles.origins, return_inverse=True)
    count = descent.max() + 1
    if count == 1:
        return np.full(off.shape[1], np.nan)
    sums = np.zeros((count, off.shape[1]))
    np.add.at(sums, descent, off)
    return np.asarray((sums**2).sum(axis=0) / len(off) ** 2 * count / (count - 1))


def begin(shares: np.ndarray, misses: np.ndarray, count: int, seed: int) -> Particles:
    """Return particles drawn from a table of runs, as near to the facts as it allows.

    Parameters
    ----------
    shares, misses
        Of the runs of the table in which all facts show.
    count
        Number of particles.
    seed
        Of the luck.
    """
    table = Particles(shares, misses, np.arange(len(shares)))
    temperature = _next_temperature(table.energy, np.inf, min(count, len(shares)) / len(shares))
    return _resampled(table, temperature, count, np.random.default_rng([seed, 0]))


def advance(
    particles: Particles, simulate: Simulate, followed: Sequence[int], seed: int
) -> Particles:
    """Return the particles after one move each, at a lower temperature if it is due.

    The luck depends on the seed and the number of the move only: a chain that was interrupted goes
    on as it would have.
    """
    rng = np.random.default_rng([seed, particles.step + 1])
    if particles.moved >= MOVES and particles.temperature > 1.0:
        temperature = _next_temperature(particles.energy, particles.temperature, KEPT)
        particles = _resampled(particles, temperature, len(particles.shares), rng)
    proposed = _proposed(particles.shares, followed, rng)
    misses = simulate(proposed, rng.integers(0, 2**62, len(proposed)))
    energy = 0.5 * (misses**2).sum(axis=1)
    chance = np.exp(np.minimum((particles.energy - energy) / particles.temperature, 0.0))
    taken = rng.random(len(chance)) < chance
    shares = np.where(taken[:, None], proposed, particles.shares)
    kept = np.where(taken[:, None], misses, particles.misses)
    row = particles.temperature, float(taken.mean()), float((kept**2).mean())
    return replace(
        particles, shares=shares, misses=kept, step=particles.step + 1,
        moved=particles.moved + 1, trace=np.vstack([particles.trace, row]),
    )  # fmt: skip


def _next_temperature(energy: np.ndarray, now: float, kept: float) -> float:
    """Return the lowest temperature, 1 at least, at which weights keep a share effective."""

    def effective(temperature: float) -> float:
        weights = np.exp(-(energy - energy.min()) * (1 / temperature - 1 / now))
        return float(weights.sum() ** 2 / (weights**2).sum() / len(weights))

    if effective(1.0) >= kept:
        return 1.0
    low, high = 0.0, np.log(min(now, 1e6))
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if effective(np.exp(middle)) >= kept else (middle, high)
    return float(np.exp(high))


def _resampled(
    particles: Particles, temperature: float, count: int, rng: np.random.Generator
) -> Particles:
    """Return particles drawn by their weights at a lower temperature (systematic resampling)."""
    energy = particles.energy
    weights = np.exp(-(energy - energy.min()) * (1 / temperature - 1 / particles.temperature))
    steps = (rng.random() + np.arange(count)) / count
    rows = np.searchsorted(np.cumsum(weights) / weights.sum(), steps).clip(max=len(weights) - 1)
    return replace(
        particles, shares=particles.shares[rows], misses=particles.misses[rows],
        origins=particles.origins[rows], temperature=temperature, moved=0,
    )  # fmt: skip


def _proposed(shares: np.ndarray, followed: Sequence[int], rng: np.random.Generator) -> np.ndarray:
    """Return a symmetric move of each particle, turned back at the ends of the ranges."""
    count, size = shares.shape
    own = np.asarray(followed)
    chosen = rng.random((count, len(own))).argsort(axis=1) < min(SUBSET, len(own))
    chosen |= rng.random((count, 1)) < WHOLE
    one, two = (rng.integers(0, count, count) for _ in range(2))
    scale = 2.38 / np.sqrt(2 * chosen.sum(axis=1, keepdims=True))
    scale = scale * rng.uniform(0.3, 1.0, (count, 1))
    jump = scale * (shares[one] - shares[two])[:, own] + rng.normal(0, 0.02, chosen.shape)
    moved = shares.copy()
    moved[:, own] += jump * chosen
    moved = np.abs(moved) % 2.0
    moved = np.where(moved > 1.0, 2.0 - moved, moved).clip(1e-6, 1 - 1e-6)
    others = np.ones(size, dtype=bool)
    others[own] = False
    anew = (rng.random(shares.shape) < REDRAWN) & others
    return np.where(anew, rng.uniform(1e-6, 1 - 1e-6, shares.shape), moved)


def save(path: Path, particles: Particles, key: str) -> None:
    """Write particles, and what they depend on, so that the chain can go on."""
    write_file(path, lambda file: np.savez(file, key=key, **vars(particles)))


def load(path: Path, key: str) -> Particles | None:
    """Return saved particles; None if there are none that depend on the same."""
    try:
        with np.load(path, allow_pickle=False) as file:
            saved = {name: file[name] for name in file}
    except (OSError, ValueError, EOFError):
        return None
    if saved.pop("key", "") != key:
        return None
    return Particles(**{name: each if each.ndim else each.item() for name, each in saved.items()})
