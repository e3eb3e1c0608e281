"""Launch and take-off apart, and effects on the people who organise."""

import itertools
import math

import pandas as pd
import pytest

from experiments.analysis.amounts import amount, change
from experiments.analysis.effects import leakage, main_effects
from experiments.analysis.how_many import LAUNCHED, take_off, with_launched


def runs(replicates=8):
    """Return runs in which ``a`` brings launches about, and ``b`` lets those that happen grow."""
    return pd.DataFrame(
        {
            "condition.a": a,
            "condition.b": b,
            "replicate": i,
            "error": "",
            "launch_week": 5.0 if a or i % 4 == 0 else math.nan,
            "emerged": bool(b and (a or i % 4 == 0)),
            "log_organisers": 1.0 + 0.3 * b + 0.01 * i,
        }
        for a, b, i in itertools.product((0, 1), (0, 1), range(replicates))
    )


def test_launches_and_what_they_become_are_counted_apart():
    table = take_off(runs(), ["a", "b"], ["a", "b"])
    assert table["set"].tolist() == [(), ("a",), ("b",), ("a", "b")]
    assert table["launched"].tolist() == [0.25, 1.0, 0.25, 1.0]
    assert table["launches"].tolist() == [2, 8, 2, 8]
    assert table["take_off"].tolist() == [0.0, 0.0, 1.0, 1.0]
    assert (table["low"] <= table["take_off"]).all()
    assert table["low"][2] < table["low"][3]  # two launches say less than eight


def test_without_a_launch_nothing_is_known_of_take_off():
    never = runs().assign(launch_week=math.nan, emerged=False)
    table = take_off(never, ["a", "b"], ["a", "b"])
    assert table["take_off"].isna().all()
    assert (table[["low", "high"]] == [0.0, 1.0]).all(axis=None)


def test_what_brings_launches_about_is_not_what_lets_them_grow():
    launches = main_effects(with_launched(runs()), ["a", "b"], LAUNCHED)
    launches = launches.set_index("condition")["effect"]
    people = leakage(runs(), ["a", "b"], ["log_organisers"]).set_index("condition")["difference"]
    assert launches.to_dict() == pytest.approx({"a": 0.75, "b": 0.0})
    assert people.to_dict() == pytest.approx({"a": 0.0, "b": 0.3})


def test_amounts_stand_in_the_unit_of_their_outcome():
    assert amount("log_organisers", 2.0) == "99 people"
    assert amount("emerged", 0.25) == "25 %"
    assert change("log_organisers", math.log10(2)) == "× 2.00"
    assert change("commons_gain", -0.1) == "−0.10"
