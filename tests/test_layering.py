"""Imports run one way, through the model and through the rooms; headless runs load little."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "sim").rglob("*.py"))
ROOMS = (
    "text", "errors", "places", "files", "validation", "spreadsheet", "cases", "design", "analysis",
    "responses", "config", "store", "patterns", "claims", "figures", "execution", "calibration",
    "advice", "report", "comparison",
    "interface", "view",
    "cli",
)  # fmt: skip
"""A room imports only from itself and from those before it; ``experiments/__init__`` is exempt."""


def imported(path: Path) -> set[str]:
    """Return the top-level packages a file imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_model_knows_nothing_of_configuration_plots_or_experiments(path: Path) -> None:
    assert not imported(path) & {
        "hydra", "omegaconf", "matplotlib", "solara", "tqdm", "pyarrow", "experiments", "view"
    }  # fmt: skip


def test_only_ties_and_compiled_code_are_read_from_files() -> None:
    readers = {
        path.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            and node.func.id == "open")
        or (isinstance(node, ast.Attribute) and node.attr in ("open", "read_text", "write_text"))
    }  # fmt: skip
    assert readers == {"text_file.py", "code_cache.py"}


def test_simulating_loads_neither_mesa_nor_plots_nor_tables() -> None:
    code = (
        "import sys; from sim import Parameters, simulate; "
        "simulate(Parameters.from_dict({'users.count': 50, 'horizon': 60})); "
        "print(sorted({'mesa', 'matplotlib', 'pandas', 'hydra', 'solara'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"


def room_of(parts: tuple[str, ...]) -> str:
    """Return the room of a module or a file: ``experiments.cases.case`` is in ``cases``."""
    return parts[0] if parts[0] == "view" else parts[1].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms that a file imports from anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
    parts = [tuple(module.split(".")) for module in modules]
    return {room_of(each) for each in parts if each[0] in ("experiments", "view")}


HOUSE = [
    path
    for folder in ("experiments", "view")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.parent != ROOT / "experiments" or not path.name.startswith("__")
]


@pytest.mark.parametrize("path", HOUSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    here = ROOMS.index(room_of(path.relative_to(ROOT).parts))
    assert not [room for room in imported_rooms(path) if ROOMS.index(room) > here]


def imported_modules(path: Path) -> set[Path]:
    """Return the files of the project that a file imports anywhere in it, types included."""
    files = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            files |= {ROOT / f"{name.replace('.', '/')}.py" for name in names}
    return {file for file in files if file.is_file()}


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter({path: imported_modules(path) for path in HOUSE}).prepare()
