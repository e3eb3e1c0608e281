"""How a shell completes the command line: what it installs, and what it is answered."""

from __future__ import annotations

import os
import shlex
import sys
from itertools import pairwise
from pathlib import Path

from experiments.cli.help import LISTS, SUMMARY, TOPICS
from experiments.cli.parser import UsageError, parser_of

FILES = (
    "case.file=", "cases.file=", "network.edge_list=", "file=", "results_dir=", "-cd",
    "--config-dir",
)  # fmt: skip
"""What is followed by a path, which the shell completes itself."""

INSTALL = {
    "bash": """\
_momentum() {{
    local IFS=$'\\n'
    COMPREPLY=($(COMP_LINE=$COMP_LINE COMP_POINT=$COMP_POINT {command} -sc query=bash "$2"))
}}
complete -o nospace -o default -F _momentum momentum
""",
    "zsh": """\
(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit }}
_momentum() {{
    local -a replies
    replies=(${{(f)"$(COMP_LINE=$LBUFFER COMP_POINT=${{#LBUFFER}} {command} -sc query=zsh)"}})
    if (( $#replies )); then
        compadd -S '' -- $replies
    else
        compset -P '*='
        _files
    fi
}}
compdef _momentum momentum
""",
    "fish": """\
function _momentum
    set -l line (commandline -cp)
    set -l replies (COMP_LINE=$line {command} -sc query=fish)
    if test -n "$replies"
        printf '%s\\n' $replies
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c momentum -f -a '(_momentum)'
""",
}
UNINSTALL = {
    "bash": "complete -r momentum; unset -f _momentum\n",
    "zsh": "compdef -d momentum; unfunction _momentum\n",
    "fish": "complete -e -c momentum; functions -e _momentum\n",
}
HOW = {
    "bash": '# in ~/.bashrc: eval "$({command} --completion bash)"\n',
    "zsh": '# in ~/.zshrc: eval "$({command} --completion zsh)"\n',
    "fish": "# in ~/.config/fish/config.fish: {command} --completion fish | source\n",
}


def answer(words: list[str]) -> None:
    """Print the lines by which a shell completes ``momentum``, or answer a shell that asks.

    Parameters
    ----------
    words
        ``SHELL`` or, as for Hydra, ``install=SHELL``, ``uninstall=SHELL`` or ``query=SHELL`` and
        the part of the word that the shell replaces.

    Raises
    ------
    UsageError
        For a shell that is not known.
    """
    what, _, shell = (words[0] if words else "").rpartition("=")
    if what not in ("", "install", "uninstall", "query") or shell not in INSTALL:
        given = " ".join(words) or "SHELL"
        raise UsageError(f"--completion {given}: give one of {', '.join(INSTALL)}")
    if what == "query":
        line = os.environ.get("COMP_LINE", "")
        point = os.environ.get("COMP_POINT", "").strip()
        line = line[: int(point)] if point.isdecimal() else line
        replaced = len(words[1]) if len(words) > 1 else None
        start = 0 if replaced is None else len(_words(line)[-1]) - replaced
        print("".join(f"{reply[start:]}\n" for reply in completions(line)), end="")
    elif what == "uninstall":
        print(UNINSTALL[shell], end="")
    else:
        print((HOW[shell] + INSTALL[shell]).format(command=_command()), end="")


def _command() -> str:
    """Return how this program is called, whatever the current folder; for a shell."""
    script = Path(sys.argv[0])
    if script.name == "momentum":
        return shlex.quote(str(script.absolute()))
    return f"{shlex.quote(sys.executable)} -m experiments"


def _words(line: str) -> list[str]:
    """Return the words of a line as a shell reads them; the last may be empty or half quoted."""
    for end in ("", "'", '"'):
        try:
            words = shlex.split(f"{line}\0{end}")
        except ValueError:
            continue
        return [word.rstrip("\0") for word in words]
    return [""]


def completions(line: str) -> list[str]:
    """Return what the last word of a command line may become.

    Nothing is returned where a path is expected: shells complete paths themselves.

    Examples
    --------
    >>> completions("momentum sw")
    ['sweep']
    """
    _, *words = [*_words(line), ""][: max(len(_words(line)), 2)]
    word = words[-1]
    if len(words) == 1:
        return [name for name in (*SUMMARY, "--help", "--version") if name.startswith(word)]
    command = words[0]
    if command == "help":
        return [name for name in (*TOPICS, *SUMMARY) if name.startswith(word)]
    if command not in SUMMARY or words[-2] in FILES or word.startswith(FILES):
        return []
    return [name for name in _known(command, words) if name.startswith(word)]


def _known(command: str, words: list[str]) -> list[str]:
    """Return all that the last word of a command may be."""
    word = words[-1]
    if word.startswith("-"):
        return parser_of(command).flags()
    if command == "list":
        return [*LISTS, "results_dir="]
    if command in ("compare", "report", "status"):
        from experiments.places import RESULTS, expand_user
        from experiments.store.catalog import comparable, results_in

        given = [text.partition("=")[2] for text in words if text.startswith("results_dir=")]
        results = expand_user(given[-1]) if given else RESULTS
        names = comparable(results) if command == "compare" else list(results_in(results))
        own = {"compare": ["name="], "report": ["figures=paper"]}.get(command, [])
        more = [*own, "results_dir="]
        return [name for name in [*names, *more] if name not in words[1:-1]]
    from experiments.config.choices import GROUPS, names_of
    from experiments.config.composition import complete

    folders = [Path(folder) for flag, folder in pairwise(words) if flag in FILES]
    own = [
        f"{group}={name}"
        for group in GROUPS
        if folders and word.startswith(f"{group}=")
        for name in names_of(group, folders[-1])
    ]
    return own or complete(word)
