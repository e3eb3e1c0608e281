"""Write the verdict board into docs/findings.md, from the table beside its figure.

Run from the checkout: ``.venv/bin/python -m docs.make_verdicts PATH``, PATH the verdict_board.csv
of a report of all results. The board goes between two marks that the page must have.
"""

from __future__ import annotations

import sys
from pathlib import Path

COMMAND = ".venv/bin/python -m docs.make_verdicts"
FINDINGS = Path(__file__).parent / "findings.md"
BEGIN, END = "<!-- verdicts: begin -->", "<!-- verdicts: end -->"


def with_board(text: str, table: Path) -> str:
    """Return a text with the board of a table between its marks.

    Raises
    ------
    ValueError
        If the marks are missing.
    """
    import pandas as pd

    from experiments.claims.board import markdown

    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"put {BEGIN} and {END} where the board is to be")
    board = pd.read_csv(table, keep_default_na=True).fillna({"where": ""})
    return f"{before}{BEGIN}\n{markdown(board)}{END}{after}"


def main(arguments: list[str]) -> int:
    """Rewrite the page; return the exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print(f"give the path of a verdict_board.csv: {COMMAND} PATH", file=sys.stderr)
        return 2
    try:
        text = with_board(FINDINGS.read_text(encoding="utf-8"), Path(arguments[0]))
    except ValueError as error:
        print(f"{FINDINGS.name}: {error}", file=sys.stderr)
        return 2
    FINDINGS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
