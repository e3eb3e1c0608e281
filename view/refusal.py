"""What a page shows when its address asks for no world that there is."""

from __future__ import annotations

from html import escape

import solara


@solara.component
def Refusal(line: str) -> None:
    """Say what is wrong, and lead to a world that there is."""
    said = f'<p class="mo-problem" role="alert">{escape(line)}</p>'
    way_out = '<p><a href="/live">Watch the world this server starts with</a></p>'
    solara.HTML("div", unsafe_innerHTML=said + way_out, classes=["mo-card", "mo-refusal"])
