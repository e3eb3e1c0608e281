"""Play, step, look back, begin anew: the browser asks when it has drawn the last answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

MOST_AT_ONCE = 60  # weeks of one answer


@solara.component_vue("player.vue", vuetify=False)
def Player(
    week: int,
    reached: int,
    horizon: int,
    when: str,
    waiting: bool,
    looks: bool,
    event_advance: Callable[[Any], None],
    event_finish: Callable[[Any], None],
    event_reset: Callable[[Any], None],
    event_look: Callable[[Any], None] | None = None,
    event_share: Callable[[Any], None] | None = None,
    shared: str = "",
    links: list[dict[str, str]] = [],  # noqa: B006
) -> Any:
    """Show the buttons, the week and the speed.

    Parameters
    ----------
    week, reached, horizon
        The week shown, the week that the run has reached, and the last one.
    when
        The date of the week shown, if it has one.
    waiting
        Whether something wished for waits for a reset.
    looks
        Whether past weeks can be looked at, by `event_look`.
    event_advance
        Called with the week that is drawn and how many weeks to go on (`weeks_asked`).
    event_finish, event_reset
        Called to run to the end, and to begin anew.
    event_look
        Called with a past week to look at, or with the week reached.
    event_share
        Called to show or hide how the run is shared.
    shared
        What the button for that says; none if empty.
    links
        Pages that take this world further: key, text, address and title of each.
    """


def weeks_asked(asked: Any, week: int) -> int:
    """Return how many weeks a browser asks to go on; 0 if it has drawn another week than this."""
    weeks = asked.get("weeks") if isinstance(asked, dict) and asked.get("week") == week else 0
    return max(0, min(weeks, MOST_AT_ONCE)) if isinstance(weeks, int) else 0
