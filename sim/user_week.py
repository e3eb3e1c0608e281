"""The users' week: everyone decides on the state of last week, then the changes take effect.

Users are taken a tile at a time. Each pass over a tile is a loop without branches, short enough
for the processor to work on many users at once; a pass calls the rules in order. Where many
conditions meet they are joined by ``&`` and ``|``, since ``and`` and ``or`` are branches.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import ONE, ZERO, f32, kernel, rule
from sim.randomness import Stream, fill_words, high16, high24, key, low8, low16
from sim.rules import awareness, dissatisfaction, exit, participation, persuasion
from sim.state import READY, Status
from sim.user_sums import add, bounds, clear_sums, measure, tiles

_BYSTANDER = np.uint8(Status.BYSTANDER)
_SUPPORTER, _ORGANISER = np.uint8(Status.SUPPORTER), np.uint8(Status.ORGANISER)
_NO, _YES = np.uint8(0), np.uint8(1)
_READY = f32(READY)
_STREAMS = (int(Stream.HEARING), int(Stream.TAKING_PART), int(Stream.LEAVING), int(Stream.SIGNING))
_HEARING, _TAKING_PART, _LEAVING, _SIGNING = range(len(_STREAMS))  # rows of the luck


@kernel
def decide(users, workspace, world, inputs):
    """Let everyone live the week: views change at once, the decisions are in ``next_status``.

    The world's sums over users are those after the week, once the decisions take effect.
    """
    decide_in_tiles(users, workspace, world, inputs, 0, tiles(users))


@kernel
def decide_in_tiles(users, workspace, world, inputs, first_tile, end_tile):
    """Let the users of some tiles live the week; the world's sums are over these users."""
    anyone_may_change = (
        inputs.campaigning or inputs.waiting or world.supporters + world.organisers > 0
    )
    clear_sums(world)
    world.potential = 0
    members_may_change = inputs.cooperative_stay > ZERO or world.members > 0
    world.members = 0
    for tile in range(first_tile, end_tile):
        first, last = bounds(users, tile)
        draw_luck(workspace, inputs, first, last)
        feel(users, workspace, inputs, first, last)
        hear(users, workspace, inputs, first, last)
        persuade(users, inputs, first, last)
        if anyone_may_change:  # otherwise all remain what they are
            weigh(users, workspace, inputs, first, last)
            take_part(users, workspace, inputs, first, last)
        if inputs.waiting:
            sum_potential(users, workspace, world, inputs, first, last)
        leave(users, workspace, inputs, first, last)
        if members_may_change:
            join_cooperative(users, workspace, world, inputs, first, last)
        measure(users, world, inputs.literacy_weight, first, last)


@kernel
def draw_luck(workspace, inputs, first, last):
    """Draw the tile's luck: from each of four streams 32 bits a user, two users to a word."""
    words = (last - first + np.uint64(1)) >> np.uint64(1)
    for row in range(len(_STREAMS)):
        stream_key = key(inputs.seed, _STREAMS[row], inputs.week)
        fill_words(stream_key, first >> np.uint64(1), workspace.words[row, :words])


@kernel
def feel(users, workspace, inputs, first, last):
    """Move dissatisfaction."""
    for i in range(first, last):
        users.dissatisfaction[i] = dissatisfaction.update(
            dissatisfaction=users.dissatisfaction[i],
            sensitivity=users.sensitivity[i],
            causes_now=inputs.causes,
            speed=inputs.dissatisfaction_speed,
            noise=inputs.dissatisfaction_noise,
            draw=low8(workspace.bits[_HEARING, i - first]),
        )


@kernel
def hear(users, workspace, inputs, first, last):
    """Let the campaign reach users, and let others forget it."""
    for i in range(first, last):
        k = i - first
        status = users.status[i]
        aware = users.aware[i] != _NO
        active = status == _SUPPORTER or status == _ORGANISER
        draw = high24(workspace.bits[_HEARING, k])
        reached = status <= _ORGANISER and draw < inputs.reach_chance
        considering = reached and awareness.considers(
            aware, inputs.novelty_left, low8(workspace.bits[_TAKING_PART, k])
        )
        workspace.reached[k] = _YES if considering else _NO
        users.aware[i] = (
            _YES if awareness.update(aware, reached, active, inputs.forgetting, ONE - draw) else _NO
        )


@kernel
def persuade(users, inputs, first, last):
    """Move both views."""
    for i in range(first, last):
        dependence = users.dependence[i]
        ownership = users.ownership[i]
        reached = ONE if users.aware[i] != _NO and users.status[i] <= _ORGANISER else ZERO
        view = persuasion.view_commons(
            view=users.commons_view[i],
            start=min(inputs.commons_scale * dependence, ONE),
            budget=reached * inputs.commons_budget,
            dependence=dependence,
            value_gap=inputs.value_gap,
            threat_felt=users.threat_sensitivity[i] * inputs.threat,
            base=inputs.commons_base,
            decay=inputs.decay,
        )
        users.commons_view[i] = view
        users.literacy[i] = persuasion.learn_cooperative(
            literacy=users.literacy[i],
            start=min(inputs.literacy_scale * ownership, ONE),
            budget=reached * inputs.cooperative_budget,
            ownership=ownership,
            view=view,
            floor=inputs.cooperative_floor,
            decay=inputs.decay,
        )


@rule
def utility_of(users, i, inputs):
    """Return a user's utility of supporting."""
    dependence = users.dependence[i]
    echo = persuasion.resonance(
        users.commons_view[i], users.literacy[i], users.remedy[i], inputs.literacy_weight
    )
    grievance = participation.grievance(
        dissatisfaction=users.dissatisfaction[i],
        threat_felt=users.threat_sensitivity[i] * inputs.threat,
        resonance=echo,
        closure_stake=dependence * inputs.closure,
        dissatisfaction_weight=inputs.dissatisfaction_weight,
        threat_weight=inputs.threat_weight,
        resonance_weight=inputs.resonance_weight,
        closure_weight=inputs.closure_weight,
    )
    motive = participation.motive(
        grievance_now=grievance,
        efficacy=inputs.efficacy,
        peers=participation.peer_pressure(
            f32(users.active_neighbours[i]), inputs.peer_half_saturation
        ),
        interaction=inputs.interaction,
        efficacy_weight=inputs.efficacy_weight,
        peer_weight=inputs.peer_weight,
    )
    return participation.utility(motive, users.cost[i], inputs.steepness)


@kernel
def weigh(users, workspace, inputs, first, last):
    """Find every user's utility of taking part."""
    for i in range(first, last):
        workspace.utility[i - first] = utility_of(users, i, inputs)


@kernel
def sum_potential(users, workspace, world, inputs, first, last):
    """Sum how far users are ready to act on their own, before a launch."""
    potential = np.int32(0)
    for i in range(first, last):
        ready = participation.readiness(workspace.utility[i - first], inputs.organiser_scale)
        able = users.status[i] <= _ORGANISER and users.literacy[i] >= inputs.literacy_top
        potential = add(potential, np.int32(ready * _READY) if able else np.int32(0))
    world.potential += potential


@kernel
def take_part(users, workspace, inputs, first, last):
    """Let those whom the campaign reaches follow it or not, and let others drop out."""
    for i in range(first, last):
        k = i - first
        status = users.status[i]
        utility = workspace.utility[k]
        draw = high16(workspace.bits[_SIGNING, k])
        active = (status == _SUPPORTER) | (status == _ORGANISER)
        called = inputs.campaigning & (workspace.reached[k] != _NO)
        signs = (
            inputs.petition_open
            & (users.signed[i] == _NO)
            & (called | active)
            & participation.responds(utility, inputs.signing_scale, ONE, draw)
        )
        organises = (
            called
            & (status < _ORGANISER)
            & participation.responds(utility, inputs.organiser_scale, inputs.available, draw)
        )
        joins = called & (status == _BYSTANDER) & participation.responds(utility, ONE, ONE, draw)
        drops = active & participation.drops_out(
            organising=status == _ORGANISER,
            utility_now=utility,
            drop_rate=inputs.drop_rate + inputs.fatigue * users.wear[i],
            burnout=inputs.burnout,
            persistence=inputs.persistence,
            draw=high24(workspace.bits[_TAKING_PART, k]),
        )
        after = _SUPPORTER if joins else status
        after = _BYSTANDER if drops else after
        users.next_status[i] = _ORGANISER if organises else after
        users.signed[i] = _YES if signs else users.signed[i]
        users.fresh[i] = _YES if signs | joins | organises else users.fresh[i]
        users.weeks_active[i] += np.int16(active)


@kernel
def leave(users, workspace, inputs, first, last):
    """Let users leave or return, whatever else they decided."""
    for i in range(first, last):
        k = i - first
        status = users.status[i]
        view = users.commons_view[i]
        leaving = exit.inclination(
            dissatisfaction=users.dissatisfaction[i],
            commons_view=view,
            remedy=users.remedy[i],
            dependence=users.dependence[i],
            neighbours_gone=f32(users.gone_neighbours[i]) * users.degree_inverse[i],
            active=status == _SUPPORTER or status == _ORGANISER,
            threshold=inputs.exit_threshold,
            neighbour_loss=inputs.neighbour_loss,
            voice=inputs.voice,
            remedy_exit=inputs.remedy_exit,
            steepness=inputs.exit_steepness,
        )
        users.next_status[i] = exit.decide(
            status=status,
            decided=users.next_status[i],
            inclination_now=leaving,
            leave_rate=inputs.leave_rate,
            return_rate=inputs.return_rate,
            cooperative_chance=inputs.cooperative_pull * users.literacy[i],
            draw=high24(workspace.bits[_LEAVING, k]),
            second_draw=low16(workspace.bits[_SIGNING, k]),
        )


@kernel
def join_cooperative(users, workspace, world, inputs, first, last):
    """Let some of those who would leave for the cooperative join it and stay what they are."""
    members = np.int32(0)
    for i in range(first, last):
        joins = exit.joins(
            status=users.status[i],
            decided=users.next_status[i],
            stay_chance=inputs.cooperative_stay * users.literacy[i],
            second_draw=low16(workspace.bits[_SIGNING, i - first]),
        )
        after = users.status[i] if joins else users.next_status[i]
        member = after <= _ORGANISER and (joins or users.member[i] != _NO)
        users.next_status[i] = after
        users.member[i] = _YES if member else _NO
        members = add(members, member)
    world.members += members
