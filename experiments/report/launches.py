"""Weeks of launch: when a campaign succeeds."""

from __future__ import annotations

import math

import pandas as pd

from experiments import text
from experiments.analysis import words
from experiments.analysis.launch_window import LAUNCH, launch_window
from experiments.analysis.tables import part
from experiments.figures import launch_variants
from experiments.figures import launch_window as drawing
from experiments.report import phrases
from experiments.report.again import simulated
from experiments.report.document import Heading, Paragraph, Part, Section, Table, bullets, section
from experiments.report.findings import Findings, intervals
from experiments.report.gallery import Gallery


def fits(found: Findings) -> bool:
    """Whether some part varies the week of launch."""
    return bool(found.launches)


def answer(found: Findings) -> str:
    """Return the best and the worst week, and the week of the real campaign."""
    if found.contrasts.empty:
        return "There are too few runs to compare launch weeks."
    row = found.contrasts.iloc[0].to_dict()
    sentences = words.launch(row, found.when)[:1]
    real = found.real_launch
    if real is not None:
        window = launch_window(part(found.runs, found.launches[0]))
        nearest = window.loc[(window["week"] - real).abs().idxmin()]
        value = text.share(nearest["share"], nearest["low"], nearest["high"])
        sentences.append(
            f"Launched with the real campaign, in {found.when(real)}, {value} of runs have a "
            "movement."
        )
    return " ".join(sentences)


def surprise(found: Findings) -> str:
    """Return what speaks against a moment that decides, by a fixed order.

    First a contrast that is not material; then a window that does not close before the last week
    tried; then the variant whose contrast differs most from that of the first.
    """
    table = found.contrasts
    if table.empty:
        return "None yet."
    first = table.iloc[0]
    if first["verdict"] != "raises":
        return (
            "Claim C8 says that the moment of launch decides; these runs do not show it "
            f"({text.points(first['difference'], first['low'], first['high'])})."
        )
    weeks = part(found.runs, first["part"])[LAUNCH]
    if first["window_end"] == weeks.max():
        return (
            f"The window that opens in {found.when(first['window_start'])} does not close before "
            f"the last launch tried, in {found.when(weeks.max())}: these runs show a time when it "
            "is too early, none when it is too late."
        )
    others = table.iloc[1:]
    if others.empty:
        return "None: the moment of launch matters here, as claim C8 says."
    other = others.loc[(others["difference"] - first["difference"]).abs().idxmax()]
    return (
        f"In the variant “{found.part_label(other['part'])}” the contrast is "
        f"{text.points(other['difference'], other['low'], other['high'])} instead of "
        f"{text.points(first['difference'], first['low'], first['high'])}."
    )


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on weeks of launch."""
    windows = {name: launch_window(part(found.runs, name)) for name in found.launches}
    first = found.launches[0]
    row = found.contrasts.iloc[0].to_dict()
    real = found.real_launch
    path = _path(found)
    parts: list[Part] = [
        bullets(words.launch(row, found.when)),
        gallery.show(
            "launch_window",
            drawing.draw,
            windows[first],
            row,
            path,
            found.case,
            real,
        ),
    ]
    if path is not None:
        parts.append(
            Paragraph(
                "The lower panel is replicate 0 without a launch; where the runs follow a record, "
                "price and threat are the record's.",
                "muted",
            )
        )
    table = found.contrasts
    rows = {
        "variant": [found.part_label(name) for name in table["part"]],
        "sets": [phrases.settings(found.sets(n)) for n in table["part"]],
        "best week": [f"{week:.0f}" for week in table["best_week"]],
        "worst week": [f"{week:.0f}" for week in table["worst_week"]],
        "best − worst": [text.points(*row) for row in intervals(table, "difference")],
        "verdict": table["verdict"],
        "window": [
            "–" if math.isnan(r.width) else f"{r.window_start:.0f} to {r.window_end:.0f}"
            for r in table.itertuples()
        ],
    }
    if len(windows) > 1:
        labels = {name: found.part_label(name) for name in windows}
        data = pd.concat([w.assign(part=name) for name, w in windows.items()])
        parts += [
            Heading("What moves the window"),
            bullets(words.launch_variants(table, labels)),
            gallery.add(
                "launch_variants",
                launch_variants.draw(windows, table, labels),
                data,
            ),
        ]
    caption = (
        "Best and worst week chosen on odd replicates, compared on even ones; the window holds the "
        "launch weeks around the best with at least half of its successes"
    )
    parts.append(Table.of(rows, caption))
    return [section("Success by week of launch", *parts)]


def _path(found: Findings) -> pd.DataFrame | None:
    """Return the weekly table of a world in which nobody launches."""
    point = found.point(found.launches[0], {})
    if point is None or not found.is_repeatable:
        return None
    weeks = int(found.runs[LAUNCH].max())
    longest = int(found.runs["horizon"].max()) if "horizon" in found.runs else weeks
    horizon = max(longest, int(found.parameters["horizon"]))
    if found.case is not None:
        horizon = min(horizon, found.case.weeks)
    quiet = {**point, "movement.origin": "never", "horizon": horizon}
    quiet.pop(LAUNCH, None)
    quiet.pop("vote.first_meeting", None)
    return simulated(found, quiet).weekly
