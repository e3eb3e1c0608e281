"""Variants side by side: what came out in each, and how it differs from the first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments import text
from experiments.analysis import amounts
from experiments.analysis.effects import MATERIAL
from experiments.analysis.emergence_grid import emergence
from experiments.analysis.tables import part
from experiments.analysis.variants import VARIANT, by_variant, drawn_worlds, largest_first, settings
from experiments.figures import variants as drawing
from experiments.report import phrases
from experiments.report.document import Details, Part, Section, Table, bullets, details, section
from experiments.report.findings import Findings, intervals
from experiments.report.gallery import Gallery
from experiments.report.phrases import quoted
from sim.columns import label

MOST_ROWS = 200  # of a table on the page


def fits(found: Findings) -> bool:
    """Whether some part has variants to compare."""
    return bool(found.compared_parts)


class Contrast(NamedTuple):
    """What came out in the variants of a part, and what sets them apart from the first."""

    table: pd.DataFrame  # from `variants.by_variant`
    first: str
    idle: list[str]  # variants in which nobody ever takes part
    apart: pd.DataFrame  # rows that differ from the first for sure, the largest first

    def of_first(self, outcome: str) -> pd.Series:
        """Return the row of an outcome in the first variant."""
        return self.table[self.table["outcome"] == outcome].iloc[0]

    @property
    def alike(self) -> list[str]:
        """The outcomes in which no variant is seen to differ, though somebody takes part."""
        others = self.table[self.table["difference"].notna()]
        names = [n for n in dict.fromkeys(others["outcome"]) if n not in set(self.apart["outcome"])]
        return [name for name in names if not self._only_idle(name)]

    def _only_idle(self, outcome: str) -> bool:
        rows = self.table[self.table["outcome"] == outcome]
        return len(rows[~(rows["label"].isin(self.idle) & (rows["mean"] == 0))]) < 2


def contrast(table: pd.DataFrame) -> Contrast:
    """Return what sets variants apart.

    Without outcomes that are 0 in a variant since nobody takes part there: that is no finding.
    """
    peak = table[table["outcome"] == "peak_share"]
    idle = peak.loc[peak["mean"] == 0, "label"].tolist()
    nothing = table["label"].isin(idle) & (table["mean"] == 0)
    if table["label"].iloc[:1].isin(idle).any():
        nothing |= table["outcome"].isin(table.loc[nothing, "outcome"])
    apart = table[_differs(table) & ~nothing]
    return Contrast(table, str(table["label"].iloc[0]), idle, largest_first(apart))


def answer(found: Findings) -> str:
    """Return how often a movement emerges, and the outcome by which a variant differs most.

    In the first part with variants, which are compared with the first of them.
    """
    table = _table(found, found.compared_parts[0])
    if table.empty:
        return "All runs came out the same, whatever the variant."
    seen = contrast(table)
    emerged = table[(table["outcome"] == "emerged") & ~table["label"].isin(seen.idle)]
    shares = [f"{_share(row)} of runs with {quoted(row.label)}" for row in emerged.itertuples()]
    often = f"A movement emerges in {text.joined(shares)}. " if shares else ""
    people = table[(table["outcome"] == amounts.LOGARITHM) & table["difference"].notna()]
    factors = [f"{_change(row)} with {quoted(row.label)}" for row in people.itertuples()]
    if factors:
        often += f"People organising at the peak, against {quoted(seen.first)}: "
        often += f"{text.joined(factors)}. "
    if seen.apart.empty:
        return f"{often}No variant is seen to differ from {quoted(seen.first)} in any outcome."
    return f"{often}The variants differ most in: {_difference(seen, seen.apart.iloc[0])}."


def surprise(found: Findings) -> str:
    """Return in what the variant that differs most differs the other way, or what none changes."""
    table = _table(found, found.compared_parts[0])
    if table.empty:
        return ""
    seen = contrast(table)
    if not seen.apart.empty:
        most = seen.apart.iloc[0]
        same = seen.apart[seen.apart["label"] == most["label"]]
        back = same[same["difference"] * np.sign(most["difference"]) <= -MATERIAL]
        if not back.empty:
            return (
                f"{quoted(most['label'])} has {_more(most)} of “{label(most['outcome'])}”, but "
                f"{_more(back.iloc[0])} of “{_difference(seen, back.iloc[0], '”:')}."
            )
    if not seen.alike:
        return ""
    return (
        f"No variant is seen to differ from {quoted(seen.first)} in: {phrases.labels(seen.alike)}."
    )


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return a section a part with variants."""
    return [_section(found, gallery, name) for name in found.compared_parts]


def _section(found: Findings, gallery: Gallery, name: str) -> Section:
    runs, table = part(found.runs, name), _table(found, name)
    several = len(found.compared_parts) > 1
    title = "Variants side by side"
    title += f": {found.part_label(name)}" if several else ""
    if table.empty:
        return section(title, "All runs came out the same.")
    over = settings(runs)
    nodes: list[Part] = []
    if worlds := drawn_worlds(runs):
        nodes.append(f"Averaged over {worlds:,} drawn worlds, each of which meets every variant.")
    if over:
        nodes.append(f"Averaged over {phrases.labels(over)}.")
    nodes.append(phrases.here(found.sets(name)))
    rows = {
        "outcome": table["outcome"].map(label),
        "variant": table["label"].map(phrases.plain),
        "in this variant": [amounts.amount(*row) for row in _means(table)],
        f"difference from {quoted(table['label'].iloc[0])}": [
            "" if pd.isna(row.difference) else _change(row) for row in table.itertuples()
        ],
    }
    same = "world, setting and replicate" if worlds else "setting and replicate"
    caption = f"Differences are taken in the same {same}; 95 % intervals"
    nodes += [
        bullets(_sentences(table)),
        gallery.show(f"variants-{name}", drawing.draw, table),
        details("All outcomes, with differences", Table.of(rows, caption)),
    ]
    return section(title, *nodes, *([_by_setting(runs, over)] if over else []))


def _sentences(table: pd.DataFrame) -> Iterable[str]:
    """Yield a sentence a variant: in what it differs from the first."""
    first = quoted(table["label"].iloc[0])
    for name, lines in table[table["difference"].notna()].groupby("label", sort=False):
        seen = [f"{label(r.outcome)} {_change(r)}" for r in lines[_differs(lines)].itertuples()]
        which = text.joined(seen) or "nothing that these runs show"
        yield f"{quoted(name)} against {first}: {which}."


def _by_setting(runs: pd.DataFrame, over: list[str]) -> Details:
    table = emergence(runs, [*over, VARIANT])
    table["share"] = [text.share(*row) for row in intervals(table, "share")]
    wide = table.pivot(index=over, columns=VARIANT, values="share")
    wide = wide[[name for name in dict.fromkeys(runs[VARIANT]) if name in wide]].reset_index()
    wide[over] = wide[over].map(phrases.value)
    wide.columns = [label(name) if name in over else phrases.plain(name) for name in wide.columns]
    caption = "Runs with a movement, by variant, in each setting"
    if len(wide) > MOST_ROWS:
        caption += f"; the first {MOST_ROWS} of {len(wide):,}"
    return details("In each setting by itself", Table.of(wide.head(MOST_ROWS), caption))


def _table(found: Findings, name: str) -> pd.DataFrame:
    return found.cached(f"variants {name}", lambda: by_variant(part(found.runs, name)))


def _differs(table: pd.DataFrame) -> pd.Series:
    return (table["difference_low"] > 0) | (table["difference_high"] < 0)


def _difference(seen: Contrast, row: pd.Series, after: str = ",") -> str:
    first = seen.of_first(row["outcome"])
    return (
        f"{label(row['outcome'])}{after} "
        f"{amounts.amount(row['outcome'], row['mean'])} with {quoted(row['label'])}, "
        f"{amounts.amount(row['outcome'], first['mean'])} with {quoted(first['label'])} "
        f"({_change(row)})"
    )


def _change(row: Any) -> str:
    return amounts.change(row.outcome, row.difference, row.difference_low, row.difference_high)


def _means(table: pd.DataFrame) -> list[tuple[str, float, float, float]]:
    return list(table[["outcome", "mean", "low", "high"]].itertuples(index=False, name=None))


def _more(row: pd.Series) -> str:
    return "more" if row["difference"] > 0 else "less"


def _share(row: Any) -> str:
    return text.share(row.mean, row.low, row.high)
