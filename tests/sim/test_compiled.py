"""Compiled code follows the sources: an edit to a rule takes effect at the next run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from experiments.execution.execute import is_cold
from sim import Parameters, simulate

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import numba
import numpy as np
from sim.holder_week import update_trust
from sim.parameters import Parameters
from sim.state import WORLD, Shareholders
p, world = Parameters().record()[0], np.zeros(1, dtype=WORLD)[0]
one = np.ones(1)
holders = Shareholders(np.zeros(1, "u1"), np.zeros(1, "i4"), one * 0.5, one, one * 0.6)
update_trust(p, holders, world, 0.0, 0.1)
print(holders.trust[0])
"""


def ask(folder: Path) -> float:
    """Return what a trust rule in another file than its loop comes to, in a fresh process."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA")}
    environment |= {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, cwd=folder, env=environment
    )
    assert run.returncode == 0, run.stderr
    return float(run.stdout)


def test_an_edit_to_a_rule_takes_effect_where_it_is_called(tmp_path: Path) -> None:
    """Numba by itself looks only at the file of the function that it has compiled."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    before = ask(tmp_path)
    assert ask(tmp_path) == before
    rule = tmp_path / "sim" / "rules" / "trust.py"
    text = rule.read_text(encoding="utf-8")
    assert text.count("- shock, 0.0)") == 1
    rule.write_text(text.replace("- shock, 0.0)", "- 2.0 * shock, 0.0)"), encoding="utf-8")
    assert ask(tmp_path) == pytest.approx(before - 0.1)


def test_a_model_is_cold_until_it_was_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate(Parameters.from_dict({"users.count": 50, "horizon": 60}))
    assert not is_cold()
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    assert is_cold()
