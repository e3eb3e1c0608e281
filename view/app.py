"""The pages, by address, and what stands above them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara

from view.live import Live
from view.sweep import Sweep
from view.twin import Twin

STYLE = Path(__file__).parent / "style.css"
PAGES = [["live", "Live"], ["twin", "Twin"], ["sweep", "Sweep"], ["results", "Results"]]


@solara.component_vue("head.vue", vuetify=False)
def _Head(pages: list[list[str]], here: str) -> Any: ...


@solara.component
def Frame(children: list[solara.Element] = []) -> None:  # noqa: B006
    """Show the name, the pages and the look above a page."""
    here = solara.use_router().parts[0] or "live"
    solara.Style(STYLE)
    with solara.Div(classes=["mo-page"]):
        _Head(pages=PAGES, here=here)
        solara.Div(classes=["mo-body"], children=children)


routes = [
    solara.Route("/", component=Live, label="Live", layout=Frame),
    solara.Route("live", component=Live, label="Live"),
    solara.Route("twin", component=Twin, label="Twin"),
    solara.Route("sweep", component=Sweep, label="Sweep"),
]
