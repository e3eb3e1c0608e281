"""What calibration asks of designs and sweeps: logarithmic ranges, luck of their own, worlds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.design.draw import draw
from experiments.design.reading import DesignError
from experiments.execution.sweep import run_sweep
from experiments.store.layout import StoreError
from experiments.store.result import Result
from sim import simulate
from tests.sweeps import settings

PUBLIC = "users.people_per_agent"


def of(**part):
    return {"parts": [{"name": "p", "design": "latin_hypercube", "samples": 400, **part}]}


def test_a_logarithmic_range_is_drawn_evenly_in_its_logarithm():
    points = draw(of(ranges={PUBLIC: [1, 100, "log"]})).points
    logs = np.log10([point[PUBLIC] for point in points])
    assert np.quantile(logs, [0.25, 0.5, 0.75]) == pytest.approx([0.5, 1.0, 1.5], abs=0.02)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ([0.0, 1.0, "log"], "must be numbers above 0"),
        ([0.1, 0.2, "logs"], "must be .low, high. or .low, high, log."),
    ],
)
def test_a_logarithmic_range_that_is_none_is_refused(span, said):
    with pytest.raises(DesignError, match=said):
        draw(of(ranges={"exit.voice": span}))


def test_world_beside_names_draws_all_ranges_but_theirs():
    whole = draw(of(ranges="world", samples=3)).points
    some = draw(of(ranges={"world": None, "movement.organisers": [10, 30]}, samples=3)).points
    assert {*whole[0], "movement.organisers"} == set(some[0])
    assert all(10 <= point["movement.organisers"] <= 30 for point in some)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "calibrated.parquet"
    rates = [0.1, 0.12, 0.14]
    table = {"persuasion.rate": rates, "users.count": [200] * 3, "weight": [1.0] * 3}
    pd.DataFrame(table).to_parquet(path)
    return path


def test_calibrated_worlds_stand_in_for_all_ranges_and_arms_win_over_them(stored):
    part = of(ranges="world", samples=3, grid={"users.count": [50, 100]})
    drawn = draw(part, worlds=stored)
    assert {point["persuasion.rate"] for point in drawn.points} == {0.1, 0.12, 0.14}
    assert {point["users.count"] for point in drawn.points} == {50, 100}
    assert drawn.designs["p"]["design"] == "calibrated"
    held = draw(of(ranges="world", samples=3), held=["persuasion.rate"], worlds=stored).points
    assert all("persuasion.rate" not in point for point in held)


def test_where_nothing_is_drawn_from_all_ranges_calibrated_worlds_are_refused(stored):
    with pytest.raises(DesignError, match="worlds= has no effect"):
        draw(of(ranges=["persuasion.rate"]), worlds=stored)
    with pytest.raises(DesignError, match="design morris cannot draw from calibrated worlds"):
        draw(of(design="morris", ranges="world"), worlds=stored)


EXPERIMENT = {"name": "lucky", **of(ranges={"threat.base": [0.1, 0.5]}, samples=3)}


def test_every_point_has_luck_of_its_own_and_a_resume_keeps_it(tmp_path):
    lucky = settings(
        tmp_path, experiment={**EXPERIMENT, "fresh_seeds": True}, swept={}, replicates=2
    )
    runs = Result(run_sweep(lucky, progress=False)).runs()
    assert runs["seed"].tolist() == [7, 8, 1_000_007, 1_000_008, 2_000_007, 2_000_008]
    last = runs.iloc[-1]
    world = lucky.parameters.replace({"threat.base": last["threat.base"]})
    assert simulate(world, 2_000_008).outcome.signatures == last["signatures"]
    common = settings(tmp_path, experiment=EXPERIMENT, swept={}, replicates=2)
    with pytest.raises(StoreError, match="fresh_seeds True → False"):
        run_sweep(common, progress=False)
