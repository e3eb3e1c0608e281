"""What the builder puts into the file: the texts, and what the board says of claims."""

import base64
import json
import re
import shutil
from html import unescape

import pytest

from experiments.claims.estimands import estimands
from experiments.report.judged import read_claims
from explorer import build
from explorer.build import BOARD, PUBLISHED, page, sentence, world
from explorer.claims import trials
from sim.parameters import Parameters

ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", re.IGNORECASE)


def part(text, name):
    """Return what a script element of the page holds."""
    return re.search(rf'<script[^>]* id="{name}">(.*?)</script>', text, re.DOTALL)[1]


def test_the_file_names_no_address_and_is_small(article):
    text = article.read_text(encoding="utf-8")
    modules = re.findall(r"data:text/javascript;base64,([\w+/=]+)", text)
    assert len(modules) > 10
    everything = [text, *(base64.b64decode(each).decode() for each in modules)]
    assert [ADDRESS.findall(each) for each in everything] == [[]] * len(everything)
    assert article.stat().st_size < 2_000_000


def test_the_model_is_in_the_file_whole(article, model):
    text = article.read_text(encoding="utf-8")
    assert base64.b64decode(part(text, "model")) == model.wasm


def test_each_scene_begins_with_the_world_that_its_overrides_lead_to(article):
    told = json.loads(part(article.read_text(encoding="utf-8"), "told"))
    assert list(told["scenes"]) == ["healthy", "distress", "all_three", "weeks", "concedes"]
    assert told["scenes"]["healthy"]["world"] == {}
    assert told["scenes"]["concedes"]["world"] == {
        "firm.decline_rate": 0.01, "dissatisfaction.base": 0.4, "threat.base": 0.6,
        "participation.cost_mean": 0.6, "movement.organisers": 100, "firm.policy": "concede",
    }  # fmt: skip
    for scene in told["scenes"].values():
        Parameters.from_dict(scene["world"])


def test_a_name_that_is_no_parameter_is_refused():
    with pytest.raises(KeyError, match=r"firm\.declin"):
        sentence("by {firm.declin}")


def test_a_world_is_what_differs_from_the_default_one():
    assert world(["preset=distress", "users.count=2000"]) == {"firm.decline_rate": 0.01}


def test_shares_and_verdicts_are_those_of_the_board(model, tmp_path):
    (tmp_path / BOARD).parent.mkdir()
    shutil.copy(PUBLISHED / BOARD, tmp_path / BOARD)
    lines = (tmp_path / BOARD).read_text(encoding="utf-8").splitlines()
    assert ",supported," in lines[1]
    head, cells = lines[0].split(","), lines[1].split(",")
    changed = {"verdict": "contradicted", "above": "0.77", "above_low": "0.7", "above_high": "0.8"}
    for name, value in changed.items():
        cells[head.index(name)] = value
    text = "\n".join([lines[0], ",".join(cells), *lines[2:]])
    (tmp_path / BOARD).write_text(text, encoding="utf-8")
    card = page(model, tmp_path).partition('data-claim="C1"')[2].partition("</article>")[0]
    assert "<strong>contradicted</strong>" in card
    assert "it holds in 77 % [70 to 80]" in card


def test_every_claim_is_shown_in_the_words_of_the_study(article):
    text = unescape(article.read_text(encoding="utf-8"))
    claims = read_claims()
    assert len(claims) == 10
    for name, claim in claims.items():
        assert f'data-claim="{name}"' in text
        assert " ".join(claim["statement"].split()) in " ".join(text.split())


@pytest.fixture(scope="module")
def tried():
    """The trials of all claims, by claim and branch."""
    return trials(estimands(read_claims()))


def test_what_the_page_compares_differs_in_what_the_claim_is_about(tried):
    assert list(tried) == list(read_claims())
    (distress,) = tried["C1"]["C1"]
    assert distress["worlds"] == [
        {"movement.origin": "endogenous", "firm.decline_rate": rate} for rate in (0.01, 0.0)
    ]
    framings = [
        [world["movement.framing"] for world in each["worlds"]] for each in tried["C7"]["C7b"]
    ]
    assert framings == [["two_stage", "mixed"], ["two_stage", "reversed"]]
    assert [each["pooled"] for each in tried["C2"]["C2"]] == [False, False, True]
    for branches in tried.values():
        for each in (trial for trials_of in branches.values() for trial in trials_of):
            assert len({json.dumps(world) for world in each["worlds"]}) == len(each["worlds"])
            for values in each["worlds"]:
                Parameters.from_dict(values)


def test_a_combination_of_conditions_is_tried_with_none_each_and_all_at_every_cost(tried):
    first, second = tried["C4"]["C4"]
    assert (first["name"], second["name"]) == ("none_alone", "synergy")
    assert first["worlds"] == second["worlds"]
    assert first["sizes"] == [0, 1, 1, 1, 3]
    assert len(first["worlds"]) == 5 * len(first["costs"])
    costs = [world["participation.cost_mean"] for world in first["worlds"]]
    assert costs == 5 * first["costs"]
    of_all = first["worlds"][-1]
    assert (of_all["firm.decline_rate"], of_all["threat.base"]) == (0.01, 0.6)


def test_launches_are_watched_as_long_and_as_far_from_a_meeting(tried):
    (trial,) = tried["C8"]["C8"]
    assert trial["label"] == "the model's own firm"
    for launch in trial["worlds"]:
        week = launch["movement.launch_week"]
        assert launch["horizon"] == week + 104
        assert (launch["vote.first_meeting"] - week - 34) % 52 == 0
        assert not any(name.startswith("history") for name in launch)


def test_goals_are_compared_in_one_world_two_years_after_a_launch(tried):
    for trial in tried["C9"]["C9"]:
        assert trial["worlds"] == [{"movement.origin": "given", "horizon": 156}]
        assert trial["against"] == "weeks_convert"


def test_without_a_board_of_verdicts_nothing_is_built(capsys, monkeypatch, model, tmp_path):
    monkeypatch.setattr(build, "compiled", lambda: model)
    monkeypatch.setattr(build, "PUBLISHED", tmp_path)
    assert build.main([str(tmp_path / "explorer.html")]) == 1
    said = capsys.readouterr().err
    assert said == f"{tmp_path / BOARD}: No such file or directory\n"
    assert not (tmp_path / "explorer.html").exists()
