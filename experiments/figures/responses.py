"""Cases: the probability of each response, the scores of forecasters, what each input is worth."""

from __future__ import annotations

import pandas as pd

from experiments import text
from experiments.figures.describe import in_words
from experiments.figures.layout import finish, height_of, panels
from experiments.figures.primitives import Row, colour_bar, forest, heat_map
from experiments.figures.style import BLUE, MUTED, Figure, styled
from experiments.responses.coding import CASE, RESPONSE
from experiments.responses.scores import MODEL, likeliest, names_of

OWN, RULE = (BLUE, "o", True), (MUTED, "s", True)
NAMES = {"log": "log score (0 is best)", "brier": "Brier score (0 is best)"}


def words(response: str) -> str:
    """Return a response as it is read."""
    return {
        "exit_own": "exit to one's own", "exit_rival": "exit to a rival",
        "voice_won": "voice that won", "voice_lost": "voice that lost",
    }.get(response, response)  # fmt: skip


@styled
def draw_probabilities(table: pd.DataFrame) -> Figure:
    """Draw a row a case: the probability of each response, the observed one in brackets.

    The table is from `experiments.responses.scores.probabilities`.
    """
    names = names_of()
    shown = 100 * table[names].iloc[::-1].set_axis(table[CASE].iloc[::-1])
    figure, (axes,) = panels(1, height=height_of(list(table[CASE]), 2.0) + 3)
    cells, observed = shown.map("{:.0f}".format), table[table[RESPONSE] != ""]
    for cell in zip(observed[CASE], observed[RESPONSE], strict=True):
        cells.loc[cell] = f"[{cells.loc[cell]}]"
    image = heat_map(axes, shown.set_axis([words(n) for n in names], axis=1), cells)
    axes.set_yticks(range(len(shown)), list(shown.index))
    colour_bar(figure, image, [axes], "probability (%)")
    title = headline(table)
    finish(
        figure,
        title,
        "In percent; what was observed is in brackets.",
        words=in_words(f"{title}.", table, CASE, _probabilities),
    )
    return figure


def _probabilities(row: pd.Series) -> str:
    said = ", ".join(f"{words(name)} {row[name]:.0%}" for name in names_of())
    return f"{said}; observed: {words(row[RESPONSE])}" if row[RESPONSE] else said


def headline(table: pd.DataFrame) -> str:
    """Return in a line how often the likeliest response was observed."""
    known = table[table[RESPONSE] != ""]
    if known.empty:
        return f"What the model expects of {len(table)} cases"
    observed = known[RESPONSE].map(names_of().index).to_numpy()
    right = int(likeliest(known[names_of()].to_numpy(), observed).sum())
    return f"The likeliest response is the observed one in {right} of {len(known)} cases"


@styled
def draw_scores(table: pd.DataFrame) -> Figure:
    """Draw the mean scores of each forecaster over all cases, with their intervals.

    The table is from `experiments.responses.scores.scores`.
    """
    every = table[table["subset"] == "all"]
    rows = list(every["forecaster"])
    figure, axes = panels(2, most=2, rows=rows)
    for number, (score, name) in enumerate(NAMES.items()):
        own = [
            Row(
                row["forecaster"],
                (row[score], row[f"{score}_low"], row[f"{score}_high"]),
                OWN if row["forecaster"] == MODEL else RULE,
            )
            for row in every.to_dict("records")
        ]
        forest(axes[number], own, named=number == 0)
        axes[number].set_xlabel(name)
    finish(
        figure,
        f"Scores over {every['cases'].iloc[0]} cases",
        "Means with 95 % intervals: cases and the model's worlds drawn anew. 0 is best.",
        words=in_words(
            "Mean scores with 95 % intervals; lower is better.",
            every,
            "forecaster",
            lambda row: ", ".join(f"{score} {with_ends(row, score)}" for score in NAMES),
        ),
    )
    return figure


@styled
def draw_ablation(table: pd.DataFrame) -> Figure:
    """Draw how much better the model scores for each input that it is told.

    The table is from `experiments.responses.scores.ablation`.
    """
    rows = [
        Row(row["input"], (row["log"], row["log_low"], row["log_high"]), OWN, f"{row['known']}")
        for row in table.to_dict("records")
    ]
    figure, (axes,) = panels(1, rows=[row.name for row in rows])
    forest(axes, rows, zero=0)
    axes.set_xlabel("log score without the input minus with it")
    finish(
        figure,
        "What each coded input is worth",
        "Above 0 the input helps; 95 % intervals. At the right: in how many cases it is known.",
        words=in_words(
            "How much worse the log score is without each input.",
            table,
            "input",
            lambda row: f"{with_ends(row, 'log', sign=True)}, known in {row['known']} cases",
        ),
    )
    return figure


def with_ends(row: pd.Series, name: str, sign: bool = False) -> str:
    """Return a score with its interval."""
    return text.number(row[name], row[f"{name}_low"], row[f"{name}_high"], sign=sign)
