"""The live page: one world, watched week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import force_update, update_counter

from view.account import Who
from view.charts import TimeLines
from view.chronicle import Log, chronicle
from view.controls import Controls
from view.dials import Banner, Dials
from view.fan import OtherSeeds, use_fan
from view.moved import WhatMoved
from view.network import Crowd, Pick
from view.player import Player
from view.refusal import Refusal
from view.session import Session
from view.settings import linked_settings
from view.share import Share, address, commands
from view.verdict import Referee
from view.words import nothing_happened, one_line

if TYPE_CHECKING:
    from collections.abc import Callable


@solara.component
def Live() -> None:
    """Show the world that the command line or the address asks for."""
    query = solara.use_router().search
    session, problem = solara.use_memo(lambda: opened(query), [query])
    if session is None:
        Refusal(problem)
        return
    Watched(session)


def opened(query: str | None) -> tuple[Session | None, str]:
    """Return a run of the world a query asks for, or why there is none."""
    try:
        return Session(linked_settings(query)), ""
    except ValueError as error:
        return None, one_line(error)


@solara.component
def Watched(session: Session) -> None:
    """Show a run and what can be done with it."""
    update_counter.get()
    chosen: solara.Reactive[Pick | None] = solara.use_reactive(None)
    sharing: solara.Reactive[bool] = solara.use_reactive(False)
    problem: solara.Reactive[dict[str, str]] = solara.use_reactive({})
    fanned: solara.Reactive[bool] = solara.use_reactive(True)
    fan = use_fan(session)
    model = session.model
    referee = solara.use_memo(lambda: Referee(model), [model])
    verdict = referee.judge()
    case = session.settings.case
    entries = chronicle(model, verdict.held_from, case, session.begun, session.interventions)

    def attempt(name: str, change: Callable[[], Any]) -> None:
        try:
            change()
            problem.value = {}
        except ValueError as error:
            problem.value = {"name": name, "text": one_line(error)}
        force_update()

    def advance(week: Any) -> None:
        if week == session.model.week:
            session.advance()
        force_update()

    def finish(_: Any) -> None:
        while session.model.running:
            session.advance()
        force_update()

    def choose(key: str) -> None:
        attempt("", lambda: session.choose_story(key))
        if chosen.value and not problem.value:
            chosen.value = None

    with solara.Div(classes=["mo-world"]):
        Controls(
            session,
            problem.value,
            on_set=lambda name, value: attempt(name, lambda: session.set(name, value)),
            on_reseed=lambda seed: attempt("", lambda: session.reseed(seed)),
            on_choose=choose,
        )
        with solara.Div(classes=["mo-stage"]):
            Player(
                week=model.week,
                horizon=model.parameters.horizon,
                when="" if case is None else f"{case.date_of(model.week):%-d %b %Y}",
                waiting=bool(session.pending()),
                shared="Share, save",
                twin=address(session, "twin"),
                event_advance=advance,
                event_finish=finish,
                event_reset=lambda _: attempt("", session.begin),
                event_share=lambda _: sharing.set(not sharing.value),
            )
            Banner(model, verdict)
            if sharing.value:
                Share(commands(session), address(session), lambda: sharing.set(False), session)
            with solara.Div(classes=["mo-panels"]):
                with solara.Div(classes=["mo-left"]):
                    with solara.Div(classes=["mo-card", "mo-crowd-card"]):
                        Crowd(model, session.places, chosen.value, chosen.set)
                        Legend()
                    Dials(model, verdict)
                    WhatMoved(session)
                with solara.Div(classes=["mo-right"]):
                    with solara.Div(classes=["mo-card", "mo-lines"]):
                        TimeLines(model, entries, date_of(session), fan if fanned.value else None)
                        OtherSeeds(fan, fanned.value, fanned.set)
                    if chosen.value is None:
                        Log(entries, nothing_happened(model))
                    else:
                        Who(session, chosen.value, lambda: chosen.set(None))


def date_of(session: Session) -> Callable[[int], str] | None:
    """Return what says the date of a week; None without a case."""
    case = session.settings.case
    return None if case is None else lambda week: f"{case.date_of(week):%-d %b %Y}"


LEGEND = (
    ("bystander", "bystander"),
    ("aware", "knows of it"),
    ("signed", "signed"),
    ("fresh", "just signed or joined"),
    ("supporter", "supporter"),
    ("organiser", "organiser"),
    ("gone", "left for a rival"),
    ("cooperative", "left for the cooperative"),
)


@solara.component
def Legend() -> None:
    """Explain the marks of the crowd."""
    marks = "".join(f'<li><i class="mo-mark mo-{key}"></i>{name}</li>' for key, name in LEGEND)
    trust = '<li class="mo-trust">trust lost <i></i> gained</li>'
    solara.HTML("ul", unsafe_innerHTML=marks + trust, classes=["mo-legend"])
