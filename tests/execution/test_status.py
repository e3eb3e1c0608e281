"""How far a sweep is: told on its own terminal, and from another shell."""

import fcntl
import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from experiments.cli.completion import completions
from experiments.cli.main import main
from experiments.cli.publish import keep
from experiments.execution.progress import Counts, Progress, duration
from experiments.execution.status import Status, describe_status, read_status, status_line
from experiments.execution.sweep import SweepInterrupted, run_sweep
from experiments.execution.task import Done
from experiments.store.layout import LOCK, STATUS, StoreError
from experiments.store.parts import EMERGED, FAILED, NOT_EMERGED, RunId
from experiments.store.result import Result
from tests.sweeps import parts, rows, settings

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def counts_of(path):
    """Return runs done, failed and emerged, counted from the rows."""
    runs = rows(path)
    return [len(runs), (runs["error"] != "").sum(), runs["emerged"].fillna(False).sum()]


def told_counts(status):
    return [status.counts.done, status.counts.failed, status.counts.emerged]


@pytest.fixture
def interrupted(tmp_path):
    """A sweep of 12 runs stopped by its user after the first."""

    def stop(_runs):
        raise KeyboardInterrupt

    with pytest.raises(SweepInterrupted):
        run_sweep(settings(tmp_path, overrides=["name=mine"]), progress=False, on_batch=stop)
    return tmp_path / "mine"


def test_a_sweep_that_runs_is_seen_with_its_driver_and_counts(tmp_path):
    seen, path = [], tmp_path / "mine"
    run_sweep(settings(tmp_path), False, lambda _: seen.append(read_status(path)))
    first, last = seen[0], read_status(path)
    assert first.state == "running"
    assert first.holder == f"process {os.getpid()} on {os.uname().nodename}"
    assert first.counts.total == 12
    assert first.until is None
    assert last.state == "complete"
    assert last.until >= last.since
    assert last.holder == ""
    assert told_counts(last) == counts_of(path)
    assert not (path / STATUS).exists()


def test_a_sweep_stopped_by_its_user_is_told_with_the_way_on(interrupted):
    status = read_status(interrupted)
    assert status.state == "stopped"
    assert told_counts(status) == counts_of(interrupted)
    assert status.counts.left == 12 - status.counts.done > 0
    text = describe_status(status)
    assert "by the user" in text.splitlines()[0]
    assert text.endswith("to go on: momentum sweep name=mine")


def kill(path):
    """Leave a result as a driver that is killed leaves it: an old report, and a lock of nobody."""
    told = json.loads((path / "provenance.json").read_text())
    told |= {"ended": None, "complete": False, "runs": {"total": told["runs"]["total"]}}
    for key in ("ended", "runs", "failed"):
        told["sessions"][-1].pop(key)
    (path / "provenance.json").write_text(json.dumps(told))
    (path / LOCK).write_text(f"process 999999 on {os.uname().nodename}\n")
    stale = {"total": 12, "there": 0, "done": 0, "failed": 0, "emerged": 0, "seconds": 1.0}
    (path / STATUS).write_text(json.dumps({**stale, "updated": datetime.now(UTC).isoformat()}))


def test_runs_of_a_killed_driver_are_counted(interrupted):
    kill(interrupted)
    status = read_status(interrupted)
    assert status.state == "killed"
    assert status.holder == ""
    assert told_counts(status) == counts_of(interrupted)
    assert status.counts.total == 12
    assert "not running" in describe_status(status)
    run_sweep(settings(interrupted.parent), progress=False)
    assert read_status(interrupted).state == "complete"


def test_a_driver_on_another_machine_is_believed_while_it_reports(interrupted):
    kill(interrupted)
    (interrupted / LOCK).write_text("process 12 on elsewhere\n")
    report = json.loads((interrupted / STATUS).read_text())
    assert read_status(interrupted).holder == "process 12 on elsewhere"
    report["updated"] = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    (interrupted / STATUS).write_text(json.dumps(report))
    assert read_status(interrupted).state == "killed"


def test_asking_for_the_status_does_not_keep_a_driver_away(interrupted):
    with open(interrupted / LOCK, "w") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        with pytest.raises(StoreError, match="is being written by"):
            run_sweep(settings(interrupted.parent), progress=False)
    run_sweep(settings(interrupted.parent), progress=False)
    assert read_status(interrupted).state == "complete"


def test_a_damaged_part_of_a_killed_sweep_is_one_line(interrupted):
    kill(interrupted)
    parts(interrupted)[0].write_bytes(b"PAR1")
    with pytest.raises(StoreError, match=f"{parts(interrupted)[0]} is damaged") as told:
        read_status(interrupted)
    assert "\n" not in str(told.value)


def test_a_result_without_counts_in_its_provenance_is_counted(tmp_path):
    path = run_sweep(settings(tmp_path), progress=False)
    told = json.loads((path / "provenance.json").read_text())
    del told["runs"]
    (path / "provenance.json").write_text(json.dumps(told))
    assert read_status(path).state == "complete"
    assert told_counts(read_status(path)) == counts_of(path)


def test_runs_that_are_gone_are_counted_as_such_and_made_again(tmp_path):
    path = run_sweep(settings(tmp_path), progress=False)
    before = rows(path)
    shutil.rmtree(path / "runs")
    status = read_status(path)
    assert (status.state, status.counts.done, status.counts.total) == ("incomplete", 0, 12)
    assert "to go on: momentum sweep" in describe_status(status)
    run_sweep(settings(tmp_path), progress=False)
    assert read_status(path).state == "complete"
    pd.testing.assert_frame_equal(rows(path), before)


# -- in words --------------------------------------------------------------------------------------


def test_a_status_says_all_there_is_to_know():
    counts = Counts(total=1_000, there=100, done=400, failed=2, emerged=199, seconds=60.0)
    since = NOON - timedelta(minutes=3)
    status = Status("mine", "running", counts, since, None, "process 5 on here", "", "momentum x")
    lines = describe_status(status, NOON).splitlines()
    assert lines[0].startswith("mine: running for 3 min (since 20")
    assert lines[0].endswith(", by process 5 on here")
    assert lines[1] == "  400 of 1,000 runs done (40%), 2 failed, 50% emerged, 600 left"
    assert lines[2] == "  5.0 runs/s, 2 min left"
    assert status_line(status).endswith("2 failed, 50% emerged, 5.0 runs/s, 2 min left")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3.2, "3 s"), (99, "99 s"), (150, "2 min"), (7_300, "2 h 2 min"), (200_000, "2 days 8 h")],
)
def test_times_are_told_to_two_units(seconds, words):
    assert duration(seconds) == words


def came_to(failed, emerged, others):
    came = [FAILED] * failed + [EMERGED] * emerged + [NOT_EMERGED] * others
    return Done("", (), {RunId(0, point): each for point, each in enumerate(came)}, 1.0)


def test_off_a_terminal_a_line_a_minute_tells_all(monkeypatch, capsys):
    clock = iter([0.0, 0.0, 30.0, 30.0, 90.0, 90.0, 400.0, 400.0])
    monkeypatch.setattr("experiments.execution.progress.time.monotonic", lambda: next(clock))
    written = []
    bar = Progress("mine", Counts(100, 0, 0, 0, 0), True, written.append)
    bar.update(came_to(failed=1, emerged=5, others=14))
    bar.update(came_to(failed=1, emerged=9, others=0))
    bar.update(None)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "mine: 30 of 100 runs, 70 left, 0.3 runs/s, 4 min left, 2 failed, 50% emerged",
        "mine: 30 of 100 runs, 70 left, 0.1 runs/s, 16 min left, 2 failed, 50% emerged; nothing "
        "finished for 5 min: time_limit=SECONDS gives up runs that never end",
    ]
    assert [counts["done"] for counts in written] == [0, 20, 30, 30]


# -- on the command line ---------------------------------------------------------------------------


def test_the_command_tells_of_one_result_or_of_all(interrupted, capsys):
    where = f"results_dir={interrupted.parent}"
    assert main(["status", "mine", where]) == 0
    assert capsys.readouterr().out.startswith("mine: stopped 20")
    assert main(["status", where]) == 0
    assert capsys.readouterr().out.startswith("mine  stopped    1 of 12 runs, 0 failed")
    assert main(["list", "results", where]) == 0
    assert "  incomplete  momentum sweep name=mine" in capsys.readouterr().out


def test_what_is_published_and_single_runs_are_complete(tmp_path, capsys):
    where = f"results_dir={tmp_path}"
    run_sweep(settings(tmp_path), progress=False)
    keep(tmp_path / "mine", tmp_path / "published", Result(tmp_path / "mine"))
    assert main(["run", "users.count=60", "horizon=60", "name=one", where]) == 0
    capsys.readouterr()
    assert main(["status", where]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in told] == [
        ["mine", "complete", "12"], ["published/mine", "complete", "12"],
        ["runs/one", "complete", "1"],
    ]  # fmt: skip
    assert main(["status", "published/mine", "runs/one", where]) == 0
    told = capsys.readouterr().out
    assert "published/mine: complete 20" in told
    assert "runs/one: complete 20" in told
    assert "1 of 1 runs done" in told


def test_a_report_is_refused_where_no_runs_are_with_what_remakes_it(tmp_path, capsys):
    where = f"results_dir={tmp_path}"
    run_sweep(settings(tmp_path, overrides=["threat.base=0.1,0.2", "name=mine"]), progress=False)
    (tmp_path / "mine" / "report.html").write_text("")
    keep(tmp_path / "mine", tmp_path / "published", Result(tmp_path / "mine"))
    capsys.readouterr()
    assert main(["report", "published/mine", where]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "published/mine holds no runs of a sweep" in told
    assert "momentum sweep threat.base=0.1,0.2 name=mine and then momentum report mine" in told


def test_a_result_that_is_not_there_has_its_nearest_name(interrupted, capsys):
    assert main(["status", "mien", f"results_dir={interrupted.parent}"]) == 2
    assert capsys.readouterr().err.endswith("did you mean mine?\n")
    assert main(["status", "--mine"]) == 2
    assert "unknown option --mine" in capsys.readouterr().err


def test_where_there_is_no_result_the_command_says_so(tmp_path, capsys):
    assert main(["status", f"results_dir={tmp_path}"]) == 0
    assert capsys.readouterr().out == f"no result in {tmp_path}\n"


def test_the_command_explains_itself_and_is_completed(capsys):
    assert main(["status", "--help"]) == 0
    assert "time left" in capsys.readouterr().out
    assert "status" in completions("momentum st")
    assert "--fresh" in completions("momentum sweep --fr")


def test_a_flag_starts_a_sweep_afresh_and_has_no_effect_in_a_run(tmp_path, capsys):
    words = ["users.count=60", "horizon=60", "threat.base=0.1,0.2", "replicates=1", "workers=1"]
    words += ["name=mine", f"results_dir={tmp_path}"]
    assert main(["sweep", *words]) == 0
    assert main(["sweep", *words, "--fresh"]) == 0
    assert "the earlier runs are now in" in capsys.readouterr().err
    assert len(list(tmp_path.glob("mine.old-*"))) == 1
    assert main(["run", "--fresh", f"results_dir={tmp_path}"]) == 2
    assert "fresh= has no effect in one run" in capsys.readouterr().err
