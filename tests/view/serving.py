"""A server of the pages in a process of its own, and the browser that looks at it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = {
    "HOST": "0.0.0.0",
    "PORT": "1",
    "SOLARA_HOST": "0.0.0.0",
    "SOLARA_MODE": "development",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "True",
    "SOLARA_THEME_SHOW_BANNER": "True",
    "SOLARA_ASSETS_PROXY": "False",
    "SOLARA_USE_PDB": "True",
    "SOLARA_APP": "solara.website.pages",
    "UVICORN_HOST": "0.0.0.0",
    "FORWARDED_ALLOW_IPS": "*",
}
"""An environment that would open Solara to everybody; every server of the tests has it."""


def chromium() -> str | None:
    """Return the browser that the tests are run in."""
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


class Server:
    """A running server: its address and all that it said."""

    def __init__(self, process: subprocess.Popen[str], proxy: socket.socket) -> None:
        self.process = process
        self.proxy = proxy
        self.said: list[str] = []
        self.url = ""
        self._up = threading.Event()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.startswith("Momentum is at "):
                self.url = line.split()[3].rstrip("/")
                self._up.set()
        self._up.set()

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def proxy_was_asked(self) -> bool:
        """Return whether it tried to reach another machine, which would have been by the proxy."""
        try:
            self.proxy.accept()
        except BlockingIOError:
            return False
        return True

    def wait(self, seconds: float = 120) -> None:
        """Return once it serves.

        Raises
        ------
        RuntimeError
            With what it said, if it does not.
        """
        if not self._up.wait(seconds) or not self.url:
            raise RuntimeError("the server did not start: " + "\n".join(self.said))

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does, and return its exit code."""
        if self.alive:
            self.process.send_signal(how)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextmanager
def serving(*words: str, cwd: Path | None = None):
    """Start ``momentum view WORDS`` on a free port, and stop it in the end."""
    proxy = socket.create_server(("127.0.0.1", 0))
    proxy.setblocking(False)
    way = f"http://127.0.0.1:{proxy.getsockname()[1]}"
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), way)
    process = subprocess.Popen(
        [sys.executable, "-m", "experiments", "view", "--port", "0", *words],
        cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
        env={**os.environ, **HOSTILE, **proxies, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    server = Server(process, proxy)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
        proxy.close()
