"""A result describes itself as an RO-Crate 1.2 that says what is there, and nothing else."""

import json

import pytest

from experiments.cli.main import main
from experiments.store.crate import CONTENTS, write_crate
from experiments.store.layout import CRATE

SMALL = ["users.count=60", "horizon=60", "workers=1"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("crates")
    here = f"results_dir={place}"
    assert main(["run", *SMALL[:2], "name=one", here]) == 0
    for seed, name in ((7, "first"), (8, "second")):
        grid = ["threat.base=0.1,0.6", "replicates=2", f"seed={seed}", "record_weekly=true"]
        assert main(["sweep", *SMALL, *grid, f"name={name}", here]) == 0
    assert main(["report", "first", here]) == 0
    assert main(["compare", "first", "second", "name=both", here]) == 0
    return place


def graph(folder):
    crate = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    return {entity["@id"]: entity for entity in crate["@graph"]}


def references(value):
    """Return all that an entity refers to."""
    if isinstance(value, dict):
        return [value["@id"]]
    return [each for item in value for each in references(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", ["runs/one", "first", "second", "both"])
def test_a_crate_lists_what_the_folder_holds(folders, name):
    folder = folders / name
    entities = graph(folder)
    there = {p.name + "/" * p.is_dir() for p in folder.iterdir()} - {CRATE, "lock"}
    assert {part["@id"] for part in entities["./"]["hasPart"]} == there
    for part in there:
        assert entities[part]["@type"] == ("Dataset" if part.endswith("/") else "File")
        if not part.endswith("/"):
            assert int(entities[part]["contentSize"]) == (folder / part).stat().st_size


@pytest.mark.parametrize("name", ["runs/one", "first", "both"])
def test_a_crate_has_what_the_specification_requires(folders, name):
    entities = graph(folders / name)
    about = entities[CRATE]
    assert about["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert about["about"] == {"@id": "./"}
    root = entities["./"]
    assert {"name", "description", "datePublished", "license"} <= set(root)
    for entity in entities.values():
        for key, value in entity.items():
            for reference in [] if key == "@id" else references(value):
                assert reference in entities or reference.startswith("https://"), reference
    making = json.loads((folders / name / "provenance.json").read_text())
    assert entities["#making"]["name"] == making["command"]
    assert entities["#study"]["datePublished"] == "2018"


def test_a_report_is_added_to_the_crate_of_its_result(folders):
    assert "report.html" in graph(folders / "first")
    assert "report.html" not in graph(folders / "second")


def test_nothing_is_described_without_provenance(tmp_path):
    write_crate(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_described_has_a_description():
    assert all(text and not text.endswith(".") for text in CONTENTS.values())
