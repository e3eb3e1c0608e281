"""The data dictionary is current, and names every column of every published table."""

import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import yaml

from docs import make_trace
from docs.make_dictionary import COMMAND, OTHERS, TARGET, page
from experiments.claims.board import ClaimKind
from experiments.claims.verdict import Verdict
from experiments.places import CONF, RESULTS
from experiments.store.parts import RUN_COLUMNS, PartWriter
from sim.columns import OUTCOMES, WEEKS
from sim.parameters import declarations

DICTIONARY = yaml.safe_load(OTHERS.read_text(encoding="utf-8"))
GLOSSARY = TARGET.with_name("glossary.md")
PUBLISHED = RESULTS / "published"


def test_the_page_is_what_the_declarations_give():
    assert TARGET.read_text(encoding="utf-8") == page(), f"out of date: run {COMMAND}"


def test_every_outcome_and_weekly_column_has_its_row():
    rows = re.findall(r"^\| `([^`]+)` \|", page(), re.MULTILINE)
    assert set(OUTCOMES) | set(WEEKS) | set(RUN_COLUMNS) <= set(rows)


def explained(name):
    known = {*RUN_COLUMNS, *OUTCOMES, *declarations()}
    return name in known or name.startswith(("condition.", "history."))


def test_every_column_of_a_table_of_runs_is_explained():
    writer = PartWriter("", "", ("threat.base", "history.recorded"), (), ("label", "sample"))
    assert [name for name in writer._schema().names if not explained(name)] == []


def test_every_column_of_the_published_runs_is_explained():
    tables = list(PUBLISHED.glob("*/summary.parquet"))
    assert tables
    missing = {(t.parent.name, name) for t in tables for name in pq.read_schema(t).names
               if not explained(name)}  # fmt: skip
    assert missing == set()


def table_of(path):
    """Return the entry of a table behind a figure."""
    return next((name for name in (path.stem, path.stem.split("-")[0]) if name in
                 DICTIONARY["tables"]), None)  # fmt: skip


def test_every_column_behind_a_published_figure_is_explained():
    known = {*DICTIONARY["columns"], *declarations(), *OUTCOMES, *WEEKS}
    stems = tuple(DICTIONARY["stems"])
    files = [Path(file) for file in PUBLISHED.rglob("figures/*.csv")]
    assert files
    assert [file.name for file in files if table_of(file) is None] == []
    conditions = {
        name
        for file in (CONF / "experiment").glob("*.yaml")
        for name in yaml.safe_load(file.read_text("utf-8")).get("conditions") or ()
    }
    missing = {
        (file.name, name)
        for file in files
        for name in pd.read_csv(file, nrows=1)
        if name not in known | conditions and not name.startswith(stems)
    }
    assert missing == set()


def test_the_glossary_has_verdicts_and_kinds_and_no_word_twice():
    words = re.findall(r"^\| ([^|`]+?) \|", GLOSSARY.read_text("utf-8"), re.MULTILINE)
    words = [word for word in words if word not in ("word", "---")]
    assert len(words) == len(set(words))
    for each in (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.UNDECIDED):
        assert each.value in words
    for each in (ClaimKind.TESTABLE, ClaimKind.BUILT_IN):
        assert each.value in words


def test_the_list_of_assumed_parameters_is_current():
    text = make_trace.TARGET.read_text(encoding="utf-8")
    begin = text.index(make_trace.BEGIN)
    assert text[begin:] == make_trace.section(), f"out of date: run {make_trace.COMMAND}"
