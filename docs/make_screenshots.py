"""Makes the pictures of the pages in ``docs/images`` anew.

.venv/bin/python -m docs.make_screenshots
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from explorer.build import compiled
from explorer.build import page as article
from tests.view.serving import chromium, serving

IMAGES = Path(__file__).parent / "images"
DESK, PHONE = (1440, 900), (390, 844)
MAP = (1440, 676)  # of a page of sweeps, down to the end of its map
CROWD = ".mo-crowd canvas"
WORLD = "preset=right_momentum&participation.cost_mean=0.6&movement.organisers=100"


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


def emerge(page: Page) -> None:
    """Play until a movement has emerged."""
    page.locator("[data-test=speed]").press("End")
    page.locator("[data-test=play]").click()
    page.locator("[data-test=verdict][data-level=movement]").wait_for(timeout=120_000)
    page.locator("[data-test=play]").click()


def why(page: Page) -> None:
    """Play, then ask why somebody acts."""
    until(100)(page)
    page.locator(CROWD).first.click(position={"x": 180, "y": 190})
    page.locator("[data-test=account]").wait_for()


def finish(page: Page) -> None:
    """Run to the end."""
    page.locator("[data-test=finish]").click()
    page.wait_for_function("() => document.querySelector('[data-test=finish]').disabled")


def sweep(page: Page) -> None:
    """Sweep two parameters to the end."""
    page.locator("[data-test=lever-0] input").first.fill("0.3")
    page.locator("[data-test=lever-0] input").nth(1).fill("1.2")
    page.locator("[data-test=start]").click()
    page.locator("[data-test=sweep][data-state=complete]").wait_for(timeout=240_000)


def back(page: Page) -> None:
    """Play past the emergence of a movement, then look back at the week after the launch."""
    until(140)(page)
    page.locator("[data-test=scrubber]").fill("60")
    page.locator(f'{CROWD}[data-week="60"]').wait_for()


PICTURES: dict[str, tuple[str, str, tuple[int, int], Callable[[Page], None]]] = {
    "live_light": (f"/live?{WORLD}", "light", DESK, emerge),
    "live_dark": (f"/live?{WORLD}", "dark", DESK, why),
    "looking_back": (f"/live?{WORLD}", "light", DESK, back),
    "ten_thousand": (f"/live?{WORLD}&users.count=10000", "light", DESK, until(60)),
    "phone": (f"/live?{WORLD}", "dark", PHONE, until(100)),
    "converted": (f"/live?{WORLD}&firm.policy=concede&seed=9", "light", DESK, finish),
    "case": ("/live?case=buytwitter", "light", DESK, finish),
    "twin": (f"/twin?{WORLD}", "light", DESK, until(110)),
    "sweep": ("/sweep?preset=right_momentum&users.count=500", "light", MAP, sweep),
}

SCENES = {
    "explorer": ("concedes", "150", "light", (1280, 880)),
    "explorer_phone": ("all_three", "260", "dark", PHONE),
}
"""Of the explorable article: the scene, its week, the scheme, the size."""


def main() -> None:
    """Make all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as results,
        sync_playwright() as playwright,
        serving(f"results_dir={results}") as server,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (address, scheme, (width, height), act) in PICTURES.items():
            size = {"width": width, "height": height}
            page = browser.new_context(viewport=size, color_scheme=scheme).new_page()  # type: ignore[arg-type]
            page.goto(server.url + address)
            first = "[data-test=start]" if name == "sweep" else f'{CROWD}[data-week="0"]'
            page.locator(first).first.wait_for(timeout=60_000)
            act(page)
            if address.startswith("/live"):
                page.locator("[data-test=fan]", has_text="(faint lines)").wait_for(timeout=60_000)
            page.mouse.move(5, 5)
            page.wait_for_timeout(1_500)
            save(page, name)
        with TemporaryDirectory() as place:
            show_article(browser, Path(place) / "explorer.html")
        browser.close()


def show_article(browser: Browser, file: Path) -> None:
    """Make the pictures of the explorable article."""
    file.write_text(article(compiled()), encoding="utf-8")
    for name, (scene, week, scheme, (width, height)) in SCENES.items():
        size = {"width": width, "height": height}
        page = browser.new_context(viewport=size, color_scheme=scheme).new_page()  # type: ignore[arg-type]
        page.goto(f"{file.as_uri()}#{scene}")
        section = page.locator(f"#{scene}")
        section.locator('.crowd[data-week="260"]').wait_for(timeout=60_000)
        section.locator("[data-part=see]").click()
        section.locator("[data-part=told]", has_text="You guessed").wait_for(timeout=60_000)
        section.locator("[data-part=week]").fill(week)
        page.evaluate("scene => document.getElementById(scene).scrollIntoView()", scene)
        page.wait_for_timeout(1_000)
        save(page, name)


def save(page: Page, name: str) -> None:
    """Save what a page shows, in few colours, and close it."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(255, Image.Quantize.MAXCOVERAGE, 2, dither=Image.Dither.NONE).save(
        IMAGES / f"{name}.png", optimize=True
    )
    page.context.close()


if __name__ == "__main__":
    main()
