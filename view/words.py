"""What is said to a visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model import MovementModel

LONGEST = 600  # characters


def one_line(problem: BaseException) -> str:
    """Return what went wrong as one line that can be shown."""
    line = " ".join(str(problem).split()) or type(problem).__name__
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def crowd_in_words(model: MovementModel) -> str:
    """Return the picture of the crowd in words, for those who do not see it."""
    row, n = model.state.weekly[model.week], model.state.users.status.size
    counts = [
        f"{round(row[column] * n):,} {name}"
        for column, name in (
            ("supporters", "supporters"),
            ("organisers", "organisers"),
            ("exited", "left for a rival"),
            ("exited_coop", "left for the cooperative"),
        )
    ]
    return (
        f"Network of {n:,} users in week {model.week}: {', '.join(counts)}. Below it "
        f"{model.state.shareholders.trust.size:,} shareholders, whose trust is "
        f"{row['trust']:.2f}. Arrow keys choose a user or a shareholder."
    )
