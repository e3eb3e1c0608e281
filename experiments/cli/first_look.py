"""The first look: the real case as a time line, the main experiment, its answer, and advice."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import pandas as pd
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from experiments.advice.question import answer_by_runs
from experiments.analysis.how_many import by_set
from experiments.analysis.tables import CONDITION, part
from experiments.cli.looking import print_advice
from experiments.config.settings import Settings, compose
from experiments.execution.plan import plan_sweep
from experiments.execution.progress import Counts
from experiments.execution.run_text import when
from experiments.execution.single_run import run_once
from experiments.execution.sweep import run_sweep
from experiments.execution.worker import COMPILING, is_cold
from experiments.report.result_page import five_lines, write_report
from experiments.store.layout import display_path
from experiments.store.provenance import command_line
from experiments.store.result import Result
from experiments.text import echo, percent
from sim.run import simulate

CASE = ["case=buytwitter"]
EXPERIMENT = ["experiment=right_momentum"]
SHOWN = ["distress", "dissatisfaction", "threat"]
"""The conditions of the table that fills in; the other conditions are averaged over."""

ADVICE = ["as_of=2016-09-29", "name=first-look-advice"]
ADVICE_MONTHS = (-12, 0, 12)
ADVICE_WORLDS = 32

OTHER_LUCK = 20  # seeds with which the case is run besides

BAR = 24  # characters of a full bar
WIDE = 80  # columns of a terminal with room for bars


def tour(arguments: Sequence[str]) -> None:
    """Draw the case, sweep `right_momentum` and print what came out.

    Parameters
    ----------
    arguments
        Overrides for both, as ``results_dir=PATH`` or ``workers=1``.
    """
    started = time.monotonic()
    for chosen in (CASE, EXPERIMENT):
        compose([*chosen, *arguments])  # a mistake shows before anything else
    echo("1. #BuyTwitter: the record of the case, and the movement of one simulated run")
    if is_cold():
        echo(f"   {COMPILING}")
    draw_case(arguments)
    echo(f"\n2. When does a movement emerge? {' '.join(EXPERIMENT)}")
    echo(
        "   Of simulated runs, how many have a movement if the firm is in distress, its users are "
        "dissatisfied with it, or democracy is under threat:"
    )
    sweep_and_report(arguments)
    echo(f"\n3. Now, earlier or later? {command_line('advise', [*CASE, *ADVICE[:1]])}")
    advise(arguments)
    echo(f"\n   {time.monotonic() - started:.0f} s in all")


def draw_case(arguments: Sequence[str]) -> None:
    """Run the case once, say where its figure is, and how other luck would have turned out."""
    settings = compose([*CASE, *arguments])
    finished = run_once(settings)
    echo(f"   the figure: {display_path(finished.folder / 'figures' / 'timeline.png')}")
    outcome = finished.run.outcome
    assert settings.case is not None
    vote = "its proposal came to no vote"
    if outcome.votes:
        vote = f"its proposal won {percent(outcome.vote_share)} of the votes"
    echo(
        f"   in this run, the campaign was launched in {when(outcome.launch_week, settings.case)}; "
        f"{outcome.signatures:,.0f} people signed (in reality 3,679), and {vote} (in reality 4.7 %)"
    )
    history = settings.case.history(settings.parameters.horizon)
    seeds = range(settings.seed, settings.seed + OTHER_LUCK)
    outcomes = [simulate(settings.parameters, seed, history).outcome for seed in seeds]
    emerged = sum(each.emerged for each in outcomes)
    signed = sorted(each.signatures for each in outcomes)
    needed = settings.parameters.emergence
    echo(
        f"   in {OTHER_LUCK} runs with other luck, between {signed[0]:,.0f} and {signed[-1]:,.0f} "
        f"people signed, and a movement emerged in {emerged}: at least {needed.organisers:g} "
        f"people besides those who launched it organised for {needed.spell} weeks and acted "
        "together (in reality it did, by this definition, which was chosen so that it does)"
    )


def sweep_and_report(arguments: Sequence[str]) -> None:
    """Sweep the main experiment, write its report, print the answer in five lines."""
    settings = compose([*EXPERIMENT, *arguments])
    if sys.stderr.isatty():
        result = _sweep_with_table(settings)
    else:
        result = Result(run_sweep(settings))
        Console(file=sys.stdout).print(truth_table(result.runs()))
    report = write_report(result).path
    answer, surprise, limit = five_lines(result)
    echo(f"\nthe answer    {answer}")
    echo(f"the surprise  {surprise}")
    echo(f"the limit     {limit}")
    echo(f"the report    {display_path(report)}")
    echo(f"try next      {command_line('view', ['preset=right_momentum'])}")
    echo(f"              {command_line('sweep', ['experiment=launch_timing'])}")


def _sweep_with_table(settings: Settings) -> Result:
    """Sweep the main experiment while its truth table fills in on the terminal."""
    total, started = plan_sweep(settings).total, time.monotonic()
    before: list[int] = []  # how many runs were stored when the sweep began

    def draw(runs: pd.DataFrame) -> None:
        before[:] = before or [len(runs)]
        seconds = max(time.monotonic() - started, 1e-9)
        counts = Counts(total, before[0], len(runs), 0, 0, seconds)
        state = f"   {len(runs):,} of {total:,} runs"
        state += f", {counts.pace()}" if counts.pace() else ""
        if before[0] == total:
            state = f"   all {total:,} runs are there already; fresh=true computes them again"
        live.update(Group(state, truth_table(runs, console.width >= WIDE)), refresh=True)

    console = Console(stderr=True, highlight=False)
    with Live(console=console, auto_refresh=False) as live:
        return Result(run_sweep(settings, progress=False, on_batch=draw))


def truth_table(runs: pd.DataFrame, wide: bool = True) -> Table:
    """Return how often a movement emerges under the main conditions, a row a combination.

    Averaged over the other conditions, over the replicates that are complete. A bar is drawn beside
    the numbers if there is room.
    """
    factorial = part(runs, "conditions")
    conditions = [
        name.removeprefix(CONDITION)
        for name in factorial
        if name.startswith(CONDITION) and factorial[name].notna().all()
    ]
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="")
    table.add_column("the world has", min_width=len("dissatisfaction +"))
    table.add_column("movement")
    table.add_column("95 % interval")
    if wide:
        table.add_column("")
    for row in by_set(factorial, SHOWN, conditions).itertuples(index=False):
        holding = " + ".join(name for name in SHOWN if getattr(row, name)) or "none of the three"
        cells = [holding, "", ""]
        if row.replicates:
            cells[1:] = f"{row.share:.0%}", f"{row.low:.0%} to {row.high:.0%}"
        share = row.share if row.replicates else 0
        bar = ["#" * round(share * BAR) + "." * round((1 - share) * BAR)] if wide else []
        table.add_row(*cells, *bar)
    return table


def advise(arguments: Sequence[str]) -> None:
    """Answer for #BuyTwitter, on the day of its launch: now, earlier or later, and how."""
    scale = compose([*CASE, *arguments]).scale
    few = [f"samples={ADVICE_WORLDS}"] if scale == "laptop" else []
    print_advice(answer_by_runs([*CASE, *ADVICE, *few, *arguments], ADVICE_MONTHS))
