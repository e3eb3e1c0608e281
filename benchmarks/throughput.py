"""User-weeks a second: the full model, the plain-Mesa oracle, the canonical model."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import canonical
from benchmarks.canonical.world import draw_world
from benchmarks.full_model import (
    LUCK,
    SEED,
    Live,
    active_world,
    begin,
    former_world,
    lay,
    weeks_alone,
)
from benchmarks.measure import (
    MILLIONS,
    Section,
    alternate,
    lines_of_code,
    processor_seconds,
    rate,
    ratios,
    say,
)
from experiments.places import ROOT
from sim import simulate
from sim.parameters import Parameters
from tests.reference_model import ReferenceModel

SIZES = (1_000, 10_000, 100_000, 1_000_000)  # users
COMPARED = 10_000  # users at which worlds and packages are compared
ORACLE_FIRST = 60  # week from which the oracle is timed
ORACLE_WEEKS = {1_000: 40, 10_000: 6}
CANONICAL_WEEKS = {
    "Mesa": {1_000: 100, 10_000: 10, 100_000: 2},
    "AgentPy": {1_000: 100, 10_000: 10, 100_000: 2},
    "Starsim": {1_000: 500, 10_000: 200, 100_000: 40, 1_000_000: 4},
    "NumPy": {1_000: 2_000, 10_000: 500, 100_000: 100, 1_000_000: 10},
}
AGREEMENT = "tests/test_benchmarks.py"


def everything(parameters: Parameters, seeds: Sequence[int]) -> Callable[[int], float]:
    """Return a sampler of million user-weeks/s of whole runs, with each of these seeds."""
    work = parameters.users.count * parameters.horizon * len(seeds)
    return rate(work, lambda _: [simulate(parameters, seed) for seed in seeds])


def full_model() -> Section:
    """Measure the compiled model."""
    section = Section(
        "The full model",
        "In a world that the patterns of real campaigns allow, near its most active "
        "(`benchmarks.full_model.active_world`), mean degree 16, 260 weeks. *Weeks alone* moves a "
        "state that is there to the horizon; *everything* is `sim.simulate`: network, set-up, "
        "weeks, the twin where a movement emerges, which is a second run on the same network, and "
        "the outcome; it is counted in user-weeks of the run that was asked for. Both meet the "
        "luck with which the movement is most active ({active}); *all luck* is the mean over the "
        "{count} seeds for which the patterns hold, with {emerged} of which a movement emerges at "
        "{users:,} users. *Former world* is the one that was measured before "
        "(`benchmarks.full_model.former_world`): plausible ranges allow it, but its movement does "
        "not fade ({former} of all users are active on average).",
    )
    active = {}
    for users in SIZES:
        say(f"  {users:,} users")
        parameters = active_world(users)
        live = begin(parameters)
        active[users] = _mean_activity(live)
        seeds = [SEED] * max(1, 20_000 // users)
        samplers = {
            "weeks alone": weeks_alone(live, 0, parameters.horizon),
            "everything": everything(parameters, seeds),
        }
        if users == COMPARED:
            former = former_world(users)
            before = begin(former)
            samplers |= {
                "everything, all luck": everything(parameters, LUCK),
                "weeks alone, former world": weeks_alone(before, 0, former.horizon),
                "everything, former world, all luck": everything(former, LUCK),
            }
        section.alternate(3 if users == SIZES[-1] else 5, samplers, MILLIONS, users)
    low, high = min(active.values()), max(active.values())
    emerged = sum(simulate(active_world(COMPARED), seed).outcome.emerged for seed in LUCK)
    section.how = section.how.format(
        active=f"{low:.0%} to {high:.0%} of all users on average",
        count=len(LUCK),
        emerged=emerged,
        users=COMPARED,
        former=f"{_mean_activity(before):.0%}",
    )
    return section


def _mean_activity(live: Live) -> float:
    """Return the share of users who are active, the mean over the weeks of a run."""
    run = live.copy()
    run.advance(0, len(run.state.weekly) - 1)
    return float(run.state.weekly["active"].mean())


def oracle() -> Section:
    """Compare with the same model in plain Mesa."""
    first = ORACLE_FIRST
    stretches = ", ".join(
        f"{first} to {first + weeks} of {users:,} users" for users, weeks in ORACLE_WEEKS.items()
    )
    section = Section(
        "The full model against the plain-Mesa oracle",
        "`tests/reference_model.py`, an object a user, over the same weeks of the same "
        f"world (weeks {stretches}); both go on from the same state, and the weekly records and "
        "the users' statuses that they come to are checked to be equal first. The oracle's time "
        "goes into asking friends and into the rules, in single-precision scalars, as they must "
        "agree to the last bit.",
    )
    for users, weeks in ORACLE_WEEKS.items():
        say(f"  {users:,} users")
        parameters = active_world(users)
        last = first + weeks
        live = begin(parameters)
        plain = ReferenceModel(parameters, SEED, network=live.state.network)
        live.advance(0, first)
        _require_equal(live.copy(), plain, first, last)

        samplers = {
            "oracle": _reference(live, plain, first, weeks),
            "compiled": weeks_alone(live, first, last),
        }
        found = section.alternate(5, samplers, MILLIONS, users)
        times = ratios(found["compiled"], found["oracle"])
        section.add("compiled over oracle", "×", times, users)
    return section


def _reference(live: Live, plain: Any, first: int, weeks: int) -> Callable[[int], float]:
    def step(_: Any) -> None:
        for _ in range(weeks):
            plain.step()

    return rate(len(plain.people) * weeks, step, lambda _: plain.resume(live.state, first))


def _require_equal(live: Live, plain: ReferenceModel, first: int, last: int) -> None:
    """Move both over the weeks to be timed and stop if they do not come to the same."""
    plain.resume(live.state, first)
    for _ in range(first, last):
        plain.step()
    live.advance(first, last)
    for name in live.state.weekly.dtype.names or ():
        expected = [row[name] for row in plain.table[first:]]
        np.testing.assert_array_equal(live.state.weekly[name][first : last + 1], expected, name)
    status = [person.status for person in plain.people]
    np.testing.assert_array_equal(live.state.users.status, status)


def canonical_model() -> Section:
    """Measure the canonical model in other packages, and the full model beside it."""
    say("  the versions agree?")
    check = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "version", AGREEMENT]
    if subprocess.run([sys.executable, *check], cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
        raise RuntimeError(f"versions of the canonical model do not agree: {AGREEMENT} fails")
    section = Section(
        "The full model against the canonical model",
        "The small model that most agent-based models of collective action share, in other "
        "packages: weeks alone, and the *full* model's weeks alone beside them in turn, at "
        "10,000 users. `benchmarks/canonical/__init__.py` has its equations and says what it "
        "leaves out: dissatisfaction, awareness, persuasion, organisers, petition, exit, the firm, "
        "its shareholders and votes, events, and reproducible luck, among others. "
        "`tests/test_benchmarks.py` passed first: the versions have the same mean trajectories. "
        "*Lines* are those of Python, without comments and docstrings, as `ast` writes them; the "
        "full model's are those of `sim/`, parameters and their texts included. mesa-frames is "
        "left out because it needs NumPy 1.26 and this project NumPy 2, Agents.jl and Ark.jl "
        "because juliacall fetches Julia from a server that this machine cannot reach.",
    )
    for name in CANONICAL_WEEKS:
        path = Path(str(canonical.version(name).__file__))
        section.add(f"canonical in {name}", "lines", [lines_of_code(path.read_text())])
    model = sorted((ROOT / "sim").rglob("*.py"))
    lines = sum(lines_of_code(path.read_text()) for path in model)
    section.add("the full model, compiled", "lines", [lines])
    for users in SIZES:
        say(f"  {users:,} users")
        world = draw_world(users, SEED)
        samplers = {
            f"canonical in {name}": _written(name, world, weeks[users])
            for name, weeks in CANONICAL_WEEKS.items()
            if users in weeks
        }
        full = "the full model, compiled"
        if users == COMPARED:
            live = begin(active_world(users))
            samplers[full] = weeks_alone(live, 0, len(live.state.weekly) - 1)
        found = section.alternate(5 if users < 100_000 else 3, samplers, MILLIONS, users)
        if full in found:
            for name in CANONICAL_WEEKS:
                times = ratios(found[full], found[f"canonical in {name}"])
                section.add(f"full over canonical in {name}", "×", times, users)
    return section


def _written(name: str, world: Any, weeks: int) -> Callable[[int], float]:
    version, work = canonical.version(name), world.cost.size * weeks
    return rate(work, version.run, lambda repeat: version.build(world, weeks, SEED + repeat))


def growth() -> Section:
    """Measure how cost grows with the number of users and of ties."""
    section = Section(
        "Growth of cost with users and ties",
        "Weeks alone in the same world, nanoseconds a user and week; weeks 0 to 260, with a "
        "million users 0 to 104.",
    )
    cases = [(users, 16.0) for users in (1_000, 10_000, 100_000, 300_000, 1_000_000)]
    cases += [(users, degree) for users in (10_000, 100_000) for degree in (4.0, 8.0, 32.0, 64.0)]
    for users, degree in cases:
        say(f"  {users:,} users, mean degree {degree:g}")
        live = begin(active_world(users, degree))
        last = 104 if users == 1_000_000 else 260
        found = alternate(3, {"weeks": weeks_alone(live, 0, last)})
        nanoseconds = [1e3 / millions for millions in found["weeks"]]
        section.add(f"mean degree {degree:g}", "ns a user-week", nanoseconds, users)
    return section


def network() -> Section:
    """Measure laying the network, and the set-up of a world on it."""
    section = Section(
        "Laying the network and drawing the users",
        "What a run of its own costs before its first week; the default topology, mean degree 16.",
    )
    for users in SIZES:
        say(f"  {users:,} users")
        parameters = active_world(users)
        calls = {
            "network": partial(lay, parameters),
            "users": partial(begin, parameters, lay(parameters)),
        }
        samplers = {name: _per_user(call, users) for name, call in calls.items()}
        section.alternate(3 if users == SIZES[-1] else 5, samplers, "ns a user", users)
    return section


def _per_user(call: Callable[[], Any], users: int) -> Callable[[int], float]:
    repeats = max(1, 20_000 // users)
    seconds = partial(processor_seconds, lambda: [call() for _ in range(repeats)])
    return lambda _: 1e9 * seconds() / repeats / users
