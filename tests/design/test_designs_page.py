"""The page on designs: each of its examples is an experiment that runs."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from experiments.cli.main import main
from experiments.design.experiment import DESIGNS
from experiments.store.result import Result

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "designs.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
SMALL = ["users.count=50", "horizon=60"]


def test_every_design_has_an_example():
    parts = [part for text in EXAMPLES for part in yaml.safe_load(text)["parts"]]
    assert {part["design"] for part in parts} == set(DESIGNS)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_runs(number, tmp_path):
    folder = tmp_path / "conf" / "experiment"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(EXAMPLES[number], encoding="utf-8")
    given = yaml.safe_load(EXAMPLES[number])
    small = [word for word in SMALL if word.partition("=")[0] not in EXAMPLES[number]]
    words = [*small, "replicates=1", "workers=1", f"results_dir={tmp_path}"]
    words += ["refine.budget=6", "refine.batch=1"] if "refine" in given else []
    assert main(["sweep", "-cd", str(folder.parent), "experiment=mine", *words]) == 0
    runs = Result(tmp_path / "mine").runs()
    assert set(runs["part"]) == {part["name"] for part in given["parts"]}
    assert (runs["error"] == "").all()


def test_the_commands_are_accepted(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.execution.forecast.PROBES", 1)
    monkeypatch.chdir(Path(__file__).resolve().parents[2])
    commands = re.findall(r"^    momentum sweep (design=.*)$", PAGE, flags=re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        words = [*shlex.split(command), "users.count=50", f"results_dir={tmp_path}"]
        assert main(["sweep", *words, "--dry-run"]) == 0
