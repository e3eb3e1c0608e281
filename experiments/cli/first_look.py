"""The first look: the real case as a time line, the main experiment, its answer in five lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.config.settings import compose
from experiments.execution.worker import COMPILING, is_cold

if TYPE_CHECKING:
    import pandas as pd

CASE = ["case=buytwitter"]
EXPERIMENT = ["experiment=right_momentum"]
AGAINST = ["experiment=contradictions"]
"""The worlds in which the claims fail; the report of the experiment shows them."""
SHOWN = ["distress", "dissatisfaction", "threat"]
"""The conditions of the table that fills in; the other conditions are averaged over."""

OTHER_LUCK = 20  # seeds with which the case is run besides

WIDTH = 24  # characters of a full bar


def main(arguments: Sequence[str]) -> None:
    """Draw the case, sweep `right_momentum` and print what came out.

    Parameters
    ----------
    arguments
        Overrides for both, as ``results_dir=PATH`` or ``workers=1``.
    """
    started = time.monotonic()
    for chosen in (CASE, EXPERIMENT, AGAINST):
        compose([*chosen, *arguments])  # a mistake shows before anything else
    print("1. #BuyTwitter: the record of the case, and the movement of one simulated run")
    if is_cold():
        print(f"   {COMPILING}", flush=True)
    draw_case(arguments)
    print(f"\n2. When does a movement emerge? {' '.join(EXPERIMENT)}", flush=True)
    sweep_and_report(arguments)
    print(f"\n   {time.monotonic() - started:.0f} s in all")


def draw_case(arguments: Sequence[str]) -> None:
    """Run the case once, say where its figure is, and how other luck would have turned out."""
    from experiments.execution.single_run import run_once
    from experiments.store.layout import display_path
    from experiments.text import percent
    from sim.run import simulate

    settings = compose([*CASE, *arguments])
    finished = run_once(settings)
    print(f"   the figure: {display_path(finished.folder / 'figures' / 'timeline.png')}")
    outcome = finished.run.outcome
    vote = f"vote {percent(outcome.vote_share)}" if outcome.votes else "no vote"
    print(
        f"   there, launched in week {outcome.launch_week:.0f}, at most "
        f"{percent(outcome.peak_share)} of the simulated users took part; {vote} (in reality 4.7 %)"
    )
    assert settings.case is not None
    history = settings.case.history(settings.parameters.horizon)
    seeds = range(settings.seed, settings.seed + OTHER_LUCK)
    outcomes = [simulate(settings.parameters, seed, history).outcome for seed in seeds]
    emerged = sum(each.emerged for each in outcomes)
    votes = sorted(each.vote_share for each in outcomes if each.votes)
    print(
        f"   with other luck ({OTHER_LUCK} seeds): a lasting movement in {emerged}, "
        + (f"votes of {percent(votes[0])} to {percent(votes[-1])}; " if votes else "no vote; ")
        + "the real one stayed small"
    )


def sweep_and_report(arguments: Sequence[str]) -> None:
    """Sweep the main experiment, write its report, print the answer in five lines."""
    from experiments.execution.plan import plan_sweep
    from experiments.execution.sweep import run_sweep
    from experiments.report.result_page import five_lines, write_report
    from experiments.store.layout import display_path
    from experiments.store.result import Result

    settings = compose([*EXPERIMENT, *arguments])
    on_terminal = sys.stderr.isatty()
    table = FillingTable(plan_sweep(settings).total) if on_terminal else None
    path = run_sweep(settings, progress=table is None, on_batch=table)
    result = Result(path)
    if table is None:
        print("\n".join(truth_lines(result.runs())))
    print(f"\n3. Where does each claim fail? {' '.join(AGAINST)}", flush=True)
    run_sweep(compose([*AGAINST, *arguments]))
    report = write_report(result).path
    answer, surprise, limit = five_lines(result)
    print(f"\nthe answer    {answer}")
    print(f"the surprise  {surprise}")
    print(f"the limit     {limit}")
    print(f"the report    {display_path(report)}")
    print(
        "try next      momentum run preset=distress, or "
        "momentum sweep experiment=launch_timing (.venv/bin/momentum)"
    )


def truth_lines(runs: pd.DataFrame) -> list[str]:
    """Return how often a movement emerges under the main conditions, a line a combination.

    Averaged over the other conditions, over the replicates that are complete.
    """
    from experiments.analysis.how_many import by_set
    from experiments.analysis.tables import part

    rows = by_set(part(runs, "conditions"), SHOWN)
    lines = ["   " + "  ".join(SHOWN) + "   emerged (95 % interval)"]
    for row in rows.itertuples(index=False):
        held = "  ".join(("yes" if getattr(row, name) else "-").center(len(name)) for name in SHOWN)
        if row.replicates:
            bar = ("#" * round(row.share * WIDTH)).ljust(WIDTH, ".")
            found = f"{bar} {row.share:4.0%} ({row.low:.0%} to {row.high:.0%})"
        else:
            found = "." * WIDTH
        lines.append(f"   {held}   {found}")
    return lines


class FillingTable:
    """The truth table on a terminal, drawn anew over itself as runs come in."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._started = time.monotonic()
        self._there: int | None = None  # runs stored before this start
        self._drawn = 0  # lines

    def __call__(self, runs: pd.DataFrame) -> None:
        """Draw the runs finished so far."""
        elapsed = time.monotonic() - self._started
        self._there = len(runs) if self._there is None else self._there
        rate = (len(runs) - self._there) / elapsed if elapsed > 0 else 0.0
        left = f", {(self._total - len(runs)) / rate:.0f} s left" if rate > 0 else ""
        state = f"{len(runs):,} of {self._total:,} runs, {rate:.0f} runs/s{left}"
        if self._there == self._total:
            state = f"all {self._total:,} runs are there already; fresh=true computes them again"
        lines = [f"   {state}", *truth_lines(runs)]
        up = f"\x1b[{self._drawn}F" if self._drawn else ""
        sys.stderr.write(up + "".join(f"\x1b[2K{line}\n" for line in lines))
        sys.stderr.flush()
        self._drawn = len(lines)
