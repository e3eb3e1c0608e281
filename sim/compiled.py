"""How functions are compiled, and the number types they share.

Users are computed in single precision, the firm and its shareholders in double precision.
Compiled arithmetic keeps the order in which it is written (no reassociation, no fused
multiply-add), so the same numbers come out whatever the width of the machine's vectors.
What is compiled is kept for the next start (`sim.code_cache`).
"""

from __future__ import annotations

import functools
import os
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils
from numba.core.datamodel import models
from numba.extending import register_model

from sim.code_cache import CodeCache


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
if not {"NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"} & os.environ.keys() and (wide := _wide_vectors()):
    numba.config.CPU_NAME, numba.config.CPU_FEATURES = wide

VALUES = {"nnan", "ninf", "nsz"}
"""What compiled arithmetic may assume: no NaN, no infinity, zeros without sign."""


class _Callee(numba.types.Dispatcher):
    """A compiled function as its callers see it: a number has its type, whether constant or not.

    Numba would otherwise compile a function once for each constant that it is called with, such as
    the streams of random numbers.
    """

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        """Return the signature for a call's arguments."""
        plain = {name: numba.types.unliteral(kind) for name, kind in dict(kws).items()}
        return super().get_call_type(context, tuple(map(numba.types.unliteral, args)), plain)


register_model(_Callee)(models.OpaqueModel)


class Compiled:
    """A function that is compiled for compiled callers, and once more when Python calls it.

    Numba would otherwise make and optimise, for each of some two hundred functions, wrappers by
    which only a dozen are ever called. What Python calls is cached, with all that it calls.
    """

    def __init__(self, function: Any, **options: Any) -> None:
        self.py_func = function
        self._within = numba.njit(
            error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, **options
        )(function)
        self._called = numba.njit(error_model="numpy", nogil=True, **options)(function)
        self._called._cache = CodeCache(function)
        self.targetoptions = self._called.targetoptions
        functools.update_wrapper(self, function)

    @property
    def _numba_type_(self) -> Any:
        """What Numba takes this for in compiled code."""
        return _Callee(self._within)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it from Python."""
        return self._called(*arguments, **keywords)


def rule(function: Any) -> Any:
    """Compile a rule on scalars; it is inlined where it is called."""
    return Compiled(function, fastmath=VALUES, _nrt=False)


def kernel(function: Any) -> Any:
    """Compile a loop over many users, which makes no arrays: Numba need not count references."""
    return Compiled(function, fastmath=VALUES, _nrt=False)


def routine(function: Any) -> Any:
    """Compile weekly bookkeeping in double precision, where NaN means *not given*."""
    return Compiled(function, _nrt=False)


def part(function: Any) -> Any:
    """Compile a part of a routine; written out where it is called, which spares passing arrays."""
    return Compiled(function, _nrt=False, inline="always")


def builder(function: Any) -> Any:
    """Compile a function that makes new arrays."""
    return Compiled(function)


f32 = np.float32
ZERO = f32(0.0)
HALF = f32(0.5)
ONE = f32(1.0)

_LOG2E = f32(1.4426950408889634)
_ROUND = f32(12582912.0)  # 1.5 x 2^23: added, it leaves no room for a fraction
_LIMIT = f32(87.0)
# of 2^f for |f| <= 1/2; least maximal relative error, 9.2e-8, among those exact at 0
_C1, _C2, _C3 = f32(0.693146977597679), f32(0.24022242083111778), f32(0.05550733744470817)
_C4, _C5 = f32(0.009671512785781048), f32(0.001326472725279206)


@numba.extending.intrinsic
def multiply_add(typing_context, a, b, c):
    """Return a b + c in single precision, rounded once."""

    def generate(context, builder, signature, arguments):
        return builder.fma(*arguments)

    single = numba.types.float32
    return single(single, single, single), generate


def _reinterpreted(source, target):
    """Return a function that reads the 32 bits of one type as the other's."""

    @numba.extending.intrinsic
    def reinterpret(typing_context, value):
        def generate(context, builder, signature, arguments):
            return builder.bitcast(arguments[0], context.get_value_type(target))

        return target(source), generate

    return reinterpret


_bits_of = _reinterpreted(numba.types.float32, numba.types.int32)
_number_of = _reinterpreted(numba.types.int32, numba.types.float32)


@rule
def exponential(x):
    """Return e^x in single precision, |x| clipped to 87.

    2^whole 2^f with whole + f = x log2(e) and a polynomial for 2^f (Cody & Waite 1980). Relative
    error below 4e-7 for |x| <= 10, below 2e-6 everywhere.
    """
    x = min(max(x, -_LIMIT), _LIMIT)
    rounded = multiply_add(x, _LOG2E, _ROUND)
    f = multiply_add(x, _LOG2E, -(rounded - _ROUND))
    series = multiply_add(f, _C5, _C4)
    series = multiply_add(f, series, _C3)
    series = multiply_add(f, series, _C2)
    series = multiply_add(f, series, _C1)
    series = multiply_add(f, series, ONE)
    # the last bits of ``rounded`` are the whole power, and belong into the exponent of the series
    return _number_of(np.int32(_bits_of(series) + np.int32(_bits_of(rounded) << np.int32(23))))


@rule
def clip_share(x):
    """Return x limited to [0, 1]."""
    return min(max(x, ZERO), ONE)


@numba.extending.intrinsic
def prefetch(typing_context, array, index):
    """Ask for the cache line of an element of a contiguous array, to be written soon."""

    def generate(context, builder, signature, arguments):
        elements = context.make_array(signature.args[0])(context, builder, arguments[0])
        element = builder.gep(elements.data, [arguments[1]])
        address = builder.bitcast(element, ir.IntType(8).as_pointer())
        flag = ir.IntType(32)
        hint = ir.FunctionType(ir.VoidType(), [address.type, flag, flag, flag])
        call = cgutils.get_or_insert_function(builder.module, hint, "llvm.prefetch.p0")
        builder.call(call, [address, flag(1), flag(3), flag(1)])  # to write, to keep, data
        return context.get_dummy_value()

    return numba.types.void(array, index), generate
