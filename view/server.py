"""``momentum view``: the browser application on a port of this machine, for this machine alone."""

from __future__ import annotations

import errno
import logging
import os
import re
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.errors import MomentumError
from experiments.store.provenance import install_line
from experiments.text import echo

if TYPE_CHECKING:
    from types import FrameType

    from experiments.config.settings import Settings

APP = "view.app"
PORT = 8765
TRIED = 50  # ports after a busy one
NEEDED = ("solara", "uvicorn", "starlette", "ipyvuetify")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
FIXED = {
    "SOLARA_APP": APP,
    "SOLARA_MODE": "production",  # neither reloads changed files nor shows a debugger
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_PROXY": "True",  # addresses of scripts and fonts are this server's
    "SOLARA_SSG_ENABLED": "False",
    "SOLARA_SEARCH_ENABLED": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Momentum",
    "SOLARA_THEME_VARIANT": "light",  # and as the browser prefers (`view.guard.PAGE`)
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_KERNEL_CULL_TIMEOUT": "1h",  # a laptop that slept finds its run again
    "SOLARA_USE_PDB": "False",
}
"""Settings of Solara, which also reads them from the environment and from a file .env."""


class ServerError(MomentumError, ValueError):
    """A server that cannot start; the message is one line."""


@dataclass
class Options:
    """Where the server listens, and whether it opens a browser."""

    host: str = "127.0.0.1"
    port: int | None = None  # None: PORT, or the next that is free
    browser: bool = False
    allowed: list[str] = field(default_factory=list)  # further names that it is asked for by


def read_port(value: str) -> int:
    """Return the port that a user gives.

    Raises
    ------
    ServerError
        If it cannot be one.
    """
    if not (value.isascii() and value.isdecimal() and int(value) < 2**16):
        raise ServerError(f"--port {value}: give a whole number from 1 to 65535, or 0 for any")
    return int(value)


def read_host_name(value: str) -> str:
    """Return the name of a host that a user gives, in lower case.

    Raises
    ------
    ServerError
        If it cannot be one.
    """
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", value):
        raise ServerError(f"--allow-host {value}: give a name without a port, as lab.example.org")
    return value.lower()


def names_of(options: Options, local: bool) -> frozenset[str]:
    """Return the names that the server may be asked for by, in lower case.

    Others are refused, since a page of another site can have its own name lead to this machine
    (DNS rebinding).

    Parameters
    ----------
    options
        As the command line gave them.
    local
        Whether the server listens to this machine alone.
    """
    own = () if local else (options.host, socket.gethostname(), socket.getfqdn())
    return frozenset(name.lower() for name in (*OWN_NAMES, *own, *options.allowed))


def check_installed() -> None:
    """Refuse to start without the packages of the browser application.

    Raises
    ------
    ServerError
        Saying how to install them.
    """
    for name in NEEDED:
        if find_spec(name) is None:
            raise ServerError(
                f"{name} is not installed; {install_line('view')} installs what the browser needs"
            )


def listen(host: str, port: int | None) -> socket.socket:
    """Return a socket that is bound, to a port that was free.

    Raises
    ------
    ServerError
        If the host is none of this machine, or the port is taken.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise ServerError(f"--host {host}: no such host; 127.0.0.1 is this machine alone") from None
    wanted = PORT if port is None else port
    for candidate in range(wanted, min(wanted + TRIED, 2**16)):
        bound = socket.socket(family)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((address[0], candidate, *address[2:]))
            # Bound is not taken yet: two that are bound find out only when they listen.
            bound.listen(128)
        except OSError as error:
            bound.close()
            if error.errno == errno.EADDRINUSE:
                continue
            raise ServerError(_why_not(error, host, candidate)) from None
        if port in (None, 0, candidate):
            return bound
        bound.close()
        raise ServerError(f"port {port} is in use; --port {candidate} is free")
    raise ServerError(f"ports {wanted} to {wanted + TRIED - 1} are in use; --port 0 takes any")


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host}: not an address of this machine; 127.0.0.1 always is"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"--port {port} is reserved; take one from 1024 on"
    return f"--host {host} --port {port}: {error.strerror}"


def address(bound: socket.socket) -> str:
    """Return where a browser finds a socket."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)
    return f"http://{host}:{port}/"


def serve(settings: Settings, options: Options) -> None:
    """Serve the pages until the process is stopped.

    Raises
    ------
    ServerError, ConfigError
        If the server cannot start, or the world is too large to draw.
    """
    from view.settings import start_with

    check_installed()
    start_with(settings)
    bound = listen(options.host, options.port)
    wanted = options.port or PORT
    if options.port is None and bound.getsockname()[1] != wanted:
        echo(f"Port {wanted} is in use; taking the next free one.")
    _warm_up()
    _configure_solara()
    import uvicorn

    from view.guard import application
    from view.sweeping import sweeper

    local = bound.getsockname()[0] in LOOPBACK
    config = uvicorn.Config(
        application(names_of(options, local), any_address=not local),
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws_max_size=2**20,
        timeout_graceful_shutdown=1,
        loop="asyncio",
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _announce(bound, local, options.browser)

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            if self.should_exit:  # Ctrl-C again: what is cut short would be logged as a traceback
                logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            super().handle_exit(sig, frame)

    _expect_many_connections()
    sweeper.allowed = local
    try:
        with suppress(KeyboardInterrupt):
            Server(config).run(sockets=[bound])
    finally:
        sweeper.cancel()
    echo("\nStopped.")


def _expect_many_connections() -> None:
    """Allow as many connections as the system does; beyond that, new ones wait silently."""
    # asyncio would log a traceback for each attempt to accept one, thousands a second.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    with suppress(ImportError, OSError, ValueError):  # as on Windows
        import resource

        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _announce(bound: socket.socket, local: bool, browser: bool) -> None:
    echo(f"Momentum is at {address(bound)} (Ctrl-C stops it)")
    if not local:
        echo("Whoever reaches this machine can use it: there is no password.")
    if browser:
        import threading
        import webbrowser

        threading.Thread(target=webbrowser.open, args=[address(bound)], daemon=True).start()


def _warm_up() -> None:
    """Have the model and its drawing compiled before a visitor waits for it."""
    from experiments.execution.worker import COMPILING, is_cold

    if is_cold():
        echo(COMPILING, sys.stderr)
    from sim.model import MovementModel
    from sim.parameters import Parameters
    from view.layout import lay_out
    from view.why import explain_user
    from view.why_holder import explain_holder

    model = MovementModel(Parameters.from_dict({"users.count": 50, "horizon": 52}))
    lay_out(model.state.network)
    model.run()
    explain_user(model, 0)
    explain_holder(model, 0)


def _configure_solara() -> None:
    """Set all that Solara reads from the environment, before it is imported."""
    for name in [name for name in os.environ if name.upper().startswith("SOLARA_")]:
        del os.environ[name]
    os.environ.update(FIXED)
    os.environ["SOLARA_ASSETS_EXTRA_LOCATIONS"] = str(Path(__file__).parent / "static")
