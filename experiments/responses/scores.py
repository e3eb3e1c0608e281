"""Probabilities of each response, by the model and by simple rules, and how they score."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from experiments.design.point import SAMPLE
from experiments.design.reading import LABEL
from experiments.responses.coding import CASE, RESPONSE, CodedCase, read_codebook
from experiments.responses.mapping import labels_of, read_mapping, responses_of

RESAMPLES = 2_000
ENOUGH = 20  # cases from which on a logistic regression is fitted, and forecasters may be ranked
EXITS = ("exit_rival", "exit_own")
INSOLVENT, CONVERSION = "insolvent", "conversion"
MODEL, RATES, EXIT, SPLIT, LOGISTIC = (
    "model", "base rates", "always exit", "insolvent: conversion, else exit", "logistic regression",
)  # fmt: skip
_SEED = 20_261_126


def shares_of(counts: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return the share of each response, smoothed, (cases, responses).

    Parameters
    ----------
    counts
        From `counts_of`.
    weights
        How often each world counts, (worlds,); None: once. With (resamples, worlds) the shares
        are (resamples, cases, responses).
    """
    weights = np.ones(counts.shape[1]) if weights is None else weights
    return smoothed(np.einsum("...w,cwk->...ck", weights, counts))


def smoothed(counts: np.ndarray) -> np.ndarray:
    """Return shares of counts along the last axis, the smoothing of the mapping added to each."""
    added = counts + read_mapping().smoothing
    return np.asarray(added / added.sum(axis=-1, keepdims=True))


def counts_of(runs: pd.DataFrame, cases: Sequence[CodedCase], left_out: str = "") -> np.ndarray:
    """Return how often each response came out, (cases, worlds, responses).

    Parameters
    ----------
    runs
        Finished runs of a part, each with the label of its world (`mapping.worlds_of`).
    cases
        A row each.
    left_out
        An input that is taken as not known.
    """
    codes, worlds = responses_of(runs, read_mapping().rule), runs[SAMPLE].to_numpy()
    labels, places = np.unique(runs[LABEL].astype(str), return_inverse=True)
    table = np.zeros((len(labels) + 1, int(worlds.max()) + 1, len(names_of())))
    np.add.at(table, (places, worlds, codes), 1.0)
    rows = dict(zip(labels, range(len(labels)), strict=True))  # the last row is of no run
    return table[[rows.get(label, -1) for label in labels_of(cases, left_out)]]


def probabilities(counts: np.ndarray, cases: Sequence[CodedCase]) -> pd.DataFrame:
    """Return a row a case: the probability of each response, and what is known of the case."""
    table = pd.DataFrame(shares_of(counts), columns=names_of())
    table.insert(0, CASE, [case.name for case in cases])
    table[RESPONSE] = [case.response for case in cases]
    table["runs"] = counts.sum(axis=(1, 2)).astype(int)
    return table


# -- simple rules, estimated from the other cases --------------------------------------------------


def baselines(cases: Sequence[CodedCase]) -> dict[str, np.ndarray]:
    """Return what simple rules say of each case, (cases, responses), estimated from the others.

    A rule that names a response gives it the share of like cases in which it is right.

    Parameters
    ----------
    cases
        Those whose response is known.
    """
    observed, insolvent = observed_of(cases), _insolvent(cases)
    rows = []
    for at in range(len(cases)):
        others = np.arange(len(cases)) != at
        rates = smoothed(np.bincount(observed[others], minlength=len(names_of())).astype(float))
        like = observed[others & (insolvent == insolvent[at])]
        split = _says((CONVERSION,) if insolvent[at] else EXITS, like, rates)
        rows.append((rates, _says(EXITS, observed[others], rates), split))
    found = dict(zip((RATES, EXIT, SPLIT), np.array(rows).transpose(1, 0, 2), strict=True))
    return found | ({LOGISTIC: _logistic(cases, observed)} if len(cases) >= ENOUGH else {})


def _insolvent(cases: Sequence[CodedCase]) -> np.ndarray:
    return np.array([case.inputs.get(INSOLVENT) == "1" for case in cases])


def names_of() -> list[str]:
    """Return the responses, in their order."""
    return list(read_codebook().responses)


def observed_of(cases: Sequence[CodedCase]) -> np.ndarray:
    """Return the places of known responses in the codebook, int64 (cases,)."""
    return np.array([names_of().index(case.response) for case in cases], dtype=np.int64)


def _says(answer: Sequence[str], like: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Return the probabilities of a rule that says one of some responses, by like cases."""
    said = np.isin(np.arange(len(rates)), [names_of().index(name) for name in answer])
    added = read_mapping().smoothing
    right = (said[like].sum() + added) / (len(like) + 2 * added)
    within = np.where(said, rates, 0.0)
    return np.asarray(right * within / within.sum() + (1 - right) * ~said / (~said).sum())


def _logistic(cases: Sequence[CodedCase], observed: np.ndarray) -> np.ndarray:
    """Return what a multinomial logistic regression on the inputs says of each case left out."""
    from sklearn.linear_model import LogisticRegression

    inputs = pd.DataFrame([case.inputs for case in cases]).astype("category")
    x = pd.get_dummies(inputs, dummy_na=True).to_numpy(dtype=float)
    rows = []
    for at in range(len(cases)):
        others = np.arange(len(cases)) != at
        found = np.zeros(len(names_of()))
        if len(set(observed[others])) == 1:
            found[observed[others][0]] = 1.0
        else:
            fitted = LogisticRegression(max_iter=1_000).fit(x[others], observed[others])
            found[fitted.classes_] = fitted.predict_proba(x[at : at + 1])[0]
        rows.append(smoothed(found * others.sum()))
    return np.array(rows)


# -- scores ----------------------------------------------------------------------------------------


def log_scores(given: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Return minus the logarithm of the probability of what was observed, (…, cases); 0 is best.

    Parameters
    ----------
    given
        (…, cases, responses).
    observed
        (cases,).
    """
    return np.asarray(-np.log(given[..., np.arange(len(observed)), observed]))


def brier_scores(given: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Return the squared distance from what was observed, over all responses, (…, cases).

    0 is best, 2 worst (Brier 1950, in the form for several classes).
    """
    return np.asarray(((given - np.eye(given.shape[-1])[observed]) ** 2).sum(axis=-1))


def likeliest(given: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Return whether what was observed has the highest probability, alone, bool (cases,).

    Parameters
    ----------
    given, observed
        As for `log_scores`, (cases, responses) and (cases,).
    """
    most = given == given.max(axis=1, keepdims=True)
    return np.asarray(most[np.arange(len(observed)), observed] & (most.sum(axis=1) == 1))


SCORING = {"log": log_scores, "brier": brier_scores}


def scores(counts: np.ndarray, cases: Sequence[CodedCase]) -> pd.DataFrame:
    """Return the scores of the model and of simple rules, with 95 % intervals.

    Cases are drawn anew, and for the model also worlds, each with all of its runs; the rules keep
    what they say. Intervals of differences draw the same cases for both.

    Parameters
    ----------
    counts
        Of the cases whose response is known.
    cases
        These cases, two or more.

    Returns
    -------
    pandas.DataFrame
        A row a forecaster and subset of two or more cases: ``cases``, the mean ``log``
        and ``brier`` scores with ``_low`` and ``_high``, ``log_gain`` and ``brier_gain`` against
        the base rates (above 0: better), and ``right``, how often the observed response is the
        likeliest, alone.
    """
    observed, insolvent = observed_of(cases), _insolvent(cases)
    chosen = {"all": np.ones(len(cases), bool), "not insolvent": ~insolvent, "insolvent": insolvent}
    said = {MODEL: shares_of(counts), **baselines(cases)}
    again = said | {MODEL: shares_of(counts, _weights(counts.shape[1]))}
    rows = []
    for subset, held in chosen.items():
        own = np.flatnonzero(held)
        if len(own) < 2 or (subset != "all" and len(own) == len(cases)):
            continue
        drawn = np.random.default_rng(_SEED + 1).integers(0, len(own), (RESAMPLES, len(own)))
        found: dict[tuple[str, str], tuple[float, np.ndarray]] = {}
        for name, score in product(said, SCORING):
            function = SCORING[score]
            each = function(again[name][..., own, :], observed[own])
            each = np.broadcast_to(each, (RESAMPLES, len(own)))
            means = np.take_along_axis(each, drawn, axis=1).mean(axis=1)
            found[name, score] = float(function(said[name][own], observed[own]).mean()), means
        for name, given in said.items():
            row = {"forecaster": name, "subset": subset, "cases": len(own)}
            for score in SCORING:
                value, means = found[name, score]
                rates, means_of_rates = found[RATES, score]
                row |= _with_ends(score, value, means)
                row |= _with_ends(f"{score}_gain", rates - value, means_of_rates - means)
            row["right"] = int(likeliest(given[own], observed[own]).sum())
            rows.append(row)
    return pd.DataFrame(rows)


def ablation(runs: pd.DataFrame, counts: np.ndarray, cases: Sequence[CodedCase]) -> pd.DataFrame:
    """Return how much better the model's scores are for each input that it is told.

    Parameters
    ----------
    runs
        Finished runs of a part.
    counts, cases
        As for `scores`.

    Returns
    -------
    pandas.DataFrame
        A row an input: ``known``, in how many cases; ``log`` and ``brier``, the score without it
        minus the score with it (above 0: it helps), with 95 % intervals as in `scores`.
    """
    observed = observed_of(cases)
    weights = _weights(counts.shape[1])
    drawn = np.random.default_rng(_SEED + 1).integers(0, len(cases), (RESAMPLES, len(cases)))
    rows = []
    for name, about in read_codebook().inputs.items():
        row = {"input": about.label, "known": sum(name in case.inputs for case in cases)}
        without = counts_of(runs, cases, name)
        for score, function in SCORING.items():
            worth, again = (
                function(shares_of(without, each), observed)
                - function(shares_of(counts, each), observed)
                for each in (None, weights)
            )
            means = np.take_along_axis(again, drawn, axis=1).mean(axis=1)
            row |= _with_ends(score, float(worth.mean()), means)
        rows.append(row)
    return pd.DataFrame(rows)


def _weights(worlds: int) -> np.ndarray:
    """Return how often each world is drawn, (resamples, worlds)."""
    rng = np.random.default_rng(_SEED)
    return rng.multinomial(worlds, np.full(worlds, 1.0 / worlds), RESAMPLES)


def _with_ends(name: str, value: float, means: np.ndarray) -> dict[str, float]:
    low, high = np.quantile(means, [0.025, 0.975])
    return {name: value, f"{name}_low": float(low), f"{name}_high": float(high)}
