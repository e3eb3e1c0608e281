"""One run as a time line: firm, owners, users and society, movement and exit, with events."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments import text
from experiments.figures import style
from experiments.figures.flags import PAD, Flag, lay_out
from experiments.figures.style import BLUE, GREEN, INK, MUTED, VERMILION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from experiments.cases.case import Case

CRITICAL_MASS = 0.02
LANE = 0.19  # inches between two rows of event labels
RIGHT = 1.75  # inches right of the axes, for the names of the lines
TITLE_WIDTH = 1.1  # inches of the first panel's title
LONGEST = 60  # characters of an event's label
SEPARATOR = " · "
NEW_RUMOUR = 0.05  # a rise of a rumour by more than this is an event


class Mark(NamedTuple):
    """What is marked at a week."""

    week: int
    given: str  # events given to the model, in words
    modelled: str  # what came about in it

    @property
    def label(self) -> str:
        """Both, in one line."""
        return SEPARATOR.join(filter(None, (self.given, self.modelled)))


class Panel(NamedTuple):
    """Lines that share an axis."""

    title: str
    unit: str
    lines: tuple[tuple[str, str, str, str], ...]  # column, name, colour, line style
    height: float  # inches
    share: bool  # drawn in percent of users, scaled to what there is


PANELS = (
    Panel(
        "The firm",
        "index, share",
        (
            ("price", "share price\n(week 0 = 1)", BLUE, "-"),
            ("distress", "distress", VERMILION, "--"),
        ),
        1.35,
        False,
    ),
    Panel(
        "Owners and value",
        "share",
        (
            ("trust", "shareholders'\ntrust", BLUE, "-"),
            ("value_gap", "value gap (users'\nvalue over price)", VERMILION, "--"),
        ),
        1.15,
        False,
    ),
    Panel(
        "Users and society",
        "share",
        (
            ("dissatisfaction", "dissatisfaction\n(mean)", BLUE, "-"),
            ("threat", "threat to\ndemocracy", VERMILION, "--"),
        ),
        1.15,
        False,
    ),
    Panel(
        "Movement",
        "% of users",
        (("supporters", "supporters", BLUE, "-"), ("organisers", "organisers", VERMILION, "--")),
        1.6,
        True,
    ),
    Panel(
        "Exit",
        "% of users",
        (
            ("exited", "to a rival", BLUE, "-"),
            ("exited_coop", "to the\ncooperative", VERMILION, "--"),
        ),
        1.0,
        True,
    ),
)
GAP = 0.34  # inches between panels


@style.styled
def draw(
    weekly: pd.DataFrame | np.ndarray,
    outcome: Mapping[str, Any],
    case: Case | None = None,
    figure: Figure | None = None,
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
    figure
        To draw on; it is given the size that is needed.
    critical_mass
        Share of users, drawn as a line.
    """
    figure = style.new_figure(8) if figure is None else figure
    width = style.WIDTH
    span = width - style.MARGIN - RIGHT
    last = int(np.asarray(weekly["week"])[-1])
    events = marks(weekly, outcome, case)
    poles = [mark.week / max(last, 1) * span for mark in events]
    widths = [sum(width for _, width, _ in _texts(figure, mark)) for mark in events]
    flags = lay_out(poles, widths, -style.MARGIN + 0.1, span + RIGHT - 0.15)
    lanes = max((flag.lane + 1 for flag in flags), default=0)
    strip = lanes * LANE + 0.1
    below, above = 0.75, 0.85
    panels = sum(panel.height for panel in PANELS) + GAP * (len(PANELS) - 1)
    height = above + strip + 0.25 + panels + below
    figure.set_size_inches(width, height)

    top = above + strip + 0.25
    first: Axes | None = None
    for panel in PANELS:
        axes = style.place(figure, style.MARGIN, height - top - panel.height, RIGHT, top)
        _draw_panel(axes, panel, weekly, outcome, critical_mass)
        for mark in events:
            axes.axvline(
                mark.week, color=INK if mark.modelled else MUTED, linewidth=0.8, zorder=1,
                linestyle="-" if mark.modelled else ":", alpha=0.7,
            )  # fmt: skip
        axes.set_xlim(0, max(last, 1))
        axes.tick_params(labelbottom=False, length=2)
        if first is not None:
            axes.sharex(first)
        first = first or axes
        top += panel.height + GAP
    axes.tick_params(labelbottom=True, length=4)
    date_axis(axes, case, last)

    flagpoles = style.place(figure, style.MARGIN, height - above - strip - 0.25, RIGHT, above)
    _draw_flags(flagpoles, events, flags, span, strip + 0.25, last)
    sentence = headline(outcome, case, critical_mass)
    given = any(mark.given for mark in events)
    key = "Active: supporters and organisers, without those who launched it. Solid verticals: what "
    key += "happens in the model."
    style.title(figure, sentence, f"{key} Dotted: events given to it." if given else key)
    return figure


def marks(
    weekly: pd.DataFrame | np.ndarray, outcome: Mapping[str, Any], case: Case | None = None
) -> list[Mark]:
    """Return the events of a run in order, those of a week joined."""
    last = int(np.asarray(weekly["week"])[-1])
    given: dict[int, list[str]] = {}
    for event in case.events if case is not None else ():
        if 0 <= event.week <= last:
            given.setdefault(int(event.week), []).append(shorten(event.label or event.kind))
    dated = set(given)
    for column in ("closure", "takeover", "scandal"):
        rises = np.diff(np.asarray(weekly[column]), prepend=0.0) > NEW_RUMOUR
        for week in map(int, np.flatnonzero(rises)):
            if not dated & {week - 1, week, week + 1}:  # the case names it
                name = column if column == "scandal" else f"{column} rumour"
                given.setdefault(week, []).append(name)
    modelled: dict[int, list[str]] = {}
    for name, label in (
        ("launch_week", "launch"),
        ("emergence_week", "MOVEMENT EMERGES"),
        ("spin_off_week", "spin-off founded"),
    ):
        if not math.isnan(outcome.get(name, math.nan)):
            modelled.setdefault(int(outcome[name]), []).append(label)
    votes = np.asarray(weekly["vote_share"])
    for week in map(int, np.flatnonzero(~np.isnan(votes))):
        modelled.setdefault(week, []).append(f"vote: {text.percent(votes[week])} for")
    for column, label in (("filed", "proposal filed"), ("converted", "CONVERTED")):
        for week in map(int, np.flatnonzero(np.diff(np.asarray(weekly[column]), prepend=0.0) > 0)):
            modelled.setdefault(week, []).append(label)
    return [
        Mark(week, SEPARATOR.join(given.get(week, [])), SEPARATOR.join(modelled.get(week, [])))
        for week in sorted({*given, *modelled})
    ]


def headline(
    outcome: Mapping[str, Any], case: Case | None = None, critical_mass: float = CRITICAL_MASS
) -> str:
    """Return in a line what came of the run."""
    peak = text.percent(outcome["peak_share"])
    if outcome["emerged"]:
        when = _when(outcome["emergence_week"], case)
        sentence = f"A movement emerges {when}; at its peak {peak} of users are active"
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
    first, last = weekly.iloc[0], weekly.iloc[-1]
    parts = [
        f"Time line of one run over {int(last['week'])} weeks. "
        f"{headline(outcome, case, critical_mass)}.",
        f"Share price from {first['price']:.2f} to {last['price']:.2f}, lowest "
        f"{weekly['price'].min():.2f}; distress at most {weekly['distress'].max():.2f}.",
        f"Shareholders' trust from {first['trust']:.2f} to {last['trust']:.2f}; value gap at most "
        f"{weekly['value_gap'].max():.2f}.",
        f"Mean dissatisfaction from {first['dissatisfaction']:.2f} to "
        f"{last['dissatisfaction']:.2f}; threat at most {weekly['threat'].max():.2f}.",
        f"Supporters peak at {text.percent(weekly['supporters'].max())}, organisers at "
        f"{text.percent(weekly['organisers'].max())} of users, both together without those who "
        f"launched it at {text.percent(beyond_launch(weekly, outcome).max())}; the critical "
        f"mass is {text.percent(critical_mass)}.",
        f"At the end {text.percent(last['exited'])} have left for a rival and "
        f"{text.percent(last['exited_coop'])} for the cooperative.",
    ]
    events = "; ".join(f"{_when(m.week, case)}: {m.label}" for m in marks(weekly, outcome, case))
    return " ".join(parts) + (f" Events: {events}." if events else "")


def shorten(sentence: str, longest: int = LONGEST) -> str:
    """Return a label that fits, cut between words."""
    if len(sentence) <= longest:
        return sentence
    return sentence[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:(") + " …"


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
    axes: Axes,
    panel: Panel,
    weekly: pd.DataFrame | np.ndarray,
    outcome: Mapping[str, Any],
    critical_mass: float,
) -> None:
    weeks = np.asarray(weekly["week"])
    scale = 100.0 if panel.share else 1.0
    names, top = [], 0.0
    for column, name, colour, dashes in panel.lines:
        values = scale * np.asarray(weekly[column])
        axes.plot(weeks, values, color=colour, linestyle=dashes, label=column, zorder=3)
        peak = f"\npeak {text.percent(values.max() / scale)}" if panel.share else ""
        names.append((name + peak, float(values[-1]), colour))
        top = max(top, float(values.max()))
    movement = panel.title == "Movement"
    if movement:
        mass = 100 * critical_mass
        axes.axhline(mass, color=GREEN, linestyle=(0, (6, 2, 1, 2)), linewidth=1.3, zorder=2)
        counted = 100 * beyond_launch(weekly, outcome)
        if counted.any():
            axes.plot(weeks, counted, color=GREEN, linewidth=1.1, label="counted", zorder=2)
            peak = text.percent(counted.max() / 100)
            names.append((f"active beyond\nlaunch, peak {peak}", float(counted[-1]), GREEN))
        names.append((f"critical mass {text.percent(critical_mass)}", mass, GREEN))
        top = max(top, mass, float(counted.max()))
    if panel.share:
        axes.set_ylim(0, max(1.12 * top, 0.5))
    else:
        axes.set_ylim(0, max(1.0, 1.05 * top))
    axes.locator_params(axis="y", nbins=4)
    axes.set_ylabel(panel.unit)
    axes.set_title(panel.title, loc="left", fontsize=10, fontweight="bold", pad=4)
    axes.yaxis.set_label_coords(-0.52 / (style.WIDTH - style.MARGIN - RIGHT), 0.5)
    style.label_ends(axes, names, 8.5)


def _draw_flags(
    axes: Axes, events: list[Mark], flags: list[Flag], span: float, height: float, last: int
) -> None:
    figure = axes.get_figure(root=True)
    assert figure is not None
    axes.set_xlim(0, span)
    axes.set_ylim(0, height)
    axes.axis("off")
    for mark, flag in zip(events, flags, strict=True):
        pole = mark.week / max(last, 1) * span
        y = 0.3 + flag.lane * LANE
        foot = 0.0 if pole > TITLE_WIDTH else 0.2  # do not strike through the panel's title
        axes.plot(
            [pole, pole], [foot, y + LANE / 2 - 0.02], color=INK if mark.modelled else MUTED,
            linewidth=0.8, linestyle="-" if mark.modelled else ":", clip_on=False,
        )  # fmt: skip
        texts = _texts(figure, mark)
        x = pole + PAD if flag.right else pole - PAD - sum(width for _, width, _ in texts)
        for sentence, width, look in texts:
            axes.text(x, y, sentence, va="center", ha="left", **look)
            x += width


def _texts(figure: Figure, mark: Mark) -> list[tuple[str, float, dict[str, Any]]]:
    """Return the parts of a label: sentence, width in inches, look."""
    parts: list[tuple[str, float, dict[str, Any]]] = []
    for sentence, colour, weight in ((mark.given, MUTED, "normal"), (mark.modelled, INK, "bold")):
        if text:
            sentence = SEPARATOR + sentence if parts else sentence
            width = style.width_of(figure, sentence, 8.5, weight)
            parts.append(
                (sentence, width, {"color": colour, "fontweight": weight, "fontsize": 8.5})
            )
    return parts


def date_axis(axes: Axes, case: Case | None, last: int) -> None:
    """Mark the axis with weeks, and with dates if they belong to a case."""
    if case is None:
        axes.set_xlabel("week")
        step = next(s for s in (4, 13, 26, 52, 104, 10**9) if last / s <= 11)
        axes.set_xticks(range(0, last + 1, min(step, max(last, 1))))
        return
    end = case.date_of(last)
    days = {
        datetime.date(year, month, 1): (datetime.date(year, month, 1) - case.start).days / 7
        for year in range(case.start.year, end.year + 1)
        for month in (1, 4, 7, 10)
    }
    inside = {day: week for day, week in days.items() if 0 <= week <= last}
    years = {day: week for day, week in inside.items() if day.month == 1}
    axes.set_xticks(list(inside.values()), minor=True)
    axes.set_xticks(
        list(years.values()), [f"Jan {day.year}\nweek {week:.0f}" for day, week in years.items()]
    )
    axes.tick_params(which="minor", length=2)
    axes.set_xlabel(f"date (week 0 is {case.start:%-d %B %Y})")


def _when(week: float, case: Case | None) -> str:
    if case is None:
        return f"in week {week:.0f}"
    return f"in {case.date_of(int(week)):%B %Y}"
