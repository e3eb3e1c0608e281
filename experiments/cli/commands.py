"""The commands by their names, and those that answer a question by sweeps of their own."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from datetime import date

from experiments.cases.values import WANTED, parse_day
from experiments.cli import looking, running
from experiments.cli.parser import UsageError
from experiments.text import echo

AS_OF = "as_of"


def patterns(asked: Namespace) -> None:
    """Look for what is known about campaigns, and print where it is seen."""
    from experiments.config.settings import compose
    from experiments.execution.sweep import run_sweep
    from experiments.patterns.evaluation import require_campaigns
    from experiments.report.findings import Findings
    from experiments.report.patterns import answer, rows_of
    from experiments.report.result_page import write_report
    from experiments.store.layout import display_path
    from experiments.store.result import Result

    settings = compose(["experiment=patterns", *asked.words])
    has_weeks = settings.record_weekly is not False
    require_campaigns(settings.parameters.flat(), settings.case is not None, has_weeks)
    result = Result(run_sweep(settings))
    found = Findings(result)
    _print_table(("", "pattern", "use", "default world", "drawn worlds"), rows_of(found))
    echo(f"\n{answer(found)}")
    echo(f"The page: {display_path(write_report(result).path)}")


def advise(asked: Namespace) -> None:
    """Say when to launch and with which argument, for a firm as it stands."""
    from experiments.advice.question import answer_by_runs

    looking.print_advice(answer_by_runs(asked.words))


def calibrate(asked: Namespace) -> None:
    """Calibrate a case; print what its facts tell and where the page is."""
    from experiments.calibration.run import calibrate as calibrate_case
    from experiments.config.settings import compose
    from experiments.execution.progress import say
    from experiments.execution.sweep import SweepInterrupted
    from experiments.report.calibration_page import write_calibration
    from experiments.report.calibration_words import calibration_answer, fact_rows
    from experiments.store.layout import display_path

    words, as_of = _read_as_of(asked.words)
    settings = compose(["experiment=calibrate", *words])
    try:
        folder = calibrate_case(settings, as_of, say)
    except (KeyboardInterrupt, SweepInterrupted):
        raise SweepInterrupted(
            "stopped: what was done is stored, and the same command goes on from there"
        ) from None
    names = "fact", "", "value", "drawn over the ranges", "not ruled out", "errors missed by"
    _print_table(names, fact_rows(folder))
    echo(f"\n{calibration_answer(folder)}")
    echo(f"The page: {display_path(write_calibration(folder))}")


def _read_as_of(words: Sequence[str]) -> tuple[list[str], date | None]:
    """Return the words without ``as_of=DATE``, and the date; None if there is none."""
    given = [word.partition("=")[2] for word in words if word.partition("=")[0] == AS_OF]
    others = [word for word in words if word.partition("=")[0] != AS_OF]
    if not given:
        return others, None
    day = parse_day(given[-1])
    if day is None:
        raise UsageError(f"as_of={given[-1]} is not a day; {WANTED}")
    return others, day


def _print_table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*names, box=None, header_style="")
    for row in rows:
        table.add_row(*row)
    Console(file=sys.stdout).print(table)


COMMANDS = {
    "run": running.run,
    "sweep": running.sweep,
    "patterns": patterns,
    "advise": advise,
    "calibrate": calibrate,
    "status": looking.status,
    "report": looking.report,
    "compare": looking.compare,
    "view": running.view,
    "list": looking.list_all,
    "first-look": running.first_look,
}
"""The commands, by the names that the command line gives them."""
