"""What Hydra says of itself: its configuration, how it composed, and how a shell completes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from experiments.config.choices import GROUPS
from experiments.config.composition import hydra_overrides, started_hydra
from experiments.config.overrides import read
from experiments.config.schema import default_of, known_names, store_layers
from experiments.config.settings import compose
from experiments.design.experiment import read_experiment


def show(kind: str, what: str, overrides: Sequence[str], config_dir: Path | None = None) -> None:
    """Let Hydra print about itself: its own configuration (``cfg``) or how it composed (``info``).

    Raises
    ------
    ConfigError
        If the overrides cannot be meant.
    """
    settings = compose(overrides, config_dir)
    request = read(overrides, config_dir)
    own = {group: request.chosen.get(group) for group in ("case", "experiment")}
    chosen = [f"{group}={name}" for group, name in own.items() if name is not None]
    asked = [*hydra_overrides(request, config_dir), *chosen]
    case = {} if settings.case is None else settings.case.parameters
    base = {}
    if settings.experiment is not None:
        base = read_experiment(settings.experiment, settings.scale).base
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with started_hydra(config_dir) as hydra:
        store_layers(case, base)
        try:
            if kind == "cfg":
                hydra.show_cfg("config", asked, cfg_type=what, package=None)
            else:
                hydra.show_info(what, "config", asked)
        finally:  # Hydra sets up logging to print this, and leaves it so
            root.handlers[:] = handlers
            root.setLevel(level)


def complete(word: str) -> list[str]:
    """Return what an override may become, as Hydra completes it; choices with all they can be."""
    from hydra._internal.core_plugins.bash_completion import BashCompletion

    name, equals, _ = word.partition("=")
    default = default_of(name)
    if equals and isinstance(default, Enum | bool):
        kinds = type(default) if isinstance(default, Enum) else ()
        values = [choice.value for choice in kinds] or ["true", "false"]
        found = [f"{name}={value}" for value in values]
    else:
        with started_hydra(None) as hydra:
            found = BashCompletion(hydra.config_loader)._query("config", word or " ")
    ours = tuple({name.partition(".")[0] for name in known_names()} | set(GROUPS))
    return [each for each in found if each.startswith(word) and each.startswith(ours)]
