"""What came out of a run: emergence, its grade, satisfaction by goal, by-products."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.parameters import Emergence, Parameters
from sim.state import State, Status

ALTERNATIVE_SHARES = (0.01, 0.05)
ALTERNATIVE_PEOPLE = 400.0  # the default critical mass in the default world
ALTERNATIVE_SPELL = 26  # weeks


class Grade(IntEnum):
    """How far the movement came; each grade is more than the one before."""

    DORMANT = 0  # never at the critical mass
    FLASH = 1  # at the mass, not for a spell
    CROWD = 2  # for a spell, but no more than individuals with the same grievance would have been
    SUSTAINED = 3  # a movement
    RECOGNISED = 4  # a movement whose proposal won the support needed to file it again
    CONVERTED = 5  # control bought


class Outcome(NamedTuple):
    """The outcome of a run; weeks are NaN for what never happened, shares are of all users."""

    emerged: bool  # the mass held for a spell, and the twin's peak surpassed
    grade: str  # a Grade in lower case, the highest reached
    emergence_week: float  # first week of the spell
    launch_week: float
    peak_share: float  # largest share active beyond the launching organisers
    peak_week: float
    twin_peak_share: float  # of the twin without social influence; NaN where it was not needed
    vote_share: float  # best support at a meeting, for / (for + against); NaN: no vote
    votes: int  # proposals voted on
    recognised: bool  # some vote reached the support needed to file again
    spin_off: bool
    spin_off_week: float
    converted: bool
    recruits_per_supporter: float  # joined with an active neighbour per drop-out, launch to peak
    exited_share: float  # for a rival, at the horizon
    exited_coop_share: float
    signatures: float  # people
    aware_end: float
    awareness_gain: float  # aware at the horizon minus week 0
    commons_gain: float  # mean commons view, likewise
    literacy_gain: float  # mean cooperative literacy, likewise
    satisfaction_convert: float  # of all who took part, weighted by their goal, in [-1, 1]
    satisfaction_spread: float
    satisfaction_promote: float
    goal_effect: float  # variance of satisfaction explained by main goal beyond role, adjusted
    ethical_share: float  # stock held by ethical investors at the horizon
    min_price: float
    end_price: float
    mean_distress: float
    mean_dissatisfaction: float
    max_dissatisfied: float  # largest share of users dissatisfied
    mean_threat: float
    min_trust: float
    mean_value_gap: float
    max_media: float
    emerged_mass_1: bool  # emergence by a mass of 1 %
    emerged_mass_5: bool  # by 5 %
    emerged_people: bool  # by 400 people
    emerged_spell_26: bool  # for 26 weeks


def beyond_launch(state: State) -> np.ndarray:
    """Return the agents active beyond the launching organisers, (horizon + 1,), from the launch."""
    world, weekly = state.world[0], state.weekly
    active = np.rint(weekly["active"] * state.users.status.size)
    if world["launched"] < 0:
        return np.zeros_like(active)
    started = weekly["week"] >= world["launched"]
    return np.where(started, np.maximum(active - world["launch_organisers"], 0), 0.0)


def spell_start(at_mass: np.ndarray, spell: int) -> float:
    """Return the first week of the first unbroken spell of that length; NaN if there is none."""
    length = 0
    for week, holds in enumerate(at_mass):
        length = length + 1 if holds else 0
        if length == spell:
            return float(week - spell + 1)
    return math.nan


def at_mass(state: State, criterion: Emergence) -> np.ndarray:
    """Return for every week whether the critical mass is reached."""
    beyond = beyond_launch(state)
    if criterion.mass_people > 0:
        reached = beyond * state.weekly["people_per_agent"] >= criterion.mass_people
    else:
        reached = beyond >= criterion.mass_share * state.users.status.size
    return np.asarray(reached & (beyond > 0))


def alternatives(criterion: Emergence) -> dict[str, Emergence]:
    """Return the other definitions of emergence under which every headline is repeated."""
    low, high = ALTERNATIVE_SHARES
    spell, ratio = criterion.spell, criterion.twin_ratio
    share, people = criterion.mass_share, criterion.mass_people
    return {
        "emerged_mass_1": Emergence(low, 0.0, spell, ratio),
        "emerged_mass_5": Emergence(high, 0.0, spell, ratio),
        "emerged_people": Emergence(share, ALTERNATIVE_PEOPLE, spell, ratio),
        "emerged_spell_26": Emergence(share, people, ALTERNATIVE_SPELL, ratio),
    }


def spells(state: State, criterion: Emergence) -> dict[str, float]:
    """Return the first week of a spell by the criterion (``emerged``) and its alternatives."""
    definitions = {"emerged": criterion, **alternatives(criterion)}
    return {
        name: spell_start(at_mass(state, definition), definition.spell)
        for name, definition in definitions.items()
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


def satisfaction(state: State) -> np.ndarray:
    """Return the satisfaction of each user, (n,), in [-1, 1]; NaN for those who never joined.

    Achievements weighted by the user's goals, minus the efficacy expected at joining.
    """
    reached = state.users.goals.astype(np.float64) @ achievements(state)
    expected = state.users.expected.astype(np.float64)
    return np.where(expected >= 0, reached - expected, np.nan)


def satisfaction_by_goal(state: State) -> np.ndarray:
    """Return mean satisfaction weighted by each goal, (3,); NaN if nobody took part."""
    values = satisfaction(state)
    took_part = ~np.isnan(values)
    if not took_part.any():
        return np.full(3, np.nan)
    weights = state.users.goals[took_part].astype(np.float64)
    return np.asarray(values[took_part] @ weights / weights.sum(axis=0))


def goal_effect(state: State) -> float:
    """Return the share of the variance of satisfaction that a user's main goal explains.

    Of all who took part, beyond their role at the end (organiser, supporter, neither), adjusted
    for the number of groups: 1 - MS(within role and goal) / MS(within role), which is 0 on average
    if goals are shuffled (adjusted partial eta squared). NaN with too few who took part.
    """
    values = satisfaction(state)
    took_part = ~np.isnan(values)
    values = values[took_part]
    goal = state.users.goals[took_part].argmax(axis=1)
    status = state.users.status[took_part]
    role = np.where(status == Status.ORGANISER, 2, np.where(status == Status.SUPPORTER, 1, 0))

    def mean_square(groups: np.ndarray) -> float:
        _, members = np.unique(groups, return_inverse=True)
        count = np.bincount(members)
        means = np.bincount(members, weights=values) / count
        freedom = len(values) - len(count)
        if freedom <= 0:
            return math.nan
        return float(((values - means[members]) ** 2).sum() / freedom)

    total = mean_square(role) if len(values) else math.nan
    return 1.0 - mean_square(role * 3 + goal) / total if total > 0 else math.nan


def recruits_per_supporter(state: State) -> float:
    """Return users who joined with an active neighbour per drop-out, from launch to peak.

    In this growing phase it estimates the recruits a supporter brings in during a spell of
    support: recruits per supporter and week over drop-outs per supporter and week. NaN if nobody
    dropped out.
    """
    launched = state.world[0]["launched"]
    if launched < 0:
        return math.nan
    peak = int(beyond_launch(state).argmax())
    phase = state.weekly[launched : peak + 1]
    dropped = phase["dropped"].sum()
    return float(phase["joined_peers"].sum() / dropped) if dropped > 0 else math.nan


def judge(parameters: Parameters, state: State, twin: State | None) -> Outcome:
    """Return the outcome of a finished run, given its twin where the mass held for a spell."""
    world, weekly = state.world[0], state.weekly
    peak = peak_share(state)
    twin_peak = math.nan if twin is None else peak_share(twin)
    social = twin is not None and peak >= parameters.emergence.twin_ratio * twin_peak
    held = spells(state, parameters.emergence)
    emerged = {name: social and not math.isnan(week) for name, week in held.items()}
    beyond = beyond_launch(state)
    goals = satisfaction_by_goal(state)

    def when(week: int) -> float:
        return float(week) if week >= 0 else math.nan

    def gain(column: str) -> float:
        return float(weekly[column][-1] - weekly[column][0])

    grade = Grade.DORMANT
    if at_mass(state, parameters.emergence).any():
        grade = Grade.FLASH
    if not math.isnan(held["emerged"]):
        grade = Grade.SUSTAINED if social else Grade.CROWD
    if grade is Grade.SUSTAINED and world["recognised"]:
        grade = Grade.RECOGNISED
    if world["converted"] >= 0:
        grade = Grade.CONVERTED
    return Outcome(
        emerged=emerged["emerged"],
        grade=grade.name.lower(),
        emergence_week=held["emerged"] if emerged["emerged"] else math.nan,
        launch_week=when(world["launched"]),
        peak_share=peak,
        peak_week=float(beyond.argmax()) if peak > 0 else math.nan,
        twin_peak_share=twin_peak,
        vote_share=float(world["best_support"]) if world["submissions"] else math.nan,
        votes=int(world["submissions"]),
        recognised=bool(world["recognised"]),
        spin_off=bool(world["spin_off"] >= 0),
        spin_off_week=when(world["spin_off"]),
        converted=bool(world["converted"] >= 0),
        recruits_per_supporter=recruits_per_supporter(state),
        exited_share=float(weekly["exited"][-1]),
        exited_coop_share=float(weekly["exited_coop"][-1]),
        signatures=float(weekly["signatures"][-1]),
        aware_end=float(weekly["aware"][-1]),
        awareness_gain=gain("aware"),
        commons_gain=gain("commons_view"),
        literacy_gain=gain("literacy"),
        satisfaction_convert=float(goals[0]),
        satisfaction_spread=float(goals[1]),
        satisfaction_promote=float(goals[2]),
        goal_effect=goal_effect(state),
        ethical_share=float(weekly["ethical"][-1]),
        min_price=float(weekly["price"].min()),
        end_price=float(weekly["price"][-1]),
        mean_distress=float(weekly["distress"].mean()),
        mean_dissatisfaction=float(weekly["dissatisfaction"].mean()),
        max_dissatisfied=float(weekly["dissatisfied"].max()),
        mean_threat=float(weekly["threat"].mean()),
        min_trust=float(weekly["trust"].min()),
        mean_value_gap=float(weekly["value_gap"].mean()),
        max_media=float(weekly["media"].max()),
        emerged_mass_1=emerged["emerged_mass_1"],
        emerged_mass_5=emerged["emerged_mass_5"],
        emerged_people=emerged["emerged_people"],
        emerged_spell_26=emerged["emerged_spell_26"],
    )
