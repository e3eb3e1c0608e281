"""The page of a comparison: whether it is valid, what differs in the set-ups, what came out.

results/compare-A-B/report.json                the comparison as data
results/compare-A-B/report.html                its page; needs nothing but itself
results/compare-A-B/figures/FIGURE.svg, .png, .csv     each figure, and the table it was drawn from
results/compare-A-B/provenance.json            the command, and where each side comes from
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis.amounts import amount, change
from experiments.analysis.comparison import SIDE, Matched, emergence, grades, outcomes
from experiments.comparison.compare import Comparison, Weight, answer
from experiments.comparison.match import Side, weeks
from experiments.config.choices import LONGEST_NAME, check_name
from experiments.figures import compare as drawing
from experiments.report.document import (
    Code,
    Document,
    Figure,
    Heading,
    Paragraph,
    Part,
    Section,
    Table,
    bullets,
    details,
    section,
    write_document,
)
from experiments.report.gallery import Gallery
from experiments.report.render import write_page
from experiments.store import provenance
from experiments.store.catalog import compared
from experiments.store.crate import write_crate
from experiments.store.layout import StoreError
from experiments.store.safety import atomic_directory
from experiments.text import as_text, capitalised
from sim.columns import label

MOST_ROWS = 200  # of a table on the page
MOST_FIGURES = 6  # parts that are drawn
VALID = (
    "Yes: the same model, the same time to be observed, the same idea of what a movement is, and "
    "points that agree."
)


def document_of(comparison: Comparison, gallery: Gallery, command: str) -> Document:
    """Return a comparison as a report, its figures written into a gallery."""
    names = [side.name for side in comparison.sides]
    return Document(
        title=f"{text.joined(names)} compared",
        question="",
        summary=tuple(map(Paragraph, answer(comparison))),
        sections=(
            _with_care(comparison),
            _set_ups(comparison),
            *(_part(comparison, number, gallery) for number in range(len(comparison.shared))),
            *([] if comparison.are_single else [_how()]),
            _source(comparison, command),
        ),
        cover=next(iter(gallery.names), ""),
    )


def _with_care(comparison: Comparison) -> Section:
    invalid = any(doubt.weight is Weight.INVALID for doubt in comparison.doubts)
    parts: list[Part] = ["" if invalid else VALID]
    for weight in Weight:
        reasons = [f"{capitalised(d.text)}." for d in comparison.doubts if d.weight is weight]
        parts += [Heading(weight.value.capitalize()), bullets(reasons)] if reasons else []
    return section("Is it a valid comparison?", *parts)


def _set_ups(comparison: Comparison) -> Section:
    table = comparison.differing
    if table.empty:
        return section("What differs", "Nothing: the set-ups are the same.")
    caption = "In everything else they are the same"
    return section("What differs", Table.of(table.rename(columns={"what": ""}), caption))


def _part(comparison: Comparison, number: int, gallery: Gallery) -> Section:
    part = comparison.shared[number]
    title = "What came out"
    title += f": {part.part.replace('_', ' ')}" if len(comparison.parts) > 1 else ""
    figures = _figures(comparison, number, gallery) if number < MOST_FIGURES else []
    if comparison.are_single:
        return section(title, *figures, _runs(part))
    table = outcomes(part)
    first = part.sides[0]
    rows = {
        "outcome": table["outcome"].map(label),
        "result": table[SIDE],
        "there": [amount(r.outcome, r.mean, r.low, r.high) for r in table.itertuples()],
        f"difference from {first}": [_change(r, r.outcome) for r in table.itertuples()],
        "seeds paired": [f"{r.pairs:,}" if r.pairs else "" for r in table.itertuples()],
    }
    return section(
        title,
        _where(part),
        *figures,
        Table.of(rows, "All shares, over the shared points; 95 % intervals"),
        details("At each shared point", _points(part)) if part.axes and part.points > 1 else None,
    )


def _figures(comparison: Comparison, number: int, gallery: Gallery) -> list[Figure]:
    """Return the figures of a shared part: the same axes, scales and marks on all sides."""
    part = comparison.shared[number]
    found: list[tuple[Any, ...]] = []  # name, what draws it, table, what else it needs
    end = f"-{part.part}" if len(comparison.parts) > 1 else ""
    if axes := comparison.axes(part):
        found.append((f"emergence{end}", drawing.draw_emergence, emergence(part, axes), *axes))
    if not comparison.are_single:
        found += [
            (f"outcomes{end}", drawing.draw_outcomes, outcomes(part)),
            (f"grades{end}", drawing.draw_grades, grades(part)),
        ]
    if number == 0:
        found.append(("weeks", drawing.draw_weeks, weeks(comparison.sides, part)))
    return [
        gallery.show(name, draw, table, *others)
        for name, draw, table, *others in found
        if len(table)
    ]


def _where(part: Matched) -> str:
    over = text.joined([label(axis) for axis in part.axes])
    if not over:
        return "At the one point that they share."
    return f"At the {text.counted(part.points, 'point')} that they share, which differ in {over}."


def _points(part: Matched) -> Table:
    table = emergence(part, part.axes)
    rows = pd.DataFrame({label(a): table[a].map(as_text) for a in part.axes})
    rows["result"] = table[SIDE]
    rows["runs with a movement"] = [text.share(r.mean, r.low, r.high) for r in table.itertuples()]
    rows["difference"] = [_change(row) for row in table.itertuples()]
    caption = "Emergence at each point"
    if len(rows) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(rows):,} rows"
    return Table.of(rows.head(MOST_ROWS), caption)


def _change(row: object, outcome: str = "emerged") -> str:
    found = [getattr(row, f"difference{end}") for end in ("", "_low", "_high")]
    return "" if pd.isna(found[0]) else change(outcome, *found)


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


def _how() -> Section:
    return section(
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


def _source(comparison: Comparison, command: str) -> Section:
    rows = {
        "result": [side.name for side in comparison.sides],
        "made by": [side.command or "unknown" for side in comparison.sides],
        "model": [side.model or "unknown" for side in comparison.sides],
        "commit": [side.commit[:10] or "unknown" for side in comparison.sides],
        "runs": [len(side.runs) for side in comparison.sides],
    }
    return section(
        "Where it comes from",
        "The same comparison again:",
        Code(command),
        Table.of(rows, "The results"),
    )


# -- on disk ---------------------------------------------------------------------------------------


def write(
    comparison: Comparison, results: Path, name: str | None = None, words_given: Sequence[str] = ()
) -> Path:
    """Write the page, figures and provenance of a comparison; return the path of the page.

    Raises
    ------
    ConfigError
        For a name that cannot be one.
    StoreError
        If the folder holds something that is not a comparison.
    """
    source = provenance.provenance("compare", words_given)
    if name is not None:
        check_name(name)
    folder = results / (name or default_name(comparison.sides))
    if folder.exists() and not compared(folder):
        raise StoreError(f"{folder} holds something that is not a comparison: choose another name=")
    with atomic_directory(folder) as new:
        gallery = Gallery(new)
        document = document_of(comparison, gallery, str(source["command"]))
        write_document(new / "report.json", document)
        write_page(new / "report.html", document)
        source |= {"name": folder.name, "compared": [_origin(side) for side in comparison.sides]}
        source["ended"] = provenance.now()
        written = json.dumps(source, indent=1, ensure_ascii=False)
        (new / "provenance.json").write_text(f"{written}\n", encoding="utf-8")
        write_crate(new)
    return folder / "report.html"


def default_name(sides: Sequence[Side]) -> str:
    """Return the name of a comparison that the user did not name."""
    names = "-".join(re.sub(r"[^\w.+-]+", "-", side.name).strip("-.") for side in sides)
    return f"compare-{names}"[:LONGEST_NAME].rstrip("-.")


def _origin(side: Side) -> dict[str, object]:
    known = {name: getattr(side, name) for name in ("name", "command", "model", "commit")}
    return {**known, "versions": dict(side.versions), "runs": len(side.runs)}
