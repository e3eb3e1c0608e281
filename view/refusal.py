"""What a page shows when its address asks for no world that there is."""

from __future__ import annotations

from html import escape

import solara


@solara.component
def Refusal(problem: str) -> None:
    """Say what is wrong, and lead to a world that there is."""
    line = f'<p class="mo-problem" role="alert">{escape(problem)}</p>'
    way_out = '<p><a href="/live">Watch the world this server starts with</a></p>'
    solara.HTML("div", unsafe_innerHTML=line + way_out, classes=["mo-card", "mo-refusal"])
