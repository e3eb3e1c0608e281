"""One server a session, a fresh visitor a test; no page may load from elsewhere or go wrong."""

import os
from urllib.parse import urlsplit

import pytest

from tests.view.serving import chromium, serving

SMALL = ("users.count=200", "horizon=78", "movement.launch_week=10")


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """A folder of results, which tests may fill."""
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def server(results):
    """A server of a small world."""
    with serving(*SMALL, f"results_dir={results}") as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """The browser of the machine; as root it has no sandbox."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium")
    args = ["--disable-gpu", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        args.append("--no-sandbox")
    return {"executable_path": path, "args": args}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"viewport": {"width": 1280, "height": 720}}


class Log:
    """What a visitor's browser asked for, and what it complained about."""

    def __init__(self):
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def watch(self, context):
        context.on("request", lambda request: self.requests.append(request.url))
        context.on(
            "console",
            lambda said: said.type == "error" and self.complaints.append(said.text),
        )
        context.on("weberror", lambda raised: self.complaints.append(str(raised.error)))

    def elsewhere(self):
        """Return the requests that would leave the machine."""
        urls = [url for url in self.requests if urlsplit(url).scheme not in ("data", "blob")]
        return [url for url in urls if urlsplit(url).hostname != "127.0.0.1"]


@pytest.fixture
def log(context):
    """Watch the visitor; in the end no request may have left the machine, and no error come up.

    A test that expects complaints clears them.
    """
    found = Log()
    found.watch(context)
    yield found
    assert found.elsewhere() == []
    assert found.complaints == []


@pytest.fixture
def visit(server, page, log):
    """Open a page of the server, as soon as it shows something, and return it."""

    page.set_default_timeout(10_000)

    def go(path="/"):
        page.goto(server.url + path)
        page.wait_for_selector(".mo-page, body > main")
        return page

    return go
