"""The command line: ``momentum COMMAND …``; nothing heavy is imported before it is needed."""

from __future__ import annotations

import errno
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence

from experiments.cli.help import LISTS, SUMMARY, TOPICS, USAGE
from experiments.cli.parser import UsageError, parse, parser_of
from experiments.errors import MomentumError, MomentumWarning, did_you_mean
from experiments.places import HELP
from experiments.text import echo

BUG, STOPPED, PIPE_CLOSED = 1, 130, 141  # exit codes
MISTAKE = MomentumError.exit_code
LONGEST_LINE = 600  # characters of a message


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
        page = f" (momentum help {error.topic})" if error.topic else ""
        return _fail(f"{error}{page}", error.exit_code)
    except OSError as error:
        return _fail(_describe(error), MISTAKE)
    except MemoryError:
        return _fail("not enough memory; have fewer users (users.count) or workers", MISTAKE)
    except Exception as error:
        if _came_of_an_interruption(error):
            return _fail("stopped", STOPPED)
        import traceback

        traceback.print_exc()
        return _fail("the lines above show a bug in this program, not a mistake of yours", BUG)


def _came_of_an_interruption(error: BaseException | None) -> bool:
    """Whether Ctrl-C led to an error, as in compiled code, or in a library that tidied up."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def dispatch(arguments: list[str]) -> None:
    """Carry out a command.

    Raises
    ------
    MomentumError
        For what cannot be meant.
    """
    command, *rest = arguments or ["--help"]
    if command == "help" and rest:
        echo(_explain(rest[0]), end="")
    elif command in ("-h", "--help", "help"):
        echo(USAGE, end="")
    elif command == "--version":
        echo(_version())
    elif command in ("--completion", "-sc", "--shell-completion"):
        from experiments.cli.completion import answer

        answer(rest)
    elif command not in SUMMARY:
        known = f"; there are {', '.join(SUMMARY)}"
        raise UsageError(f"unknown command {command}{did_you_mean(command, SUMMARY, known)}")
    elif any(word in ("-h", "--help") for word in rest):
        echo(parser_of(command).format_help(), end="")
    else:
        asked = parse(command, rest)
        from experiments.cli.commands import COMMANDS

        COMMANDS[command](asked)


def _explain(word: str) -> str:
    """Return the page of a topic, or the help of a command."""
    if word in TOPICS:
        return (HELP / f"{word}.md").read_text(encoding="utf-8")
    if word in SUMMARY:
        return parser_of(word).format_help()
    if word in LISTS:
        raise UsageError(f"no help on {word}; momentum list {word} names them")
    known = [*SUMMARY, *TOPICS]
    raise UsageError(
        f"no help on {word}{did_you_mean(word, known, f'; there are {", ".join(TOPICS)}')}"
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"coop-momentum {version('coop-momentum')}"
    except PackageNotFoundError:
        return "coop-momentum, not installed"


def _prepare_process() -> None:
    """Let only our own lines reach the user, share the cores, and end as by Ctrl-C when asked to.

    A batch system ends a process by SIGTERM, a terminal that closes by SIGHUP.
    """

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores SIGHUP
            signal.signal(number, end)
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    # Where colorama is installed, Numba would end every output by a code that resets colours.
    os.environ.setdefault("NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING", "1")
    if not sys.warnoptions:
        os.environ["PYTHONWARNINGS"] = "ignore"  # in workers, which would repeat what is said here
        warnings.simplefilter("ignore")
        warnings.simplefilter("default", MomentumWarning)
        warnings.showwarning = _show_warning
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    echo(f"momentum: warning: {_one_line(str(message))}", sys.stderr)


def _fail(message: str, code: int) -> int:
    """Say in one line what is wrong."""
    try:
        _flush()
    except OSError:
        _abandon_output()
    echo(f"momentum: {_one_line(message)}", sys.stderr)
    return code


def _one_line(message: str) -> str:
    """Return a message as one line of printable characters, shortened in the middle."""
    line = " ".join(message.split())
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    if len(line) > LONGEST_LINE:
        line = f"{line[: LONGEST_LINE // 2]} … {line[-LONGEST_LINE // 2 :]}"
    return line


def _describe(error: OSError) -> str:
    """Return what an error of the operating system means."""
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
