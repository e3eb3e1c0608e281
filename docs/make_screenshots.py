"""Makes the pictures of the pages in ``docs/images`` anew.

.venv/bin/python -m docs.make_screenshots
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.view.serving import chromium, serving

IMAGES = Path(__file__).parent / "images"
SIZE = {"width": 1440, "height": 900}
CROWD = ".mo-crowd canvas"
WORLD = "preset=right_momentum&users.count=1000"


def until(week: int) -> Callable[[Page], None]:
    """Return what plays a page until a week."""

    def play(page: Page) -> None:
        page.locator("[data-test=speed]").press("End")
        page.locator("[data-test=play]").click()
        page.wait_for_function(
            f"() => Number(document.querySelector('{CROWD}').dataset.week) >= {week}",
            timeout=120_000,
        )
        page.locator("[data-test=play]").click()

    return play


def why(page: Page) -> None:
    """Play, then ask why somebody acts."""
    until(100)(page)
    page.locator(CROWD).first.click(position={"x": 300, "y": 190})
    page.locator("[data-test=account]").wait_for()


def finish(page: Page) -> None:
    """Run to the end."""
    page.locator("[data-test=finish]").click()
    page.wait_for_function("() => document.querySelector('[data-test=finish]').disabled")


PICTURES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "live_light": (f"/live?{WORLD}", "light", until(120)),
    "live_dark": (f"/live?{WORLD}", "dark", why),
    "converted": (f"/live?{WORLD}&firm.policy=concede", "light", finish),
    "case": ("/live?case=buytwitter&users.count=1500", "light", finish),
    "twin": (f"/twin?{WORLD}", "light", until(110)),
}


def main() -> None:
    """Make all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright, serving() as server:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (address, scheme, act) in PICTURES.items():
            page = browser.new_context(viewport=SIZE, color_scheme=scheme).new_page()  # type: ignore[arg-type]
            page.goto(server.url + address)
            page.locator(f'{CROWD}[data-week="0"]').first.wait_for(timeout=60_000)
            act(page)
            page.mouse.move(5, 5)
            page.wait_for_timeout(1_500)
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            shot.quantize(255, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
