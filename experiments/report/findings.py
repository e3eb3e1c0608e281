"""What there is in a result: its tables, each made when it is first asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments import text
from experiments.analysis import critical_cost, effects
from experiments.analysis.critical_cost import COST
from experiments.analysis.how_many import THREE
from experiments.analysis.launch_window import FOLLOWS_LAUNCH, LAUNCH, contrasts
from experiments.analysis.tables import CONDITION, finished, part, varied
from experiments.analysis.truth_table import truth_table
from experiments.design.experiment import Point, at_scale
from experiments.design.point import SAMPLE, names_of, settings_of
from experiments.design.reading import HISTORY
from experiments.execution.record import point_history
from experiments.report import phrases
from experiments.store.provenance import model_sources
from experiments.store.result import Result
from sim.parameters import Parameters, declarations
from sim.run import Run, simulate

if TYPE_CHECKING:
    from experiments.cases.case import Case

CLAIM = re.compile(r"C\d+[ab]?")


class Findings:
    """The tables of a result, each made when it is first asked for."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.all_runs = result.runs()
        self.runs = finished(self.all_runs)
        self.config = result.config
        self.parameters = result.design.parameters
        experiment = self.config.get("experiment") or {}
        scale = str(self.config.get("scale", "laptop"))
        self.experiment: dict[str, Any] = at_scale(experiment, scale) if experiment else {}
        self.conditions: dict[str, Any] = self.experiment.get("conditions") or {}
        self.labels = {
            name: str(about.get("label", name)) for name, about in self.conditions.items()
        }
        self.parts = {str(given["name"]): given for given in self.experiment.get("parts") or ()}
        self._cached: dict[str, pd.DataFrame] = {}

    @property
    def question(self) -> str:
        """What was asked."""
        if self.experiment:
            return str(self.experiment.get("question", "")).strip()
        return phrases.say("report", "question", varied=self.varied)

    @cached_property
    def varied(self) -> list[str]:
        """Return what differs between the runs, apart from what conditions set."""
        return [n for n in varied(self.all_runs) if n not in self._set_by_conditions]

    @cached_property
    def factorials(self) -> list[str]:
        """Return the parts that hold every combination of conditions and vary nothing else."""
        return [n for n in self.run_parts if self.conditions_in(n) and not self.varied_in(n)]

    @cached_property
    def cost_parts(self) -> list[str]:
        """Return the parts that vary conditions and the cost of taking part."""
        return [n for n in self.run_parts if self.conditions_in(n) and self.varied_in(n) == [COST]]

    @cached_property
    def launches(self) -> list[str]:
        """Return the parts that vary the launch week, and only what goes along with it."""
        return [
            name
            for name in self.run_parts
            if not self.conditions_in(name)
            and LAUNCH in self.varied_in(name)
            and set(self.varied_in(name)) <= {LAUNCH, *FOLLOWS_LAUNCH}
        ]

    @cached_property
    def variant_parts(self) -> list[str]:
        """Return the parts with several variants, which differ by their labels; no drawn worlds."""
        return [name for name in self.compared_parts if not self.is_sampled(name)]

    @cached_property
    def compared_parts(self) -> list[str]:
        """Return the parts whose variants are compared: also each in many drawn worlds."""
        if "label" not in self.runs:
            return []
        labels = self.runs.groupby("part")["label"].nunique()
        drawn = self.of_design("latin_hypercube", "calibrated")
        return [
            n for n in self.run_parts if labels[n] > 1 and (n in drawn or not self.is_sampled(n))
        ]

    @cached_property
    def grid_parts(self) -> list[str]:
        """Return the parts that are no factorial, no launch weeks and no variants."""
        others = (self.factorials, self.cost_parts if self.factorials else (), self.launches)
        elsewhere = {name for names in (*others, self.variant_parts) for name in names}
        return [n for n in self.run_parts if n not in elsewhere and not self.is_sampled(n)]

    def is_sampled(self, name: str) -> bool:
        """Whether the worlds of a part were drawn from ranges."""
        return any(SAMPLE in point for point in self.points.get(name, []))

    @cached_property
    def sampled(self) -> dict[str, list[str]]:
        """Return the parameters drawn in each part with drawn worlds, in the order of its design.

        Those that differ between the worlds of the part's first variant.
        """
        result = {}
        for name in filter(self.is_sampled, self.run_parts):
            points = self.points[name]
            variants = sum(point[SAMPLE] == points[0][SAMPLE] for point in points)
            worlds = points[::variants]
            drawn = [key for key in names_of(points) if key in declarations()]
            values = {key: {w.get(key, self.parameters[key]) for w in worlds} for key in drawn}
            result[name] = [key for key in drawn if len(values[key]) > 1]
        return result

    def of_design(self, *designs: str) -> list[str]:
        """Return the parts with drawn worlds that have one of these designs."""
        return [n for n in self.sampled if (self.parts.get(n) or {}).get("design", n) in designs]

    def cached(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a table that is made only once."""
        if name not in self._cached:
            self._cached[name] = make()
        return self._cached[name]

    @property
    def is_of_claims(self) -> bool:
        """Whether the parts are points where claims may fail."""
        return any(map(CLAIM.fullmatch, self.run_parts))

    @cached_property
    def run_parts(self) -> list[str]:
        """Return the parts with finished runs."""
        there = set(self.runs["part"])
        return [name for name in self.points if name in there]

    @cached_property
    def points(self) -> dict[str, list[Point]]:
        """Return the points by part."""
        result: dict[str, list[Point]] = {}
        for point in self.result.design.points:
            result.setdefault(str(point["part"]), []).append(point)
        return result

    @cached_property
    def points_run(self) -> list[Point]:
        """Return the points of the first part with finished runs."""
        return self.points[self.run_parts[0]] if self.run_parts else []

    def varied_in(self, name: str) -> list[str]:
        """Return what differs between the points of a part, apart from what conditions set."""
        points = self.points.get(name, [])
        base = {**HISTORY, **self.parameters}
        values = {
            parameter: {point.get(parameter, base.get(parameter)) for point in points}
            for parameter in names_of(points)
            if parameter in base and parameter not in self._set_by_conditions
        }
        several = [parameter for parameter, found in values.items() if len(found) > 1]
        return sorted(several, key=lambda parameter: -len(values[parameter]))

    def conditions_in(self, name: str) -> list[str]:
        """Return the conditions that are both on and off in a part."""
        points = self.points.get(name, [])
        return [
            key.removeprefix(CONDITION)
            for key in names_of(points)
            if key.startswith(CONDITION) and len({point.get(key) for point in points}) == 2
        ]

    @cached_property
    def _set_by_conditions(self) -> set[str]:
        return {name for about in self.conditions.values() for name in about["on"]}

    @cached_property
    def truth(self) -> pd.DataFrame:
        """The truth table of the main factorial."""
        name = self.factorials[0]
        return truth_table(part(self.runs, name), self.conditions_in(name))

    @cached_property
    def effects(self) -> pd.DataFrame:
        """The main effects in the main factorial."""
        name = self.factorials[0]
        return effects.main_effects(part(self.runs, name), self.conditions_in(name))

    @cached_property
    def largest(self) -> pd.Series | None:
        """The largest main effect; None while no replicate has all combinations."""
        sizes = self.effects["effect"].abs().dropna()
        return None if sizes.empty else self.effects.loc[sizes.idxmax()]

    @cached_property
    def costs(self) -> pd.DataFrame | None:
        """The critical costs, if they were looked for."""
        if not self.cost_parts:
            return None
        name = self.cost_parts[0]
        return critical_cost.critical_costs(part(self.runs, name), self.conditions_in(name))

    @cached_property
    def three(self) -> list[str]:
        """Those of distress, dissatisfaction and threat that the main factorial varies."""
        return [name for name in THREE if name in self.effects["condition"].tolist()]

    def label(self, condition: str) -> str:
        """Return a condition in words, in quotation marks."""
        return f"“{self.labels.get(condition, condition)}”"

    def part_label(self, name: str) -> str:
        """Return a part of the experiment in words."""
        label = (self.parts.get(name) or {}).get("label")
        return str(label or name.replace("_", " "))

    def sets(self, name: str) -> dict[str, Any]:
        """Return what a part of the experiment sets for all its points."""
        return dict((self.parts.get(name) or {}).get("set") or {})

    @cached_property
    def contrasts(self) -> pd.DataFrame:
        """The contrast of launch weeks in each part that varies them."""
        return contrasts(self.runs[self.runs["part"].isin(self.launches)])

    @property
    def people(self) -> str:
        """Return how many people an agent stands for."""
        name = "users.people_per_agent"
        if name in self.all_runs and self.all_runs[name].nunique() > 1:
            values = sorted(self.all_runs[name].unique())
            if len(values) > phrases.MOST_VALUES:
                return f"{text.number(values[0])} to {text.number(values[-1])}"
            return text.joined(list(map(phrases.value, values)))
        return phrases.value(self.parameters[name])

    @cached_property
    def case(self) -> Case | None:
        """The case whose record the runs follow; None if there is none, or it is not as it was."""
        return None if self.result.record_changed else self.result.case

    @cached_property
    def is_repeatable(self) -> bool:
        """Whether the same runs can be made again: with the model and the files of the result."""
        same_model = self.result.design.model in ({}, model_sources())
        return same_model and not self.result.changed_inputs

    @cached_property
    def real_launch(self) -> int | None:
        """Week in which the real campaign of the case was launched."""
        if self.case is None:
            return None
        return next((e.week for e in self.case.events if e.kind == "launch"), None)

    def point(
        self, name: str, levels: Mapping[str, int], values: Mapping[str, Any] | None = None
    ) -> Point | None:
        """Return the first point of a part with these conditions and values."""
        wanted = {f"{CONDITION}{c}": v for c, v in levels.items()} | dict(values or {})
        for point in self.points.get(name, []):
            if all(point.get(k) == v for k, v in wanted.items()):
                return point
        return None

    def number(self, point: Point) -> int:
        """Return the number of a point in the design."""
        return next(i for i, other in enumerate(self.result.design.points) if other == point)

    def when(self, week: float) -> str:
        """Return a week in words, with its date in a case."""
        if self.case is None:
            return f"week {int(week)}"
        return f"week {int(week)} ({self.case.date_of(int(week)):%B %Y})"

    def simulate(self, point: Point, replicate: int = 0) -> Run:
        """Return a run of a point, made again; the result must be repeatable."""
        base = {k: v for k, v in self.parameters.items() if k in declarations()}
        parameters = Parameters.from_dict(base).replace(settings_of(point))
        history = {k: v for k, v in self.parameters.items() if k in HISTORY}
        record = point_history(self.case, {**history, **point}, parameters.horizon)
        return simulate(parameters, self.result.design.seed + replicate, record)
