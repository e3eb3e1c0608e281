"""What came out of a run: emergence, its grade, satisfaction by goal, by-products."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sim.columns import Grade, Outcome
from sim.parameters import Emergence, Parameters
from sim.state import State, Status

MASSES = (50.0, 100.0, 150.0, 200.0)  # people organising, of the neighbouring definitions
SHARES = (0.01, 0.02, 0.05)  # of users taking part, of further ones
SHARE_SPELL = 12  # weeks of the latter
INFLUENCED = 0.5  # from this share of the most influence there can be, people are a movement
COLLAPSED = 0.25  # of the most who ever took part; fewer than that is a collapse
AFTERMATH = 52  # weeks from the collapse until by-products are measured
_ROLE: np.ndarray = np.array(
    [{Status.SUPPORTER: 1, Status.ORGANISER: 2}.get(status, 0) for status in Status], dtype=np.int8
)


def beyond_launch(state: State, column: str) -> np.ndarray:
    """Return the agents in a column of shares beyond those who launched, (horizon + 1,)."""
    world, shares = state.world[0], state.weekly[column]
    beyond = np.zeros(len(shares))
    launched = world["launched"]
    if launched >= 0:
        agents = np.rint(shares[launched:] * state.users.status.size)
        beyond[launched:] = np.maximum(agents - world["launch_organisers"], 0)
    return beyond


def organisers_beyond(state: State) -> np.ndarray:
    """Return the people organising beyond those who launched, (horizon + 1,)."""
    return beyond_launch(state, "organisers") * state.weekly["people_per_agent"]


def collective_acts(state: State, criterion: Emergence) -> np.ndarray:
    """Return the weeks, bool, with a collective act that costs something.

    An admitted proposal that waits for its meeting, pledges that are collected, or a petition
    beyond the signatures that count.
    """
    weekly = state.weekly
    petition = weekly["signatures"] > criterion.petition
    return np.asarray((weekly["admitted"] > 0) | (weekly["pledged"] > 0) | petition)


def spells(held: np.ndarray, acts: np.ndarray | None = None) -> list[tuple[int, int]]:
    """Return first week and length of each unbroken spell, of those with an act if acts are given.

    Examples
    --------
    >>> spells(np.array([True, True, False, True]))
    [(0, 2), (3, 1)]
    >>> spells(np.array([True, True, False, True]), np.array([False, True, True, False]))
    [(0, 2)]
    """
    padded = np.zeros(len(held) + 2, dtype=bool)
    padded[1:-1] = held
    edges = (padded[1:] != padded[:-1]).nonzero()[0].tolist()
    found = zip(edges[::2], edges[1::2], strict=True)
    return [(a, b - a) for a, b in found if acts is None or acts[a:b].any()]


def longest(found: list[tuple[int, int]]) -> float:
    """Return the length of the longest spell, 0 without one."""
    return float(max((length for _, length in found), default=0))


def influence(state: State, twin: State) -> float:
    """Return the share of those who joined who did not join in the twin without influence.

    The launching organisers are left out; NaN if nobody else joined.
    """
    joined, alone = state.users.expected >= 0, twin.users.expected >= 0
    recruits = int(joined.sum()) - int(state.world[0]["launch_organisers"])
    return float((joined & ~alone).sum() / recruits) if recruits > 0 else math.nan


def against_twin(state: State, twin: State) -> tuple[float, float]:
    """Return the influence, and the most that it can be: who joins in the twin cannot be won."""
    return influence(state, twin), float((twin.users.expected < 0).mean())


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
    convert, spread, promote = goals.T  # added up in this order on every processor
    hoped = convert * reached[0] + spread * reached[1] + promote * reached[2]
    return np.asarray(hoped - expected)


def satisfaction_by_goal(felt: np.ndarray, goals: np.ndarray) -> np.ndarray:
    """Return mean satisfaction weighted by each goal, (3,); NaN if nobody took part."""
    if not len(felt):
        return np.full(3, np.nan)
    total = goals.sum(axis=0, dtype=np.float64)
    return (felt[:, np.newaxis] * goals).sum(axis=0) / total  # row by row


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
    """Return the outcome of a finished run; its twin runs only where a movement emerged."""
    criterion, users = parameters.emergence, state.users
    world, weekly = state.world[0], state.weekly
    first, last = weekly[0], weekly[-1]
    beyond = beyond_launch(state, "active")
    peak_week = int(beyond.argmax())
    peak = float(beyond[peak_week] / users.status.size)
    organisers, acts = organisers_beyond(state), collective_acts(state, criterion)
    most_organisers = float(organisers.max())

    def spells_of(mass: float) -> list[tuple[int, int]]:
        return spells(organisers >= mass, acts) if most_organisers >= mass else []

    found = spells_of(criterion.organisers)
    lasting = [week for week, length in found if length >= criterion.spell]
    emerged = bool(lasting)
    social = most = math.nan
    if emerged:
        social, most = against_twin(state, run_twin())
    by_mass = {mass: longest(spells_of(mass)) for mass in MASSES}
    by_share = {
        share: longest(spells((beyond > 0) & (beyond >= share * users.status.size)))
        if peak >= share
        else 0.0
        for share in SHARES
    }
    took_part = users.expected >= 0
    goals = users.goals.compress(took_part, axis=0)
    felt = satisfaction(goals, users.expected[took_part], achievements(state))
    convert, spread, promote = satisfaction_by_goal(felt, goals)
    weeks = satisfaction_by_goal(users.weeks_active[took_part].astype(np.float64), goals)

    def when(week: int) -> float:
        return float(week) if week >= 0 else math.nan

    def gain(column: str, week: int | None = -1) -> float:
        return math.nan if week is None else float(weekly[column][week] - first[column])

    collapse, later = aftermath(state)

    grade = Grade.DORMANT
    if most_organisers >= criterion.organisers:
        grade = Grade.FLASH
    if emerged:
        grade = Grade.MOVEMENT if social >= INFLUENCED * most else Grade.MOBILISED
    if grade is Grade.MOVEMENT and world["recognised"]:
        grade = Grade.RECOGNISED
    if world["converted"] >= 0:
        grade = Grade.CONVERTED
    return Outcome(
        emerged=emerged,
        grade=grade.name.lower(),
        emergence_week=float(lasting[0]) if emerged else math.nan,
        launch_week=when(world["launched"]),
        peak_share=peak,
        peak_week=float(peak_week) if peak > 0 else math.nan,
        peak_people=peak * users.status.size * float(weekly["people_per_agent"][peak_week]),
        peak_organisers=most_organisers,
        log_organisers=math.log10(1.0 + most_organisers),
        influence=social,
        vote_share=float(world["best_support"]) if world["submissions"] else math.nan,
        turnout=float(world["turnout"]) if world["submissions"] else math.nan,
        broker_nonvotes=float(world["broker_nonvotes"]) if world["submissions"] else math.nan,
        votes=int(world["submissions"]),
        recognised=bool(world["recognised"]),
        spin_off=bool(world["spin_off"] >= 0),
        spin_off_week=when(world["spin_off"]),
        converted=bool(world["converted"] >= 0),
        yielded=bool(world["yielded"] >= 0),
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
        weeks_convert=float(weeks[0]),
        weeks_spread=float(weeks[1]),
        weeks_promote=float(weeks[2]),
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
        spell_50=by_mass[50.0],
        spell_100=by_mass[100.0],
        spell_150=by_mass[150.0],
        spell_200=by_mass[200.0],
        emerged_50=by_mass[50.0] >= criterion.spell,
        emerged_200=by_mass[200.0] >= criterion.spell,
        emerged_spell_12=longest(found) >= 12,
        emerged_spell_26=longest(found) >= 26,
        emerged_share_1=by_share[0.01] >= SHARE_SPELL,
        emerged_share_2=by_share[0.02] >= SHARE_SPELL,
        emerged_share_5=by_share[0.05] >= SHARE_SPELL,
    )
