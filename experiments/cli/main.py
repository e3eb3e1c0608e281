"""The command line: ``momentum COMMAND …``; nothing heavy is imported before it is needed."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli.help import HELP, USAGE
from experiments.errors import MomentumError, MomentumWarning, did_you_mean
from experiments.text import echo

if TYPE_CHECKING:
    from experiments.config.overrides import Request
    from experiments.config.settings import Settings
    from experiments.execution.checkpoint import Saved

MISTAKE, BUG, STOPPED, PIPE_CLOSED = 2, 1, 130, 141  # exit codes
LONGEST_LINE = 600  # characters of a message

LISTED = ("experiments", "presets", "cases", "executors", "results", "parameters")


class UsageError(MomentumError, ValueError):
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
    except MomentumError as error:
        return _fail(str(error), error.exit_code)
    except OSError as error:
        return _fail(_said(error), MISTAKE)
    except MemoryError:
        return _fail("not enough memory; have fewer users (users.count) or workers", MISTAKE)
    except Exception as error:
        if isinstance(error, SystemError) and isinstance(error.__cause__, KeyboardInterrupt):
            return _fail("stopped", STOPPED)  # it came while compiled code ran
        import traceback

        traceback.print_exc()
        return _fail("the lines above show a bug in this program, not a mistake of yours", BUG)


def _prepare_process() -> None:
    """Let nothing but our own lines reach the user, and workers share the cores.

    Who is told to end, as by a batch system or a terminal that closes, ends as by Ctrl-C.
    """
    import signal
    import warnings

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    for told in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(told) is signal.SIG_DFL:  # nohup ignores the other
            signal.signal(told, end)

    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    if not sys.warnoptions:
        os.environ["PYTHONWARNINGS"] = "ignore"  # in workers, which repeat what is said here
        warnings.simplefilter("ignore")
        warnings.simplefilter("default", MomentumWarning)
        warnings.showwarning = _show_warning
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _fail(message: str, code: int) -> int:
    """Say in one line what is wrong."""
    try:
        _flush()
    except OSError:
        _abandon_output()
    echo(f"momentum: {_one_line(message)}", sys.stderr)
    return code


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    echo(f"momentum: warning: {_one_line(str(message))}", sys.stderr)


def _one_line(message: str) -> str:
    """Return a message as one line of printable characters, shortened in the middle."""
    line = " ".join(message.split())
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    if len(line) > LONGEST_LINE:
        line = f"{line[: LONGEST_LINE // 2]} … {line[-LONGEST_LINE // 2 :]}"
    return line


def _said(error: OSError) -> str:
    if error.strerror is None:
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
        otherwise = f"; there are {', '.join(HELP)}"
        raise UsageError(f"unknown command {command}{did_you_mean(command, HELP, otherwise)}")
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
        from experiments.cli import first_look

        first_look.main(rest)


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
    "--fresh": "fresh", "--retry-failed": "retry_failed", "--dry-run": "dry_run",
}  # fmt: skip
SHOWN = ("job", "hydra", "all")
TOLD = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")


def read_flags(words: Sequence[str], others: Sequence[str] = ()) -> Asked:
    """Part Hydra's flags from overrides.

    Parameters
    ----------
    words
        As on the command line.
    others
        Further flags that the command has, to be suggested.

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
            known = [*others, *(name for name in FLAGS if name.startswith("--"))]
            hint = did_you_mean(flag, known, f"; there are {', '.join(known)}")
            raise UsageError(f"unknown option {flag}{hint}")
        if kind in ("multirun", "resolve", "fresh", "retry_failed", "dry_run"):
            if equals:
                raise UsageError(f"{word}: {flag} takes no value")
            asked.multirun |= kind == "multirun"
            asked.dry_run |= kind == "dry_run"
            asked.overrides += [f"{kind}=true"] if kind in ("fresh", "retry_failed") else []
            continue
        if not equals and kind == "info":
            value = left.pop(0) if left and left[0] in TOLD else "all"
        elif not equals:
            value = left.pop(0) if left else ""
        choices = {"cfg": SHOWN, "info": TOLD}.get(kind)
        if choices is not None and value not in choices:
            raise UsageError(f"{flag} {value}: one of {', '.join(choices)}")
        if not value:
            raise UsageError(f"{flag} needs a folder")
        setattr(asked, kind, Path(value) if kind == "config_dir" else value)
    return asked


def _run_or_sweep(command: str, words: list[str]) -> None:
    asked = read_flags(words)
    from experiments.config.hydra_info import show
    from experiments.config.overrides import jobs, read
    from experiments.config.settings import compose

    request = read(asked.overrides, asked.config_dir)
    if command == "run":
        _refuse_unfit_for_run(command, request, asked.multirun)
        if asked.dry_run and not request.swept:
            raise UsageError("--dry-run has no effect in one run; it is for momentum sweep")
    if command == "sweep" or request.swept:
        _refuse_saving(request)
    if command == "run" and request.swept and "replicates" not in request.values:
        asked.overrides.append("replicates=1")
    if "resume" in request.values:
        _resume(asked, request)
        return
    several = jobs(asked.overrides, asked.config_dir)
    composed = [compose(overrides, asked.config_dir) for overrides in several]
    if (
        command == "sweep"
        and not (request.swept or request.values.keys() & {"replicates", "design"})
        and not (request.chosen.get("experiment") or "experiment" in request.groups)
    ):
        raise UsageError(
            "nothing to sweep: give experiment=NAME (momentum list experiments), several values "
            "as in users.count=500,1000, or replicates=N; for one run, momentum run"
        )
    if len(several) > 1 and (command == "sweep" or request.swept):
        _refuse_same_name(composed, request)
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


def _refuse_same_name(composed: Sequence[Settings], request: Request) -> None:
    """Refuse several sweeps that would be one result."""
    from experiments.execution.plan import name_of

    names = [name_of(settings) for settings in composed]
    if len(set(names)) < len(names):
        groups = " and ".join(request.groups)
        raise UsageError(
            f"all of these {len(names)} sweeps would be {names[0]}: give name=NAME, to which the "
            f"{groups} is added"
        )


def _resume(asked: Asked, request: Request) -> None:
    """Go on from a saved run."""
    from experiments.execution.checkpoint import resumed

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
    from experiments.config.schema import SAMPLED

    more = (
        "scale",
        "replicates",
        "workers",
        "record_weekly",
        "fresh",
        "retry_failed",
        "time_limit",
        *SAMPLED,
    )
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
    from experiments.execution.single_run import run_once, tell
    from experiments.execution.worker import COMPILING, is_cold

    if is_cold():
        print(COMPILING, file=sys.stderr, flush=True)
    print(tell(run_once(settings, start), settings))


def _sweep(settings: Settings) -> None:
    from experiments.execution.sweep import run_sweep
    from experiments.store.layout import display_path

    folder = run_sweep(settings)
    print(f"Runs:   {display_path(folder)}/")
    print(f"Report: momentum report {folder.name}{_elsewhere(settings)}")


def _forecast(settings: Settings) -> None:
    from experiments.execution.forecast import forecast, tell
    from experiments.execution.worker import COMPILING, is_cold

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
    from view.server import OPTIONS, read_options, serve

    options, words = read_options(words)
    asked = read_flags(words, OPTIONS)
    from experiments.config.overrides import read
    from experiments.config.settings import compose

    _refuse_unfit_for_run("view", read(asked.overrides, asked.config_dir), False)
    settings = compose(asked.overrides, asked.config_dir)
    if asked.cfg is not None:
        _print_config(settings)
    else:
        serve(settings, options)


# -- list and report -------------------------------------------------------------------------------


def _list(words: list[str]) -> None:
    from experiments.cli.listing import rows_of
    from experiments.config.settings import RESULTS

    results, kinds, search = RESULTS, [], ""
    for word in words:
        if word.startswith("results_dir="):
            results = _given_folder(word)
        elif word.startswith("-") or "=" in word:
            raise UsageError(f"{word}: list takes {', '.join(LISTED)}, a word and results_dir=PATH")
        elif word in LISTED:
            kinds.append(word)
        elif search or (not kinds and len(words) == 1):
            otherwise = f"; there are {', '.join(LISTED)}"
            raise UsageError(f"unknown list {word}{did_you_mean(word, LISTED, otherwise)}")
        else:
            search = word.lower()
    several = len(kinds) != 1
    unread: list[str] = []
    for kind in kinds or LISTED[:-1]:
        rows = [row for row in rows_of(kind, results, unread) if search in " ".join(row).lower()]
        width = max((len(name) for name, _ in rows), default=0)
        if several:
            print(f"{kind}")
        for name, text in rows:
            print(f"{'  ' if several else ''}{name:<{width}}  {text}".rstrip())
        if not rows:
            print(f"{'  ' if several else ''}none")
        if several and kind != (kinds or LISTED[:-1])[-1]:
            print()
    if unread:
        raise UsageError("; ".join(unread))


def _given_folder(word: str) -> Path:
    """Return the folder of results that a word names."""
    given = word.partition("=")[2]
    folder = Path(given).expanduser()
    if not given:
        raise UsageError(f"{word}: no value; leave results_dir out for the project's results")
    if not folder.is_dir():
        raise UsageError(f"{word}: {'is no folder' if folder.exists() else 'no such folder'}")
    return folder


def _named(command: str, words: list[str]) -> tuple[list[str], Path]:
    """Return the results a command is given, and the folder they are in."""
    from experiments.config.settings import RESULTS

    results = RESULTS
    names = []
    for word in words:
        if word.startswith("results_dir="):
            results = _given_folder(word)
        elif word.startswith("-") or "=" in word:
            raise UsageError(f"{word}: {command} takes names of results and results_dir=PATH")
        else:
            names.append(word)
    return names, results


def _status(words: list[str]) -> None:
    """Tell how far results are."""
    names, results = _named("status", words)
    from experiments.cli.listing import result_folders
    from experiments.execution.status import in_a_line, read_status, tell
    from experiments.store.layout import StoreError

    if names:
        from experiments.store.catalog import find

        for name in names:
            print(tell(read_status(find(name, results), name)))
        return
    folders = result_folders(results)
    width = max(map(len, folders), default=0)
    unread = []
    for name, folder in folders.items():
        try:
            line = in_a_line(read_status(folder))
        except StoreError as problem:
            unread.append(str(problem))
            line = "damaged"
        print(f"{name:<{width}}  {line}", flush=True)
    if not folders:
        print(f"no result in {results}")
    if unread:
        raise UsageError("; ".join(unread))


def _report(words: list[str]) -> None:
    """Write the report of each result named; or of all, and the page of all."""
    from experiments.store.catalog import open_result
    from experiments.store.layout import display_path

    names, results = _named("report", words)
    if names:
        found = [open_result(name, results) for name in names]
        from experiments.report.result_page import write_report

        for result in found:
            print(display_path(write_report(result).path), flush=True)
        return
    if not any(results.glob("*/design.json")):
        raise UsageError(f"no result in {results}: make one by momentum sweep experiment=NAME")
    from experiments.report.index_page import write_all

    for path in write_all(results):
        print(display_path(path), flush=True)


def _compare(words: list[str]) -> None:
    """Compare results: print what came out and where the page is."""
    given = [word for word in words if word.startswith("name=")]
    names, results = _named("compare", [word for word in words if word not in given])
    from experiments.comparison.compare import answer, compare, write
    from experiments.comparison.sides import read_sides
    from experiments.store.layout import display_path

    comparison = compare(read_sides(names, results))
    page = write(comparison, results, given[-1].partition("=")[2] if given else None, words)
    for line in answer(comparison):
        print(line)
    print(f"The page: {display_path(page)}")


# -- completion ------------------------------------------------------------------------------------


def _completion(words: list[str]) -> None:
    """Print what makes a shell complete our command line, or answer a shell that asks."""
    what = words[0] if words else ""
    if what.startswith("query="):
        line = os.environ.get("COMP_LINE", "")
        point = os.environ.get("COMP_POINT", "").strip()
        print(" ".join(completions(line[: int(point)] if point.isdecimal() else line)))
        return
    from experiments.config.hydra_info import completion_script

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
        from experiments.config.settings import RESULTS
        from experiments.store.catalog import comparable

        given = [text for text in words if text.startswith("results_dir=")]
        results = Path(given[-1].partition("=")[2]).expanduser() if given else RESULTS
        names = [*comparable(results), "name=", "results_dir="]
        return [name for name in names if name.startswith(word) and name not in words[1:-1]]
    if command in ("report", "status"):
        from experiments.cli.listing import result_rows
        from experiments.config.settings import RESULTS

        names = [name for name, _ in result_rows(RESULTS, [])]
        return [name for name in names if name.startswith(word)]
    if command not in ("run", "sweep", "view"):
        return []
    if word.startswith("-"):
        return [flag for flag in (*FLAGS, "--help") if flag.startswith(word)]
    from experiments.config.hydra_info import complete

    return complete(word)
