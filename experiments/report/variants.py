"""Variants side by side: what came out in each, and how it differs from the first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from experiments.analysis import amounts
from experiments.analysis.effects import MATERIAL
from experiments.analysis.tables import emergence, part
from experiments.analysis.variants import (
    VARIANT,
    by_variant,
    contrast,
    differs,
    drawn_worlds,
    settings,
    trajectories,
)
from experiments.figures import variants as drawing
from experiments.report import phrases
from experiments.report.document import Details, Section, Table, bullets, details, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import cells, estimate, say
from sim.columns import label

MOST_ROWS = 200  # of a table on the page
SERIES = ("active", "aware", "commons_view", "literacy")
DRAWN = 60  # replicates in a fan


def answer(found: Findings) -> str:
    """Return how often a movement emerges, and the outcome by which a variant differs most.

    In the first part with variants, which are compared with the first of them.
    """
    table = _table(found, found.compared_parts[0])
    if table.empty:
        return say("variants", "all_the_same")
    seen = contrast(table)
    emerged = table[(table["outcome"] == "emerged") & ~table["label"].isin(seen.idle)]
    people = table[(table["outcome"] == amounts.LOGARITHM) & table["difference"].notna()]
    return say(
        "variants",
        "answer",
        first=seen.first,
        emerged=emerged.to_dict("records"),
        people=people.to_dict("records"),
        most=next(iter(seen.apart.to_dict("records")), None),
    )


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
            both = {"most": most.to_dict(), "back": back.iloc[0].to_dict()}
            return say("variants", "two_ways", first=seen.first, **both)
    return say("variants", "alike", first=seen.first, outcomes=seen.alike) if seen.alike else ""


def sections(found: Findings, gallery: Gallery) -> Iterator[Section]:
    """Yield a section a part with variants."""
    for name in found.compared_parts:
        runs, table = part(found.runs, name), _table(found, name)
        title = "Variants side by side"
        title += f": {found.part_label(name)}" if len(found.compared_parts) > 1 else ""
        if table.empty:
            yield section(title, "All runs came out the same.")
            continue
        over, worlds, first = settings(runs), drawn_worlds(runs), table["label"].iloc[0]
        records = table.to_dict("records")
        rows = {
            "outcome": table["outcome"].map(label),
            "variant": table["label"].map(phrases.plain),
            "in this variant": [
                amounts.amount(row["outcome"], *estimate(row, "mean")) for row in records
            ],
            f"difference from {phrases.quoted(first)}": [
                "" if pd.isna(row["difference"])
                else amounts.change(row["outcome"], *estimate(row, "difference"))
                for row in records
            ],
        }  # fmt: skip
        yield section(
            title,
            say("variants", "worlds", count=worlds) if worlds else "",
            say("variants", "settings", names=over) if over else "",
            phrases.here(found.sets(name)),
            bullets(
                say("variants", "differs", variant=variant, first=first,
                    rows=of[differs(of)].to_dict("records"))
                for variant, of in table[table["difference"].notna()].groupby("label", sort=False)
            ),
            gallery.show(f"variants-{name}", drawing.draw, table),
            details(
                "All outcomes, with differences",
                Table.of(rows, say("variants", "caption", worlds=worlds)),
            ),
            _by_setting(runs, over) if over else None,
        )  # fmt: skip


def _by_setting(runs: pd.DataFrame, over: list[str]) -> Details:
    table = emergence(runs, [*over, VARIANT])
    table["share"] = cells(table, "share")
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


def week_sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section with the weeks of each variant, in the last of the settings tried."""
    name = found.variant_parts[0]
    last = found.points[name][-1]
    over = settings(part(found.runs, name))
    points = [p for p in found.points[name] if all(p[s] == last[s] for s in over)]
    replicates = sorted(part(found.runs, name)["replicate"].unique())[:DRAWN]
    weekly, runs = [], []
    for number, point in enumerate(points):
        for replicate in map(int, replicates):
            marks = {"point": number, "replicate": replicate}
            weekly.append(
                found.simulate(point, replicate).weekly[["week", *SERIES]].assign(**marks)
            )
            runs.append(marks | {VARIANT: point[VARIANT]})
    table = trajectories(pd.concat(weekly), pd.DataFrame(runs), SERIES)
    labels = {str(point[VARIANT]): phrases.plain(point[VARIANT]) for point in points}
    where = {setting: last[setting] for setting in over}
    return [
        section(
            "The course of the weeks",
            say("variants", "weeks", replicates=len(replicates), where=where),
            gallery.show("fans", drawing.draw_fans, table, labels),
        )
    ]
