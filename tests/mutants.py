"""Mutation testing: break the rules and the weeks, one place at a time, and see whether tests fail.

A seeded sample of all operators, comparisons, constants and neighbouring keyword arguments in
`sim.rules` and in the files of the week is changed, each in a copy of the checkout, in which the
tests of the model then run. A mutant that no test fails on survives; some survivors are equivalent
to the original. A mutant takes a minute or two.

A wrong equation that stands in the model and in its oracle alike is seen by no comparison of the
two. With ``--both`` a mutant counts as put into both: the tests that compare them are left out.

Run from the checkout: ``make mutants ARGS="--count 40 --seed 1 --both"``
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [*sorted(ROOT.glob("sim/rules/*.py")), *sorted(ROOT.glob("sim/*week*.py"))]
SOURCES += [*sorted(ROOT.glob("sim/user_*.py")), ROOT / "sim/cascade.py"]
ORACLE = "tests/sim/test_oracle.py"
TESTS = [
    f"tests/sim/test_{name}.py"
    for name in ("rules", "by_hand", "wiring", "movement", "conservation", "soundness")
]
LEFT_OUT = ("results", ".*", "__pycache__", "docs", "*.egg-info", "build")
OTHER: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
OTHER_NAME = {"min": "max", "max": "min"}


def changes(node: ast.AST) -> Iterator[Callable[[], None]]:
    """Yield functions that change a node in place, one for each way to do so."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in OTHER:
        yield lambda: setattr(node, "op", OTHER[type(node.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        yield lambda: node.ops.__setitem__(0, OTHER[type(node.ops[0])]())
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda: setattr(node, "value", node.value + 1)
    elif isinstance(node, ast.Name) and node.id in OTHER_NAME:
        yield lambda: setattr(node, "id", OTHER_NAME[node.id])
    elif isinstance(node, ast.Call):
        for one, other in zip(node.keywords, node.keywords[1:], strict=False):
            yield lambda one=one, other=other: exchange(one, other)


def exchange(one: ast.keyword, other: ast.keyword) -> None:
    one.value, other.value = other.value, one.value


def sites(tree: ast.Module) -> list[tuple[ast.AST, Callable[[], None]]]:
    """Return every node of a file that can be changed, and how."""
    return [(node, change) for node in ast.walk(tree) for change in changes(node)]


def mutant(source: Path, position: int) -> tuple[str, str]:
    """Return a changed source, and what was changed, in words."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    node, change = sites(tree)[position]
    before = ast.unparse(node)
    change()
    after = ast.unparse(node)
    differs = (k for k, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
    start = max(next(differs, 0) - 30, 0)
    where = f"{source.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
    what = f"{before[start : start + 100]}  →  {after[start : start + 100]}"
    return ast.unparse(tree), f"{where}: {what}"


def survives(folder: Path, tests: list[str]) -> bool:
    """Return whether tests of the model pass in a copy of the checkout."""
    environment = os.environ | {"PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / ".cache")}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not slow", *tests]
    try:
        run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=900)
    except subprocess.TimeoutExpired:  # a loop that does not end is seen
        return False
    if run.returncode in (3, 4, 5):  # pytest itself failed
        sys.exit(run.stdout.decode() + run.stderr.decode())
    return run.returncode == 0  # a crash and a failed import are seen, too


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--count", type=int, default=20, help="mutants to try")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--both", action="store_true", help="as if the oracle were wrong alike")
    options = parser.parse_args()
    tests = TESTS if options.both else [*TESTS, ORACLE]
    everywhere = [
        (source, position)
        for source in SOURCES
        for position in range(len(sites(ast.parse(source.read_text(encoding="utf-8")))))
    ]
    drawn = random.Random(options.seed).sample(everywhere, min(options.count, len(everywhere)))
    print(f"{len(drawn)} of {len(everywhere)} mutants", flush=True)
    survivors = []
    for number, (source, position) in enumerate(drawn, start=1):
        text, what = mutant(source, position)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "copy")
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
            (copy / source.relative_to(ROOT)).write_text(text, encoding="utf-8")
            survived = survives(copy, tests)
        print(f"{number:3} {'SURVIVES' if survived else 'killed  '} {what}", flush=True)
        survivors += [what] * survived
    print(f"{len(survivors)} of {len(drawn)} survive", *survivors, sep="\n  ")


if __name__ == "__main__":
    main()
