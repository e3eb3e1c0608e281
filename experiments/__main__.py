"""The command line: ``momentum COMMAND …``; nothing heavy is imported before it is needed."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.config import Settings
    from experiments.overrides import Request
    from experiments.saved import Saved

MISTAKE, BUG, STOPPED, PIPE_CLOSED = 2, 1, 130, 141  # exit codes
LONGEST_LINE = 600  # characters of a message
OWN = ("experiments", "sim", "view")

USAGE = """\
momentum: when does a movement emerge that turns a platform firm into a cooperative of its users?

usage: momentum COMMAND [NAME=VALUE …]

commands
  run          one run: its outcome in words, its figure and its weekly table
  sweep        many runs: an experiment, or a grid of values
  status       how far a sweep is, from another shell
  report       pages that answer the questions of results, and the page of all
  compare      results side by side: what differs, and how sure that is
  view         the browser: watch a movement emerge, look through results
  list         what there is: experiments, presets, cases, results, parameters
  first-look   a quick tour: the case, a small sweep, its answer

momentum COMMAND --help tells more; momentum --completion bash (zsh, fish) completes names by Tab.
"""

OPTIONS = """\
NAME=VALUE is a Hydra override. It sets any parameter (momentum list parameters) or one of
  case=NAME            follow the record of a real case; case.file=PATH: one of your own
  preset=NAME          a named world
  seed=N               luck; 7 if not given
  results_dir=PATH     folder of results; results/ of the project if not given
  name=NAME            name of the result
The command line wins over the experiment, the preset, the case and the defaults, in this order.
Paths need no quotes within quotes; other values with , = ( ) do, as in 'NAME="a,b"'.
"""

HYDRA = """\
options
  -c, --cfg job        print the resolved configuration and stop (hydra, all: Hydra's own)
  -i, --info [WHAT]    print how Hydra composed it and stop (defaults, searchpath, plugins, …)
  -cd, --config-dir D  look for cases, presets and experiments in folder D too
  -h, --help           print this
"""

HELP = {
    "run": f"""\
usage: momentum run [case=NAME] [preset=NAME] [NAME=VALUE …]

Runs one world and writes results/runs/NAME/: outcome.json, weekly.csv and .parquet,
figures/timeline.svg and .png, config.yaml, provenance.json. A run of the same name is replaced.

  momentum run preset=right_momentum
  momentum run case=buytwitter movement.launch_week=100
  momentum run users.count=5000 horizon=300 seed=3
  momentum run -m preset=distress,threat        a run of each
  momentum run -m movement.launch_week=20,40    a small grid, stored as one result, as by sweep
                                                (not a folder of each value, as by Hydra itself)
  momentum run save_week=100 name=before        a run that is saved at the end of week 100 as well
  momentum run resume=before firm.policy=concede      the same luck from there on, another policy

{OPTIONS}
and, for a run,
  save_week=N          keep the state at the end of week N too (state.npz)
  resume=NAME          go on from a saved run (or a path), with other levers if wished

{HYDRA}  -m, --multirun       several values at once
""",
    "sweep": f"""\
usage: momentum sweep experiment=NAME [scale=smoke|laptop|full] [NAME=VALUE …]
       momentum sweep NAME=A,B NAME=range(START,STOP,STEP) [replicates=N] [name=NAME]
       momentum sweep design=NAME [samples=N] [ranges=RANGES] [NAME=A,B] [replicates=N] [name=NAME]

Runs an experiment, or the grid of all values given (range leaves STOP out), and writes
results/NAME/. Stopped at any moment and started again, it goes on where it was; momentum status
tells from another shell how far it is. Values given by NAME=A,B beside an experiment are crossed
with its points.

  momentum sweep experiment=right_momentum scale=smoke
  momentum sweep 'movement.launch_week=range(20,100,10)' replicates=50 name=when
  momentum sweep design=latin_hypercube samples=50 ranges=world replicates=5
  momentum sweep design=csv file=points.csv

{OPTIONS}
and, for a sweep,
  scale=NAME           smoke, laptop (if not given) or full: how much of the experiment
  replicates=N         runs of each point; replicate r has the seed seed + r
  workers=N            processes; as many as there are cores if not given
  time_limit=SECONDS   give up a run that takes longer: it becomes a row with its error
  record_weekly=true   keep every week of every run
  design=NAME          draw worlds: latin_hypercube, sobol, saltelli, morris, one_at_a_time,
                       fractional (with resolution=3, 4 or 5), or csv (with file=PATH)
  samples=N            how many are drawn; trajectories of morris
  ranges=RANGES        what is drawn: world (all that nobody chooses), all, [NAME,NAME] with the
                       ranges declared, or {{NAME:[LOW,HIGH],NAME:null}}; what you set is not drawn
  design_seed=N        luck of the draw; 0 if not given
  refine.budget=N      more replicates, up to N runs in all, where the interval of the emergence
                       probability holds 1/2 (refine.levels=[0.1,0.5,0.9]) and is wider than
                       ± 0.05 (refine.precision=); refine.batch=N: replicates in a round
  --fresh              start anew although runs are stored; they are kept as NAME.old-DATE
                       (fresh=true is the same)
  --dry-run            tell how many runs it is, how long they take and their size; write nothing
  executor=NAME        local (if not given), dask (executor.address=tcp://… for a scheduler that
                       runs already) or slurm (executor.queue=, .cores=, .memory=, .walltime= …)

{HYDRA}""",
    "status": """\
usage: momentum status [RESULT …] [results_dir=PATH]

Tells of each result (momentum list results) whether a sweep is running, by whom and since when; how
many runs are done, failed and left; its rate and the time left; and what share emerged. Without a
name: a line for every result.
""",
    "report": """\
usage: momentum report [RESULT …] [results_dir=PATH]

Writes a page that answers the question of each result (momentum list results). If none is named,
of all results; and RESULTS/index.html, the page of all, with the verdict on every claim.
""",
    "compare": """\
usage: momentum compare RESULT RESULT … [name=NAME] [results_dir=PATH]

Compares results with the first of them: sweeps, published ones (published/NAME), single runs
(runs/NAME), or paths (momentum list results). Says what differs in their set-ups and whether they
can be compared, takes differences at the points that they share, with intervals, and writes
results/compare-NAMES/: report.html, figures, provenance.json. A comparison of the same name is
replaced.

  momentum compare right_momentum published/right_momentum
  momentum compare buytwitter-seed7 buytwitter-seed8 name=luck
""",
    "view": f"""\
usage: momentum view [--port N] [--host H] [--open] [case=NAME] [preset=NAME] [NAME=VALUE …]

Serves the pages in which a movement is watched as it emerges or dies, and results are looked
through, to browsers on this machine. It prints its address; Ctrl-C stops it.

  momentum view
  momentum view case=buytwitter
  momentum view preset=right_momentum users.count=1000 seed=8 --port 8080

{OPTIONS}
options
  --port N             listen on port N (0: any that is free); 8765, or the next free one, if not
                       given
  --host H             listen on H, so that other machines reach it; there is no password
  --open               open the page in a browser
  -cd, --config-dir D  look for cases and presets in folder D too
  -h, --help           print this
""",
    "list": """\
usage: momentum list [experiments|presets|cases|executors|results|parameters] [WORD]
                     [results_dir=PATH]

Lists what there is, with WORD in its line: experiments with their questions, presets, cases and
results. Parameters are listed only when asked for: with default, range, unit and meaning.
""",
    "first-look": """\
usage: momentum first-look [results_dir=PATH] [workers=N] [NAME=VALUE …]

A quick tour: draws the case, sweeps the main experiment and prints what came out.
""",
}
LISTED = ("experiments", "presets", "cases", "executors", "results", "parameters")


class UsageError(ValueError):
    """A command line that cannot be meant; one line."""


@dataclass
class Asked:
    """What stands behind ``run`` or ``sweep``."""

    overrides: list[str] = field(default_factory=list)
    multirun: bool = False
    dry_run: bool = False
    cfg: str | None = None
    info: str | None = None
    config_dir: Path | None = None


def main(
    arguments: Sequence[str] | None = None,
    carry_out: Callable[[list[str]], None] | None = None,
) -> int:
    """Carry out a command and return its exit code; a user's mistake is one line on stderr."""
    if arguments is None:
        arguments = sys.argv[1:]
        _prepare_process()
    try:
        (carry_out or dispatch)(list(arguments))
        _flush()
        return 0
    except KeyboardInterrupt:
        return _fail("stopped", STOPPED)
    except BrokenPipeError:
        _abandon_output()
        return PIPE_CLOSED
    except OSError as error:
        return _fail(_said(error), MISTAKE)
    except MemoryError:
        return _fail("not enough memory; have fewer users (users.count) or workers", MISTAKE)
    except Exception as error:
        if isinstance(error, SystemError) and isinstance(error.__cause__, KeyboardInterrupt):
            return _fail("stopped", STOPPED)  # it came while compiled code ran
        if type(error).__module__.partition(".")[0] in (*OWN, __name__.partition(".")[0]):
            return _fail(str(error), getattr(error, "exit_code", MISTAKE))
        import traceback

        traceback.print_exc()
        return _fail("the lines above show a bug in this program, not a mistake of yours", BUG)


def _prepare_process() -> None:
    """Let nothing but our own lines reach the user, and workers share the cores."""
    import warnings

    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _fail(message: str, code: int) -> int:
    """Say in one line what is wrong."""
    line = " ".join(message.split())
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    if len(line) > LONGEST_LINE:
        line = f"{line[: LONGEST_LINE // 2]} … {line[-LONGEST_LINE // 2 :]}"
    try:
        _flush()
    except OSError:
        _abandon_output()
    print(f"momentum: {line}", file=sys.stderr)
    return code


def _said(error: OSError) -> str:
    if type(error).__module__.partition(".")[0] in OWN or error.strerror is None:
        return str(error)
    reason = error.strerror[:1].lower() + error.strerror[1:]
    if error.errno == errno.ENOSPC:
        reason = "no space left on the disk; make room or choose another results_dir="
    return reason if error.filename is None else f"{error.filename}: {reason}"


def _flush() -> None:
    """Write out what was printed, if there is an output at all."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _abandon_output() -> None:
    """Write no more to an output that nobody reads, not even at exit."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def dispatch(arguments: list[str]) -> None:
    """Carry out a command.

    Raises
    ------
    UsageError, ConfigError and other errors of one line
        For what cannot be meant.
    """
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command in ("-h", "--help", "help"):
        print(HELP[rest[0]] if rest and rest[0] in HELP else USAGE, end="")
    elif command == "--version":
        _print_version()
    elif command in ("--completion", "-sc", "--shell-completion"):
        _completion(rest)
    elif command not in HELP:
        raise UsageError(f"unknown command {command}{_nearest(command, list(HELP))}")
    elif any(word in ("-h", "--help") for word in rest):
        print(HELP[command], end="")
    elif command in ("run", "sweep"):
        _run_or_sweep(command, rest)
    elif command == "view":
        _view(rest)
    elif command == "list":
        _list(rest)
    elif command == "report":
        _report(rest)
    elif command == "compare":
        _compare(rest)
    elif command == "status":
        _status(rest)
    else:
        from experiments import first_look

        first_look.main(rest)


def _nearest(name: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"


def _print_version() -> None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(f"coop-momentum {version('coop-momentum')}")
    except PackageNotFoundError:
        print("coop-momentum, not installed")


# -- run and sweep ---------------------------------------------------------------------------------

FLAGS = {
    "-m": "multirun", "--multirun": "multirun", "-c": "cfg", "--cfg": "cfg", "-i": "info",
    "--info": "info", "-cd": "config_dir", "--config-dir": "config_dir", "--resolve": "resolve",
    "--fresh": "fresh", "--dry-run": "dry_run",
}  # fmt: skip
SHOWN = ("job", "hydra", "all")
TOLD = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")


def read_flags(words: Sequence[str]) -> Asked:
    """Part Hydra's flags from overrides.

    Raises
    ------
    UsageError
        For an unknown flag, or one without its value.
    """
    asked = Asked()
    left = list(words)
    while left:
        word = left.pop(0)
        if not word.startswith("-"):
            asked.overrides.append(word)
            continue
        flag, equals, value = word.partition("=")
        kind = FLAGS.get(flag)
        if kind is None:
            hint = _nearest(flag, [name for name in FLAGS if name.startswith("--")])
            raise UsageError(f"unknown option {flag}{hint}")
        if kind in ("multirun", "resolve", "fresh", "dry_run"):
            if equals:
                raise UsageError(f"{word}: {flag} takes no value")
            asked.multirun |= kind == "multirun"
            asked.dry_run |= kind == "dry_run"
            asked.overrides += ["fresh=true"] if kind == "fresh" else []
            continue
        if not equals and kind == "info":
            value = left.pop(0) if left and left[0] in TOLD else "all"
        elif not equals:
            value = left.pop(0) if left else ""
        known = {"cfg": SHOWN, "info": TOLD}.get(kind)
        if known is not None and value not in known:
            raise UsageError(f"{flag} {value}: one of {', '.join(known)}")
        if not value:
            raise UsageError(f"{flag} needs a folder")
        setattr(asked, kind, Path(value) if kind == "config_dir" else value)
    return asked


def _run_or_sweep(command: str, words: list[str]) -> None:
    asked = read_flags(words)
    from experiments.config import compose
    from experiments.hydra_info import show
    from experiments.overrides import jobs, read

    request = read(asked.overrides, asked.config_dir)
    if command == "run":
        _refuse_unfit_for_run(command, request, asked.multirun)
        if asked.dry_run and not request.swept:
            raise UsageError("--dry-run has no effect in one run; it is for momentum sweep")
    if command == "sweep" or request.swept:
        _refuse_saving(request)
    if (
        command == "sweep"
        and not (request.swept or request.values.keys() & {"replicates", "design"})
        and not (request.chosen.get("experiment") or "experiment" in request.groups)
    ):
        raise UsageError(
            "nothing to sweep: give experiment=NAME (momentum list experiments), several values "
            "as in users.count=500,1000, or replicates=N; for one run, momentum run"
        )
    if command == "run" and request.swept and "replicates" not in request.values:
        asked.overrides.append("replicates=1")
    if "resume" in request.values:
        _resume(asked, request)
        return
    several = jobs(asked.overrides, asked.config_dir)
    composed = [compose(overrides, asked.config_dir) for overrides in several]
    for number, (overrides, settings) in enumerate(zip(several, composed, strict=True)):
        if asked.cfg in ("hydra", "all"):
            show("cfg", asked.cfg, overrides, asked.config_dir)
        elif asked.info is not None:
            show("info", asked.info, overrides, asked.config_dir)
        elif asked.cfg is not None:
            _print_config(settings)
        elif command == "run" and not request.swept:
            print(end="\n" if number else "")
            _run(settings)
        elif asked.dry_run:
            _forecast(settings)
        else:
            _sweep(settings)


def _resume(asked: Asked, request: Request) -> None:
    """Go on from a saved run."""
    from experiments.saved import resumed

    settings, start = resumed(asked.overrides, asked.config_dir)
    if asked.cfg is not None or asked.info is not None:
        _print_config(settings)
    else:
        _run(settings, start)


def _refuse_unfit_for_run(command: str, request: Request, multirun: bool) -> None:
    """Refuse what is understood but has no effect in the one run of a command."""
    experiment = request.chosen.get("experiment")
    if experiment is not None or "experiment" in request.groups:
        name = experiment or ",".join(request.groups["experiment"])
        raise UsageError(
            f"experiment={name}: {command} makes one run; momentum sweep experiment={name}"
        )
    several = {**request.groups, **request.swept}
    if several and not multirun:
        name, values = next(iter(several.items()))
        raise UsageError(
            f"{name}={','.join(map(str, values[:3]))}{',…' if len(values) > 3 else ''}: "
            f"{command} makes one run; for several values, run -m or momentum sweep"
        )
    from experiments.schema import SAMPLED

    more = ("scale", "replicates", "workers", "record_weekly", "fresh", "time_limit", *SAMPLED)
    given = [
        name for name in request.values if name in more or name.startswith(("executor.", "refine."))
    ]
    given += ["executor"] if "executor" in request.chosen else []
    if given and not request.swept:
        raise UsageError(f"{given[0]}= has no effect in one run; it is for momentum sweep")
    if command != "run":
        _refuse_saving(request)


def _refuse_saving(request: Request) -> None:
    for name in ("save_week", "resume"):
        if name in request.values:
            raise UsageError(f"{name}= has no effect here; it is for momentum run of one world")


def _print_config(settings: Settings) -> None:
    """Print the resolved configuration."""
    import yaml

    print(yaml.safe_dump(settings.resolved, sort_keys=False, allow_unicode=True), end="")


def _run(settings: Settings, start: Saved | None = None) -> None:
    from experiments.execute import COMPILING, is_cold
    from experiments.run import run_once, tell

    if is_cold():
        print(COMPILING, file=sys.stderr, flush=True)
    print(tell(run_once(settings, start), settings))


def _sweep(settings: Settings) -> None:
    from experiments.store import shown
    from experiments.sweep import run_sweep

    folder = run_sweep(settings)
    print(f"Runs:   {shown(folder)}/")
    print(f"Report: momentum report {folder.name}{_elsewhere(settings)}")


def _forecast(settings: Settings) -> None:
    from experiments.execute import COMPILING, is_cold
    from experiments.forecast import forecast, tell

    if is_cold():
        print(COMPILING, file=sys.stderr, flush=True)
    print(tell(forecast(settings)))


def _elsewhere(settings: Settings) -> str:
    """Return what else ``report`` must be told."""
    import shlex

    told = [text for text in settings.overrides if text.startswith("results_dir=")]
    return f" {shlex.join(told)}" if told else ""


# -- view -----------------------------------------------------------------------------------------


def _view(words: list[str]) -> None:
    from view.server import read_options, serve

    options, words = read_options(words)
    asked = read_flags(words)
    from experiments.config import compose
    from experiments.overrides import read

    _refuse_unfit_for_run("view", read(asked.overrides, asked.config_dir), False)
    settings = compose(asked.overrides, asked.config_dir)
    if asked.cfg is not None:
        _print_config(settings)
    else:
        serve(settings, options)


# -- list and report -------------------------------------------------------------------------------


def _list(words: list[str]) -> None:
    from experiments.config import RESULTS

    results, kinds, search = RESULTS, [], ""
    for word in words:
        if word.startswith("results_dir="):
            results = Path(word.partition("=")[2]).expanduser()
        elif word.startswith("-") or "=" in word:
            raise UsageError(f"{word}: list takes {', '.join(LISTED)}, a word and results_dir=PATH")
        elif word in LISTED:
            kinds.append(word)
        elif search or (not kinds and len(words) == 1):
            raise UsageError(f"unknown list {word}{_nearest(word, LISTED)}")
        else:
            search = word.lower()
    several = len(kinds) != 1
    for kind in kinds or LISTED[:-1]:
        rows = [row for row in _rows(kind, results) if search in " ".join(row).lower()]
        width = max((len(name) for name, _ in rows), default=0)
        if several:
            print(f"{kind}")
        for name, text in rows:
            print(f"{'  ' if several else ''}{name:<{width}}  {text}".rstrip())
        if not rows:
            print(f"{'  ' if several else ''}none")
        if several and kind != (kinds or LISTED[:-1])[-1]:
            print()


def _rows(kind: str, results: Path) -> list[tuple[str, str]]:
    """Return names with what they are."""
    from experiments.overrides import file_of, names_of

    if kind == "parameters":
        return _parameter_rows()
    if kind == "results":
        return _result_rows(results)
    group = kind.removesuffix("s")
    files = {name: file_of(group, name) for name in names_of(group)}
    if group in ("preset", "executor"):
        return [(name, _comment(file)) for name, file in files.items()]
    key = {"experiment": "question", "case": "title"}[group]
    return [(name, _entry(file, key)) for name, file in files.items()]


def _comment(file: Path) -> str:
    """Return the first comment of a file that is not an instruction to Hydra."""
    lines = file.read_text(encoding="utf-8").splitlines()
    texts = [line.lstrip("# ") for line in lines if line.startswith("#")]
    return next((text for text in texts if not text.startswith("@")), "")


def _entry(file: Path, key: str) -> str:
    import yaml

    try:
        written = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return "(not readable as YAML)"
    return " ".join(str((written or {}).get(key) or "").split())


def _parameter_rows() -> list[tuple[str, str]]:
    from enum import Enum

    from sim.parameters import declarations

    rows = []
    for name, declaration in declarations().items():
        default, told = declaration.default, declaration.metadata
        value = default.value if isinstance(default, Enum) else default
        span = told["plausible"]
        if isinstance(default, Enum):
            unit = ", ".join(choice.value for choice in type(default))
        elif span is not None:
            unit = f"{told['unit']}, plausibly {span[0]:g} to {span[1]:g}"
        else:
            unit = told["unit"]
        rows.append((f"{name}={value}", f"{told['meaning']} [{unit}]"))
    return rows


def _result_rows(results: Path) -> list[tuple[str, str]]:
    """Return sweeps, then single runs, with their dates."""
    import json

    def started(folder: Path) -> str:
        try:
            told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
            part = "" if told.get("complete", True) else "incomplete  "
            return f"{str(told['started'])[:10]}  {part}{told['command']}"
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    sweeps = sorted(path.parent for path in results.glob("*/design.json"))
    published = sorted(path.parent for path in results.glob("published/*/provenance.json"))
    runs = sorted(path.parent for path in results.glob("runs/*/outcome.json"))
    folders = [folder for folder in [*sweeps, *published, *runs] if folder.name[0] != "."]
    return [(folder.relative_to(results).as_posix(), started(folder)) for folder in folders]


def _named(command: str, words: list[str]) -> tuple[list[str], Path]:
    """Return the results a command is given, and the folder they are in."""
    from experiments.config import RESULTS

    results = RESULTS
    names = []
    for word in words:
        if word.startswith("results_dir="):
            results = Path(word.partition("=")[2]).expanduser()
        elif word.startswith("-") or "=" in word:
            raise UsageError(f"{word}: {command} takes names of results and results_dir=PATH")
        else:
            names.append(word)
    return names, results


def _status(words: list[str]) -> None:
    """Tell how far results are."""
    names, results = _named("status", words)
    from experiments.status import in_a_line, read_status, tell
    from experiments.store import open_result

    if names:
        for name in names:
            print(tell(read_status(open_result(name, results).path)))
        return
    folders = [path.parent for path in sorted(results.glob("*/design.json"))]
    width = max((len(folder.name) for folder in folders), default=0)
    for folder in folders:
        print(f"{folder.name:<{width}}  {in_a_line(read_status(folder))}")
    if not folders:
        print(f"no result in {results}")


def _report(words: list[str]) -> None:
    """Write the report of each result named; or of all, and the page of all."""
    from experiments.store import open_result, shown

    names, results = _named("report", words)
    if names:
        found = [open_result(name, results) for name in names]
        from experiments.report.of_result import write_report

        for result in found:
            print(shown(write_report(result).path), flush=True)
        return
    if not any(results.glob("*/design.json")):
        raise UsageError(f"no result in {results}: make one by momentum sweep experiment=NAME")
    from experiments.report.of_all import write_all

    for path in write_all(results):
        print(shown(path), flush=True)


def _compare(words: list[str]) -> None:
    """Compare results: print what came out and where the page is."""
    given = [word for word in words if word.startswith("name=")]
    names, results = _named("compare", [word for word in words if word not in given])
    from experiments.compare import answer, compare, write
    from experiments.sides import read_sides
    from experiments.store import shown

    comparison = compare(read_sides(names, results))
    page = write(comparison, results, given[-1].partition("=")[2] if given else None, words)
    for line in answer(comparison):
        print(line)
    print(f"The page: {shown(page)}")


# -- completion ------------------------------------------------------------------------------------


def _completion(words: list[str]) -> None:
    """Print what makes a shell complete our command line, or answer a shell that asks."""
    what = words[0] if words else ""
    if what.startswith("query="):
        line = os.environ.get("COMP_LINE", "")
        point = os.environ.get("COMP_POINT", "").strip()
        print(" ".join(completions(line[: int(point)] if point.isdecimal() else line)))
        return
    from experiments.hydra_info import completion_script

    own, sys.argv[0] = sys.argv[0], "momentum"
    try:
        completion_script(what.removeprefix("install="))
    finally:
        sys.argv[0] = own


def completions(line: str) -> list[str]:
    """Return what the last word of a command line may become."""
    words = line.split()[1:]
    if not words or line.endswith(" "):
        words.append("")
    word = words[-1]
    if len(words) == 1:
        return [name for name in (*HELP, "--help", "--version") if name.startswith(word)]
    command = words[0]
    if command == "list":
        return [name for name in LISTED if name.startswith(word)]
    if command == "compare":
        from experiments.config import RESULTS
        from experiments.sides import known

        given = [text for text in words if text.startswith("results_dir=")]
        results = Path(given[-1].partition("=")[2]).expanduser() if given else RESULTS
        names = [*known(results), "name=", "results_dir="]
        return [name for name in names if name.startswith(word) and name not in words[1:-1]]
    if command in ("report", "status"):
        from experiments.config import RESULTS

        names = [name for name, _ in _result_rows(RESULTS)]
        return [name for name in names if name.startswith(word)]
    if command not in ("run", "sweep", "view"):
        return []
    if word.startswith("-"):
        return [flag for flag in (*FLAGS, "--help") if flag.startswith(word)]
    from experiments.hydra_info import complete

    return complete(word)


if __name__ == "__main__":
    sys.exit(main())
