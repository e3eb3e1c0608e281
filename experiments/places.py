"""Where things are: the configuration that is shipped, the results, a user's own folder."""

from pathlib import Path

from experiments.errors import MomentumError

ROOT = Path(__file__).resolve().parents[1]
"""The checkout, or the folder of packages that the wheel is installed in."""

_SHIPPED = Path(__file__).resolve().parent / "conf"  # in a wheel
INSTALLED = _SHIPPED.is_dir()
CONF = _SHIPPED if INSTALLED else ROOT / "conf"
HELP = Path(__file__).resolve().parent / "help" if INSTALLED else ROOT / "docs" / "help"
"""The folder of the pages of ``momentum help TOPIC``."""
RESULTS = Path("results") if INSTALLED else ROOT / "results"
"""The folder of results; installed from a wheel, it is in the current folder."""


class PlaceError(MomentumError, ValueError):
    """A path that leads nowhere; one line."""


def expand_user(path: str | Path) -> Path:
    """Return a path in which ``~`` and ``~name`` are replaced by a user's own folder.

    Raises
    ------
    PlaceError
        If there is no such user.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        user = Path(path).parts[0]
        raise PlaceError(
            f"{path}: there is no user {user[1:]}; write ./{path} for a folder"
        ) from None
