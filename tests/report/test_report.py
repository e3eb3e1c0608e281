"""The report: it fits any result, needs nothing but itself, and says what its tables say."""

import itertools
import json
import math
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from experiments import text as words
from experiments.analysis import critical_cost, effects
from experiments.analysis.how_many import (
    THREE,
    Settings,
    Sufficiency,
    by_set,
    how_many,
    sufficiency,
)
from experiments.analysis.launch_window import contrast
from experiments.analysis.tables import part
from experiments.analysis.truth_table import Combination, truth_table
from experiments.config.settings import compose
from experiments.design.point import CONDITION, marks_of, varied
from experiments.design.reading import HISTORY
from experiments.execution.sweep import run_sweep
from experiments.report.findings import Findings
from experiments.report.judged import read_claims
from experiments.report.phrases import say
from experiments.report.result_page import five_lines, write_report
from experiments.report.twins import Choice, Pair, _typical
from experiments.store.catalog import open_result
from experiments.store.identity import Design
from sim.columns import label
from sim.parameters import Parameters
from tests.documents import report_of, text_of, titles
from tests.sweeps import points_of

COST = critical_cost.COST
LAUNCH = "movement.launch_week"
SMALL = {"users.count": 60, "horizon": 40, LAUNCH: 5, "shareholders.count": 10}
SMALL["network.mean_degree"] = 6.0
CONDITIONS = {
    "distress": {
        "label": "The firm is in distress",
        "claim": "C1",
        "on": {"firm.decline_rate": 0.01},
    },
    "dissatisfaction": {
        "label": "Users are dissatisfied",
        "claim": "C2",
        "on": {"dissatisfaction.base": 0.4},
    },
    "threat": {"label": "Democracy is under threat", "claim": "C3", "on": {"threat.base": 0.6}},
    "size": {"label": "The base is large", "claim": "C2", "on": {"users.people_per_agent": 50.0}},
}
FACTORIAL = {
    "name": "made_up",
    "question": "When does a <movement> emerge?",
    "claims": ["C1"],
    "conditions": CONDITIONS,
    "parts": [
        {"name": "conditions", "design": "factorial", "conditions": list(CONDITIONS)},
        {
            "name": "no_monetisation",
            "design": "factorial",
            "conditions": list(THREE),
            "set": {"firm.responsiveness": 0.0},
        },
        {
            "name": "costs",
            "design": "factorial",
            "conditions": list(THREE),
            "grid": {COST: [0.2, 0.4, 0.6, 0.8, 1.0]},
        },
    ],
}
LAUNCHES = {
    "name": "when",
    "question": "When to launch?",
    "parts": [
        {"name": name, "design": "grid", "grid": {LAUNCH: list(range(4, 36, 4))}}
        for name in ("record", "frozen")
    ],
}

WINDOW = LAUNCHES | {"parts": LAUNCHES["parts"][:1]}


def fake(tmp_path, experiment, emerged, replicates, **columns):
    """A result whose runs were not simulated: `emerged(point, luck)` says what came out."""
    points = points_of(experiment)
    defaults = Parameters().flat()
    names = varied(points)
    rng = np.random.default_rng(1)
    rows = []
    for replicate, (number, point) in itertools.product(range(replicates), enumerate(points)):
        values = {name: point.get(name, defaults.get(name)) for name in names}
        marks = {name: v for name, v in point.items() if name.startswith(CONDITION)}
        rows.append(
            {"part": point["part"], "point": number, "replicate": replicate, "seed": 7 + replicate}
            | {name: point[name] for name in marks_of([point])}
            | values
            | marks
            | {"emerged": bool(emerged(point, rng.random())), "error": ""}
            | {name: make(point, rng) for name, make in columns.items()}
        )
    parameters = Parameters.from_dict(SMALL).flat()
    the_design = Design("x", 7, {**parameters, **HISTORY}, "", {}, False, replicates, points)
    return SimpleNamespace(
        path=tmp_path,
        name="made-up",
        runs=lambda: pd.DataFrame(rows),
        config={"experiment": experiment, "scale": "laptop", "case": None},
        design=the_design,
        provenance={},
        case=None,
        changed_inputs=[],
        record_changed=False,
    )


def held(point, name):
    return point.get(f"condition.{name}", 0)


def factorial(tmp_path, replicates=20):
    def emerged(point, luck):
        force = 0.1 + sum(0.28 * held(point, name) for name in THREE)
        return luck < force - 0.5 * (point.get(COST, 0.6) - 0.6) * 2

    def level(name):
        return lambda point, rng: 0.2 + 0.3 * held(point, name) + 0.01 * rng.normal()

    return fake(
        tmp_path,
        FACTORIAL,
        emerged,
        replicates,
        mean_distress=level("distress"),
        mean_dissatisfaction=level("dissatisfaction"),
        mean_threat=level("threat"),
        emerged_50=lambda point, rng: rng.random() < 0.5,
    )


# -- a factorial -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    result = factorial(tmp_path_factory.mktemp("made"))
    return result, report_of(result), result.runs()


def test_every_section_is_there(made):
    _, report, _ = made
    assert titles(report) == [
        "When one, two or all three are enough",
        "Every combination",
        "What each condition does",
        "Two worlds of the same luck",
        "How it was asked",
        "The claims",
        "Are there enough replicates?",
        "Limits",
        "Where it comes from",
    ]
    assert len(report.figures) == 5
    assert "When does a <movement> emerge?" in text_of(report)


def test_numbers_in_words_are_those_of_the_tables(made):
    _, report, runs = made
    conditions = part(runs, "conditions")
    table = effects.main_effects(conditions)
    for row in table.itertuples():
        assert words.points(row.effect, row.low, row.high) in text_of(report)
    cut = effects.main_effects(part(runs, "no_monetisation"))
    for row in cut.itertuples():
        assert words.points(row.effect, row.low, row.high) in text_of(report)
    for row in by_set(conditions).itertuples():
        assert words.share(row.share, row.low, row.high) in text_of(report)
    for row in truth_table(conditions).itertuples():
        assert words.share(row.share, row.low, row.high) in text_of(report)
    costs = critical_cost.critical_costs(part(runs, "costs"))
    found = costs[np.isfinite(costs["cost"])]
    assert len(found)
    for row in found.itertuples():
        assert words.number(row.cost, row.low, row.high) in text_of(report)
    assert "ynergy" not in text_of(report)  # one question, one number: that of claim C4


def test_figures_are_written_with_their_data(made):
    result, _, runs = made
    folder = result.path / "figures"
    for name in ("twins", "factorial", "effects", "critical_costs"):
        assert (folder / f"{name}.svg").stat().st_size > 1000
        assert (folder / f"{name}.png").stat().st_size > 1000
        assert (folder / f"{name}.csv").is_file()
    stored = pd.read_csv(folder / "effects.csv")
    table = effects.main_effects(part(runs, "conditions"))
    pd.testing.assert_frame_equal(stored, table)


def test_the_surprise_is_the_condition_without_effect(made):
    result, _, runs = made
    answer, surprise, limit = five_lines(result)
    assert "\n" not in answer + surprise + limit
    table = effects.main_effects(part(runs, "conditions")).set_index("condition")
    largest = table["effect"].abs().idxmax()
    assert CONDITIONS[largest]["label"] in answer
    size = table.loc["size"]
    assert size["verdict"] in ("no material effect", "undecided")
    assert "The base is large" in surprise
    assert words.points(size["effect"], size["low"], size["high"]) in surprise
    assert "assumed" in limit
    assert "10 and 50" in limit  # the base is varied


def test_a_condition_that_lowers_emergence_is_the_surprise(tmp_path):
    result = fake(tmp_path, FACTORIAL, lambda p, luck: luck < 0.8 - 0.6 * held(p, "threat"), 25)
    surprise = five_lines(result)[1]
    assert surprise.startswith("“Democracy is under threat” lowers emergence")
    assert "C3" in surprise


def test_one_condition_that_is_enough_contradicts_the_conjunction(tmp_path):
    experiment = FACTORIAL | {
        "conditions": {name: CONDITIONS[name] for name in THREE},
        "parts": [{"name": "conditions", "design": "factorial"}],
    }
    chance = {0: 0.0, 1: 0.97, 2: 0.99, 3: 1.0}
    result = fake(
        tmp_path,
        experiment,
        lambda point, luck: luck < chance[sum(held(point, name) for name in THREE)],
        80,
    )
    assert "C4" in five_lines(result)[1]
    report = report_of(result)
    assert "One of them is enough: distress or dissatisfaction or threat" in text_of(report)


def test_the_twins_are_one_condition_apart(made):
    result, report, _ = made
    found = Findings(result)
    condition = found.largest["condition"]
    assert (
        f"lacks the condition with the largest main effect, “{CONDITIONS[condition]['label']}”"
        in (text_of(report))
    )
    data = pd.read_csv(result.path / "figures" / "twins.csv")
    worlds = data["world"].unique().tolist()
    assert worlds == ["with all 4 conditions", f"without {condition}"]
    every = dict.fromkeys(CONDITIONS, 1)
    shown = int(re.search(r"replicate (\d+), which is shown", text_of(report))[1])
    run = found.simulate(found.point("conditions", every), shown)
    drawn = data[data["world"] == worlds[0]]
    np.testing.assert_allclose(drawn["active"], run.weekly["active"], rtol=1e-5)  # six digits
    assert run.seed == 7 + shown
    assert run.parameters.users.count == 60


@pytest.mark.parametrize(
    ("emerged", "typical"),
    [
        ({1: (True, False)}, Choice(0, (False, False), 9, 1, 0, 10)),  # once in ten is not typical
        (dict.fromkeys(range(2, 9), (True, False)), Choice(2, (True, False), 7, 7, 0, 10)),
        ({i: (True, i < 4) for i in range(10)}, Choice(4, (True, False), 6, 6, 0, 10)),
        ({i: (i < 2, True) for i in range(10)}, Choice(2, (False, True), 8, 0, 8, 10)),
    ],
)
def test_the_twins_come_out_as_most_do(tmp_path, emerged, typical):
    replicate = itertools.count()

    def in_first_or_last(point, luck):
        both = emerged.get(next(replicate) // 8, (False, False))
        return both[0] if point[LAUNCH] == 4 else both[1] if point[LAUNCH] == 32 else False

    found = Findings(fake(tmp_path, WINDOW, in_first_or_last, 10))
    ends = [found.point("record", {}, {LAUNCH: week}) for week in (4, 32)]
    assert _typical(found, Pair("", ("a", "b"), tuple(ends))) == typical


def test_of_alike_twins_those_in_the_middle_are_shown(tmp_path):
    peaks = [0.9, 0.5, 0.1, 0.2, 0.3]
    result = fake(tmp_path, WINDOW, lambda point, luck: True, 5)
    runs = result.runs()
    runs["log_organisers"] = [peaks[i] for i in runs["replicate"]]
    result.runs = lambda: runs
    found = Findings(result)
    ends = [found.point("record", {}, {LAUNCH: week}) for week in (4, 32)]
    assert _typical(found, Pair("", ("a", "b"), tuple(ends))).replicate == 4


def test_launch_weeks_of_which_none_is_best_are_shown_by_the_first_and_the_last(tmp_path):
    result = fake(tmp_path, WINDOW, lambda point, luck: False, 10)
    text = text_of(report_of(result))
    assert "The first launches in the first week, week 4, the second in the last, week 32" in text
    assert "In 10 of 10 replicates a movement emerges in neither world" in text
    data = pd.read_csv(tmp_path / "figures" / "twins.csv")
    assert data["world"].unique().tolist() == ["launched in week 4", "launched in week 32"]


def test_twins_of_claims_are_the_two_worlds_of_one_claim(tmp_path):
    points = [{"label": "off", LAUNCH: 4}, {"label": "on", LAUNCH: 30}]
    launches = {"name": "C8", "design": "points", "points": points}
    experiment = POINTS | {"parts": [launches, *POINTS["parts"]]}
    result = fake(tmp_path, experiment, lambda point, luck: False, 4)
    write_report(result)
    data = pd.read_csv(tmp_path / "figures" / "twins.csv")
    assert data["world"].unique().tolist() == ["with C8 off", "with C8 on"]


def test_equal_worlds_are_no_twins(tmp_path):
    default = Parameters().flat()["threat.base"]
    points = [{"label": "mine", "threat.base": default}, {"label": "yours"}]
    parts = [{"name": "same", "design": "points", "points": points}]
    result = fake(tmp_path, {"question": "Why?", "parts": parts}, lambda point, luck: luck < 0.5, 4)
    assert "Two worlds of the same luck" not in titles(report_of(result))


def test_a_sweep_that_has_just_begun(tmp_path):
    result = factorial(tmp_path, replicates=1)
    runs = result.runs()
    few = runs.head(5)
    result.runs = lambda: few
    assert "No replicate has run all combinations yet" in text_of(report_of(result))
    thinned = runs.iloc[::3]
    result.runs = lambda: thinned
    report_of(result)
    result.runs = lambda: few.head(0)
    report = report_of(result)
    assert "No run has finished yet" in text_of(report)


def test_figures_that_a_report_no_longer_shows_go_and_what_is_somebodys_stays(tmp_path):
    result = factorial(tmp_path, replicates=3)
    folder = write_report(result).path.parent / "figures"
    shown = {path.stem for path in folder.iterdir()}
    (folder / "mine.svg").write_text("<svg/>")
    few = result.runs().head(5)
    result.runs = lambda: few
    left = set(report_of(result).figures)
    assert left < shown
    assert {path.stem for path in folder.iterdir()} == {*left, "mine"}


def test_failed_runs_are_told_and_left_out(tmp_path):
    result = factorial(tmp_path, replicates=4)
    runs = result.runs()
    runs.loc[runs["replicate"] == 2, "error"] = "out of memory"
    runs["emerged"] = runs["emerged"].astype("boolean")
    runs.loc[runs["error"] != "", "emerged"] = pd.NA
    result.runs = lambda: runs
    report = report_of(result)
    failed = int((runs["error"] != "").sum())
    assert f"{failed:,} runs failed and are left out, the first: out of memory" in text_of(report)
    assert Findings(result).effects["replicates"].unique().tolist() == [3]


# -- launches --------------------------------------------------------------------------------------


def test_report_of_launch_weeks(tmp_path):
    def emerged(point, luck):
        return luck < (0.9 if point["part"] == "record" and point[LAUNCH] >= 20 else 0.1)

    experiment = LAUNCHES | {
        "parts": [LAUNCHES["parts"][0], LAUNCHES["parts"][1] | {"set": {"threat.base": 0.2}}]
    }
    result = fake(tmp_path, experiment, emerged, 40)
    report = report_of(result)
    assert "Success by week of launch" in titles(report)
    assert len(report.figures) == 3
    runs = result.runs()
    for name in ("record", "frozen"):
        row = contrast(part(runs, name)).iloc[0]
        assert words.points(row["difference"], row["low"], row["high"]) in text_of(report)
    answer, surprise, _ = five_lines(result)
    best = contrast(part(runs, "record")).iloc[0]
    assert f"week {best['best_week']} instead of week {best['worst_week']}" in answer
    assert "does not close" in surprise  # the window reaches the last week tried
    assert "In the variant “frozen” the week of launch" in text_of(report)


def test_launch_weeks_that_make_no_difference(tmp_path):
    result = fake(tmp_path, LAUNCHES, lambda point, luck: luck < 0.5, 20)
    assert "these runs do not show it" in five_lines(result)[1]


# -- claims ----------------------------------------------------------------------------------------

POINTS = {
    "name": "contradictions",
    "question": "Where does each claim fail?",
    "parts": [
        {
            "name": name,
            "design": "points",
            "set": {"threat.noise": 0.02},
            "points": [
                {"label": "off", "threat.base": 0.1},
                {"label": "on", "threat.base": 0.2},
            ],
        }
        for name in ("C1", "C2", "C3")
    ],
}


def claims_result(tmp_path):
    chance = {("C1", "on"): 0.1, ("C2", "on"): 0.9}
    return fake(
        tmp_path,
        POINTS,
        lambda point, luck: luck < chance.get((point["part"], point["label"]), 0.5),
        60,
    )


def test_contradictions_are_found_and_others_stated(tmp_path, monkeypatch):
    contrast = {"name": "effect", "label": "an effect", "headline": True, "kind": "difference"}
    contrast |= {"experiment": "elsewhere", "part": "all"}
    contrast |= {"on": {"label": "on"}, "off": {"label": "off"}}
    claims = {
        f"C{i}": {"title": f"Title {i}", "statement": "S.", "outcome": "emerged"}
        | {"materiality": 0.05, "built_by": "A rule.", "estimands": [contrast]}
        for i in range(1, 5)
    }
    monkeypatch.setattr("experiments.report.judged.read_claims", lambda: claims)
    result = claims_result(tmp_path)
    report = report_of(result)
    rows = re.findall(r"(C\d) Title \d “S\.” (.*?)(?=C\d Title|Limits)", text_of(report))
    assert [name for name, _ in rows] == ["C1", "C2", "C3", "C4"]
    told = dict(rows)
    noise, threat = label("threat.noise"), label("threat.base")
    assert "C1 testable: there is a world inside the plausible ranges" in told["C1"]
    assert "No rule of the model has it built in." in told["C1"]
    assert "Where C1 fails: in a world found by search it is contradicted (C1, ch" in told["C1"]
    assert f"World: {noise} = 0.02. off: {threat} = 0.1; on: {threat} = 0.2." in told["C1"]
    assert "Where C2 fails: no world searched contradicts it; this is the nearest" in told["C2"]
    assert "an effect +" in told["C2"]
    for claim in ("C2", "C3", "C4"):
        assert f"{claim} kind not tested" in told[claim]  # without worlds there is no kind
        assert "No rule of the model has it built in." not in told[claim]
        assert "What it rests on in the model: A rule." in told[claim]
    assert "not searched" in told["C4"]
    assert five_lines(result)[0].startswith(
        "In the worlds found by search the model contradicts 1 of 3 claims or parts of one (C1)."
    )


def test_all_ten_claims_are_read():
    claims = read_claims()
    assert list(claims) == [f"C{i}" for i in range(1, 11)]
    for about in claims.values():
        assert about["statement"].strip()
        assert about["method"].strip().endswith(".")
        assert about["built_by"].strip()
        assert "materiality" in about


# -- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (words.share(0.374, 0.291, 0.449), "37 % [29 to 45]"),
        (words.share(math.nan), "not known"),
        (words.points(-0.231, -0.3, 0.004), "−23 points [−30 to 0]"),
        (words.points(0.1, -math.inf, math.inf), "+10 points [−∞ to +∞]"),
        (words.number(-0.004, -0.1, 0.1, sign=True), "0.00 [−0.10 to +0.10]"),
        (words.number(math.inf), "∞"),
        (words.joined(["a", "b", "c"]), "a, b and c"),
        (words.joined(["a"]), "a"),
        (words.joined([]), ""),
        (words.counted(1, "run"), "1 run"),
        (words.counted(1200, "run"), "1,200 runs"),
    ],
)
def test_numbers_in_words(said, text):
    assert said == text


def test_sufficiency_names_the_settings():
    """All three are needed unless the base is large; then dissatisfaction alone is enough."""
    names = [*THREE, "size", "other"]
    rows = list(itertools.product((0, 1), repeat=5))
    table = pd.DataFrame(rows, columns=names).assign(held=0, runs=50, successes=0)
    enough = table["dissatisfaction"] * np.where(
        table["size"] == 1, 1, table["distress"] * table["threat"]
    )
    table["share"] = enough
    table["low"], table["high"] = 0.9 * enough, 0.1 + 0.9 * enough
    large, small = ([Combination(*each)] for each in ((("size",), ()), ((), ("size",))))
    others = ["size", "other"]
    assert sufficiency(how_many(table), THREE) == [
        Sufficiency("enough", 1, (("dissatisfaction",),), (), Settings(others, large, 2, 4)),
        Sufficiency("enough", 3, (THREE,), (), Settings(others, small, 2, 4)),
    ]


def test_sufficiency_keeps_settings_with_different_answers_apart():
    """Distress alone, or the two others together, where the base is large; else threat alone."""
    rows = list(itertools.product((0, 1), repeat=4))
    table = pd.DataFrame(rows, columns=[*THREE, "size"]).assign(held=0, runs=50, successes=0)
    large = table["distress"] | (table["dissatisfaction"] & table["threat"])
    enough = np.where(table["size"] == 1, large, table["threat"])
    table["share"] = enough
    table["low"], table["high"] = 0.9 * enough, 0.1 + 0.9 * enough
    large, small = (Combination(("size",), ()), Combination((), ("size",)))
    assert sufficiency(how_many(table), THREE) == [
        Sufficiency(
            "enough",
            1,
            (("distress",),),
            (("dissatisfaction", "threat"),),
            Settings(["size"], [large], 1, 2),
        ),
        Sufficiency("enough", 1, (("threat",),), (), Settings(["size"], [small], 1, 2)),
    ]


def test_a_sentence_on_sufficiency_names_the_sets_and_the_settings():
    settings = Settings(["size"], [Combination((), ("size",))], 1, 2)
    found = Sufficiency("fewer open", 1, (("a",), ("b",)), (("c", "d"),), settings)
    given = {"among": ["a", "b", "c", "d"], "every": 4, "labels": {"size": "The base is large"}}
    assert say("factorial", "sufficiency", **found._asdict(), **given) == (
        "One of them is enough: a or b (also c + d); whether fewer are is undecided, in 1 of 2 "
        "settings of the other conditions: without “The base is large”."
    )


def test_lost_trust_is_measured_by_attention(tmp_path):
    conditions = FACTORIAL["conditions"] | {
        "lost_trust": {"label": "Owners lost trust", "on": {"shareholders.trust_shock_week": 20}}
    }
    experiment = FACTORIAL | {
        "claims": ["C5"],
        "conditions": conditions,
        "parts": [{"name": "conditions", "design": "factorial"}],
    }
    for gain, said in ((0.0, True), (0.3, False)):
        result = fake(
            tmp_path,
            experiment,
            lambda p, luck: luck < 0.2 * sum(held(p, name) for name in CONDITIONS),
            6,
            max_media=lambda p, rng, gain=gain: gain * held(p, "lost_trust") + 0.02 * rng.random(),
        )
        surprise = five_lines(result)[1]
        assert ("no material difference to the attention of the media" in surprise) is said
        text = text_of(report_of(result))
        assert "C5 Trust" in text
        assert f"{label('max_media')} 0.01 → {gain + 0.01:.2f}" in text


def test_costs_that_sets_of_conditions_bear():
    sets = [(), ("a",), ("b",), ("a", "b")]
    table = pd.DataFrame({"set": sets, "size": [0, 1, 1, 2], "cost": [0.4, 0.5, 0.6, 0.55]})
    table = table.assign(low=table["cost"] - 0.1, high=table["cost"] + 0.1, status="found")
    best = critical_cost.carrying(table)
    assert [(row["set"], row["cost"], row["further"]) for row in best] == [
        ((), 0.4, True),
        (("b",), 0.6, True),
        (("a", "b"), 0.55, False),
    ]
    table.loc[0, "status"] = critical_cost.NEVER
    assert critical_cost.carrying(table) == []


# -- the real thing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "swept",
    [
        ["participation.cost_mean=0.4,1.0", "movement.framing=commons,mixed"],
        ["movement.launch_week=4,8,12"],
        [],
    ],
)
def test_report_of_a_grid_that_was_run(tmp_path, swept):
    small = [f"{name}={value}" for name, value in SMALL.items()]
    small = [text for text in small if not (text.startswith(LAUNCH) and len(swept) == 1)]
    settings = compose(
        [*swept, *small, "replicates=4", "workers=1", "name=grid", f"results_dir={tmp_path}"]
    )
    path = run_sweep(settings, progress=False)
    result = open_result("grid", tmp_path)
    report = report_of(result)
    assert (path / "report.html").is_file()
    command = json.loads((path / "provenance.json").read_text())["command"]
    assert command in text_of(report)
    assert len(report.figures) == {0: 0, 1: 2, 2: 2}[len(swept)]
    assert all(five_lines(result))


CALM = """date,price,event,label,size
2020-01-06,40,,,
2020-04-06,39,scandal,leak,0.9
2020-07-06,39,,,
2020-11-30,38,,,
"""


def test_a_record_that_changed_is_neither_drawn_nor_simulated(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(CALM)
    small = [f"{name}={v}" for name, v in SMALL.items() if name not in (LAUNCH, "horizon")]
    small += [f"case.file={file}", f"{LAUNCH}=4,8,12", "horizon=40", "workers=1", "replicates=3"]
    run_sweep(compose([*small, "name=mine", f"results_dir={tmp_path}"]), progress=False)
    before = report_of(open_result("mine", tmp_path))
    file.write_text(CALM.replace(",39,", ",9,"))
    after = report_of(open_result("mine", tmp_path))
    assert {"launch_window", "twins"} <= set(before.figures)
    assert set(before.figures) - set(after.figures) == {"twins"}
    assert len(after.summary) == len(before.summary) + 1
    follows, *_ = (said for said in text_of(before).split(". ") if "follow the record" in said)
    assert follows not in text_of(after)
