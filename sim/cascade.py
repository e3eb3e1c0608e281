"""News from neighbour to neighbour: whoever has just signed or joined tells others for a week.

A round is a day. In each, those with fresh news tell each neighbour with a small chance; those who
hear consider the call and may follow it, and then have fresh news themselves. All of a round decide
on the state at its beginning, so their order does not matter.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import ONE, f32, kernel
from sim.randomness import Stream, high_share, key, middle_share, word
from sim.rules import awareness, participation, persuasion
from sim.state import Status
from sim.user_status import is_gone, set_status
from sim.user_sums import in_units
from sim.user_week import utility_of

ROUNDS = 7
_SLOTS = 8  # week slots of luck for the rounds of a week
_TELLING, _CONSIDERING = int(Stream.TELLING), int(Stream.CONSIDERING)
_BYSTANDER, _SUPPORTER = np.uint8(Status.BYSTANDER), np.uint8(Status.SUPPORTER)
_ORGANISER = np.uint8(Status.ORGANISER)
_NO, _YES = np.uint8(0), np.uint8(1)
_NO_NEWS = np.uint64(0)


@kernel
def spread_news(network, users, workspace, world, inputs):
    """Let fresh news travel for a week."""
    fresh = list_fresh(users, workspace.selected)
    if not inputs.campaigning:
        return
    for day in range(ROUNDS):
        if fresh == 0:
            return
        slot = inputs.week * _SLOTS + day
        heard = tell_neighbours(network, users, workspace, inputs, slot, fresh)
        fresh = respond(network, users, workspace, world, inputs, slot, heard)
    for k in range(fresh):  # they go on next week
        users.fresh[workspace.selected[k]] = _YES


@kernel
def list_fresh(users, listed):
    """List the users with fresh news, which is old next week; return how many."""
    fresh, size = 0, users.fresh.size
    words = users.fresh[: size - size % 8].view(np.uint64)
    for word_number in range(words.size):  # eight users at once, since few have news
        if words[word_number] != _NO_NEWS:
            for i in range(8 * word_number, 8 * word_number + 8):
                listed[fresh] = i
                fresh += users.fresh[i]
            words[word_number] = _NO_NEWS
    for i in range(size - size % 8, size):
        listed[fresh] = i
        fresh += users.fresh[i]
        users.fresh[i] = _NO
    return fresh


@kernel
def tell_neighbours(network, users, workspace, inputs, slot, fresh):
    """List who hears of the movement from a neighbour; return how many."""
    stream_key = key(inputs.seed, _TELLING, slot)
    ties = workspace.words[0]  # as many at a time as its room takes
    heard = filled = 0
    for k in range(fresh):
        i = workspace.selected[k]
        for tie in range(network.offsets[i], network.offsets[i + 1]):
            ties[filled] = tie
            filled += 1
            if filled == ties.size:
                heard = tell(network, users, workspace, inputs, stream_key, ties, heard)
                filled = 0
    return tell(network, users, workspace, inputs, stream_key, ties[:filled], heard)


@kernel
def tell(network, users, workspace, inputs, stream_key, ties, heard):
    """Tell over some ties; return how many have heard by now."""
    tells = workspace.reached
    for k in range(ties.size):  # drawn without branches, and looked up only where news travels
        tells[k] = high_share(word(stream_key, ties[k])) < inputs.contact
    for k in range(ties.size):
        if tells[k] == _NO:
            continue
        j = network.neighbours[ties[k]]
        if workspace.marked[j] == _NO and not is_gone(users.status[j]):
            workspace.marked[j] = _YES
            workspace.heard[heard] = j
            heard += 1
    return heard


@kernel
def respond(network, users, workspace, world, inputs, slot, heard):
    """Let those who hear consider the call and follow it; return how many have fresh news now."""
    stream_key = key(inputs.seed, _CONSIDERING, slot)
    fresh = 0
    efficacy = f32(world.efficacy)
    for k in range(heard):
        i = workspace.heard[k]
        workspace.marked[i] = _NO
        aware = users.aware[i] != _NO
        bits = word(stream_key, np.uint64(i))
        considers = awareness.considers(aware, inputs.novelty_left, high_share(bits))
        if not aware:
            users.aware[i] = _YES
            world.aware += 1
            world.resonance_sum += in_units(
                persuasion.resonance(
                    users.commons_view[i],
                    users.literacy[i],
                    users.remedy[i],
                    inputs.literacy_weight,
                )
            )
        if not considers:
            continue
        utility = utility_of(users, i, inputs)
        draw = middle_share(bits)
        status = users.status[i]
        organises = status < _ORGANISER and participation.responds(
            utility, inputs.organiser_scale, inputs.available, draw
        )
        joins = status == _BYSTANDER and participation.responds(utility, ONE, ONE, draw)
        signs = (
            inputs.petition_open
            and users.signed[i] == _NO
            and participation.responds(utility, inputs.signing_scale, ONE, draw)
        )
        if signs:
            users.signed[i] = _YES
            world.signatures += 1
            world.new_signatures += 1
        if joins:
            users.next_status[i] = _SUPPORTER
            world.joined += 1
            world.joined_peers += users.active_neighbours[i] > 0
            users.expected[i] = efficacy
        if organises:
            users.next_status[i] = _ORGANISER
        if joins or signs or organises:
            workspace.selected[fresh] = i
            fresh += 1
    for k in range(fresh):
        i = workspace.selected[k]
        if users.next_status[i] != users.status[i]:
            set_status(network, users, world, i, users.next_status[i])
    return fresh
