"""Commands that look at what there is: list, status, report, compare."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from enum import Enum
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from experiments import places
from experiments.cli.help import LISTS
from experiments.cli.parser import UsageError
from experiments.config.choices import file_of, names_of, require_folder
from experiments.errors import MomentumError, did_you_mean
from experiments.files import read_text, read_yaml
from experiments.places import expand_user
from experiments.text import echo
from sim.parameters import declarations

if TYPE_CHECKING:
    from experiments.store.result import Result

FOR_PAPER = "figures=paper"


def list_all(asked: Namespace) -> None:
    """List what there is."""
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
        groups: list[str] = []
        if kind == "parameters":
            from experiments.config.schema import known_names

            groups = list(dict.fromkeys(map(_group, known_names())))
        for word in search:
            if word in groups:
                rows = [row for row in rows if _group(row[0].partition("=")[0]) == word]
            else:
                rows = [row for row in rows if word.lower() in " ".join(row).lower()]
            if groups and not rows:
                known = f"; there are {', '.join(groups)}"
                raise UsageError(f"no parameter has {word}{did_you_mean(word, groups, known)}")
        width = max((len(name) for name, _ in rows), default=0)
        lines = [f"{name:<{width}}  {text}".rstrip() for name, text in rows] or ["none"]
        if len(shown) > 1:
            lines = [*([""] if number else []), kind, *(f"  {line}" for line in lines)]
        echo("\n".join(lines))
    if unreadable:
        raise UsageError("; ".join(unreadable))


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


def print_advice(result: Result) -> None:
    """Write the page of an advice and print its answer."""
    from experiments.advice.answer import answer_of
    from experiments.report.result_page import write_report
    from experiments.store.layout import display_path

    page = write_report(result).path
    for label, said in [*answer_of(result).lines(), ("The page", str(display_path(page)))]:
        echo(f"{label:<11} {said}")


def compare(asked: Namespace) -> None:
    """Compare results: print what came out and where the page is."""
    given = [word for word in asked.words if word.startswith("name=")]
    others = [word for word in asked.words if word not in given]
    names, results = _split_names("compare", others)
    from experiments.comparison.compare import Comparison, answer
    from experiments.comparison.page import write
    from experiments.comparison.sides import read_sides
    from experiments.store.layout import display_path

    comparison = Comparison(read_sides(names, results))
    name = given[-1].partition("=")[2] if given else None
    page = write(comparison, results, name, asked.words)
    for line in answer(comparison):
        echo(line)
    echo(f"The page: {display_path(page)}")


ALONE = "run"
"""The group of names without a dot, as on the page of parameters."""


def rows_of(
    kind: str, results: Path, config_dir: Path | None, unreadable: list[str]
) -> list[tuple[str, str]]:
    """Return names with descriptions.

    Parameters
    ----------
    kind
        One of the lists of `experiments.cli.help.LISTS`.
    results
        Folder of results.
    config_dir
        A folder of the user's own cases, presets and experiments.
    unreadable
        Why some cannot be described is added to it, a line each.
    """
    if kind == "parameters":
        return _parameter_rows()
    if kind == "results":
        return _result_rows(results, unreadable)
    group = kind.removesuffix("s")
    return [
        (name, _describe(group, name, config_dir, unreadable))
        for name in names_of(group, config_dir)
    ]


def _describe(group: str, name: str, config_dir: Path | None, unreadable: list[str]) -> str:
    """Return an experiment's question, a case's title or the comment at the head of a file."""
    try:
        file = file_of(group, name, config_dir)
        if group in ("preset", "executor"):
            head = takewhile(lambda line: line.startswith("#"), read_text(file).splitlines())
            texts = [line.lstrip("# ") for line in head]
            return " ".join(text for text in texts if not text.startswith("@"))
        values = read_yaml(file)
    except MomentumError as problem:
        unreadable.append(str(problem))
        return "(not readable)"
    key = {"experiment": "question", "case": "title"}[group]
    return " ".join(str(values.get(key) or "").split()) if isinstance(values, dict) else ""


def _group(name: str) -> str:
    return name.partition(".")[0] if "." in name else ALONE


def _parameter_rows() -> list[tuple[str, str]]:
    """Return all that can be set by ``NAME=VALUE``: the parameters, then everything else."""
    from experiments.config.schema import EXPECTED, default_of, meanings

    rows = []
    for name, declaration in declarations().items():
        default, about = declaration.default, declaration.metadata
        span = about["plausible"]
        if isinstance(default, Enum):
            unit = ", ".join(choice.value for choice in type(default))
        elif span is not None:
            unit = f"{about['unit']}, plausibly {span[0]:g} to {span[1]:g}"
        else:
            unit = about["unit"]
        label, meaning = about["label"], about["meaning"]
        if not meaning.startswith(label):  # else the meaning says it again
            meaning = f"{label}: {meaning}"
        meaning = f"{meaning} [{unit}]"
        rows.append((f"{name}={_written(default)}", meaning))
    for name, meaning in meanings().items():
        expected = f" [{EXPECTED[name]}]" if name in EXPECTED else ""
        rows.append((f"{name}={_written(default_of(name))}", f"{meaning}{expected}"))
    return rows


def _written(default: object) -> str:
    """Return a default as it is written on the command line; nothing where there is none."""
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default.value if isinstance(default, Enum) else default)


def _result_rows(results: Path, unreadable: list[str]) -> list[tuple[str, str]]:
    """Return sweeps, then single runs, with their dates; for ``unreadable`` see `rows_of`."""
    from experiments.store.catalog import results_in
    from experiments.store.layout import PROVENANCE, StoreError
    from experiments.store.records import read_record

    def started(folder: Path) -> str:
        try:
            record = read_record(folder / PROVENANCE, missing_ok=True)
        except StoreError as problem:
            unreadable.append(str(problem))
            return f"{PROVENANCE} is damaged"
        part = "" if record.get("complete", True) else "incomplete  "
        return f"{str(record.get('started', ''))[:10]}  {part}{record.get('command', '')}"

    return [(name, started(folder)) for name, folder in results_in(results).items()]
