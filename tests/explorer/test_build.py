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
from explorer.build import BOARD, PUBLISHED, page, sentence, trials, world
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


def test_what_the_page_compares_differs_in_what_the_claim_is_about():
    found = trials(estimands(read_claims()))
    assert list(found) == list(read_claims())
    (distress,) = found["C1"]["C1"]
    assert distress["on"] == {"movement.origin": "endogenous", "firm.decline_rate": 0.01}
    assert distress["off"] == {"movement.origin": "endogenous", "firm.decline_rate": 0.0}
    assert [each["on"]["movement.framing"] for each in found["C7"]["C7b"]] == ["two_stage"] * 2
    assert [each["off"]["movement.framing"] for each in found["C7"]["C7b"]] == ["mixed", "reversed"]
    assert [each["pooled"] for each in found["C2"]["C2"]] == [False, False, True]
    for branches in found.values():
        for each in (trial for trials_of in branches.values() for trial in trials_of):
            assert each["on"] != each["off"]
            Parameters.from_dict(each["on"])
            Parameters.from_dict(each["off"])


def test_without_a_board_of_verdicts_nothing_is_built(capsys, monkeypatch, model, tmp_path):
    monkeypatch.setattr(build, "compiled", lambda: model)
    monkeypatch.setattr(build, "PUBLISHED", tmp_path)
    assert build.main([str(tmp_path / "explorer.html")]) == 1
    said = capsys.readouterr().err
    assert said == f"{tmp_path / BOARD}: No such file or directory\n"
    assert not (tmp_path / "explorer.html").exists()
