"""How fast the live page is drawn: first plot, time of a drawn week, heap of the browser.

    .venv/bin/python -m benchmarks.browser [users ...]

Plays 500 weeks at full speed in Chromium for each number of users (500 and 2,000 if none is given).
"""

from __future__ import annotations

import sys
import time

from playwright.sync_api import Page, sync_playwright

from tests.view.serving import chromium, serving

WEEKS = 500
HORIZON = 540
WEEK = "Number(document.querySelector('.mo-crowd canvas').dataset.week)"


def play(page: Page, address: str) -> tuple[float, list[float], list[float]]:
    """Return seconds to the first plot, and of each hundred weeks the seconds and the heap (MB)."""
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector('.mo-crowd canvas[data-week="0"]', timeout=60_000)
    first = time.perf_counter() - begun
    page.locator("[data-test=speed]").focus()
    page.keyboard.press("End")
    page.locator("[data-test=play]").click()
    page.wait_for_function(f"{WEEK} >= 20")
    seconds, heap = [], []
    for week in range(120, WEEKS + 21, 100):
        begun = time.perf_counter()
        page.wait_for_function(f"{WEEK} >= {week}", timeout=120_000, polling="raf")
        seconds.append(time.perf_counter() - begun)
        page.request_gc()
        heap.append(page.evaluate("performance.memory.usedJSHeapSize") / 2**20)
    return first, seconds, heap


def main() -> None:
    """Print the table."""
    sizes = [int(word) for word in sys.argv[1:]] or [500, 2_000]
    print("users  first plot s  s per drawn week (each hundred weeks)  heap MB")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for users in sizes:
            words = ("preset=right_momentum", f"horizon={HORIZON}", f"users.count={users}")
            with serving(*words) as server:
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                first, seconds, heap = play(page, server.url)
                page.close()
            drawn = " ".join(f"{each / 100:.3f}" for each in seconds)
            sizes_of_heap = " ".join(f"{each:.1f}" for each in heap)
            print(f"{users:5}  {first:12.2f}  {drawn:38}  {sizes_of_heap}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
