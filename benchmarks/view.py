"""How long a visitor waits for the live page, and how fast a browser draws the weeks."""

from __future__ import annotations

import os
import tempfile
import time
from itertools import pairwise
from statistics import mean
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Section, say
from tests.view.serving import Server, chromium, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VISITS = 5
WEEKS = 500
CROWDS = (500, 2_000, 10_000)
FIRST, LAST = 10, 10 + WEEKS
HORIZON = LAST + 100  # it is stopped before
DRAWN = """
last => new Promise(done => {
  const at = {};
  const look = () => {
    const week = Number(document.querySelector('canvas[data-week]').dataset.week);
    at[week] ??= performance.now();
    if (week >= last) done(at); else requestAnimationFrame(look);
  };
  look();
})
"""
"""Returns when each week was first seen drawn, in milliseconds."""


def view() -> Section:
    """Measure the live page in Chromium.

    Raises
    ------
    RuntimeError
        If there is no Chromium.
    """
    path = chromium()
    if path is None:
        raise RuntimeError("there is no Chromium to measure the pages in")
    from playwright.sync_api import sync_playwright

    section = Section(
        "The live page in a browser",
        f"Server and headless Chromium, without a graphics processor, on the same machine. *First "
        f"plot*: from the request to the first drawn network, a fresh visitor each. *Speed*: "
        f"{WEEKS} weeks played at the fastest, by the clock of the page, as its canvas shows them; "
        "a frame may show several weeks at once. *Slowdown*: the first fifth of the frames over "
        "the last. *Heap*: what the page's heap, after a collection, has grown by over the "
        f"{WEEKS} weeks.",
    )
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(f"results_dir={folder}", f"horizon={HORIZON}") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for users in CROWDS:
            say(f"  {users:,} users")
            _measure(browser, server, users, section)
        browser.close()
    return section


def _measure(browser: Browser, server: Server, users: int, section: Section) -> None:
    waits = [_first_plot(browser, server, users) for _ in range(VISITS + 1)][1:]
    section.add("first plot", "s", waits, users)
    speeds, slowdown, grown = _play(browser, server, users)
    section.add("speed", "weeks/s", speeds, users)
    section.add("slowdown", "×", [slowdown], users)
    section.add("heap grown", "MB", [grown], users)


def _open(browser: Browser, server: Server, users: int) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(f"{server.url}/live?users.count={users}&horizon={HORIZON}")
    page.wait_for_selector("canvas[data-week='0']", timeout=60_000)
    return page


def _first_plot(browser: Browser, server: Server, users: int) -> float:
    start = time.perf_counter()
    page = _open(browser, server, users)
    seconds = time.perf_counter() - start
    page.context.close()
    return seconds


def _play(browser: Browser, server: Server, users: int) -> tuple[list[float], float, float]:
    """Return weeks a second, a value a frame, the slowdown, megabytes by which the heap grew."""
    page = _open(browser, server, users)
    speed = page.locator("[data-test=speed]")
    speed.fill(speed.get_attribute("max") or "5")
    page.locator("[data-test=play]").click()
    page.evaluate(DRAWN, FIRST)
    page.locator("[data-test=play]").click()
    before = _heap(page)
    page.locator("[data-test=play]").click()
    at: dict[str, Any] = page.evaluate(DRAWN, LAST)
    page.locator("[data-test=play]").click()
    grown = _heap(page) - before
    page.context.close()
    seen = sorted((int(week), when / 1000) for week, when in at.items())
    speeds = [(b - a) / (later - sooner) for (a, sooner), (b, later) in pairwise(seen)]
    part = len(speeds) // 5
    return speeds, mean(speeds[:part]) / mean(speeds[-part:]), grown


def _heap(page: Page) -> float:
    """Return megabytes of the page's heap after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = session.send("Runtime.getHeapUsage")
    return float(used["usedSize"]) / 1e6
