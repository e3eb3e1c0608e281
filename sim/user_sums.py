"""Sums over users, in whole units of 1/4096, so that they are exact in any order."""

from __future__ import annotations

import numpy as np

from sim.compiled import HALF, ONE, f32, kernel, multiply_add, rule
from sim.rules import persuasion
from sim.state import TILE, Status

_ORGANISER = np.uint8(Status.ORGANISER)
_NO = np.uint8(0)
_UNIT = f32(4096.0)
_NONE = np.int32(0)


@rule
def tiles(users):
    """Return the number of tiles, the last one perhaps smaller."""
    return (users.status.size + TILE - 1) // TILE


@rule
def bounds(users, tile):
    """Return the first user of a tile and the one after the last; unsigned, they index faster."""
    return np.uint64(tile * TILE), np.uint64(min((tile + 1) * TILE, users.status.size))


@kernel
def sum_up(users, world, literacy_weight):
    """Sum the users' states into the world's record."""
    clear_sums(world)
    for tile in range(tiles(users)):
        first, last = bounds(users, tile)
        measure(users, world, literacy_weight, first, last)


@rule
def in_units(share):
    """Return a share in whole units of 1/4096."""
    return np.int32(multiply_add(share, _UNIT, HALF))


@rule
def add(total, part):
    """Return a sum in 32 bits, where Numba would take 64."""
    return np.int32(total + np.int32(part))


SUMS = (
    "dissatisfaction_sum",
    "dissatisfied",
    "value_sum",
    "commons_sum",
    "literacy_sum",
    "resonance_sum",
    "aware",
    "signatures",
    "potential",
    "members",
    "joined",
    "joined_peers",
    "dropped",
)
"""What a week sums over users; the sum of parts is that of all."""


@kernel
def clear_sums(world):
    """Begin the week's sums over users."""
    world.dissatisfaction_sum = world.dissatisfied = world.value_sum = 0
    world.commons_sum = world.literacy_sum = world.resonance_sum = world.aware = 0
    world.new_signatures = -world.signatures
    world.signatures = 0


@kernel
def measure(users, world, literacy_weight, first, last):
    """Add a tile to the week's sums, in whole units of 1/4096: exact in any order."""
    discontent_sum = discontented = value_sum = np.int32(0)
    commons_sum = literacy_sum = echo_sum = aware_sum = signed_sum = np.int32(0)
    for i in range(first, last):
        present = users.next_status[i] <= _ORGANISER
        aware = present and users.aware[i] != _NO
        discontent = users.dissatisfaction[i]
        value = users.dependence[i] * (ONE - discontent)
        view, literacy = users.commons_view[i], users.literacy[i]
        echo = persuasion.resonance(view, literacy, users.remedy[i], literacy_weight)
        discontent_sum = add(discontent_sum, in_units(discontent) if present else _NONE)
        discontented = add(discontented, present and discontent > HALF)
        value_sum = add(value_sum, in_units(value) if present else _NONE)
        commons_sum = add(commons_sum, in_units(view))
        literacy_sum = add(literacy_sum, in_units(literacy))
        echo_sum = add(echo_sum, in_units(echo) if aware else _NONE)
        aware_sum = add(aware_sum, aware)
        signed_sum = add(signed_sum, users.signed[i])
    world.dissatisfaction_sum += discontent_sum
    world.dissatisfied += discontented
    world.value_sum += value_sum
    world.commons_sum += commons_sum
    world.literacy_sum += literacy_sum
    world.resonance_sum += echo_sum
    world.aware += aware_sum
    world.signatures += signed_sum
    world.new_signatures += signed_sum
