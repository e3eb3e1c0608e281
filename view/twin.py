"""The twin view: two worlds with the same luck, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import force_update, update_counter

from sim.columns import label
from view.charts import TimeLines
from view.controls import controls
from view.dials import Banner
from view.live import Legend, Who, date_of
from view.network import Crowd, Pick
from view.opening import use_opened
from view.pair import Pair, questions
from view.player import Player, weeks_asked
from view.settings import linked_pair
from view.share import Share, pair_address, pair_commands
from view.stories import OWN, choices, story_of
from view.verdict import Referee
from view.words import as_words, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from view.session import Session


@solara.component_vue("twin.vue", vuetify=False)
def _Choices(
    questions: list[dict[str, str]],
    asked: str,
    differences: list[dict[str, str]],
    parameters: list[dict[str, Any]],
    problem: str,
    seed: int,
    story: str,
    stories: list[dict[str, Any]],
    event_ask: Callable[[str], None],
    event_add: Callable[[dict[str, Any]], None],
    event_drop: Callable[[str], None],
    event_reseed: Callable[[Any], None],
    event_choose: Callable[[str], None],
) -> Any: ...


@solara.component
def Twin() -> None:
    """Show two worlds that differ in what the visitor chooses."""
    pair = use_opened(lambda query: Pair(*linked_pair(query)))
    if pair is not None:
        Compared(pair)


@solara.component
def Compared(pair: Pair) -> None:
    """Show two runs and what they differ in."""
    update_counter.get()
    chosen: solara.Reactive[Pick | None] = solara.use_reactive(None)
    sharing: solara.Reactive[bool] = solara.use_reactive(False)
    problem: solara.Reactive[str] = solara.use_reactive("")
    case = pair.here.settings.case

    def attempt(change: Callable[[], Any]) -> None:
        try:
            change()
            problem.value = ""
        except ValueError as error:
            problem.value = one_line(error)
        force_update()

    def advance(asked: Any) -> None:
        pair.advance(weeks_asked(asked, pair.week))
        force_update()

    def finish(_: Any) -> None:
        pair.advance(pair.horizon)
        force_update()

    with solara.Div(classes=["mo-stage", "mo-twin"]):
        Player(
            week=pair.week,
            reached=pair.week,
            horizon=pair.horizon,
            when="" if case is None else f"{case.date_of(pair.week):%-d %b %Y}",
            waiting=False,
            looks=False,
            event_advance=advance,
            event_finish=finish,
            shared="Share",
            event_reset=lambda _: attempt(pair.begin),
            event_share=lambda _: sharing.set(not sharing.value),
        )
        if sharing.value:
            Share(pair_commands(pair), pair_address(pair), lambda: sharing.set(False))
        Choices(pair, problem.value, attempt)
        with solara.Div(classes=["mo-twins"]):
            World("This world", pair.here, chosen)
            World("The other world", pair.there, chosen)
            with solara.Div(classes=["mo-card", "mo-lines"]):
                TimeLines([pair.here.model, pair.there.model], date_of=date_of(pair.here))
        Legend()


@solara.component
def World(title: str, session: Session, chosen: solara.Reactive[Pick | None]) -> None:
    """Show one of the two runs."""
    update_counter.get()
    model = session.model
    verdict = solara.use_memo(lambda: Referee(model), [model]).judge()
    known = {"user": model.state.users.status.size, "shareholder": len(model.state.shareholders[0])}
    pick = chosen.value if chosen.value and chosen.value.number < known[chosen.value.kind] else None
    with solara.Div(classes=["mo-card", "mo-half-world"]):
        solara.HTML("h2", title)
        Banner(model, verdict)
        Crowd(model, session.layout, session.course.changes, pick, chosen.set)
        if pick is not None:
            Who(session.course, pick, lambda: chosen.set(None))


@solara.component
def Choices(pair: Pair, problem: str, attempt: Callable[[Callable[[], Any]], None]) -> None:
    """Show what the two worlds are, and what they differ in."""
    update_counter.get()
    here, there = pair.here.wanted, pair.there.wanted
    asked = questions(here)
    keys = [each.key for each in asked if each.differences == pair.differences]
    chosen = story_of(pair.here.settings)
    horizon = here.horizon

    def ask(key: str) -> None:
        found = [each.differences for each in asked if each.key == key]
        if found:
            attempt(lambda: pair.differ(found[0]))

    def add(change: dict[str, Any]) -> None:
        name = str(change.get("name"))
        attempt(lambda: pair.differ({**pair.differences, name: change.get("value")}))

    def drop(name: str) -> None:
        others = {key: value for key, value in pair.differences.items() if key != name}
        attempt(lambda: pair.differ(others))

    _Choices(
        questions=[{"key": each.key, "text": each.text} for each in asked],
        asked=keys[0] if keys else "",
        differences=[
            {
                "name": name,
                "label": label(name),
                "here": as_words(here.value(name)),
                "there": as_words(there.value(name)),
            }
            for name in pair.differences
        ],
        parameters=solara.use_memo(lambda: controls(horizon), [horizon]),
        problem=problem,
        seed=pair.here.seed,
        story=chosen.key if chosen else OWN,
        stories=choices(pair.here.opened),
        event_ask=ask,
        event_add=add,
        event_drop=drop,
        event_reseed=lambda seed: attempt(lambda: pair.reseed(seed)),
        event_choose=lambda key: attempt(lambda: pair.choose_story(str(key))),
    )
