"""The wheel works from an empty environment, in any folder."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def call(*words, **options):
    done = subprocess.run(words, capture_output=True, text=True, timeout=900, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_runs_in_an_empty_environment(tmp_path):
    pip = ["-m", "pip", "--disable-pip-version-check", "-q"]
    call(sys.executable, *pip, "wheel", "--no-deps", "-w", tmp_path / "dist", ROOT)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    call(sys.executable, "-m", "venv", tmp_path / "empty")
    python = tmp_path / "empty" / "bin" / "python"
    call(python, *pip, "install", "-c", ROOT / "constraints.txt", wheel)
    here = tmp_path / "a folder"
    here.mkdir()
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    momentum = tmp_path / "empty" / "bin" / "momentum"
    small = ["users.count=150", "horizon=60", "preset=threat", "name=mine"]
    said = call(momentum, "run", *small, cwd=here, env=environment)
    assert "150 users, 60 weeks" in said
    assert (here / "results" / "runs" / "mine" / "weekly.parquet").is_file()
    assert "right_momentum" in call(momentum, "list", "experiments", cwd=here, env=environment)
    sweep = [*small, "replicates=2", "workers=1"]
    call(momentum, "sweep", *sweep, cwd=here, env=environment)
    call(momentum, "report", "mine", cwd=here, env=environment)
    assert (here / "results" / "mine" / "report.html").is_file()
    assert not (tmp_path / "empty" / "lib" / "results").exists()
