"""The results page: what there is, its answer and figures, two beside each other, live runs."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from experiments.cli.main import main
from experiments.store.catalog import open_result
from sim.columns import axis, label
from sim.parameters import Parameters
from tests.view.test_server import ask
from view import worlds
from view.results_worlds import watched
from view.settings import linked_settings
from view.stored_results import StoredResult

GRID = ("dissatisfaction.base=0.2,0.5", "firm.decline_rate=0,0.01", "replicates=2", "workers=1")
WORLD = ("users.count=60", "horizon=60", "movement.launch_week=10", "seed=3", "media.luck=0",
         "participation.available=0.5", "emergence.organisers=20", "emergence.spell=4",
         "emergence.petition=50")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def made(results):
    """Two grids with their reports, and a single run."""
    where = f"results_dir={results}"
    for name, cost in (("costly", "participation.cost_mean=1.4"), ("cheap", "seed=3")):
        assert main(["sweep", *WORLD, *GRID, cost, f"name={name}", where]) == 0
        assert main(["report", name, where]) == 0
    assert main(["run", *WORLD, "participation.cost_mean=0.4", "name=one", where]) == 0


def test_all_results_are_there_with_their_questions(server, visit):
    page = visit("/results")
    names = page.locator("section li a").all_inner_texts()
    assert names[:2] == ["cheap", "costly"]
    assert {"right_momentum", "launch_timing", "one"} < set(names)
    asked = page.locator("li", has_text="cheap").inner_text()
    assert label("dissatisfaction.base") in asked
    page.wait_for_function("() => document.querySelector('section img').naturalWidth > 100")


def test_a_comparison_is_listed_as_one_and_not_offered_for_comparison(visit, results):
    assert main(["compare", "cheap", "costly", "name=a-pair", f"results_dir={results}"]) == 0
    page = visit("/results")
    section = page.locator("section", has=page.get_by_role("heading", name="Comparisons"))
    assert "A comparison of cheap and costly." in section.locator("li").inner_text()
    for path in ("/results", "/results/results/a-pair"):
        page = visit(path)
        assert "results/a-pair" not in page.locator("#a option").all_inner_texts()
        assert page.locator("#a").input_value() == "results/cheap"
        assert page.locator("#b").input_value() == "results/costly"


def test_a_result_shows_its_answer_its_figures_and_its_report(server, visit, results):
    page = visit("/results")
    page.get_by_role("link", name="cheap", exact=True).click()
    answer = StoredResult("results", results / "cheap").report.summary[0].text
    assert answer in page.locator(".box").inner_text().replace("\xa0", " ")
    drawings = page.locator("figure svg")
    assert drawings.count() == len(list((results / "cheap" / "figures").glob("*.svg"))) >= 2
    assert all(drawings.nth(i).bounding_box()["width"] > 600 for i in range(drawings.count()))
    assert all(len(drawings.nth(i).get_attribute("aria-label")) > 40 for i in range(2))
    page.get_by_text("The figure in words").first.click()
    assert page.locator("details[open] p").is_visible()
    page.get_by_role("link", name="The whole report").click()
    page.wait_for_url("**/report.html")
    assert "How it was asked" in page.content()


def test_the_verdicts_and_the_article_are_reached_from_the_results(visit, log):
    page = visit("/live")
    page.get_by_role("link", name="Results").click()
    page.get_by_role("link", name="What the study found").click()
    page.locator("img").first.wait_for()
    claim = page.locator("a[href*='claims/c8.html']").first
    claim.click()
    page.get_by_role("link", name="All results").click()
    page.locator("a[href='explorer.html']").first.click()
    page.locator('.crowd[data-week="260"]').first.wait_for(timeout=30_000)


def world_at(server, path):
    """Return the set-up of the live run that an address of a result leads to."""
    status, headers, _ = ask(server, path)
    assert status == 303
    page, _, query = headers["location"].partition("?")
    assert page == "/live"
    return linked_settings(query)


def test_a_point_of_a_map_opens_as_its_live_run(server, visit, results):
    page = visit("/results/results/cheap")
    cells = page.locator("table.map a")
    assert cells.count() == 4
    runs = open_result("cheap", results).runs()
    where = (runs["dissatisfaction.base"] == 0.5) & (runs["firm.decline_rate"] == 0.01)
    share = runs.loc[where, "emerged"].mean()
    assert 0 < share < 1
    words = f"{label('dissatisfaction.base')} 0.5, {label('firm.decline_rate')} 0.01:"
    cell = page.get_by_role("link", name=words)
    assert cell.inner_text().split() == [f"{100 * share:.0f}", "%"]
    found = world_at(server, cell.get_attribute("href"))
    assert found.seed == 3
    assert found.parameters.dissatisfaction.base == 0.5
    assert found.parameters.firm.decline_rate == 0.01
    assert found.parameters.users.count == 60
    assert found.parameters.participation.cost_mean == Parameters().participation.cost_mean
    with page.expect_navigation(url="**/live?**"):
        cell.click()


@pytest.mark.slow
def test_every_point_of_a_published_map_can_be_reached(server, visit):
    page = visit("/results/published/phase_diagram")
    assert page.locator("#figure-phase_border img").evaluate("image => image.naturalWidth > 100")
    cells = page.locator("table.map a")
    panels = {}
    for threat in page.locator("select[name='threat.base'] option").all_inner_texts():
        for cost in page.locator("select[name='participation.cost_mean'] option").all_inner_texts():
            page.locator("select[name='threat.base']").select_option(threat)
            page.locator("select[name='participation.cost_mean']").select_option(cost)
            page.get_by_role("button", name="Show").click()
            page.wait_for_url(f"**threat.base={threat}&participation.cost_mean={cost}**")
            panels[threat, cost] = {each.get_attribute("href") for each in cells.all()}
    assert len(set.union(*panels.values())) == 990
    for (threat, cost), links in panels.items():
        found = world_at(server, min(links)).parameters
        assert (f"{found.threat.base:g}", f"{found.participation.cost_mean:g}") == (threat, cost)


def test_points_of_what_is_published_open_as_live_runs(server):
    page = unescape(ask(server, "/results/published/launch_timing")[2])
    links = re.findall(r'href="(/results/[^"]+/worlds/[^"]+)"', page)
    worlds = [world_at(server, link) for link in links[::3][:3]]
    assert len({world.parameters.movement.launch_week for world in worlds}) == 3
    assert {world.case.title for world in worlds} == {linked_settings("case=buytwitter").case.title}


def sampled(count):
    """Return points of a sample with more parameters than would name them, two arms each."""
    names = (
        "awareness.contact", "persuasion.rate", "efficacy.hopelessness", "efficacy.size_weight",
        "participation.fatigue", "participation.drop_rate", "exit.threshold",
    )  # fmt: skip
    return [
        {"part": "all", "sample": number, "movement.framing": framing}
        | dict.fromkeys(names, 0.1 + number / count / 10)
        for number in range(count)
        for framing in ("commons", "mixed")
    ]


@pytest.fixture
def sample(monkeypatch, tmp_path):
    """Return a result of 1,000 samples in two arms, of which each second had a movement."""
    points = dict(enumerate(sampled(1000)))
    emerged = {number: {3: number % 2 == 0} for number in points}
    runs = worlds._Runs("all", {"all": 2000}, points, {"horizon": 60}, 3, emerged)
    monkeypatch.setattr(worlds, "_runs", lambda kept, part="": runs)
    return StoredResult("results", tmp_path)


def test_sampled_worlds_are_told_apart_by_number_and_arm(sample):
    found = worlds.part_of(sample).worlds
    assert found[3].sets == {"sample": 1, "movement.framing": "mixed"}
    shown = linked_settings(worlds.world_link(sample, "all", 3, 8).partition("?")[2])
    assert shown.seed == 8
    assert shown.parameters.horizon == 60
    assert shown.parameters.value("exit.threshold") == pytest.approx(0.1001)
    with pytest.raises(LookupError, match="no point 2000"):
        worlds.world_link(sample, "all", 2000, 8)


def test_all_sampled_worlds_are_on_the_pages_of_a_scatter_plot(sample):
    numbers, query = [], {}
    while True:
        watch = watched(sample, query)
        assert len(watch.plotted) == len(watch.listed)
        assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y, _ in watch.plotted)
        numbers += [spot.number for _, _, spot in watch.plotted]
        if not watch.after:
            break
        query = dict(parse_qsl(urlsplit(watch.after).query))
    assert numbers == [*range(2000)]
    arm = watched(sample, {"movement.framing": "mixed", "across": "persuasion.rate"})
    assert {spot.share for spot in arm.listed} == {"0 %"}
    assert arm.across == axis("persuasion.rate")
    for odd in ({"from": "-5"}, {"from": "9" * 99}, {"across": "x", "part": "y"}, {"from": "٣"}):
        assert watched(sample, odd).plotted


def test_a_single_run_is_watched_again(server):
    page = unescape(ask(server, "/results/runs/one")[2])
    (link,) = re.findall(r'href="(/live\?[^"]+)"', page)
    found = linked_settings(link.partition("?")[2])
    assert found.parameters.users.count == 60
    assert (found.seed, found.parameters.participation.cost_mean) == (3, 0.4)


def test_two_are_compared_with_what_differs_between_them(server, visit):
    page = visit("/results")
    page.get_by_label("Compare", exact=True).select_option("results/costly")
    page.get_by_label("with").select_option("results/cheap")
    page.get_by_role("button", name="Compare").click()
    rows = [row.split("\t") for row in page.locator("#what-differs tbody tr").all_inner_texts()]
    assert rows == [[label("participation.cost_mean"), "1.4", "0.9"]]
    answer = page.locator(".box").inner_text()
    assert "4 shared points; 2 seeds, paired" in answer
    both = page.locator("#what-came-out svg[aria-label]").first.get_attribute("aria-label")
    assert "costly" in both
    assert "cheap" in both
    assert page.locator(".pair figure").count() == 4
    left, right = (page.locator(".pair figure svg").nth(i).bounding_box() for i in range(2))
    assert left["y"] == pytest.approx(right["y"])
    assert left["width"] == pytest.approx(right["width"])
    page.set_viewport_size({"width": 768, "height": 1024})
    left, right = (page.locator(".pair figure svg").nth(i).bounding_box() for i in range(2))
    assert right["y"] > left["y"] + left["height"]


def test_what_cannot_be_compared_is_said_and_its_figures_are_there(visit):
    page = visit("/results/compare?a=results/cheap&b=results/cheap")
    assert "give two" in page.locator(".error").inner_text()
    assert page.locator(".pair figure svg").count() == 4


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/results/results/cheep", 404, "did you mean results/cheap?"),
        ("/results/results/%2e%2e", 404, "no result"),
        ("/results/nowhere/cheap", 404, "no result nowhere/cheap"),
        ("/results/compare", 404, "no result"),
        ("/results/compare?a=results/cheap&b=<script>alert(1)</script>", 404, "&lt;script&gt;"),
        ("/results/results/%00", 404, "no result"),
        ("/results/results/cheap/worlds/all/99?seed=3", 404, "no point 99"),
        ("/results/results/cheap/worlds/all/0?seed=x", 400, "seed"),
        ("/results/results/cheap/worlds/all/0", 400, "seed"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(server, path, status, said):
    answer = ask(server, path)
    assert answer[0] == status
    (line,) = re.findall(r'<p class="error" role="alert">([^\n]+?)</p>', answer[2])
    assert said in line
    assert "<script" not in answer[2]
    assert ask(server, "/results")[0] == 200


def test_a_broken_result_is_shown_without_what_is_broken(server, results):
    broken = results / "broken"
    (broken / "figures").mkdir(parents=True)
    for name in ("design.json", "config.yaml", "provenance.json", "report.html"):
        (broken / name).write_bytes(b"\xff{: <svg <p class='lead'>")
    try:
        assert ask(server, "/results")[0] == 200
        status, _, page = ask(server, "/results/results/broken")
        assert status == 200
        assert "They cannot be opened from here" in page
        assert "Traceback" not in page
    finally:
        for file in broken.glob("*.*"):
            file.unlink()
        (broken / "figures").rmdir()
        broken.rmdir()


def test_a_page_of_results_runs_no_script_and_loads_from_nowhere_else(server):
    for path in ("/results", "/results/results/cheap", "/results/published/right_momentum"):
        _, headers, page = ask(server, path)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "<script" not in page
