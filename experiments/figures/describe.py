"""A figure in words, for those who do not see it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd


def in_words(
    found: str,
    table: pd.DataFrame,
    name: Callable[[pd.Series], str] | str,
    write: Callable[[pd.Series], str],
    by: Callable[[pd.Series], str] | str | None = None,
) -> str:
    """Return a figure in words: what is seen and how to read it, then its table row by row.

    Parameters
    ----------
    found
        Sentences that come first.
    table
        Of the figure.
    name
        What a row is about: a column, or how to name a row.
    write
        A row's values in words.
    by
        What rows are gathered by, if by anything.

    Examples
    --------
    >>> table = pd.DataFrame({"word": ["a", "b"], "size": [1, 2]})
    >>> in_words("Two words.", table, "word", lambda row: f"{row['size']} m")
    'Two words. a: 1 m; b: 2 m.'
    """

    def of(row: pd.Series, what: Callable[[pd.Series], str] | str) -> str:
        return what(row) if callable(what) else str(row[what])

    groups: dict[str, list[str]] = {}
    for _, row in table.iterrows():
        groups.setdefault("" if by is None else of(row, by), []).append(
            f"{of(row, name)}: {write(row)}"
        )
    described = [
        f"{group}: {', '.join(rows)}" if group else "; ".join(rows)
        for group, rows in groups.items()
    ]
    return " ".join(filter(None, [found, "; ".join(described) + "." if described else ""]))
