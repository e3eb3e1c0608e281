"""The progress of a sweep: for its terminal, for other shells, and for a caller."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from experiments.store.parts import EMERGED, FAILED, MISSING, read_part
from experiments.store.result import tidy
from experiments.text import echo

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from experiments.execution.task import Done
    from experiments.store.identity import Design
    from experiments.store.writer import Store

LINE_EVERY = 60.0  # seconds between lines of progress that is not shown on a terminal
STATUS_EVERY = 1.0  # seconds between writings of the file for other shells
QUIET = 300.0  # seconds without a run that call for a word on the time limit
BATCH_EVERY = 0.5  # seconds between calls of on_batch, at least
BATCH_SHARE = 20  # times the duration of a call, at least, until the next
BAR = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt}, {rate_fmt}, {remaining} left{postfix}"


@dataclass
class Counts:
    """How far a sweep is."""

    total: int  # runs
    there: int  # runs stored before this start
    done: int  # runs stored now
    failed: int
    emerged: int
    seconds: float = 0.0  # since this start

    @classmethod
    def of(cls, known: np.ndarray, left: int) -> Self:
        """Return how far a sweep is of whose runs so much is known, if so many are left."""
        done, failed, emerged = (
            int(each.sum()) for each in (known != MISSING, known == FAILED, known == EMERGED)
        )
        return cls(done + left, done, done, failed, emerged)

    @property
    def left(self) -> int:
        """Runs to do."""
        return self.total - self.done

    @property
    def rate(self) -> float:
        """Runs a second since this start."""
        return (self.done - self.there) / self.seconds if self.seconds > 0 else 0.0

    def pace(self) -> str:
        """Return rate and time left in words; empty while neither is known."""
        if self.rate == 0:
            return ""
        return f"{self.rate:,.1f} runs/s, {duration(self.left / self.rate)} left"

    def outcome(self) -> str:
        """Return in words how many failed and what share of the others emerged."""
        known = self.done - self.failed
        share = f"{self.emerged / known:.0%} emerged" if known else "no outcome yet"
        return f"{self.failed:,} failed, {share}"


def duration(seconds: float) -> str:
    """Return a time in words, to two units."""
    seconds = round(seconds)
    if seconds < 100:
        return f"{seconds} s"
    minutes, hours = round(seconds / 60), round(seconds / 3600)
    if minutes < 100:
        return f"{minutes} min"
    if hours < 48:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{hours // 24} days {hours % 24} h"


class Progress:
    """Reports how far a sweep is: a bar on a terminal, else a line a minute; and a file."""

    def __init__(
        self, name: str, counts: Counts, shown: bool, write: Callable[[dict[str, Any]], None]
    ) -> None:
        self.name, self.counts = name, counts
        self._shown, self._write_file = shown, write
        self._start = self._reported = self._moved = time.monotonic()
        self._bar: Any = None
        if shown and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(
                desc=name,
                initial=counts.there,
                total=counts.total,
                unit=" runs",
                leave=False,
                dynamic_ncols=True,
                bar_format=BAR,
            )
        self._write()

    def update(self, done: Done | None) -> None:
        """Take in what a chunk came to; None: nothing, but time passes."""
        now = time.monotonic()
        self.counts.seconds = now - self._start
        if done is not None:
            self._moved = now
            self.counts.done += done.runs
            self.counts.failed += done.failed
            self.counts.emerged += done.emerged
        if self._bar is not None:
            self._bar.set_postfix_str(self.counts.outcome() + self._stuck(now), refresh=False)
            self._bar.total = self.counts.total
            self._bar.update(done.runs if done is not None else 0)
            self._bar.refresh()
        elif self._shown and now - self._reported > LINE_EVERY:
            self._reported = now
            runs = f"{self.counts.done:,} of {self.counts.total:,} runs, {self.counts.left:,} left"
            said = [runs, self.counts.pace(), self.counts.outcome() + self._stuck(now)]
            say(f"{self.name}: {', '.join(filter(None, said))}")
        if now - self._written > STATUS_EVERY:
            self._write()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def summary(self) -> str:
        """Return what came out, for the last line."""
        return f"{duration(time.monotonic() - self._start)}, {self.counts.outcome()}"

    def _write(self) -> None:
        self._written = time.monotonic()
        self._write_file(asdict(self.counts))

    def _stuck(self, now: float) -> str:
        if now - self._moved < QUIET:
            return ""
        quiet = duration(now - self._moved)
        return f"; nothing finished for {quiet}: time_limit=SECONDS gives up runs that never end"


class Watcher:
    """Hands the runs finished so far to a caller, without taking much time for it."""

    def __init__(
        self, store: Store, begun: Design, on_batch: Callable[[pd.DataFrame], None] | None
    ) -> None:
        self._design, self._on_batch = begun, on_batch
        self._tables: list[pa.Table] = [] if on_batch is None else store.result.tables()
        self._next = 0.0

    def add(self, part: Path) -> None:
        """Take in a part."""
        if self._on_batch is not None:
            self._tables.append(read_part(part, self._design.identity))
            if time.monotonic() > self._next:
                self.show()

    def show(self) -> None:
        """Hand over all runs."""
        if self._on_batch is not None and self._tables:
            start = time.monotonic()
            self._on_batch(tidy(self._tables, self._design))
            end = time.monotonic()
            self._next = end + max(BATCH_EVERY, BATCH_SHARE * (end - start))


def say(text: str) -> None:
    """Print a line on standard error."""
    echo(text, sys.stderr)
