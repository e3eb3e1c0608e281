"""Commands that simulate: run, sweep, view and the first look."""

from __future__ import annotations

import shlex
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from experiments.cli.parser import UsageError
from experiments.text import echo

if TYPE_CHECKING:
    from experiments.config.overrides import Request
    from experiments.config.settings import Settings
    from experiments.execution.checkpoint import SavedRun
    from view.server import Options


OF_SWEEPS = (
    "scale", "replicates", "workers", "record_weekly", "fresh", "retry_failed", "time_limit",
)  # fmt: skip
"""Settings that have no effect in one run."""


def run(asked: Namespace) -> None:
    """Run a world, or with ``-m`` several."""
    from experiments.config.overrides import read

    request = read(asked.words, asked.config_dir)
    _refuse_unfit_for_run("run", request, asked.multirun)
    if asked.dry_run and not request.swept:
        raise UsageError("--dry-run has no effect in one run; it is for momentum sweep")
    if request.swept:
        if "replicates" not in request.values:
            asked.words.append("replicates=1")
        _sweep_jobs(asked, request)
    elif "resume" in request.values:
        _resume(asked)
    else:
        for number, (overrides, settings) in enumerate(_jobs(asked)):
            if not _show_configuration(asked, overrides, settings):
                echo(end="\n" if number else "")
                _run(settings)


def sweep(asked: Namespace) -> None:
    """Run an experiment, or a grid of values."""
    from experiments.config.overrides import read

    _sweep_jobs(asked, read(asked.words, asked.config_dir))


def _sweep_jobs(asked: Namespace, request: Request) -> None:
    """Sweep every job, after all of them were composed."""
    from experiments.execution.forecast import describe_forecast, forecast
    from experiments.execution.plan import name_of
    from experiments.execution.sweep import run_sweep
    from experiments.store.layout import display_path

    _refuse_saving(request)
    jobs = _jobs(asked)
    if not (
        request.swept
        or request.values.keys() & {"replicates", "design"}
        or request.chosen.get("experiment")
        or "experiment" in request.groups
    ):
        raise UsageError(
            "nothing to sweep: give experiment=NAME (momentum list experiments), several values "
            "as in users.count=500,1000, or replicates=N; for one run, momentum run"
        )
    names = [name_of(settings) for _, settings in jobs]
    if len(set(names)) < len(names):
        groups = " and ".join(request.groups)
        raise UsageError(
            f"all of these {len(names)} sweeps would be {names[0]}: give name=NAME, to which the "
            f"{groups} is added"
        )
    for overrides, settings in jobs:
        if _show_configuration(asked, overrides, settings):
            continue
        if asked.dry_run:
            _announce_compilation()
            echo(describe_forecast(forecast(settings)))
            continue
        folder = run_sweep(settings)
        elsewhere = [text for text in settings.overrides if text.startswith("results_dir=")]
        echo(f"Runs:    {display_path(folder)}/")
        echo(f"Report:  {shlex.join(['momentum', 'report', folder.name, *elsewhere])}")


def _jobs(asked: Namespace) -> list[tuple[list[str], Settings]]:
    """Return the overrides and the settings of every job."""
    from experiments.config.overrides import jobs
    from experiments.config.settings import compose

    several = jobs(asked.words, asked.config_dir)
    return [(overrides, compose(overrides, asked.config_dir)) for overrides in several]


def _show_configuration(asked: Namespace, overrides: list[str], settings: Settings) -> bool:
    """Print the configuration if that is asked for; return whether it is."""
    from experiments.config.settings import show

    if asked.cfg in ("hydra", "all"):
        show("cfg", asked.cfg, overrides, settings, asked.config_dir)
    elif asked.info is not None:
        show("info", asked.info, overrides, settings, asked.config_dir)
    elif asked.cfg is not None:
        _print_config(settings)
    return asked.cfg is not None or asked.info is not None


def _resume(asked: Namespace) -> None:
    """Go on from a saved run."""
    from experiments.execution.checkpoint import resumed

    settings, start = resumed(asked.words, asked.config_dir)
    if asked.cfg is not None or asked.info is not None:
        _print_config(settings)
        return
    _run(settings, start)


def _run(settings: Settings, start: SavedRun | None = None) -> None:
    from experiments.execution.run_text import describe_run
    from experiments.execution.single_run import run_once

    _announce_compilation()
    echo(describe_run(run_once(settings, start), settings))


def _announce_compilation() -> None:
    from experiments.execution.worker import COMPILING, is_cold

    if is_cold():
        echo(COMPILING, sys.stderr)


def _refuse_unfit_for_run(command: str, request: Request, multirun: bool) -> None:
    """Refuse what is understood but has no effect in the one run of a command."""
    from experiments.config.schema import SAMPLED

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
    given = [
        name
        for name in request.values
        if name in (*OF_SWEEPS, *SAMPLED) or name.startswith(("executor.", "refine."))
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
    """Print the resolved configuration, which may be read by a program: never wrapped."""
    import yaml

    print(yaml.safe_dump(settings.resolved, sort_keys=False, allow_unicode=True), end="")


def view(asked: Namespace) -> None:
    """Serve the browser application."""
    from experiments.config.overrides import read
    from experiments.config.settings import compose
    from view.server import serve

    _refuse_unfit_for_run("view", read(asked.words, asked.config_dir), False)
    settings = compose(asked.words, asked.config_dir)
    if asked.cfg is not None:
        _print_config(settings)
        return
    serve(settings, server_options(asked))


def server_options(asked: Namespace) -> Options:
    """Return where the server of ``view`` listens.

    Raises
    ------
    ServerError
        For what is no port or no name of a host.
    """
    from view.server import Options, read_host_name, read_port

    return Options(
        host=asked.host,
        port=None if asked.port is None else read_port(asked.port),
        browser=asked.open,
        allowed=[read_host_name(name) for name in asked.allow_host],
    )


def first_look(asked: Namespace) -> None:
    """Give a quick tour."""
    from experiments.cli.first_look import tour

    tour(asked.words)
