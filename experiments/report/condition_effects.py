"""What each condition of a factorial does: main effects, pairs, odds, and what else it changed."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.analysis import amounts, effects, take_off, words
from experiments.analysis.how_many import THREE
from experiments.analysis.logistic import logistic
from experiments.analysis.tables import part
from experiments.figures import effects as drawing
from experiments.figures import log_odds
from experiments.report import phrases
from experiments.report.document import Heading, Part, Section, Table, bullets, details, section
from experiments.report.findings import Findings, intervals
from experiments.report.gallery import Gallery
from sim.columns import column

CAPTION_STEPS = "What each condition changes, averaged over the others; 95 % intervals"
CAPTION_PAIRS = "What two conditions do together beyond the sum of what each does"


def effects_section(found: Findings, gallery: Gallery) -> Section:
    """Return the section on the effects of the conditions."""
    runs = part(found.runs, found.factorials[0])
    conditions = found.effects["condition"].tolist()
    parts: list[Part] = [
        bullets(words.effects(found.effects, found.labels)),
        gallery.show("effects", drawing.draw, found.effects, found.labels),
    ]
    parts += _steps(runs, conditions)
    definitions = effects.by_definition(runs, conditions)
    wide = definitions.assign(
        shown=[text.points(*row) for row in intervals(definitions, "effect")]
    ).pivot(index="condition", columns="definition", values="shown")
    wide = wide.loc[found.effects["condition"], definitions["definition"].unique()]
    parts.append(
        Table.of(
            wide.rename(phrases.plain).reset_index(),
            "The same effects under other definitions of emergence (points)",
        )
    )
    pairs = effects.interactions(runs, conditions)
    if len(pairs):
        rows = pd.DataFrame(
            {
                "conditions": (pairs["first"] + " × " + pairs["second"]).map(phrases.plain),
                "together beyond their sum": [text.points(*r) for r in intervals(pairs, "effect")],
                "verdict": pairs["verdict"],
            }
        ).loc[pairs["effect"].abs().sort_values(ascending=False).index]
        parts.append(details("Interactions of pairs of conditions", Table.of(rows, CAPTION_PAIRS)))
    parts += _odds(found, gallery, runs)
    parts += _leakage(found, runs)
    return section("What each condition does", *parts)


def _steps(runs: pd.DataFrame, conditions: list[str]) -> list[Part]:
    """Return what each condition does to the launch, the movement and the people, side by side.

    And launch and take-off apart, if campaigns are launched in some runs only.
    """
    of_movement = effects.main_effects(runs, conditions)
    columns = {
        "condition": of_movement["condition"].map(phrases.plain),
        "runs with a movement": [text.points(*r) for r in intervals(of_movement, "effect")],
    }
    if amounts.LOGARITHM in runs:
        of_people = effects.leakage(runs, conditions, [amounts.LOGARITHM])
        columns["people organising at the peak"] = [
            amounts.change(amounts.LOGARITHM, *row) for row in intervals(of_people, "difference")
        ]
    if "launch_week" not in runs or runs["launch_week"].notna().all():
        return [Table.of(columns, CAPTION_STEPS)]
    of_launch = take_off.launch_effects(runs, conditions)
    columns["runs with a launch"] = [text.points(*r) for r in intervals(of_launch, "effect")]
    among = [name for name in THREE if name in conditions] or conditions[:3]
    apart = take_off.take_off(runs, among, conditions)
    launched = apart[["launched", "launched_low", "launched_high"]]
    rows = {
        "conditions": apart["set"],
        "a campaign is launched": [text.share(*r) for r in launched.itertuples(index=False)],
        "a movement after a launch": [text.share(*r) for r in intervals(apart, "take_off")],
        "runs with a launch": [f"{n:,}" for n in apart["launches"]],
    }
    return [
        Table.of(columns, CAPTION_STEPS),
        Heading("Launch and take-off apart"),
        (
            "A condition can make users launch a campaign, and it can make a campaign that was "
            "launched grow into a movement. Where launches are rare, those that happen had luck, "
            "so the shares after a launch do not compare like with like."
        ),
        Table.of(rows, "Averaged over the other conditions; 95 % intervals"),
    ]


def _odds(found: Findings, gallery: Gallery, runs: pd.DataFrame) -> list[Part]:
    """Return the same on the scale of odds, with all pairs at once."""
    table = logistic(runs, found.effects["condition"].tolist())
    if not len(log_odds.in_order(table)):
        return []
    return [
        Heading("The same on the scale of odds"),
        (
            "Shares can hardly rise where they are near 100 % anyway; odds can. So a pair may do "
            "less than its sum on one scale and more on the other."
        ),
        gallery.show("log_odds", log_odds.draw, table, found.labels),
    ]


def _leakage(found: Findings, runs: pd.DataFrame) -> list[Part]:
    """Return what the conditions changed besides their own level, and the parts that cut a path."""
    table = effects.leakage(runs, found.effects["condition"].tolist())
    wide = table.assign(
        shown=[text.number(*row, sign=True) for row in intervals(table, "difference")]
    ).pivot(index="level", columns="condition", values="shown")
    wide = wide.loc[table["level"].unique(), table["condition"].unique()]
    wide.index = [column(name).axis for name in wide.index]
    parts: list[Part] = [Heading("What else each condition changed")]
    leak = words.leak(table, "distress", "dissatisfaction", "mean_dissatisfaction")
    if leak:
        parts.append(f"A condition may change another one: {leak}.")
    for name in found.factorials[1:]:
        other = part(found.runs, name)
        change = effects.main_effects(other, found.conditions_in(name)).set_index("condition")
        about = phrases.settings(found.sets(name))
        rows = [
            f"“{found.labels.get(c, c)}” {text.points(*change.loc[c, ['effect', 'low', 'high']])}"
            for c in change.index
            if c in found.three
        ]
        sentence = f"In the part {phrases.plain(name)} ({about}): {text.joined(rows)}"
        cut = words.leak(
            effects.leakage(other, found.conditions_in(name)),
            "distress",
            "dissatisfaction",
            "mean_dissatisfaction",
        )
        parts.append(f"{sentence}.{f' There {cut}.' if cut else ''}")
    parts.append(
        Table.of(wide.reset_index(names="level"), "Change of the level that came about, on − off")
    )
    return parts
