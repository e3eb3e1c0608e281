"""What every world keeps, whatever its parameters: bounds, counts, shares, causality, luck."""

import math
from enum import Enum

import numpy as np
import pytest

import sim.model
from sim.history import no_history
from sim.model import MovementModel
from sim.outcome import Grade, Outcome
from sim.parameters import Parameters, Topology, declarations
from sim.run import Run, simulate
from sim.setup import build
from sim.state import State, Status
from sim.week import advance_to
from tests.worlds import draw_world, launched_world

WORLDS = 500
TRAITS = ["dependence", "threat_sensitivity", "ownership"]
VIEWS = ["dissatisfaction", "commons_view", "literacy"]
FREE = ["week", "price", "revenue", "cash", "net_income", "market", "signatures", "pledged"]
FREE += ["people_per_agent", "media", "acting"]
"""Columns of the weekly table that are no shares of one."""


def recounted(network, flags: np.ndarray) -> np.ndarray:
    """Return how many neighbours of each user have a flag."""
    owner = np.repeat(np.arange(len(flags)), np.diff(network.offsets))
    return np.bincount(owner, weights=flags[network.neighbours], minlength=len(flags)).astype(int)


def assert_sound(state: State) -> None:
    """Assert what holds between any two weeks."""
    users, world, holders = state.users, state.world[0], state.shareholders
    for name in TRAITS + VIEWS:
        values = getattr(users, name)
        assert np.isfinite(values).all(), name
        assert values.min() >= 0, name
        assert values.max() <= 1, name
    assert np.isfinite(users.cost).all()
    assert ((users.sensitivity >= 0) & (users.sensitivity <= 2)).all()
    assert users.goals.min() >= 0
    np.testing.assert_allclose(users.goals.sum(axis=1), 1, atol=1e-6)
    expected = users.expected
    assert np.all((expected == -1) | ((expected >= 0) & (expected <= 1)))

    assert set(np.unique(users.status)) <= {int(status) for status in Status}
    assert np.array_equal(users.next_status, users.status)
    assert_counted(state)
    active, gone = is_active(users), users.status >= Status.EXITED
    assert world["aware"] == (users.aware.astype(bool) & ~gone).sum()
    assert world["signatures"] == users.signed.sum()
    assert (users.aware[active] == 1).all()

    assert holders.holding.min() >= 0
    assert abs(holders.holding.sum() - 1) < 1e-9
    assert holders.trust.min() >= 0
    assert holders.trust.max() <= 1
    assert all(np.isfinite(world[name]) for name in world.dtype.names)


def is_active(users) -> np.ndarray:
    return (users.status == Status.SUPPORTER) | (users.status == Status.ORGANISER)


def assert_counted(state: State) -> None:
    """Assert that the counts of the world and of every user's neighbours equal a recount."""
    users, world = state.users, state.world[0]
    count = np.bincount(users.status, minlength=5)
    assert count.sum() == users.status.size
    assert world["supporters"] == count[Status.SUPPORTER]
    assert world["organisers"] == count[Status.ORGANISER]
    assert world["exited"] == count[Status.EXITED]
    assert world["exited_coop"] == count[Status.EXITED_COOP]
    gone = users.status >= Status.EXITED
    assert np.array_equal(users.active_neighbours, recounted(state.network, is_active(users)))
    assert np.array_equal(users.gone_neighbours, recounted(state.network, gone))


def assert_sound_table(weekly: np.ndarray) -> None:
    """Assert what holds in every week of a run."""
    for name in weekly.dtype.names:
        values = weekly[name]
        if name in ("vote_share", "turnout"):  # NaN in weeks without a vote
            values = values[~np.isnan(values)]
        assert np.isfinite(values).all(), name
        if name not in FREE:
            assert ((values >= 0) & (values <= 1 + 1e-12)).all(), name
    assert (weekly["price"] > 0).all()
    assert (weekly["revenue"] >= 0).all()
    people = weekly["active"] + weekly["exited"] + weekly["exited_coop"]
    assert people.max() <= 1 + 1e-12
    np.testing.assert_allclose(weekly["active"], weekly["supporters"] + weekly["organisers"])
    assert (weekly["joined_peers"] <= weekly["joined"]).all()
    assert (np.diff(weekly["signatures"] / weekly["people_per_agent"]) > -1e-9).all()
    assert (weekly["media"] >= 0).all()
    assert (weekly["acting"] >= 0).all()
    assert (weekly["admitted"] <= weekly["filed"]).all()
    assert np.array_equal(np.isnan(weekly["vote_share"]), np.isnan(weekly["turnout"]))
    voted = np.flatnonzero(~np.isnan(weekly["vote_share"]))
    assert (weekly["filed"][voted - 1] == 1).all()
    for once in ("spin_off", "converted"):
        assert (np.diff(weekly[once]) >= 0).all()


def assert_sound_outcome(outcome: Outcome) -> None:
    for name in outcome._fields:
        if "share" in name or name in ("aware_end", "mean_distress", "influence", "turnout"):
            value = getattr(outcome, name)
            assert math.isnan(value) or 0 <= value <= 1 + 1e-12, name
    for name in ("satisfaction_convert", "satisfaction_spread", "satisfaction_promote"):
        value = getattr(outcome, name)
        assert math.isnan(value) or -1 <= value <= 1, name
    assert outcome.grade.upper() in Grade.__members__
    if outcome.emerged:
        assert Grade[outcome.grade.upper()] >= Grade.MOBILISED
        assert outcome.peak_organisers > 0
        assert not math.isnan(outcome.influence)
        assert outcome.spell_50 >= outcome.spell_150 >= outcome.spell_200
        assert outcome.peak_people >= outcome.peak_organisers
        assert outcome.launch_week <= outcome.emergence_week
    if math.isnan(outcome.launch_week):
        assert outcome.peak_share == 0
        assert outcome.votes == 0
    assert outcome.converted == (outcome.grade == "converted")
    if outcome.recognised:
        assert outcome.votes > 0
        assert outcome.vote_share >= 0.03
    if outcome.grade == "recognised":
        assert outcome.recognised
        assert outcome.emerged


def live(world: int) -> None:
    """Run a drawn world and look at it on the way."""
    parameters = draw_world(world)
    history = no_history(parameters.horizon)
    p = parameters.record()[0]
    state = build(parameters, p, world, history)
    stops = sorted({0, 7 + world % 100, 110 + world % 90, parameters.horizon})
    for first, last in zip([0, *stops], stops, strict=False):
        advance_to(first, last, False, world, p, history, state)
        assert_sound(state)
    assert_sound_table(state.weekly)
    run = simulate(parameters, world, network=state.network)
    assert same_table(run.records, state.weekly)
    assert_sound_outcome(run.outcome)


@pytest.mark.parametrize(
    "tenth", [0, 1, 2, *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 10))]
)
def test_drawn_worlds_are_sound(tenth):
    for number in range(tenth, WORLDS, 10):
        live(number)


def ends(what: str) -> list[tuple[str, float]]:
    """Return every number at both ends of its plausible range, or of its bounds if finite."""
    result = []
    for name, declaration in declarations().items():
        values = declaration.metadata[what]
        if isinstance(declaration.default, Enum | str) or values is None or name == "horizon":
            continue
        result += [(name, value) for value in values if math.isfinite(value)]
    return result


def choices() -> list[tuple[str, Enum]]:
    return [
        (name, choice)
        for name, declaration in declarations().items()
        if isinstance(declaration.default, Enum)
        for choice in type(declaration.default)
        if choice is not Topology.EDGE_LIST
    ]


def assert_runs(changes: dict, seed: int = 1) -> None:
    run = simulate(Parameters.from_dict(changes), seed)
    assert_sound(run.state)
    assert_sound_table(run.records)
    assert_sound_outcome(run.outcome)


def test_both_ends_of_every_plausible_range_run():
    at_ends = ends("plausible")
    assert len(at_ends) > 200
    for name, value in at_ends:
        usual = {} if name == "users.count" else {"users.count": 1000}
        assert_runs({**usual, name: value})


def test_both_ends_of_all_bounds_run():
    """Also outside the plausible range, wherever a value is accepted."""
    for name, value in ends("bounds"):
        changes = {"users.count": 300, "network.mean_degree": 8.0, "users.people_per_agent": 60.0}
        if name.startswith("shareholders.") and name.endswith("al_share") and value == 1:
            changes |= {"shareholders.institutional_share": 0.0, "shareholders.ethical_share": 0.0}
        if name == "users.count":
            changes |= {"network.topology": "complete"}
        if name == "users.people_per_agent":
            changes |= {"movement.organisers": min(value, 50.0)}
        if name in ("users.count", "shareholders.count"):
            value = min(value, 5000)
        assert_runs({**changes, name: value})


@pytest.mark.parametrize(("name", "choice"), choices(), ids=str)
def test_every_choice_runs(name, choice):
    assert_runs({"users.count": 800, "participation.cost_mean": 0.6, name: choice})


# --- luck


def same_table(one: np.ndarray, other: np.ndarray) -> bool:
    return all(np.array_equal(one[c], other[c], equal_nan=True) for c in one.dtype.names)


def same_run(one: Run, other: Run) -> bool:
    users = zip(one.state.users, other.state.users, strict=True)
    holders = zip(one.state.shareholders, other.state.shareholders, strict=True)
    return (
        same_table(one.records, other.records)
        and repr(one.outcome) == repr(other.outcome)
        and all(np.array_equal(a, b) for a, b in [*users, *holders])
    )


@pytest.mark.parametrize("number", range(6))
def test_the_same_seed_gives_the_same_run(number):
    parameters = launched_world(number)
    assert same_run(simulate(parameters, 5), simulate(parameters, 5))


def test_different_seeds_give_different_runs():
    parameters = launched_world(3)
    runs = [simulate(parameters, seed) for seed in (0, 1, 2, 2**62)]
    for i, one in enumerate(runs):
        for other in runs[:i]:
            for column in ("price", "threat", "dissatisfaction", "market", "trust", "aware"):
                assert not np.array_equal(one.records[column], other.records[column]), column
            assert not np.array_equal(one.state.users.cost, other.state.users.cost)
            assert not np.array_equal(one.network.neighbours, other.network.neighbours)


def test_a_recorded_price_holds_its_rumours_once():
    """Where a record ends amid a rumour, the price goes on from there."""
    quiet = dict.fromkeys(["firm.price_noise", "firm.market_volatility", "firm.demand_noise"], 0.0)
    rumour = {"events.takeover_week": 30, "events.takeover_half_life": 50.0}
    parameters = launched_world(0, {**quiet, **rumour, "movement.launch_week": 100})
    known = np.where(np.arange(261) <= 30, 1.0, np.nan)
    history = no_history(260)._replace(price=known)
    price = simulate(parameters, 1, history).records["price"]
    assert abs(price[31] / price[30] - 1) < 0.02


@pytest.mark.parametrize("number", range(5))
def test_a_run_week_by_week_is_the_run_at_once(number):
    parameters = launched_world(number, {"participation.cost_mean": 0.6})
    model = MovementModel(parameters, rng=number)
    for _ in range(100):
        model.step()
    outcome = model.run()
    stepped = Run(parameters, number, model.state, outcome)
    at_once = simulate(parameters, number)
    assert same_run(stepped, at_once)
    collected = model.datacollector.get_model_vars_dataframe()
    assert len(collected) == parameters.horizon + 1
    for column in at_once.records.dtype.names:
        np.testing.assert_array_equal(collected[column], at_once.records[column], err_msg=column)


LIVELY = {"participation.cost_mean": 0.6, "users.people_per_agent": 200.0}
LATER = [  # (what happens, in the one world, in the other, a world in which it does)
    ("movement.launch_week", 60, 120, {}),
    ("threat.shock_week", 60, 120, {"threat.shock_size": 0.3}),
    ("events.scandal_week", 60, -1, {}),
    ("events.closure_week", 60, 120, {}),
    ("events.takeover_week", 60, -1, {}),
    ("shareholders.trust_shock_week", 60, 120, {}),
    ("firm.decline_start", 60, 120, {"firm.decline_rate": 0.01}),
    ("dissatisfaction.ramp_start", 59, 120, {"dissatisfaction.ramp_size": 0.3}),
]


@pytest.mark.parametrize(("name", "soon", "late", "changes"), LATER, ids=lambda x: str(x))
def test_what_happens_later_leaves_what_was_before(name, soon, late, changes):
    """Worlds that differ from week 60 on are the same, bit by bit, through week 59."""
    parameters = launched_world(2, {"movement.launch_week": 20, **LIVELY, **changes})
    one, other = (simulate(parameters.replace({name: week}), 4).records for week in (soon, late))
    assert same_table(one[:60], other[:60])
    assert not same_table(one[60:61], other[60:61])


def test_the_origin_of_a_launch_does_not_matter_before_it():
    parameters = launched_world(2, {"movement.launch_week": 60, **LIVELY})
    one = simulate(parameters, 4).records
    other = simulate(parameters.replace({"movement.origin": "never"}), 4).records
    assert same_table(one[:60], other[:60])
    assert one["organisers"][60] > 0
    assert other["aware"].max() == 0


def test_the_market_is_the_same_whatever_the_movement_does():
    """Common luck: what does not depend on the movement is the same with and without it."""
    parameters = launched_world(2, {"movement.launch_week": 60, **LIVELY})
    one, other = (
        simulate(parameters.replace({"participation.cost_mean": cost}), 4).records
        for cost in (0.0, 9.0)
    )
    assert np.array_equal(one["market"], other["market"])
    assert np.array_equal(one["threat"], other["threat"])
    assert not np.array_equal(one["price"], other["price"])


# --- Mesa's agents


def mid_run(weeks: int = 70) -> MovementModel:
    changes = {"movement.launch_week": 10, "exit.leave_rate": 0.03, **LIVELY}
    model = MovementModel(launched_world(6, changes), rng=8)
    for _ in range(weeks):
        model.step()
    return model


def test_setting_the_status_of_an_agent_keeps_every_count():
    model = mid_run()
    assert_sound(model.state)
    draw = np.random.default_rng(0)
    for i in draw.integers(len(model.users), size=300):
        user, status = model.users[i], Status(int(draw.integers(5)))
        if status in (Status.SUPPORTER, Status.ORGANISER):
            user.aware = True
        user.status = status
        assert user.status is status
        assert_counted(model.state)
    model.step()
    assert_sound(model.state)


def test_agents_are_views_of_the_state():
    model = mid_run()
    user, state = model.users[17], model.state
    assert user.literacy == state.users.literacy[17]
    user.literacy = 0.25
    assert state.users.literacy[17] == 0.25
    neighbours = user.neighbours
    assert user.active_neighbours == sum(
        n.status in (Status.SUPPORTER, Status.ORGANISER) for n in neighbours
    )
    model.firm.price = 0.5
    assert state.world[0]["price"] == 0.5
    holder = model.shareholders[3]
    assert holder.trust == state.shareholders.trust[3]
    assert len(model.agents) == len(model.users) + len(model.shareholders) + 1


def test_a_setter_changes_what_happens_next():
    one, other = mid_run(), mid_run()
    for user in other.users:
        user.status = Status.EXITED
    one.step()
    other.step()
    assert other.state.weekly["active"][71] == 0
    assert other.state.weekly["exited"][71] > 0.5 > one.state.weekly["exited"][71]


def test_looking_at_agents_changes_nothing():
    one, other = mid_run(40), mid_run(40)
    assert len(other.agents) > 100
    one.run()
    other.run()
    assert same_table(one.state.weekly, other.state.weekly)


def test_a_headless_run_creates_no_agents(monkeypatch):
    def refuse(*_):
        raise AssertionError("an agent was created")

    for kind in ("User", "Shareholder", "PlatformFirm"):
        monkeypatch.setattr(sim.model, kind, refuse)
    model = MovementModel(launched_world(1))
    model.run()
    simulate(launched_world(1))
    with pytest.raises(AssertionError, match="an agent was created"):
        _ = model.agents


# --- parameters

BUSY = {
    "users.count": 600,
    "users.people_per_agent": 60.0,
    "network.mean_degree": 10.0,
    "shareholders.count": 80,
    "dissatisfaction.base": 0.2,
    "dissatisfaction.ramp_size": 0.15,
    "threat.shock_size": 0.3,
    "events.scandal_week": 40,
    "events.closure_week": 70,
    "events.takeover_week": 110,
    "shareholders.trust_shock_week": 90,
    "firm.cost_share": 1.02,
    "firm.cash": 20.0,
    "firm.decline_rate": 0.004,
    "firm.policy": "concede",
    "firm.concession_strength": 0.4,
    "exit.leave_rate": 0.02,
    "exit.return_rate": 0.02,
    "participation.cost_mean": 0.6,
    "participation.available": 0.15,
    "movement.launch_week": 20,
    "movement.organisers": 300.0,
    "movement.framing": "two_stage",
    "media.luck": 0.3,
    "vote.first_meeting": 60,
    "vote.admission_chance": 0.8,
    "conversion.control_price": 10.0,
}
"""A world in which nearly everything happens: the firm declines, the movement grows, converts."""

RESISTED = {**BUSY, "firm.policy": "resist"}
SPONTANEOUS = {
    **BUSY,
    "movement.origin": "endogenous",
    "movement.act_rate": 0.05,
    "movement.acts_to_launch": 150.0,
    "network.topology": "small_world",
    "conversion.control_price": 80.0,
}

ELSEWHERE = {  # worlds where a parameter matters, if not the busy one
    "firm.resistance": RESISTED,
    "vote.filing_lead": {**BUSY, "vote.first_meeting": 40},
    "vote.organisers_needed": {
        **BUSY,
        "users.people_per_agent": 30.0,
        "movement.organisers": 50.0,
    },
    "vote.regime": RESISTED,
    **dict.fromkeys(
        ["vote.board_institutional", "vote.board_retail", "vote.board_ethical"], RESISTED
    ),
    "conversion.pledge_window": {
        **BUSY,
        "conversion.control_price": 100.0,
        "conversion.pledge": 20.0,
    },
    "vote.minimum_holding": {
        **BUSY,
        "shareholders.count": 1000,
        "shareholders.tail": 2.5,
        "shareholders.ethical_share": 0.005,
        "shareholders.user_share": 0.1,
    },
    "conversion.liquidation_share": {
        **BUSY,
        "firm.policy": "ignore",
        "firm.cash": 2.0,
        "firm.insolvency_rate": 0.1,
        "conversion.control_price": 40.0,
    },
    "movement.acts_to_launch": SPONTANEOUS,
    "movement.act_rate": SPONTANEOUS,
    "emergence.petition": {**BUSY, "vote.organisers_needed": 1e9, "firm.policy": "ignore"},
    "network.rewiring": SPONTANEOUS,
}
VALUES = {  # to which a parameter moves, if not to an end of its plausible range
    "horizon": 200,
    "users.count": 800,
    "shareholders.count": 100,
    "network.mean_degree": 20.0,
    "events.closure_week": 60,
    "events.takeover_week": 60,
    "events.scandal_week": 60,
    "exit.rival_week": 60,
    "shareholders.trust_shock_week": 60,
    "vote.first_meeting": 70,
    "movement.act_rate": 0.01,
    "movement.launch_week": 30,
    "movement.petition_delay": 10,
    "emergence.petition": 1e6,
    "emergence.spell": 260,
    "movement.origin": "endogenous",
    "movement.framing": "cooperative",
    "firm.policy": "ignore",
    "vote.regime": "from_2020",
    "vote.turnout_ethical": 0.0,
    "network.topology": "random",
}


def other_value(name: str, value):
    """Return a value away from the present one: an end of the plausible range, the further."""
    if name in VALUES:
        return VALUES[name]
    declaration = declarations()[name]
    end = max(declaration.metadata["plausible"], key=lambda end: abs(end - value))
    return type(declaration.default)(end)


def moves(name: str, seed: int) -> bool:
    """Return whether moving a parameter changes the weeks or the outcome of a world.

    Even seeds take a world of their own, in which whatever is off by default is on.
    """
    world = Parameters.from_dict(ELSEWHERE.get(name, BUSY)) if seed % 2 else draw_world(seed)
    other = world.replace({name: other_value(name, world.flat()[name])})
    before, after = (simulate(parameters, seed) for parameters in (world, other))
    same_weeks = before.records.tobytes() == after.records.tobytes()
    return not same_weeks or str(before.outcome) != str(after.outcome)


def test_no_parameter_is_dead():
    """Each moves an output in a listed or a drawn world; thresholds where something comes close."""
    names = set(declarations()) - {"network.edge_list"}
    assert {name for name in names if not any(moves(name, seed) for seed in range(1, 25))} == set()


def test_the_edge_list_moves_an_output(tmp_path):
    ring, star = tmp_path / "ring", tmp_path / "star"
    ring.write_text("\n".join(f"{i} {(i + 1) % 200}" for i in range(200)))
    star.write_text("\n".join(f"0 {i}" for i in range(1, 200)))
    changes = {**BUSY, "users.count": 200, "network.topology": "edge_list"}
    runs = [
        simulate(Parameters.from_dict({**changes, "network.edge_list": str(path)}), 1)
        for path in (ring, star)
    ]
    assert not np.array_equal(*(run.records["joined_peers"] for run in runs))


def is_number(value) -> bool:
    return isinstance(value, int | float)


STEPS = (
    ("by a tenth up", lambda value: value * 1.1),
    ("by a tenth down", lambda value: value / 1.1),
    ("by .02 up", lambda value: value + 0.02),
    ("by .02 down", lambda value: value - 0.02),
    ("by 1 up", lambda value: value + 1),
    ("by 1 down", lambda value: value - 1),
)
"""Equal factors and equal amounts: two parameters of which only the product, the ratio, the sum
or the difference counts move the outputs alike in some of them."""


def response(world: Parameters, seeds: tuple[int, ...]) -> np.ndarray:
    """Return means of every output over five weeks at a time: (seeds, outputs, 52)."""
    tables = [simulate(world, seed).records[1:] for seed in seeds]
    weekly = np.array(
        [[np.nan_to_num(t[name]) for name in t.dtype.names if name != "week"] for t in tables]
    )
    return weekly.reshape(*weekly.shape[:2], -1, 5).mean(axis=-1)


def alike(values: dict, seeds: tuple[int, ...]) -> dict[tuple[str, str], float]:
    """Return how nearly parallel the responses to two parameters are at most, as |cosine|.

    It is 0 for two of which one moves the outputs of this world and the other does not.
    """
    world = Parameters.from_dict(values)
    usual = response(world, seeds)
    scale = usual.std(axis=(0, 2), keepdims=True)
    scale[scale < 1e-12] = np.inf
    names, responses, inert = [], [], set()
    for name, declaration in declarations().items():
        value = world.flat()[name]
        if not is_number(value) or name in ("horizon", "users.count"):
            continue
        for _, step in STEPS:
            moved = step(value)
            if isinstance(declaration.default, int):
                moved = round(moved)
            if moved == value:
                continue
            try:
                changed = response(world.replace({name: moved}), seeds)
            except ValueError:  # out of bounds, or a network that cannot be
                continue
            change = ((changed - usual) / scale).ravel()
            if np.linalg.norm(change) > 1e-9:
                names.append(name)
                responses.append(change / np.linalg.norm(change))
            else:
                inert.add(name)
    inert -= set(names)
    cosines = np.abs(np.array(responses) @ np.array(responses).T)
    closest: dict[tuple[str, str], float] = {
        (min(one, other), max(one, other)): 0.0 for one in inert for other in names
    }
    for i, one in enumerate(names):
        for j, other in enumerate(names[:i]):
            if one != other:
                pair = (min(one, other), max(one, other))
                closest[pair] = max(closest.get(pair, 0.0), cosines[i, j])
    return closest


NOT_COMPARED = {
    *("horizon", "users.count"),  # how much is simulated
    *("emergence.organisers", "emergence.spell", "emergence.petition"),  # of the outcome alone
    *("vote.organisers_needed", "vote.filing_lead", "conversion.pledge_window"),  # thresholds
    "movement.acts_to_launch",  # another
    *(name for name, declaration in declarations().items() if not is_number(declaration.default)),
}
"""What steps so small do not move in these worlds; all differ in kind from each other."""


@pytest.mark.slow
def test_no_two_parameters_move_the_outputs_in_proportion():
    """In a world where both matter, their responses differ in direction."""
    worlds = [alike(values, (1, 2, 3, 4)) for values in (BUSY, RESISTED, SPONTANEOUS)]
    pairs = set().union(*worlds)
    least = {pair: min(world.get(pair, math.inf) for world in worlds) for pair in pairs}
    assert {pair for pair, cosine in least.items() if cosine > 0.9999} == set()
    compared = {name for pair in pairs for name in pair}
    assert compared >= set(declarations()) - NOT_COMPARED
