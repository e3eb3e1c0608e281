"""The twin view: two worlds with the same luck that differ in what is chosen."""

import pytest

from sim.columns import label
from tests.view.accessibility import faults
from tests.view.test_visits import wait_for_week, week

EMERGING = (
    "/twin?preset=right_momentum&participation.cost_mean=0.4&movement.organisers=100"
    "&users.count=500&horizon=104&movement.launch_week=20"
)


@pytest.fixture
def twins(visit):
    """Open the twin view and wait for both pictures."""

    def go(path="/twin"):
        page = visit(path)
        page.wait_for_function(
            "() => document.querySelectorAll('.mo-crowd canvas[data-week=\"0\"]').length === 2"
        )
        return page

    return go


def finish(page):
    page.locator("[data-test=finish]").click()
    page.wait_for_function(
        "() => document.querySelector('[data-test=finish]').disabled"
        " && [...document.querySelectorAll('.mo-crowd canvas')].every(c => c.dataset.week > 50)",
        timeout=30_000,
    )


def told(page):
    """Return what the two pictures show, in words."""
    return [each.get_attribute("aria-label") for each in page.locator(".mo-crowd canvas").all()]


def differences(page):
    return page.locator("[data-test=differences]").inner_text()


def test_they_play_together_and_differ_by_the_launch(twins):
    page = twins(EMERGING)
    launch = label("movement.launch_week")
    assert f"{launch} 20 → 1" in " ".join(differences(page).split())
    page.locator("[data-test=step]").click()
    wait_for_week(page, 1)
    page.locator("[data-test=play]").click()
    wait_for_week(page, 15)
    page.locator("[data-test=play]").click()
    page.wait_for_function(
        "() => { const w = [...document.querySelectorAll('.mo-crowd canvas')].map("
        "c => c.dataset.week); return w[0] === w[1] && w[0] >= 15; }"
    )
    here, there = told(page)
    assert "organisers 0" in here
    assert "organisers 0" not in there
    page.locator("[data-test=reset]").click()
    page.wait_for_function("() => document.querySelector('[data-test=week]').dataset.week === '0'")


def test_without_a_campaign_nobody_takes_part(twins):
    page = twins(EMERGING)
    page.locator("[data-test=question]").select_option("never")
    page.locator("[data-test=differences]", has_text=label("movement.origin")).wait_for()
    finish(page)
    here, there = told(page)
    assert "supporters 0" in there
    assert "supporters 0" not in here
    levels = [e.get_attribute("data-level") for e in page.locator("[data-test=verdict]").all()]
    assert levels == ["movement", "none"]


def test_a_difference_of_ones_own_is_set_and_dropped(twins):
    page = twins(EMERGING)
    page.locator("[data-test=parameter]").select_option("participation.cost_mean")
    page.locator("[data-test=value]").fill("0.7")
    page.locator("[data-test=add]").click()
    page.locator("[data-test=differences]", has_text=label("participation.cost_mean")).wait_for()
    for name in ("movement.launch_week", "participation.cost_mean"):
        page.get_by_label(f"No difference in {label(name)}").click()
    page.locator("[data-test=differences]", has_text="both are the same").wait_for()
    finish(page)
    here, there = told(page)
    assert here == there
    page.locator("[data-test=parameter]").select_option("threat.base")
    page.locator("[data-test=value]").fill("9")
    page.locator("[data-test=add]").click()
    page.locator("[data-test=problem]").wait_for()
    assert "threat.base = 9 is out of range" in page.locator("[data-test=problem]").inner_text()


def test_a_comparison_is_shared(twins, visit):
    page = twins(EMERGING)
    page.locator("[data-test=question]").select_option("never")
    page.locator("[data-test=differences]", has_text=label("movement.origin")).wait_for()
    page.locator("[data-test=open-share]").click()
    commands = page.locator("[data-test=command]").input_value().splitlines()
    assert [("movement.origin=never" in command) for command in commands] == [False, True]
    assert all("preset=right_momentum" in command for command in commands)
    link = page.locator("[data-test=link]").input_value()
    assert not page.locator("[data-test=save]").count()
    shared = visit(link[link.index("/twin") :])
    shared.locator("[data-test=differences]", has_text=label("movement.origin")).wait_for()
    assert "given → never" in " ".join(differences(shared).split())
    assert label("movement.launch_week") not in differences(shared)


@pytest.mark.slow
def test_the_same_user_is_explained_in_both(twins):
    page = twins(EMERGING)
    page.locator(".mo-crowd canvas").first.click(position={"x": 150, "y": 120})
    page.wait_for_function(
        "() => document.querySelectorAll('[data-test=account-title]').length === 2"
    )
    titles = [each.inner_text() for each in page.locator("[data-test=account-title]").all()]
    assert titles[0] == titles[1]


@pytest.mark.slow
def test_presets_cases_and_luck_change_both(twins):
    page = twins("/twin")
    page.locator("[data-test=story]").select_option("preset=right_momentum")
    page.wait_for_function("() => document.querySelector('[data-test=story]').value !== 'own'")
    page.locator("[data-test=seed]").fill("12")
    page.locator("[data-test=seed]").press("Enter")
    finish(page)
    first = told(page)
    page.get_by_label("Other luck: the next seed").click()
    page.wait_for_function("() => document.querySelector('[data-test=week]').dataset.week === '0'")
    finish(page)
    assert told(page) != first
    page.locator("[data-test=story]").select_option("case=buytwitter")
    page.locator("[data-test=week]", has_text="7 Nov 2013").wait_for()
    assert week(page) == 0


@pytest.mark.slow
def test_the_live_page_leads_to_its_twin(visit):
    page = visit("/live?dissatisfaction.base=0.4&users.count=150")
    page.locator("[data-test=to-twin]").click()
    page.wait_for_url("**/twin?**dissatisfaction.base=0.4**")
    page.locator(".mo-crowd canvas").nth(1).wait_for()
    assert "Network of 150 users" in told(page)[1]


@pytest.mark.slow
def test_it_can_be_heard_and_read_in_light_and_dark(twins):
    page = twins(EMERGING)
    finish(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            "dark => document.querySelector('.v-application.theme--dark') !== null === dark",
            arg=scheme == "dark",
        )
        assert faults(page) == []
