"""Descriptions that users and programs write, validated by Pydantic; a refusal is one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from sim.parameters import unknown_name

_EXPECTED = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "finite": "a finite number",
    "string": "a text",
    "list": "a list",
    "tuple": "a list",
    "dict": "name: value pairs",
    "mapping": "name: value pairs",
    "model": "name: value pairs",
    "none": "left out",
}
"""What Pydantic expects, by the first word of its type of error."""


class Description(BaseModel):
    """A description with fixed names, of which none else may be given.

    A name is refused with the nearest one that is known; values keep their type: ``"5"`` is no
    number.
    """

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        populate_by_name=True,
        arbitrary_types_allowed=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            known = [field.alias or name for name, field in cls.model_fields.items()]
            for key in given:
                if key not in known and key not in cls.model_fields:
                    raise PydanticCustomError(
                        "refused",
                        "{text}",
                        {"text": unknown_name(str(key), known, "key"), "key": key},
                    )
        return given


def refusal(text: str) -> PydanticCustomError:
    """Return what a validator raises; the text follows the place of the value."""
    return PydanticCustomError("refused", "{text}", {"text": text})


def whole(least: int) -> Any:
    """Return the type of a whole number that is not too small."""

    def check(given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or given < least:
            raise PydanticCustomError("expected", "a whole number from {n}", {"n": least})
        return given

    return Annotated[int, BeforeValidator(check)]


def choice(known: Sequence[str] | type[Enum], what: str) -> Any:
    """Return the type of one of some names; another is refused with the nearest one."""
    names = [each.value for each in known] if isinstance(known, type) else list(known)

    def check(given: Any) -> Any:
        given = given.value if isinstance(given, Enum) else given
        if given not in names:
            raise refusal(unknown_name(str(given), names, what))
        return known(given) if isinstance(known, type) else given

    return Annotated[known if isinstance(known, type) else str, BeforeValidator(check)]


def validated[M: BaseModel](
    model: type[M], given: Any, where: str, error: Callable[[str], Exception] = ValueError
) -> M:
    """Return what a description says.

    Parameters
    ----------
    model
        What it may say.
    given
        As read from a file.
    where
        File and place, for messages.
    error
        Makes the exception that is raised from a message of one line.

    Returns
    -------
    The model.

    Examples
    --------
    >>> class Rule(Description):
    ...     budget: whole(1)
    >>> validated(Rule, {"budgt": 3}, "mine.yaml: refine")
    Traceback (most recent call last):
    ValueError: mine.yaml: refine: unknown key budgt; did you mean budget?
    """
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        raise error(f"{where}: {explain(wrong, given)[0]}") from None


def explain(wrong: ValidationError, given: Any) -> tuple[str, tuple[str | int, ...]]:
    """Return the first thing that is wrong in one line with its place, and the place itself.

    An entry of a list is called by its name, if it has one, else by its number: ``part costs``.
    """
    first = wrong.errors(include_url=False)[0]
    place: list[str] = []
    for step in first["loc"]:
        try:
            given = given[step]
        except (LookupError, TypeError):  # it is missing
            given = None
        if isinstance(step, int) and place:
            name = given.get("name") if isinstance(given, Mapping) else None
            place[-1] = f"{place[-1].removesuffix('s')} {name or step + 1}"
        else:
            place.append(str(step))
    unknown = first.get("ctx", {}).get("key")
    key = [] if unknown is None else [str(unknown)]
    return _line(first, place), (*first["loc"], *key)


def _line(first: ErrorDetails, place: list[str]) -> str:
    kind = first["type"]
    if kind == "missing":
        return f"{': '.join(place)} is missing"
    if kind in ("refused", "value_error"):
        text = str(first["ctx"]["error"]) if kind == "value_error" else first["msg"]
        return ": ".join([*place, text])
    if kind == "too_short":
        return f"{': '.join(place)} holds nothing"
    expected = first["msg"] if kind == "expected" else _EXPECTED.get(kind.partition("_")[0])
    if expected is None:  # a limit, as "should be less than 5"
        expected = first["msg"].partition(" should be ")[2] or first["msg"]
    shown = " ".join(repr(first["input"]).split())
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    return f"{': '.join(place)}{' = ' if place else ''}{shown} must be {expected}"
