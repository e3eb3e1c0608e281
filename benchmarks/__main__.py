"""``python -m benchmarks [SECTION …]``: measure, and write or print what came out."""

from __future__ import annotations

import os
import sys
import time
import traceback
import warnings
from argparse import ArgumentParser

from sim.errors import did_you_mean

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
SECTIONS = {
    "full-model": ("throughput", "full_model"),
    "oracle": ("throughput", "oracle"),
    "canonical": ("throughput", "canonical_model"),
    "mechanisms": ("mechanisms", "mechanisms"),
    "growth": ("throughput", "growth"),
    "network": ("throughput", "network"),
    "sweeps": ("sweeps", "sweeps"),
    "store": ("sweeps", "store"),
    "start-up": ("start_up", "start_up"),
    "c": ("with_c", "with_c"),
    "memory": ("large", "memory"),
    "threads": ("large", "threads"),
    "view": ("view", "view"),
    "reports": ("reports", "reports"),
}


def main(words: list[str]) -> int:
    parser = ArgumentParser(
        prog="python -m benchmarks",
        description="Measures how fast the model is. All sections, without names, are written to "
        "benchmarks/RESULTS.md; those named are printed.",
        epilog=f"sections: {', '.join(SECTIONS)}",
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION")
    names = parser.parse_args(words).sections
    for name in names:
        if name not in SECTIONS:
            hint = did_you_mean(name, SECTIONS)
            print(f"no section {name!r}{hint or ';'} --help lists them", file=sys.stderr)
            return 2
    from benchmarks import canonical, report

    absent = [name for name in canonical.PACKAGES if name not in canonical.installed()]
    if absent and (not names or "canonical" in names):
        print(f"not installed: {', '.join(absent)}; make bench installs them", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")  # of other people's packages
    start = time.monotonic()
    sections = [measured(name) for name in names or SECTIONS]
    if names:
        print("\n\n".join(report.text(section) for section in sections))
    else:
        print(report.write(sections, time.monotonic() - start))
    return int(any(section.failed for section in sections))


def measured(name: str):
    """Return a section, measured now; one that fails costs no other and says so."""
    from importlib import import_module

    from benchmarks.measure import Section, say

    say(name)
    module, function = SECTIONS[name]
    try:
        return getattr(import_module(f"benchmarks.{module}"), function)()
    except Exception as problem:
        traceback.print_exc()
        return Section(name, f"Not measured: {type(problem).__name__}.", failed=True)


if __name__ == "__main__":
    # Before a numerical library is imported; not in tests, where Numba would read its settings anew
    # and forget the folder of its cache.
    os.environ.update({**dict.fromkeys(THREADS, "1"), "STARSIM_INSTALL_FONTS": "0"})
    sys.exit(main(sys.argv[1:]))
