"""The one base of every mistake a user can make, warnings for the user, and the nearest name."""

import difflib
import warnings
from collections.abc import Iterable


class MomentumError(Exception):
    """A user's mistake; the message is one line that says what is wrong and what would be right.

    Every error of this kind derives from it. The command line prints the message without a
    traceback and exits with `exit_code`; any other exception is a fault of the program.
    """

    exit_code = 2
    topic = ""
    """What of ``momentum help TOPIC`` explains it, if any."""


class MomentumWarning(UserWarning):
    """Something in the user's input that is accepted but may not be meant; one line."""


def warn(message: str) -> None:
    """Warn the user; the command line prints ``momentum: warning: MESSAGE`` on standard error."""
    warnings.warn(message, MomentumWarning, stacklevel=2)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to an unknown one, or None if none is close.

    A known name is also compared by its last part alone.

    Examples
    --------
    >>> nearest("decline_rat", ["users.count", "firm.decline_rate"])
    'firm.decline_rate'
    """
    names = list(known)
    candidates = {each.replace("/", ".").rpartition(".")[2]: each for each in reversed(names)}
    candidates |= {each: each for each in names}
    close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.5)
    return candidates[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a message that suggests the nearest known name.

    Parameters
    ----------
    name, known
        As for `nearest`.
    otherwise
        What is returned if no known name is close.
    """
    near = nearest(name, known)
    return otherwise if near is None else f"; did you mean {near}?"
