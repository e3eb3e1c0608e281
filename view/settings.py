"""Which world a page shows: the command line's, or that of a link's query."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from experiments.config.choices import ConfigError
from experiments.config.overrides import unknown
from experiments.config.settings import compose
from experiments.design.reading import HISTORY
from sim.parameters import Topology, declarations
from view.stories import stories, story_of

if TYPE_CHECKING:
    from experiments.config.settings import Settings
    from sim.parameters import Parameters

LARGEST_CROWD = 10_000  # users that a page draws
MOST_TIES = 500_000
LONGEST_RUN = 2_600  # weeks
LONGEST_QUERY = 8_000  # characters
LINKED = ("case", "preset", "seed")
LOCAL = ("case.file", "network.edge_list")
"""What names files of this machine: for the command line, never for a link."""

OTHER = "other."
"""What a parameter of the other world begins with in the link to a comparison."""
SAME = "same"
"""What such a link says when the two do not differ."""

ABOUT_NO_WORLD = frozenset({"seed", "name", "results_dir"})
CHOICES = ("case", "case.file", "preset", "experiment", "seed", "name")
"""What a visitor chooses anew, whatever the command line gave."""

_start: Settings | None = None
_composing = threading.Lock()  # Hydra keeps what it composes in one place for all threads


def start_with(settings: Settings) -> None:
    """Let pages start from a set-up, as the command line gave it.

    Raises
    ------
    ConfigError
        If its world is too large for a page.
    """
    global _start
    if settings.given <= ABOUT_NO_WORLD:
        settings = composed([*settings.overrides, *stories()[0].world])
    refuse_too_large(settings.parameters)
    _start = settings


def start_settings() -> Settings:
    """Return what pages start from: the first story if the command line gave no world."""
    return composed(stories()[0].world) if _start is None else _start


def start_over(key: str) -> Settings:
    """Return a story over what else the command line gave.

    Raises
    ------
    ConfigError, ParameterError, CaseError
        If there is no such story, or a page cannot show it.
    """
    chosen = next((each for each in stories() if each.key == key), None)
    if chosen is None:
        raise ConfigError(f"there is no story {key!a}")
    start = start_settings()
    before = story_of(start)
    dropped = before.world if before else ()
    given = [
        text
        for text in start.overrides
        if text not in dropped and text.partition("=")[0] not in CHOICES
    ]
    try:
        return composed([*given, *chosen.world])
    except ValueError:  # what the command line gave may fit its own world only
        return composed([*_results_dir(), *chosen.world])


def _results_dir() -> list[str]:
    return [text for text in start_settings().overrides if text.startswith("results_dir=")]


def composed(overrides: Sequence[str]) -> Settings:
    """Compose a set-up from overrides, for visitors in several threads.

    Raises
    ------
    ConfigError, ParameterError, CaseError, DesignError
        For whatever cannot be meant, or is too large for a page; one line.
    """
    with _composing:
        settings = compose(overrides)
    refuse_too_large(settings.parameters)
    return settings


def refuse_too_large(parameters: Parameters) -> None:
    """Refuse a world that a page cannot draw.

    Raises
    ------
    ConfigError
        Naming the limit.
    """
    users, horizon = parameters.users.count, parameters.horizon
    if users > LARGEST_CROWD:
        raise ConfigError(
            f"users.count={users}: a page draws up to {LARGEST_CROWD:,} users; "
            "momentum run has no such limit"
        )
    network = parameters.network
    complete = network.topology is Topology.COMPLETE
    refuse_too_many(users * (users - 1 if complete else network.mean_degree) / 2)
    if horizon > LONGEST_RUN:
        raise ConfigError(f"horizon={horizon}: a page plays up to {LONGEST_RUN:,} weeks")


def refuse_too_many(ties: float) -> None:
    """Refuse more ties than a page can draw.

    Raises
    ------
    ConfigError
        Naming the limit.
    """
    if ties > MOST_TIES:
        raise ConfigError(
            f"the network has {ties:,.0f} ties: a page draws up to {MOST_TIES:,} ties; "
            "momentum run has no such limit"
        )


# -- links -----------------------------------------------------------------------------------------


def linked_settings(query: str | None) -> Settings:
    """Return the world of a link's query, as in ``firm.decline_rate=0.01&seed=8``.

    A query builds on the default world, so that a link shows the same world to everybody; an empty
    one leaves what pages start from. It may set parameters and choose a case, a preset and the
    seed; it may not name files.

    Raises
    ------
    ConfigError, ParameterError, CaseError, DesignError
        For whatever cannot be meant; one line.
    """
    overrides = read_query(query)
    return _over_default(overrides) if overrides else start_settings()


def linked_pair(query: str | None) -> tuple[Settings, dict[str, Any] | None]:
    """Return the world of a comparison's link, and what is other in the other one, if it says so.

    It is a link as `linked_settings` reads it, with ``other.NAME=VALUE`` for each difference, or
    ``same=true`` for none.

    Raises
    ------
    ConfigError, ParameterError, CaseError, DesignError
        For whatever cannot be meant; one line.
    """
    same = f"{SAME}=true"
    parts = [part for part in (query or "").removeprefix("?").split("&") if part]
    ours = read_query("&".join(p for p in parts if not p.startswith(OTHER) and p != same))
    theirs = read_query("&".join(p.removeprefix(OTHER) for p in parts if p.startswith(OTHER)))
    settings = _over_default(ours) if parts else start_settings()
    if not theirs:
        return settings, {} if same in parts else None
    names = [override.partition("=")[0] for override in theirs]
    for name in names:
        if name not in declarations():
            raise ConfigError(f"{OTHER}{name}: two worlds differ in parameters; {unknown(name)}")
    there = _over_default([*ours, *theirs]).parameters
    return settings, {name: there.value(name) for name in names}


def read_query(query: str | None) -> list[str]:
    """Return the overrides that a query asks for.

    Raises
    ------
    ConfigError
        For what a link must not set.
    """
    text = (query or "").removeprefix("?")
    if len(text) > LONGEST_QUERY:
        raise ConfigError(f"the link is longer than {LONGEST_QUERY:,} characters")
    overrides = []
    for part in filter(None, text.split("&")):
        name, equals, value = (unquote(each.replace("+", " ")) for each in part.partition("="))
        if name in LOCAL:
            raise ConfigError(
                f"{name}: a link cannot name files; start momentum view {name}=PATH instead"
            )
        if name not in declarations() and name not in HISTORY and name not in LINKED:
            raise ConfigError(f"a link sets parameters, seed, case and preset; {unknown(name)}")
        if not equals or not value:
            raise ConfigError(f"{name}: give it a value, as in {name}=VALUE")
        if any(mark in value for mark in "$,()[]{}"):
            raise ConfigError(f"{name}={value}: a link gives one plain value")
        overrides.append(f"{name}={value}")
    return overrides


def _over_default(overrides: Sequence[str]) -> Settings:
    """Return the default world with overrides, its results where the command line has them."""
    return composed([*overrides, *_results_dir()])


def link(overrides: Mapping[str, Any], page: str = "live") -> str:
    """Return the address of a page of this server that shows a world."""
    return f"/{page}?{as_query(overrides)}" if overrides else f"/{page}"


def as_query(overrides: Mapping[str, Any]) -> str:
    """Return overrides as a query has them."""
    return "&".join(
        f"{quote(name, safe='.')}={quote(as_text(each))}" for name, each in overrides.items()
    )


def as_text(value: Any) -> str:
    """Return a value as an override has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(getattr(value, "value", value))
