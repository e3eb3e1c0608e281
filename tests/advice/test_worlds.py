"""Which worlds advice rests on: calibrated ones where there are any, else the ranges."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.advice.worlds import REPLACED, draw_worlds, of_ranges
from sim import Parameters

DAY = date(2016, 9, 29)


def calibrate(results, as_of=None):
    """Store worlds in which threat is one of three values."""
    folder = results / "calibrate-firm" / (f"as-of-{as_of}" if as_of else "")
    folder.mkdir(parents=True)
    worlds = pd.DataFrame(
        {
            "threat.base": [0.21, 0.22, 0.23],
            "exit.voice": [0.1, 0.2, 0.3],
            "movement.launch_week": [9, 9, 9],
            "weight": [1.0, 1.0, 0.0],
        }
    )
    worlds.to_parquet(folder / "calibrated.parquet")


FIRM = SimpleNamespace(path="cases/firm.csv")


def drawn(results, day=None, count=40, given=(), case=FIRM):
    asked = SimpleNamespace(case=case, results_dir=results, given=set(given), seed=7)
    return draw_worlds(asked, count, set(given), day)


def test_calibrated_worlds_are_used_where_there_are_any(tmp_path):
    calibrate(tmp_path)
    worlds, source = drawn(tmp_path)
    assert source == "calibrated"
    assert {world["threat.base"] for world in worlds} == {0.21, 0.22}
    assert worlds[0]["media.luck"] != worlds[1]["media.luck"]  # what was not fitted is drawn


def test_what_the_question_or_the_user_sets_is_not_taken_from_a_calibration(tmp_path):
    calibrate(tmp_path)
    worlds, _ = drawn(tmp_path, given=["exit.voice"])
    assert not {"movement.launch_week", "exit.voice"} & worlds[0].keys()


def test_a_calibration_by_later_facts_is_not_used_for_an_earlier_day(tmp_path):
    calibrate(tmp_path)
    assert drawn(tmp_path, DAY)[1] == "ranges"
    calibrate(tmp_path, DAY)
    assert drawn(tmp_path, DAY)[1] == "calibrated"


def test_a_firm_of_the_model_is_not_calibrated(tmp_path):
    calibrate(tmp_path)
    assert drawn(tmp_path, case=None)[1] == "ranges"


@pytest.mark.parametrize("calibrated", [True, False])
def test_more_worlds_begin_with_the_same_ones(tmp_path, calibrated):
    if calibrated:
        calibrate(tmp_path)
    few, more = drawn(tmp_path, count=3)[0], drawn(tmp_path, count=20)[0]
    assert more[:3] == few


def test_what_is_held_or_stands_for_a_scenario_is_not_drawn():
    worlds = of_ranges(3, {"threat.base"}, 7)
    assert not {"threat.base", *REPLACED} & worlds[0].keys()
    assert worlds[0] != worlds[1]
    Parameters().replace(worlds[0])
