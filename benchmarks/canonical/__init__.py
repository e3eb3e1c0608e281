"""The canonical model: what most agent-based models of collective action share, and no more.

n users on one fixed random network take part or do not. In week t, all on the state of week t − 1,

    U = b (w_S a / k + w_E E − c),    E = A / (A + h),    σ(U) = 1 / (1 + exp(−U)),

with a of a user's k neighbours active, a share A of all users active, and a fixed cost c of each
user; a bystander joins with chance λ_J σ(U), an active user leaves with chance λ_D (1 − σ(U)).

It leaves out most of the full model: dissatisfaction, awareness, persuasion, literacy, organisers,
petition, exit and return, spin-off; the firm, its price and its shareholders; votes, pledges,
conversion; launches, media, events, recorded cases; the outcome, the twin, and draws that depend on
(seed, stream, week, agent) alone. It has two states a user where the full model has nine, and one
draw where that has two.

Each module ``with_*`` writes it as somebody who knows that package would. ``build(world, weeks,
seed)`` returns a model at week 0 and ``run(model)`` the share of active users, float64,
(weeks + 1,), from week 0. All of them ask the neighbours every week: nobody keeps counts that are
changed by those who join and leave, as the full model does.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

PACKAGES = {"Mesa": "mesa", "AgentPy": "agentpy", "Starsim": "starsim", "NumPy": "numpy"}
"""What the model is written with, and the package that takes."""


def installed() -> list[str]:
    """Return the packages that are there."""
    return [name for name, package in PACKAGES.items() if find_spec(package) is not None]


def version(name: str) -> ModuleType:
    """Return the module that holds the version written with a package."""
    return import_module(f"benchmarks.canonical.with_{PACKAGES[name]}")
