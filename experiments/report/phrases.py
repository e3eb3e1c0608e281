"""How findings, names, values and settings stand in sentences, tables and titles.

The sentences of a sweep's report stand in sentences/*.yaml, a file a kind of analysis: templates of
Jinja2, in which all white space is one space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import yaml
from jinja2 import Environment, StrictUndefined, Template, pass_context
from jinja2.runtime import Context

from experiments import text
from experiments.analysis import amounts
from experiments.analysis.intervals import Estimate
from experiments.text import joined
from sim.columns import label

MOST_VALUES = 12  # of a parameter that are named one by one
MOST_NAMES = 6  # of parameters in a sentence


def say(kind: str, case: str, /, **numbers: Any) -> str:
    """Return the sentence of a finding.

    Parameters
    ----------
    kind
        What it is about: a file of sentences.
    case
        Which of its sentences.
    numbers
        What the sentence names.
    """
    return _said(_sentences(kind)[case], numbers)


def estimate(row: Any, value: str) -> Estimate:
    """Return a value of a row of a table with its interval: of its own, or of the whole row."""
    own = f"{value}_" if f"{value}_low" in row else ""
    return Estimate(row[value], row[f"{own}low"], row[f"{own}high"])


def cells(
    table: pd.DataFrame, value: str, write: Callable[[float, float, float], str] = text.share
) -> list[str]:
    """Return a column of values, each with its interval, as texts; as shares by default."""
    return [write(*estimate(row, value)) for row in table.to_dict("records")]


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


def together(conditions: Sequence[str], nothing: str = "none") -> str:
    """Return a set of conditions as a name."""
    return " + ".join(conditions) or nothing


def in_quotes(name: str, labels: Mapping[str, str]) -> str:
    """Return the label of a condition in quotation marks."""
    return f"“{labels.get(name, name)}”"


def nothing(found: object) -> str:
    """Return no sentence: that of an analysis without an answer or a surprise."""
    return ""


@cache
def _sentences(kind: str) -> dict[str, Template]:
    """Return the sentences of a file, which may use each other by say and each."""
    found = Environment(undefined=StrictUndefined)
    file = files("experiments.report") / "sentences" / f"{kind}.yaml"
    found.globals |= {"say": _say, "amount": amounts.amount, "change": amounts.change}
    found.filters |= {each.__name__: each for each in FILTERS}
    found.filters |= {name: partial(_with_interval, write) for name, write in ESTIMATES.items()}
    found.filters["each"] = _each
    found.tests["known"] = pd.notna
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    sentences = {name: found.from_string(said) for name, said in given.items()}
    found.globals["sentences"] = sentences
    return sentences


FILTERS: tuple[Callable[..., str], ...] = (
    text.capitalised, text.counted, text.joined, text.whole,
    in_quotes, label, labels, plain, quoted, settings, together, value,
)  # fmt: skip
ESTIMATES: dict[str, Callable[..., str]] = {
    "share": text.share,
    "points": text.points,
    "number": text.number,
    "signed": partial(text.number, sign=True),
}
"""Of a number, or of a number with its interval."""


def _with_interval(write: Callable[..., str], given: float | tuple[float, ...]) -> str:
    return write(*given) if isinstance(given, tuple) else write(given)


@pass_context
def _say(context: Context, case: str, given: Any = ()) -> str:
    """Return another sentence, about what this one is about and what is given: a row, say."""
    given = given._asdict() if hasattr(given, "_asdict") else given
    own = given if isinstance(given, dict) else {"it": given}
    return _said(context["sentences"][case], context.get_all() | own)


@pass_context
def _each(context: Context, items: Iterable[Any], case: str) -> list[str]:
    return [_say(context, case, item) for item in items]


def _said(sentence: Template, numbers: dict[str, Any]) -> str:
    """Return a sentence in which all white space is one space."""
    return " ".join(re.split(r"[ \n]+", sentence.render(numbers).strip(" \n")))
