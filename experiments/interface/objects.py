"""What runs, sweeps and comparisons return to Python."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import sim.run
from experiments.errors import MomentumError
from sim.columns import OUTCOMES
from sim.parameters import declarations, unknown_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.cases.case import Case

NOTEBOOK = 72  # pixels an inch of a figure in a notebook


def _shown(figure: Figure) -> Figure:
    """Let a notebook show a figure that ends a cell, as it shows those of pyplot."""
    from experiments.figures.style import to_png

    figure._repr_png_ = lambda: to_png(figure, NOTEBOOK)  # type: ignore[attr-defined]
    return figure


class Run(sim.run.Run):
    """A run that can be drawn; otherwise as `sim.Run`.

    Attributes
    ----------
    case
        The case that the run follows; None: none.
    """

    case: Case | None = None

    def plot(self) -> Figure:
        """Draw the course of the run, week by week, and return the figure."""
        from experiments.figures.timeline import draw

        return _shown(draw(self.weekly, self.outcome._asdict(), self.parameters, self.case))

    def __repr__(self) -> str:
        grade, users = self.outcome.grade, self.parameters.users.count
        return f"Run: {grade}; {users:,} users, {self.parameters.horizon} weeks, seed {self.seed}"


class Result:
    """The runs of a sweep.

    Attributes
    ----------
    path : Path
        The folder that holds them.
    is_kept : bool
        Whether the folder stays when the object is gone.

    Examples
    --------
    >>> from momentum import sweep
    >>> result = sweep({"threat.base": [0.1, 0.6]}, replicates=2, workers=1, progress=False)
    >>> result
    Result: 4 runs of 2 points
    >>> result.runs.groupby("threat.base")["peak_share"].count().tolist()
    [2, 2]
    """

    def __init__(self, path: Path, is_kept: bool = True) -> None:
        from experiments.store.result import Result as Stored

        self.path, self.is_kept = path, is_kept
        self._stored = Stored(path)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run: what its point sets, its seed, its outcome; ``error`` if it failed."""
        return self._stored.runs()

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """A row a run and week; empty unless the sweep had ``record_weekly=True``."""
        return self._stored.weekly()

    @cached_property
    def figures(self) -> dict[str, Path]:
        """The figures of the report, by name: the path of each as SVG."""
        self.report()
        return {path.stem: path for path in sorted((self.path / "figures").glob("*.svg"))}

    def report(self) -> Path:
        """Write the report of what was found and return the path of its page."""
        from experiments.report.result_page import write_report

        return write_report(self._stored).path

    def plot(self, outcome: str = "emerged") -> Figure:
        """Draw the mean of an outcome along each parameter that varies, with its 95 % band.

        Raises
        ------
        MomentumError
            For an unknown outcome, or fewer than five points.
        """
        from experiments.analysis.outcome_by_parameter import outcome_by_parameter
        from experiments.figures.worlds import draw_curves

        if outcome not in OUTCOMES:
            raise MomentumError(unknown_name(outcome, list(OUTCOMES), "outcome"))
        shown = {**dict.fromkeys(self.varied, "first"), outcome: "mean"}
        worlds = self.runs.groupby("point").agg(shown)
        table = outcome_by_parameter(worlds, self.varied, [outcome])
        if table.empty:
            raise MomentumError(
                f"plot draws a curve through five points or more, not {len(worlds)}"
            )
        return _shown(draw_curves(table, worlds))

    @property
    def varied(self) -> list[str]:
        """The names of the parameters that differ between points."""
        return [name for name in self.runs if name in declarations()]

    def __repr__(self) -> str:
        return f"Result: {len(self.runs):,} runs of {self.runs['point'].nunique():,} points"

    def _repr_html_(self) -> str:
        shown = ["part", *self.varied, "seed", "emerged", "grade", "peak_share"]
        return f"<p>{self!r}</p>{self.runs[shown].head().to_html(index=False)}"


class Comparison:
    """Results side by side.

    Attributes
    ----------
    answer : list of str
        What differs, and how sure that is: a sentence each.
    differing : pandas.DataFrame
        What differs between the set-ups: a row each, a column a result.
    path : Path
        The page with all tables and figures.
    """

    def __init__(self, answer: list[str], differing: pd.DataFrame, path: Path) -> None:
        self.answer, self.differing, self.path = answer, differing, path

    def __repr__(self) -> str:
        return "\n".join(self.answer)
