"""What there is to choose from: experiments, presets, cases, executors, parameters, results."""

from __future__ import annotations

from enum import Enum
from itertools import takewhile
from pathlib import Path

from experiments.config.choices import file_of, names_of
from experiments.errors import MomentumError
from experiments.files import read_text, read_yaml
from experiments.store.catalog import results_in
from experiments.store.layout import PROVENANCE, StoreError
from experiments.store.records import read_record
from sim.parameters import declarations

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
        return result_rows(results, unreadable)
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


def parameter_groups() -> list[str]:
    """Return the groups of names that can be set: what stands before the dot, and ``run``."""
    from experiments.config.schema import known_names

    return list(dict.fromkeys(map(_group, known_names())))


def in_group(row: tuple[str, str], group: str) -> bool:
    """Tell whether a row of the list of parameters belongs to a group."""
    return _group(row[0].partition("=")[0]) == group


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


def result_rows(results: Path, unreadable: list[str]) -> list[tuple[str, str]]:
    """Return sweeps, then single runs, with their dates; for ``unreadable`` see `rows_of`."""

    def started(folder: Path) -> str:
        try:
            record = read_record(folder / PROVENANCE, missing_ok=True)
        except StoreError as problem:
            unreadable.append(str(problem))
            return f"{PROVENANCE} is damaged"
        part = "" if record.get("complete", True) else "incomplete  "
        return f"{str(record.get('started', ''))[:10]}  {part}{record.get('command', '')}"

    return [(name, started(folder)) for name, folder in results_in(results).items()]
