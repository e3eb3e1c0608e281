"""Compiling the C: to a library of this machine for tests, and to WebAssembly for the page."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from explorer.model.records import FOLDER, description_header, records

STRICT = ("-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math")
"""Flags that keep the results of the compiled model, to the last bit where the libraries of
mathematical functions agree."""

# Luck is written as words and read as halves of them, hence no strict aliasing.
ALWAYS = ("-std=c11", "-Wall", "-Wextra", "-fno-strict-aliasing")

TARGET = ("--target=wasm32-wasi", "-mcpu=generic+simd128", "-mexec-model=reactor", "-O3", "-s")


class NoCompilerError(RuntimeError):
    """There is no C compiler; the message is one line."""


def library(folder: Path, flags: tuple[str, ...] = ("-O2", *STRICT)) -> Path:
    """Compile a shared library of this machine into a folder; return its path.

    Raises
    ------
    NoCompilerError
        If gcc is not installed.
    """
    compiler = shutil.which("gcc")
    if compiler is None:
        raise NoCompilerError("gcc is not installed (on Debian: apt install gcc libc6-dev)")
    made = folder / "model.so"
    _compile([compiler, "-shared", "-fPIC", *flags], folder, made, "-lm")
    return made


def wasm(folder: Path) -> Path:
    """Compile WebAssembly into a folder; return its path.

    Raises
    ------
    NoCompilerError
        If the package ziglang is not installed, whose compiler of C is used.
    """
    if find_spec("ziglang") is None:
        raise NoCompilerError("ziglang is not installed: pip install -e '.[explorer]'")
    made = folder / "model.wasm"
    _compile([sys.executable, "-m", "ziglang", "cc", *TARGET, *STRICT], folder, made)
    return made


def _compile(command: list[str], folder: Path, made: Path, *libraries: str) -> None:
    (folder / "records.h").write_text(records(), encoding="ascii")
    (folder / "description.h").write_text(description_header(), encoding="ascii")
    sources = [str(path) for path in sorted(FOLDER.glob("*.c"))]
    words = [*command, *ALWAYS, f"-I{folder}", *sources, *libraries, "-o", str(made)]
    subprocess.run(words, check=True)
