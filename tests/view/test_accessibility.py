"""Pages as people meet them who use a keyboard, a screen reader, strong contrast or a dark page."""

import pytest

from tests.view.accessibility import faults, focused_by_tab

RESULTS = ("/results", "/results/published/right_momentum", "/results/published/launch_timing",
           "/results/compare?a=published/right_momentum&b=published/launch_timing",
           "/results/nowhere/x")  # fmt: skip


@pytest.fixture(params=["light", "dark"])
def scheme(request, page):
    page.emulate_media(color_scheme=request.param)
    return request.param


def test_what_is_wrong_is_found(page):
    page.set_content(
        "<title>t</title><meta name=viewport content='user-scalable=no'><body style='color:#888'>"
        "<button>&nbsp;</button><input><canvas></canvas><label style='color:#000'>A<input></label>"
        "<p id=a>pale</p><p id=a style='color:#000'>dark</p><button aria-label='Go'>&nbsp;</button>"
        "<h2 style='font-size:30px'>large</h2>"
    )
    starts = [
        "the page names no language", "the page has not one h1", "the page cannot be enlarged",
        "no name: <button>", "no name: <input>", "no description: <canvas", "two with the id a",
        "contrast 3.54: <p id",
    ]  # fmt: skip
    found = faults(page)
    assert len(found) == len(starts)
    assert all(map(str.startswith, found, starts))


@pytest.mark.parametrize("path", RESULTS)
def test_results_are_named_described_and_readable(visit, log, scheme, path):
    page = visit(path)
    for details in page.locator("details").all():
        details.evaluate("details => details.open = true")
    assert faults(page) == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(20, 24, 29)" if scheme == "dark" else "rgb(255, 255, 255)")
    log.complaints.clear()  # a page that is not there is one


def test_results_are_gone_through_by_keyboard(visit):
    page = visit("/results")
    reached = focused_by_tab(page)
    names = [name for name, _ in reached]
    assert names[:4] == ["Live", "Twin", "Sweep", "Results"]
    first = names.index("Compare")
    assert names[first : first + 3] == ["Compare", "with", "Compare"]
    assert "right_momentum" in names
    assert all(ring for _, ring in reached), reached
    page.get_by_role("link", name="right_momentum").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/results/published/right_momentum")


@pytest.mark.parametrize("path", ["/live?firm.x=1", "/twin?firm.x=1"])
def test_what_a_page_refuses_is_readable(visit, scheme, path):
    page = visit(path)
    page.wait_for_selector("[role=alert]")
    assert faults(page) == []


def test_a_run_is_played_by_keyboard_alone(visit):
    page = visit("/live")
    page.wait_for_selector("canvas[data-week='0']")
    page.get_by_role("button", name="Step one week").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("canvas[data-week='1']")
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Space")
    page.wait_for_function("Number(document.querySelector('canvas').dataset.week) > 3")
