"""Every number reaches the argument it is meant for: an exchange of any two would be seen.

The worlds here are those in which `test_oracle` compares the model with its plain copy. All their
parameters have distinct values; where an exchange of two changes what happens in one of them, the
comparison sees it. So a call that confuses two numbers of equal type cannot pass unnoticed.
"""

import ast
import importlib
import inspect
import math
import pkgutil
import sys
from collections.abc import Iterator
from itertools import combinations
from types import SimpleNamespace
from typing import Any, get_type_hints

import numpy as np

import sim
import sim.rules
from sim import cascade, firm_week, holder_week, movement_week, week, week_inputs
from sim.cascade import spread_news
from sim.compiled import Compiled
from sim.history import no_history
from sim.parameters import Parameters, declarations
from sim.setup import build
from sim.state import State, fork
from sim.user_status import take_effect
from sim.user_week import decide
from sim.week import advance_to
from sim.week_inputs import WeekInputs, read_inputs
from tests.sim.test_oracle import QUICK, lively_world

WEEKS = [firm_week, holder_week, movement_week, week, week_inputs]
RULES = [
    importlib.import_module(f"sim.rules.{found.name}")
    for found in pkgutil.iter_modules(sim.rules.__path__)
]
MOST_POSITIONAL = 5

Pairs = set[tuple[str, str]]


def everything(state: State) -> bytes:
    arrays = (*state.users, *state.shareholders, state.world, state.weekly)
    return b"".join(array.tobytes() for array in arrays)


def beginnings() -> Iterator[tuple[int, Parameters, State]]:
    """Yield the number of each compared world, its parameters and its state at week 0."""
    for number in QUICK:
        parameters = lively_world(number)
        p = parameters.record()[0]
        yield number, parameters, build(parameters, p, number, no_history(parameters.horizon))


# -- the inputs of a user's week


def after(state: State, inputs: WeekInputs) -> bytes:
    """Return what users and world are after a users' week with these inputs."""
    copy = fork(state)
    network, users, workspace, world = copy.network, copy.users, copy.workspace, copy.world[0]
    decide(users, workspace, world, inputs)
    take_effect(network, users, workspace, world)
    spread_news(network, users, workspace, world, inputs)
    return everything(copy)


def exchanged(inputs: WeekInputs, one: str, other: str) -> WeekInputs:
    return inputs._replace(**{one: getattr(inputs, other), other: getattr(inputs, one)})


def test_an_exchange_of_two_inputs_of_a_week_is_seen():
    kinds = get_type_hints(WeekInputs)
    unseen = {pair for pair in combinations(kinds, 2) if kinds[pair[0]] is kinds[pair[1]]}
    unseen -= {("closure", "closure_weight")}  # only their product counts
    assert len(unseen) > 900
    for number, parameters, state in beginnings():
        p, history = parameters.record()[0], no_history(parameters.horizon)
        for last in range(1, parameters.horizon):
            advance_to(last - 1, last, False, number, p, history, state)
            users = state.users.status.size
            inputs = read_inputs(last + 1, number, p, state.world[0], users)
            usual = after(state, inputs)
            unseen = {pair for pair in unseen if after(state, exchanged(inputs, *pair)) == usual}
    assert unseen == set()


# -- the arguments of the rules on the firm, its shareholders and the movement


def result(function: Any, values: dict[str, Any]) -> Any:
    """Return what a rule comes to, or the error that it ends in."""
    try:
        return function(**values)
    except (ArithmeticError, ValueError, RuntimeWarning) as error:
        return type(error).__name__


def swapped(values: dict[str, Any], one: str, other: str) -> dict[str, Any]:
    return {**values, one: values[other], other: values[one]}


def is_symmetric(function: Any, values: dict[str, Any], pair: tuple[str, str]) -> bool:
    """Return whether an exchange of two arguments changes nothing, whatever the numbers."""
    luck = np.random.default_rng(1)

    def draw(value: Any) -> Any:
        if isinstance(value, bool | np.bool_):
            return bool(luck.integers(2))
        whole = isinstance(value, int | np.integer)
        return int(luck.integers(-1, 60)) if whole else luck.uniform(-1, 1)

    for _ in range(200):
        drawn = {name: draw(value) for name, value in values.items()}
        one, other = result(function, drawn), result(function, swapped(drawn, *pair))
        if isinstance(one, str) or isinstance(other, str):
            if one != other:
                return False
        elif not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12):
            return False
    return True


class Watched:
    """A rule in place of itself, which notes at each call which exchanges would be seen."""

    def __init__(self, rule: Compiled, unseen: dict[str, Pairs]) -> None:
        self.function, self.unseen = rule.py_func, unseen
        self.name = f"{rule.py_func.__module__.rpartition('.')[2]}.{rule.py_func.__name__}"

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        usual = self.function(*arguments, **keywords)
        caller = sys._getframe(1)
        place = f"{self.name} in {caller.f_code.co_name}, line {caller.f_lineno}"
        if self.unseen.get(place) != set():
            values = inspect.signature(self.function).bind(*arguments, **keywords).arguments
            pairs = self.unseen[place] if place in self.unseen else self.pairs(values)
            self.unseen[place] = {
                pair for pair in pairs if result(self.function, swapped(values, *pair)) == usual
            }
        return usual

    def pairs(self, values: dict[str, Any]) -> Pairs:
        """Return the arguments that could be confused, and would matter."""
        kinds = {name: isinstance(value, bool | np.bool_) for name, value in values.items()}
        return {
            pair
            for pair in combinations(values, 2)
            if kinds[pair[0]] == kinds[pair[1]] and not is_symmetric(self.function, values, pair)
        }


def is_routine(value: Any) -> bool:
    return isinstance(value, Compiled) and "fastmath" not in value.targetoptions


def test_an_exchange_of_two_arguments_of_a_rule_is_seen(monkeypatch):
    """The weeks run as plain Python, so that each call of a rule can be watched."""
    unseen: dict[str, Pairs] = {}
    watched = set()
    for module in [*WEEKS, *RULES]:
        for name, value in list(vars(module).items()):
            if is_routine(value) and module in RULES:
                rule = Watched(value, unseen)
                watched.add(rule.name)
                monkeypatch.setattr(module, name, rule)
            elif is_routine(value) and value.py_func.__module__ != "sim.randomness":
                monkeypatch.setattr(module, name, value.py_func)
    for number in QUICK:
        live_in_python(number)
    assert {place.partition(" in ")[0] for place in unseen} == watched
    assert {place: pairs for place, pairs in unseen.items() if pairs} == {}


def live_in_python(number: int) -> None:
    """Run a world week by week, its routines as plain Python if they were put in place so."""
    parameters = lively_world(number)
    history = no_history(parameters.horizon)
    state = build(parameters, parameters.record()[0], number, history)
    state = state._replace(
        world=state.world.view(np.recarray), weekly=state.weekly.view(np.recarray)
    )
    record = parameters.record()[0]
    groups = {
        name: SimpleNamespace(**dict(zip(group.dtype.names, group.item(), strict=True)))
        for name in record.dtype.names
        if (group := record[name]).dtype.names
    }
    for each in range(1, parameters.horizon + 1):
        week.advance(each, number, SimpleNamespace(**groups), history, state)


# -- parameters


def reads(node: ast.AST) -> set[str]:
    """Return the parameters that a piece of code reads, such as ``p.firm.cash``."""
    names = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            start, _, name = ast.unparse(inner).partition(".")
            if start == "p" and name in declarations():
                names.add(name)
    return names


def functions() -> Iterator[ast.FunctionDef]:
    for module in WEEKS:
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.FunctionDef):
                yield node


def test_an_exchange_of_two_parameters_read_in_one_place_is_seen():
    kinds = {name: type(declaration.default) for name, declaration in declarations().items()}
    unseen = {
        pair
        for function in functions()
        for pair in combinations(sorted(reads(function)), 2)
        if kinds[pair[0]] is kinds[pair[1]] and kinds[pair[0]] in (int, float)
    }
    assert len(unseen) > 1000
    for number, parameters, start in beginnings():
        usual = outcome(number, parameters, start)
        unseen = {pair for pair in unseen if outcome(number, parameters, start, pair) == usual}
    assert unseen == set()


def outcome(number: int, parameters: Parameters, start: State, pair: tuple = ()) -> bytes:
    """Return what a world has become at its horizon if two parameters are exchanged."""
    p, state = parameters.record()[0], fork(start)
    if pair:
        (group, name), (other_group, other) = (each.split(".") for each in pair)
        values = float(p[group][name]), float(p[other_group][other])
        p[other_group][other], p[group][name] = values
    history = no_history(parameters.horizon)
    advance_to(0, parameters.horizon, False, number, p, history, state)
    return everything(state)


def test_calls_of_rules_with_many_arguments_name_them():
    rules = {f"{m.__name__.rpartition('.')[2]}.{name}" for m in RULES for name in vars(m)}
    many = [
        f"{module.__name__}: {ast.unparse(node.func)}"
        for module in [*WEEKS, cascade, sim.user_week, sim.setup, sim.population]
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in rules
        and len(node.args) > MOST_POSITIONAL
    ]
    assert many == []
