"""The stored worlds of a calibration: found by case, drawn by weight, refused when damaged."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from experiments.design.calibrated import draw_calibrated, find_calibrated
from experiments.design.reading import DesignError


def draw(case: str | Path, results: Path, n: int, seed: int, as_of: date | None = None):
    """Return worlds of the calibration of a case that there is."""
    path = find_calibrated(case, results, as_of)
    assert path is not None
    return draw_calibrated(path, n, seed)


def store(folder: Path, rates: list[float], weights: list[float]) -> None:
    """Store a set of worlds that differ in one parameter."""
    folder.mkdir(parents=True)
    table = pd.DataFrame({"persuasion.rate": rates, "weight": weights})
    table.to_parquet(folder / "calibrated.parquet")


def test_a_case_that_was_not_calibrated_has_no_worlds(tmp_path: Path) -> None:
    assert find_calibrated("buytwitter", tmp_path) is None


def test_worlds_are_drawn_by_their_weights_and_never_with_weight_zero(tmp_path: Path) -> None:
    store(tmp_path / "calibrate-mine", [0.1, 0.2, 0.3], [1.0, 0.0, 3.0])
    drawn = draw(Path("elsewhere") / "mine.yaml", tmp_path, 4_000, seed=1)
    shares = drawn["persuasion.rate"].value_counts(normalize=True)
    assert list(drawn) == ["persuasion.rate"]
    assert shares[0.3] == pytest.approx(0.75, abs=0.03)
    assert 0.2 not in shares


def test_one_seed_draws_the_same_worlds_each_once(tmp_path: Path) -> None:
    rates = [0.05 + 0.001 * number for number in range(100)]
    store(tmp_path / "calibrate-mine", rates, [1.0] * 100)
    once, again, other = (draw("mine", tmp_path, 50, seed) for seed in (1, 1, 2))
    assert once.equals(again)
    assert not once.equals(other)
    assert once["persuasion.rate"].is_unique


def test_the_largest_scale_counts_and_a_date_has_its_own_worlds(tmp_path: Path) -> None:
    for name in ("calibrate-mine-smoke", "calibrate-mine-full", "calibrate-mine"):
        store(tmp_path / name, [0.1], [1.0])
    store(tmp_path / "calibrate-mine" / "as-of-2017-01-01", [0.2], [1.0])
    assert find_calibrated("mine", tmp_path) == tmp_path / "calibrate-mine-full/calibrated.parquet"
    dated = draw("mine", tmp_path, 1, seed=1, as_of=date(2017, 1, 1))
    assert dated["persuasion.rate"].tolist() == [0.2]


def test_what_is_no_set_of_worlds_is_refused_by_its_path(tmp_path: Path) -> None:
    store(tmp_path / "calibrate-mine", [0.1], [0.0])
    with pytest.raises(DesignError, match="weights must be finite, 0 or more, and not all 0"):
        draw("mine", tmp_path, 1, seed=1)
    path = tmp_path / "calibrate-mine" / "calibrated.parquet"
    pd.DataFrame({"nonsense": [1.0], "weight": [1.0]}).to_parquet(path)
    with pytest.raises(DesignError, match="is not a set of calibrated worlds"):
        draw("mine", tmp_path, 1, seed=1)
    path.write_bytes(b"damaged")
    with pytest.raises(DesignError, match="cannot be read"):
        draw("mine", tmp_path, 1, seed=1)
