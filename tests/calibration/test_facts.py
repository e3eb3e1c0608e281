"""Facts in a case file: how they show in runs, and what is wrong with them in one line."""

from datetime import date

import numpy as np
import pytest

from experiments.calibration.run import CalibrationError, require_facts
from experiments.calibration.table import fitted
from experiments.cases.case import CaseError
from experiments.cases.facts import Fact
from experiments.cases.reader import read_case
from experiments.design.reading import DesignError
from experiments.execution.record import readings_of
from experiments.places import CONF

HEAD = "start: 2016-01-01\nobserved:\n"
FACT = {
    "name": "signed", "value": "100", "date": "2016-06-01", "use": "fitted",
    "column": "signatures", "scale": "log", "error": "0.1",
}  # fmt: skip


def written(tmp_path, *facts):
    """Write a case with facts and return its path."""
    rows = [
        f"  - {{{', '.join(f'{name}: {value}' for name, value in fact.items())}}}\n"
        for fact in facts
    ]
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + "".join(rows))
    return path


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"use": "fited"}, "did you mean fitted"),
        ({"column": "signature"}, "did you mean signatures"),
        ({"scale": "logs"}, "did you mean log"),
        ({"bound": "atleast"}, "did you mean at_least"),
        ({"error": "0"}, "error = 0 must be above 0"),
        ({"error": "small"}, "error = small is not a number"),
        ({"error": None}, "a fact needs date, column, scale, error; error is missing"),
        ({"date": None}, "date is missing"),
        ({"use": None}, "column belongs to a fact, which needs use"),
        ({"date": "2015-06-01"}, "lies before the start"),
        ({"since": "2016-07-01", "scale": "linear"}, "since 2016-07-01 must be before date"),
        ({"unit": "people"}, "which signatures is not"),
        ({"value": "0"}, "value = 0 must be 1 or more on the scale log"),
        ({"column": "vote_share", "value": "0.05"}, "scale log is for counts of people"),
        ({"scale": "logit"}, "scale logit is for a share between 0 and 1"),
    ],
)  # fmt: skip
def test_a_malformed_fact_is_refused_in_one_line_that_names_its_place(tmp_path, changed, said):
    fact = {name: value for name, value in {**FACT, **changed}.items() if value is not None}
    with pytest.raises(CaseError) as refused:
        read_case(written(tmp_path, fact))
    assert said in str(refused.value)
    assert "mine.yaml, line 3: " in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_fact_shows_on_its_scale_in_its_week(tmp_path):
    organisers = {**FACT, "name": "group", "column": "organisers", "unit": "people"}
    change = {
        **FACT, "name": "change", "column": "dissatisfaction", "scale": "linear",
        "since": "2016-03-02", "value": "-0.05",
    }  # fmt: skip
    case = read_case(written(tmp_path, FACT, organisers, change))
    signed, group, changed = case.facts
    assert readings_of(case, 60) == (
        ("signatures", 22), ("people_per_agent", 22), ("organisers", 22),
        ("dissatisfaction", 9), ("dissatisfaction", 22),
    )  # fmt: skip
    values = {
        ("signatures", 22): 1000.0, ("organisers", 22): 0.02, ("people_per_agent", 22): 10.0,
        ("dissatisfaction", 9): 0.3, ("dissatisfaction", 22): 0.2,
    }  # fmt: skip

    def read(column, week):
        return np.array([values[column, week]])

    shows = [fact.scaled(fact.shown(read, 500, case.week_of))[0] for fact in case.facts]
    assert shows == pytest.approx([3.0, 2.0, -0.1])
    assert signed.public(read, 500, case.week_of).tolist() == [5000.0]
    assert [signed.observed, group.observed, changed.observed] == [2.0, 2.0, -0.05]


def test_beyond_a_bound_nothing_is_missed():
    day = date(2017, 1, 1)
    least = Fact("a", 170, day, "signatures", "log", 0.1, "at_least", "fitted")
    most = least._replace(bound="at_most")
    shows = least.scaled(np.array([0.0, 17.0, 1700.0]))
    assert shows.tolist() == pytest.approx([0.0, np.log10(17), np.log10(1700)])
    assert least.clipped(shows).tolist() == pytest.approx([0.0, np.log10(17), np.log10(170)])
    assert most.clipped(shows).tolist() == pytest.approx([np.log10(170)] * 2 + [np.log10(1700)])


def test_a_case_without_facts_or_with_one_beyond_the_horizon_says_so(tmp_path):
    path = tmp_path / "bare.yaml"
    path.write_text("start: 2016-01-01\n")
    with pytest.raises(CalibrationError, match="the case has no facts to fit"):
        require_facts(read_case(path), None)
    with pytest.raises(CaseError, match="signed of 2016-06-01 is in week 22, beyond the horizon"):
        readings_of(read_case(written(tmp_path, FACT)), 20)
    with pytest.raises(DesignError, match="give case=NAME"):
        readings_of(None, 20)


def test_three_facts_must_be_held_out(tmp_path):
    held = [{**FACT, "name": f"held {i}", "use": "held_out"} for i in range(3)]
    with pytest.raises(CalibrationError, match="2 of 3 facts are held out; hold out 3 or more"):
        require_facts(read_case(written(tmp_path, FACT, *held[:2])), None)
    case = read_case(written(tmp_path, FACT, *held))
    assert [fact.name for fact in require_facts(case, None)] == ["signed"]


def test_only_facts_before_a_date_are_fitted():
    facts = read_case(CONF / "case" / "buytwitter.yaml").facts
    early = [fact.name for fact in fitted(facts, date(2016, 12, 1))]
    assert early == ["signatures_early", "people_on_channels"]
    assert len(fitted(facts, None)) == 7
    assert sum(fact.use == "held_out" for fact in facts) >= 3
