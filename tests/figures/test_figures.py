"""Figures: what is drawn is what the tables hold; nothing overlaps; every figure has its words."""

import datetime
import itertools
import math
import xml.etree.ElementTree as ElementTree
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.critical_cost import FOUND
from experiments.analysis.effects import verdict
from experiments.analysis.grades import GOALS
from experiments.analysis.intervals import wilson
from experiments.analysis.tables import emergence
from experiments.analysis.truth_table import decide
from experiments.figures import (
    effects,
    ends,
    factorial,
    grades,
    grid,
    launch_window,
    layout,
    style,
    timeline,
    twins,
)
from experiments.figures.marks import _box, lay_out, marks
from sim import Parameters, simulate
from sim.state import WEEK


class Event(NamedTuple):
    week: int
    label: str
    kind: str = "marker"


class Case(NamedTuple):
    events: tuple[Event, ...] = ()
    start: datetime.date = datetime.date(2013, 11, 7)

    def date_of(self, week):
        return self.start + datetime.timedelta(weeks=week)


OUTCOME = {
    "emerged": True,
    "grade": "movement",
    "emergence_week": 60.0,
    "launch_week": 52.0,
    "peak_share": 0.05,
    "peak_organisers": 1234.0,
    "influence": 0.81,
    "spin_off_week": math.nan,
    "vote_share": 0.047,
    "converted": False,
}


def weekly(weeks=104, support=0.05, seed=0):
    """A made-up weekly table: each column different, all within their bounds."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({name: np.zeros(weeks + 1) for name in WEEK.names})
    table["week"], table["people_per_agent"] = np.arange(weeks + 1), 10.0
    table["price"] = np.exp(np.cumsum(rng.normal(-0.005, 0.05, weeks + 1)))
    for name in ("distress", "trust", "value_gap", "dissatisfaction", "threat", "dissatisfied"):
        table[name] = np.clip(np.cumsum(rng.normal(0, 0.03, weeks + 1)) + 0.4, 0, 1)
    after = np.clip(table["week"] - 52, 0, None)
    table["supporters"] = support * (1 - np.exp(-after / 10))
    table["organisers"] = 0.1 * table["supporters"]
    table["active"] = table["supporters"] + table["organisers"]
    table["exited"], table["exited_coop"] = 0.001 * table["week"], 0.0001 * table["week"]
    table["vote_share"] = np.nan
    table.loc[80, "vote_share"] = 0.047
    table.loc[58:79, "filed"] = 1.0
    return table


def svg_of(figure):
    svg = style.to_svg(figure)
    ElementTree.fromstring(svg)  # well-formed
    return svg


def extents(figure, texts):
    renderer = figure.canvas.get_renderer()
    return [text.get_window_extent(renderer) for text in texts if text.get_text()]


def overlapping(boxes, slack=0.5):
    return [
        (a, b)
        for a, b in itertools.combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > slack and min(a.y1, b.y1) - max(a.y0, b.y0) > slack
    ]


@style.styled
def assert_tidy(figure):
    """No two texts overlap, and none leaves the figure."""
    figure.canvas.draw()
    width, height = figure.get_size_inches() * figure.dpi
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += [*axes.texts, axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
        for i, axis in enumerate((axes.xaxis, axes.yaxis)):
            low, high = sorted(axis.get_view_interval())
            ticks = axis.get_ticklabels()
            texts += [tick for tick in ticks if low <= tick.get_position()[i] <= high]
        if axes.get_legend() is not None:
            texts += axes.get_legend().get_texts()
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    boxes = extents(figure, shown)
    named = {id(box): text.get_text() for text, box in zip(shown, boxes, strict=True)}
    assert not [(named[id(a)], named[id(b)]) for a, b in overlapping(boxes)]
    for text, box in zip(shown, boxes, strict=True):
        inside = box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height
        assert inside, f"{text.get_text()!r} leaves the figure"


# -- style -----------------------------------------------------------------------------------------


def test_spread_keeps_apart_and_within():
    rng = np.random.default_rng(0)
    for _ in range(50):
        positions = rng.uniform(0, 10, 5)
        placed = ends.spread(positions, 1.5, 0, 10)
        assert np.diff(np.sort(placed)).min() >= 1.5 - 1e-6
        assert min(placed) >= -1e-6
        assert max(placed) <= 10 + 1e-6
        assert np.argsort(placed).tolist() == np.argsort(positions).tolist()
    assert ends.spread([1.0, 5.0], 1.0, 0, 10) == [1.0, 5.0]


def test_the_same_figure_gives_the_same_file(tmp_path):
    figures = [effects.draw(effects_table()) for _ in range(2)]
    assert style.to_svg(figures[0]) == style.to_svg(figures[1])
    svg, png = style.save(figures[0], tmp_path, "effects")
    assert png.read_bytes().startswith(b"\x89PNG")
    ElementTree.fromstring(svg.read_text(encoding="utf-8"))


# -- flags -----------------------------------------------------------------------------------------


def test_flags_do_not_cross():
    rng = np.random.default_rng(2)
    for count in (0, 1, 2, 5, 12, 20):
        for _ in range(5):
            poles = np.sort(rng.choice(np.arange(0, 8.5, 0.033), count, replace=False))
            widths = rng.uniform(0.4, 2.4, count)
            placed = lay_out(list(poles), list(widths), -0.6, 10.0)
            boxes = [
                _box(*args) for args in zip(poles, widths, [f.right for f in placed], strict=True)
            ]
            for (i, a), (j, b) in itertools.combinations(enumerate(boxes), 2):
                if placed[i].lane == placed[j].lane:
                    assert a[1] <= b[0] + 1e-9 or b[1] <= a[0] + 1e-9
            for i, j in itertools.permutations(range(count), 2):
                if placed[j].lane > placed[i].lane:  # the pole of j passes the lane of i
                    assert not boxes[i][0] < poles[j] < boxes[i][1]


@pytest.mark.parametrize("width", [style.COLUMN, style.PAGE])
def test_a_paper_figure_has_its_width_and_text_that_stays_text(tmp_path, width):
    with style.paper(width):
        figure = effects.draw(effects_table())
        pdf, svg, png = style.save_paper(figure, tmp_path, "effects")
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    assert float(root.get("width").removesuffix("pt")) == pytest.approx(width / 25.4 * 72, abs=0.1)
    said = " ".join(node.text or "" for node in root.iter() if node.tag.endswith("}text"))
    assert "percentage points" in said
    assert b"/FontFile2" in pdf.read_bytes()  # TrueType: text that can be searched and edited
    pixels = int.from_bytes(png.read_bytes()[16:20])
    assert pixels == pytest.approx(600 * width / 25.4, abs=1)
    assert {text.get_fontsize() for text in figure.axes[0].get_yticklabels()} == {7}
    assert style.canvas() == style.SCREEN


# -- time line and twins ---------------------------------------------------------------------------


@pytest.mark.parametrize("support", [0.004, 0.05, 0.7])
def test_timeline_draws_the_weekly_table(support):
    table = weekly(support=support)
    figure = timeline.draw(table, OUTCOME)
    drawn = {line.get_label(): line for axes in figure.axes for line in axes.lines}
    for panel in timeline.PANELS:
        for column in panel.columns:
            scale = 100 if panel.unit.startswith("%") else 1
            scale = 2000 * 10 if panel.title == timeline.ORGANISERS else scale  # people
            np.testing.assert_allclose(drawn[column].get_ydata(), scale * table[column])
            np.testing.assert_array_equal(drawn[column].get_xdata(), table["week"])
    movement = next(a for a in figure.axes if "Organisers" in a._left_title.get_text())
    low, high = movement.get_ylim()
    assert low == 0
    # Also a tiny movement takes up a good part of its panel, or the organisers needed do.
    most = max(20_000 * table["organisers"].max(), 100)
    assert most <= high <= 1.15 * most
    assert any(np.allclose(line.get_ydata(), 100) for line in movement.lines)
    assert_tidy(figure)


def test_timeline_of_a_crowded_case_is_tidy():
    weeks = [0, 46, 47, 48, 49, 50, 51, 53, 57, 71, 73, 75, 80, 81, 100]
    events = tuple(Event(week, f"something that happened, number {week}") for week in weeks)
    case = Case(events)
    table = weekly()
    figure = timeline.draw(table, OUTCOME, case=case)
    assert_tidy(figure)
    texts = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
    for week in weeks:
        assert f"number {week}" in texts
    for label in ("launch", "MOVEMENT EMERGES", "proposal filed", "vote: 4.7 % for"):
        assert label in texts
    ticks = [tick.get_text() for axes in figure.axes for tick in axes.get_xticklabels()]
    assert any(tick.startswith("Jan 2015") for tick in ticks)


def test_organisers_are_counted_in_people_without_those_who_launched():
    """Of 500 users who stand for 4 people each, 2 launch, 7 organise later and 1 stays."""
    users = np.select([np.arange(105) < 52, np.arange(105) < 53, np.arange(105) < 70], [0, 2, 7], 1)
    table = weekly().assign(organisers=users / 500, people_per_agent=4.0)
    world = Parameters.from_dict({"users.count": 500})
    counted = timeline.organisers_beyond(table, OUTCOME, world)
    np.testing.assert_allclose(counted, np.where((users == 7), 4 * 5, 0), atol=1e-9)
    nobody = OUTCOME | {"launch_week": math.nan}
    assert not timeline.organisers_beyond(table, nobody, world).any()


def test_the_time_line_counts_organisers_as_the_outcome_does():
    world = Parameters.from_dict({"participation.cost_mean": 0.5, "users.count": 500})
    run = simulate(world, seed=1)
    counted = timeline.organisers_beyond(run.records, run.outcome._asdict(), world)
    assert counted.max() == pytest.approx(run.outcome.peak_organisers)
    assert counted.max() > 0


def test_marks_tell_given_from_modelled():
    case = Case((Event(52, "op-ed"), Event(500, "after the run")))
    found = {mark.week: mark for mark in marks(weekly(), OUTCOME, case)}
    assert found[52] == (52, "op-ed", "launch")
    assert found[58].modelled == "proposal filed"
    assert 500 not in found
    table = weekly()
    table["closure"] = np.where(table["week"] >= 30, 0.5 * 0.9 ** (table["week"] - 30), 0.0)
    given = [mark for mark in marks(table, OUTCOME) if mark.given]
    assert given == [(30, "closure rumour", "")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "A movement emerges in week 60: 1,234 people organise at its peak, 81 % of those who"),
        ({"emerged": False, "launch_week": math.nan}, "Nobody starts a campaign"),
        ({"emerged": False, "grade": "dormant", "peak_organisers": 34.0}, "at most 34 organise"),
        ({"emerged": False, "grade": "flash"}, "1,234 people organise, but too briefly"),
        ({"converted": True}, "the firm is converted"),
    ],
)
def test_headline_says_what_happened(change, said):
    assert said in timeline.headline(OUTCOME | change)


def test_twins_draw_both_worlds():
    first, second = weekly(support=0.2), weekly(support=0.01, seed=1)
    names = ("with all", "without distress")
    outcomes = [OUTCOME, OUTCOME | {"emerged": False}]
    worlds = [Parameters(), Parameters.from_dict({"users.count": 1000})]
    figure = twins.draw(first, second, names, outcomes, worlds)
    top = figure.axes[0]
    lines = {line.get_label(): line.get_ydata() for line in top.lines}
    for name, table, users in zip(names, (first, second), (2000, 1000), strict=True):
        np.testing.assert_allclose(lines[name], 10 * users * table["organisers"])
    assert "emerges only with all" in figure.texts[0].get_text()
    assert len(figure.axes) == 3
    assert_tidy(figure)


def test_twins_show_the_levels_that_differ():
    first = weekly()
    second = first.assign(threat=first["threat"] + 0.3, trust=first["trust"] - 0.2)
    assert twins.most_different(first, second) == ["threat", "trust"]
    assert twins.most_different(first, first) == ["price", "distress"]


# -- factorial and effects -------------------------------------------------------------------------


def truth(conditions=3, runs=40, seed=0):
    rng = np.random.default_rng(seed)
    names = [f"condition {i}" for i in range(conditions)]
    rows = list(itertools.product((0, 1), repeat=conditions))
    table = pd.DataFrame(rows, columns=names)
    table["held"] = table.sum(axis=1)
    table["runs"] = runs
    table["successes"] = rng.binomial(runs, table["held"] / conditions)
    table["share"] = table["successes"] / runs
    table["low"], table["high"] = wilson(table["successes"], table["runs"])
    table["outcome"] = decide(table, 0.8)
    return table


@pytest.mark.parametrize("conditions", [1, 3, 6])
def test_factorial_draws_the_truth_table(conditions):
    table = truth(conditions)
    figure = factorial.draw(table)
    shares, dots = figure.axes
    ordered = factorial.in_order(table)
    drawn = {}
    for line in shares.lines:
        if line.get_label().startswith(("suffices", "does not", "undecided")):
            drawn |= dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert [drawn[i] for i in range(len(table))] == pytest.approx(list(100 * ordered["share"]))
    bars = np.concatenate(
        [np.array(c.get_segments()).reshape(-1, 2, 2) for c in shares.collections]
    )
    bars = bars[np.argsort(bars[:, 0, 0])]
    np.testing.assert_allclose(bars[:, 0, 1], 100 * ordered["low"])
    np.testing.assert_allclose(bars[:, 1, 1], 100 * ordered["high"])
    on = {(x, y) for line in dots.lines[1::2] for x, y in zip(*line.get_data(), strict=True)}
    names = [f"condition {i}" for i in range(conditions)]
    expected = {
        (i, row) for row, name in enumerate(names) for i in np.flatnonzero(ordered[name] == 1)
    }
    assert on == expected
    assert ordered["share"].is_monotonic_increasing
    assert_tidy(figure)


def test_factorial_headline_counts():
    table = truth().assign(low=0.9, high=1.0, share=0.95)
    assert factorial.headline(table).startswith("Under every combination")
    table.loc[0, ["low", "high", "share"]] = 0.0, 0.1, 0.05
    assert factorial.headline(table).startswith("7 of 8 combinations surely make")
    table.loc[1, ["low", "share"]] = 0.7, 0.84
    assert factorial.headline(table).startswith("6 of 8 combinations surely make")
    assert factorial.headline(table).endswith("; 1 undecided")
    assert "No combination" in factorial.headline(table.assign(low=0.1, high=0.2))
    assert "95 %" in factorial.draw(table).get_label()


def test_factorial_of_a_sweep_that_just_began():
    table = truth().assign(runs=0, successes=0, share=math.nan, low=0.0, high=1.0)
    figure = factorial.draw(table)
    assert_tidy(figure)
    assert figure.get_label()


def effects_table():
    rows = [
        ("a", 0.3, 0.2, 0.4),
        ("b", -0.2, -0.3, -0.1),
        ("c", 0.0, -0.01, 0.01),
        ("d", 0.04, 0, 0.1),
    ]
    table = pd.DataFrame(rows, columns=["condition", "effect", "low", "high"])
    table["verdict"] = [
        verdict(low, high) for low, high in zip(table["low"], table["high"], strict=True)
    ]
    return table.assign(replicates=20)


def test_effects_draw_the_table():
    table = effects_table()
    labels = {"a": "Users are dissatisfied"}
    figure = effects.draw(table, labels)
    axes = figure.axes[0]
    points = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "None"]
    assert points == [30.0, 4.0, 0.0, -20.0]
    assert axes.get_yticklabels()[0].get_text() == "Users are dissatisfied"
    assert "1 raises emergence, 1 lowers it" in effects.headline(table, labels)
    assert "+30 points [+20 to +40]" in figure.get_label()
    assert_tidy(figure)


# -- costs, launches, grids ------------------------------------------------------------------------


def costs_table():
    names = ["none", "a", "b", "a + b"]
    table = pd.DataFrame({"set": names, "size": [0, 1, 1, 2], "cost": [0.4, 0.5, 0.6, 0.9]})
    table["low"], table["high"] = table["cost"] - 0.05, table["cost"] + 0.05
    return table.assign(status=FOUND, highest_share=1.0)


def test_critical_costs_draw_the_table():
    table = costs_table()
    figure = factorial.draw_costs(table, (0.2, 1.2), 1.0)
    axes = figure.axes[0]
    points = [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 1]
    assert points == table["cost"].tolist()
    bars = [
        tuple(c.get_segments()[0][:, 0]) for c in axes.collections if hasattr(c, "get_segments")
    ]
    np.testing.assert_allclose(bars, table[["low", "high"]])
    text = figure.get_label()
    assert "a + b: 0.90 [0.85 to 0.95]" in text
    assert "0.60 with b alone" in text
    assert_tidy(figure)


def test_critical_costs_beyond_those_tried():
    table = costs_table()
    table.loc[3, ["cost", "high"]] = math.inf
    table.loc[0, ["cost", "low"]] = -math.inf
    figure = factorial.draw_costs(table, (0.2, 1.2))
    assert_tidy(figure)
    assert "above all tried" in figure.get_label()


def window_table(shares, weeks=None, runs=50):
    weeks = np.arange(20, 20 + 4 * len(shares), 4) if weeks is None else weeks
    table = pd.DataFrame({"week": weeks, "runs": runs})
    table["successes"] = np.rint(np.array(shares) * runs).astype(int)
    table["share"] = table["successes"] / runs
    table["low"], table["high"] = wilson(table["successes"], table["runs"])
    return table


CONTRAST = {
    "best_week": 32,
    "worst_week": 20,
    "difference": 0.6,
    "low": 0.4,
    "high": 0.8,
    "verdict": "raises",
    "window_start": 28,
    "window_end": 36,
    "width": 12,
}


@pytest.mark.parametrize("case", [None, Case()])
def test_launch_window_draws_the_table(case):
    window = window_table([0.1, 0.2, 0.6, 0.8, 0.6, 0.2])
    path = weekly()
    figure = launch_window.draw(window, CONTRAST, path, case, 41)
    upper, lower = figure.axes
    np.testing.assert_allclose(upper.lines[0].get_ydata(), 100 * window["share"])
    np.testing.assert_array_equal(upper.lines[0].get_xdata(), window["week"])
    np.testing.assert_allclose(lower.lines[0].get_ydata(), path["price"])
    assert any(
        np.all(np.array(line.get_xdata()) == 41) for line in upper.lines if len(line.get_xdata())
    )
    text = launch_window.draw(window, CONTRAST, path, case, 41).get_label()
    assert "+60 points [+40 to +80]" in text
    assert "80 %" in text
    assert_tidy(figure)


def test_launch_arms_draw_every_arm():
    windows = {f"arm {i}": window_table([0.1 * i, 0.5, 0.3]) for i in range(5)}
    contrasts = pd.DataFrame([CONTRAST | {"part": name} for name in windows])
    figure = launch_window.draw_variants(windows, contrasts)
    assert len(figure.axes) == 5
    for axes, window in zip(figure.axes, windows.values(), strict=True):
        np.testing.assert_allclose(axes.lines[-1].get_ydata(), 100 * window["share"])
    assert "5 of 5" in launch_window.variants_headline(contrasts)
    assert "arm 4: +60 points" in figure.get_label()
    assert_tidy(figure)


def grid_runs():
    rows = [
        {"users.count": n, "movement.framing": f, "replicate": r, "emerged": (n + r) % 3 == 0}
        for n in (10, 20, 30)
        for f in ("commons", "mixed")
        for r in range(6)
    ]
    return pd.DataFrame(rows).assign(error="")


@pytest.mark.parametrize(
    "names", [["users.count"], ["movement.framing"], ["users.count", "movement.framing"]]
)
def test_grid_draws_the_table(names):
    table = emergence(grid_runs(), names)
    figure = grid.draw(table, names)
    axes = figure.axes[0]
    if len(names) == 1:
        np.testing.assert_allclose(axes.lines[0].get_ydata(), 100 * table["share"])
    else:
        drawn = axes.images[0].get_array()
        expected = table.pivot(index=names[1], columns=names[0], values="share")
        np.testing.assert_allclose(drawn, 100 * expected)
    text = grid.draw(table, names).get_label()
    assert f"{100 * table['share'].max():.0f} %" in text
    assert_tidy(figure)


# -- letters and titles ----------------------------------------------------------------------------


def test_names_at_the_ends_of_lines_can_be_read_and_lie_apart():
    figure = style.new_figure(2)
    axes = figure.subplots()
    axes.set_ylim(0, 1)
    for name, value, colour in (("trust", 0.5, style.GREEN), ("price", 0.51, style.INK)):
        ends.name_end(axes, name, value, colour)
    layout.finish(figure, "Two lines")
    assert [text.get_color() for text in axes.texts] == [style.LETTERS[style.GREEN], style.INK]
    assert_tidy(figure)


@pytest.mark.parametrize("width", [style.COLUMN, style.PAGE])
@pytest.mark.parametrize("title", ["Short", "A very long title that says all that there is " * 5])
def test_a_head_is_broken_between_words_and_stays_within_the_figure(title, width):
    with style.paper(width):
        figure = style.new_figure(1.0)
        figure.subplots()
        layout.finish(figure, title, title)
    assert [" ".join(text.get_text().split()) for text in figure.texts] == [title.strip()] * 2
    assert_tidy(figure)


def on_paper():
    """Figures of each kind, which a journal prints in one column."""
    window = window_table([0.1, 0.2, 0.6, 0.8, 0.6, 0.2])
    table = emergence(grid_runs(), ["users.count", "movement.framing"])
    yield lambda: effects.draw(effects_table(), {"a": "Users are dissatisfied with the service"})
    yield lambda: factorial.draw(truth(6))
    yield lambda: factorial.draw_costs(costs_table(), (0.2, 1.2), 1.0)
    yield lambda: timeline.draw(weekly(), OUTCOME)
    yield lambda: launch_window.draw(window, CONTRAST, weekly(), Case(), 41)
    yield lambda: grid.draw(table, ["users.count", "movement.framing"])
    both, worlds = [OUTCOME] * 2, [Parameters()] * 2
    yield lambda: twins.draw(weekly(), weekly(seed=1), ("with", "without"), both, worlds)


@pytest.mark.parametrize("width", [style.COLUMN, style.PAGE])
@pytest.mark.parametrize("draw", on_paper())
def test_figures_are_tidy_on_paper(draw, width):
    with style.paper(width):
        assert_tidy(draw())


def test_a_scale_of_signed_values_has_its_middle_at_zero():
    satisfaction = [-0.3, 0.1, 0.2]
    rows = pd.DataFrame(
        {"grade": "flash", "goal": list(GOALS.values()), "satisfaction": satisfaction}
    )
    for name in ("low", "high", "share", "share_low", "share_high"):
        rows[name] = rows["satisfaction"]
    image = grades.draw_goals(rows.assign(runs=20)).axes[0].images[0]
    assert image.get_cmap().name == style.DIVERGING
    assert image.norm(0.0) == pytest.approx(0.5)


def test_a_map_explains_brackets_only_where_it_has_them():
    names = ["users.count", "movement.framing"]
    table = emergence(grid_runs(), names)
    for width in (style.COLUMN, style.PAGE):
        with style.paper(width):
            figure = grid.draw(table, names)
        head = " ".join(text.get_text() for text in figure.texts)
        cells = [text.get_text() for text in figure.axes[0].texts]
        assert ("brackets" in head) == any("[" in cell for cell in cells)


def test_a_grid_names_parameters_as_people_do():
    table = emergence(grid_runs(), ["users.count"])
    figure = grid.draw(table, ["users.count"])
    said = [figure.axes[0].get_xlabel(), *(text.get_text() for text in figure.texts)]
    assert not any("users.count" in sentence for sentence in said)
    assert "users simulated" in grid.headline(table, ["users.count"])
