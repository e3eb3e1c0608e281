"""The results page: what there is, its answer and figures, two beside each other, live runs."""

import re
from html import unescape

import pytest

from experiments.cli.main import main
from experiments.store.catalog import open_result
from sim.columns import label
from tests.view.test_server import ask
from view import worlds
from view.kept import Kept
from view.settings import linked_settings

GRID = ("dissatisfaction.base=0.2,0.5", "firm.decline_rate=0,0.01", "replicates=2", "workers=1")
WORLD = ("users.count=60", "horizon=60", "movement.launch_week=10", "seed=3")


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
    answer = Kept("results", results / "cheap").report.summary[0].text
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


def test_a_point_of_a_map_opens_as_its_live_run(server, visit, results):
    page = visit("/results/results/cheap")
    cells = page.locator("table.map a")
    assert cells.count() == 4
    runs = open_result("cheap", results).runs()
    where = (runs["dissatisfaction.base"] == 0.5) & (runs["firm.decline_rate"] == 0.01)
    share = runs.loc[where, "emerged"].mean()
    cell = page.get_by_role("link", name=re.compile(r"base = 0\.5, firm\.decline_rate = 0\.01:"))
    assert cell.inner_text().split() == [f"{100 * share:.0f}", "%"]
    found = linked_settings(cell.get_attribute("href").partition("?")[2])
    assert found.seed == 3
    assert found.parameters.dissatisfaction.base == 0.5
    assert found.parameters.firm.decline_rate == 0.01
    assert found.parameters.users.count == 60
    assert found.parameters.participation.cost_mean == 1.0
    with page.expect_navigation(url="**/live?**"):
        cell.click()


def test_points_of_what_is_published_open_as_live_runs(server):
    page = unescape(ask(server, "/results/published/launch_timing")[2])
    links = re.findall(r'href="(/live\?[^"]+)"', page)
    worlds = [linked_settings(link.partition("?")[2]) for link in links[:3]]
    assert len({world.parameters.movement.launch_week for world in worlds}) == 3
    assert {world.case.title for world in worlds} == {linked_settings("case=buytwitter").case.title}


def test_a_sampled_world_is_told_by_its_number_and_its_arm(tmp_path, monkeypatch):
    many = {f"{name}": (0.1, 0.2) for name in (
        "awareness.contact", "persuasion.rate", "efficacy.hopelessness", "efficacy.size_weight",
        "participation.join_rate", "participation.drop_rate", "exit.threshold",
    )}  # fmt: skip
    points = [
        {"part": "all", "sample": number, "movement.framing": framing}
        | {name: values[number] for name, values in many.items()}
        for number in range(2)
        for framing in ("commons", "mixed")
    ]
    monkeypatch.setattr(worlds, "_told", lambda kept: (points, {"horizon": 60}, 3, {}))
    found = worlds.worlds_of(Kept("results", tmp_path))["all"]
    assert [world.sets for world in found] == [
        {"sample": point["sample"], "movement.framing": point["movement.framing"]}
        for point in points
    ]
    shown = linked_settings(found[3].links(1)[3].partition("?")[2]).parameters
    assert shown.horizon == 60
    assert {name: shown.value(name) for name in many} == dict.fromkeys(many, 0.2)


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
    assert rows == [[label("participation.cost_mean"), "1.4", "1"]]
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
