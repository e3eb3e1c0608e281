"""The page of a comparison: whether it is valid, what differs in the set-ups, what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from experiments.analysis import words
from experiments.analysis.comparison import SIDE, Matched, emergence, outcomes
from experiments.analysis.variants import OUTCOMES
from experiments.comparison.validity import Weight
from experiments.figures.compare_emergence import label, tick
from experiments.report import page
from experiments.report.gallery import Gallery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.comparison.compare import Comparison, Drawn

MOST_ROWS = 200  # of a table on the page
VALID = (
    "Yes: the same model, the same time to be observed, the same idea of what a movement is, and "
    "points that agree."
)


def page_of(comparison: Comparison, drawn: Sequence[Drawn], gallery: Gallery, command: str) -> str:
    """Return the page of a comparison, its figures written into a gallery."""
    from experiments.comparison.compare import answer

    names = [side.name for side in comparison.sides]
    title = f"{words.joined(names)} compared"
    box = "".join(page.paragraph(line) for line in answer(comparison))
    sections = (
        f"<h1>{page.escape(title)}</h1>",
        f'<div class="box">{box}</div>',
        _with_care(comparison),
        set_ups(comparison),
        *(_part(comparison, part, drawn, gallery) for part in comparison.shared),
        _how(comparison),
        _source(comparison, command),
    )
    return page.document(title, "\n".join(filter(None, sections)))


def _with_care(comparison: Comparison) -> str:
    parts = []
    for weight in Weight:
        told = [d.text for d in comparison.doubts if d.weight is weight]
        items = [f"{text[:1].upper()}{text[1:]}." for text in told]
        if items:
            parts.append(f"<h3>{weight.value.capitalize()}</h3>{page.listing(items)}")
    valid = not any(doubt.weight is Weight.INVALID for doubt in comparison.doubts)
    fine = page.paragraph(VALID) if valid else ""
    return page.section("Is it a valid comparison?", fine, *parts)


def set_ups(comparison: Comparison) -> str:
    """Return the section on what differs in the set-ups."""
    table = comparison.differing
    if table.empty:
        return page.section("What differs", page.paragraph("Nothing: the set-ups are the same."))
    told = page.table(table, "In everything else they are the same", {"what": ""})
    return page.section("What differs", told)


def _part(comparison: Comparison, part: Matched, drawn: Sequence[Drawn], gallery: Gallery) -> str:
    title = "What came out"
    title += f": {part.part.replace('_', ' ')}" if len(comparison.parts) > 1 else ""
    figures = [gallery.add(*figure[1:]) for figure in drawn if figure.part == part.part]
    if comparison.are_single:
        return page.section(title, *figures, _runs(part))
    table = outcomes(part)
    first = part.sides[0]
    told = pd.DataFrame(
        {
            "outcome": [OUTCOMES[outcome] for outcome in table["outcome"]],
            "result": table[SIDE],
            "there": [words.share(r.mean, r.low, r.high) for r in table.itertuples()],
            f"difference from {first}": [_change(r) for r in table.itertuples()],
            "seeds paired": [f"{r.pairs:,}" if r.pairs else "" for r in table.itertuples()],
        }
    )
    parts = [
        page.paragraph(_where(part)),
        *figures,
        page.table(told, "All shares, over the shared points; 95 % intervals"),
    ]
    if part.axes and part.points > 1:
        parts.append(page.details("At each shared point", _points(part)))
    return page.section(title, *parts)


def _where(part: Matched) -> str:
    over = words.joined([label(axis) for axis in part.axes])
    if not over:
        return "At the one point that they share."
    return f"At the {words.counted(part.points, 'point')} that they share, told apart by {over}."


def _points(part: Matched) -> str:
    table = emergence(part, part.axes)
    told = pd.DataFrame({label(a): table[a].map(tick) for a in part.axes})
    told["result"] = table[SIDE]
    told["runs with a movement"] = [words.share(r.mean, r.low, r.high) for r in table.itertuples()]
    told["difference"] = [_change(row) for row in table.itertuples()]
    caption = "Emergence at each point"
    if len(told) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(told):,} rows"
    return page.table(told.head(MOST_ROWS), caption)


def _change(row: object) -> str:
    found = [getattr(row, f"difference{end}") for end in ("", "_low", "_high")]
    return "" if pd.isna(found[0]) else words.points(*found)


def _runs(part: Matched) -> str:
    """Return the outcomes of single runs, a row each that differs, a column a run."""
    hidden = {SIDE, "place", "point", "replicate", "seed", "error", "duration_s"}
    runs = part.runs.set_index(SIDE)
    rows = {
        str(name): [_told(value) for value in runs[name]] for name in runs if name not in hidden
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(runs.index))
    apart = table[table.nunique(axis=1) > 1].rename_axis("outcome").reset_index()
    return page.table(apart, "What came out differently; all else is the same")


def _told(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else tick(value)


def _how(comparison: Comparison) -> str:
    if comparison.are_single:
        return ""
    return page.section(
        "How it was compared",
        page.listing(
            [
                "Points are the same if all that either result varies has the same value in both; "
                "what is fixed, but differently, is what the comparison is about.",
                "The runs of a seed share their luck, so they are averaged first and intervals are "
                "over seeds. Where both results have a seed, differences are taken within it: at a "
                "single point by the interval of Bonett and Price, else by t intervals over seeds. "
                "Without common seeds the intervals of both are combined (Newcombe's method).",
                "Each interval is a 95 % interval by itself; among many, some miss. They tell how "
                "well the runs settle what the model does, not how likely such worlds are.",
            ]
        ),
    )


def _source(comparison: Comparison, command: str) -> str:
    rows = pd.DataFrame(
        {
            "result": [side.name for side in comparison.sides],
            "made by": [side.command or "unknown" for side in comparison.sides],
            "model": [side.model or "unknown" for side in comparison.sides],
            "commit": [side.commit[:10] or "unknown" for side in comparison.sides],
            "runs": [len(side.runs) for side in comparison.sides],
        }
    )
    return page.section(
        "Where it comes from",
        f"<p>The same comparison again:</p><pre>{page.escape(command)}</pre>",
        page.table(rows, "The results"),
    )
