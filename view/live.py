"""The live page: one world, watched week by week."""

from __future__ import annotations

import solara
from mesa.visualization.utils import force_update, update_counter

from view.network import Crowd, Pick
from view.player import Player
from view.session import Session
from view.settings import linked_settings
from view.words import one_line


@solara.component
def Live() -> None:
    """Show the world that the command line or the address asks for."""
    query = solara.use_router().search
    session, problem = solara.use_memo(lambda: opened(query), [query])
    if session is None:
        solara.Error(problem)
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
    model = session.model

    def advance(week: int) -> None:
        if week == session.model.week:
            session.advance()
        force_update()

    def finish(_: object) -> None:
        while session.model.running:
            session.advance()
        force_update()

    def reset(_: object) -> None:
        session.begin()
        force_update()

    with solara.Div(classes=["mo-stage"]):
        Player(
            week=model.week,
            horizon=model.parameters.horizon,
            when="",
            waiting=bool(session.pending()),
            event_advance=advance,
            event_finish=finish,
            event_reset=reset,
        )
        Crowd(model, session.places, chosen.value, chosen.set)
