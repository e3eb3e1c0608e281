"""What came out of a single run, in words, and what to try next."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.config.settings import Settings
from experiments.execution.checkpoint import FILE as STATE
from experiments.execution.checkpoint import resuming
from experiments.execution.single_run import NETWORK, Finished, default_name, is_absent
from experiments.store import provenance
from experiments.store.layout import display_path
from experiments.text import counted, percent
from sim.parameters import Origin, Policy, Topology, declarations
from sim.run import Run

if TYPE_CHECKING:
    from experiments.cases.case import Case

GOALS = {
    "convert": "turn this firm into a cooperative",
    "spread": "spread platform cooperatives",
    "promote": "promote cooperatives in general",
}
GRADES = {
    "dormant": "there were never enough organisers",
    "flash": "there were enough organisers, but not for long enough or without an act together",
    "mobilised": "people organised and acted together, but influenced each other less than half as "
    "much as possible",
    "movement": "people organised and acted together, and influenced each other at least half as "
    "much as possible",
    "recognised": "a movement whose proposal won enough votes to be filed again",
    "converted": "the firm became a cooperative of its users",
}


def describe_run(finished: Finished, settings: Settings) -> str:
    """Return what came out, where it is, how to repeat it, and what to try next."""
    place = display_path(finished.folder)
    lines = [
        *outcome_lines(finished.run, settings.case),
        ties_line(finished.folder, settings.parameters.network.topology),
        "",
        f"Figure:    {place}/figures/timeline.png",
        f"All of it: {place}/{'  (replaced)' if finished.replaced else ''}",
    ]
    if settings.save_week is not None:
        lines.append(f"Saved:     {place}/{STATE}, as of the end of week {settings.save_week}")
    lines += [f"Again:     {provenance.command_line('run', settings.overrides)}", "", "Next, try:"]
    lines += [f"  {why + ':':<30}  {how}" for why, how in suggestions(finished.run, settings)]
    return "\n".join(lines)


def ties_line(folder: Path, topology: Topology) -> str:
    """Return in words what the social network of a stored run turned out to be."""
    ties = json.loads((folder / NETWORK).read_text(encoding="utf-8"))
    tail = ""
    if topology in (Topology.HEAVY_TAILED, Topology.EDGE_LIST) and ties["tail"] is not None:
        tail = f"; exponent of the degrees' tail {ties['tail']:.2g}"
    return (
        f"Ties: {ties['mean_degree']:.3g} neighbours on average, at most "
        f"{ties['max_degree']}; clustering {ties['clustering']:.2f}{tail}."
    )


def outcome_lines(run: Run, case: Case | None = None) -> list[str]:
    """Return what came out, in plain words."""
    outcome, users = run.outcome, run.parameters.users.count
    launch = outcome.launch_week
    launched = not math.isnan(launch)
    begun, verdict = "Nobody launched a campaign.", "No movement emerged"
    if launched:
        begun = f"The campaign was launched in {when(launch, case)}."
    if outcome.emerged:
        verdict = f"A movement emerged in {when(outcome.emergence_week, case)}, "
        verdict += f"{counted(int(outcome.emergence_week - launch), 'week')} after the launch"
    lines = [
        f"{users:,} users, {run.parameters.horizon} weeks, seed {run.seed}. {begun}",
        f"{verdict}. Grade: {outcome.grade} ({GRADES[outcome.grade]}).",
    ]
    if not math.isnan(outcome.peak_week):
        each = run.records["people_per_agent"][int(outcome.peak_week)]
        moved = each != run.parameters.users.people_per_agent
        base = f" (a simulated user then stands for {each:.3g}, by the record)" if moved else ""
        lines.append(
            f"At its peak, in {when(outcome.peak_week, case)}, {percent(outcome.peak_share)} of "
            f"users took part, about {outcome.peak_people:,.0f} people{base}."
        )
    if launched:
        if (luck := float(run.state.world[0]["luck"])) != 1.0:
            lines.append(f"By luck, what it did drew {attention_by_luck(luck)}.")
        needed = run.parameters.emergence
        lines.append(
            f"Besides those who launched it, at most {outcome.peak_organisers:,.0f} people "
            f"organised at once; a movement needs {needed.organisers:g} for {needed.spell} weeks."
        )
        lines.append(f"{outcome.signatures:,.0f} people signed its petition.")
    if not math.isnan(outcome.influence):
        lines.append(
            f"{percent(outcome.influence)} of those who joined would not have joined without the "
            "others."
        )
    if outcome.votes:
        votes = "one vote" if outcome.votes == 1 else f"{outcome.votes} votes"
        lines.append(f"Its proposal won at best {percent(outcome.vote_share)} in {votes}.")
    else:
        lines.append("No proposal came to a vote.")
    if outcome.spin_off:
        lines.append(f"A spin-off was founded in {when(outcome.spin_off_week, case)}.")
    else:
        lines.append("No spin-off was founded.")
    lines.append(
        f"By the end, {percent(outcome.exited_share)} of users had left for a rival, "
        f"{percent(outcome.exited_coop_share)} for a cooperative."
    )
    felt = {goal: getattr(outcome, f"satisfaction_{goal}") for goal in GOALS}
    if not all(is_absent(value) for value in felt.values()):
        lines.append("Satisfaction of those who took part, from −1 to 1, whose goal was to")
        for goal, meaning in GOALS.items():
            lines.append(f"  {meaning + ':':<36} {_signed(felt[goal])}")
    return lines


def attention_by_luck(luck: float) -> str:
    """Return in words what the luck of a campaign does to the attention that it draws.

    Examples
    --------
    >>> attention_by_luck(0.0213), attention_by_luck(3.41)
    ('0.02 times the attention of a median run', '3.4 times the attention of a median run')
    """
    return f"{luck:.{2 if luck < 1 else 1}f} times the attention of a median run"


def when(week: float, case: Case | None) -> str:
    """Return a week in words, with its date in a case."""
    text = f"week {int(week)}"
    return text if case is None else f"{text} ({case.date_of(int(week))})"


def _signed(value: float) -> str:
    return "–" if is_absent(value) else f"{value:+.2f}".replace("-", "−")


def suggestions(run: Run, settings: Settings) -> list[tuple[str, str]]:
    """Return what this run makes one want to see, with the commands that show it."""
    other = "concede" if run.parameters.firm.policy is not Policy.CONCEDE else "resist"
    found = []
    if settings.save_week is not None:
        name = settings.name or default_name(settings)
        command = resuming(name, settings.overrides, f"firm.policy={other}")
        found.append((f"firm {other}s from week {settings.save_week}", command))
    if settings.resume is not None:
        change = _changed(settings, f"firm.policy={other}")
        return [*found, (f"firm {other}s from there on", change)]
    if not run.outcome.emerged and settings.preset != "right_momentum":
        command = provenance.command_line("run", ["preset=right_momentum"])
        found.append(("under all three conditions", command))
    elif not math.isnan(run.outcome.launch_week):
        found.append(("without a campaign", _changed(settings, "movement.origin=never")))
    found.append(("with other luck", _changed(settings, f"seed={settings.seed + 1}")))
    name, question, result = "participation.cost_mean", "at other costs of taking part", "costs"
    values = list(declarations()[name].metadata["plausible"])
    if run.parameters.movement.origin is Origin.GIVEN and settings.case is not None:
        name, question, result = "movement.launch_week", "launched half a year earlier", "launches"
        values = [max(run.parameters.movement.launch_week - 26, 1)]
    here = run.parameters.value(name)
    change = f"{name}={','.join(f'{value:g}' for value in sorted({*values, here}))}"
    more = ("replicates=20", f"name={result}")
    found.append((question, _changed(settings, change, "sweep", *more)))
    found.append(("what else there is", provenance.command_line("list", [])))
    return found


def _changed(settings: Settings, change: str, command: str = "run", *more: str) -> str:
    """Return the command with one value changed, under a name of its own and without saving."""
    drop = (change.partition("=")[0], "name", "save_week")
    kept = [text for text in settings.overrides if text.partition("=")[0] not in drop]
    return provenance.command_line(command, [*kept, change, *more])
