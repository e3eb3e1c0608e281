"""Arms side by side: means over settings, differences within setting and replicate."""

import itertools

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.intervals import two_way_mean
from experiments.analysis.variants import by_variant, settings
from experiments.figures import variants as drawing
from tests.figures.test_figures import assert_tidy, svg_of

RNG = np.random.default_rng(3)


def runs(replicates=60, gain=0.3):
    """Arm b adds `gain` to the chance and 0.1 to the level, in each of two settings."""
    rows = []
    for replicate, threat, label in itertools.product(range(replicates), (0.1, 0.6), "ab"):
        luck = np.random.default_rng(replicate).random()
        b = label == "b"
        rows.append(
            {"label": label, "threat.base": threat, "replicate": replicate, "error": ""}
            | {"movement.framing": "mixed" if b else "commons"}
            | {"emerged": bool(luck < 0.2 + gain * b), "converted": False}
            | {"peak_share": threat + 0.1 * b + 0.01 * luck, "vote_share": np.nan}
        )
    return pd.DataFrame(rows)


def test_a_setting_is_what_varies_alike_in_every_arm():
    assert settings(runs()) == ["threat.base"]


def test_differences_are_those_planted():
    table = by_variant(runs()).set_index(["outcome", "label"])
    assert set(table.index.get_level_values("outcome")) == {"emerged", "peak_share"}
    level = table.loc[("peak_share", "b")]
    assert level["difference"] == pytest.approx(0.1)
    # The luck is shared and the settings are averaged over: nothing is left that could vary.
    assert level["difference_high"] - level["difference_low"] < 1e-9
    assert level["high"] - level["low"] < 0.01
    emerged = table.loc[("emerged", "b")]
    lucky = np.array([np.random.default_rng(r).random() for r in range(60)])
    assert emerged["difference"] == pytest.approx(np.mean((lucky >= 0.2) & (lucky < 0.5)))
    assert emerged["difference_low"] < 0.3 < emerged["difference_high"]
    assert np.isnan(table.loc[("emerged", "a"), "difference"])
    assert table["runs"].tolist() == [120] * 4


def test_failed_runs_are_left_out():
    table = runs()
    table.loc[table["replicate"] == 0, "error"] = "no memory"
    assert by_variant(table)["runs"].tolist() == [118] * 4


def test_the_figure_says_what_the_table_says():
    table = by_variant(runs())
    figure = drawing.draw(table)
    svg_of(figure)
    assert_tidy(figure)
    told = drawing.draw(table).get_label()
    for row in table.itertuples():
        assert f"{row.label}: {round(100 * row.mean)} % [" in told
    assert len([a for a in figure.axes if a.get_title(loc="left")]) == 2


def test_a_first_variant_of_which_no_run_knows_the_outcome_has_no_mean():
    table = runs()
    table["influence"] = np.where(table["label"] == "b", table["peak_share"], np.nan)
    found = by_variant(table, ["influence"]).set_index("label")
    assert np.isnan(found.loc["a", "mean"])
    assert np.isnan(found.loc["b", "difference"])
    assert found.loc["b", "mean"] == pytest.approx(0.45, abs=0.02)


def in_worlds(worlds=30, replicates=8, gain=0.1, seed=1):
    """Variant b adds `gain` in the mean; worlds and replicates each have a gain of their own."""
    rng = np.random.default_rng(seed)
    of_world, of_luck = rng.normal(0, 0.05, worlds), rng.normal(0, 0.05, replicates)
    rows = [
        {"label": label, "sample": world, "replicate": replicate, "error": ""}
        | {"exit.voice": world / worlds}
        | {
            "peak_share": 0.3 + world / 100
            + (label == "b") * (gain + of_world[world] + of_luck[replicate])
        }
        for world, replicate, label in itertools.product(range(worlds), range(replicates), "ab")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_what_makes_a_drawn_world_is_no_setting():
    assert settings(in_worlds()) == []


def test_in_drawn_worlds_intervals_heed_both_worlds_and_luck():
    covered = 0
    for seed in range(100):
        row = by_variant(in_worlds(seed=seed)).set_index("label").loc["b"]
        covered += row["difference_low"] < 0.1 < row["difference_high"]
    assert 90 <= covered <= 100


def test_a_mean_over_worlds_and_replicates_on_paper():
    # Two worlds that differ and replicates that do not: by worlds (1 + 1) · 2/1 / 4² = 0.25, by
    # replicates 0, by values 4 · 0.25 / 4² = 0.0625. The largest of 0.25, 0 and their sum less
    # 0.0625 is 0.25; Student's t with one degree of freedom has its 97.5 % at 12.706.
    estimate = two_way_mean([[0, 0], [1, 1]])
    assert estimate == pytest.approx((0.5, 0.5 - 12.706 * 0.5, 0.5 + 12.706 * 0.5), abs=1e-3)
    assert two_way_mean([[0, 1], [0, 1]]) == pytest.approx(estimate)  # the same of replicates
    # Both differ: 0.25 by worlds, 0.25 by replicates, less (1 + 0 + 0 + 1) / 4² by values.
    both = two_way_mean([[0, 1], [1, 2]])
    assert both.high - both.value == pytest.approx(12.706 * (0.25 + 0.25 - 2 / 16) ** 0.5, abs=1e-3)
    assert two_way_mean([[1.0], [3.0]])[1:] == (-np.inf, np.inf)  # luck was tried once
    assert np.isnan(two_way_mean([[np.nan]]).value)
