"""The command that advises when to launch and with which argument."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from experiments.text import echo

if TYPE_CHECKING:
    from experiments.store.result import Result


def advise(asked: Namespace) -> None:
    """Say when to launch and with which argument, for a firm as it stands."""
    from experiments.advice.question import answer_by_runs

    print_advice(answer_by_runs(asked.words))


def print_advice(result: Result) -> None:
    """Write the page of an advice and print its answer."""
    from experiments.advice.answer import answer_of
    from experiments.report.result_page import write_report
    from experiments.store.layout import display_path

    page = write_report(result).path
    for label, said in answer_of(result).lines():
        echo(f"{label:<11} {said}")
    echo(f"{'The page':<11} {display_path(page)}")
