"""How long a user waits for a command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Section, say, seconds
from experiments.places import ROOT

REPETITIONS = 5
COLD = 2  # repetitions of a first run
SWEEP = "sweep participation.cost_mean=0.5,0.6 replicates=1 workers=1 fresh=true name=small"
MANY = "sweep experiment=robustness scale=full"  # 106,000 points
COMMANDS = ("--help", "run --help", "list", "list parameters", "run", SWEEP, "report small")
RESULTS = ("run", "sweep", "report")  # commands that write
CACHES = {"first run ever": "NUMBA_CACHE_DIR", "nothing cached": "XDG_CACHE_HOME"}


def start_up() -> Section:
    """Measure every command in a fresh process."""
    section = Section(
        "Start-up of each command",
        "From the call to the end, by the clock on the wall, each in a fresh process with compiled "
        "code in its cache; *first run ever* finds the cache of compiled code empty, and "
        "*nothing cached* that of the figures' fonts as well. `first-look` is left out: it is a "
        "sweep. The large sweep is stopped once it has stored its first runs.",
    )
    with tempfile.TemporaryDirectory() as folder:
        for command in COMMANDS:
            say(f"  momentum {command}")
            samples = [_seconds(command, folder) for _ in range(REPETITIONS + 1)][1:]
            section.add(f"`momentum {command}`", "s", samples)
        for what, variable in CACHES.items():
            say(f"  momentum run, {what}")
            samples = []
            for number in range(COLD):
                cache = Path(folder, f"{variable}-{number}")
                cache.mkdir()
                samples.append(_seconds("run", folder, {variable: str(cache)}))
            section.add(f"`momentum run`, {what}", "s", samples)
        say(f"  momentum {MANY}")
        samples = [_first_stored(Path(folder, f"many-{number}")) for number in range(COLD)]
        section.add(f"`momentum {MANY}`, until the first runs are stored", "s", samples)
    return section


def _first_stored(folder: Path) -> float:
    """Return the seconds until a large sweep has stored its first runs; it is stopped then."""
    words = [sys.executable, "-m", "experiments", *MANY.split(), f"results_dir={folder}"]
    start = time.perf_counter()
    sweep = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not any(folder.rglob("runs/*.parquet")):
            if sweep.poll() is not None:
                raise RuntimeError(f"momentum {MANY} ended before it had stored a run")
            time.sleep(0.02)
        return time.perf_counter() - start
    finally:
        sweep.send_signal(signal.SIGINT)
        try:
            sweep.wait(60)
        except subprocess.TimeoutExpired:
            sweep.kill()


def _seconds(command: str, folder: str, environment: dict[str, str] | None = None) -> float:
    """Return the seconds of a command that writes its results into a folder."""
    words = [sys.executable, "-m", "experiments", *command.split()]
    if words[3] in RESULTS and "--help" not in words:
        words.append(f"results_dir={folder}")
    all_of_it = {**os.environ, **(environment or {})}
    return seconds(
        lambda: subprocess.run(words, cwd=ROOT, check=True, capture_output=True, env=all_of_it)
    )
