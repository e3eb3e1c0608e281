"""The question: which firm, on which day, with which aim; and the runs that answer it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.advice.record import (
    AdviceError,
    Record,
    held_parameters,
    of_case,
    of_model,
    unknown_parameters,
)
from experiments.advice.scenarios import SCENARIOS, YEAR, Futures
from experiments.advice.worlds import draw_worlds
from experiments.cases.values import WANTED, parse_day
from experiments.config.settings import Settings, compose
from experiments.errors import did_you_mean
from experiments.execution.sweep import run_sweep
from experiments.files import FileError, read_text
from experiments.store.layout import write_file
from experiments.store.result import Result
from sim.parameters import Framing, declarations

AIMS = {
    "emergence": "emerged",
    "recognition": "recognised",
    "conversion": "converted",
    "cooperative": "spin_off",
}
"""What can be aimed at, each with the outcome that shows it."""

MONTHS = (0, 3, 6, 12, 18, 24)  # from the question to the launch
FOLLOW_UP = 2 * YEAR  # weeks for which each launch is watched
WORLDS = {"smoke": 4, "laptop": 128, "full": 1024}
USERS = {"smoke": 200, "laptop": 1000, "full": 2000}
NOTES, DRAWN = "advice.json", "worlds.parquet"
OWN = ("aim", "as_of")
NEEDS = "advice is about a firm: give case=NAME, case.file=PATH or preset=NAME"


@dataclass(frozen=True)
class Question:
    """What a result of advice was asked, and what its page must know of it."""

    aim: str
    firm: str
    day: str  # of the question, year-month-day; empty for a firm of the model
    now: int  # the last week before the question
    months: tuple[int, ...]  # from the question to each launch; below 0: before it
    source: str  # of the worlds: calibrated, or ranges
    drawn: int  # parameters that differ between worlds
    volatility: float  # weekly, of the logarithm of the price
    prices: int  # steps of the price that are known


def asked(words: Sequence[str]) -> tuple[str, date | None, list[str]]:
    """Return the aim, the day of the question, and the other words of a command line.

    Raises
    ------
    AdviceError
        For an unknown aim, or what is no day.
    """
    own = dict.fromkeys(OWN, "")
    rest = []
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name in OWN:
            own[name] = value
            if not value:
                raise AdviceError(f"{word}: no value; leave {name} out for the usual one")
        else:
            rest.append(word)
    aim = own["aim"] or "emergence"
    if aim not in AIMS:
        known = did_you_mean(aim, AIMS, f"; there are {', '.join(AIMS)}")
        raise AdviceError(f"aim={aim}: unknown aim {aim}{known}")
    day = parse_day(own["as_of"]) if own["as_of"] else None
    if own["as_of"] and day is None:
        raise AdviceError(f"as_of={own['as_of']} is not a day; {WANTED}")
    return aim, day, rest


def answer_by_runs(words: Sequence[str], months: Sequence[int] = MONTHS) -> Result:
    """Run what the question asks for, as far as it is missing, and return the result.

    Parameters
    ----------
    words
        Of the command line: the firm, ``aim=``, ``as_of=``, and settings of a sweep.
    months
        From the question to each launch; below 0 for what is too late now.

    Raises
    ------
    AdviceError
        For a question that cannot be answered.
    """
    aim, day, rest = asked(words)
    settings = _composed(rest)
    record, settings = known(settings, day, FOLLOW_UP + 2 + max(months) * YEAR // 12)
    if record.now + launch_weeks(min(months)) < 1:
        raise AdviceError(
            f"the record begins less than {-min(months)} months before the question, in which a "
            "launch is tried; add earlier figures or ask about a later day"
        )
    count = settings.replicates or settings.sampled.get("samples") or WORLDS[settings.scale]
    held = held_parameters(settings.case, settings.given, settings.parameters)
    worlds, source = draw_worlds(settings, count, held, day)
    futures = Futures(record, tuple(worlds), settings.seed, "vote.first_meeting" not in held)
    sweep = replace(
        settings,
        case=None,
        command="advise",
        overrides=[*settings.overrides, *(word for word in words if word not in rest)],
        sampled={},
        replicates=count,
        name=settings.name or _name(settings, record, day),
        experiment=_experiment(settings, record, months),
        resolved={**settings.resolved, "experiment": {"name": "advice"}},
    )
    question = Question(
        aim=aim,
        firm=record.name,
        day="" if record.day is None else record.day.isoformat(),
        now=record.now,
        months=tuple(months),
        source=source,
        drawn=len(worlds[0]),
        volatility=record.volatility,
        prices=len(record.steps),
    )
    path = run_sweep(sweep, prepare=futures)
    _note(path, question, futures)
    return Result(path)


def _composed(words: Sequence[str]) -> Settings:
    """Return the settings; whatever the usual week of a launch, the record may be shorter."""
    launch = "movement.launch_week"
    if any(word.startswith(f"{launch}=") for word in words):
        return compose(words)
    settings = compose([*words, f"{launch}=1"])
    return replace(settings, given=settings.given - {launch}, overrides=list(words))


def known(settings: Settings, day: date | None, ahead: int) -> tuple[Record, Settings]:
    """Return what is known of the firm, and settings without what was not known on the day."""
    preset = settings.preset
    if settings.experiment is not None:
        raise AdviceError(f"experiment={settings.experiment['name']}: {NEEDS}")
    if settings.swept:
        name = next(iter(settings.swept))
        raise AdviceError(f"{name}: give one value; the worlds of advice are drawn anyway")
    for name in settings.sampled:
        if name != "samples":
            raise AdviceError(f"{name}= has no effect: advice draws its worlds itself (samples=N)")
    if settings.case is None:
        if preset is None:
            raise AdviceError(NEEDS)
        if day is not None:
            raise AdviceError("as_of= needs a case: a firm of the model has no calendar")
        world = settings.parameters
        return of_model(preset, world, settings.seed, ahead), settings
    record = of_case(settings.case, day, ahead)
    left_out = [
        name for name in unknown_parameters(settings.case, day) if name not in settings.given
    ]
    usual = {name: declarations()[name].default for name in left_out}
    kept = {name: value for name, value in settings.case.parameters.items() if name not in left_out}
    case = replace(settings.case, parameters=kept)
    return record, replace(settings, case=case, parameters=settings.parameters.replace(usual))


def launch_weeks(months: int) -> int:
    """Return how many weeks after the last known one a launch in so many months is."""
    return 1 + round(months * YEAR / 12)


def read_question(result: Result) -> tuple[Question, pd.DataFrame] | None:
    """Return what a result was asked, and its worlds; None if it is no advice.

    The worlds have a row a replicate: its parameters, and what an organiser could have seen
    (`experiments.advice.waiting`).
    """
    try:
        notes = json.loads(read_text(result.path / NOTES))
        worlds = pd.read_parquet(result.path / DRAWN)
        return Question(**{**notes, "months": tuple(notes["months"])}), worlds
    except (FileError, OSError, ValueError, TypeError, KeyError):
        return None


def _experiment(settings: Settings, record: Record, months: Sequence[int]) -> dict[str, Any]:
    """Return the sweep: a part a scenario, in it each argument at each launch."""
    grid = {
        "movement.framing": [framing.value for framing in Framing],
        "movement.launch_week": [record.now + launch_weeks(month) for month in months],
    }
    users = {} if "users.count" in settings.given else {"users.count": USERS[settings.scale]}
    return {
        "name": "advice",
        "question": "When should a movement be launched, and with which argument?",
        "parts": [
            {"name": name, "design": "grid", "grid": grid, "follow_up": FOLLOW_UP,
             "set": {"movement.origin": "given", **users}}
            for name in SCENARIOS
        ],
    }  # fmt: skip


def _name(settings: Settings, record: Record, day: date | None) -> str:
    parts = ["advice", record.name, str(day or ""), settings.scale.replace("laptop", "")]
    return "-".join(part for part in parts if part)


def _note(path: Path, question: Question, futures: Futures) -> None:
    """Keep beside the runs what their page must know."""
    rows = [{**world, **futures.seen(number)} for number, world in enumerate(futures.worlds)]
    text = json.dumps(asdict(question), indent=1)
    write_file(path / NOTES, lambda file: file.write(text.encode()))
    write_file(path / DRAWN, lambda file: pd.DataFrame(rows).to_parquet(file))
