"""A calibration from its table of runs to the worlds that the facts do not rule out.

results/NAME/                       the table of runs, as of a sweep (`experiments.store.layout`)
results/NAME/calibrated.parquet     the worlds not ruled out
results/NAME/calibration/           what was found: about.json and tables
results/NAME/predictive/            these worlds run again with luck of their own, as of a sweep
results/NAME/chain-*.npz            where the chains of particles are, to go on from
results/NAME/as-of-DATE/            all but the table, of the facts before a date
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.calibration import smc
from experiments.calibration.findings import Found, find
from experiments.calibration.posterior import accepted
from experiments.calibration.simulation import Job, simulator
from experiments.calibration.stored import read_findings, write_findings, write_worlds
from experiments.calibration.table import Table, fitted, missed, read_table
from experiments.cases.case import Case
from experiments.cases.facts import Fact
from experiments.design.calibrated import FILE, PREFIX, folder_of
from experiments.errors import MomentumError
from experiments.execution.record import point_history
from experiments.execution.sweep import run_sweep
from experiments.store.result import Result

if TYPE_CHECKING:
    from datetime import date

    from experiments.config.settings import Settings

HELD_OUT = 3  # facts at least, by which a fit is judged
USABLE = 15  # runs at least in which all fitted facts show
PREDICTIVE = "predictive"
EVERY = 5  # moves between lines of progress


class CalibrationError(MomentumError, ValueError):
    """A calibration that cannot be made; one line."""


@dataclass(frozen=True)
class Size:
    """How much is done."""

    particles: int
    chains: int
    moves: int  # at most, of each particle
    again: int  # worlds run again with luck of their own
    trees: int  # of a quantile forest
    known: int  # runs taken for facts, anywhere and near the facts, to check the method
    alone: bool = False  # whether one process does it sooner than several that must start


SIZES = {
    "smoke": Size(particles=40, chains=1, moves=5, again=40, trees=15, known=40, alone=True),
    "laptop": Size(particles=500, chains=1, moves=90, again=500, trees=100, known=200),
    "full": Size(particles=1_000, chains=2, moves=200, again=1_000, trees=200, known=400),
}


def require_facts(case: Case, as_of: date | None) -> list[Fact]:
    """Return the facts that are fitted.

    Raises
    ------
    CalibrationError
        If there is none to fit, or there are too few to judge the fit by.
    """
    before = fitted(case.facts, as_of)
    held = [fact for fact in case.facts if fact not in before]
    if not before:
        when = "" if as_of is None else f" before {as_of}"
        raise CalibrationError(
            f"{case.path}: the case has no facts to fit{when} (docs/calibration.md)"
        )
    if len(held) < HELD_OUT:
        raise CalibrationError(
            f"{case.path}: {len(held)} of {len(case.facts)} facts are held out; hold out "
            f"{HELD_OUT} or more (use: held_out), by which the fit can be judged"
        )
    return before


def calibrate(
    settings: Settings, as_of: date | None = None, report: Callable[[str], None] = print
) -> Path:
    """Calibrate a case, going on from what is stored, and return where it lies.

    Parameters
    ----------
    settings
        Of ``experiment=calibrate`` with a case.
    as_of
        Only the facts before this date are fitted; None: all that are not held out.
    report
        Says how far it is.

    Raises
    ------
    CalibrationError
        For a case without facts, or if too few runs show them.
    ExecutionError, StoreError, SweepInterrupted
        As for a sweep.
    """
    case = settings.case
    if case is None:
        raise CalibrationError("a calibration needs a case: give case=NAME or case.file=PATH")
    facts = require_facts(case, as_of)
    scale = "" if settings.scale == "laptop" else f"-{settings.scale}"
    settings = replace(settings, name=settings.name or f"{PREFIX}{case.name}{scale}")
    result = Result(run_sweep(settings))
    table = read_table(result, case)
    folder = folder_of(result.path, as_of)
    folder.mkdir(exist_ok=True)
    size = SIZES[settings.scale]
    key = _key(result, table, facts, size, settings.seed)
    before = read_findings(folder)
    if before is not None and before.about.get("key") == key:
        report(f"{result.name}: the calibration is already there; --fresh makes it anew")
        return folder
    usable = require_usable(table, facts)
    found = find(table, facts, usable, size.trees, size.known)
    report(
        f"{result.name}: {usable.sum():,} of {len(usable):,} runs show all facts that are fitted; "
        f"the nearest {accepted(int(usable.sum())):,} are accepted"
    )
    settings = replace(settings, workers=1) if size.alone else settings
    chains = _chains(settings, case, found, size, folder, key, report)
    worlds = _worlds(table, chains, float(result.design.parameters["users.count"]))
    if write_worlds(folder, worlds, key):
        shutil.rmtree(folder / PREDICTIVE, ignore_errors=True)
    again = Result(run_sweep(_predictive(settings, folder, size)))
    write_findings(folder, key, found, chains, again, case, as_of)
    return folder


def require_usable(table: Table, facts: list[Fact]) -> np.ndarray:
    """Return which runs show all facts that are fitted, bool, (runs,).

    Raises
    ------
    CalibrationError
        If they are too few, naming the fact that shows least often.
    """
    there = ~np.isnan(table.shown[:, table.columns(facts)])
    usable = there.all(axis=1)
    if usable.sum() < USABLE:
        rarest = facts[int(there.mean(axis=0).argmin())]
        raise CalibrationError(
            f"{usable.sum()} of {len(usable)} runs show all facts that are fitted, {USABLE} are "
            f"needed ({rarest.name} shows in {there.mean(axis=0).min():.0%}): give more samples="
        )
    return np.asarray(usable)


def _key(result: Result, table: Table, facts: list[Fact], size: Size, seed: int) -> str:
    """Return a digest of all that a calibration depends on."""
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    given = (result.design.identity, len(table.shares), facts, table.facts, size, seed)
    return hashlib.sha256(repr(given).encode() + b"".join(code)).hexdigest()[:16]


def _chains(
    settings: Settings,
    case: Case,
    found: Found,
    size: Size,
    folder: Path,
    key: str,
    report: Callable[[str], None],
) -> list[smc.Particles]:
    """Return the particles of every chain, going on where they were."""
    table, facts, base = found.table, found.facts, settings.parameters
    history = point_history(case, settings.history, base.horizon)
    misses, chains = missed(facts, table.shown[found.usable][:, table.columns(facts)]), []
    with simulator(settings, Job(base, table.axes, case, history, facts)) as simulate:

        def miss(shares: np.ndarray, seeds: np.ndarray) -> np.ndarray:
            """Return misses, infinite where a world shows nothing, as without a vote."""
            return np.nan_to_num(missed(facts, simulate(shares, seeds)), nan=np.inf, posinf=np.inf)

        for number in range(size.chains):
            path = folder / f"chain-{number}.npz"
            seed = settings.seed + number
            particles = smc.load(path, key) or smc.begin(
                table.shares[found.usable], misses, size.particles, seed
            )
            while not particles.done and particles.step < size.moves:
                particles = smc.advance(particles, miss, found.followed, seed)
                smc.save(path, particles, key)
                if particles.step % EVERY and not particles.done:
                    continue
                _, taken, far = particles.trace[-1]
                report(
                    f"{settings.name}: move {particles.step} of {size.moves} at most, facts missed "
                    f"by {far**0.5:.2f} errors, errors multiplied by "
                    f"{particles.temperature**0.5:.2f}, {taken:.0%} of moves taken"
                )
            chains.append(particles)
    return chains


def _worlds(table: Table, chains: list[smc.Particles], users: float) -> pd.DataFrame:
    """Return the particles of all chains as worlds, each once with its weight."""
    shares, counts = np.unique(
        np.concatenate([each.shares for each in chains]), axis=0, return_counts=True
    )
    columns = {
        axis.name: [axis.at(float(share)) for share in column]
        for axis, column in zip(table.axes, shares.T, strict=True)
    }
    weights = counts / counts.sum()
    return pd.DataFrame(columns).assign(**{"users.count": int(users), "weight": weights})


def _predictive(settings: Settings, folder: Path, size: Size) -> Settings:
    """Return the set-up that runs the worlds not ruled out again, with luck of their own."""
    sampled = {"worlds": str(folder / FILE), "samples": size.again}
    seed = settings.seed + 1  # a run's seeds are a million apart
    changed = {"name": PREDICTIVE, "results_dir": str(folder), "seed": seed, **sampled}
    return replace(
        settings, name=PREDICTIVE, results_dir=folder, seed=seed, sampled=sampled,
        given=frozenset(), fresh=False, resolved={**settings.resolved, **changed},
    )  # fmt: skip
