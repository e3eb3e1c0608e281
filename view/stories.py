"""The stories that a visitor can choose from: worlds with a name and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import Field, TypeAdapter

from experiments.config.choices import file_of, names_of
from experiments.files import FileError, read_text, read_yaml
from experiments.places import CONF
from experiments.validation import Description

if TYPE_CHECKING:
    from experiments.config.settings import Settings

GROUPS = ("preset", "case")
OWN = "own"
"""The key of the world that a page was opened with, if it is no story."""


class Story(Description):
    """A world to choose, as `conf/stories.yaml` describes it."""

    title: str
    about: str
    world: tuple[str, ...] = Field(strict=False)  # the overrides that lead to it

    @property
    def key(self) -> str:
        """What it is called by a page."""
        return ",".join(self.world) or OWN


@cache
def stories() -> tuple[Story, ...]:
    """Return all stories: those that are written down, then other presets and cases."""
    written = TypeAdapter(list[Story]).validate_python(read_yaml(CONF / "stories.yaml"))
    covered = {override for each in written for override in each.world}
    others = [
        Story(title=name.replace("_", " "), about=_about(group, name), world=(f"{group}={name}",))
        for group in GROUPS
        for name in names_of(group)
        if f"{group}={name}" not in covered
    ]
    return (*written, *others)


def story_of(settings: Settings) -> Story | None:
    """Return the story that a world begins with; None if it begins with none.

    Examples
    --------
    A world of ``preset=distress users.count=200`` begins with the story of ``preset=distress``.
    """
    there = {*settings.overrides}
    found = [
        each
        for each in stories()
        if there.issuperset(each.world) and _chosen(there) == _chosen(each.world)
    ]
    return max(found, key=lambda each: len(each.world), default=None)


def choices(settings: Settings) -> list[dict[str, Any]]:
    """Return what a page offers that was opened with a world, which may be no story."""
    about = "As the command line or the link asks for it."
    own = Story(title="A world of its own", about=about, world=())
    offered = stories() if story_of(settings) else (own, *stories())
    return [{"key": each.key, "title": each.title, "about": each.about} for each in offered]


def _chosen(overrides: Iterable[str]) -> set[str]:
    """Return the overrides of what stories are made of."""
    told = {text.partition("=")[0] for story in stories() for text in story.world}
    return {text for text in overrides if text.partition("=")[0] in (*GROUPS, "case.file", *told)}


def _about(group: str, name: str) -> str:
    """Return the comment that a file of the configuration begins with."""
    try:
        lines = read_text(file_of(group, name)).splitlines()
    except FileError:
        return ""
    comments = (line[2:] for line in lines if line.startswith("# ") and line[2:3] != "@")
    return next(comments, "")
