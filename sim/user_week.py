"""The users' week: everyone decides on the state of last week, then the changes take effect."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import HALF, ONE, ZERO, f32, kernel
from sim.randomness import Stream, high_share, low_share, middle_share, word
from sim.rules import awareness, dissatisfaction, exit, participation, persuasion
from sim.state import Status

_USERS, _EXITS = int(Stream.USERS), int(Stream.EXITS)
_BYSTANDER, _SUPPORTER = np.uint8(Status.BYSTANDER), np.uint8(Status.SUPPORTER)
_ORGANISER = np.uint8(Status.ORGANISER)
_EXITED, _EXITED_COOP = np.uint8(Status.EXITED), np.uint8(Status.EXITED_COOP)
_ACTED = np.uint8(7)  # decided to act before the launch; not a status
_NO, _YES = np.uint8(0), np.uint8(1)
_TILE = 4096  # users whose sums fit 32 bits in units of 1/4096
_UNIT = f32(4096.0)


class Broadcast(NamedTuple):
    """What every user meets this week, and the constants of the rules; float32 unless said."""

    key: np.uint64  # of this week's draws on hearing and taking part
    exit_key: np.uint64  # of this week's draws on leaving, signing and rising
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
    softness: np.float32
    cooperative_pull: np.float32  # 0 while there is no cooperative


@kernel
def decide(users, now):
    """Update every user's views and awareness and write the status decided in ``next_status``."""
    for i in range(users.status.size):
        luck = word(now.key, i)
        exit_luck = word(now.exit_key, i)
        status = users.status[i]
        present = status <= _ORGANISER
        active = status == _SUPPORTER or status == _ORGANISER
        dependence = users.dependence[i]
        ownership = users.ownership[i]
        remedy = users.remedy[i]

        discontent = dissatisfaction.update(
            users.dissatisfaction[i],
            users.sensitivity[i],
            now.causes,
            now.dissatisfaction_speed,
            now.dissatisfaction_noise,
            low_share(luck),
        )
        users.dissatisfaction[i] = discontent

        neighbours = f32(users.active_neighbours[i])
        chance = awareness.chance_to_hear(neighbours, now.log_silence, now.media_chance)
        aware = awareness.update(
            users.aware[i] != _NO, present, active, chance, now.forgetting, high_share(luck)
        )
        users.aware[i] = _YES if aware else _NO

        threat_felt = users.threat_sensitivity[i] * now.threat
        reached = ONE if aware and present else ZERO
        view = persuasion.view_commons(
            users.commons_view[i],
            min(now.commons_scale * dependence, ONE),
            reached * now.commons_budget,
            dependence,
            now.value_gap,
            threat_felt,
            now.commons_base,
            now.decay,
        )
        literacy = persuasion.learn_cooperative(
            users.literacy[i],
            min(now.literacy_scale * ownership, ONE),
            reached * now.cooperative_budget,
            ownership,
            view,
            now.cooperative_floor,
            now.decay,
        )
        users.commons_view[i] = view
        users.literacy[i] = literacy
        echo = persuasion.resonance(view, literacy, remedy, now.literacy_weight)

        grievance = participation.grievance(
            discontent,
            threat_felt,
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
            participation.peer_pressure(neighbours, now.peer_half_saturation),
            now.interaction,
            now.efficacy_weight,
            now.peer_weight,
        )
        utility = participation.utility(motive, users.cost[i], now.steepness)
        decided = participation.decide(
            status,
            aware,
            now.campaigning,
            utility,
            now.join_rate,
            now.drop_rate,
            now.burnout,
            now.organiser_utility,
            now.organiser_rate,
            middle_share(luck),
            low_share(exit_luck),
        )
        potential = now.waiting and present and utility > ZERO and literacy >= now.literacy_top
        if participation.acts(potential, now.act_rate, middle_share(luck)):
            decided = _ACTED

        signs = aware and present and middle_share(exit_luck) < now.petition_rate * echo
        users.signed[i] = _YES if signs else users.signed[i]

        leaving = exit.inclination(
            discontent,
            view,
            remedy,
            dependence,
            f32(users.gone_neighbours[i]) * users.degree_inverse[i],
            active,
            now.exit_threshold,
            now.neighbour_loss,
            now.voice,
            now.remedy_exit,
            now.softness,
        )
        users.next_status[i] = exit.decide(
            status,
            decided,
            leaving,
            now.leave_rate,
            now.return_rate,
            now.cooperative_pull * literacy,
            high_share(exit_luck),
            low_share(exit_luck),
        )


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
    active_change = np.int32(is_active(status)) - np.int32(is_active(before))
    gone_change = np.int32(is_gone(status)) - np.int32(is_gone(before))
    if active_change != 0 or gone_change != 0:
        for position in range(network.offsets[i], network.offsets[i + 1]):
            neighbour = network.neighbours[position]
            users.active_neighbours[neighbour] += active_change
            users.gone_neighbours[neighbour] += gone_change


@kernel
def take_effect(network, users, world, week, window):
    """Carry out what was decided; return how many users acted of themselves within the window."""
    world.joined = 0
    world.joined_peers = 0
    world.dropped = 0
    changed = False
    for i in range(users.status.size):
        status, decided = users.status[i], users.next_status[i]
        if status == decided:
            continue
        changed = True
        if decided == _ACTED:
            users.acted[i] = week
            users.next_status[i] = status
        elif is_active(decided) and not is_active(status):
            world.joined += 1
            world.joined_peers += users.active_neighbours[i] > 0
            users.expected[i] = f32(world.efficacy)
        elif is_active(status) and not is_active(decided):
            world.dropped += 1
    acted = 0
    if changed or world.launched < 0:
        for i in range(users.status.size):
            if users.status[i] != users.next_status[i]:
                set_status(network, users, world, i, users.next_status[i])
            acted += users.acted[i] > week - window and not is_gone(users.status[i])
    return acted


@kernel
def measure(users, world, literacy_weight):
    """Sum the users' states into the world's record, in whole units of 1/4096 (exact)."""
    totals = np.zeros(8, dtype=np.int64)
    for first in range(0, users.status.size, _TILE):
        discontent_sum = discontented = value_sum = np.int32(0)
        commons_sum = literacy_sum = echo_sum = aware_sum = signed_sum = np.int32(0)
        for i in range(first, min(first + _TILE, users.status.size)):
            present = np.int32(users.status[i] <= _ORGANISER)
            aware = np.int32(users.aware[i]) * present
            discontent = users.dissatisfaction[i]
            value = users.dependence[i] * (ONE - discontent)
            echo = persuasion.resonance(
                users.commons_view[i], users.literacy[i], users.remedy[i], literacy_weight
            )
            discontent_sum += present * np.int32(discontent * _UNIT + HALF)
            discontented += present * np.int32(discontent > HALF)
            value_sum += present * np.int32(value * _UNIT + HALF)
            commons_sum += np.int32(users.commons_view[i] * _UNIT + HALF)
            literacy_sum += np.int32(users.literacy[i] * _UNIT + HALF)
            echo_sum += aware * np.int32(echo * _UNIT + HALF)
            aware_sum += aware
            signed_sum += np.int32(users.signed[i])
        totals[0] += discontent_sum
        totals[1] += discontented
        totals[2] += value_sum
        totals[3] += commons_sum
        totals[4] += literacy_sum
        totals[5] += echo_sum
        totals[6] += aware_sum
        totals[7] += signed_sum
    world.dissatisfaction_sum = totals[0]
    world.dissatisfied = totals[1]
    world.value_sum = totals[2]
    world.commons_sum = totals[3]
    world.literacy_sum = totals[4]
    world.resonance_sum = totals[5]
    world.aware = totals[6]
    world.new_signatures = totals[7] - world.signatures
    world.signatures = totals[7]
