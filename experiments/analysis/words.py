"""What was found, in words an organiser can follow; every number is one of a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.analysis.critical_cost import FOUND
from experiments.analysis.minimal_sets import Cube, covers, minimum_cover, prime_implicants
from experiments.text import counted, joined, number, points, share, whole

NUMBERS = ("none", "one", "two", "all three")
TRUST = "lost_trust"
"""The condition of which claim C5 says that it draws attention."""


def by_cost(costs: pd.DataFrame) -> str:
    """Return up to which cost of taking part none, one, two or all conditions are enough.

    Parameters
    ----------
    costs
        From `critical_cost.critical_costs`.
    """
    names, every = _singles(costs), int(costs["size"].max())
    if (costs["status"] != FOUND).any():
        missing = joined([f"{r.set} ({r.status})" for r in costs.itertuples() if r.status != FOUND])
        return f"The costs tried do not enclose all critical costs of {names}: {missing}."
    parts, reached = [], -math.inf
    for size, best in _best_by_size(costs, "cost"):
        cost = number(best["cost"], best["low"], best["high"])
        if size == 0:
            parts.append(f"up to {cost} none of {names} is needed")
        elif best["cost"] <= reached:
            parts.append(f"{_count(size, every)} carry no further than fewer")
        else:
            verb = "is" if size == 1 else "are"
            which = "" if size == every else f" ({best['set']})"
            parts.append(f"up to {cost} {_count(size, every)} {verb} enough{which}")
        reached = max(reached, best["cost"])
    return (
        "It depends on what taking part costs. Half of the runs or more have a movement: "
        f"{'; '.join(parts)}; beyond, not even all are enough."
    )


def by_cost_short(costs: pd.DataFrame) -> str:
    """Return the same in one line, without intervals."""
    if (costs["status"] != FOUND).any():
        return ""
    every = int(costs["size"].max())
    (_, none), *others = _best_by_size(costs, "cost")
    parts = [
        f"{_count(size, every)} of them up to {number(best['cost'])}"
        + ("" if size == every else f" ({best['set']})")
        for size, best in others
    ]
    return (
        f"half of the runs have a movement without any of {_singles(costs)} if taking part costs "
        f"up to {number(none['cost'])}, with {joined(parts)}"
    )


def sufficiency(table: pd.DataFrame, among: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Return in which settings of the other conditions one, two or all three are enough.

    Parameters
    ----------
    table
        From `how_many.how_many`.
    among
        The conditions asked about.
    labels
        A condition's name in words.
    """
    others = list(table.columns[: list(table.columns).index("needed")])
    groups: dict[tuple[int, str, tuple[tuple[str, ...], ...]], list[int]] = {}
    for i, row in table.iterrows():
        if row["needed"] is not pd.NA:
            fewer = any(len(each) < row["needed"] for each in row["open"])
            kind = "fewer open" if fewer else "enough"
            needed = int(row["needed"])
        else:
            kind = "undecided" if tuple(among) in row["open"] else "never"
            needed = len(among) + 1
        groups.setdefault((needed, kind, row["sets"]), []).append(int(str(i)))
    sentences = []
    for (needed, kind, sets), rows in sorted(groups.items()):
        where = setting(table.loc[rows], others, labels, len(table))
        if kind == "never":
            text = f"Not even {joined(among)} together are enough"
        elif kind == "undecided":
            text = f"Whether {joined(among)} together are enough is undecided by these runs"
        elif needed == 0:
            text = f"A movement emerges without any of {joined(among)}"
        elif needed == len(among):
            text = f"All of {joined(among)} together are enough"
            text += ", and nothing less" if kind == "enough" else "; whether fewer are is undecided"
        else:
            verb = "is" if needed == 1 else "are"
            text = f"{_count(needed, len(among)).capitalize()} of them {verb} enough: "
            text += " or ".join(together(each) for each in sets if len(each) == needed)
            more = " or ".join(together(each) for each in sets if len(each) > needed)
            text += f" (also {more})" if more else ""
            text += "" if kind == "enough" else "; whether fewer are is undecided"
        sentences.append(f"{text}, {where}.")
    return sentences


def together(conditions: Sequence[str]) -> str:
    """Return a set of conditions as a name."""
    return " + ".join(conditions) or "none of them"


def setting(
    rows: pd.DataFrame, others: Sequence[str], labels: Mapping[str, str], total: int
) -> str:
    """Return settings of some conditions in words, as short as they can be put."""
    if not others:
        return "nothing else varied"
    if len(rows) == total:
        return "whatever else holds"
    ones = [tuple(int(v) for v in row) for row in rows[list(others)].to_numpy()]
    cubes = minimum_cover(prime_implicants(ones, len(others)), ones)
    texts = [_cube(cube, others, labels) for cube in cubes]
    count = f"in {len(rows)} of {total} settings of the other conditions"
    assert all(any(covers(cube, row) for cube in cubes) for row in ones)
    return f"{count}: {'; or '.join(texts)}"


def by_number(sets: pd.DataFrame) -> str:
    """Return the share under no, one, two, all of some conditions, from `how_many.by_set`."""
    if sets["share"].isna().any():
        return "No replicate has run all combinations yet."
    every = int(sets["size"].max())
    parts = []
    for size, best in _best_by_size(sets, "share"):
        value = share(best["share"], best["low"], best["high"])
        if size in (0, every):
            parts.append(f"{value} of runs with {'none' if size == 0 else 'all'} of them")
        else:
            parts.append(f"at most {value} with {_count(size, every)} ({best['set']})")
    return (
        "Averaged over all settings of the other conditions, a movement emerges, of "
        f"{_singles(sets)}, in {joined(parts)}."
    )


def effects(table: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """Return the main effects in words, from `effects.main_effects`, a sentence a verdict."""
    ordered = table.sort_values("effect", ascending=False, kind="stable")
    sentences = []
    for verdict, start in (
        ("raises", "Raises emergence"),
        ("lowers", "Lowers emergence"),
        ("no material effect", "Makes no material difference"),
        ("undecided", "Undecided by these runs"),
    ):
        rows = ordered[ordered["verdict"] == verdict]
        if len(rows):
            described = [
                f"“{labels.get(r.condition, r.condition)}” {points(r.effect, r.low, r.high)}"
                for r in rows.itertuples()
            ]
            sentences.append(f"{start}: {joined(described)}.")
    return sentences


def leak(leakage: pd.DataFrame, condition: str, into: str, level: str) -> str:
    """Return how far a condition changed a level that is another's, from `effects.leakage`."""
    row = leakage[(leakage["condition"] == condition) & (leakage["level"] == level)]
    if row.empty:
        return ""
    found = row.iloc[0]
    change = number(found["difference"], found["low"], found["high"], sign=True)
    of_own = "" if math.isnan(found["of_own"]) else f", {whole(100 * found['of_own'])} % of what "
    own = f"the condition {into} itself does" if of_own else ""
    return f"{condition} changes {level.replace('_', ' ')} by {change}{of_own}{own}"


def launch(contrast: Mapping[str, Any], when: Any) -> list[str]:
    """Return what the contrast of launch weeks says, from `launch_window.contrast`."""
    if math.isnan(contrast["difference"]):
        return ["There are too few runs to compare launch weeks."]
    best, worst = when(contrast["best_week"]), when(contrast["worst_week"])
    change = points(contrast["difference"], contrast["low"], contrast["high"])
    verdict = {
        "raises": "The moment of launch matters",
        "no material effect": "The moment of launch hardly matters",
    }.get(contrast["verdict"], "Whether the moment of launch matters is open")
    sentences = [
        f"{verdict}: launching in {best} instead of {worst} changes the share of runs with a "
        f"movement by {change} (weeks chosen on the odd replicates, compared on the even ones, "
        f"{counted(int(contrast['replicates']), 'pair')}: {share(contrast['best_share'])} against "
        f"{share(contrast['worst_share'])})."
    ]
    if not math.isnan(contrast["width"]):
        sentences.append(
            f"The window, the launch weeks around the best one with at least half of its "
            f"successes, goes from {when(contrast['window_start'])} to "
            f"{when(contrast['window_end'])}, {int(contrast['width'])} weeks."
        )
    return sentences


def launch_variants(table: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return how the window of each variant differs from the first's, from `contrasts`."""
    first, sentences = table.iloc[0], []
    for row in table.iloc[1:].itertuples():
        window = f"goes from week {row.window_start:.0f} to {row.window_end:.0f}"
        if row.verdict != "raises":
            unseen = "is not seen to make a material difference"
            verdict = {"no material effect": "makes no material difference"}.get(
                row.verdict, unseen
            )
            found = f"the week of launch {verdict}: {points(row.difference, row.low, row.high)}"
        elif (row.window_start, row.window_end) != (first["window_start"], first["window_end"]):
            start, end = first["window_start"], first["window_end"]
            found = f"the window {window} instead of week {start:.0f} to {end:.0f}"
        else:
            found = "the window is the same"
        sentences.append(f"In the variant “{names.get(row.part, row.part)}” {found}.")
    return sentences


def _best_by_size(table: pd.DataFrame, value: str) -> list[tuple[int, pd.Series]]:
    """Return the set of each size with the highest value, none first."""
    return [(int(size), of.loc[of[value].idxmax()]) for size, of in table.groupby("size")]


def _singles(table: pd.DataFrame) -> str:
    return joined(table.loc[table["size"] == 1, "set"])


def _count(size: int, every: int) -> str:
    if size == every:
        return "all" if every > 3 else NUMBERS[size] if every == 3 else "both"
    return NUMBERS[size] if size < 3 else str(size)


def _cube(cube: Cube, names: Sequence[str], labels: Mapping[str, str]) -> str:
    quoted = [f"“{labels.get(name, name)}”" for name in names]
    held = [name for name, value in zip(quoted, cube, strict=True) if value == 1]
    absent = [name for name, value in zip(quoted, cube, strict=True) if value == 0]
    parts = [f"with {joined(held)}"] if held else []
    return " and ".join([*parts, f"without {joined(absent)}"] if absent else parts)
