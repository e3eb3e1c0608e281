"""What a run came to, once more in plain loops: the oracle of `sim.outcome`.

Written from the definition of a movement and of the columns of the table of outcomes, without
anything from `sim.outcome`. It reads the rows of the weekly table, the facts of the world that
happen once (weeks are -1 for what never happened), and persons with a status, goals, the efficacy
expected at joining (None for those who never took part) and the weeks in which they took part.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sim.parameters import Parameters
from tests.reference_model import Status

NEVER = -1
YEAR = 52
WEEKS_OF_A_SHARE = 12  # for which 1, 2 or 5 % of the users must take part
ROLES = {Status.SUPPORTER: "supports", Status.ORGANISER: "organises"}


def judge(
    parameters: Parameters,
    table: Sequence[Mapping[str, float]],
    facts: Mapping[str, Any],
    people: Sequence[Any],
    twin: Sequence[Any],
) -> dict[str, Any]:
    """Return every column of the outcome; ``twin`` are the persons of the run without influence."""
    asked = parameters.emergence
    launched, last = facts["launched"], len(table) - 1
    taking_part = [beyond_launch(table, facts, week, "active", people) for week in range(last + 1)]
    organising = [
        beyond_launch(table, facts, week, "organisers", people) * table[week]["people_per_agent"]
        for week in range(last + 1)
    ]
    acting = [is_collective_act(row, asked.petition) for row in table]

    def longest(enough: float) -> int:
        """Return the longest time with so many organisers, weeks, in which they act together."""
        return max((end - start for start, end in movements(organising, acting, enough)), default=0)

    def lasts(share: float) -> bool:
        held = [some > 0 and some >= share * len(people) for some in taking_part]
        return any(end - start >= WEEKS_OF_A_SHARE for start, end in unbroken(held))

    lasting = [
        start
        for start, end in movements(organising, acting, asked.organisers)
        if end - start >= asked.spell
    ]
    emerged = bool(lasting)
    because_of_others = influence(facts, people, twin) if emerged else math.nan
    peak = max(taking_part)
    peak_week = taking_part.index(peak)
    voted, converted = facts["submissions"] > 0, facts["converted"] != NEVER
    collapse, later = aftermath(table, launched, converted)
    participants = [person for person in people if person.expected is not None]
    felt = [satisfaction(person, achievements(table, facts)) for person in participants]
    spent = [float(person.weeks_active) for person in participants]

    def gain(column: str, week: int | None) -> float:
        return math.nan if week is None else table[week][column] - table[0][column]

    grade = "dormant"
    if any(some >= asked.organisers for some in organising):
        grade = "flash"
    if emerged:
        grade = "mobilised"
        left_to_win = mean(alone.expected is None for alone in twin)
        if because_of_others >= 0.5 * left_to_win:
            grade = "recognised" if facts["recognised"] else "movement"
    if converted:
        grade = "converted"

    return {
        "emerged": emerged,
        "grade": grade,
        "emergence_week": lasting[0] if emerged else math.nan,
        "launch_week": launched if launched != NEVER else math.nan,
        "peak_share": peak / len(people),
        "peak_week": peak_week if peak > 0 else math.nan,
        "peak_people": peak * table[peak_week]["people_per_agent"],
        "peak_organisers": max(organising),
        "log_organisers": math.log10(1 + max(organising)),
        "influence": because_of_others,
        "vote_share": facts["best_support"] if voted else math.nan,
        "turnout": facts["turnout"] if voted else math.nan,
        "broker_nonvotes": facts["broker_nonvotes"] if voted else math.nan,
        "votes": facts["submissions"],
        "recognised": bool(facts["recognised"]),
        "spin_off": facts["spin_off"] != NEVER,
        "spin_off_week": facts["spin_off"] if facts["spin_off"] != NEVER else math.nan,
        "converted": converted,
        "yielded": facts["yielded"] != NEVER,
        "recruits_per_supporter": recruits_per_supporter(table, launched, peak_week),
        "exited_share": table[last]["exited"],
        "exited_coop_share": table[last]["exited_coop"],
        "signatures": table[last]["signatures"],
        "aware_end": table[last]["aware"],
        "awareness_gain": gain("aware", last),
        "commons_gain": gain("commons_view", last),
        "literacy_gain": gain("literacy", last),
        "collapse_week": collapse,
        "awareness_after": gain("aware", later),
        "literacy_after": gain("literacy", later),
        "satisfaction_convert": weighted_mean(felt, participants, 0),
        "satisfaction_spread": weighted_mean(felt, participants, 1),
        "satisfaction_promote": weighted_mean(felt, participants, 2),
        "weeks_convert": weighted_mean(spent, participants, 0),
        "weeks_spread": weighted_mean(spent, participants, 1),
        "weeks_promote": weighted_mean(spent, participants, 2),
        "goal_effect": goal_effect(felt, participants),
        "ethical_share": table[last]["ethical"],
        "min_price": min(row["price"] for row in table),
        "end_price": table[last]["price"],
        "mean_distress": mean(row["distress"] for row in table),
        "mean_dissatisfaction": mean(row["dissatisfaction"] for row in table),
        "max_dissatisfied": max(row["dissatisfied"] for row in table),
        "mean_threat": mean(row["threat"] for row in table),
        "min_trust": min(row["trust"] for row in table),
        "mean_value_gap": mean(row["value_gap"] for row in table),
        "max_media": max(row["media"] for row in table),
        **{f"spell_{some}": longest(some) for some in (50, 100, 150, 200)},
        "emerged_50": longest(50) >= asked.spell,
        "emerged_200": longest(200) >= asked.spell,
        "emerged_spell_12": longest(asked.organisers) >= 12,
        "emerged_spell_26": longest(asked.organisers) >= 26,
        "emerged_share_1": lasts(0.01),
        "emerged_share_2": lasts(0.02),
        "emerged_share_5": lasts(0.05),
    }


def mean(values: Any) -> float:
    values = list(values)
    return math.fsum(values) / len(values)


def beyond_launch(
    table: Sequence[Mapping[str, float]],
    facts: Mapping[str, Any],
    week: int,
    column: str,
    people: Sequence[Any],
) -> int:
    """Return how many agents do something in a week, without as many as launched the movement."""
    if facts["launched"] == NEVER or week < facts["launched"]:
        return 0
    return max(round(table[week][column] * len(people)) - int(facts["launch_organisers"]), 0)


def is_collective_act(row: Mapping[str, float], signatures: float) -> bool:
    """An admitted proposal waits, people pledge money, or a petition has signatures enough."""
    return row["admitted"] == 1 or row["pledged"] > 0 or row["signatures"] > signatures


def unbroken(held: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the beginning of every unbroken time, and the week after its end."""
    times = []
    start = None
    for week, holds in enumerate([*held, False]):
        if holds and start is None:
            start = week
        if not holds and start is not None:
            times.append((start, week))
            start = None
    return times


def movements(
    organising: Sequence[float], acting: Sequence[bool], enough: float
) -> list[tuple[int, int]]:
    """Return the unbroken times with so many organisers that have a collective act in them."""
    times = unbroken([some >= enough for some in organising])
    return [(start, end) for start, end in times if any(acting[start:end])]


def influence(facts: Mapping[str, Any], people: Sequence[Any], twin: Sequence[Any]) -> float:
    """Return the share of those who joined who stayed out where nobody influenced anybody."""
    recruits, would_not_have = -int(facts["launch_organisers"]), 0
    for person, alone in zip(people, twin, strict=True):
        if person.expected is not None:
            recruits += 1
            would_not_have += alone.expected is None
    return would_not_have / recruits if recruits > 0 else math.nan


def aftermath(
    table: Sequence[Mapping[str, float]], launched: int, converted: bool
) -> tuple[float, int | None]:
    """Return the week of the collapse, and that in which what the movement left is measured."""
    last = len(table) - 1
    if launched == NEVER:
        return math.nan, last
    most, peak = -1.0, launched
    for week in range(launched, last + 1):
        if table[week]["active"] > most:
            most, peak = table[week]["active"], week
    for week in range(peak, last + 1):
        if not converted and table[week]["active"] < most / 4:
            return week, week + YEAR if week + YEAR <= last else None
    return math.nan, None


def recruits_per_supporter(
    table: Sequence[Mapping[str, float]], launched: int, peak_week: int
) -> float:
    """Return how many joined with an active friend for each who dropped out, launch to peak."""
    joined = dropped = 0.0
    if launched != NEVER:
        for row in table[launched : peak_week + 1]:
            joined += row["joined_peers"]
            dropped += row["dropped"]
    return joined / dropped if dropped > 0 else math.nan


def achievements(table: Sequence[Mapping[str, float]], facts: Mapping[str, Any]) -> list[float]:
    """Return how far the firm was converted, platform cooperatives spread, the idea promoted."""
    first, last = table[0], table[-1]
    if facts["converted"] != NEVER:
        convert = spread = 1.0
    else:
        convert = facts["best_support"]
        spread = 1.0 if facts["spin_off"] != NEVER else last["aware"]
    learned = (last["literacy"] - first["literacy"]) / max(1 - first["literacy"], 1e-9)
    return [convert, spread, min(max(learned, 0.0), 1.0)]


def satisfaction(person: Any, reached: Sequence[float]) -> float:
    """Return what was reached of a person's goals, less what the person expected."""
    got = sum(float(goal) * part for goal, part in zip(person.goals, reached, strict=True))
    return got - float(person.expected)


def weighted_mean(values: Sequence[float], participants: Sequence[Any], goal: int) -> float:
    """Return a mean over participants, weighted by how much they care for a goal."""
    if not participants:
        return math.nan
    weights = [float(person.goals[goal]) for person in participants]
    total = math.fsum(weight * value for weight, value in zip(weights, values, strict=True))
    return total / math.fsum(weights)


def goal_effect(felt: Sequence[float], participants: Sequence[Any]) -> float:
    """Return the variance of satisfaction explained by main goals within roles, adjusted."""
    roles = [ROLES.get(Status(person.status), "neither") for person in participants]
    main = [max(range(3), key=lambda goal, p=person: p.goals[goal]) for person in participants]
    by_role = mean_square_within(felt, roles)
    by_both = mean_square_within(felt, list(zip(roles, main, strict=True)))
    return 1 - by_both / by_role if by_role > 0 else math.nan


def mean_square_within(values: Sequence[float], groups: Sequence[Any]) -> float:
    """Return the squared distance from the mean of the own group, for each degree of freedom."""
    members = defaultdict(list)
    for value, group in zip(values, groups, strict=True):
        members[group].append(value)
    freedom = len(values) - len(members)
    squares = math.fsum((value - mean(each)) ** 2 for each in members.values() for value in each)
    return squares / freedom if freedom > 0 else math.nan
