"""Remake what is published: every experiment swept, reported, and its summary kept.

    python -m experiments.cli.publish [EXPERIMENT …] [--dry-run] [NAME=VALUE …]

Runs each experiment as ``momentum sweep`` does, in results/, so that it goes on where it was when
it is stopped and started again; then writes results/published/NAME: the report, its figures with
their tables, the configuration, provenance.json, and the runs as far as results are compared by
them (`experiments.store.summary`). Experiments named are published alone, the others stay.
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from experiments.advice.question import answer_by_runs
from experiments.calibration.run import calibrate
from experiments.cli.main import main as carry_out
from experiments.cli.parser import parse
from experiments.comparison.sides import read_about
from experiments.config.choices import RESERVED_NAMES, names_of
from experiments.config.settings import Settings, compose
from experiments.execution.forecast import forecast
from experiments.execution.plan import new_design, plan_sweep
from experiments.execution.progress import duration, say
from experiments.execution.single_run import run_once
from experiments.execution.sweep import run_sweep
from experiments.execution.workers import ExecutionError
from experiments.places import RESULTS
from experiments.report.calibration_page import write_calibration
from experiments.report.claim_page import FOLDER as CLAIM_PAGES
from experiments.report.document import read_document
from experiments.report.render import MOST_ROWS, write_page
from experiments.store.crate import write_crate
from experiments.store.identity import changes, read_design
from experiments.store.layout import CONFIG, OUTCOME, SUMMARY, StoreError, display_path
from experiments.store.result import Result
from experiments.store.safety import atomic_directory
from experiments.store.summary import write_summary
from sim.parameters import unknown_name

PUBLISHED = RESERVED_NAMES[0]
CASE = "case=buytwitter"
BEFORE_ITS_LAUNCH = "as_of=2016-09-29"
CALIBRATE, COUNTERFACTUALS = "calibrate", "counterfactuals"  # experiments about one case's facts
OVER_NOT_RULED_OUT = ("robustness", COUNTERFACTUALS)  # in the worlds that these do not rule out
KEPT = (
    "report.json", "provenance.json", OUTCOME, "network.json", "weekly.parquet",
)  # fmt: skip
LARGEST = 15_000_000  # bytes of all that is published
COLOURS = 64  # of a PNG: a third of the size, and no difference to be seen

README = """\
# Published results

[index.html](index.html) is the page of all of them.

The experiments at laptop scale: reports, figures with their tables, configuration, provenance, and
`summary.parquet`, the runs as far as results are compared by them (`momentum compare right_momentum
published/right_momentum`). The runs themselves come back by the command. All of it is remade by
`make results`.

| folder | made by | begun | commit |
|---|---|---|---|
"""


def publish_all(words: Sequence[str]) -> None:
    """Run and publish the experiments named, or all and the record of the case.

    Raises
    ------
    ConfigError
        For an experiment that there is not.
    StoreError
        At the end, if one could not be run, or if all of it is too large.
    """
    asked = parse("sweep", words)
    known = names_of("experiment", asked.config_dir)
    named = [word for word in asked.words if "=" not in word]
    overrides = [word for word in asked.words if "=" in word]
    for name in named:
        if name not in known:
            raise StoreError(unknown_name(name, known, "experiment"))
    all_settings = [
        compose([f"experiment={name}", *overrides], asked.config_dir)
        for name in named or [n for n in known if n not in (CALIBRATE, COUNTERFACTUALS)]
    ]
    all_settings = [_afresh_if_changed(settings) for settings in all_settings]
    _print_time(all_settings)
    if asked.dry_run:
        return
    results = all_settings[0].results_dir
    failed = _sweep(all_settings)
    done = [plan_sweep(settings).name for settings in all_settings]
    if not named:
        of_runs = [text for text in overrides if text.startswith(("results_dir=", "seed="))]
        keep(run_once(compose([CASE, *of_runs])).folder, results / PUBLISHED)
        calibrated = calibrate(compose([f"experiment={CALIBRATE}", CASE, *overrides]), None, say)
        write_calibration(calibrated)
        keep(calibrated, results / PUBLISHED)
        not_ruled_out = [
            _afresh_if_changed(compose([f"experiment={name}", "worlds=calibrated", *overrides]))
            for name in OVER_NOT_RULED_OUT
        ]
        failed |= _sweep(not_ruled_out)
        done += [plan_sweep(settings).name for settings in not_ruled_out]
        done.append(answer_by_runs([CASE, BEFORE_ITS_LAUNCH, *overrides]).name)
    publish(results, [name for name in done if name not in failed])
    _print_size(results / PUBLISHED)
    if failed:
        raise StoreError(f"not published: {'; '.join(failed.values())}")


def _sweep(all_settings: Sequence[Settings]) -> dict[str, str]:
    """Run what is missing; return why some could not be, by name."""
    failed = {}
    for settings in all_settings:
        try:
            run_sweep(settings)
        except (StoreError, ExecutionError) as problem:
            name = plan_sweep(settings).name
            failed[name] = f"{name}: {problem}"
            print(failed[name], file=sys.stderr)
    return failed


def publish(results: Path, names: Sequence[str]) -> None:
    """Write the reports of results and publish them, and the page of all that are published.

    After all sweeps, since a report judges its claims by other results too.

    Raises
    ------
    StoreError
        If one is not complete.
    """
    from experiments.report.index_page import ARTICLE, write_index
    from experiments.report.result_page import write_report

    published = results / PUBLISHED
    for name in names:
        if not Result(results / name).provenance.get("complete"):
            raise StoreError(f"{results / name} is not complete")
    written = []
    for design in sorted(results.glob("*/design.json")):
        result = Result(design.parent)
        if result.name in names or (published / result.name / SUMMARY).is_file():
            written.append(write_report(result))
        if result.name in names:
            keep(result.path, published, result)
    index = write_index(results, written)
    page = index.read_text(encoding="utf-8").replace(ARTICLE, Path(ARTICLE).name)
    (published / index.name).write_text(page, encoding="utf-8")
    shutil.copytree(results / CLAIM_PAGES, published / CLAIM_PAGES, dirs_exist_ok=True)
    _keep_figures(results, published)
    write_readme(published)


def keep(source: Path, published: Path, result: Result | None = None) -> Path:
    """Copy what is published of a folder, whole or not at all; return its folder there."""
    published.mkdir(parents=True, exist_ok=True)
    with atomic_directory(published / source.name) as new:
        for path in sorted(source.glob("*")):
            if path.name == CONFIG:  # names the files of other results, but no path of this machine
                said = path.read_text(encoding="utf-8")
                for here in (published.parent.absolute(), published.parent.resolve()):
                    said = said.replace(str(here), RESULTS.name)
                (new / path.name).write_text(said, encoding="utf-8")
            elif path.name in KEPT:
                shutil.copyfile(path, new / path.name)
        _keep_figures(source, new)
        if (document := read_document(source / "report.json")) is not None:
            write_page(new / "report.html", document, linked=True)
        if result is not None:
            write_summary(result, new / SUMMARY)
        write_crate(new)
    return published / source.name


def _keep_figures(source: Path, target: Path) -> None:
    """Copy the pictures of a page, with fewer colours, and their tables up to `MOST_ROWS`."""
    shutil.rmtree(target / "figures", ignore_errors=True)
    (target / "figures").mkdir()
    for path in sorted((source / "figures").glob("*")):
        kept = target / "figures" / path.name
        if path.suffix == ".png":
            kept.write_bytes(_with_fewer_colours(path))
        elif path.suffix == ".csv" and _rows(path) <= MOST_ROWS:
            shutil.copyfile(path, kept)


def _rows(table: Path) -> int:
    """Return how many rows a table has, as its figure counts them: a row may be several lines."""
    with table.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _with_fewer_colours(path: Path) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").quantize(COLOURS).save(buffer, "png", optimize=True)
    return buffer.getvalue()


def write_readme(published: Path) -> None:
    """Write which results are published, and by which command each is made."""
    rows = []
    for folder in sorted(path.parent for path in published.glob("*/provenance.json")):
        described = read_about(folder)
        made, commit = described["command"], str(described["commit"])[:10]
        if (folder / "report.html").is_file():
            made += f"`, `momentum report {folder.name}"
        rows.append(f"| `{folder.name}` | `{made}` | {described['started'][:10]} | `{commit}` |\n")
    (published / "README.md").write_text(README + "".join(rows), encoding="utf-8")


def _afresh_if_changed(settings: Settings) -> Settings:
    """Return settings that start anew where the runs there are of another set-up or model."""
    plan = plan_sweep(settings)
    if not (plan.path / "design.json").exists():
        return settings
    found = changes(read_design(plan.path), new_design(plan, settings))
    return replace(settings, fresh=True) if found else settings


def _print_time(all_settings: Sequence[Settings]) -> None:
    """Say how long it takes, measured by a few runs of each."""
    seconds = 0.0
    for settings in all_settings:
        cost = forecast(settings)
        seconds += cost.seconds
        described = duration(cost.seconds) if cost.left else "all there"
        print(f"{cost.plan.name}: {cost.left:,} runs to do, {described}", flush=True)
    print(f"in all about {duration(seconds)}, and the reports", flush=True)


def _print_size(published: Path) -> None:
    folders = [path for path in sorted(published.iterdir()) if path.is_dir()]
    for folder in folders:
        print(f"{_size(folder) / 1e6:6.1f} MB  {folder.name}")
    size = _size(published)
    print(f"{size / 1e6:6.1f} MB  {display_path(published)}")
    if size > LARGEST:
        raise StoreError(f"{display_path(published)} is larger than {LARGEST / 1e6:.0f} MB")


def _size(folder: Path) -> int:
    """Return the bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(carry_out(None, publish_all))
