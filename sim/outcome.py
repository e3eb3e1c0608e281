"""What came out of a run: emergence, its grade, satisfaction by goal, by-products."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np

from sim.columns import Grade, Outcome
from sim.parameters import Emergence, Parameters
from sim.state import State, Status

ALTERNATIVE_SHARES = (0.01, 0.05)
ALTERNATIVE_PEOPLE = 400.0  # the default critical mass in the default world
ALTERNATIVE_SPELL = 26  # weeks
COLLAPSED = 0.25  # of the most who ever took part; fewer than that is a collapse
AFTERMATH = 52  # weeks from the collapse until by-products are measured
_ROLE: np.ndarray = np.array(
    [{Status.SUPPORTER: 1, Status.ORGANISER: 2}.get(status, 0) for status in Status]
)


def beyond_launch(state: State) -> np.ndarray:
    """Return the agents active beyond the launching organisers, (horizon + 1,), from the launch."""
    world, active = state.world[0], state.weekly["active"]
    beyond = np.zeros(len(active))
    launched = world["launched"]
    if launched >= 0:
        agents = np.rint(active[launched:] * state.users.status.size)
        beyond[launched:] = np.maximum(agents - world["launch_organisers"], 0)
    return beyond


def spell_start(held: np.ndarray, spell: int) -> float:
    """Return the first week of the first unbroken spell of that length; NaN if there is none."""
    week = held.tobytes().find(b"\x01" * spell)
    return float(week) if week >= 0 else math.nan


def at_mass(state: State, beyond: np.ndarray, criterion: Emergence) -> np.ndarray:
    """Return for every week, bool, whether those beyond the launch reach the critical mass."""
    if criterion.mass_people > 0:
        reached = beyond * state.weekly["people_per_agent"] >= criterion.mass_people
    else:
        reached = beyond >= criterion.mass_share * state.users.status.size
    return np.asarray(reached & (beyond > 0))


@cache
def definitions(criterion: Emergence) -> dict[str, Emergence]:
    """Return the criterion (``emerged``) and the alternatives that every headline is repeated for.

    They are named like the fields of `Outcome`.
    """
    low, high = ALTERNATIVE_SHARES
    return {
        "emerged": criterion,
        "emerged_mass_1": replace(criterion, mass_share=low, mass_people=0.0),
        "emerged_mass_5": replace(criterion, mass_share=high, mass_people=0.0),
        "emerged_people": replace(criterion, mass_people=ALTERNATIVE_PEOPLE),
        "emerged_spell_26": replace(criterion, spell=ALTERNATIVE_SPELL),
    }


def spells(state: State, beyond: np.ndarray, criterion: Emergence) -> dict[str, float]:
    """Return the first week of a spell by each of the `definitions`; NaN where there is none."""
    return {
        name: spell_start(at_mass(state, beyond, definition), definition.spell)
        for name, definition in definitions(criterion).items()
    }


def peak_share(state: State) -> float:
    """Return the largest share of users active beyond the launching organisers."""
    return float(beyond_launch(state).max() / state.users.status.size)


def achievements(state: State) -> np.ndarray:
    """Return how far each goal was reached, (3,), in [0, 1].

    Convert this firm: done, or else the best support at a meeting. Spread platform cooperatives:
    done if a spin-off or the converted firm exists, or else the share of users aware. Promote
    cooperatives in general: the rise of mean literacy as a share of what could be gained.
    """
    world, weekly = state.world[0], state.weekly
    converted = world["converted"] >= 0
    founded = world["spin_off"] >= 0
    start, end = weekly["literacy"][0], weekly["literacy"][-1]
    return np.array(
        [
            1.0 if converted else world["best_support"],
            1.0 if converted or founded else weekly["aware"][-1],
            min(max((end - start) / max(1.0 - start, 1e-9), 0.0), 1.0),
        ]
    )


def satisfaction(goals: np.ndarray, expected: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """Return the satisfaction of users, (n,), in [-1, 1].

    `achievements` weighted by the user's goals, minus the efficacy expected at joining.
    """
    convert, spread, promote = (goals * reached).T  # added up in this order on every processor
    return np.asarray(convert + spread + promote - expected)


def satisfaction_by_goal(felt: np.ndarray, goals: np.ndarray) -> np.ndarray:
    """Return mean satisfaction weighted by each goal, (3,); NaN if nobody took part."""
    if not len(felt):
        return np.full(3, np.nan)
    return (felt[:, np.newaxis] * goals).sum(axis=0) / goals.sum(axis=0)  # row by row


def goal_effect(felt: np.ndarray, goals: np.ndarray, status: np.ndarray) -> float:
    """Return the share of the variance of satisfaction that a user's main goal explains.

    Of all who took part, beyond their role at the end (organiser, supporter, neither), adjusted
    for the number of groups: 1 - MS(within role and goal) / MS(within role), which is 0 on average
    if goals are shuffled (adjusted partial eta squared). NaN with too few who took part.
    """
    role = _ROLE[status]

    def mean_square(group: np.ndarray) -> float:
        count = np.bincount(group)
        freedom = len(felt) - np.count_nonzero(count)
        if freedom <= 0:
            return math.nan
        means = np.bincount(group, weights=felt) / np.maximum(count, 1)
        return float(((felt - means[group]) ** 2).sum() / freedom)

    total = mean_square(role)
    if not total > 0:
        return math.nan
    return 1.0 - mean_square(role * 3 + goals.argmax(axis=1)) / total


def recruits_per_supporter(state: State, peak: int) -> float:
    """Return users who joined with an active neighbour per drop-out, from launch to peak.

    In this growing phase it estimates the recruits a supporter brings in during a spell of
    support: recruits per supporter and week over drop-outs per supporter and week. NaN if nobody
    dropped out.
    """
    launched = state.world[0]["launched"]
    if launched < 0:
        return math.nan
    phase = state.weekly[launched : peak + 1]
    dropped = phase["dropped"].sum()
    return float(phase["joined_peers"].sum() / dropped) if dropped > 0 else math.nan


def aftermath(state: State) -> tuple[float, int | None]:
    """Return the week of the movement's collapse, and the week of its by-products.

    It collapses when fewer than a quarter of those take part who did at the peak, and its
    by-products are measured a year later. There are none to measure after a conversion, or if the
    year is not over at the horizon. Without a launch nothing collapses: the horizon stands in.
    """
    world, active = state.world[0], state.weekly["active"]
    last, launched = len(active) - 1, world["launched"]
    if launched < 0:
        return math.nan, last
    peak = launched + int(active[launched:].argmax())
    below = np.flatnonzero(active[peak:] < COLLAPSED * active[peak])
    if world["converted"] >= 0 or not below.size:
        return math.nan, None
    collapse = peak + int(below[0])
    return float(collapse), collapse + AFTERMATH if collapse + AFTERMATH <= last else None


def judge(parameters: Parameters, state: State, run_twin: Callable[[], State]) -> Outcome:
    """Return the outcome of a finished run; its twin runs only where the mass held for a spell."""
    criterion, users = parameters.emergence, state.users
    world, weekly = state.world[0], state.weekly
    first, last = weekly[0], weekly[-1]
    beyond = beyond_launch(state)
    peak_week = int(beyond.argmax())
    peak = float(beyond[peak_week] / users.status.size)
    held = spells(state, beyond, criterion)
    twin_peak = math.nan
    if any(not math.isnan(week) for week in held.values()):
        twin_peak = peak_share(run_twin())
    social = peak >= criterion.twin_ratio * twin_peak  # false without a twin, for NaN
    emerged = {name: social and not math.isnan(week) for name, week in held.items()}
    took_part = users.expected >= 0
    goals, expected = users.goals.astype(np.float64), users.expected.astype(np.float64)
    felt = satisfaction(goals, expected, achievements(state))[took_part]
    goals = goals.compress(took_part, axis=0)
    convert, spread, promote = satisfaction_by_goal(felt, goals)

    def when(week: int) -> float:
        return float(week) if week >= 0 else math.nan

    def gain(column: str, week: int | None = -1) -> float:
        return math.nan if week is None else float(weekly[column][week] - first[column])

    collapse, later = aftermath(state)

    grade = Grade.DORMANT
    if at_mass(state, beyond, criterion).any():
        grade = Grade.FLASH
    if not math.isnan(held["emerged"]):
        grade = Grade.SUSTAINED if social else Grade.CROWD
    if grade is Grade.SUSTAINED and world["recognised"]:
        grade = Grade.RECOGNISED
    if world["converted"] >= 0:
        grade = Grade.CONVERTED
    return Outcome(
        **emerged,
        grade=grade.name.lower(),
        emergence_week=held["emerged"] if emerged["emerged"] else math.nan,
        launch_week=when(world["launched"]),
        peak_share=peak,
        peak_week=float(peak_week) if peak > 0 else math.nan,
        twin_peak_share=twin_peak,
        vote_share=float(world["best_support"]) if world["submissions"] else math.nan,
        votes=int(world["submissions"]),
        recognised=bool(world["recognised"]),
        spin_off=bool(world["spin_off"] >= 0),
        spin_off_week=when(world["spin_off"]),
        converted=bool(world["converted"] >= 0),
        recruits_per_supporter=recruits_per_supporter(state, peak_week),
        exited_share=float(last["exited"]),
        exited_coop_share=float(last["exited_coop"]),
        signatures=float(last["signatures"]),
        aware_end=float(last["aware"]),
        awareness_gain=gain("aware"),
        commons_gain=gain("commons_view"),
        literacy_gain=gain("literacy"),
        collapse_week=collapse,
        awareness_after=gain("aware", later),
        literacy_after=gain("literacy", later),
        satisfaction_convert=float(convert),
        satisfaction_spread=float(spread),
        satisfaction_promote=float(promote),
        goal_effect=goal_effect(felt, goals, users.status[took_part]),
        ethical_share=float(last["ethical"]),
        min_price=float(weekly["price"].min()),
        end_price=float(last["price"]),
        mean_distress=float(weekly["distress"].mean()),
        mean_dissatisfaction=float(weekly["dissatisfaction"].mean()),
        max_dissatisfied=float(weekly["dissatisfied"].max()),
        mean_threat=float(weekly["threat"].mean()),
        min_trust=float(weekly["trust"].min()),
        mean_value_gap=float(weekly["value_gap"].mean()),
        max_media=float(weekly["media"].max()),
    )
