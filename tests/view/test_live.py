"""The live page: every control, playing, clicking and sharing, each by what changes on the page."""

import io
import re
import zipfile

import pytest

from experiments.config.settings import compose
from sim.columns import label
from sim.parameters import Role, declarations
from tests.view.accessibility import faults
from tests.view.test_visits import wait_for_week, week
from view.controls import grouped
from view.stories import stories

CROWD = ".mo-crowd canvas"
EMERGING = (
    "/live?preset=right_momentum&participation.cost_mean=0.4&movement.organisers=100"
    "&users.count=500&horizon=104&movement.launch_week=20"
)


@pytest.fixture
def live(visit):
    """Open the live page and wait for the first plot."""

    def go(path="/live"):
        page = visit(path)
        page.locator(f'{CROWD}[data-week="0"]').first.wait_for()
        return page

    return go


def step(page, weeks=1):
    for _ in range(weeks):
        before = week(page)
        page.locator("[data-test=step]").click()
        wait_for_week(page, before + 1)


def finish(page):
    page.locator("[data-test=finish]").click()
    page.wait_for_function(
        "() => document.querySelector('[data-test=finish]').disabled", timeout=30_000
    )


def drawn(page, at_least):
    """Return once the crowd and the time lines show a week."""
    for canvas in (CROWD, ".mo-charts canvas"):
        page.wait_for_function(
            f"() => Number(document.querySelector('{canvas}').dataset.week) >= {at_least}"
        )


def write(page, name, value):
    """Write a parameter's value into its control, whose group may have to be found first."""
    control = page.locator(f'[data-control="{name}"]')
    if not control.count():
        page.locator("[data-test=search]").fill(name)
        control.wait_for()
    choice = control.locator("select")
    if choice.count():
        choice.select_option(str(value))
    else:
        control.locator("input[type=number]").fill(f"{value}")
        control.locator("input[type=number]").press("Enter")


def value(page, name):
    control = page.locator(f'[data-control="{name}"]')
    return control.locator("select, input[type=number]").first.input_value()


def number(page, name):
    return int(page.locator(f"[data-test={name}]").inner_text().replace(",", ""))


# -- playing ---------------------------------------------------------------------------------------


def test_no_click_on_step_is_lost(live):
    page = live("/live?users.count=150&horizon=60")
    clicks = "() => { for (let i = 0; i < 20; i++) document.querySelector('%s').click() }"
    page.evaluate(clicks % "[data-test=step]")
    drawn(page, 20)
    page.wait_for_timeout(300)
    assert week(page) == 20


def test_it_plays_pauses_steps_ends_and_begins_again(live):
    page = live()
    crowd = page.locator(CROWD)
    assert "week 0" in crowd.get_attribute("aria-label")
    page.locator("[data-test=play]").click()
    drawn(page, 5)
    page.locator("[data-test=play]").click()
    assert page.locator("[data-test=play]").get_attribute("aria-label") == "Play"
    page.wait_for_timeout(300)
    paused = week(page)
    page.wait_for_timeout(400)
    assert week(page) == paused
    step(page)
    assert week(page) == paused + 1
    drawn(page, paused + 1)
    finish(page)
    drawn(page, 78)
    page.locator("[data-test=log]", has_text="launch").wait_for()
    assert page.locator("[data-test=step]").is_disabled()
    page.locator("[data-test=reset]").click()
    page.locator(f'{CROWD}[data-week="0"]').wait_for()
    page.locator("[data-test=log]", has_text="Nothing yet").wait_for()


def test_the_speed_is_that_of_the_slider_and_space_plays(live):
    page = live()
    page.locator("[data-test=speed]").focus()
    page.keyboard.press("Home")
    assert page.locator(".mo-speed output").inner_text() == "1 weeks/s"
    page.locator("h1").click()
    page.keyboard.press("Space")
    wait_for_week(page, 1)
    page.wait_for_timeout(500)
    assert week(page) <= 2
    page.keyboard.press("Space")
    page.locator("[data-test=speed]").focus()
    page.keyboard.press("End")
    assert page.locator(".mo-speed output").inner_text() == "100 weeks/s"


def test_at_its_fastest_a_frame_shows_several_weeks_and_the_true_speed_is_told(live):
    page = live("/live?users.count=200&horizon=1000")
    page.evaluate(
        "() => { window.frames = 0; const look = new MutationObserver(() => window.frames++);"
        " look.observe(document.querySelector('[data-test=week]'),"
        " {attributeFilter: ['data-week']}) }"
    )
    page.locator("[data-test=speed]").press("End")
    page.locator("[data-test=play]").click()
    pace = page.locator("[data-test=pace]", has_text="now")
    pace.wait_for()
    wait_for_week(page, 200)
    assert re.fullmatch(r"now [\d.]+", pace.inner_text())
    page.locator("[data-test=play]").click()
    assert pace.count() == 0
    assert page.evaluate("() => window.frames") < week(page) / 2


# -- looking back ----------------------------------------------------------------------------------


def shows(page):
    """Return what the page shows of a week: pictures in words, verdict, events, user, newcomers."""
    return page.evaluate(
        "() => [...document.querySelectorAll('canvas[aria-label]')].map(each => each.ariaLabel)"
        ".concat([...document.querySelectorAll('[data-test=verdict], [data-test=moved],"
        " [data-test=account], [data-test=organisers]')].map(each => each.innerText))"
    )


def look_back(page, to):
    page.locator("[data-test=scrubber]").fill(str(to))
    page.locator(f'[data-test=week][data-week="{to}"]').wait_for()
    for canvas in (CROWD, ".mo-charts canvas"):
        page.locator(f'{canvas}[data-week="{to}"]').wait_for()


def test_the_past_is_shown_as_it_was_and_not_changed(live):
    page = live(EMERGING)
    page.locator(CROWD).click(position={"x": 250, "y": 150})
    page.locator("[data-test=account]").wait_for()
    step(page, 26)
    drawn(page, 26)
    page.wait_for_timeout(300)
    then = shows(page)
    finish(page)
    drawn(page, 104)
    page.wait_for_timeout(300)
    now = shows(page)
    look_back(page, 26)
    page.wait_for_timeout(300)
    assert shows(page) == then
    page.locator("[data-test=scrubber]").press("ArrowLeft")
    wait_for_week(page, 25)
    page.locator('[data-test=week][data-week="25"]').wait_for()
    page.locator("h1").click()
    page.keyboard.press(",")
    page.locator('[data-test=week][data-week="24"]').wait_for()
    page.locator("[data-test=step]").click()
    page.locator('[data-test=week][data-week="25"]').wait_for()
    page.locator("[data-test=present]", has_text="Continue from week 104").click()
    drawn(page, 104)
    page.wait_for_timeout(300)
    assert shows(page) == now
    assert page.locator("[data-test=present]").count() == 0


def test_the_past_plays_on_into_the_present_and_a_change_leads_back_to_it(live):
    page = live()
    step(page, 12)
    look_back(page, 3)
    page.locator("[data-test=play]").click()
    wait_for_week(page, 14)
    page.locator("[data-test=play]").click()
    page.locator("[data-test=present]").wait_for(state="detached")
    page.wait_for_timeout(300)
    reached = week(page)
    look_back(page, 2)
    write(page, "movement.framing", "two_stage")
    page.locator(f'[data-test=week][data-week="{reached}"]').wait_for()
    event = page.locator("[data-test=log] li", has_text=label("movement.framing"))
    assert event.inner_text().split()[0] == str(reached)


def test_a_movement_is_announced_when_it_emerges_and_not_before(live):
    page = live(EMERGING)
    verdict = page.locator("[data-test=verdict]")
    assert verdict.get_attribute("data-level") == "quiet"
    finish(page)
    page.locator('[data-test=verdict][data-level="movement"]').wait_for(timeout=30_000)
    page.locator("[data-test=log]", has_text="MOVEMENT EMERGES").wait_for()
    since = int(re.search(r"week (\d+)", verdict.inner_text())[1])
    assert week(page) >= since + 18
    assert int(page.locator("[data-test=streak]").inner_text().split()[0]) >= 19
    assert number(page, "organisers") >= 100
    assert number(page, "signatures") > 1000
    assert float(page.locator("[data-test=recruits]").inner_text()) > 0


def test_a_conversion_is_announced(live):
    page = live("/live?preset=right_momentum&firm.policy=concede&participation.cost_mean=0.4")
    finish(page)
    verdict = page.locator('[data-test=verdict][data-level="converted"]')
    verdict.wait_for()
    week_of = re.search(r"week (\d+)", verdict.inner_text())[1]
    row = page.locator("[data-test=log] li", has_text="CONVERTED").inner_text()
    assert row.split()[0] == week_of


def test_a_run_in_which_nothing_happens_says_so_at_its_end(live):
    page = live("/live?movement.origin=never&users.count=100&horizon=60")
    empty = page.locator("[data-test=log]").inner_text()
    finish(page)
    page.wait_for_function(
        "before => document.querySelector('[data-test=log]').innerText !== before", arg=empty
    )
    assert page.locator("[data-test=log]").get_attribute("data-entries") == "0"


@pytest.mark.slow
def test_the_meters_and_the_pictures_in_words_follow_the_run(live):
    page = live(EMERGING)
    said = page.locator(".mo-charts canvas").get_attribute("aria-label")
    distress = page.locator("[data-meter=distress]").get_attribute("aria-valuenow")
    finish(page)
    drawn(page, 104)
    assert page.locator(".mo-charts canvas").get_attribute("aria-label") != said
    assert page.locator("[data-meter=distress]").get_attribute("aria-valuenow") != distress
    assert "0 supporters" not in page.locator(CROWD).get_attribute("aria-label")


def test_it_says_what_moved_those_who_signed_or_joined(live):
    page = live(EMERGING)
    moved = page.locator("[data-test=moved]")
    assert moved.inner_text() == "Nobody signed or joined in the last 8 weeks."
    step(page, 24)
    page.locator("[data-test=moved]", has_text="What moved the").wait_for()
    shares, text = page.evaluate(  # at one moment: the page may still be drawing the last weeks
        "() => [Object.fromEntries([...document.querySelectorAll('[data-part]')].map(part =>"
        " [part.dataset.part, Number(part.dataset.share)])),"
        " document.querySelector('[data-test=moved]').innerText]"
    )
    assert sum(shares.values()) == pytest.approx(1, abs=0.02)
    first = max(shares, key=shares.get)
    assert f"above all {first}" in text


def test_other_seeds_are_drawn_behind_and_can_be_hidden(live):
    page = live(EMERGING)
    page.locator("[data-test=fan]", has_text="20 other seeds (faint lines)").wait_for(
        timeout=30_000
    )
    canvas = page.locator(".mo-charts canvas")
    values = 20 * 3 * 105  # runs, columns, weeks
    page.wait_for_function(
        "size => Number(document.querySelector('.mo-charts canvas').dataset.fan) === size",
        arg=4 * values,
    )
    page.locator("[data-test=show-fan]").uncheck()
    page.locator('.mo-charts canvas[data-fan="0"]').wait_for()
    page.locator("[data-test=show-fan]").check()
    page.locator(f'.mo-charts canvas[data-fan="{4 * values}"]').wait_for()
    said = page.locator("[data-test=fan]").inner_text()
    write(page, "threat.base", "0.1")
    page.wait_for_function(
        "said => { const now = document.querySelector('[data-test=fan]').innerText;"
        " return now !== said && now.includes('other seeds (faint lines)'); }",
        arg=said,
        timeout=30_000,
    )
    assert canvas.get_attribute("data-fan") == f"{4 * values}"


# -- controls --------------------------------------------------------------------------------------


def test_a_lever_acts_at_once_and_the_world_waits_for_reset(live):
    page = live()
    step(page, 2)
    write(page, "movement.framing", "two_stage")
    page.get_by_text(f"{label('movement.framing')}: two stage").wait_for()
    assert page.locator("[data-test=pending]").count() == 0
    write(page, "threat.base", "0.5")
    page.locator("[data-test=pending]").wait_for()
    assert label("threat.base") in page.locator("[data-test=pending]").inner_text()
    assert page.locator("[data-meter=threat]").get_attribute("aria-valuenow") < "0.3"
    page.locator("[data-test=reset]").click()
    page.locator('[data-meter=threat][aria-valuenow="0.50"]').wait_for()
    assert week(page) == 0
    assert page.locator("[data-test=pending]").count() == 0
    assert (value(page, "threat.base"), value(page, "movement.framing")) == ("0.5", "two_stage")


def test_a_slider_moves_by_keyboard(live):
    page = live()
    slider = page.locator('[data-control="dissatisfaction.base"] input[type=range]')
    slider.focus()
    before = page.locator("[data-meter=dissatisfaction]").get_attribute("aria-valuenow")
    page.keyboard.press("End")
    page.wait_for_function(
        "before => document.querySelector('[data-meter=dissatisfaction]').ariaValueNow > before",
        arg=before,
    )
    assert value(page, "dissatisfaction.base") == "0.5"


def test_what_cannot_be_is_said_in_a_line_beside_the_control(live, server):
    page = live()
    write(page, "threat.base", "7")
    problem = page.locator('[data-control="threat.base"] [data-test=problem]')
    problem.wait_for()
    assert "threat.base = 7 is out of range: 0 to 1" in problem.inner_text()
    write(page, "threat.base", "0.4")
    page.locator('[data-meter=threat][aria-valuenow="0.40"]').wait_for()
    assert page.locator("[data-test=problem]").count() == 0
    page.locator("[data-test=seed]").fill("-3")
    page.locator("[data-test=seed]").press("Enter")
    page.locator("[data-test=problem]").wait_for()
    assert "whole number" in page.locator("[data-test=problem]").inner_text()
    assert server.alive


def test_every_story_brings_its_world(live):
    page = live()
    step(page)
    for story in stories():
        page.locator("[data-test=story]").select_option(story.key)
        expected = compose(story.world).parameters
        page.locator("[data-test=about-story]", has_text=story.about).wait_for()
        for name in ("firm.decline_rate", "dissatisfaction.base", "threat.base"):
            page.wait_for_function(
                "([name, value]) => Number(document.querySelector("
                '`[data-control="${name}"] input[type=number]`).value) === value',
                arg=[name, expected.value(name)],
            )
        threat = f"{expected.threat.base:.2f}"
        page.locator(f'[data-meter=threat][aria-valuenow="{threat}"]').wait_for()
        assert week(page) == 0
        page.locator('[data-group="firm"] summary').click()
        assert value(page, "firm.policy") == expected.firm.policy.value
        page.locator('[data-group="firm"] summary').click()


def test_the_case_brings_its_dates_and_events(live):
    page = live()
    page.locator("[data-test=story]").select_option("case=buytwitter")
    page.locator("[data-test=week]", has_text="7 Nov 2013").wait_for()
    finish(page)
    page.locator("[data-test=week]", has_text="2015").wait_for()
    page.locator("[data-test=story]").select_option("own")
    page.locator(f'{CROWD}[data-week="0"]').wait_for()
    assert "2013" not in page.locator("[data-test=week]").inner_text()


@pytest.mark.slow
def test_another_seed_is_other_luck(live):
    page = live()
    finish(page)
    drawn(page, 78)
    before = page.locator(".mo-charts canvas").get_attribute("aria-label")
    page.locator("[data-test=next-seed]").click()
    page.locator("[data-test=pending]", has_text="seed").wait_for()
    page.locator("[data-test=reset]").click()
    page.locator(f'{CROWD}[data-week="0"]').wait_for()
    finish(page)
    drawn(page, 78)
    assert page.locator(".mo-charts canvas").get_attribute("aria-label") != before
    assert page.locator("[data-test=seed]").input_value() == "8"


def other(control):
    """Return another value that a control can take."""
    if control["kind"] == "choice":
        return next(each for each in control["choices"] if each != control["default"])
    middle = (control["low"] + control["high"]) / 2
    value = round(middle) if control["whole"] else float(f"{middle:.3g}")
    return value if value != control["default"] else value + control["step"]


@pytest.mark.slow
def test_every_control_is_taken_by_the_page(live):
    page = live("/live?users.count=100&horizon=200&movement.launch_week=120")
    step(page)
    at_once = [name for name, each in declarations().items()
               if each.metadata["role"] is Role.LEVER and name != "horizon"]  # fmt: skip
    alone = {"network.topology", "horizon", "users.count", "users.people_per_agent"}
    for control in [each for group in grouped(200) for each in group["controls"]]:
        name = control["name"]
        write(page, name, other(control))
        if name in at_once:
            page.get_by_text(f"{label(name)}: ").first.wait_for()
        else:
            page.locator(f'[data-control="{name}"].mo-pending').wait_for()
        if name in alone:  # they would change what the others can be
            write(page, name, {"horizon": 200, "users.count": 100}.get(name, control["default"]))
        page.locator("[data-test=search]").fill("")
    assert page.locator("[data-test=problem]").count() == 0


# -- who and why -----------------------------------------------------------------------------------


def test_a_click_on_a_user_tells_why_they_act(live):
    page = live()
    step(page, 12)
    page.locator(CROWD).click(position={"x": 250, "y": 150})
    page.locator("[data-test=account]").wait_for()
    assert re.match(r"User \d+: ", page.locator("[data-test=account-title]").inner_text())
    terms = page.locator("[data-term]:not([data-term=total])")
    parts = [float(each.get_attribute("data-value")) for each in terms.all()]
    total = float(page.locator("[data-term=total]").get_attribute("data-value"))
    assert len(parts) == 7
    assert sum(parts) == pytest.approx(total, abs=1e-4)
    costs = [float(page.locator(f"[data-tier={name}]").get_attribute("data-cost"))
             for name in ("sign", "support", "organise")]  # fmt: skip
    assert costs[0] < costs[1] < costs[2]
    first = page.locator("[data-test=account-title]").inner_text()
    page.locator(CROWD).press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('[data-test=account-title]').innerText !== before",
        arg=first,
    )
    page.keyboard.press("Escape")
    page.locator("[data-test=log]").wait_for()


def test_ten_thousand_users_are_drawn_by_communities_and_a_tap_shows_one(live):
    page = live("/live?users.count=10000&horizon=60")
    assert 10 <= int(page.locator(CROWD).get_attribute("data-communities")) <= 40
    page.locator(CROWD).click(position={"x": 260, "y": 170})
    page.locator("[data-test=account-title]", has_text="User").wait_for()


@pytest.mark.slow
def test_an_account_follows_its_user_through_the_weeks(live):
    page = live(EMERGING)
    page.locator(CROWD).click(position={"x": 250, "y": 150})
    term = page.locator('[data-term="threat to democracy"]')
    before = term.get_attribute("data-value")
    step(page)
    drawn(page, 1)
    page.wait_for_function(
        "before => document.querySelector('[data-term=\"threat to democracy\"]').dataset.value"
        " !== before",
        arg=before,
    )


def test_a_tapped_user_is_shown_on_a_phone(live):
    page = live()
    page.set_viewport_size({"width": 390, "height": 844})
    step(page, 12)
    page.locator(CROWD).click(position={"x": 150, "y": 150})
    page.locator("[data-test=account]").wait_for()
    page.wait_for_function(
        """() => {
          const box = document.querySelector('[data-test=account-title]').getBoundingClientRect();
          return box.top >= 0 && box.bottom <= window.innerHeight;
        }"""
    )


def test_beside_an_account_the_lines_keep_room_for_their_names(live):
    page = live()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator(CROWD).click(position={"x": 150, "y": 150})
    page.locator("[data-test=account]").wait_for()
    assert page.locator(".mo-charts").bounding_box()["height"] > 320


def test_the_controls_of_a_run_take_two_rows(live):
    page = live("/live?case=buytwitter")
    page.set_viewport_size({"width": 1280, "height": 800})
    rows = {
        name: page.locator(f"[data-test={name}]").bounding_box()
        for name in ("play", "scrubber", "to-sweep")
    }
    middle = {name: box["y"] + box["height"] / 2 for name, box in rows.items()}
    assert middle["scrubber"] == pytest.approx(middle["to-sweep"], abs=3)
    assert middle["play"] < middle["scrubber"] < middle["play"] + 50


def test_a_click_on_a_shareholder_tells_how_they_would_vote(live):
    page = live()
    box = page.locator(CROWD).bounding_box()
    page.locator(CROWD).click(position={"x": 40, "y": box["height"] - 22})
    page.locator("[data-test=account]").wait_for()
    assert page.locator("[data-test=account-title]").inner_text().startswith("Shareholder")
    assert "Would vote" in page.locator("[data-test=account-summary]").inner_text()


# -- sharing ---------------------------------------------------------------------------------------


def test_a_run_is_shared_as_a_command_and_saved_as_its_files(live):
    page = live()
    write(page, "dissatisfaction.base", "0.3")
    page.locator("[data-test=open-share]").click()
    page.locator("[data-test=command]").wait_for()
    page.wait_for_function(
        "() => document.querySelector('[data-test=command]').value.includes('base=0.3')"
    )
    command = page.locator("[data-test=command]").input_value()
    for part in ("momentum run ", "users.count=200", "dissatisfaction.base=0.3", "seed=7"):
        assert part in command
    assert page.locator("[data-test=save]").is_disabled()
    finish(page)
    with page.expect_download() as download:
        page.locator("[data-test=save]").click()
    name = download.value.suggested_filename
    assert name.startswith("default+")
    with open(download.value.path(), "rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as z:
        table = z.read(f"{name.removesuffix('.zip')}/weekly.csv").decode().splitlines()
        assert any(each.endswith("timeline.png") for each in z.namelist())
    assert len(table) == 78 + 2
    link = page.locator("[data-test=link]").input_value()
    page.goto(link)
    page.locator(f'{CROWD}[data-week="0"]').wait_for()
    assert value(page, "dissatisfaction.base") == "0.3"


# -- for everybody ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_it_can_be_heard_and_read_in_light_and_dark(live):
    page = live()
    step(page, 12)
    page.locator(CROWD).click(position={"x": 250, "y": 150})
    page.locator("[data-test=account]").wait_for()
    page.locator("[data-test=open-share]").click()
    page.locator("[data-test=share]").wait_for()
    for summary in page.locator(".mo-group summary").all()[:4]:
        if not summary.evaluate("e => e.parentElement.open"):
            summary.click()
    for scheme, colour in (("light", "rgb(243, 245, 247)"), ("dark", "rgb(13, 16, 20)")):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            "colour => getComputedStyle(document.querySelector('.mo-page')).backgroundColor"
            " === colour",
            arg=colour,
        )
        assert faults(page) == []


@pytest.mark.slow
def test_the_look_can_be_chosen(live):
    page = live()
    page.locator("[data-test=look]").click()
    page.locator("[data-test=look]").click()
    page.wait_for_function("() => document.querySelector('.v-application.theme--dark')")


def test_it_fits_the_screens_of_laptops_and_tablets(live):
    page = live()
    for width, height in ((1280, 720), (1024, 768), (768, 1024)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("play", "step", "finish", "reset"):
            box = page.locator(f"[data-test={name}]").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height
        crowd = page.locator(CROWD).bounding_box()
        assert crowd["y"] < height / 2
        assert crowd["width"] > 300
        assert crowd["height"] > 200


@pytest.mark.slow
def test_it_lives_after_a_minute_of_play_with_sliders_moved_and_users_clicked(live, server):
    page = live("/live?users.count=500&horizon=2000&preset=right_momentum")
    page.locator("[data-test=play]").click()
    last = 0
    slider = page.locator('[data-control="movement.petition_delay"] input[type=range]')
    for turn in range(60):
        page.wait_for_timeout(700)
        slider.press("ArrowRight" if turn % 2 else "ArrowLeft")
        page.locator(CROWD).click(position={"x": 60 + 5 * turn, "y": 90 + turn})
        if turn % 10 == 9:
            now = week(page)
            assert now > last
            last = now
    page.locator("[data-test=account]").wait_for()
    assert server.alive
    assert not [line for line in server.said if "Traceback" in line or "Too many" in line]


NOTE_TEXTS = """() => {
  window.texts = new Map();
  const pen = CanvasRenderingContext2D.prototype, {clearRect, fillText} = pen;
  pen.clearRect = function (...at) {
    window.texts.set(this.canvas, []);
    return clearRect.apply(this, at);
  };
  pen.fillText = function (text, x, y, room) {
    const wide = Math.min(this.measureText(text).width, room ?? Infinity);
    const tall = {top: 0, middle: 5, alphabetic: 10}[this.textBaseline];
    const left = x - {left: 0, center: wide / 2, right: wide}[this.textAlign];
    window.texts.get(this.canvas)?.push({text, left, right: left + wide, top: y - tall});
    return fillText.call(this, text, x, y, ...(room === undefined ? [] : [room]));
  };
}"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (EMERGING, {"104", "threat to democracy", "needed, 19 weeks", "signatures"}),
        (
            "/live?preset=right_momentum&firm.policy=concede&participation.cost_mean=0.4",
            {"CONVERTED", "Taking part", "attention"},
        ),
        ("/live?case=buytwitter&users.count=500", {"needed, 19 weeks", "260"}),
    ],
)
def test_no_text_of_the_time_lines_is_overprinted_or_leaves_the_card(live, path, expected):
    page = live(path)
    page.evaluate(NOTE_TEXTS)
    finish(page)
    drawn(page, 104)
    page.mouse.move(5, 5)
    canvas = page.locator(".mo-charts canvas")
    texts = canvas.evaluate("(canvas) => window.texts.get(canvas)")
    assert expected <= {each["text"] for each in texts}
    assert any("launch" in each["text"] for each in texts)
    assert min(each["top"] for each in texts) >= 0
    width = canvas.bounding_box()["width"]
    for one, text in enumerate(texts):
        assert 0 <= text["left"] < text["right"] <= width - 6, text
        for other in texts[:one]:
            apart = text["right"] <= other["left"] or other["right"] <= text["left"]
            assert apart or abs(text["top"] - other["top"]) >= 9, (text, other)
