"""How names, values and settings stand in sentences, tables and titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments.text import joined
from sim.columns import label

MOST_VALUES = 12  # of a parameter that are named one by one
MOST_NAMES = 6  # of parameters in a sentence


def value(given: Any) -> str:
    """Return a value, numbers to four digits and without trailing zeros.

    Examples
    --------
    >>> value(0.5), value(2.97205e-05), value(52.0), value("two_stage")
    ('0.5', '0.00002972', '52', 'two stage')
    """
    if not isinstance(given, float):
        return plain(given)
    return np.format_float_positional(given, precision=4, fractional=False, trim="-")


def values(column: pd.Series) -> str:
    """Return the values of a parameter, or how many there are and the ends."""
    there = sorted(column.dropna().unique())
    if len(there) > MOST_VALUES:
        return f"{len(there)} values from {value(there[0])} to {value(there[-1])}"
    return ", ".join(map(value, there))


def settings(given: Mapping[str, Any]) -> str:
    """Return parameters by their labels, each with its value."""
    return ", ".join(f"{label(name)} = {value(each)}" for name, each in given.items())


def here(given: Mapping[str, Any]) -> str:
    """Return the sentence about what a part of an experiment sets; empty if it sets nothing."""
    return f"Here {settings(given)}." if given else ""


def labels(names: Iterable[str]) -> str:
    """Return the labels of parameters and columns as one lists them in a sentence."""
    return joined([label(name) for name in names])


def plain(name: object) -> str:
    """Return the name of a variant, a part or a choice as words."""
    return str(name).replace("_", " ")


def quoted(name: object) -> str:
    """Return the name of a variant as words in quotation marks."""
    return f"“{plain(name)}”"


def nothing(found: object) -> str:
    """Return no sentence: that of an analysis without an answer or a surprise."""
    return ""
