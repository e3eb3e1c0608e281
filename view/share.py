"""Share a run as the commands that repeat it and as a link; save it as the files of a run."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import update_counter

from experiments.execution.single_run import default_name, write_run
from experiments.store.provenance import command_line, provenance
from sim.run import Run
from view.settings import LOCAL, OTHER, SAME, as_query, as_text, link
from view.words import one_line

if TYPE_CHECKING:
    from view.pair import Pair
    from view.session import Session


@solara.component_vue("share.vue", vuetify=False)
def _Card(
    commands: list[str],
    address: str,
    saves: bool,
    finished: bool,
    archive: bytes,
    name: str,
    problem: str,
    event_save: Callable[[Any], None],
    event_close: Callable[[Any], None],
) -> Any: ...


@solara.component
def Share(
    commands: list[str],
    address: str,
    on_close: Callable[[], None],
    session: Session | None = None,
) -> None:
    """Show how what is seen is repeated, and offer a run's files.

    Parameters
    ----------
    commands, address
        What repeats it; the address may be empty.
    on_close
        Called when the visitor has seen enough.
    session
        The run whose files are offered.
    """
    update_counter.get()
    archive: solara.Reactive[bytes] = solara.use_reactive(b"")
    problem: solara.Reactive[str] = solara.use_reactive("")

    def save(_: Any) -> None:
        try:
            if session is not None:
                archive.value = saved(session)
            problem.value = ""
        except (OSError, ValueError) as error:
            problem.value = one_line(error)

    _Card(
        commands=commands,
        address=address,
        saves=session is not None,
        finished=session is not None and not session.model.running,
        archive=archive.value,
        name=f"{default_name(session.begun_settings())}.zip" if session else "",
        problem=problem.value,
        event_save=save,
        event_close=lambda _: on_close(),
    )


def commands(session: Session) -> list[str]:
    """Return the commands that repeat a run; where levers were changed, it is resumed there."""
    words = session.overrides()
    found = []
    weeks = sorted({week for week, _, _ in session.interventions})
    for number, week in enumerate(weeks, 1):
        found.append(command_line("run", [*words, f"save_week={week}", f"name=part-{number}"]))
        changed = {name: value for at, name, value in session.interventions if at == week}
        set_now = [f"{name}={as_text(value)}" for name, value in changed.items()]
        words = [f"resume=part-{number}", *set_now]
    return [*found, command_line("run", words)]


def address(session: Session, page: str = "live") -> str:
    """Return the link to the world as begun; empty if it needs a file, which links cannot name."""
    pairs = dict(text.split("=", 1) for text in session.overrides())
    if any(name in pairs for name in LOCAL) or any(not name[0].isalpha() for name in pairs):
        return ""
    return link(pairs, page)


def pair_commands(pair: Pair) -> list[str]:
    """Return the commands that run both worlds of a pair."""
    return [
        command_line("run", [*session.overrides(), f"name={name}"])
        for name, session in (("this-world", pair.here), ("other-world", pair.there))
    ]


def pair_address(pair: Pair) -> str:
    """Return the link to a comparison; empty if links cannot name what it needs."""
    here = address(pair.here, "twin")
    differences = {f"{OTHER}{name}": value for name, value in pair.differences.items()}
    return here and f"{here}&{as_query(differences or {SAME: 'true'})}"


def saved(session: Session) -> bytes:
    """Return the files of a finished run, as ``momentum run`` writes them, in a ZIP archive.

    Raises
    ------
    ParameterError
        Before the horizon.
    OSError
        If they cannot be written.
    """
    model = session.model
    run = Run(model.parameters, model.seed, model.state, model.outcome())
    settings = session.begun_settings()
    source = {**provenance("view", session.overrides()), "repeat": commands(session)}
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / default_name(settings)
        folder.mkdir()
        write_run(run, settings, source, folder)
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(each for each in folder.rglob("*") if each.is_file()):
                archive.write(file, file.relative_to(place))
    return buffer.getvalue()
