"""What a file says of a case, with the line of every value; and how YAML says it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from experiments.files import FileError, parse_yaml, read_text

Place = tuple[str | int, ...]

_TEXTS = ("title", "label", "unit", "source", "note", "lacking")


class Written(NamedTuple):
    """What a file says of a case, as plain tables, lists and texts."""

    values: Any
    lines: dict[Place, int]  # of each value, by its place
    warnings: list[str]

    def line(self, place: Place) -> int:
        """Return the line of a place, or else of what it lies in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)


def read_tree(path: Path) -> Written:
    """Return what a YAML file says of a case; every value is a text.

    Raises
    ------
    FileError
        Naming the file and the line.
    """
    text = read_text(path)
    root = parse_yaml(text, path)
    if root is None:
        raise FileError(path, "the file is empty; docs/data.md says what a case holds")
    lines: dict[Place, int] = {}
    rows = text.splitlines()

    def walk(node: yaml.Node, place: Place) -> Any:
        lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [walk(item, (*place, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            end = node.end_mark
            rest = rows[end.line][end.column :] if end.line < len(rows) else ""
            plain = not node.style and node.value
            if plain and place and place[-1] in _TEXTS and re.match(r"\s+#\w", rest):
                raise FileError(
                    path,
                    f"{place[-1]} = {node.value}: what follows # is left out as a comment; put "
                    "quotes around a text that holds #",
                    end.line + 1,
                )
            return node.value
        table: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                raise FileError(path, "a name before a colon must be a single word or date", line)
            table[key.value] = walk(value, (*place, key.value))
            lines[(*place, key.value)] = key.start_mark.line + 1
        return table

    return Written(walk(root, ()), lines, [])
