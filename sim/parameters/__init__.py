"""Every parameter of the model, declared once (`groups`), and a world of them (`world`)."""

from sim.parameters.declaration import (
    ASSUMED,
    NEVER,
    POSITIVE,
    Framing,
    Origin,
    ParameterError,
    Policy,
    Regime,
    Role,
    Topology,
    code,
)
from sim.parameters.groups import Emergence, Events
from sim.parameters.world import Parameters, check_parameters, checked, declarations, unknown_name

__all__ = [
    "ASSUMED",
    "NEVER",
    "POSITIVE",
    "Emergence",
    "Events",
    "Framing",
    "Origin",
    "ParameterError",
    "Parameters",
    "Policy",
    "Regime",
    "Role",
    "Topology",
    "check_parameters",
    "checked",
    "code",
    "declarations",
    "unknown_name",
]
