"""The page of a comparison: whether it is valid, what differs in the set-ups, what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from experiments.analysis import words
from experiments.analysis.comparison import SIDE, Matched, emergence, outcomes
from experiments.comparison.validity import Weight
from experiments.report.document import (
    Code,
    Document,
    Heading,
    Node,
    Paragraph,
    Section,
    Table,
    bullets,
    details,
    section,
)
from experiments.report.gallery import Gallery
from experiments.report.phrases import capitalised
from experiments.text import as_text
from sim.columns import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.comparison.compare import Comparison, Drawn

MOST_ROWS = 200  # of a table on the page
VALID = (
    "Yes: the same model, the same time to be observed, the same idea of what a movement is, and "
    "points that agree."
)


def document_of(
    comparison: Comparison, drawn: Sequence[Drawn], gallery: Gallery, command: str
) -> Document:
    """Return a comparison as a report, its figures written into a gallery."""
    from experiments.comparison.compare import answer

    names = [side.name for side in comparison.sides]
    return Document(
        title=f"{words.joined(names)} compared",
        question="",
        summary=tuple(map(Paragraph, answer(comparison))),
        sections=(
            _with_care(comparison),
            set_ups(comparison),
            *(_part(comparison, part, drawn, gallery) for part in comparison.shared),
            *_how(comparison),
            _source(comparison, command),
        ),
        cover=next(iter(gallery.names), ""),
    )


def _with_care(comparison: Comparison) -> Section:
    parts: list[Node] = []
    if not any(doubt.weight is Weight.INVALID for doubt in comparison.doubts):
        parts.append(Paragraph(VALID))
    for weight in Weight:
        reasons = [d.text for d in comparison.doubts if d.weight is weight]
        if reasons:
            items = bullets(f"{capitalised(reason)}." for reason in reasons)
            parts += [Heading(weight.value.capitalize()), items]
    return section("Is it a valid comparison?", *parts)


def set_ups(comparison: Comparison) -> Section:
    """Return the section on what differs in the set-ups."""
    table = comparison.differing
    if table.empty:
        return section("What differs", Paragraph("Nothing: the set-ups are the same."))
    return section(
        "What differs", Table.of(table, "In everything else they are the same", {"what": ""})
    )


def _part(
    comparison: Comparison, part: Matched, drawn: Sequence[Drawn], gallery: Gallery
) -> Section:
    title = "What came out"
    title += f": {part.part.replace('_', ' ')}" if len(comparison.parts) > 1 else ""
    figures = [gallery.add(*figure[1:]) for figure in drawn if figure.part == part.part]
    if comparison.are_single:
        return section(title, *figures, _runs(part))
    table = outcomes(part)
    first = part.sides[0]
    rows = pd.DataFrame(
        {
            "outcome": table["outcome"].map(label),
            "result": table[SIDE],
            "there": [words.share(r.mean, r.low, r.high) for r in table.itertuples()],
            f"difference from {first}": [_change(r) for r in table.itertuples()],
            "seeds paired": [f"{r.pairs:,}" if r.pairs else "" for r in table.itertuples()],
        }
    )
    parts: list[Node] = [
        Paragraph(_where(part)),
        *figures,
        Table.of(rows, "All shares, over the shared points; 95 % intervals"),
    ]
    if part.axes and part.points > 1:
        parts.append(details("At each shared point", _points(part)))
    return section(title, *parts)


def _where(part: Matched) -> str:
    over = words.joined([label(axis) for axis in part.axes])
    if not over:
        return "At the one point that they share."
    return f"At the {words.counted(part.points, 'point')} that they share, which differ in {over}."


def _points(part: Matched) -> Table:
    table = emergence(part, part.axes)
    rows = pd.DataFrame({label(a): table[a].map(as_text) for a in part.axes})
    rows["result"] = table[SIDE]
    rows["runs with a movement"] = [words.share(r.mean, r.low, r.high) for r in table.itertuples()]
    rows["difference"] = [_change(row) for row in table.itertuples()]
    caption = "Emergence at each point"
    if len(rows) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(rows):,} rows"
    return Table.of(rows.head(MOST_ROWS), caption)


def _change(row: object) -> str:
    found = [getattr(row, f"difference{end}") for end in ("", "_low", "_high")]
    return "" if pd.isna(found[0]) else words.points(*found)


def _runs(part: Matched) -> Table:
    """Return the outcomes of single runs, a row each that differs, a column a run."""
    hidden = {SIDE, "place", "point", "replicate", "seed", "error", "duration_s"}
    runs = part.runs.set_index(SIDE)
    rows = {
        str(name): [_value(value) for value in runs[name]] for name in runs if name not in hidden
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(runs.index))
    apart = table[table.nunique(axis=1) > 1].rename(index=label)
    apart = apart.rename_axis("outcome").reset_index()
    return Table.of(apart, "What came out differently; all else is the same")


def _value(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else as_text(value)


def _how(comparison: Comparison) -> list[Section]:
    if comparison.are_single:
        return []
    how = section(
        "How it was compared",
        bullets(
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
    return [how]


def _source(comparison: Comparison, command: str) -> Section:
    rows = pd.DataFrame(
        {
            "result": [side.name for side in comparison.sides],
            "made by": [side.command or "unknown" for side in comparison.sides],
            "model": [side.model or "unknown" for side in comparison.sides],
            "commit": [side.commit[:10] or "unknown" for side in comparison.sides],
            "runs": [len(side.runs) for side in comparison.sides],
        }
    )
    return section(
        "Where it comes from",
        Paragraph("The same comparison again:"),
        Code(command),
        Table.of(rows, "The results"),
    )
