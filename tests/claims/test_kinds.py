"""The kind of a claim follows from what the model can do, and from nothing else."""

import pandas as pd
import pytest

from experiments.claims.board import ClaimKind, at_points, contradicts, kind_of
from experiments.claims.estimands import Estimand, Kind
from tests.claims.test_claims import DIFFERENCE, planted

NOT_CONTRADICTED = pd.DataFrame({"turned": [False]})


def worlds(effects, off=0.2) -> pd.DataFrame:
    table = pd.DataFrame({"sample": range(len(effects)), "effect": effects, "off": off})
    return table.assign(materiality=0.05)


def test_a_claim_whose_sign_is_turned_somewhere_is_testable():
    always = worlds([0.5] * 20)
    assert kind_of(pd.DataFrame({"turned": [False, True]}), always) is ClaimKind.TESTABLE


@pytest.mark.parametrize(
    ("effects", "off", "kind"),
    [
        ([0.5] * 19 + [0.0], 0.2, ClaimKind.DEFINITION),
        ([0.5] * 18 + [0.0] * 2, 0.2, ClaimKind.BUILT_IN),
        ([0.5] * 10 + [0.0] * 10, [0.2] * 10 + [0.99] * 10, ClaimKind.CEILING),
        ([0.5] * 10 + [0.0] * 10, [0.2] * 15 + [0.99] * 5, ClaimKind.BUILT_IN),
        ([0.5] * 10 + [-0.5] * 10, 0.2, ClaimKind.BUILT_IN),
    ],
)
def test_the_kind_of_a_claim_that_is_contradicted_nowhere(effects, off, kind):
    assert kind_of(NOT_CONTRADICTED, worlds(effects, off)) is kind


def test_a_claim_that_needs_several_effects_holds_where_all_of_them_are_material():
    both = pd.concat([worlds([0.5] * 20), worlds([0.0] * 10 + [0.5] * 10)])
    assert kind_of(NOT_CONTRADICTED, both) is ClaimKind.BUILT_IN


def test_without_a_search_or_without_worlds_the_kind_is_not_known():
    assert kind_of(NOT_CONTRADICTED.iloc[:0], worlds([0.5] * 20)) is ClaimKind.UNKNOWN
    assert kind_of(NOT_CONTRADICTED, worlds([])) is ClaimKind.UNKNOWN


def test_a_claim_without_direction_is_contradicted_where_nothing_differs():
    verdicts = ["contradicted", "no material effect", "no material effect", "supported"]
    effects = pd.DataFrame({"verdict": verdicts, "off": [1.0, 1.0, 0.01, 1.0], "materiality": 0.1})
    directed = pd.Series([True] * 4)
    assert contradicts(effects, directed).tolist() == [True, False, False, False]
    assert contradicts(effects, ~directed).tolist() == [False, True, False, False]


def test_each_claim_is_looked_at_in_the_part_of_its_name():
    def of(**changes) -> Estimand:
        return Estimand(**{**dict(DIFFERENCE), "claim": "C7", **changes})

    estimands = [
        of(branch="a"),
        of(branch="b"),
        of(branch="b", name="beside", headline=False),
        of(branch="c", kind=Kind.LEVEL),
    ]
    runs = pd.concat(
        [planted(0.9, 0.2, 100).assign(part="C7a"), planted(0.2, 0.9, 100).assign(part="C7b")]
    )
    table = at_points(estimands, runs)
    assert table["part"].tolist() == ["C7a", "C7b"]
    assert table["fails"].tolist() == table["turned"].tolist() == [True, False]
    assert table["verdict"].tolist() == ["contradicted", "supported"]


def test_a_sign_may_be_turned_by_less_than_is_material():
    slightly = planted(0.5, 0.44, 3200).assign(part="C0")
    (row,) = at_points([DIFFERENCE], slightly).to_dict("records")
    assert row["high"] < 0
    assert (row["fails"], row["turned"]) == (False, True)
