"""How functions are compiled, and the number types they share.

Users are computed in single precision, the firm and its shareholders in double precision.
Compiled arithmetic keeps the order in which it is written (no reassociation, no fused
multiply-add), so the same numbers come out whatever the width of the machine's vectors.
Numba loads only where a compiled function is first defined, and keeps its cache in a folder named
after the sources of this package: an edit to any rule takes effect at the next run.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import numba
import numpy as np


def _cache_folder() -> str:
    """Return the folder of compiled code for the present sources."""
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for source in sorted(package.rglob("*.py")):
        digest.update(source.read_bytes())
    name = digest.hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "coop-momentum" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return str(folder)
    except OSError:
        pass
    return str(Path(tempfile.gettempdir()) / f"coop-momentum-{name}")


def _wide_vectors() -> tuple[str, str] | None:
    """Return the processor's name and features with 512-bit vectors preferred, if it has them.

    LLVM prefers 256 bits on processors that once slowed down with 512; the users' week gains a
    half. Results are the same for any width.
    """
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    if not features.get("avx512f"):
        return None
    features["prefer-256-bit"] = False
    return binding.get_host_cpu_name(), features.flatten()


# Set on Numba itself, not in its environment, which it may have read already.
if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = _cache_folder()
if not {"NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"} & os.environ.keys() and (wide := _wide_vectors()):
    numba.config.CPU_NAME, numba.config.CPU_FEATURES = wide

VALUES = {"nnan", "ninf", "nsz"}
"""What compiled arithmetic may assume: no NaN, no infinity, zeros without sign."""


def rule(function: Any) -> Any:
    """Compile a rule on scalars; it is inlined where it is called."""
    return numba.njit(fastmath=VALUES, error_model="numpy")(function)


def kernel(function: Any) -> Any:
    """Compile a loop over many users."""
    return numba.njit(fastmath=VALUES, error_model="numpy", cache=True, nogil=True)(function)


def routine(function: Any) -> Any:
    """Compile weekly bookkeeping in double precision, where NaN means *not given*."""
    return numba.njit(error_model="numpy", cache=True, nogil=True)(function)


f32 = np.float32
ZERO = f32(0.0)
HALF = f32(0.5)
ONE = f32(1.0)

_LOG2E = f32(1.4426950408889634)
_LN2_HIGH = f32(0.693359375)
_LN2_LOW = f32(-2.12194440e-4)
_ROUND = f32(12582912.0)
_C2 = f32(0.5)
_C3 = f32(0.16666667)
_C4 = f32(0.041666485)
_C5 = f32(0.0083345)
_C6 = f32(0.0013981999)
_LIMIT = f32(87.0)


@rule
def exponential(x):
    """Return e^x in single precision, |x| clipped to 87; relative error below 3e-7.

    Range reduction by powers of two and a polynomial of degree six (Cody & Waite 1980).
    """
    x = min(max(x, -_LIMIT), _LIMIT)
    whole = (x * _LOG2E + _ROUND) - _ROUND
    rest = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
    series = _C5 + rest * _C6
    series = _C4 + rest * series
    series = _C3 + rest * series
    series = _C2 + rest * series
    series = ONE + rest * series
    series = ONE + rest * series
    return series * _power_of_two(whole)


@numba.extending.intrinsic
def _bits_to_float(typing_context, bits):
    """Return the single-precision number with the given 32 bits."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(numba.types.float32))

    return numba.types.float32(numba.types.int32), generate


@rule
def _power_of_two(whole):
    return _bits_to_float(np.int32((np.int32(whole) + np.int32(127)) << np.int32(23)))


@rule
def logistic(x):
    """Return 1 / (1 + e^-x) in single precision."""
    return ONE / (ONE + exponential(-x))


@rule
def clip_share(x):
    """Return x limited to [0, 1]."""
    return min(max(x, ZERO), ONE)
