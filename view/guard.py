"""What stands between the browser and Solara: who may ask, what may be loaded, what is answered.

Solara's own server fetches a missing script from a public network for any visitor, answers pages of
other sites, and prints traces for messages that it cannot read. Here nothing is fetched, other
sites are refused, and a line says what was wrong.
"""

from __future__ import annotations

import re
import sys
from urllib.parse import urlsplit

import solara.server.settings
from solara.server import starlette as solara_server
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from view import results_page
from view.files import send_file

NAMES = {"127.0.0.1", "localhost", "[::1]"}
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
LEFT_OUT = ("/resourcez", "/_solara/api/evict/{kernel_id}")
POLICY_VIOLATION, CANNOT_READ = 1008, 1003  # codes with which a socket is closed


def application(local: bool) -> ASGIApp:
    """Return the server's application.

    Parameters
    ----------
    local
        Whether it listens to this machine alone, so that only names of this machine are answered.
    """
    scripts = StaticFiles(directory=solara.server.settings.assets.proxy_cache_dir)
    routes: list[BaseRoute] = [
        Mount("/_solara/cdn", scripts),
        Route("/files/{shelf}/{path:path}", send_file),
        *results_page.routes(),
        *(_own(route) for route in solara_server.routes if _kept(route)),
    ]
    app = Starlette(
        routes=routes, lifespan=solara_server.lifespan, middleware=solara_server.middleware
    )
    return Guard(app, local)


def _kept(route: BaseRoute) -> bool:
    path = getattr(route, "path", "")
    return path not in LEFT_OUT and not path.startswith("/_solara/cdn")


def _own(route: BaseRoute) -> BaseRoute:
    """Return a route; that of pages with our own words in it."""
    if not isinstance(route, Route) or route.endpoint is not solara_server.root:
        return route
    return Route(route.path, _page)


async def _page(request: Request) -> Response:
    response = await solara_server.root(request, request.path_params.get("fullpath", ""))
    if response.status_code != 200:
        return response
    page = bytes(response.body)
    for theirs, ours in PAGE.items():
        page = page.replace(theirs, ours, 1)
    response.body = page
    response.headers["content-length"] = str(len(page))
    return response


class Guard:
    """Refuses other sites, forbids pages to load from elsewhere, and outlives bad messages."""

    def __init__(self, app: ASGIApp, local: bool) -> None:
        self.app = app
        self.local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be asked."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if reason := self._refusal(host, headers.get("origin"), scope):
            await _refuse(reason, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._converse(scope, receive, send)
        else:
            await self._answer(host, scope, receive, send)

    def _refusal(self, host: str, origin: str | None, scope: Scope) -> str | None:
        """Return why a request is refused; a page of another site may know no more than that."""
        named = HOST.fullmatch(host)
        if named is None or (self.local and named[1].lower() not in NAMES):
            return "this server answers to the names of this machine only"
        changing = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
        if changing and origin is not None and urlsplit(origin).netloc != host:
            return "this server answers to its own pages only"
        return None

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
            _tell(f"{scope['path']} could not be answered", error)
            if not begun:
                answer = PlainTextResponse("this could not be answered", status_code=500)
                await answer(scope, receive, send)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = "connecting"

        async def watch(message: Message) -> None:
            nonlocal state
            state = {"websocket.accept": "open", "websocket.close": "closed"}.get(
                message["type"], state
            )
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            _tell("a message that cannot be read ended a visitor's connection", error)
            if state != "closed":
                await send({"type": "websocket.close", "code": CANNOT_READ})


async def _refuse(reason: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": reason})
    else:
        await PlainTextResponse(reason, status_code=403)(scope, receive, send)


def _tell(what: str, error: BaseException) -> None:
    """Say in one line what went wrong."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    said = " ".join(f"{type(error).__name__}: {error}".split())
    said = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in said)[:300]
    print(f"momentum: {what} ({said})", file=sys.stderr, flush=True)
