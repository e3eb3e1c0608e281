"""A sweep started from a page: what runs is what ``momentum sweep`` runs, and the page fills."""

import shlex
import subprocess
import sys
from types import SimpleNamespace

import pytest

from experiments.config.choices import ConfigError
from experiments.config.settings import compose
from experiments.errors import MomentumError
from experiments.execution.sweep import run_sweep
from experiments.store.result import Result
from view import sweeping as sweeping_of_a_page
from view.sweeping import Sweeper, SweepRefused, words_of

WORLD = "users.count=150&horizon=60&preset=right_momentum&movement.launch_week=10"
LEVERS = ({"name": "threat.base", "values": [0.2, 0.6]}, {"name": "movement.framing",
          "values": ["commons", "mixed"]})  # fmt: skip


@pytest.fixture
def sweeping(visit):
    """Open the page; in the end no sweep runs."""
    opened = []

    def go(path=f"/sweep?{WORLD}"):
        page = visit(path)
        page.locator("[data-test=start]").wait_for()
        opened.append(page)
        return page

    yield go
    for page in opened[:1]:
        if page.locator("[data-test=cancel]").count():
            page.locator("[data-test=cancel]").click()
            page.locator("[data-test=cancel]").wait_for(state="detached", timeout=40_000)


def choose(page, name, values, runs):
    """Fill the form in for a map of two parameters."""
    for k, each in enumerate(values):
        page.locator(f"[data-test=lever-{k}] input").nth(2).fill(str(each))
    page.locator("[data-test=replicates]").fill(str(runs))
    page.locator("[data-test=name]").fill(name)


def wait_for(page, name, state, seconds=60):
    shown = f'[data-test=sweep][data-name="{name}"][data-state="{state}"]'
    page.locator(shown).wait_for(timeout=1000 * seconds)


@pytest.mark.slow
def test_a_map_of_the_pages_world_fills_and_leads_to_its_report(sweeping, results, tmp_path):
    page = sweeping()
    choose(page, "filled", (2, 3), 3)
    page.locator("[data-test=start]").click()
    wait_for(page, "filled", "complete")
    page.locator('[data-test=sweep][data-done="1"]').wait_for()
    runs = Result(results / "filled").runs()
    assert len(runs) == 2 * 3 * 3
    shares = runs.groupby(["participation.cost_mean", "threat.base"])["emerged"].mean()
    shown = [each.inner_text() for each in page.locator("[data-test=map] td[style]").all()]
    threats, costs = (sorted(runs[n].unique()) for n in ("threat.base", "participation.cost_mean"))
    expected = [f"{100 * shares[cost, threat]:.0f} %" for threat in threats[::-1] for cost in costs]
    assert shown == expected
    words = shlex.split(page.locator("[data-test=command]").inner_text())[2:]
    assert "preset=right_momentum" in words
    kept = [word for word in words if not word.startswith(("name=", "results_dir="))]
    again = Result(run_sweep(compose([*kept, "name=again", f"results_dir={tmp_path}"])))
    columns = ["point", "replicate", "emerged", "signatures"]
    assert again.runs()[columns].equals(runs[columns])
    report = page.locator("[data-test=report]").get_attribute("href")
    assert page.request.get(page.url.partition("/sweep")[0] + report).ok


@pytest.mark.slow
def test_a_sweep_is_cancelled_is_one_at_a_time_and_goes_on(sweeping, results, new_context):
    page = sweeping()
    choose(page, "long", (25, 25), 400)
    page.locator("[data-test=start]").click()
    page.wait_for_function(
        "() => Number(document.querySelector('[data-name=long]')?.dataset.done) > 0",
        timeout=60_000,
    )
    other = new_context().new_page()
    other.goto(page.url)
    other.locator("[data-test=cancel]").wait_for()
    assert other.locator("[data-test=start]").is_disabled()
    page.locator("[data-test=cancel]").click()
    wait_for(page, "long", "stopped")
    assert "go on from there" in page.locator("[data-test=stopped]").inner_text()
    stored = len(Result(results / "long").runs())
    assert 0 < stored < 250_000
    page.locator("[data-test=start]").click()
    wait_for(page, "long", "running")
    page.locator("[data-test=cancel]").click()
    wait_for(page, "long", "stopped")
    assert len(Result(results / "long").runs()) >= stored
    choose(page, "long", (2, 2), 400)
    page.locator("[data-test=start]").click()
    page.locator("[data-test=problem]", has_text="name=").wait_for()


DEAF = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: signal.signal(signal.SIGTERM, signal.SIG_DFL))
print("ready", flush=True)
while True:
    time.sleep(0.05)
"""
BY_CTRL_C = """
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
signal.signal(signal.SIGINT, signal.SIG_DFL)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("program", [DEAF, BY_CTRL_C])
def test_a_sweep_that_misses_a_signal_or_ends_by_another_is_cancelled(program, monkeypatch):
    def command(*_):
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdout.readline()
        return process

    monkeypatch.setattr(sweeping_of_a_page, "_command", command)
    monkeypatch.setattr(sweeping_of_a_page, "PATIENCE", 0.5)
    sweep = sweeping_of_a_page.Sweep([], SimpleNamespace(name="one"), {})
    sweep.cancel()
    assert sweep.state == "stopped"


@pytest.mark.slow
def test_an_experiment_is_a_mark_a_point(sweeping):
    page = sweeping()
    page.locator("[data-test=experiment]").select_option("trust")
    page.locator("[data-test=name]").fill("trusted")
    page.locator("[data-test=start]").click()
    wait_for(page, "trusted", "complete", 90)
    page.locator('[data-test=sweep][data-done="1"]').wait_for()
    assert page.locator("[data-test=cells] i").count() == 32
    assert "scale=smoke" in page.locator("[data-test=command]").inner_text()


def test_what_an_experiment_sets_everywhere_is_left_out_of_the_world():
    world = ["firm.decline_rate=0.01", "users.people_per_agent=5", "seed=3"]
    asked = {"experiment": "phase_diagram", "scale": "smoke", "name": "one"}
    words = words_of(world, asked)
    assert words[:2] == ["experiment=phase_diagram", "scale=smoke"]
    assert words[-1] == "name=one"
    assert {"users.people_per_agent=5", "seed=3"} < set(words)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"experiment": "trust,goals", "scale": "smoke"}, "no experiment"),
        ({"experiment": "trust", "scale": "enormous"}, "at scale 'enormous'"),
        ({"levers": LEVERS[:1]}, "two different parameters"),
        ({"levers": [LEVERS[0], {"name": "results_dir", "values": ["x"]}]}, "varies parameters"),
        ({"levers": [LEVERS[0], {"name": "network.edge_list", "values": ["x"]}]}, "edge_list"),
        ({"levers": [LEVERS[0], {"name": "horizon", "values": ["60 name=x"]}]}, "horizon: give"),
    ],
)
def test_what_no_page_may_ask_for_is_refused_in_a_line(asked, said):
    with pytest.raises((SweepRefused, ConfigError), match=said):
        words_of([], {"replicates": 2, "name": "one", **asked})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["name=../up"], "a name is letters"),
        (["name=taken"], "choose another"),
        (["replicates=none", "name=one"], "replicates"),
        (["results_dir=/proc/1", "name=one"], "cannot be written|Permission|No such"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_in_a_line(tmp_path, change, said):
    (tmp_path / "taken").mkdir()
    words = words_of([], {"levers": LEVERS, "replicates": 2, "name": "one"})
    given = [w for w in words if w.partition("=")[0] not in [c.partition("=")[0] for c in change]]
    sweeper = Sweeper()
    with pytest.raises((MomentumError, OSError), match=said):
        sweeper.start([f"results_dir={tmp_path}", *given, *change])
    assert sweeper.sweep is None


def test_no_page_starts_a_sweep_on_a_server_that_other_machines_reach(tmp_path):
    sweeper = Sweeper()
    sweeper.allowed = False
    with pytest.raises(SweepRefused, match="other machines reach this server"):
        sweeper.start([f"results_dir={tmp_path}", "horizon=60,61", "replicates=1", "name=one"])
