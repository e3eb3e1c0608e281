"""One run as a time line: firm, owners, users and society, movement and exit, with events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments import text
from experiments.figures.ends import name_end
from experiments.figures.layout import finish, width_of, wrapped
from experiments.figures.marks import (
    PAD,
    SEPARATOR,
    Flag,
    Mark,
    date_axis,
    lay_out,
    marks,
    when,
)
from experiments.figures.primitives import LOOKS
from experiments.figures.style import (
    GREEN,
    INK,
    MUTED,
    Axes,
    Figure,
    canvas,
    ems,
    new_figure,
    place,
    styled,
)
from sim.columns import WEEKS, label
from sim.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

    from experiments.cases.case import Case

LANE, LEFT, RIGHT, GAP = 1.5, 4.5, 12.5, 2.6  # in text sizes, as the heights of panels
TITLE = 16.0  # of the first panel
NEEDED_LINE: Any = (0, (6, 2, 1, 2))
ORGANISERS = "Organisers"  # the panel of those who count: people, beyond those who launched


class Panel(NamedTuple):
    """Lines that share an axis."""

    title: str
    unit: str  # what begins with % is a share of the users, scaled to what there is
    height: float
    columns: tuple[str, ...]


PANELS = (
    Panel("The firm", "index, 0 to 1", 9.0, ("price", "distress")),
    Panel("Owners and value", "0 to 1", 8.0, ("trust", "value_gap")),
    Panel("Users and society", "0 to 1", 8.0, ("dissatisfaction", "threat")),
    Panel("Attention to the campaign", "", 6.0, ("media",)),
    Panel("Signatures", "people", 6.0, ("signatures",)),
    Panel("Supporters", "% of users", 7.0, ("supporters",)),
    Panel(ORGANISERS, "people", 9.0, ("organisers",)),
    Panel("Exit", "% of users", 7.0, ("exited", "exited_coop")),
)


@styled
def draw(
    weekly: pd.DataFrame | np.ndarray,
    outcome: Mapping[str, Any],
    parameters: Parameters | None = None,
    case: Case | None = None,
) -> Figure:
    """Draw one run as panels that share the axis of weeks (dates, if it follows a case).

    Parameters
    ----------
    weekly
        The run's weekly table, as a frame or as records.
    outcome
        Its outcome, by name.
    parameters
        Its parameters; None: the defaults.
    case
        The case whose dates and events belong to the weeks.
    """
    parameters = parameters or Parameters()
    last = max(int(np.asarray(weekly["week"])[-1]), 1)
    events = marks(weekly, outcome, case)
    figure = new_figure(1.0, layout=None)
    left, right = ems(LEFT), ems(min(RIGHT, 0.3 * canvas().width / ems(1)))
    span = canvas().width - left - right
    poles = [mark.week / last * span for mark in events]
    widths = [sum(width for _, width, _ in _texts(figure, mark, span)) for mark in events]
    flags = lay_out(poles, widths, 0.1 - left, span + right - 0.15)
    strip = ems(LANE) * (max((flag.lane + 1 for flag in flags), default=0) + 1.8)
    height = strip + ems(sum(panel.height + GAP for panel in PANELS) + 3)
    figure.set_size_inches(canvas().width, height)
    top, first = strip, None
    for panel in PANELS:
        axes = place(figure, left, height - top - ems(panel.height), right, top)
        _draw_panel(figure, axes, panel, weekly, outcome, parameters)
        for mark in events:
            axes.axvline(mark.week, zorder=1, alpha=0.7, **_pole(mark))
        axes.set_xlim(0, last)
        axes.tick_params(labelbottom=False, length=2)
        first = first or axes
        axes.sharex(first) if axes is not first else None
        top += ems(panel.height + GAP)
    axes.tick_params(labelbottom=True, length=4)
    date_axis(axes, case, last)
    _draw_flags(place(figure, left, height - strip, right, 0), events, flags, span, strip, last)
    reading = (
        "Organisers: without those who launched the campaign. Solid verticals: what happens in the "
        "model."
    )
    reading += " Dotted: events given to it." if any(mark.given for mark in events) else ""
    finish(figure, headline(outcome, case), reading)
    return figure


def headline(outcome: Mapping[str, Any], case: Case | None = None) -> str:
    """Return in a line what came of the run."""
    if math.isnan(outcome["launch_week"]):
        return "Nobody starts a campaign"
    peak = f"{outcome['peak_organisers']:,.0f}"
    if outcome["emerged"]:
        week = when(outcome["emergence_week"], case)
        social = text.percent(outcome["influence"])
        sentence = f"A movement emerges in {week}: {peak} people organise at its peak"
        sentence += f", {social} of those who joined did so because of others"
    elif outcome["grade"] == "flash":
        sentence = f"No movement emerges: {peak} people organise, but too briefly or without an act"
    else:
        sentence = f"No movement emerges: at most {peak} organise besides those who launched it"
    if outcome["converted"]:
        return f"{sentence}; the firm is converted"
    vote = outcome.get("vote_share", math.nan)
    return sentence if math.isnan(vote) else f"{sentence}; {text.percent(vote)} of the vote"


def organisers_beyond(
    weekly: pd.DataFrame | np.ndarray, outcome: Mapping[str, Any], parameters: Parameters
) -> np.ndarray:
    """Return the people organising beyond those who launched the campaign, by week.

    Those who launch are the only organisers in the week of the launch.
    """
    weeks, launch = np.asarray(weekly["week"]), outcome["launch_week"]
    if math.isnan(launch):
        return np.zeros(len(weeks))
    agents = parameters.users.count * np.asarray(weekly["organisers"])
    beyond = np.maximum(agents - agents[weeks == launch], 0) * (weeks >= launch)
    return np.asarray(beyond * np.asarray(weekly["people_per_agent"]))


def _draw_panel(
    figure: Figure,
    axes: Axes,
    panel: Panel,
    weekly: pd.DataFrame | np.ndarray,
    outcome: Mapping[str, Any],
    parameters: Parameters,
) -> None:
    weeks, top = np.asarray(weekly["week"]), 0.0
    room = 0.9 * ems(min(RIGHT, 0.3 * canvas().width / ems(1)))

    def end(name: str, value: float, colour: str) -> None:
        name_end(axes, wrapped(figure, name, room), value, colour)

    is_share = panel.unit.startswith("%")
    counts = is_share or panel.unit == "people"
    for column, look in zip(panel.columns, LOOKS, strict=False):
        if panel.title == ORGANISERS:
            values = organisers_beyond(weekly, outcome, parameters)
        else:
            values = WEEKS[column].scale * np.asarray(weekly[column])
        axes.plot(weeks, values, color=look.colour, linestyle=look.dashes, label=column, zorder=3)
        most = float(values.max())
        peak = text.percent(most / 100) if is_share else f"{most:,.0f}"
        name = label(column).partition(" (")[0] + (f", peak {peak}" if counts else "")
        end(name, values[-1], look.colour)
        top = max(top, most)
    if panel.title == ORGANISERS:
        needed = parameters.emergence.organisers
        axes.axhline(needed, color=GREEN, linestyle=NEEDED_LINE, linewidth=1.3, zorder=2)
        end(f"needed {needed:g}", needed, GREEN)
        top = max(top, needed)
    axes.set_ylim(0, max(1.12 * top, 0.5) if counts else max(1.0, 1.05 * top))
    axes.locator_params(axis="y", nbins=4)
    axes.set_title(f"{panel.title} ({panel.unit})" if panel.unit else panel.title)


def _draw_flags(
    axes: Axes,
    events: Sequence[Mark],
    flags: Sequence[Flag],
    span: float,
    height: float,
    last: int,
) -> None:
    figure: Any = axes.get_figure(root=True)
    axes.set_xlim(0, span)
    axes.set_ylim(0, height)
    axes.set(xticks=[], yticks=[])
    axes.axis("off")
    for mark, flag in zip(events, flags, strict=True):
        pole = mark.week / last * span
        y = ems(2.4 + flag.lane * LANE)
        foot = 0.0 if pole > ems(TITLE) else ems(1.6)  # do not strike through the panel's title
        axes.plot([pole, pole], [foot, y + ems(LANE / 2)], clip_on=False, **_pole(mark))
        texts = _texts(figure, mark, span)
        x = pole + PAD if flag.right else pole - PAD - sum(width for _, width, _ in texts)
        for words, width, look in texts:
            axes.text(x, y, words, va="center", ha="left", **look)
            x += width


def _pole(mark: Mark) -> dict[str, Any]:
    """Return the look of a vertical: solid for what the model made, dotted for the rest."""
    colour, dashes = (INK, "-") if mark.modelled else (MUTED, ":")
    return {"color": colour, "linestyle": dashes, "linewidth": 0.8}


def _texts(figure: Figure, mark: Mark, room: float) -> list[tuple[str, float, dict[str, Any]]]:
    """Return the parts of a label: words, width in inches, look; cut to the room there is."""
    parts: list[tuple[str, float, dict[str, Any]]] = []
    for words, colour, weight in ((mark.given, MUTED, "normal"), (mark.modelled, INK, "bold")):
        if words:
            words = SEPARATOR + words if parts else words
            while width_of(figure, words, weight=weight) > room and " " in words.strip(" …"):
                words = words.rstrip(" …").rsplit(" ", 1)[0] + " …"
            width = width_of(figure, words, weight=weight)
            parts.append((words, width, {"color": colour, "fontweight": weight}))
    return parts
