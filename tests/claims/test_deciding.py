"""What decides a claim, and where it holds, is found where it was planted."""

import numpy as np
import pandas as pd
import pytest

from experiments.claims.over_worlds import deciding, drawn_in, where_it_holds
from sim.parameters import declarations

THREAT, COST = "participation.threat_weight", "participation.cost_mean"


@pytest.fixture(scope="module")
def drawn() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    names = (THREAT, COST, "awareness.contact")
    return pd.DataFrame({name: rng.uniform(*span(name), 400) for name in names})


def span(name: str) -> tuple[float, float]:
    return declarations()[name].metadata["plausible"]


def effects(values) -> pd.DataFrame:
    about = {"estimand": "planted", "materiality": 0.05, "error": 0.01}
    return pd.DataFrame({"sample": range(len(values)), "effect": values} | about)


def test_the_parameter_that_decides_is_found_and_split_at_zero(drawn):
    found = deciding(effects(0.3 * drawn[THREAT]), drawn)
    assert (found.parameter, found.split, found.chosen) == (THREAT, 0.0, True)
    below, above = found.table.to_dict("records")
    judged = drawn.iloc[1::2]
    assert below["worlds"] == (judged[THREAT] <= 0).sum()
    assert above["worlds"] + below["worlds"] == 200
    assert below["above"] == pytest.approx(0, abs=0.02)
    expected = (judged[THREAT] > 0.05 / 0.3).sum() / (judged[THREAT] > 0).sum()
    assert above["above"] == pytest.approx(expected, abs=0.05)
    assert below["below"] > 0.5


def test_a_range_without_zero_is_split_in_its_middle(drawn):
    middle = sum(span(COST)) / 2
    found = deciding(effects(5 * (middle - drawn[COST])), drawn)
    assert (found.parameter, found.split) == (COST, middle)
    assert found.table["above"].iloc[0] > 0.8 > 0.2 > found.table["above"].iloc[1]


def test_a_parameter_named_beforehand_is_judged_in_all_worlds(drawn):
    found = deciding(effects(0.3 * drawn[THREAT]), drawn, named=COST)
    assert (found.parameter, found.chosen) == (COST, False)
    assert found.table["worlds"].sum() == 400


def test_few_worlds_decide_nothing(drawn):
    assert deciding(effects(np.zeros(30)), drawn.iloc[:30]) is None


def test_the_box_in_which_a_claim_holds_has_at_most_three_limits(drawn):
    rng = np.random.default_rng(2)
    more = pd.DataFrame(
        rng.random((400, 3)), columns=["firm.cash", "vote.trust_effect", "firm.policy"]
    )
    every = drawn.join(more)
    holds = (drawn[THREAT] > 0.3) & (drawn[COST] < sum(span(COST)) / 2)
    table = where_it_holds(effects(np.where(holds, 0.3, -0.1)), every)
    first = table[table["box"] == 1]
    assert {THREAT, COST} <= set(first["parameter"])
    assert len(first) <= 3
    assert first["density"].iloc[0] > 0.8
    assert first["coverage"].iloc[0] > 0.6


def test_what_variants_set_is_no_property_of_a_world():
    rows = [
        {"part": "arms", "sample": world, THREAT: 0.1 * world, COST: cost, "users.count": 100}
        for world in range(3)
        for cost in (0.6, 0.9)
    ]
    assert list(drawn_in(pd.DataFrame(rows), "arms")) == [THREAT]
