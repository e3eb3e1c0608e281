"""Opening a page: the world that its address asks for, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import solara

from view.words import one_line


def use_opened[World](read: Callable[[str | None], World]) -> World | None:
    """Return the world that a page's query asks for; if there is none, say why, and return None.

    Parameters
    ----------
    read
        Returns the world of a query, or raises a ValueError that says what is wrong with it.
    """
    query = solara.use_router().search

    def opened() -> tuple[World | None, str]:
        try:
            return read(query), ""
        except ValueError as error:
            return None, one_line(error)

    world, problem = solara.use_memo(opened, [query])
    if world is None:
        line = f'<p class="mo-problem" role="alert">{escape(problem)}</p>'
        way_out = '<p><a href="/live">Watch the world this server starts with</a></p>'
        solara.HTML("div", unsafe_innerHTML=line + way_out, classes=["mo-card", "mo-refusal"])
    return world
