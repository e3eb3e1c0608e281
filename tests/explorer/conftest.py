"""The page opened from a file, with a stand-in for the model whose outcomes a test can foresee."""

import json
from pathlib import Path

import pytest

from explorer.build import Model, page
from explorer.model.records import description
from tests.view.conftest import Log, browser_type_launch_args  # noqa: F401

STAND_IN = Path(__file__).with_name("stand_in.js")


@pytest.fixture(scope="session")
def model():
    """The stand-in: what it reads as WebAssembly is its parameters."""
    return Model(
        STAND_IN.read_text(encoding="utf-8"), json.dumps(description()["parameters"]).encode()
    )


@pytest.fixture(scope="session")
def article(model, tmp_path_factory):
    """The page as a file."""
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    path.write_text(page(model), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def browser_context_args():
    return {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}


@pytest.fixture
def log(context):
    """Watch the visitor; in the end nothing but the file was asked for, and no error came up."""
    found = Log()
    found.watch(context)
    yield found
    assert [url for url in found.requests if not url.startswith(("data:", "file:"))] == []
    assert len({url.split("#")[0] for url in found.requests if url.startswith("file:")}) <= 1
    assert found.complaints == []


@pytest.fixture
def read(article, page, log):
    """Open the article, at a place or a world, and return the page."""

    page.set_default_timeout(10_000)

    def go(at=""):
        page.goto(f"{article.as_uri()}{at}")
        page.wait_for_selector("html.running")
        return page

    return go
