"""What stands between the browser and Solara: who may ask, what may be loaded, what is answered.

Solara's own server fetches a missing script from a public network for any visitor, answers pages of
other sites, and prints traces for messages that it cannot read. Here nothing is fetched, other
sites are refused, and a line says what was wrong.
"""

from __future__ import annotations

import ipaddress
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import anyio.to_thread
import solara.server.settings
from solara.server import server as solara_pages
from solara.server import starlette as solara_server
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from view import results_page
from view.open_pages import OpenPage, OpenPages
from view.stored_results import send_file
from view.words import one_line

LIVE_PAGES = ("", "live", "twin", "sweep")
STATIC = Path(__file__).parent / "static"
SOCKET = re.compile(r"/jupyter/api/kernels/([^/]+)/[^/]+")
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d+)?")
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws://{host}; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""What a page may load: of this server only. Vue compiles its templates in the browser."""
PAGE = {
    b"<html>": b'<html lang="en">',
    b", maximum-scale=1, user-scalable=no, minimal-ui": b"",
    # Its own "auto" leaves out the element that the page is drawn in.
    b'"variant": "light"': b'"variant": "auto"',
}
"""What is mended in Solara's page: language and zoom for readers, light or dark as they prefer."""
COSTLY = ("/results/compare",)
ICON = "/favicon.ico"
BY_A_PROXY = (b"x-forwarded-", b"x-script-name", b"forwarded")
LEFT_OUT = ("/resourcez", "/_solara/api/evict/{kernel_id}")
POLICY_VIOLATION, CANNOT_READ, TRY_LATER = 1008, 1003, 1013  # codes that close a socket


def application(names: Collection[str], any_address: bool) -> ASGIApp:
    """Return the server's application.

    Parameters
    ----------
    names
        Names that the server is asked for by, in lower case.
    any_address
        Whether it may also be asked for by any numeric address.
    """
    open_pages = OpenPages()

    scripts = StaticFiles(directory=solara.server.settings.assets.proxy_cache_dir)
    routes: list[BaseRoute] = [
        Mount("/_solara/cdn", scripts),
        Route("/files/{shelf}/{path:path}", send_file),
        Route(ICON, lambda _: FileResponse(STATIC / "favicon.png")),
        *results_page.routes(),
        *(
            Route(route.path, partial(_page, open_pages=open_pages))
            if isinstance(route, Route) and route.endpoint is solara_server.root
            else route
            for route in solara_server.routes
            if _is_needed(route)
        ),
    ]
    app = Starlette(
        routes=routes, lifespan=solara_server.lifespan, middleware=solara_server.middleware
    )
    return Guard(app, names, any_address, open_pages)


def _is_needed(route: BaseRoute) -> bool:
    path = getattr(route, "path", "")
    return path not in LEFT_OUT and not path.startswith("/_solara/cdn")


async def _page(request: Request, open_pages: OpenPages) -> Response:
    """Return a page of Solara with our changes; a notice if there is none, or no room for it."""
    name = request.path_params.get("fullpath", "")
    if name not in LIVE_PAGES:
        nothing = f"Nothing is at /{name[:300]}. The pages are above."
        return results_page.notice("There is no such page", nothing, 404)
    if reason := open_pages.refusal(_session(request)):
        text = f"{reason} Close one that is no longer needed, then load this one again."
        return results_page.notice("Too many pages are open", text, 503)
    response = await solara_server.root(request, name)
    if response.status_code != 200:
        return response
    page = bytes(response.body)
    for theirs, ours in PAGE.items():
        page = page.replace(theirs, ours, 1)
    response.body = page
    response.headers["content-length"] = str(len(page))
    return response


def _session(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(solara_pages.COOKIE_KEY_SESSION_ID)


@dataclass
class Guard:
    """Refuses other sites, forbids pages to load from elsewhere, and outlives bad messages."""

    app: ASGIApp
    names: Collection[str]  # that the server is asked for by, in lower case
    any_address: bool  # whether it may also be asked for by any numeric address
    open_pages: OpenPages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be asked."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        # Solara would put what a proxy says of addresses into its pages; there is no proxy here.
        scope["headers"] = [
            (name, value) for name, value in scope["headers"] if not name.startswith(BY_A_PROXY)
        ]
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if reason := self._refusal(host, headers, scope):
            await _refuse(reason, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._converse(scope, receive, send)
        else:
            await self._answer(host, scope, receive, send)

    def _refusal(self, host: str, headers: Headers, scope: Scope) -> str | None:
        """Return why a request is refused; a page of another site may know no more than that."""
        named = HOST.fullmatch(host)
        if named is None or len(headers.getlist("host")) > 1 or not self._is_own(named[1].lower()):
            return "this server is not asked for by this name; --allow-host NAME allows it"
        changing = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
        origin = headers.get("origin")
        if changing and origin is not None and urlsplit(origin).netloc != host:
            return "this server answers to its own pages only"
        elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        if elsewhere and scope["path"] != ICON:  # a report, which has no origin, asks for that too
            # A link of another site may open a page, but neither embed one nor start hard work.
            opens = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
            if opens != ("navigate", "document") or scope["path"] in COSTLY:
                return "this server answers to its own pages only"
        return None

    def _is_own(self, name: str) -> bool:
        """Return whether the server may be asked for by a name, so that no other's leads here."""
        if name in self.names:
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return self.any_address

    async def _answer(self, host: str, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def add_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                names = {name for name, _ in message["headers"]}
                if b"content-security-policy" not in names:
                    policy = POLICY.format(host=host).encode("latin-1")
                    message["headers"].append((b"content-security-policy", policy))
                message["headers"] += [
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"),
                ]
            await send(message)

        try:
            await self.app(scope, receive, add_headers)
        except Exception as error:
            _report(f"{scope['path']!a} could not be answered", error)
            if not begun:
                answer = PlainTextResponse("this could not be answered", status_code=500)
                await answer(scope, receive, send)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = SOCKET.fullmatch(scope["path"])
        if found is None:
            await _refuse("there is no such page", scope, receive, send)
            return
        page = OpenPage(found[1], _session(HTTPConnection(scope)))
        if reason := self.open_pages.refusal(page.session):
            await _refuse(reason, scope, receive, send, TRY_LATER)
            return
        with self.open_pages.connected(page):
            await anyio.to_thread.run_sync(self.open_pages.make_room)
            await self._exchange(scope, receive, send)

    async def _exchange(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass messages on; close the connection at those that no page sends."""
        state = "connecting"

        async def watch(message: Message) -> None:
            nonlocal state
            if state != "closed":
                kinds = {"websocket.accept": "open", "websocket.close": "closed"}
                state = kinds.get(message["type"], state)
                await send(message)

        async def hear() -> Message:
            message = await receive()
            # Solara would take the number of buffers that a binary message begins with on trust.
            if message["type"] == "websocket.receive" and message.get("bytes") is not None:
                await watch({"type": "websocket.close", "code": CANNOT_READ})
                return {"type": "websocket.disconnect", "code": CANNOT_READ}
            return message

        try:
            await self.app(scope, hear, watch)
        except Exception as error:
            _report("a message that cannot be read ended a visitor's connection", error)
            await watch({"type": "websocket.close", "code": CANNOT_READ})


async def _refuse(
    reason: str, scope: Scope, receive: Receive, send: Send, code: int = POLICY_VIOLATION
) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": code, "reason": reason})
    else:
        await PlainTextResponse(reason, status_code=403)(scope, receive, send)


def _report(what: str, error: BaseException) -> None:
    """Print in one line what went wrong."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    said = f"{type(error).__name__}: {one_line(error)}"
    print(f"momentum: {what} ({said})", file=sys.stderr, flush=True)
