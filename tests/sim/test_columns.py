"""What is recorded is declared once: every parameter and column has a label, a unit and a scale."""

import math
from collections import Counter

import numpy as np
import pytest

from sim import Parameters, simulate
from sim.columns import OUTCOMES, WEEKS, Outcome, axis, column, label
from sim.parameters import declarations

EVERY = [*declarations(), *OUTCOMES, *WEEKS]


@pytest.fixture(scope="module")
def run():
    return simulate(Parameters.from_dict({"users.count": 200, "horizon": 120}), seed=3)


def test_outcomes_and_weeks_have_a_declaration_each(run):
    assert tuple(OUTCOMES) == Outcome._fields
    assert tuple(WEEKS) == run.records.dtype.names


@pytest.mark.parametrize("name", EVERY)
def test_a_label_is_short_and_no_code_name(name):
    assert 3 < len(label(name)) <= 44
    assert not set("_.{}") & set(label(name))


def test_no_two_parameters_share_a_label():
    assert [text for text, n in Counter(map(label, declarations())).items() if n > 1] == []


def test_what_is_declared_a_share_is_recorded_as_one(run):
    for name, declared in WEEKS.items():
        values = run.records[name].astype(float)
        if declared.is_share:
            assert np.nanmax(np.abs(values), initial=0) <= 1, name
    for name, declared in OUTCOMES.items():
        value = getattr(run.outcome, name)
        if declared.is_share and not math.isnan(value):
            assert abs(value) <= 1, name


def test_people_and_prices_are_no_shares():
    assert not any(column(name).is_share for name in ("signatures", "price", "cash", "votes"))


def test_an_axis_shows_the_unit_unless_the_label_does():
    assert axis("firm.decline_rate") == "structural decline of demand (1/week)"
    assert axis("movement.launch_week") == "week of the launch"
    assert axis("peak_share").endswith("(% of users)")


def test_a_name_that_is_not_declared_is_made_readable():
    assert label("condition.lost_trust") == "lost trust"
