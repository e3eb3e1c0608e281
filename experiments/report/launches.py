"""Weeks of launch: when a campaign succeeds."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from experiments import text
from experiments.analysis.launch_window import LAUNCH, launch_window
from experiments.analysis.tables import part
from experiments.figures import launch_window as drawing
from experiments.report.document import Heading, Paragraph, Part, Section, Table, bullets, section
from experiments.report.findings import Findings
from experiments.report.gallery import Gallery
from experiments.report.phrases import cells, estimate, say, settings


def answer(found: Findings) -> str:
    """Return the best and the worst week, and the week of the real campaign."""
    if found.contrasts.empty:
        return say("launches", "too_few")
    sentences = _contrast(found, found.contrasts.iloc[0].to_dict())[:1]
    real = found.real_launch
    if real is not None:
        window = launch_window(part(found.runs, found.launches[0]))
        nearest = window.loc[(window["week"] - real).abs().idxmin()]
        sentences.append(say("launches", "real_launch", when=found.when, real=real, **nearest))
    return " ".join(sentences)


def surprise(found: Findings) -> str:
    """Return what speaks against a moment that decides, by a fixed order.

    First a contrast that is not material; then a window that does not close before the last week
    tried; then the variant whose contrast differs most from that of the first.
    """
    table = found.contrasts
    if table.empty:
        return "None yet."
    first, others = table.iloc[0], table.iloc[1:]
    if first["verdict"] != "raises":
        return say("launches", "not_shown", **first)
    last = part(found.runs, first["part"])[LAUNCH].max()
    if first["window_end"] == last:
        return say("launches", "does_not_close", when=found.when, last=last, **first)
    if others.empty:
        return say("launches", "as_claimed")
    other = others.loc[(others["difference"] - first["difference"]).abs().idxmax()]
    both = {"first": estimate(first, "difference"), "other": estimate(other, "difference")}
    return say("launches", "other_variant", variant=found.part_label(other["part"]), **both)


def _contrast(found: Findings, row: dict[str, Any]) -> list[str]:
    """Return what the contrast of launch weeks says."""
    if math.isnan(row["difference"]):
        return [say("launches", "too_few")]
    cases = ["contrast"] if math.isnan(row["width"]) else ["contrast", "window"]
    return [say("launches", case, when=found.when, **row) for case in cases]


def sections(found: Findings, gallery: Gallery) -> list[Section]:
    """Return the section on weeks of launch."""
    windows = {name: launch_window(part(found.runs, name)) for name in found.launches}
    table, path = found.contrasts, _path(found)
    first, *others = table.to_dict("records")
    figure = gallery.show(
        "launch_window",
        drawing.draw,
        windows[found.launches[0]],
        first,
        path,
        found.case,
        found.real_launch,
    )
    parts: list[Part] = [bullets(_contrast(found, first)), figure]
    if path is not None:
        parts.append(Paragraph(say("launches", "lower_panel"), "muted"))
    if len(windows) > 1:
        labels = {name: found.part_label(name) for name in windows}
        parts += [
            Heading("What moves the window"),
            bullets(
                say("launches", "variant", first=first, name=labels[row["part"]], **row)
                for row in others
            ),
            gallery.add(
                "launch_variants",
                drawing.draw_variants(windows, table, labels),
                pd.concat([w.assign(part=name) for name, w in windows.items()]),
            ),
        ]
    rows = {
        "variant": table["part"].map(found.part_label),
        "sets": [settings(found.sets(name)) for name in table["part"]],
        "best week": table["best_week"].map("{:.0f}".format),
        "worst week": table["worst_week"].map("{:.0f}".format),
        "best − worst": cells(table, "difference", text.points),
        "verdict": table["verdict"],
        "window": [
            "–" if math.isnan(r.width) else f"{r.window_start:.0f} to {r.window_end:.0f}"
            for r in table.itertuples()
        ],
    }
    table_of_variants = Table.of(rows, say("launches", "caption"))
    return [section("Success by week of launch", *parts, table_of_variants)]


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
    return found.simulate(quiet).weekly
