"""The live page: one world, watched week by week, and whom the visitor clicked at."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import force_update, update_counter

from experiments.text import percent
from view.charts import TimeLines
from view.chronicle import chronicle
from view.controls import Controls
from view.dials import Banner, Dials
from view.fan import OtherSeeds, fan_in_words, use_fan
from view.motive import moved_in_words, shares
from view.network import Crowd, Pick
from view.opening import use_opened
from view.player import Player, weeks_asked
from view.session import Session
from view.settings import linked_settings
from view.share import Share, address, commands
from view.verdict import Referee
from view.why import Account, explain_user
from view.why_holder import explain_holder
from view.words import nothing_happened, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from view.session import Course


@solara.component_vue("account.vue", vuetify=False)
def _Card(account: dict[str, Any], event_close: Callable[[Any], None]) -> Any: ...


@solara.component
def Who(course: Course, chosen: Pick, on_close: Callable[[], None]) -> None:
    """Show who was chosen, as of the week shown."""
    update_counter.get()
    if chosen.kind == "user":
        account = explain_user(course.model, chosen.number, course.newcomers.who)
    else:
        account = explain_holder(course.model, chosen.number)
    _Card(account=plain(account), event_close=lambda _: on_close())


def plain(account: Account) -> dict[str, Any]:
    """Return an account as the browser reads it."""
    return {
        **account._asdict(),
        "terms": [term._asdict() for term in account.terms],
        "total": account.total._asdict(),
        "tiers": [
            {**tier._asdict(), "chance": "" if math.isnan(tier.chance) else percent(tier.chance)}
            for tier in account.tiers
        ],
    }


@solara.component
def Live() -> None:
    """Show the world that the command line or the address asks for."""
    session = use_opened(lambda query: Session(linked_settings(query)))
    if session is not None:
        Watched(session)


@solara.component
def Watched(session: Session) -> None:
    """Show a run and what can be done with it."""
    update_counter.get()
    chosen: solara.Reactive[Pick | None] = solara.use_reactive(None)
    sharing: solara.Reactive[bool] = solara.use_reactive(False)
    problem: solara.Reactive[dict[str, str]] = solara.use_reactive({})
    fanned: solara.Reactive[bool] = solara.use_reactive(True)
    looked: solara.Reactive[int | None] = solara.use_reactive(None)
    fan = use_fan(session)
    course = session.at(looked.value)
    model, moved = course.model, course.newcomers.lately(course.model.week)
    verdict = solara.use_memo(lambda: Referee(model), [model]).judge()
    case = session.settings.case
    changed = [each for each in session.interventions if each[0] <= model.week]
    entries = chronicle(model, verdict.held_from, case, session.begun, changed)

    def attempt(name: str, change: Callable[[], Any]) -> None:
        looked.value = None
        try:
            change()
            problem.value = {}
        except ValueError as error:
            problem.value = {"name": name, "text": one_line(error)}
        force_update()

    def advance(asked: Any) -> None:
        weeks = weeks_asked(asked, model.week)
        if model is session.model:
            session.advance(weeks)
        else:
            look(model.week + weeks)
        force_update()

    def look(week: Any) -> None:
        past = isinstance(week, int) and 0 <= week < session.model.week
        looked.value = week if past else None

    def finish(_: Any) -> None:
        looked.value = None
        session.advance(session.begun.horizon)
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
                reached=session.model.week,
                horizon=model.parameters.horizon,
                when="" if case is None else f"{case.date_of(model.week):%-d %b %Y}",
                waiting=bool(session.pending()),
                looks=True,
                shared="Share, save",
                links=[{**each, "address": address(session, each["key"])} for each in FURTHER],
                event_advance=advance,
                event_look=look,
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
                        Crowd(model, session.layout, course.changes, chosen.value, chosen.set)
                        Legend()
                    Dials(model, verdict)
                    WhatMoved(parts=shares(moved), text=moved_in_words(moved))
                with solara.Div(classes=["mo-right"]):
                    with solara.Div(classes=["mo-card", "mo-lines"]):
                        TimeLines(
                            session.model,
                            entries,
                            date_of(session),
                            fan.tables if fan and fanned.value else b"",
                            None if model is session.model else model,
                        )
                        OtherSeeds(
                            text=fan_in_words(fan), shown=fanned.value, event_show=fanned.set
                        )
                    if chosen.value is None:
                        Log(
                            entries=[entry._asdict() for entry in entries],
                            empty=nothing_happened(model),
                        )
                    else:
                        Who(course, chosen.value, lambda: chosen.set(None))


def date_of(session: Session) -> Callable[[int], str] | None:
    """Return what says the date of a week; None without a case."""
    case = session.settings.case
    return None if case is None else lambda week: f"{case.date_of(week):%-d %b %Y}"


FURTHER = (
    {"key": "twin", "text": "Compare", "title": "Beside another world with the same luck"},
    {"key": "sweep", "text": "Sweep", "title": "Many runs of this world, with something varied"},
)
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


@solara.component_vue("log.vue", vuetify=False)
def Log(entries: list[dict[str, Any]], empty: str) -> Any:
    """List what happened, or say that nothing did."""


@solara.component_vue("moved.vue", vuetify=False)
def WhatMoved(parts: list[dict[str, Any]], text: str) -> Any:
    """Show what moved those who signed or joined in the last weeks."""


@solara.component
def Legend() -> None:
    """Explain the marks of the crowd."""
    marks = "".join(f'<li><i class="mo-mark mo-{key}"></i>{name}</li>' for key, name in LEGEND)
    trust = '<li class="mo-trust">trust lost <i></i> gained</li>'
    solara.HTML("ul", unsafe_innerHTML=marks + trust, classes=["mo-legend"])
