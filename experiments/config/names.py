"""Where results go: the name of a result and the folder of all."""

from __future__ import annotations

import os
import re
from pathlib import Path

from experiments import places
from experiments.config.choices import ConfigError
from experiments.places import expand_user

RESERVED_NAMES = ("published", "runs", "claims")
NAME = re.compile(r"\w[\w.+-]*")
LONGEST_NAME = 100


def check_name(name: str) -> None:
    """Refuse a name that cannot be a result's folder.

    Raises
    ------
    ConfigError
        Saying what a name may be.
    """
    if name in RESERVED_NAMES:
        raise ConfigError(f"name={name}: this folder of results has another use; take another name")
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or ".." in name:
        raise ConfigError(
            f"name={name}: a name is letters, digits, . _ + and -, begins with a letter or digit "
            f"and is no path (results_dir=PATH says where it goes)"
        )


def read_results_dir(given: str | None) -> Path:
    """Return the folder of results; relative to the current folder if the user names it.

    Raises
    ------
    ConfigError
        If nothing can be written there.
    """
    folder = places.RESULTS if given is None else expand_user(given)
    shown = f"results_dir={folder if given is None else given}"
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    except OSError as error:
        raise ConfigError(f"{shown}: {error.strerror}") from None
    if not there.is_dir():
        raise ConfigError(f"{shown}: {there} is a file; name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ConfigError(f"{shown}: {there} cannot be written to; name a folder of your own")
    return folder
