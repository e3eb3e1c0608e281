"""The crowd: users where their ties place them, and the owners of the stock below them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import solara
from mesa.visualization.utils import update_counter

from view.layout import Layout, lay_out
from view.session import Changes
from view.words import crowd_in_words

if TYPE_CHECKING:
    from sim.model import MovementModel
    from sim.network import Network

MOST_TIES = 40_000  # drawn; of more, every second, third, ...
AGEING = 6  # weeks a change of status is one step older
OLDEST = 3  # steps
NEW = 2  # weeks in which who signed or joined is new


class Pick(NamedTuple):
    """Whom a visitor chose to look at."""

    kind: str  # user or shareholder
    number: int


@solara.component_vue("network.vue", vuetify=False)
def _Canvas(
    ties: bytes,
    places: bytes,
    groups: bytes,
    discs: bytes,
    week: int,
    rest: float,
    users: bytes,
    holders: bytes,
    chosen: dict[str, Any] | None,
    label: str,
    event_pick: Callable[[dict[str, Any]], None],
) -> Any: ...


@solara.component
def Crowd(
    model: MovementModel,
    layout: Layout | None = None,
    changes: Changes | None = None,
    chosen: Pick | None = None,
    on_pick: Callable[[Pick], None] | None = None,
) -> None:
    """Draw users by status and shareholders by trust; a Mesa component of a model.

    Parameters
    ----------
    model
        The model; drawn again whenever Mesa's update counter moves.
    layout
        Where users are drawn (`view.layout.lay_out`, which is asked if not given).
    changes
        When users changed; noted whenever it is drawn if not given.
    chosen
        Whom to mark.
    on_pick
        Called with whom the visitor clicks at.
    """
    update_counter.get()
    state = model.state
    ties = solara.use_memo(lambda: listed_ties(state.network), [model])
    places, groups, discs = solara.use_memo(
        lambda: [each.tobytes() for each in layout or lay_out(state.network, model.seed)], [model]
    )
    noted = solara.use_memo(lambda: changes or Changes(state.users), [model])

    def pick(found: dict[str, Any]) -> None:
        sizes = {"user": state.users.status.size, "shareholder": state.shareholders.trust.size}
        kind, number = found.get("kind"), found.get("number")
        if on_pick and kind in sizes and isinstance(number, int) and 0 <= number < sizes[kind]:
            on_pick(Pick(kind, number))

    _Canvas(
        ties=ties,
        places=places,
        groups=groups,
        discs=discs,
        week=model.week,
        rest=model.parameters.shareholders.trust_start,
        users=user_bytes(model, noted),
        holders=holder_bytes(model),
        chosen=None if chosen is None else chosen._asdict(),
        label=crowd_in_words(model),
        event_pick=pick,
    )


def listed_ties(network: Network) -> bytes:
    """Return ties as pairs of users, uint16, each once; a share of them if they are many."""
    first = np.repeat(np.arange(len(network.offsets) - 1), np.diff(network.offsets))
    once = first < network.neighbours
    pairs = np.column_stack([first[once], network.neighbours[once]]).astype(np.uint16)
    return pairs[:: 1 + len(pairs) // MOST_TIES].tobytes()


def user_bytes(model: MovementModel, changes: Changes) -> bytes:
    """Return a byte a user: status (3 bits), aware, age of the status (2 bits), signed, new."""
    users = model.state.users
    changed, acted = changes.look(users, model.week)
    age = np.minimum(changed // AGEING, OLDEST).astype(np.uint8)
    new = (acted < NEW).astype(np.uint8)
    shown = users.status | users.aware << 3 | age << 4 | users.signed << 6 | new << 7
    return shown.tobytes()


def holder_bytes(model: MovementModel) -> bytes:
    """Return of each shareholder the class, the trust and the holding, float32, (3, m)."""
    holders = model.state.shareholders
    return np.stack([holders.kind, holders.trust, holders.holding]).astype(np.float32).tobytes()
