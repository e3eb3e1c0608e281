"""The definition of a movement, applied to what is recorded of #BuyTwitter and of other campaigns.

A consistency check, never a test of the model: the definition was chosen to include this case.
docs/what_is_a_movement.md shows the table.
"""

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.outcome import longest, spells

ROOT = Path(__file__).resolve().parents[2]
CASE = yaml.safe_load((ROOT / "conf/case/buytwitter.yaml").read_text(encoding="utf-8"))
FACTS = {fact["name"]: fact for fact in CASE["observed"]}
COUNTED = [FACTS[name] for name in ("people_on_channels", "organisers", "organising_group")]
FIRST = COUNTED[0]["date"]
MASSES, SPELLS, LAUNCHES = (50, 100, 150, 200), (12, 19, 26), range(10, 71, 10)


def week_of(day: date) -> int:
    """Return the week after the first count in which a day falls."""
    return (day - FIRST).days // 7


def organising(launchers: int) -> np.ndarray:
    """Return the people organising beyond the launch, by week from the first to the last count.

    Between two counts the smaller one holds.
    """
    people = np.zeros(week_of(COUNTED[-1]["date"]) + 1)
    for before, after in pairwise(COUNTED):
        held = min(before["value"], after["value"])
        people[week_of(before["date"]) : week_of(after["date"])] = held - launchers
    people[-1] = COUNTED[-1]["value"] - launchers
    return people


def is_a_movement(people: np.ndarray, acts: np.ndarray, mass: float, spell: int) -> bool:
    return longest(spells(people >= mass, acts)) >= spell


def launches_that_count(mass: float, spell: int) -> str:
    """Return, in words, launches by how many people leave a movement by a definition.

    The act is the petition, which passed 1,000 signatures in its first weeks.
    """
    always = np.ones(len(organising(0)), dtype=bool)
    found = [size for size in LAUNCHES if is_a_movement(organising(size), always, mass, spell)]
    return f"{found[0]} to {found[-1]}" if found else "none"


def table() -> str:
    rows = ["| people organising | " + " | ".join(f"{spell} weeks" for spell in SPELLS) + " |"]
    rows.append("|---|" + "---|" * len(SPELLS))
    for mass in MASSES:
        cells = " | ".join(launches_that_count(mass, spell) for spell in SPELLS)
        rows.append(f"| {mass} | {cells} |")
    return "\n".join(rows)


def test_the_page_shows_what_the_record_says():
    page = (ROOT / "docs/what_is_a_movement.md").read_text(encoding="utf-8")
    assert table() in page


@pytest.mark.parametrize("launchers", LAUNCHES)
def test_the_record_of_buytwitter_is_a_movement_by_the_headline(launchers):
    petition = np.ones(20, dtype=bool)
    assert is_a_movement(organising(launchers), petition, 100, 19)


def test_neither_nineteen_weeks_nor_a_hundred_people_is_generous():
    """Nothing is known for longer, and larger masses depend on the size of the launch."""
    assert launches_that_count(100, 26) == "none"
    assert launches_that_count(150, 19) == "10 to 20"


def test_a_petition_without_a_group_is_no_movement():
    assert not is_a_movement(np.zeros(20), np.ones(20, dtype=bool), 50, 12)


def test_a_crowdfunding_of_a_week_is_no_movement():
    """As that of August 2017, however many people gave."""
    people = np.where(np.arange(20) == 10, 500.0, 0.0)
    assert not is_a_movement(people, people > 0, 50, 12)


def test_people_who_organise_without_an_act_are_no_movement():
    assert not is_a_movement(organising(30), np.zeros(20, dtype=bool), 100, 19)
