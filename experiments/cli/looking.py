"""Commands that look at what there is: list, status, report, compare."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from experiments import places
from experiments.cli.help import LISTS
from experiments.cli.parser import UsageError
from experiments.errors import did_you_mean
from experiments.places import expand_user
from experiments.text import echo

FOR_PAPER = "figures=paper"


def list_all(asked: Namespace) -> None:
    """List what there is."""
    from experiments.cli.listing import in_group, parameter_groups, rows_of
    from experiments.config.choices import require_folder

    words, results = _split_names("list", asked.words)
    kinds = [word for word in words if word in LISTS]
    search = [word for word in words if word not in LISTS]
    if search and (len(search) > 1 or not kinds):
        word = search[-1]
        known = f"; there are {', '.join(LISTS)}"
        raise UsageError(f"unknown list {word}{did_you_mean(word, LISTS, known)}")
    require_folder(asked.config_dir)
    unreadable: list[str] = []
    shown = kinds or LISTS[:-1]
    for number, kind in enumerate(shown):
        rows = rows_of(kind, results, asked.config_dir, unreadable)
        groups = parameter_groups() if kind == "parameters" else []
        for word in search:
            if word in groups:
                rows = [row for row in rows if in_group(row, word)]
            else:
                rows = [row for row in rows if word.lower() in " ".join(row).lower()]
            if groups and not rows:
                known = f"; there are {', '.join(groups)}"
                raise UsageError(f"no parameter has {word}{did_you_mean(word, groups, known)}")
        lines = _columns(rows) or ["none"]
        if len(shown) > 1:
            lines = [*([""] if number else []), kind, *(f"  {line}" for line in lines)]
        echo("\n".join(lines))
    if unreadable:
        raise UsageError("; ".join(unreadable))


def _columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0)
    return [f"{name:<{width}}  {text}".rstrip() for name, text in rows]


def _split_names(command: str, words: Sequence[str]) -> tuple[list[str], Path]:
    """Return the names that a command is given, and the folder of results."""
    names, results = [], places.RESULTS
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            names.append(word)
        elif name == "results_dir":
            results = _existing_folder(word, value)
        else:
            taken = f"{', '.join(LISTS)}, a word" if command == "list" else "names of results"
            raise UsageError(f"{word}: {command} takes {taken} and results_dir=PATH")
    return names, results


def _existing_folder(word: str, given: str) -> Path:
    """Return the folder of results that is named on the command line."""
    if not given:
        raise UsageError(f"{word}: no value; leave results_dir out for the project's results")
    folder = expand_user(given)
    try:
        found, there = os.path.isdir(folder), os.path.lexists(folder)
    except ValueError:  # a null character
        found = there = False
    if not found:
        raise UsageError(f"{word}: {'is no folder' if there else 'no such folder'}")
    return folder


def status(asked: Namespace) -> None:
    """Show how far results are."""
    from experiments.execution.status import describe_status, read_status, status_line
    from experiments.store.catalog import find, results_in
    from experiments.store.layout import StoreError

    names, results = _split_names("status", asked.words)
    for name in names:
        echo(describe_status(read_status(find(name, results), name)))
    if names:
        return
    folders = results_in(results)
    width = max(map(len, folders), default=0)
    unreadable = []
    for name, folder in folders.items():
        try:
            line = status_line(read_status(folder))
        except StoreError as problem:
            unreadable.append(str(problem))
            line = "damaged"
        echo(f"{name:<{width}}  {line}")
    if not folders:
        echo(f"no result in {results}")
    if unreadable:
        raise UsageError("; ".join(unreadable))


def report(asked: Namespace) -> None:
    """Write the report of each result named, or its figures for paper; or all, and their page."""
    from experiments.store.catalog import open_result
    from experiments.store.layout import display_path

    drawn = [word for word in asked.words if word.startswith("figures=")]
    names, results = _split_names("report", [word for word in asked.words if word not in drawn])
    for word in drawn:
        if word != FOR_PAPER:
            raise UsageError(f"{word}: report takes {FOR_PAPER}, or leave it out for the page")
        if not names:
            raise UsageError(f"{word}: of which result? give its name (momentum list results)")
    if names:
        found = [open_result(name, results) for name in names]
        from experiments.report.result_page import write_paper, write_report

        for result in found:
            if drawn:
                echo(str(display_path(write_paper(result))))
                continue
            echo(str(display_path(write_report(result).path)))
        return
    if not any(results.glob("*/design.json")):
        raise UsageError(f"no result in {results}: make one by momentum sweep experiment=NAME")
    from experiments.report.index_page import write_all

    for path in write_all(results):
        echo(str(display_path(path)))


def compare(asked: Namespace) -> None:
    """Compare results: print what came out and where the page is."""
    given = [word for word in asked.words if word.startswith("name=")]
    others = [word for word in asked.words if word not in given]
    names, results = _split_names("compare", others)
    from experiments.comparison.compare import answer
    from experiments.comparison.compare import compare as compare_sides
    from experiments.comparison.page import write
    from experiments.comparison.sides import read_sides
    from experiments.store.layout import display_path

    comparison = compare_sides(read_sides(names, results))
    name = given[-1].partition("=")[2] if given else None
    page = write(comparison, results, name, asked.words)
    for line in answer(comparison):
        echo(line)
    echo(f"The page: {display_path(page)}")
