"""What a measurement is, and how times are taken."""

from __future__ import annotations

import ast
import gc
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median
from typing import Any

MILLIONS = "million user-weeks/s"


@dataclass(frozen=True)
class Row:
    """One figure: a sample a repetition."""

    what: str
    unit: str
    samples: Sequence[float]
    users: int | None = None

    @property
    def median(self) -> float:
        return median(self.samples)


@dataclass
class Section:
    """Figures taken together, and in words how."""

    title: str
    how: str
    rows: list[Row] = field(default_factory=list)
    failed: bool = False

    def add(self, what: str, unit: str, samples: Sequence[float], users: int | None = None) -> None:
        self.rows.append(Row(what, unit, samples, users))

    def alternate(
        self,
        repetitions: int,
        samplers: Mapping[str, Callable[[int], float]],
        unit: str,
        users: int,
        rehearsed: bool = True,
    ) -> dict[str, list[float]]:
        """Take several measurements in turn (`alternate`), add them as rows and return them."""
        found = alternate(repetitions, samplers, rehearsed)
        for what, samples in found.items():
            self.add(what, unit, samples, users)
        return found


def lines_of_code(text: str) -> int:
    """Return the lines of a program without comments and docstrings, as `ast` writes it."""
    tree = ast.parse(text)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            del node.body[0]
            node.body = node.body or [ast.Pass()]
    return sum(bool(line) for line in ast.unparse(tree).splitlines())


def say(text: str) -> None:
    """Report progress."""
    print(text, file=sys.stderr, flush=True)


def rate(
    work: float, call: Callable[[Any], Any], prepare: Callable[[int], Any] = int
) -> Callable[[int], float]:
    """Return a sampler of the millions of work that a call does in a second of processor time.

    The call is given what ``prepare`` makes for the repetition, outside the time that is taken.
    """

    def sample(repetition: int) -> float:
        ready = prepare(repetition)
        return work / processor_seconds(lambda: call(ready)) / 1e6

    return sample


def processor_seconds(call: Callable[[], Any]) -> float:
    """Return the processor time of this process that a call takes; others on the machine do not
    lengthen it."""
    gc.collect()
    start = time.process_time()
    call()
    return time.process_time() - start


def seconds(call: Callable[[], Any]) -> float:
    """Return the time by the clock on the wall that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_fresh_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns in a process of its own that has done nothing else."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def alternate(
    repetitions: int, samplers: Mapping[str, Callable[[int], float]], rehearsed: bool = True
) -> dict[str, list[float]]:
    """Return the samples of several measurements taken in turn, so that all meet the same drift.

    A sampler is given the number of the repetition, and prepares what it needs outside the time
    that it takes. It is ``rehearsed``, called once beforehand, since what is first called is
    slower, unless that is known to be done.
    """
    if rehearsed:
        for sampler in samplers.values():
            sampler(0)
    found: dict[str, list[float]] = {name: [] for name in samplers}
    for repetition in range(1, repetitions + 1):
        for name, sampler in samplers.items():
            found[name].append(sampler(repetition))
    return found


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    """Return the ratio of two measurements in each repetition."""
    return [a / b for a, b in zip(over, under, strict=True)]
