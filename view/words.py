"""The sentences of the pages: how a run stands, what went wrong, pictures in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.execution.run_text import GRADES
from experiments.text import as_text, percent
from sim.parameters import Origin

if TYPE_CHECKING:
    from sim.model import MovementModel
    from view.verdict import Verdict

LONGEST = 600  # characters


def one_line(problem: BaseException) -> str:
    """Return what went wrong as one line that can be shown."""
    line = " ".join(str(problem).split()) or type(problem).__name__
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def as_words(value: Any) -> str:
    """Return the value of a parameter as a page shows it."""
    return as_text(getattr(value, "value", value))


# -- how a run stands ------------------------------------------------------------------------------


def verdict_in_words(model: MovementModel, verdict: Verdict) -> tuple[str, str]:
    """Return a title and a text that say how a run stands at the week reached."""
    running = verdict.outcome is None
    if verdict.level == "converted":
        title = f"Converted in week {verdict.converted:.0f}: the firm belongs to its users"
        return title, _before_conversion(verdict)
    if verdict.emerged:
        if running:
            title = f"A movement emerges, from week {verdict.held_from:.0f} on"
            few = f" Now only {_people(verdict.organisers)} organise."
            return title, f"{_influence(verdict)}{'' if verdict.streak else few}"
        return (
            f"A movement emerged in week {verdict.held_from:.0f}",
            f"{_influence(verdict)} {_grade(verdict)}",
        )
    if verdict.level == "none":
        text = f"{_grade(verdict)} {_most(verdict).capitalize()}; {_signed(verdict)}"
        return "No movement emerged", text
    if model.state.world[0]["launched"] < 0:
        return "No campaign yet", _launch(model)
    line = _people(verdict.needed)
    if verdict.level == "near":
        weeks = f"{min(verdict.streak, verdict.spell)} of {verdict.spell} weeks"
        act = "" if verdict.acted else " They have not acted together yet."
        text = f"{_people(verdict.organisers)} organise beyond those who launched it.{act}"
        return f"{line} organise or more, for {weeks}", text
    needs = f"A movement needs {line} for {verdict.spell} weeks and a collective act."
    who = f"{_people(verdict.organisers)} organise" if verdict.organisers else "Nobody organises"
    return f"{who} beyond those who launched it", f"{_signed(verdict)} {needs}"


def _people(number: float) -> str:
    return "1 person" if round(number) == 1 else f"{round(number):,} people"


def _most(verdict: Verdict) -> str:
    if not verdict.most:
        return "nobody organised beyond those who launched it"
    return f"at most {_people(verdict.most)} organised at once"


def _signed(verdict: Verdict) -> str:
    return f"{round(verdict.signatures):,} signatures."


def _before_conversion(verdict: Verdict) -> str:
    if not verdict.emerged:
        return f"There was no movement before: {_most(verdict)}."
    return f"The movement emerged in week {verdict.held_from:.0f}. {_influence(verdict)}"


def _influence(verdict: Verdict) -> str:
    so_far = " so far" if verdict.outcome is None else ""
    return (
        f"Of those who joined{so_far}, {percent(verdict.influence)} would not have if nobody had "
        "influenced anybody."
    )


def _grade(verdict: Verdict) -> str:
    assert verdict.outcome is not None
    return f"{verdict.outcome.grade.capitalize()}: {GRADES[verdict.outcome.grade]}."


def _launch(model: MovementModel) -> str:
    movement = model.parameters.movement
    if movement.origin is Origin.NEVER:
        return "Nobody launches one in this world."
    if movement.origin is Origin.ENDOGENOUS:
        return "One starts as soon as enough users act without it."
    if movement.launch_week <= model.week:
        return "The week of its launch has passed."
    return f"It starts in week {movement.launch_week}."


def nothing_happened(model: MovementModel) -> str:
    """Return what stands in the place of a list of events that is empty."""
    if not model.running:
        return "Nothing happened in this run."
    return "Nothing so far." if model.week else "Nothing yet. Press Play."


# -- pictures in words -----------------------------------------------------------------------------


def crowd_in_words(model: MovementModel) -> str:
    """Return the picture of the crowd in words, for those who do not see it."""
    row, n = model.state.weekly[model.week], model.state.users.status.size
    signed = model.state.world[0]["signatures"]
    counts = f"signed {signed:,}, " + ", ".join(
        f"{name} {round(row[column] * n):,}"
        for column, name in (
            ("supporters", "supporters"),
            ("organisers", "organisers"),
            ("exited", "gone to a rival"),
            ("exited_coop", "gone to the cooperative"),
        )
    )
    return (
        f"Network of {n:,} users in week {model.week}: {counts}. Below it "
        f"{model.state.shareholders.trust.size:,} shareholders, whose trust is "
        f"{row['trust']:.2f}. Arrow keys choose a user or a shareholder."
    )


def lines_in_words(models: Sequence[MovementModel]) -> str:
    """Return the last values of the time lines, for those who do not see them."""
    worlds = []
    for model in models:
        row = model.state.weekly[model.week]
        people = model.state.users.status.size * row["people_per_agent"]
        worlds.append(
            f"Week {model.week}: price {row['price']:.2f}, distress {row['distress']:.2f}, trust "
            f"{row['trust']:.2f}, dissatisfaction {row['dissatisfaction']:.2f}, threat "
            f"{row['threat']:.2f}, attention {row['media']:.2f}, signatures "
            f"{row['signatures']:,.0f}, supporters {people * row['supporters']:,.0f}, organisers "
            f"{people * row['organisers']:,.0f}, gone to a rival {percent(row['exited'])}, gone to "
            f"the cooperative {percent(row['exited_coop'])}."
        )
    keys = "Left and right arrow keys choose a week."
    return f"Time lines. {' The other world: '.join(worlds)} {keys}"
