"""The answer: all that the page and the terminal say, worked out from a result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from experiments import text
from experiments.advice.decision import (
    ANY,
    MATERIAL,
    Advice,
    Array,
    Choice,
    decide,
    highest,
    outcomes,
)
from experiments.advice.question import AIMS, Question, launch_weeks, read_question
from experiments.advice.record import AdviceError
from experiments.advice.scenarios import SCENARIOS
from experiments.advice.waiting import (
    Signal,
    Split,
    signals,
    splits,
    worth_waiting_for,
    wrong_guesses,
)
from experiments.store.result import Result
from sim.columns import label
from sim.parameters import Framing

ARGUMENTS = {
    "commons": "the service is a commons",
    "cooperative": "it should be a cooperative",
    "mixed": "both at once",
    "two_stage": "first a commons, then a cooperative",
    "reversed": "first a cooperative, then a commons",
}
REACHED = {
    "emergence": "a movement emerges",
    "recognition": "the proposal wins enough votes to be put again",
    "conversion": "the firm is converted",
    "cooperative": "a cooperative beside the firm is founded",
}
"""What an aim comes to, in words."""

FEWEST, ENOUGH = 2, 16  # worlds to say anything, and to say how sure it is


@dataclass(frozen=True)
class Answer:
    """What a result of advice answers."""

    question: Question
    worlds: pd.DataFrame  # of the runs that are complete
    values: dict[str, Array]  # by aim: (worlds, scenarios, dates, arguments)
    arguments: tuple[str, ...]

    @property
    def aim(self) -> str:
        """What is aimed at."""
        return self.question.aim

    @property
    def now(self) -> int:
        """Number of the first date that can still be chosen."""
        return sum(month < 0 for month in self.question.months)

    @property
    def months(self) -> tuple[int, ...]:
        """From the question to each launch that can still be chosen."""
        return self.question.months[self.now :]

    @cached_property
    def advice(self) -> dict[str, Advice]:
        """What is advised for each aim."""
        return {aim: decide(each.mean(axis=1), self.now) for aim, each in self.values.items()}

    @property
    def own(self) -> Advice:
        """What is advised for the aim that was named."""
        return self.advice[self.aim]

    @property
    def possible(self) -> Array:
        """What came out of the launches that can still be chosen, for the aim that was named."""
        return self.values[self.aim][:, :, self.now :]

    @cached_property
    def missed(self) -> float:
        """By how much an earlier launch would have been better than the best from now on."""
        if self.now == 0:
            return 0.0
        everything = decide(self.values[self.aim].mean(axis=1)).shrunk.max(axis=1)
        return float(everything[: self.now].max() - everything[self.now :].max())

    @cached_property
    def guesses(self) -> pd.DataFrame:
        """What a wrong guess of the scenario costs, (guessed, true)."""
        return wrong_guesses(self.possible)

    @cached_property
    def signals(self) -> list[Signal]:
        """What waiting for each signal gains."""
        return signals(self.possible, self.worlds, self.months)

    @cached_property
    def splits(self) -> list[Split]:
        """The parameters that would change the advice."""
        return splits(self.possible.mean(axis=1), self.worlds, self.own.taken)

    def when(self, number: int) -> str:
        """Return when a launch is, in words: now, or in so many months."""
        month, day = self.months[number], self.question.day
        if month == 0 or not day:
            return f"in {month} months" if month else "now"
        then = date.fromisoformat(day) + timedelta(weeks=launch_weeks(month) - 1)
        return f"in {month} months ({then:%B %Y})"

    def lines(self) -> list[tuple[str, str]]:
        """Return the answer in five lines, each with a word before it."""
        return [
            ("What to do", self._what()),
            ("How likely", self._likely()),
            ("How sure", self._sure()),
            ("Waiting", self._waiting()),
            ("Built on", self._built_on()),
        ]

    def _what(self) -> str:
        advice, count = self.own, len(self.worlds)
        if advice.hopeless:
            said = (
                f"Whenever you launch and whatever you say, {REACHED[self.aim]} in at most "
                f"{_of_100(advice.shrunk.max())} launches: do not count on it"
            )
        elif not advice.matters:
            said = (
                "It does not matter when you launch and with which argument: no choice is worse "
                f"than the best by more than {_of_100(MATERIAL)} launches"
            )
        else:
            said = f"{self._launch(advice.choice)}; {self._argument(advice.choice)}"
        if self.missed > MATERIAL:
            said += f". Earlier would have been better, by {_of_100(self.missed)} launches"
        elif self.now:
            said += ". An earlier launch would have been no better"
        if count < ENOUGH:
            decided = f"{count} worlds decide nothing, {ENOUGH} or more are needed"
            said = f"{decided}. In these {count}: {said[0].lower()}{said[1:]}"
        return f"{said}."

    def _launch(self, choice: Choice) -> str:
        if choice.date == ANY:
            return "It does not matter when you launch"
        return "Launch now" if choice.date == 0 else f"Wait: launch {self.when(choice.date)}"

    def _argument(self, choice: Choice) -> str:
        if choice.argument == ANY:
            return "any argument will do"
        return f"say “{ARGUMENTS[self.arguments[choice.argument]]}”"

    def _likely(self) -> str:
        taken = self.own.taken
        told = [
            f"{REACHED[aim]} in {_of_100(each.chance[taken])} "
            f"[{text.whole(100 * each.low[taken])} to {text.whole(100 * each.high[taken])}]"
            for aim, each in sorted(self.advice.items(), key=lambda pair: pair[0] != self.aim)
        ]
        example = "for example " if self.own.choice.date == ANY else ""
        return f"Launched {example}{self._place(taken)}, {'; '.join(told)}. Without a launch: none."

    def _sure(self) -> str:
        advice = self.own
        sure = f"{len(self.worlds)} worlds are too few to say how sure this is."
        if len(self.worlds) >= ENOUGH:
            sure = (
                f"The chance that no other choice is better by more than {_of_100(MATERIAL)} is "
                f"{sureness(advice.sure)}."
            )
        return (
            f"{sure} The worst launch, {self._place(highest(advice.regret))}, loses "
            f"{_of_100(advice.regret.max())} against the best."
        )

    def _waiting(self) -> str:
        best = worth_waiting_for(self.signals)
        cost = max(self.mean_cost, 0.0)
        guess = f"To plan for the wrong future costs {_of_100(cost)} launches on average."
        if best is None:
            return f"No sign is worth waiting for. {guess}"
        return (
            f"It pays to look in {best.months} months whether {best.name}, and to launch "
            f"by what you see: it gains {_of_100(best.gain.value)} launches. {guess}"
        )

    @property
    def mean_cost(self) -> float:
        """What a wrong guess of the scenario costs on average."""
        costs = self.guesses.to_numpy()
        return float(costs[~np.eye(len(costs), dtype=bool)].mean())

    def _built_on(self) -> str:
        source = (
            "worlds that the facts of this firm do not rule out"
            if self.question.source == "calibrated"
            else "worlds drawn from the plausible ranges; no facts of this firm chose among them"
        )
        changes = "No uncertain parameter is seen to change the advice."
        if self.splits:
            changes = f"{text.capitalised(self.split_in_words(self.splits[0]))}."
        return f"{len(self.worlds):,} {source}. {changes}"

    def split_in_words(self, split: Split) -> str:
        """Return which parameter would change the advice, and to what."""
        date, argument = split.better
        other = f"a launch {self.when(date)}"
        if date == ANY:
            other = f"“{ARGUMENTS[self.arguments[argument]]}”"
        side = "high" if split.is_high else "low"
        return f"if {label(split.name)} is {side}, {other} is better by {_of_100(split.gain.value)}"

    def _place(self, choice: Choice) -> str:
        return f"{self.when(choice.date)} with “{ARGUMENTS[self.arguments[choice.argument]]}”"

    def table(self) -> pd.DataFrame:
        """Return a row an aim, date and argument: the chance and its interval."""
        rows = []
        for aim, advice in self.advice.items():
            arrays = {name: getattr(advice, name) for name in ("chance", "low", "high", "regret")}
            for d, a in np.ndindex(advice.chance.shape):
                row = {"aim": aim, "months": self.months[d], "argument": self.arguments[a]}
                row |= {name: each[d, a] for name, each in arrays.items()}
                rows.append(row | {"advised": advice.matters and (d, a) == advice.taken})
        return pd.DataFrame(rows)


def answer_of(result: Result) -> Answer:
    """Return what a result answers.

    Raises
    ------
    AdviceError
        If the result is no advice, or too few of its worlds are complete.
    """
    found = read_question(result)
    if found is None:
        raise AdviceError(f"{result.name} is no result of momentum advise")
    question, worlds = found
    runs = result.runs()
    runs = runs[runs["error"] == ""]
    complete = runs.groupby("replicate").size()
    complete = complete[complete == len(result.design.points)].index
    if len(complete) < FEWEST:
        raise AdviceError(
            f"{result.name}: {len(complete)} of its worlds are complete; {FEWEST} or more are "
            "needed: give samples=N or start it again"
        )
    runs = runs[runs["replicate"].isin(complete)]
    return Answer(
        question=question,
        worlds=worlds.iloc[complete].reset_index(drop=True),
        values={each: outcomes(runs, column, list(SCENARIOS)) for each, column in AIMS.items()},
        arguments=tuple(framing.value for framing in Framing),
    )


def sureness(chance: float) -> str:
    """Return the chance that an advice is right; nothing here is certain."""
    return "over 99 %" if chance > 0.99 else text.percent(round(chance, 2))


def _of_100(share: float) -> str:
    number = 100 * share
    return f"{number:.0f} of 100" if number >= 1 or number == 0 else "under 1 of 100"
