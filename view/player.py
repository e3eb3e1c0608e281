"""Play, step, run to the end, reset: the browser asks for each week when it has drawn the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("player.vue", vuetify=False)
def Player(
    week: int,
    horizon: int,
    when: str,
    waiting: bool,
    event_advance: Callable[[int], None],
    event_finish: Callable[[Any], None],
    event_reset: Callable[[Any], None],
    event_share: Callable[[Any], None] | None = None,
    shared: str = "",
    twin: str = "",
) -> Any:
    """Show the buttons, the week and the speed.

    Parameters
    ----------
    week, horizon
        The week reached, and the last one.
    when
        The date of the week, if it has one.
    waiting
        Whether something wished for waits for a reset.
    event_advance
        Called with the week that is drawn: the next one is wanted.
    event_finish, event_reset
        Called to run to the end, and to begin anew.
    event_share
        Called to show or hide how the run is shared.
    shared
        What the button for that says; none if empty.
    twin
        Address at which the run is compared with another.
    """
