"""The model in Mesa's hands: batch runs, agent sets, and what Mesa offers but the model refuses."""

import mesa
import pytest
from mesa.experimental.scenarios import Scenario

from sim import MovementModel, Parameters, simulate
from sim.agents import PlatformFirm, User
from sim.errors import MomentumError
from sim.parameters import ParameterError
from sim.state import Status

WORLD = Parameters.from_dict({"users.count": 60, "shareholders.count": 20, "horizon": 60})


def batch(parameters: dict, **options) -> list[dict]:
    return mesa.batch_run(MovementModel, parameters, display_progress=False, **options)


@pytest.fixture
def model() -> MovementModel:
    return MovementModel(WORLD, rng=3)


def test_a_batch_run_with_its_defaults_draws_its_luck():
    (row,) = batch({"parameters": [WORLD]})
    assert (row["week"], row["Step"]) == (60, 60)
    prices = {each["price"] for each in batch({"parameters": [WORLD]}, rng=[None] * 3)}
    assert len(prices) == 3


def test_a_batch_run_with_seeds_repeats_runs():
    rows = batch({"parameters": [WORLD]}, rng=[1, 2])
    assert [row["price"] for row in rows] == [
        simulate(WORLD, seed).records["price"][-1] for seed in (1, 2)
    ]


def test_a_batch_run_varies_parameters_by_name():
    rows = batch({"parameters": [WORLD], "firm.cash": [1.0, 9.0]}, rng=[5], max_steps=10)
    assert [row["week"] for row in rows] == [10, 10]
    assert rows[0]["cash"] < rows[1]["cash"]


def test_a_batch_run_collects_every_week():
    rows = batch({"parameters": [WORLD]}, rng=[1], data_collection_period=1)
    assert [row["week"] for row in rows] == list(range(61))


def test_a_drawn_seed_is_named_and_repeats_the_run():
    model = MovementModel(WORLD, rng=None)
    outcome = repr(model.run())
    assert repr(simulate(WORLD, model.seed).outcome) == outcome


def test_mesa_runs_a_model_to_its_horizon(model):
    model.run_model()
    assert (model.steps, model.time, model.running) == (60, 60, False)


def test_what_only_mesa_calls_by_another_name_is_refused():
    with pytest.raises(ParameterError, match="takes the seed as rng"):
        MovementModel(WORLD, seed=5)
    with pytest.raises(ParameterError, match=r"users\.count"):
        MovementModel(WORLD, **{"users.cuont": 5})
    for rng in (-1, 1.5, "7", True, [1]):
        with pytest.raises(ParameterError, match="whole number"):
            MovementModel(WORLD, rng=rng)


def test_luck_cannot_be_reset(model):
    for reset in (model.reset_rng, model.reset_randomizer):
        with pytest.raises(MomentumError, match="build a new one"):
            reset(1)


REMOVALS = {
    "the agent": lambda model, user: user.remove(),
    "the model": lambda model, user: model.deregister_agent(user),
    "all": lambda model, user: model.remove_all_agents(),
    "the set": lambda model, user: model.agents.remove(user),
    "the set, if there": lambda model, user: model.agents.discard(user),
    "the set of users": lambda model, user: model.agents_by_type[User].remove(user),
    "an operator": lambda model, user: model.agents_by_type[User].__isub__({user}),
    "any": lambda model, user: model.agents.pop(),
    "every one": lambda model, user: model.agents.clear(),
    "a selection in place": lambda model, user: model.agents.select(
        lambda each: each is not user, inplace=True
    ),
}


@pytest.mark.parametrize("way", REMOVALS)
def test_a_user_cannot_be_removed(model, way):
    user = model.users[0]
    with pytest.raises(MomentumError, match="population is fixed"):
        REMOVALS[way](model, user)
    assert len(model.agents_by_type[User]) == len(model.users) == 60
    assert len(model.agents) == 60 + 20 + 1


def test_a_user_leaves_by_status(model):
    model.users[0].status = Status.EXITED
    assert model.state.world[0]["exited"] == 1


def test_a_user_cannot_be_added(model):
    assert len(model.agents) == 81
    for add in (lambda: User(model, 0), lambda: PlatformFirm(model)):
        with pytest.raises(MomentumError, match="cannot be added"):
            add()
    assert len(model.agents) == 81


def test_other_agents_come_and_go(model):
    class Observer(mesa.Agent):
        pass

    observers = [Observer(model), *(Observer(model) for _ in model.shareholders)]
    assert len(model.agents) == 81 + 21
    for observer in observers:
        observer.remove()
    assert len(model.agents) == 81


def test_selections_are_mesas_own(model):
    chosen = model.agents.select(agent_type=User).select(lambda user: user.index < 5)
    assert sorted(chosen.get("index")) == [0, 1, 2, 3, 4]
    chosen.remove(model.users[0])
    assert len(chosen) == 4
    model.agents_by_type[User].shuffle(inplace=True)
    assert len(model.agents_by_type[User]) == 60


def test_the_grid_is_the_network_with_a_user_in_each_cell(model):
    network = model.state.network
    for user in model.users:
        assert user.cell is None
    cells = list(model.grid.all_cells)
    assert model.grid is model.grid
    for i, (user, cell) in enumerate(zip(model.users, cells, strict=True)):
        assert user.cell is cell
        assert list(cell.agents) == [user]
        tied = network.neighbours[network.offsets[i] : network.offsets[i + 1]]
        assert sorted(each.coordinate for each in cell.neighborhood) == sorted(tied)


def test_a_scenario_of_mesa_gives_parameters_and_the_seed():
    given = {"users.count": 60, "firm.cash": 9.0}
    model = MovementModel(scenario=Scenario(rng=3, **given))
    assert (model.seed, model.parameters.firm.cash) == (3, 9.0)
    assert MovementModel(scenario=Scenario(**given), rng=5).seed == 5
    changed = MovementModel(scenario=Scenario(**given), **{"firm.cash": 1.0})
    assert changed.parameters.firm.cash == 1.0
    with pytest.raises(ParameterError, match=r"did you mean firm\.cash"):
        MovementModel(scenario=Scenario(**{"firm.cahs": 1.0}))
