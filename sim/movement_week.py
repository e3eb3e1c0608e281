"""The movement's week: launch, media, proposals, pledges, spin-off."""

from __future__ import annotations

import numpy as np

from sim.compiled import routine
from sim.holder_week import ballot, has_proponent
from sim.parameters import Origin, Policy, code
from sim.randomness import Stream, uniform
from sim.rules import campaign, conversion, efficacy, media, vote
from sim.state import Status
from sim.user_status import is_active, is_gone, people_active, set_status

_GIVEN, _ENDOGENOUS, _CONCEDE = (
    code(Origin.GIVEN),
    code(Origin.ENDOGENOUS),
    code(Policy.CONCEDE),
)
_LOST_VOTE = int(Stream.LOST_VOTE)
_BYSTANDER, _ORGANISER = np.uint8(Status.BYSTANDER), np.uint8(Status.ORGANISER)
_NONE = -1


@routine
def appoint(network, users, world, i):
    """Make user i an organiser of the launch."""
    world.aware += 1 - users.aware[i]
    users.aware[i] = 1
    users.expected[i] = np.float32(world.efficacy)
    world.launch_organisers += 1
    set_status(network, users, world, i, _ORGANISER)


@routine
def find_most_literate(users, wanted, chosen):
    """List the present users with the highest literacy, earlier ones first; return how many."""
    found = 0
    while found < wanted:
        best = -1
        for i in range(users.status.size):
            eligible = not is_gone(users.status[i])
            for k in range(found):
                eligible = eligible and i != chosen[k]
            if eligible and (best < 0 or users.literacy[i] > users.literacy[best]):
                best = i
        if best < 0:
            break
        chosen[found] = best
        found += 1
    return found


@routine
def launch(p, network, users, workspace, world, week, acted):
    """Launch the movement if it is time; return the events that are news."""
    if world.launched != _NONE:
        return 0.0
    if p.movement.origin == _GIVEN and week == p.movement.launch_week:
        wanted = max(int(np.rint(p.movement.organisers / world.people_per_agent)), 1)
        for k in range(find_most_literate(users, min(wanted, users.status.size), workspace.listed)):
            appoint(network, users, world, workspace.listed[k])
    elif (
        p.movement.origin == _ENDOGENOUS
        and acted > 0
        and acted * world.people_per_agent >= p.movement.acts_to_launch
    ):
        for i in range(users.status.size):
            if users.acted[i] > week - campaign.ACTS_WITHIN and not is_gone(users.status[i]):
                appoint(network, users, world, i)
    if world.launch_organisers == 0:
        return 0.0
    world.launched = week
    return 1.0


@routine
def file(p, users, holders, world, week):
    """File a proposal for the next meeting still open; return the events that are news."""
    people = world.organisers * world.people_per_agent
    if (
        world.launched == _NONE
        or world.filed != _NONE
        or world.study_start != _NONE
        or world.organisers == 0
        or people < p.vote.organisers_needed
        or not has_proponent(p, holders, users)
    ):
        return 0.0
    meeting = vote.next_meeting(week, p.vote.first_meeting, p.vote.filing_lead)
    if meeting < world.barred_until:
        return 0.0
    world.filed = meeting
    return 1.0


@routine
def hold_meeting(p, network, users, holders, world, seed, week):
    """Vote on the proposal filed for this week; return the events that are news."""
    world.support = -1.0
    if world.filed != week:
        return 0.0
    world.filed = _NONE
    if world.converted != _NONE:
        return 0.0
    world.submissions += 1
    world.support = ballot(p, holders, users, world, seed, week)
    world.best_support = max(world.best_support, world.support)
    if world.support >= vote.resubmission_threshold(p.vote.regime, world.submissions):
        world.recognised = 1
    else:
        world.barred_until = week + vote.BARRED
    if world.support > 0.5:
        begin_study(world, week)
    else:
        lose_vote(p, network, users, world, seed, week)
    return 1.0


@routine
def lose_vote(p, network, users, world, seed, week):
    """Let active users drop out after a lost vote, in proportion to their goal of conversion."""
    for i in range(users.status.size):
        if is_active(users.status[i]):
            chance = p.participation.loss_dropout * users.goals[i, 0]
            if uniform(seed, _LOST_VOTE, week, i) < chance:
                set_status(network, users, world, i, _BYSTANDER)
                world.dropped += 1


@routine
def begin_study(world, week):
    """Begin the feasibility study of conversion, once."""
    if world.study_start == _NONE:
        world.study_start = week


@routine
def concede(p, world, week):
    """Let a conceding board begin the study when the movement is strong enough."""
    if p.firm.policy == _CONCEDE and world.launched != _NONE:
        strength = efficacy.size(people_active(world), p.efficacy.half_saturation)
        if strength >= p.firm.concession_strength:
            begin_study(world, week)


@routine
def collect_pledges(p, users, world, week):
    """Collect pledges after the study; the firm is converted when they buy control."""
    world.pledged = 0.0
    if world.converted != _NONE or not conversion.collecting(
        week, world.study_start, p.conversion.feasibility_weeks, p.conversion.pledge_window
    ):
        return
    total = 0.0
    for i in range(users.status.size):
        if is_active(users.status[i]):
            total += conversion.pledge(
                p.conversion.pledge, float(users.ownership[i]), p.users.ownership_mean
            )
    world.pledged = total / users.status.size
    if conversion.control_bought(world.pledged, p.conversion.control_price, world.price):
        world.converted = week


@routine
def found_spin_off(p, users, world, week):
    """Found the spin-off when organisers whose goal it is are enough."""
    if world.spin_off != _NONE or world.organisers == 0:
        return
    founders = 0.0
    for i in range(users.status.size):
        if users.status[i] == _ORGANISER:
            founders += float(users.goals[i, 1])
    if founders * world.people_per_agent >= p.movement.spin_off_founders:
        world.spin_off = week


@routine
def update_media(p, world, news):
    """Move media attention by new supporters, signatures and events, once there is a movement."""
    if world.launched == _NONE:
        return
    new_agents = world.joined + p.media.petition_weight * world.new_signatures
    world.media = media.update(
        attention=world.media,
        half_life=p.media.half_life,
        new_people=new_agents * world.people_per_agent,
        half_saturation=p.media.half_saturation,
        supporter_gain=p.media.supporter_gain,
        events=news + world.events,
        event_gain=p.media.event_gain,
        trust_lost=max(p.shareholders.trust_start - world.trust, 0.0),
        trust_amplification=p.media.trust_amplification,
        threat=world.threat,
        threat_crowding=p.media.threat_crowding,
    )
