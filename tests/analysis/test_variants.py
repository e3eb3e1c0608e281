"""Arms side by side: means over settings, differences within setting and replicate."""

import itertools

import numpy as np
import pandas as pd
import pytest

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
    told = drawing.describe(table)
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
