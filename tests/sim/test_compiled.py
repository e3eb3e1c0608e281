"""Compiled code follows the sources: an edit to a rule takes effect at the next run."""

import errno
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.execution.worker import is_cold
from sim import Parameters, code_cache, simulate, sources
from sim.compiled import routine
from sim.errors import MomentumWarning

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
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert is_cold()


# What is kept for the next start


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which folders of compiled code are made."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    code_cache._warn.cache_clear()
    return tmp_path / "home" / "coop-momentum"


def double(x):
    return x + x


def run() -> tuple[int, bool]:
    """Return what a freshly imported function comes to, and whether it had to be compiled."""
    compiled = routine(double)
    found = compiled(21)
    return found, not sum(compiled._called.stats.cache_hits.values())


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_compiled_code_is_kept_for_this_user_alone(home: Path) -> None:
    assert run() == (42, True)
    (file,) = kept(home)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600
    assert run() == (42, False)


DAMAGES = {
    "empty": lambda whole: b"",
    "cut off": lambda whole: whole[:-7],
    "cut off early": lambda whole: whole[:20],
    "lengthened": lambda whole: whole + b"more",
    "garbage": lambda whole: os.urandom(len(whole)),
    "zeros": lambda whole: bytes(len(whole)),
    "one bit": lambda whole: whole[:-99] + bytes([whole[-99] ^ 1]) + whole[-98:],
    "another pickle": lambda whole: pickle.dumps((1, "nothing")),
    "another key": lambda whole: sealed(pickle.dumps(("key", "code"))),
    "no code": lambda whole: sealed(pickle.dumps((pickle.loads(whole[32:])[0], ("code",)))),
}


def sealed(data: bytes) -> bytes:
    return hashlib.sha256(data).digest() + data


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_code_is_compiled_anew_and_mended(home: Path, damage: str) -> None:
    run()
    (file,) = kept(home)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    assert run() == (42, True)
    assert run() == (42, False)


@pytest.mark.filterwarnings("ignore::sim.errors.MomentumWarning")
def test_what_stands_in_place_of_a_file_of_code_breaks_nothing(home: Path) -> None:
    run()
    (file,) = kept(home)
    for stand_in in (Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")):
        file.unlink()
        stand_in(file)
        assert run() == (42, True)
        if file.is_dir():
            file.rmdir()
            file.touch()


class Planted:
    """Something that leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


@pytest.mark.filterwarnings("ignore::sim.errors.MomentumWarning")
@pytest.mark.parametrize("place", ["home", "temporary"])
@pytest.mark.parametrize("way", ["open to others", "of another user", "a link"])
def test_code_that_others_could_have_planted_is_not_run(
    home: Path, monkeypatch: pytest.MonkeyPatch, place: str, way: str
) -> None:
    if place == "temporary":
        home.parent.write_text("no folder")
    run()
    (file,) = kept(home.parents[1] / place)
    file.write_bytes(sealed(pickle.dumps(Planted(home.parents[1] / "trace"))))
    folder = file.parent
    if way == "open to others":
        folder.chmod(0o777)
    elif way == "a link":
        folder.rename(folder.with_name("elsewhere"))
        folder.symlink_to(folder.with_name("elsewhere"))
    else:
        user = os.getuid() + 1
        monkeypatch.setattr("os.getuid", lambda: user)
    assert run()[0] == 42
    assert not (home.parents[1] / "trace").exists()


def test_a_file_of_another_user_is_not_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    (file,) = kept(home)
    file.write_bytes(sealed(pickle.dumps(Planted(home.parent / "trace"))))
    status = os.stat_result([*file.stat()[:4], os.getuid() + 1, *file.stat()[5:10]])
    monkeypatch.setattr("os.fstat", lambda _: status)
    assert run()[0] == 42
    assert not (home.parent / "trace").exists()


def test_without_a_folder_of_its_own_the_model_runs_and_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.parent.write_text("no folder")
    monkeypatch.setattr("tempfile.tempdir", str(home.parent))
    with pytest.warns(MomentumWarning, match="no folder") as caught:
        found = [run(), run()]
    assert found == [(42, True), (42, True)]
    assert len(caught) == 1


@pytest.mark.parametrize("call", ["os.replace", "tempfile.mkstemp"])
def test_a_full_disk_leaves_the_model_to_run(
    home: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(call, full)
    with pytest.warns(MomentumWarning, match="No space left"):
        found = run()
    assert found == (42, True)
    assert not kept(home)


def test_code_of_sources_that_changed_since_their_import_is_neither_kept_nor_used(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(sources, "_STAMPS", [(p, c - 1, n) for p, c, n in sources._STAMPS])
    assert run() == (42, True)
    (file,) = kept(home)
    file.unlink()
    run()
    assert not kept(home)


def test_memory_that_runs_out_is_no_damage(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run()

    def greedy(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("pickle.loads", greedy)
    with pytest.raises(MemoryError):
        run()
