"""From sections to ``benchmarks/RESULTS.md``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numba
import numpy as np

from benchmarks.canonical import PACKAGES
from benchmarks.goals import GOALS
from benchmarks.measure import Row, Section
from experiments.store import provenance

TARGET = provenance.ROOT / "benchmarks" / "RESULTS.md"


def write(sections: Sequence[Section], seconds: float) -> Path:
    """Write the results, whole or not at all, and return where they are."""
    beside = TARGET.with_name(f".{TARGET.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(page(sections, seconds), encoding="utf-8")
        beside.replace(TARGET)
    finally:
        beside.unlink(missing_ok=True)
    return TARGET


def page(sections: Sequence[Section], seconds: float) -> str:
    """Return all results as Markdown."""
    parts = [
        "# How fast it is",
        "Written by `make bench`, which measures all of it anew; not to be edited. "
        "Medians over repetitions, in brackets the least and the most. Times are processor time "
        "of one thread and one core, and measurements that are compared took turns, unless a "
        "section says otherwise; numerical libraries are held to one thread.",
        f"{provenance.now()}, {revision()}; it took {seconds / 60:.0f} minutes.",
        "## The machine",
        machine(),
        "## Goals",
        goals(sections),
        *(text(section) for section in sections),
    ]
    return "\n\n".join(parts) + "\n"


def text(section: Section) -> str:
    """Return a section as Markdown: a line for what is measured, a column for a number of users."""
    sizes = sorted({row.users for row in section.rows}, key=lambda users: users or 0)
    cells = {(row.what, row.unit, row.users): _figure(row) for row in section.rows}
    head = ["what", "unit", *("median" if users is None else f"{users:,} users" for users in sizes)]
    body = [
        [what, unit, *(cells.get((what, unit, users), "") for users in sizes)]
        for what, unit in dict.fromkeys((row.what, row.unit) for row in section.rows)
    ]
    return "\n\n".join([f"## {section.title}", section.how, table(head, body)])


def goals(sections: Sequence[Section]) -> str:
    """Return the table of goals."""
    measured = {(row.what, row.users): row for section in sections for row in section.rows}
    rows = []
    for (what, users), goal in GOALS.items():
        name = what if users is None else f"{what}, {users:,} users"
        row = measured.get((what, users))
        if row is None:
            rows.append([name, f"{goal.sign} {goal.value:,g}", "", "**not measured**", ""])
            continue
        reached = goal.reached(row.median)
        told = ["reached", ""] if reached else ["**not reached**", goal.bound]
        rows.append([name, f"{goal.sign} {goal.value:,g} {row.unit}", number(row.median), *told])
    return table(["what", "goal", "median", "", "bound, and what was tried"], rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _figure(row: Row) -> str:
    least, most = number(min(row.samples)), number(max(row.samples))
    return number(row.median) + (f" ({least}–{most})" if len(row.samples) > 1 else "")


def number(value: float) -> str:
    """Return three significant digits, all of those before the point; a count as it is."""
    if isinstance(value, int):
        return f"{value:,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:#.3g}" if value else "0"


def revision() -> str:
    """Return the state of the code in words."""
    known = provenance.revision()
    if known["commit"] is None:
        return "revision unknown"
    return f"revision {known['commit'][:12]}{', modified' if known['modified'] else ''}"


def machine() -> str:
    """Return what it was measured on, as a list."""
    known, versions = provenance.machine(), dict(provenance.versions())
    for package in (*PACKAGES.values(), "networkx", "starsim"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    packages = ", ".join(f"{name} {versions[name]}" for name in sorted(versions))
    usable = len(os.sched_getaffinity(0))
    return "\n".join(
        [
            f"- {known['processor']}, {known['cores']} cores, {usable} of them usable, "
            f"{known['memory_gib']} GiB; {known['system']}",
            f"- vectors of compiled loops: {vector_bits()} bits",
            f"- {compiler()}",
            f"- {packages}",
        ]
    )


def compiler() -> str:
    """Return which C compiler there is."""
    path = shutil.which("gcc")
    if path is None:
        return "no C compiler"
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()[0]


def vector_bits() -> int:
    """Return how wide the vectors are that compiled loops use, by a loop compiled to see."""
    import sim.compiled  # noqa: F401  (sets the width)

    def loop(values):
        for i in range(values.size):
            values[i] = values[i] * np.float32(3.0) + np.float32(1.0)

    compiled = numba.njit(loop)
    compiled(np.zeros(1, np.float32))
    code = "".join(compiled.inspect_asm().values())
    return 512 if "zmm" in code else 256 if "ymm" in code else 128
