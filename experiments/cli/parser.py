"""The grammar of the command line: the commands, their options and their help."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from experiments.cli.help import DESCRIPTIONS, EPILOGUES, LISTS, USAGES
from experiments.errors import MomentumError, did_you_mean
from experiments.places import expand_user

CONFIG_SHOWN = ("job", "hydra", "all")
HIDDEN = argparse.SUPPRESS
INFO_SHOWN = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")


class UsageError(MomentumError, ValueError):
    """A command line that cannot be meant; one line."""


class Parser(argparse.ArgumentParser):
    """The parser of a command; what cannot be meant raises `UsageError`."""

    def error(self, message: str) -> NoReturn:
        """Refuse a command line."""
        text = message.removeprefix("argument ")
        raise UsageError(text.replace("ignored explicit argument", "takes no value, so not"))

    def flags(self) -> list[str]:
        """Return the long options."""
        return [flag for flag in self._option_string_actions if flag.startswith("--")]


def parser_of(command: str) -> Parser:
    """Return the parser of a command."""
    parser = Parser(
        prog=f"momentum {command}",
        usage=USAGES[command].format(
            lists="|".join(LISTS[:3]) + "|\n" + " " * 21 + "|".join(LISTS[3:])
        ),
        description=DESCRIPTIONS[command],
        epilog=EPILOGUES.get(command),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", default=[], help=HIDDEN)
    add = parser.add_argument
    if command == "view":
        add("--port", metavar="N", help="listen on port N (8765, or the next free one; 0: any)")
        where = "listen on H: other machines reach it, and there is no password"
        add("--host", metavar="H", default="127.0.0.1", help=where)
        name = "answer to NAME too, as in http://NAME:8765/, not only to its addresses and the name"
        name += " of this machine; may be given several times"
        add("--allow-host", metavar="NAME", action="append", default=[], help=name)
        add("--open", action="store_true", help="open the page in a browser")
    if command in ("run", "sweep", "view", "list"):
        where = "look for cases, presets and experiments in folder D too"
        add("-cd", "--config-dir", metavar="D", type=_folder, help=where)
    if command in ("run", "sweep", "view"):
        shown = "print the resolved configuration and stop (job; hydra, all: Hydra's own)"
        add("-c", "--cfg", choices=CONFIG_SHOWN, metavar="WHAT", help=shown)
        add("--resolve", action="store_true", help="with --cfg: it is always resolved")
    if command in ("run", "sweep"):
        composed = "print how Hydra composed it and stop (defaults, searchpath, plugins, …)"
        add(
            "-i", "--info", nargs="?", const="all", choices=INFO_SHOWN, metavar="WHAT",
            help=composed,
        )  # fmt: skip
        several = "several values at once: NAME=A,B"
        add("-m", "--multirun", action="store_true", help=several)
        sweep_only = "say how many runs it is, how long they take and their size; write nothing"
        add("--dry-run", action="store_true", help=sweep_only if command == "sweep" else HIDDEN)
    if command in ("run", "sweep", "advise"):
        not_run = "start anew although runs are stored; they are kept as NAME.old-DATE"
        add("--fresh", action="store_true", help=HIDDEN if command == "run" else not_run)
        not_run = "do the runs again that failed (retry_failed=true)"
        add("--retry-failed", action="store_true", help=HIDDEN if command == "run" else not_run)
    return parser


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("needs a folder")
    try:
        return expand_user(text)
    except MomentumError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parse(command: str, words: Sequence[str]) -> argparse.Namespace:
    """Return what a command is asked to do; ``words`` are its arguments without the options.

    Raises
    ------
    UsageError
        For an unknown option, or one without its value.
    """
    parser = parser_of(command)
    for word in words:
        name, equals, _ = word.partition("=")
        if equals and re.match(r"-[^-]{3}", name):  # argparse would take its letters for options
            raise UsageError(f"unknown option {name}; a setting has no dash: {name[1:]}=VALUE")
    asked, unknown = parser.parse_known_intermixed_args(words)
    asked.words += [
        f"{name}=true" for name in ("fresh", "retry_failed") if getattr(asked, name, False)
    ]
    if unknown:
        flag = unknown[0].partition("=")[0]
        known = parser.flags()
        raise UsageError(
            f"unknown option {flag}{did_you_mean(flag, known, f'; there are {", ".join(known)}')}"
        )
    return asked
