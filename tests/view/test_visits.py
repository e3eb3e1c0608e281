"""Visitors of the live page: apart from each other, together, for long, and with bad addresses."""

import random
import re
import time

import pytest

from experiments.config.choices import ConfigError
from tests.view.conftest import Log
from view.session import Session
from view.settings import composed

WEEK = "[data-test=week]"


def week(page):
    """Return the week that the page shows."""
    return int(page.locator(WEEK).first.get_attribute("data-week"))


def wait_for_week(page, at_least, seconds=20.0):
    """Return once a page shows a week."""
    page.wait_for_function(
        f"() => Number(document.querySelector('{WEEK}')?.dataset.week) >= {at_least}",
        timeout=1000 * seconds,
    )


def test_a_malformed_address_is_answered_with_a_line_and_the_next_with_a_page(visit, server):
    page = visit("/live?firm.declin_rate=0.01")
    said = page.get_by_role("alert")
    said.wait_for()
    assert "did you mean firm.decline_rate?" in said.inner_text()
    assert page.locator("canvas").count() == 0
    visit("/live?users.count=150&seed=8")
    page.locator("canvas").first.wait_for()
    assert week(page) == 0
    assert server.alive


def test_two_visitors_have_a_world_each(visit, server, new_context):
    page = visit("/live")
    page.locator("canvas").first.wait_for()
    other_log = Log()
    other_context = new_context()
    other_log.watch(other_context)
    other = other_context.new_page()
    other.goto(f"{server.url}/live")
    other.locator("canvas").first.wait_for()
    for _ in range(3):
        before = week(page)
        page.locator("[data-test=step]").click()
        wait_for_week(page, before + 1)
    assert week(page) == 3
    assert week(other) == 0
    other.locator("[data-test=step]").click()
    wait_for_week(other, 1)
    assert (week(page), week(other)) == (3, 1)
    tab = page.context.new_page()  # the same visitor's second tab has its own world too
    tab.goto(f"{server.url}/live")
    tab.locator("canvas").first.wait_for()
    assert (week(page), week(tab)) == (3, 0)
    assert other_log.elsewhere() + other_log.complaints == []


@pytest.mark.slow
def test_five_visitors_play_at_once_for_two_minutes(server, new_context):
    logs, pages = [], []
    for number in range(5):
        context = new_context()
        logs.append(Log())
        logs[-1].watch(context)
        pages.append(context.new_page())
        pages[-1].goto(f"{server.url}/live?seed={number}&horizon=1000&users.count=500")
        pages[-1].locator("canvas").first.wait_for(timeout=60_000)
    drawn = [0] * 5
    last = [0] * 5
    end = time.monotonic() + 120
    while time.monotonic() < end:
        for number, page in enumerate(pages):
            now = week(page)
            drawn[number] += max(now - last[number], 0)
            last[number] = now
            if page.locator("[data-test=play]").get_attribute("aria-label") == "Play":
                if now >= 1000:
                    page.locator("[data-test=reset]").click()
                page.locator("[data-test=play]").click(timeout=20_000)
        pages[0].wait_for_timeout(2_000)
    assert min(drawn) > 20, drawn
    assert [log.elsewhere() + log.complaints for log in logs] == [[]] * 5
    assert server.alive
    assert not [line for line in server.said if "Traceback" in line or "Error" in line]


@pytest.mark.slow
def test_a_page_lives_after_a_minute_of_play_with_all_its_controls_moved(visit, log, server):
    page = visit("/live?users.count=500&horizon=2000")
    crowd = page.locator("canvas").first
    crowd.wait_for()
    page.locator("[data-test=play]").click()
    luck = random.Random(1)
    box = crowd.bounding_box()
    sliders = page.get_by_role("slider")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        slider = sliders.nth(luck.randrange(sliders.count()))
        if slider.is_visible():
            slider.evaluate(
                """(slider, part) => {
                  const low = Number(slider.min), high = Number(slider.max);
                  slider.value = low + part * (high - low);
                  slider.dispatchEvent(new Event('input', {bubbles: true}));
                  slider.dispatchEvent(new Event('change', {bubbles: true}));
                }""",
                luck.random(),
            )
        x, y = luck.random() * box["width"], luck.random() * box["height"]
        page.mouse.click(box["x"] + x, box["y"] + y)
        if luck.random() < 0.1:
            page.get_by_role("button", name=re.compile("^Reset")).click()
        if page.locator("[data-test=play]").get_attribute("aria-label") == "Play":
            page.locator("[data-test=play]").click()
        page.wait_for_timeout(100)
    while page.locator("[data-test=play]").get_attribute("aria-label") == "Pause":
        page.locator("[data-test=play]").click()
    page.get_by_role("button", name=re.compile("^Reset")).click()
    page.wait_for_function("() => document.querySelector('[data-test=week]').dataset.week === '0'")
    page.locator("[data-test=step]").click()
    wait_for_week(page, 1)
    assert server.alive
    assert not [line for line in server.said if "Traceback" in line or "Too many" in line]


@pytest.fixture(scope="module")
def session():
    return Session(composed(["users.count=50", "horizon=60"]))


def test_a_page_names_no_file_of_the_machine(session, tmp_path):
    ties = tmp_path / "ties.csv"
    ties.write_text("0,1\n")
    with pytest.raises(ConfigError, match="cannot name files"):
        session.set("network.edge_list", str(ties))
    assert session.wanted.network.edge_list == ""


ODD = (None, [], {}, "x" * 10_000, float("nan"), float("inf"), 1e300, True)


@pytest.mark.parametrize("name", ["users.count", "horizon", "firm.policy", "nowhere", "", "seed"])
def test_what_no_control_can_send_changes_nothing(session, name):
    before, week = session.wanted, session.model.week
    for value in ODD:
        with pytest.raises(ValueError):  # noqa: PT011 (of any kind: the page says it in a line)
            session.set(name, value)
    assert session.wanted == before
    session.advance()
    assert session.model.week == week + 1
