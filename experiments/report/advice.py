"""The page of an advice: the answer in five lines, one picture, and what lies behind it."""

from __future__ import annotations

from experiments import text
from experiments.advice.answer import ARGUMENTS, ENOUGH, REACHED, Answer, answer_of, sureness
from experiments.advice.decision import ANY, MATERIAL
from experiments.advice.question import FOLLOW_UP
from experiments.advice.scenarios import EVENT_WEEKS
from experiments.advice.waiting import value_of_the_scenario
from experiments.figures import advice as drawing
from experiments.report.document import (
    Code,
    Document,
    Paragraph,
    Section,
    Table,
    bullets,
    details,
    section,
)
from experiments.report.gallery import Gallery
from experiments.store.result import Result

TITLE = "When should a movement be launched, and with which argument?"
MOST_SPLITS = 5


def advice_document(result: Result, gallery: Gallery) -> Document:
    """Return the page of a result of advice; its figure is written into the gallery."""
    answer = answer_of(result)
    lines = answer.lines()
    finding = lines[0][1].partition(".")[0]
    ordered = sorted(REACHED.items(), key=lambda pair: pair[0] != answer.aim)
    titles = {aim: text.capitalised(words) for aim, words in ordered}
    table = answer.table()
    figure = gallery.add(
        "advice",
        drawing.draw(table, titles, ARGUMENTS, finding),
        table,
    )
    day = answer.question.day
    return Document(
        title=f"{answer.question.firm}{f', {day}' if day else ''}: {finding}",
        question=TITLE,
        summary=tuple(Paragraph(said, label=label) for label, said in lines),
        sections=(
            section(
                "The chances",
                figure,
                _by_aim(answer),
                details("What every other launch loses", _regrets(answer)),
            ),
            _futures(answer),
            _waiting(answer),
            _uncertain(answer),
            _method(answer, result),
        ),
        cover="advice",
    )


def _by_aim(answer: Answer) -> Table:
    enough = len(answer.worlds) >= ENOUGH
    rows = [
        {
            "aim": REACHED[aim],
            "best launch": answer.when(taken.date),
            "argument": ARGUMENTS[answer.arguments[taken.argument]],
            "chance": text.share(advice.chance[taken], advice.low[taken], advice.high[taken]),
            "does the date matter": text.as_text(advice.choice.date != ANY),
            "does the argument matter": text.as_text(advice.choice.argument != ANY),
            "chance of being right": sureness(advice.sure) if enough else "too few worlds",
        }
        for aim, advice in answer.advice.items()
        for taken in [advice.taken]
    ]
    return Table.of(
        rows,
        "The advised launch by aim. The date matters if some date, even with its best argument, "
        f"loses more than {100 * MATERIAL:.0f} of 100 launches against the best; the argument "
        "matters if on the advised date (or, where any will do, on some date) an argument does",
    )


def _futures(answer: Answer) -> Section:
    shown = answer.guesses.map(lambda cost: text.whole(100 * cost, sign=True))
    shown.insert(0, "expected", answer.guesses.index)
    known = value_of_the_scenario(answer.possible)
    gain = "nothing that can be seen" if known.low <= 0 else text.points(*known)
    return section(
        "If another future comes than you expect",
        f"To choose the best launch for one future and meet another costs "
        f"{100 * max(answer.mean_cost, 0.0):.1f} of 100 launches on average. To know the future "
        f"beforehand would gain {gain}.",
        details(
            "What each wrong guess costs",
            Table.of(
                shown,
                "Launches lost of 100, by the future that was expected and the one that came; "
                "values below 0 are luck",
            ),
        ),
    )


def _regrets(answer: Answer) -> Table:
    regret = answer.own.regret
    rows = {"argument": [ARGUMENTS[name] for name in answer.arguments]} | {
        answer.when(d): [f"{100 * loss:.0f}" for loss in regret[d]] for d in range(len(regret))
    }
    return Table.of(
        rows,
        "How many of 100 launches each loses against the best, beyond what chance explains",
    )


def _waiting(answer: Answer) -> Section:
    rows = {
        "look after": [f"{each.months} months" for each in answer.signals],
        "whether": [each.name for each in answer.signals],
        "gain": [text.points(*each.gain) for each in answer.signals],
    }
    return section(
        "Waiting for a sign",
        dict(answer.lines())["Waiting"],
        details(
            "What waiting for each sign gains",
            Table.of(
                rows,
                "Against the best launch that is chosen today; below 0, waiting costs more than "
                "the sign is worth",
            ),
        ),
    )


def _uncertain(answer: Answer) -> Section:
    found = [
        f"{text.capitalised(answer.split_in_words(each))} "
        f"[{100 * each.gain.low:.0f} to {100 * each.gain.high:.0f}]."
        for each in answer.splits[:MOST_SPLITS]
    ]
    none = (
        f"None of the {answer.question.drawn} parameters that are uncertain is seen to change it, "
        f"at these {len(answer.worlds):,} worlds."
    )
    return section("What would change the advice", bullets(found) if found else none)


def _method(answer: Answer, result: Result) -> Section:
    q = answer.question
    known = (
        f"Only what was known before {q.day} is used."
        if q.day
        else "The firm is one of the model: its record is one run of it without a launch."
    )
    return section(
        "How it was worked out",
        bullets(
            [
                f"{known} From there the record goes on in seven ways, each as likely as the "
                f"others: all stays as it is, the price falls further, it recovers, or all stays "
                f"as it is until a closure rumour, a takeover, a scandal or a threat to democracy "
                f"comes within {EVENT_WEEKS} weeks.",
                f"The price moves as it did before: each week's change is drawn from its own "
                f"{q.prices} changes (volatility {100 * q.volatility:.1f} % a week).",
                f"Each launch is followed for {FOLLOW_UP} weeks, so that a later one is not worse "
                "for lack of time. If you have a deadline, waiting leaves you less time than that.",
                f"All launches meet the same {len(answer.worlds):,} worlds with the same luck. "
                f"Between worlds {q.drawn} parameters differ. The intervals hold this uncertainty.",
                "What counts as a movement: at least 100 people organise beyond those who "
                "launched, for 19 weeks, and act together.",
                "The chances are those of a model. It leaves out much, above all who you are. "
                "Take the differences between launches more seriously than their level.",
            ]
        ),
        "The same again:",
        Code(str(result.provenance.get("command", "unknown"))),
    )
