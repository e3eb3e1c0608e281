"""Changes of status: counts of neighbours and of the world follow every one of them."""

from __future__ import annotations

import numpy as np

from sim.compiled import f32, kernel, prefetch, routine
from sim.state import Status

_SUPPORTER, _ORGANISER = np.uint8(Status.SUPPORTER), np.uint8(Status.ORGANISER)
_EXITED, _EXITED_COOP = np.uint8(Status.EXITED), np.uint8(Status.EXITED_COOP)
_AHEAD = 16  # changes


@routine
def people_active(world):
    """Return how many people take part."""
    return (world.supporters + world.organisers) * world.people_per_agent


@kernel
def is_active(status):
    """Return whether a user with the status takes part."""
    return status == _SUPPORTER or status == _ORGANISER


@kernel
def is_gone(status):
    """Return whether a user with the status has left the service."""
    return status >= _EXITED


@kernel
def count_status(world, status, change):
    """Add ``change`` to the world's count of a status."""
    if status == _SUPPORTER:
        world.supporters += change
    elif status == _ORGANISER:
        world.organisers += change
    elif status == _EXITED:
        world.exited += change
    elif status == _EXITED_COOP:
        world.exited_coop += change


@kernel
def set_status(network, users, world, i, status):
    """Give user i a status; keep the counts of the neighbours and of the world right."""
    before = users.status[i]
    users.status[i] = status
    users.next_status[i] = status
    count_status(world, before, -1)
    count_status(world, status, 1)
    neighbours = network.neighbours[network.offsets[i] : network.offsets[i + 1]]
    if is_active(status) != is_active(before):
        change_counts(neighbours, users.active_neighbours, 1 if is_active(status) else -1)
    if is_gone(status) != is_gone(before):
        change_counts(neighbours, users.gone_neighbours, 1 if is_gone(status) else -1)


@kernel
def change_counts(neighbours, counts, change):
    """Add a change to the count of every neighbour."""
    for k in range(neighbours.size):
        counts[np.uint32(neighbours[k])] += change


@kernel
def list_changes(users, selected):
    """List the users whose status changes; return how many they are."""
    changes = 0
    size = users.status.size
    words = size // 8
    now_words = users.status[: 8 * words].view(np.uint64)
    next_words = users.next_status[: 8 * words].view(np.uint64)
    for word in range(np.uint64(words)):
        if (
            now_words[word] != next_words[word]
        ):  # then without branches: nobody can predict who changes
            for i in range(word * np.uint64(8), word * np.uint64(8) + np.uint64(8)):
                selected[changes] = i
                changes += users.status[i] != users.next_status[i]
    for i in range(8 * words, size):
        selected[changes] = i
        changes += users.status[i] != users.next_status[i]
    return changes


@kernel
def count_changes(users, selected, world):
    """Count who joins and who drops out; record the efficacy that those who join expect."""
    joined = joined_peers = dropped = 0
    efficacy = f32(world.efficacy)
    for change in range(selected.size):
        i = np.uint32(selected[change])
        before, after = is_active(users.status[i]), is_active(users.next_status[i])
        if after and not before:
            joined += 1
            joined_peers += users.active_neighbours[i] > 0
            users.expected[i] = efficacy
        dropped += before and not after
    world.joined = joined
    world.joined_peers = joined_peers
    world.dropped = dropped


@kernel
def take_effect(network, users, workspace, world):
    """Carry out what was decided: first count who changes, then change the statuses."""
    changes = list_changes(users, workspace.selected)
    count_changes(users, workspace.selected[:changes], world)
    for change in range(changes):
        if change + 2 * _AHEAD < changes:  # fetch early what is needed soon
            prefetch(network.offsets, workspace.selected[change + 2 * _AHEAD])
            soon = workspace.selected[change + _AHEAD]
            prefetch(network.neighbours, network.offsets[soon])
            prefetch(network.neighbours, network.offsets[soon + 1] - 1)
        i = workspace.selected[change]
        set_status(network, users, world, i, users.next_status[i])
