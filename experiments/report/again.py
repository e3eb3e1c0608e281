"""Runs of a result made again from their seeds."""

from __future__ import annotations

from experiments.design.experiment import Point
from experiments.design.point import settings_of
from experiments.design.reading import HISTORY
from experiments.execution.record import point_history
from experiments.report.findings import Findings
from sim.parameters import Parameters, declarations
from sim.run import Run, simulate


def simulated(found: Findings, point: Point, replicate: int = 0) -> Run:
    """Return a run of a point, made again; the result must be repeatable."""
    base = {k: v for k, v in found.parameters.items() if k in declarations()}
    parameters = Parameters.from_dict(base).replace(settings_of(point))
    history = {k: v for k, v in found.parameters.items() if k in HISTORY}
    record = point_history(found.case, {**history, **point}, parameters.horizon)
    return simulate(parameters, found.result.design.seed + replicate, record)
