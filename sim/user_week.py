"""The users' week: everyone decides on the state of last week, then the changes take effect.

Users are taken a tile at a time. Each pass over a tile is a loop without branches, short enough
for the processor to work on many users at once; a pass calls the rules in order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import HALF, ONE, ZERO, f32, kernel, multiply_add, prefetch, rule
from sim.randomness import Stream, fill_words, high16, high24, key, low8, low16
from sim.rules import awareness, dissatisfaction, exit, participation, persuasion
from sim.state import TILE, Status

_BYSTANDER, _SUPPORTER = np.uint8(Status.BYSTANDER), np.uint8(Status.SUPPORTER)
_ORGANISER = np.uint8(Status.ORGANISER)
_EXITED, _EXITED_COOP = np.uint8(Status.EXITED), np.uint8(Status.EXITED_COOP)
_NO, _YES = np.uint8(0), np.uint8(1)
_STREAMS = (int(Stream.HEARING), int(Stream.TAKING_PART), int(Stream.LEAVING), int(Stream.SIGNING))
_HEARING, _TAKING_PART, _LEAVING, _SIGNING = range(len(_STREAMS))  # rows of the luck
_UNIT = f32(4096.0)
_NONE = np.int32(0)
_AHEAD = 16  # changes


class Broadcast(NamedTuple):
    """What every user meets this week, and the constants of the rules; float32 unless said."""

    week: int
    seed: int
    campaigning: bool
    waiting: bool  # nobody has launched, and users may act of themselves
    causes: np.float32  # of dissatisfaction
    dissatisfaction_speed: np.float32
    dissatisfaction_noise: np.float32
    log_silence: np.float32
    media_chance: np.float32
    forgetting: np.float32
    commons_budget: np.float32  # rate included
    cooperative_budget: np.float32  # rate included
    commons_base: np.float32
    cooperative_floor: np.float32
    decay: np.float32
    commons_scale: np.float32  # start of the commons view over dependence
    literacy_scale: np.float32  # start of literacy over preference for ownership
    literacy_weight: np.float32
    literacy_top: np.float32
    value_gap: np.float32
    threat: np.float32
    closure: np.float32
    efficacy: np.float32
    dissatisfaction_weight: np.float32
    threat_weight: np.float32
    resonance_weight: np.float32
    closure_weight: np.float32
    efficacy_weight: np.float32
    peer_weight: np.float32
    peer_half_saturation: np.float32
    interaction: np.float32
    steepness: np.float32
    join_rate: np.float32
    drop_rate: np.float32
    burnout: np.float32
    organiser_utility: np.float32
    organiser_rate: np.float32
    act_rate: np.float32
    petition_rate: np.float32  # 0 while there is no petition
    leave_rate: np.float32
    return_rate: np.float32
    exit_threshold: np.float32
    neighbour_loss: np.float32
    voice: np.float32
    remedy_exit: np.float32
    exit_steepness: np.float32
    cooperative_pull: np.float32  # 0 while there is no cooperative


@kernel
def decide(users, workspace, world, now):
    """Let everyone live the week: views change at once, what is decided is in ``next_status``.

    The world's sums over users are those after the week, once the decisions take effect.
    """
    stirring = now.campaigning or now.waiting or world.supporters + world.organisers > 0
    clear_sums(world)
    for tile in range(tiles(users)):
        first, last = bounds(users, tile)
        draw_luck(workspace, now, first, last)
        feel(users, workspace, now, first, last)
        hear(users, workspace, now, first, last)
        persuade(users, now, first, last)
        if stirring:  # else all remain what they are
            weigh(users, workspace, now, first, last)
            take_part(users, workspace, now, first, last)
        if now.waiting:
            act(users, workspace, now, first, last)
        leave(users, workspace, now, first, last)
        measure(users, world, now.literacy_weight, first, last)


@kernel
def sum_up(users, world, literacy_weight):
    """Sum the users' states into the world's record."""
    clear_sums(world)
    for tile in range(tiles(users)):
        first, last = bounds(users, tile)
        measure(users, world, literacy_weight, first, last)


@rule
def tiles(users):
    """Return the number of tiles, the last one perhaps smaller."""
    return (users.status.size + TILE - 1) // TILE


@rule
def bounds(users, tile):
    """Return the first user of a tile and the one after the last; unsigned, they index faster."""
    return np.uint64(tile * TILE), np.uint64(min((tile + 1) * TILE, users.status.size))


@kernel
def draw_luck(workspace, now, first, last):
    """Draw the tile's luck: from each of four streams 32 bits a user, two users to a word."""
    words = (last - first + np.uint64(1)) >> np.uint64(1)
    for row in range(len(_STREAMS)):
        stream_key = key(now.seed, _STREAMS[row], now.week)
        fill_words(stream_key, first >> np.uint64(1), workspace.words[row, :words])


@kernel
def feel(users, workspace, now, first, last):
    """Move dissatisfaction."""
    for i in range(first, last):
        users.dissatisfaction[i] = dissatisfaction.update(
            users.dissatisfaction[i],
            users.sensitivity[i],
            now.causes,
            now.dissatisfaction_speed,
            now.dissatisfaction_noise,
            low8(workspace.bits[_HEARING, i - first]),
        )


@kernel
def hear(users, workspace, now, first, last):
    """Let users hear of the movement, or forget it."""
    for i in range(first, last):
        status = users.status[i]
        chance = awareness.chance_to_hear(
            f32(users.active_neighbours[i]), now.log_silence, now.media_chance
        )
        aware = awareness.update(
            users.aware[i] != _NO,
            status <= _ORGANISER,
            status == _SUPPORTER or status == _ORGANISER,
            chance,
            now.forgetting,
            high24(workspace.bits[_HEARING, i - first]),
        )
        users.aware[i] = _YES if aware else _NO


@kernel
def persuade(users, now, first, last):
    """Move both views."""
    for i in range(first, last):
        dependence = users.dependence[i]
        ownership = users.ownership[i]
        reached = ONE if users.aware[i] != _NO and users.status[i] <= _ORGANISER else ZERO
        view = persuasion.view_commons(
            users.commons_view[i],
            min(now.commons_scale * dependence, ONE),
            reached * now.commons_budget,
            dependence,
            now.value_gap,
            users.threat_sensitivity[i] * now.threat,
            now.commons_base,
            now.decay,
        )
        users.commons_view[i] = view
        users.literacy[i] = persuasion.learn_cooperative(
            users.literacy[i],
            min(now.literacy_scale * ownership, ONE),
            reached * now.cooperative_budget,
            ownership,
            view,
            now.cooperative_floor,
            now.decay,
        )


@kernel
def weigh(users, workspace, now, first, last):
    """Find every user's utility of taking part."""
    for i in range(first, last):
        dependence = users.dependence[i]
        echo = persuasion.resonance(
            users.commons_view[i], users.literacy[i], users.remedy[i], now.literacy_weight
        )
        grievance = participation.grievance(
            users.dissatisfaction[i],
            users.threat_sensitivity[i] * now.threat,
            echo,
            dependence * now.closure,
            now.dissatisfaction_weight,
            now.threat_weight,
            now.resonance_weight,
            now.closure_weight,
        )
        motive = participation.motive(
            grievance,
            now.efficacy,
            participation.peer_pressure(f32(users.active_neighbours[i]), now.peer_half_saturation),
            now.interaction,
            now.efficacy_weight,
            now.peer_weight,
        )
        workspace.utility[i - first] = participation.utility(motive, users.cost[i], now.steepness)


@kernel
def act(users, workspace, now, first, last):
    """Let potential organisers act of themselves, before a launch."""
    for i in range(first, last):
        if participation.acts(
            users.status[i] <= _ORGANISER
            and workspace.utility[i - first] > ZERO
            and users.literacy[i] >= now.literacy_top,
            now.act_rate,
            high24(workspace.bits[_TAKING_PART, i - first]),
        ):
            users.acted[i] = now.week


@kernel
def take_part(users, workspace, now, first, last):
    """Let users join, drop out, rise and sign."""
    for i in range(first, last):
        k = i - first
        status = users.status[i]
        aware = users.aware[i] != _NO
        bits = workspace.bits[_SIGNING, k]
        users.next_status[i] = participation.decide(
            status,
            aware,
            now.campaigning,
            workspace.utility[k],
            now.join_rate,
            now.drop_rate,
            now.burnout,
            now.organiser_utility,
            now.organiser_rate,
            high24(workspace.bits[_TAKING_PART, k]),
            low16(bits),
        )
        echo = persuasion.resonance(
            users.commons_view[i], users.literacy[i], users.remedy[i], now.literacy_weight
        )
        signs = aware and status <= _ORGANISER and high16(bits) < now.petition_rate * echo
        users.signed[i] = _YES if signs else users.signed[i]


@kernel
def leave(users, workspace, now, first, last):
    """Let users leave or return, whatever else they decided."""
    for i in range(first, last):
        k = i - first
        status = users.status[i]
        view = users.commons_view[i]
        leaving = exit.inclination(
            users.dissatisfaction[i],
            view,
            users.remedy[i],
            users.dependence[i],
            f32(users.gone_neighbours[i]) * users.degree_inverse[i],
            status == _SUPPORTER or status == _ORGANISER,
            now.exit_threshold,
            now.neighbour_loss,
            now.voice,
            now.remedy_exit,
            now.exit_steepness,
        )
        users.next_status[i] = exit.decide(
            status,
            users.next_status[i],
            leaving,
            now.leave_rate,
            now.return_rate,
            now.cooperative_pull * users.literacy[i],
            high24(workspace.bits[_LEAVING, k]),
            low16(workspace.bits[_SIGNING, k]),
        )


@rule
def in_units(share):
    """Return a share in whole units of 1/4096."""
    return np.int32(multiply_add(share, _UNIT, HALF))


@rule
def add(total, part):
    """Return a sum in 32 bits, where Numba would take 64."""
    return np.int32(total + np.int32(part))


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
        tell(neighbours, users.active_neighbours, 1 if is_active(status) else -1)
    if is_gone(status) != is_gone(before):
        tell(neighbours, users.gone_neighbours, 1 if is_gone(status) else -1)


@kernel
def tell(neighbours, counts, change):
    """Add a change to the count of every neighbour."""
    for k in range(neighbours.size):
        counts[np.uint32(neighbours[k])] += change


@kernel
def list_changes(users, listed):
    """List who changes; return how many."""
    changes = 0
    size = users.status.size
    whole = size // 8
    now8 = users.status[: 8 * whole].view(np.uint64)
    next8 = users.next_status[: 8 * whole].view(np.uint64)
    for word in range(np.uint64(whole)):
        if now8[word] != next8[word]:  # then without branches: who changes is not to be foretold
            for i in range(word * np.uint64(8), word * np.uint64(8) + np.uint64(8)):
                listed[changes] = i
                changes += users.status[i] != users.next_status[i]
    for i in range(8 * whole, size):
        listed[changes] = i
        changes += users.status[i] != users.next_status[i]
    return changes


@kernel
def count_changes(users, listed, world):
    """Count who joins and who drops out, and note what the former expect."""
    joined = joined_peers = dropped = 0
    efficacy = f32(world.efficacy)
    for change in range(listed.size):
        i = np.uint32(listed[change])
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
    """Carry out what was decided: first note who changes, then tell their neighbours."""
    changes = list_changes(users, workspace.listed)
    count_changes(users, workspace.listed[:changes], world)
    for change in range(changes):
        if change + 2 * _AHEAD < changes:  # what is needed soon comes from memory meanwhile
            prefetch(network.offsets, workspace.listed[change + 2 * _AHEAD])
            soon = workspace.listed[change + _AHEAD]
            prefetch(network.neighbours, network.offsets[soon])
            prefetch(network.neighbours, network.offsets[soon + 1] - 1)
        i = workspace.listed[change]
        set_status(network, users, world, i, users.next_status[i])


@kernel
def count_acts(users, since):
    """Return how many users present acted of themselves after week ``since``."""
    acts = 0
    for i in range(users.status.size):
        acts += users.acted[i] > since and not is_gone(users.status[i])
    return acts
