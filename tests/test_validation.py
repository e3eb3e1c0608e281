"""One formatter turns what Pydantic finds into one line: place, value, what would be right."""

from enum import Enum
from typing import Any

import pytest
from pydantic import Field

from experiments.validation import Description, choice, validated, whole


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Inner(Description):
    count: whole(1)
    share: float = Field(0.5, ge=0, le=1)


class Outer(Description):
    name: str
    colour: choice(Colour, "colour") = Colour.RED
    on: bool = False
    parts: list[Inner] = Field([])
    values: dict[str, Any] = Field({})
    switched: dict[str, float] = Field({}, alias="set")


def test_a_good_description_is_read_with_its_types():
    found = validated(
        Outer, {"name": "x", "colour": "green", "parts": [{"count": 2}], "set": {"a": 1.0}}, "f"
    )
    assert found.colour is Colour.GREEN
    assert found.parts[0].count == 2
    assert found.switched == {"a": 1.0}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "f: name is missing"),
        ({"name": 5}, "f: name = 5 must be a text"),
        ({"nam": 5}, "f: unknown key nam; did you mean name?"),
        ({"name": "x", "st": {}}, "f: unknown key st; did you mean set?"),
        ({"name": "x", "on": 1}, "f: on = 1 must be true or false"),
        ({"name": "x", "colour": "rde"}, "f: colour: unknown colour rde; did you mean red?"),
        ({"name": "x", "colour": ["red"]}, "f: colour: unknown colour ['red']"),
        ({"name": "x", "parts": "all"}, "f: parts = 'all' must be a list"),
        ({"name": "x", "values": [1]}, "f: values = [1] must be name: value pairs"),
        (
            {"name": "x", "parts": [{"count": 1}, {"count": 0}]},
            "f: part 2: count = 0 must be a whole number from 1",
        ),
        ({"name": "x", "parts": [{"count": True}]}, "True must be a whole number from 1"),
        ({"name": "x", "parts": [{"count": 1, "shar": 1}]}, "f: part 1: unknown key shar"),
        (
            {"name": "x", "parts": [{"count": 1, "share": 1.5}]},
            "f: part 1: share = 1.5 must be less than or equal to 1",
        ),
        ({"name": "x", "set": {"a": "b"}}, "f: set: a = 'b' must be a number"),
        (5, "f: 5 must be name: value pairs"),
    ],
)
def test_each_refusal_is_one_line_with_its_place(given, line):
    with pytest.raises(ValueError, match=r"^f: ") as refused:
        validated(Outer, given, "f")
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_caller_chooses_the_exception():
    with pytest.raises(KeyError):
        validated(Outer, {}, "f", KeyError)
