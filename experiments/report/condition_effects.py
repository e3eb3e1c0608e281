"""What each condition of a factorial does: main effects, pairs, odds, and what else it changed."""

from __future__ import annotations

from functools import partial

import pandas as pd

from experiments import text
from experiments.analysis import amounts, effects
from experiments.analysis.how_many import LAUNCHED, THREE, take_off, with_launched
from experiments.analysis.logistic import logistic
from experiments.analysis.tables import part
from experiments.figures import effects as drawing
from experiments.report.document import Heading, Part, Section, Table, bullets, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import cells, plain, say, together
from sim.columns import column


def effects_section(found: Findings, gallery: Gallery) -> Section:
    """Return the section on the effects of the conditions."""
    runs, table = part(found.runs, found.factorials[0]), found.effects
    conditions = table["condition"].tolist()
    ordered = table.sort_values("effect", ascending=False, kind="stable")
    verdicts = {v: rows.to_dict("records") for v, rows in ordered.groupby("verdict")}
    definitions = effects.by_definition(runs, conditions)
    shown = definitions.assign(shown=cells(definitions, "effect", text.points))
    wide = _wide(shown, "condition", "definition")
    return section(
        "What each condition does",
        bullets(
            say("effects", verdict, rows=verdicts[verdict], labels=found.labels)
            for verdict in effects.VERDICTS
            if verdict in verdicts
        ),
        gallery.show("effects", drawing.draw, table, found.labels),
        *_steps(runs, conditions),
        Table.of(
            wide.rename(plain).reset_index(),
            "The same effects under other definitions of emergence (points)",
        ),
        *_pairs(found, gallery, runs),
        *_leakage(found, runs),
    )


def _wide(table: pd.DataFrame, index: str, columns: str) -> pd.DataFrame:
    """Return the column ``shown`` with a row and a column for what it is about, in their order."""
    wide = table.pivot(index=index, columns=columns, values="shown")
    return wide.loc[table[index].unique(), table[columns].unique()]


def _steps(runs: pd.DataFrame, conditions: list[str]) -> list[Part]:
    """Return what each condition does to the launch, the movement and the people, side by side.

    And launch and take-off apart, if campaigns are launched in some runs only.
    """
    of_movement = effects.main_effects(runs, conditions)
    columns = {
        "condition": of_movement["condition"].map(plain),
        "runs with a movement": cells(of_movement, "effect", text.points),
    }
    if amounts.LOGARITHM in runs:
        of_people = effects.leakage(runs, conditions, [amounts.LOGARITHM])
        change = partial(amounts.change, amounts.LOGARITHM)
        columns["people organising at the peak"] = cells(of_people, "difference", change)
    caption = "What each condition changes, averaged over the others; 95 % intervals"
    if "launch_week" not in runs or runs["launch_week"].notna().all():
        return [Table.of(columns, caption)]
    of_launch = effects.main_effects(with_launched(runs), conditions, LAUNCHED)
    columns["runs with a launch"] = cells(of_launch, "effect", text.points)
    among = [name for name in THREE if name in conditions] or conditions[:3]
    apart = take_off(runs, among, conditions)
    rows = {
        "conditions": apart["set"].map(together),
        "a campaign is launched": cells(apart, "launched"),
        "a movement after a launch": cells(apart, "take_off"),
        "runs with a launch": [f"{n:,}" for n in apart["launches"]],
    }
    return [
        Table.of(columns, caption),
        Heading("Launch and take-off apart"),
        say("effects", "launch_and_take_off"),
        Table.of(rows, "Averaged over the other conditions; 95 % intervals"),
    ]


def _pairs(found: Findings, gallery: Gallery, runs: pd.DataFrame) -> list[Part]:
    """Return what pairs of conditions do together, in points and on the scale of odds."""
    conditions = found.effects["condition"].tolist()
    parts: list[Part] = []
    pairs = effects.interactions(runs, conditions)
    if len(pairs):
        rows = pd.DataFrame(
            {
                "conditions": pairs["first"].map(plain) + " × " + pairs["second"].map(plain),
                "together beyond their sum": cells(pairs, "effect", text.points),
                "verdict": pairs["verdict"],
            }
        ).loc[pairs["effect"].abs().sort_values(ascending=False).index]
        caption = "What two conditions do together beyond the sum of what each does"
        parts.append(details("Interactions of pairs of conditions", Table.of(rows, caption)))
    table = logistic(runs, conditions)
    if len(drawing.odds_in_order(table)):
        parts += [
            Heading("The same on the scale of odds"),
            say("effects", "odds"),
            gallery.add(
                "log_odds",
                drawing.draw_odds(table, found.labels),
                table.assign(term=[" × ".join(term) or "all average" for term in table["term"]]),
            ),
        ]
    return parts


def _leakage(found: Findings, runs: pd.DataFrame) -> list[Part]:
    """Return what the conditions changed besides their own level, and the parts that cut a path."""
    table = effects.leakage(runs, found.effects["condition"].tolist())
    shown = cells(table, "difference", partial(text.number, sign=True))
    wide = _wide(table.assign(shown=shown), "level", "condition")
    wide.index = [column(name).axis for name in wide.index]
    parts: list[Part] = [Heading("What else each condition changed")]
    if leak := _into_dissatisfaction(table):
        parts.append(say("effects", "leaks", leak=leak))
    for name in found.factorials[1:]:
        other, conditions = part(found.runs, name), found.conditions_in(name)
        change = effects.main_effects(other, conditions)
        leak = _into_dissatisfaction(effects.leakage(other, conditions))
        parts.append(
            say(
                "effects",
                "cut",
                part=name,
                given=found.sets(name),
                effects=change[change["condition"].isin(found.three)].to_dict("records"),
                leak=leak,
                labels=found.labels,
            )
        )
    caption = "Change of the level that came about, on − off"
    return [*parts, Table.of(wide.reset_index(names="level"), caption)]


def _into_dissatisfaction(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return how far distress changed dissatisfaction, which has a condition of its own."""
    is_it = (table["condition"] == "distress") & (table["level"] == "mean_dissatisfaction")
    return table[is_it].to_dict("records")
