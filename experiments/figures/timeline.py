"""One run as a time line: firm, owners, users and society, movement and exit, with events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments import text
from experiments.figures.ends import name_end
from experiments.figures.flags import PAD, Flag, lay_out
from experiments.figures.layout import finish, width_of, wrapped
from experiments.figures.marks import SEPARATOR, Mark, date_axis, marks, when
from experiments.figures.primitives import LOOKS
from experiments.figures.style import GREEN, INK, MUTED, canvas, ems, new_figure, place, styled
from sim.columns import WEEKS, label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.cases.case import Case

CRITICAL_MASS = 0.02
LANE, LEFT, RIGHT, GAP = 1.5, 4.5, 12.5, 2.6  # in text sizes, as the heights of panels
TITLE = 9.0  # of the first panel
MASS_LINE: Any = (0, (6, 2, 1, 2))


class Panel(NamedTuple):
    """Lines that share an axis."""

    title: str
    unit: str
    lines: tuple[tuple[str, str, str, Any], ...]  # column, name, colour, line style
    height: float
    share: bool  # drawn in percent of users, scaled to what there is


def _panel(title: str, unit: str, height: float, *columns: str) -> Panel:
    lines = tuple(
        (column, label(column), look.colour, look.dashes)
        for column, look in zip(columns, LOOKS, strict=False)
    )
    return Panel(title, unit, lines, height, WEEKS[columns[0]].is_share)


PANELS = (
    _panel("The firm", "index, 0 to 1", 10.5, "price", "distress"),
    _panel("Owners and value", "0 to 1", 9.0, "trust", "value_gap"),
    _panel("Users and society", "0 to 1", 9.0, "dissatisfaction", "threat"),
    _panel("Movement", "% of users", 12.5, "supporters", "organisers"),
    _panel("Exit", "% of users", 8.0, "exited", "exited_coop"),
)


@styled
def draw(
    weekly: pd.DataFrame | np.ndarray,
    outcome: Mapping[str, Any],
    case: Case | None = None,
    critical_mass: float = CRITICAL_MASS,
) -> Figure:
    """Draw one run as panels that share the axis of weeks (dates, if it follows a case).

    Parameters
    ----------
    weekly
        The run's weekly table, as a frame or as records.
    outcome
        Its outcome, by name.
    case
        The case whose dates and events belong to the weeks.
    critical_mass
        Share of users, drawn as a line.
    """
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
        _draw_panel(figure, axes, panel, weekly, outcome, critical_mass)
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
        "Active: supporters and organisers, without those who launched the movement. Solid "
        "verticals: what happens in the model."
    )
    reading += " Dotted: events given to it." if any(mark.given for mark in events) else ""
    finish(figure, headline(outcome, case, critical_mass), reading)
    return figure


def headline(
    outcome: Mapping[str, Any], case: Case | None = None, critical_mass: float = CRITICAL_MASS
) -> str:
    """Return in a line what came of the run."""
    peak = text.percent(outcome["peak_share"])
    if outcome["emerged"]:
        week = when(outcome["emergence_week"], case)
        sentence = f"A movement emerges in {week}; at its peak {peak} of users are active"
    elif math.isnan(outcome["launch_week"]):
        return "Nobody starts a movement"
    elif outcome["peak_share"] < critical_mass:
        sentence = f"No movement emerges: at most {peak} of users are active"
    elif outcome["grade"] == "flash":
        sentence = f"No movement emerges: {peak} of users are active, but it does not last"
    else:
        sentence = f"A crowd, not a movement: {peak} act, hardly more than if each were alone"
    if outcome["converted"]:
        return f"{sentence}; the firm is converted"
    vote = outcome.get("vote_share", math.nan)
    return sentence if math.isnan(vote) else f"{sentence}; {text.percent(vote)} of the vote"


def describe(
    weekly: pd.DataFrame,
    outcome: Mapping[str, Any],
    case: Case | None = None,
    critical_mass: float = CRITICAL_MASS,
) -> str:
    """Return the figure in words, for those who do not see it."""
    parts = [
        f"Time line of one run over {int(weekly['week'].iloc[-1])} weeks. "
        f"{headline(outcome, case, critical_mass)}."
    ]
    for panel in PANELS:
        lines = [f"{name} {_course(weekly[column])}" for column, name, *_ in panel.lines]
        parts.append(f"{panel.title}: {'; '.join(lines)}.")
    counted = text.percent(beyond_launch(weekly, outcome).max())
    parts.append(
        f"Users active beyond those who launched the movement: at most {counted}; the critical "
        f"mass is {text.percent(critical_mass)}."
    )
    events = marks(weekly, outcome, case)
    said = "; ".join(f"{when(mark.week, case)}: {mark.label}" for mark in events)
    return " ".join(parts) + (f" Events: {said}." if events else "")


def _course(values: pd.Series) -> str:
    write = text.percent if WEEKS[str(values.name)].is_share else text.number
    ends = values.iloc[0], values.iloc[-1], values.min(), values.max()
    return "from {} to {}, lowest {}, highest {}".format(*map(write, ends))


def beyond_launch(weekly: pd.DataFrame | np.ndarray, outcome: Mapping[str, Any]) -> np.ndarray:
    """Return the share of users that counts towards the critical mass, by week.

    From the launch on, those active beyond the launching organisers, whose number follows from the
    outcome: its peak is that of all active without them.
    """
    active = np.asarray(weekly["active"])
    launch = outcome["launch_week"]
    if math.isnan(launch):
        return np.zeros_like(active)
    since = np.asarray(weekly["week"]) >= launch
    launchers = max(float(active[since].max()) - float(outcome["peak_share"]), 0.0)
    return np.where(since, np.maximum(active - launchers, 0.0), 0.0)


def _draw_panel(
    figure: Figure,
    axes: Axes,
    panel: Panel,
    weekly: pd.DataFrame | np.ndarray,
    outcome: Mapping[str, Any],
    critical_mass: float,
) -> None:
    weeks, top = np.asarray(weekly["week"]), 0.0
    room = 0.9 * ems(min(RIGHT, 0.3 * canvas().width / ems(1)))

    def end(name: str, value: float, colour: str) -> None:
        name_end(axes, wrapped(figure, name, room), value, colour)

    for column, name, colour, dashes in panel.lines:
        values = WEEKS[column].scale * np.asarray(weekly[column])
        axes.plot(weeks, values, color=colour, linestyle=dashes, label=column, zorder=3)
        peak = f", peak {text.percent(values.max() / 100)}" if panel.share else ""
        end(name.partition(" (")[0] + peak, float(values[-1]), colour)
        top = max(top, float(values.max()))
    if panel.title == "Movement":
        mass = 100 * critical_mass
        axes.axhline(mass, color=GREEN, linestyle=MASS_LINE, linewidth=1.3, zorder=2)
        counted = 100 * beyond_launch(weekly, outcome)
        if counted.any():
            axes.plot(weeks, counted, color=GREEN, linewidth=1.1, label="counted", zorder=2)
            peak = text.percent(counted.max() / 100)
            end(f"active beyond launch, peak {peak}", float(counted[-1]), GREEN)
        end(f"critical mass {text.percent(critical_mass)}", mass, GREEN)
        top = max(top, mass, float(counted.max()))
    axes.set_ylim(0, max(1.12 * top, 0.5) if panel.share else max(1.0, 1.05 * top))
    axes.locator_params(axis="y", nbins=4)
    axes.set_ylabel(panel.unit)
    axes.set_title(panel.title)
    axes.yaxis.set_label_coords(-ems(3.2) / (axes.get_position().width * canvas().width), 0.5)


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
