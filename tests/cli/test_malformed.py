"""Files and words that are malformed: one line that names them, no traceback, nothing waits."""

import os
import re

import pytest

from experiments.cli.main import main

DEEP = "".join("  " * level + "a:\n" for level in range(900))
BOMB = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefg", "bcdefgh", strict=True)
)
CONTENTS = {
    "binary": bytes(range(256)) * 4,
    "null character": b"a: \0b\n",
    "utf16": "users: {count: 50}".encode("utf-16"),
    "deep list": b"a: " + b"[" * 3000 + b"]" * 3000,
    "deep table": DEEP.encode(),
    "aliases": BOMB.encode(),
    "its own alias": b"a: &a [*a]\n",
    "list": b"- 1\n- 2\n",
    "word": b"hello\n",
    "number": b"5\n",
    "unknown name": b"nosuch: 5\n",
    "tab": b"a:\n\t- b\n",
    "name twice": b"users: {count: 50}\nusers: {count: 60}\n",
    "object": b"a: !!python/object/apply:os.system ['true']\n",
    "interpolation": b'users: {count: "${nowhere}"}\n',
    "environment": b'users: {count: "${oc.env:NOWHERE_AT_ALL}"}\n',
    "itself": b'users: {count: "${users.count}"}\n',
    "no date": b"users: {count: 2020-13-45}\n",
    "huge": b"users: {count: " + b"9" * 500 + b"}\n",
    "text for a group": b"users: x\n",
    "no character": b'users: {count: "\\ud800"}\n',
    "number as name": b"1: 2\n",
    "not a number": b"threat: {base: .nan}\n",
    "includes itself": b"defaults: [mine]\n",
    "includes a number": b"defaults: 5\n",
    "includes a list": b"defaults: [[1]]\n",
    "includes nothing": b"defaults: [nowhere]\n",
    "hydra": b"hydra: {run: {dir: x}}\n",
}
ONLY_PRESET = {
    "a case": b"case: {file: x.csv}\n",
    "a preset": b"preset: threat\n",
    "an experiment": b"experiment: {name: x}\n",
    "a scale": b"scale: smoke\n",
}
COMMANDS = {
    "preset": ["run", "preset=mine"],
    "experiment": ["sweep", "experiment=mine"],
    "executor": ["sweep", "executor=mine", "replicates=1"],
    "case": ["run", "case=mine"],
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder in which nothing may be written."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refused(capsys, folder):
    def check(*words):
        assert main([*words]) == 2
        shown = capsys.readouterr()
        assert re.fullmatch(r"momentum: [^\n]+\n", shown.err), shown.err
        assert not (folder / "results").exists()
        return shown.err

    return check


def own(group, data):
    """Write a file of the user's own, called mine."""
    os.makedirs(f"own/{group}")
    with open(f"own/{group}/mine.yaml", "wb") as file:
        file.write(data)


@pytest.mark.parametrize("group", COMMANDS)
@pytest.mark.parametrize("content", CONTENTS)
def test_a_malformed_file_of_ones_own_is_refused(refused, group, content):
    own(group, CONTENTS[content])
    said = refused(*COMMANDS[group], "-cd", "own", "results_dir=results")
    assert "mine" in said or content in ("huge", "not a number") or group == "executor"


@pytest.mark.parametrize("content", ONLY_PRESET)
def test_a_preset_cannot_choose(refused, content):
    own("preset", ONLY_PRESET[content])
    said = refused("run", "preset=mine", "-cd", "own")
    assert "own/preset/mine.yaml" in said
    assert "has no effect in a preset" in said


@pytest.mark.parametrize("group", COMMANDS)
@pytest.mark.parametrize("kind", ["pipe", "folder", "broken link"])
def test_what_is_no_file_is_refused_at_once(refused, group, kind):
    os.makedirs(f"own/{group}")
    path = f"own/{group}/mine.yaml"
    {"pipe": os.mkfifo, "folder": os.mkdir, "broken link": lambda p: os.symlink("no", p)}[kind](
        path
    )
    assert "mine.yaml" in refused(*COMMANDS[group], "-cd", "own", "results_dir=results")


@pytest.mark.parametrize("head", ["", "# @package _global_\n", "# @package hydra\n"])
def test_a_preset_of_ones_own_has_its_effect_whatever_its_package(head, capsys):
    own("preset", f"{head}users: {{count: 61}}\n".encode())
    assert main(["run", "-cd", "own", "preset=mine", "--cfg", "job"]) == 0
    assert "count: 61\n" in capsys.readouterr().out


def test_a_name_of_the_project_cannot_be_taken(refused):
    own("preset", b"users: {count: 61}\n")
    os.rename("own/preset/mine.yaml", "own/preset/threat.yaml")
    assert "own/preset/threat.yaml" in refused("run", "-cd", "own", "preset=threat")


@pytest.mark.parametrize(
    "words",
    [
        ["run", "case.file=~nosuchuser/x"],
        ["run", "results_dir=~nosuchuser/x"],
        ["run", "resume=~nosuchuser/x"],
        ["run", "network.topology=edge_list", "network.edge_list=~nosuchuser/x"],
        ["sweep", "design=csv", "file=~nosuchuser/x"],
        ["sweep", "replicates=2", "results_dir=~nosuchuser/x"],
        ["run", "-cd", "~nosuchuser/x"],
        ["list", "-cd", "~nosuchuser/x"],
        *([command, "results_dir=~nosuchuser/x"] for command in ("list", "status", "report")),
        ["compare", "a", "b", "results_dir=~nosuchuser/x"],
    ],
    ids=" ".join,
)
def test_a_user_who_does_not_exist_is_named(refused, words):
    assert "no user" in refused(*words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sweep", "replicates=2", "workers=3000000000"], "workers=3000000000 must be"),
        (["sweep", "replicates=2", "workers=10001"], "from 1 to 10,000"),
        (["sweep", "replicates=2", "network.topology=complete", "users.count=6000"], "5000 users"),
        (["sweep", "network.topology=complete,random", "users.count=6000"], "5000 users"),
        (["run", "network.topology=complete", "users.count=6000"], "5000 users"),
        (["run", "users.count=12", "network.mean_degree=16"], "network.mean_degree = 16"),
        (["sweep", "users.count=12,50", "network.mean_degree=16", "--dry-run"], "mean_degree"),
        (["run", "-cd", "pipe"], "is no folder"),
        (["list", "-cd", "nowhere"], "no such folder"),
        (["run", "case.file=pipe"], "pipe: "),
        (["sweep", "design=csv", "file=pipe"], "pipe: "),
        (["run", "network.topology=edge_list", "network.edge_list=pipe"], "pipe: "),
        (["--completion"], "bash, zsh, fish"),
        (["--completion", "csh"], "bash, zsh, fish"),
        (["-sc", "query=tcsh"], "bash, zsh, fish"),
        (["view", "--port", "x"], "--port x"),
        (["view", "--port"], "expected one argument"),
        (["run", "--="], "unknown option --"),
        (["run", "-5"], "-5"),
        (["run", "="], "="),
        (["first-look", "experiment=trust", "experiment=goals"], "chosen twice"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_malformed_words_are_refused(refused, words, said):
    os.mkfifo("pipe")
    assert said in refused(*words)
