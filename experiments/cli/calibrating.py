"""The command that calibrates a case."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import date

from experiments.cases.dates import WANTED, parse_day
from experiments.cli.parser import UsageError
from experiments.text import echo

AS_OF = "as_of"


def calibrate(asked: Namespace) -> None:
    """Calibrate a case; print what its facts tell and where the page is."""
    from rich.console import Console
    from rich.table import Table

    from experiments.calibration.run import calibrate as calibrate_case
    from experiments.config.settings import compose
    from experiments.execution.progress import say
    from experiments.execution.sweep import SweepInterrupted
    from experiments.report.calibration_page import write_calibration
    from experiments.report.calibration_words import calibration_answer, fact_rows
    from experiments.store.layout import display_path

    words, as_of = read_as_of(asked.words)
    settings = compose(["experiment=calibrate", *words])
    try:
        folder = calibrate_case(settings, as_of, say)
    except (KeyboardInterrupt, SweepInterrupted):
        raise SweepInterrupted(
            "stopped: what was done is stored, and the same command goes on from there"
        ) from None
    names = "fact", "", "value", "drawn over the ranges", "not ruled out", "errors missed by"
    table = Table(*names, box=None, header_style="")
    for row in fact_rows(folder):
        table.add_row(*row)
    Console(file=sys.stdout).print(table)
    echo(f"\n{calibration_answer(folder)}")
    echo(f"The page: {display_path(write_calibration(folder))}")


def read_as_of(words: Sequence[str]) -> tuple[list[str], date | None]:
    """Return the words without ``as_of=DATE``, and the date; None if there is none.

    Raises
    ------
    UsageError
        If it is no date.
    """
    given = [word.partition("=")[2] for word in words if word.partition("=")[0] == AS_OF]
    others = [word for word in words if word.partition("=")[0] != AS_OF]
    if not given:
        return others, None
    day = parse_day(given[-1])
    if day is None:
        raise UsageError(f"as_of={given[-1]} is not a day; {WANTED}")
    return others, day
