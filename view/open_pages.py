"""How many pages may be open at once, since each keeps a world in the server's memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from solara.server import kernel_context

EACH, ALL = 20, 60


class OpenPage(NamedTuple):
    """A page that a browser is connected to, or was connected to a while ago."""

    kernel: str
    session: str | None  # of the visitor's browser; None: it keeps no cookie


class OpenPages:
    """Counts the pages of all visitors, and makes room by ending those that lost their browser.

    Parameters
    ----------
    each
        Pages that one visitor may have open.
    most
        Pages that all visitors together may have open.
    """

    def __init__(self, each: int = EACH, most: int = ALL) -> None:
        self.each = each
        self.most = most
        self._connected: list[OpenPage] = []

    def refusal(self, session: str | None) -> str | None:
        """Return why a visitor may open no further page; None if they may."""
        theirs = [page for page in self._connected if session and page.session == session]
        if len(theirs) >= self.each:
            return f"You have {len(theirs)} pages open, the most that one browser may have."
        if len(self._connected) >= self.most:
            return f"{len(self._connected)} pages are open, the most that this server can hold."
        return None

    @contextmanager
    def connected(self, page: OpenPage) -> Iterator[None]:
        """Count a page that has been allowed for as long as its browser is connected."""
        self._connected.append(page)
        try:
            yield
        finally:
            self._connected.remove(page)

    def make_room(self) -> None:
        """End the oldest pages without a browser until no limit is passed."""
        held = kernel_context.contexts.copy()
        connected = {page.kernel for page in self._connected}
        abandoned = [OpenPage(key, held[key].session_id) for key in held if key not in connected]
        while abandoned:
            pages = [*abandoned, *self._connected]
            full = len(pages) > self.most
            owners = [page.session for page in pages if page.session]
            crowded = {owner for owner in owners if owners.count(owner) > self.each}
            ended = next((page for page in abandoned if full or page.session in crowded), None)
            if ended is None:
                return
            abandoned.remove(ended)
            held[ended.kernel].close(reason="evicted")
