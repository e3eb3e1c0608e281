"""Fans over the weeks and mosaics by goal: counted by hand, drawn tidily."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.grades import GOALS, GRADES, outcomes_by_goal
from experiments.analysis.variants import QUANTILES, trajectories
from experiments.figures import grades
from experiments.figures.variants import draw_fans
from tests.figures.test_figures import assert_tidy, svg_of

VARIANTS = ("commons", "cooperative", "mixed", "two_stage", "reversed")


def tables(variants=VARIANTS[:2], replicates=41, weeks=30, seed=0):
    rng = np.random.default_rng(seed)
    runs, weekly = [], []
    for point, variant in enumerate(variants):
        for r in range(replicates):
            runs.append({"point": point, "replicate": r, "label": variant, "error": ""})
            path = np.cumsum(rng.normal(0.002 * (point + 1), 0.004, weeks)).clip(0)
            weekly.append(
                pd.DataFrame(
                    {"point": point, "replicate": r, "week": np.arange(weeks), "active": path}
                ).assign(literacy=0.1 + path / 2)
            )
    return pd.DataFrame(runs), pd.concat(weekly, ignore_index=True)


def test_fans_are_the_quantiles_of_each_week():
    runs, weekly = tables()
    table = trajectories(weekly.sample(frac=1, random_state=1), runs, ["active", "literacy"])
    assert len(table) == 2 * 2 * 30
    assert (table["runs"] == 41).all()
    row = table[(table["label"] == "cooperative") & (table["series"] == "active")].iloc[20]
    values = weekly[(weekly["point"] == 1) & (weekly["week"] == 20)]["active"]
    for name, q in QUANTILES.items():
        assert row[name] == pytest.approx(values.quantile(q))


def test_failed_runs_and_missing_values_are_left_out_of_fans():
    runs, weekly = tables()
    runs.loc[(runs["point"] == 0) & (runs["replicate"] >= 20), "error"] = "failed"
    weekly.loc[(weekly["point"] == 0) & (weekly["week"] == 3), "active"] = np.nan
    weekly.loc[
        (weekly["point"] == 0) & (weekly["week"] == 4) & (weekly["replicate"] > 0), "active"
    ] = np.nan
    table = trajectories(weekly, runs, ["active"]).query("label == 'commons'").set_index("week")
    assert (table["runs"] == 20).all()
    assert table.loc[3, list(QUANTILES)].isna().all()
    only = weekly.query("point == 0 and week == 4 and replicate == 0")["active"].iloc[0]
    assert (table.loc[4, list(QUANTILES)] == only).all()
    assert trajectories(weekly.iloc[:0], runs, ["active"]).empty


@pytest.mark.parametrize("variants", [1, 2, 5])
def test_fans_draw_every_variant(variants):
    runs, weekly = tables(VARIANTS[:variants])
    table = trajectories(weekly, runs, ["active", "literacy"])
    figure = draw_fans(table, {"two_stage": "two stages"})
    assert len(figure.axes) == 2 * variants
    medians = table[(table["label"] == VARIANTS[0]) & (table["series"] == "active")]["median"]
    assert figure.axes[0].lines[-1].get_ydata() == pytest.approx(100 * medians.to_numpy())
    first = table[(table["label"] == VARIANTS[0]) & (table["series"] == "active")]
    for band, ends in zip(figure.axes[0].collections, ("90", "50"), strict=True):
        corners = {round(y, 9) for y in band.get_paths()[0].vertices[:, 1]}
        wanted = 100 * first[[f"low_{ends}", f"high_{ends}"]].to_numpy()
        assert corners >= {round(y, 9) for y in wanted.ravel()}
    assert len(figure.axes[0].lines) == 1
    if variants > 1:
        assert figure.axes[1].lines[0].get_ydata() == pytest.approx(100 * medians.to_numpy())
    assert_tidy(figure)
    svg_of(figure)


def test_fans_in_words():
    runs, weekly = tables()
    told = draw_fans(trajectories(weekly, runs, ["active"])).get_label()
    assert told.startswith("Users taking part: the median run peaks at ")
    assert "in “cooperative”, at" in told
    assert "In the last week: users taking part: commons:" in told


def judged(seed=0, variants=("launch", "never"), replicates=60):
    rng = np.random.default_rng(seed)
    rows = []
    for variant in variants:
        for r in range(replicates):
            grade = rng.choice(GRADES, p=[0.42, 0.02, 0.2, 0.3, 0.05, 0.01])
            felt = {"convert": -0.3, "spread": 0.05, "promote": 0.1}
            row = {"label": variant, "replicate": r, "grade": grade, "error": ""}
            for goal, mean in felt.items():
                value = mean + rng.normal(0, 0.1) if grade != "dormant" else np.nan
                row[f"satisfaction_{goal}"] = value
            rows.append(row)
    return pd.DataFrame(rows)


def test_outcomes_by_goal_by_hand():
    runs = judged()
    table = outcomes_by_goal(runs, ["label"])
    launched = runs[runs["label"] == "launch"]
    for row in table[table["label"] == "launch"].itertuples():
        of_grade = launched[launched["grade"] == row.grade]
        assert row.runs == len(of_grade)
        assert row.share == pytest.approx(len(of_grade) / 60)
        assert row.share_low < row.share < row.share_high
        column = next(name for name, goal in GOALS.items() if goal == row.goal)
        if row.grade == "dormant":
            assert np.isnan(row.satisfaction)
        else:
            assert row.satisfaction == pytest.approx(of_grade[column].mean())
            assert row.low <= row.satisfaction <= row.high
    shares = table.groupby(["label", "goal"])["share"].sum()
    assert shares.to_numpy() == pytest.approx(1)


@pytest.mark.parametrize("by", [None, "label"])
def test_goals_are_a_map_a_variant(by):
    table = outcomes_by_goal(judged(), [by] if by else [])
    figure = grades.draw_goals(table, by)
    panels = figure.axes[: 2 if by else 1]
    for axes, variant in zip(panels, ("launch", "never"), strict=False):
        rows = table[table[by] == variant] if by else table
        drawn = axes.images[0].get_array().compressed()
        assert sorted(drawn) == pytest.approx(sorted(rows["satisfaction"].dropna()))
    assert_tidy(figure)
    svg_of(figure)


def test_goals_in_words():
    table = outcomes_by_goal(judged())
    told = grades.draw_goals(table).get_label()
    assert "satisfies people most differently" in told
    assert "for those who want to convert, +0." in told
    assert "convert this firm: −0." in told
    nobody = judged().assign(grade="dormant", **dict.fromkeys(GOALS, np.nan))
    assert grades.goals_headline(outcomes_by_goal(nobody)) == (
        "Nobody took part, so nobody judges the outcome"
    )
    assert_tidy(grades.draw_goals(outcomes_by_goal(nobody)))
