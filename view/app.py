"""The pages, by address, and what stands above them."""

from __future__ import annotations

from pathlib import Path

import solara
import solara.lab

from view.live import Live
from view.twin import Twin

STYLE = Path(__file__).parent / "style.css"
PAGES = (("live", "Live"), ("twin", "Twin"), ("results", "Results"))


@solara.component
def Frame(children: list[solara.Element] = []) -> None:  # noqa: B006
    """Show the name, the pages and the look above a page."""
    router = solara.use_router()
    here = router.parts[0] or "live"
    solara.Style(STYLE)
    with solara.Div(classes=["mo-page"]):
        with solara.Div(classes=["mo-head"]):
            solara.HTML("strong", "Momentum")
            for path, name in PAGES:
                mark = ' aria-current="page"' if path == here else ""
                solara.HTML("span", unsafe_innerHTML=f'<a href="/{path}"{mark}>{name}</a>')
            solara.lab.ThemeToggle()
        solara.Div(classes=["mo-body"], children=children)


routes = [
    solara.Route("/", component=Live, label="Live", layout=Frame),
    solara.Route("live", component=Live, label="Live"),
    solara.Route("twin", component=Twin, label="Twin"),
]
