"""The pages, by address."""

from __future__ import annotations

import solara

from view.settings import linked_settings
from view.words import one_line


@solara.component
def Live() -> None:
    """Show the world that the command line or the address asks for."""
    query = solara.use_router().search
    try:
        settings = linked_settings(query)
    except ValueError as problem:
        solara.Error(one_line(problem))
        return
    solara.Text(f"{settings.parameters.users.count} users")


routes = [
    solara.Route("/", component=Live, label="Live"),
    solara.Route("live", component=Live, label="Live"),
]
