"""One base for every mistake of a user, and the nearest name."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.cli.main import main
from sim.errors import MomentumError, did_you_mean, nearest

ROOT = Path(__file__).resolve().parent.parent
INTERNAL = {"OverdueError", "PreventedError", "NoWorkersError"}  # never reach a user


def exception_classes():
    """Yield module and name of every exception that the packages define."""
    for package in ("sim", "experiments", "view"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                    yield module, node.name


def test_every_error_for_a_user_has_the_one_base():
    for module, name in exception_classes():
        if name.endswith("Error") and name not in INTERNAL:
            assert issubclass(getattr(importlib.import_module(module), name), MomentumError), name


def test_a_mistake_is_one_line_and_any_other_error_is_a_bug(capsys):
    def fail_with(error):
        def command(_):
            raise error

        return main([], command)

    assert fail_with(MomentumError("no\nsuch thing")) == 2
    assert capsys.readouterr().err == "momentum: no such thing\n"
    assert fail_with(ValueError("no such thing")) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("firm.decline_rat", "firm.decline_rate"),
        ("decline_rate", "firm.decline_rate"),
        ("right_momentun", "published/right_momentum"),
        ("zzz", None),
    ],
)
def test_the_nearest_name_is_found_by_the_whole_or_by_its_last_part(name, expected):
    assert nearest(name, ["firm.decline_rate", "users.count", "published/right_momentum"]) == (
        expected
    )


def test_without_a_near_name_the_message_says_something_else():
    assert did_you_mean("users.coun", ["users.count"]) == "; did you mean users.count?"
    assert did_you_mean("zzz", ["users.count"], "; there is one") == "; there is one"


def test_a_warning_for_the_user_is_one_line_and_no_other_warning_is_shown():
    code = (
        "import warnings; from experiments.cli.main import main; from sim.errors import warn\n"
        "import experiments.cli.main as cli\n"
        "def command(_): warnings.warn('not for users'); warn('column 3\\nis ignored')\n"
        "cli.dispatch = command; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == "momentum: warning: column 3 is ignored\n"
