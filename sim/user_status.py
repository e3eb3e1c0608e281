"""Changes of status: counts of neighbours and of the world follow every one of them."""

from __future__ import annotations

import numpy as np

from sim.compiled import f32, kernel, prefetch, routine
from sim.state import Status

_SUPPORTER, _ORGANISER = np.uint8(Status.SUPPORTER), np.uint8(Status.ORGANISER)
_EXITED, _EXITED_COOP = np.uint8(Status.EXITED), np.uint8(Status.EXITED_COOP)
_AHEAD = 16  # changes
_ONES, _HIGHS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_NOBODY = np.uint64(0)


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
    push(network.neighbours[network.offsets[i] : network.offsets[i + 1]], users, before, status)


@kernel
def push(neighbours, users, before, status):
    """Bring the counts of neighbours up to date with a user's change of status."""
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
def list_status(users, status, listed):
    """List the users of a status in order; return how many they are."""
    count, size = 0, users.status.size
    words = users.status[: size - size % 8].view(np.uint64)
    wanted = _ONES * np.uint64(status)
    for word in range(words.size):
        other = words[word] ^ wanted  # a byte is 0 where a user has the status
        if (other - _ONES) & ~other & _HIGHS != _NOBODY:  # of eight users at once, somebody has
            for i in range(8 * word, 8 * word + 8):
                listed[count] = i
                count += users.status[i] == status
    for i in range(size - size % 8, size):
        listed[count] = i
        count += users.status[i] == status
    return count


@kernel
def list_changes(users, selected, first, last):
    """List the users, of those from ``first`` to ``last``, whose status changes; return how many.

    ``first`` is a multiple of eight, since eight are looked at together.
    """
    changes = 0
    words = last // 8
    now_words = users.status[: 8 * words].view(np.uint64)
    next_words = users.next_status[: 8 * words].view(np.uint64)
    for word in range(np.uint64(first // 8), np.uint64(words)):
        if (
            now_words[word] != next_words[word]
        ):  # then without branches: nobody can predict who changes
            for i in range(word * np.uint64(8), word * np.uint64(8) + np.uint64(8)):
                selected[changes] = i
                changes += users.status[i] != users.next_status[i]
    for i in range(8 * words, last):
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
def tell_counts(network, users, changed, first, last):
    """Bring the counts of the neighbours from ``first`` to ``last`` up to date with all changes."""
    for change in range(changed.size):
        if change + 2 * _AHEAD < changed.size:  # fetch early what is needed soon
            prefetch(network.offsets, changed[change + 2 * _AHEAD])
            soon = changed[change + _AHEAD]
            prefetch(network.neighbours, network.offsets[soon])
            prefetch(network.neighbours, network.offsets[soon + 1] - 1)
        i = changed[change]
        before, after = users.status[i], users.next_status[i]
        start, end = network.offsets[i], network.offsets[i + 1]
        while start < end and network.neighbours[start] < first:  # they are in ascending order
            start += 1
        while start < end and network.neighbours[end - 1] >= last:
            end -= 1
        push(network.neighbours[start:end], users, before, after)


@kernel
def adopt(users, changed, world):
    """Give those who change their new status, of which the neighbours' counts know already."""
    for change in range(changed.size):
        i = changed[change]
        count_status(world, users.status[i], -1)
        count_status(world, users.next_status[i], 1)
        users.status[i] = users.next_status[i]


@kernel
def take_effect(network, users, workspace, world):
    """Carry out what was decided: first count who changes, then change the statuses."""
    changed = workspace.selected[: list_changes(users, workspace.selected, 0, users.status.size)]
    count_changes(users, changed, world)
    tell_counts(network, users, changed, 0, users.status.size)
    adopt(users, changed, world)
