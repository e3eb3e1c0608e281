"""The twin view: two worlds with the same luck, side by side."""

from __future__ import annotations

import solara


@solara.component
def Twin() -> None:
    """Show two worlds that differ in what the visitor chooses."""
    solara.Text("Two worlds with the same luck")
