"""Where results come from: versions, code revision, machine, and the command that repeats them."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from experiments.places import ROOT

PACKAGES = [
    "coop-momentum", "mesa", "numba", "llvmlite", "numpy", "scipy", "pandas", "pyarrow",
    "hydra-core", "omegaconf",
]  # fmt: skip


def provenance(command: str, overrides: Sequence[str]) -> dict[str, Any]:
    """Return what a result of ``momentum COMMAND OVERRIDES`` comes from, as plain values."""
    return {
        "command": command_line(command, overrides),
        "started": now(),
        "ended": None,
        "revision": revision(),
        "model": model_digest(),
        "versions": versions(),
        "machine": machine(),
    }


def command_line(command: str, overrides: Sequence[str]) -> str:
    """Return the line that repeats a command, quoted for a shell."""
    return shlex.join(["momentum", command, *overrides])


def install_line(extra: str) -> str:
    """Return the line that installs an extra of the project for the Python in use."""
    return shlex.join([sys.executable, "-m", "pip", "install", "-e", f".[{extra}]"])


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@cache
def model_sources() -> dict[str, str]:
    """Return a digest of every source file of the model, by its path."""
    files = sorted((ROOT / "sim").rglob("*.py"))
    return {
        file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for file in files
    }


def model_digest() -> str:
    """Return one digest of the model's sources."""
    return digest(model_sources())


def digest(sources: Mapping[str, str]) -> str:
    """Return one digest of source files, each given by its own."""
    return hashlib.sha256(repr(dict(sources)).encode()).hexdigest()[:16]


@cache
def worker_digest() -> str:
    """Return one digest of all sources that the rows of a sweep depend on."""
    own = [
        (ROOT / "experiments" / name).read_bytes()
        for name in ("execution/task.py", "execution/worker.py", "store/parts.py")
    ]
    return hashlib.sha256(repr([model_sources(), own]).encode()).hexdigest()[:16]


def revision() -> dict[str, Any]:
    """Return the commit of the code and whether files differ from it; None where unknown."""
    commit = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--", "sim", "experiments", "conf")
    return {"commit": commit, "modified": None if changed is None else bool(changed)}


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


@cache
def machine() -> dict[str, Any]:
    """Return what the machine is; not whose."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": _memory_gib(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (OSError, ValueError):
        return None


def _git(*arguments: str) -> str | None:
    """Return what git answers in the project's folder; None if it cannot."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
