"""Whoever cites the project finds the same name, version, licence and study everywhere."""

import json
import tomllib

import yaml

from experiments.places import ROOT
from experiments.store.crate import PEOPLE, STUDY

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text("utf-8"))


def test_name_version_and_licence_are_those_of_the_project():
    assert CITATION["version"] == CODEMETA["version"] == PROJECT["version"]
    assert CITATION["license"] == CODEMETA["license"].rpartition("/")[2] == PROJECT["license"]
    assert CITATION["keywords"] == CODEMETA["keywords"]
    assert CODEMETA["description"] == PROJECT["description"]


def test_the_study_and_its_authors_are_cited_alike():
    [report] = CITATION["references"]
    base = CODEMETA["isBasedOn"]
    assert report["title"] == base["name"] == STUDY["name"]
    assert str(report["year"]) == base["datePublished"] == STUDY["datePublished"] == "2018"
    written = [f"{each['given-names']} {each['family-names']}" for each in report["authors"]]
    coded = [f"{each['givenName']} {each['familyName']}" for each in base["author"]]
    assert written == coded == list(PEOPLE.values())
    assert written == ["V. Moermans", "J. Weustenraad", "J. Zhang"]
