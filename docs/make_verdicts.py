"""Write what came out of the claims into docs/findings.md and README.md, from published tables.

Run from the checkout: ``.venv/bin/python -m docs.make_verdicts PATH``, PATH the verdict_board.csv
of a report of all results. The board, and in a line in how many worlds claims hold, go between
marks that the pages must have; the figure beside the table goes to docs/images.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pandas as pd

from experiments.claims.board import COLUMNS, markdown
from experiments.figures.verdict_board import worlds_headline

COMMAND = ".venv/bin/python -m docs.make_verdicts"
DOCS = Path(__file__).parent
FIGURE = "claims_in_worlds.png"
PAGES = {DOCS / "findings.md": ("verdicts", "worlds"), DOCS.parent / "README.md": ("worlds",)}
"""Pages with the names of their marks."""


def between_marks(text: str, name: str, content: str) -> str:
    """Return a text with something else between the two marks of a name.

    Raises
    ------
    ValueError
        If the marks are missing.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, there, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not there or not closed:
        raise ValueError(f"put {begin} and {end} where the {name} are to be")
    return f"{before}{begin}{content}{end}{after}"


def contents(table: Path) -> dict[str, str]:
    """Return what goes between the marks of each name, from a verdict_board.csv.

    Raises
    ------
    ValueError
        If the table lacks columns.
    """
    board = pd.read_csv(table, keep_default_na=True).fillna({"where": ""})
    if missing := [name for name in COLUMNS if name not in board]:
        lacks = f"{table} lacks the columns {', '.join(missing)}"
        raise ValueError(f"{lacks}: write it again with momentum report")
    return {"verdicts": f"\n{markdown(board)}", "worlds": worlds_headline(board)}


def main(arguments: list[str]) -> int:
    """Rewrite the pages; return the exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print(f"give the path of a verdict_board.csv: {COMMAND} PATH", file=sys.stderr)
        return 2
    table = Path(arguments[0])
    try:
        given, texts = contents(table), {}
        for page, names in PAGES.items():
            texts[page] = page.read_text(encoding="utf-8")
            for name in names:
                texts[page] = between_marks(texts[page], name, given[name])
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for page, text in texts.items():
        page.write_text(text, encoding="utf-8")
    if (figure := table.with_name(FIGURE)).is_file():
        shutil.copyfile(figure, DOCS / "images" / FIGURE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
