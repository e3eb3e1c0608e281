"""The page that starts a sweep of a world, and shows it fill."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import solara

from experiments.config.choices import file_of, names_of
from experiments.files import read_yaml
from experiments.store.provenance import command_line
from sim.columns import axis
from view.controls import controls
from view.opening import use_opened
from view.settings import linked_settings
from view.stored_results import address, shelves
from view.sweeping import SCALES, sweeper, words_of
from view.words import as_words, one_line

if TYPE_CHECKING:
    from experiments.config.settings import Settings

VARIED = ("participation.cost_mean", "threat.base")
"""The parameters that are offered first."""
ELSEWHERE = ("calibrate", "cases", "patterns")
"""Experiments that are about other worlds than the page's, or that another command runs."""


@solara.component_vue("sweep.vue", vuetify=False)
def _Form(
    experiments: list[dict[str, str]],
    scales: list[str],
    parameters: list[dict[str, Any]],
    varied: list[str],
    values: dict[str, Any],
    name: str,
    world: str,
    problem: str,
    sweep: dict[str, Any] | None,
    event_start: Callable[[Any], None],
    event_cancel: Callable[[Any], None],
    event_look: Callable[[Any], None],
) -> Any: ...


@solara.component
def Sweep() -> None:
    """Show what can be varied in the world that the address asks for, and the sweep that runs."""
    settings = use_opened(linked_settings)
    if settings is not None:
        Started(settings)


@solara.component
def Started(settings: Settings) -> None:
    """Show the form, and how far the sweep of this server is."""
    problem: solara.Reactive[str] = solara.use_reactive("")
    looks: solara.Reactive[int] = solara.use_reactive(0)
    looks.get()
    world = [text for text in settings.overrides if not text.startswith("results_dir=")]
    horizon = settings.parameters.horizon

    def start(asked: Any) -> None:
        try:
            sweeper.start(words_of(settings.overrides, asked))
            problem.value = ""
        except (ValueError, OSError) as error:
            problem.value = one_line(error)
        look(None)

    def look(_: Any) -> None:
        looks.value += 1

    def cancel(_: Any) -> None:
        sweeper.cancel()
        look(None)

    _Form(
        experiments=solara.use_memo(experiments, []),
        scales=[*SCALES],
        parameters=solara.use_memo(lambda: controls(horizon), [horizon]),
        varied=[*VARIED],
        values=settings.parameters.flat(),
        name=free_name(),
        world=command_line("run", world).removeprefix("momentum run").strip(),
        problem=problem.value,
        sweep=shown(),
        event_start=start,
        event_cancel=cancel,
        event_look=look,
    )


def experiments() -> list[dict[str, str]]:
    """Return the experiments that are offered, each with its question."""
    found = []
    for name in names_of("experiment"):
        if name not in ELSEWHERE:
            given = read_yaml(file_of("experiment", name))
            question = given.get("question") if isinstance(given, dict) else None
            found.append({"name": name, "question": " ".join(str(question or "").split())})
    return found


def free_name() -> str:
    """Return a name that no result has yet."""
    number = 1
    while (shelves()["results"] / f"live-{number}").exists():
        number += 1
    return f"live-{number}"


def shown() -> dict[str, Any] | None:
    """Return the sweep of this server as the page shows it; None if there was none."""
    sweep = sweeper.sweep
    if sweep is None:
        return None
    name = sweep.plan.name
    return {
        "name": name,
        "state": sweep.state,
        "text": sweep.progress(),
        "problem": sweep.problem,
        "command": sweep.command,
        "axes": [
            {"label": axis(name), "values": [as_words(value) for value in values]}
            for name, values in sweep.axes.items()
        ],
        "cells": [cell._asdict() for cell in sweep.cells()],
        "page": f"/results/results/{quote(name)}",
        "report": address("results", f"{name}/report.html"),
    }
