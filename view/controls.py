"""Controls of the world and of the levers, made from the declarations of the parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import update_counter

from sim.columns import label
from sim.parameters import ASSUMED, NEVER, Role, Topology, declarations
from view.stories import OWN, choices, story_of

if TYPE_CHECKING:
    from view.session import Session

FIRST = ("firm.decline_rate", "dissatisfaction.base", "threat.base", "participation.cost_mean")
"""What makes the three conditions, and what taking part costs: shown above all others."""
RUN = ("horizon", "users.count", "users.people_per_agent")
TITLES = {
    "participation": "Taking part",
    "exit": "Exit and return",
    "threat": "Threat to democracy",
    "events": "Rumours and scandals",
    "vote": "Proposals and votes",
    "emergence": "What counts as a movement",
    "network": "Social network",
}
"""Of the groups of parameters whose name does not say it."""
STEPS = 100  # of a slider


@solara.component_vue("controls.vue", vuetify=False)
def _Panel(
    groups: list[dict[str, Any]],
    values: dict[str, Any],
    pending: list[str],
    acting: list[str],
    problem: dict[str, str],
    seed: int,
    story: str,
    stories: list[dict[str, Any]],
    event_set: Callable[[dict[str, Any]], None],
    event_reseed: Callable[[Any], None],
    event_choose: Callable[[str], None],
) -> Any: ...


@solara.component
def Controls(
    session: Session,
    problem: Mapping[str, str],
    on_set: Callable[[str, Any], None],
    on_reseed: Callable[[Any], None],
    on_choose: Callable[[str], None],
) -> None:
    """Show the controls of a run.

    Parameters
    ----------
    session
        The run.
    problem
        What was wrong with the last change: ``name`` of the control and ``text``; else empty.
    on_set, on_reseed, on_choose
        Called with a parameter's name and value, a seed, the key of a story.
    """
    update_counter.get()
    chosen = story_of(session.settings)
    groups = solara.use_memo(lambda: grouped(session.wanted.horizon), [session.wanted.horizon])
    _Panel(
        groups=groups,
        values=session.wanted.flat(),
        pending=session.pending(),
        acting=[name for name in declarations() if session.acts_at_once(name)],
        problem=dict(problem),
        seed=session.seed,
        story=chosen.key if chosen else OWN,
        stories=choices(session.opened),
        event_set=lambda change: on_set(str(change.get("name")), change.get("value")),
        event_reseed=on_reseed,
        event_choose=lambda key: on_choose(str(key)),
    )


def grouped(horizon: int) -> list[dict[str, Any]]:
    """Return the controls: what makes the conditions, then levers, then the world, in groups."""
    known = declarations()
    levers = [name for name in known if known[name].metadata["role"] is Role.LEVER]
    rest = [name for name in known if name not in (*FIRST, *RUN, *levers)]
    found = [
        _group("conditions", "Conditions", "world", FIRST, horizon),
        _group("movement", "Levers of the movement", "lever", _of("movement", levers), horizon),
        _group("firm", "Levers of the firm", "lever", _of("firm", levers), horizon),
        _group("run", "Size and length", "world", RUN, horizon),
    ]
    for outer in dict.fromkeys(name.partition(".")[0] for name in rest):
        names, title = _of(outer, rest), TITLES.get(outer, outer.capitalize())
        found.append(_group(f"world-{outer}", title, "world", names, horizon))
    return [group for group in found if group["controls"]]


def _of(outer: str, names: list[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(f"{outer}."))


def _group(key: str, title: str, role: str, names: tuple[str, ...], horizon: int) -> dict[str, Any]:
    controls = [control(name, horizon) for name in names]
    return {"key": key, "title": title, "role": role, "controls": list(filter(None, controls))}


def controls(horizon: int) -> list[dict[str, Any]]:
    """Return the controls of all parameters, in the order of their declarations."""
    return [each for name in declarations() if (each := control(name, horizon))]


def control(name: str, horizon: int) -> dict[str, Any] | None:
    """Return the control of a parameter; None for a file, which a page must not name."""
    declaration = declarations()[name]
    default, about = declaration.default, declaration.metadata
    if isinstance(default, str):
        return None
    source = "an assumption" if about["source"] == ASSUMED else about["source"]
    common = {
        "name": name,
        "label": label(name),
        "unit": "" if about["unit"] in ("choice", "number") else about["unit"],
        "meaning": about["meaning"],
        "explains": about["meaning"].partition(" (")[0] not in about["label"],
        "source": source,
        "default": default.value if isinstance(default, Enum) else default,
    }
    if isinstance(default, Enum):
        choices = [each.value for each in type(default) if each is not Topology.EDGE_LIST]
        return {**common, "kind": "choice", "choices": choices}
    low, high = slider_range(name, horizon)
    whole = isinstance(default, int)
    step = 1 if whole else _nice((high - low) / STEPS)
    return {**common, "kind": "number", "whole": whole, "low": low, "high": high, "step": step}


def slider_range(name: str, horizon: int) -> tuple[float, float]:
    """Return what a slider runs over: the plausible range, or what makes sense without one."""
    declaration = declarations()[name]
    about = declaration.metadata
    low, high = about["bounds"]
    if about["plausible"] is not None:
        return about["plausible"]
    if about["unit"] == "week":
        return (NEVER if low < 0 else low), horizon
    if name == "horizon":
        return 52, 520
    if math.isinf(high):
        high = {"weeks": 52, "people": 2_000}[about["unit"]]
    return low, high


def _nice(step: float) -> float:
    """Return the power of ten at or below a step."""
    return float(10.0 ** math.floor(math.log10(step) + 1e-9))
