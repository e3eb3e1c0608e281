"""The movement's week: launch, media, proposals, pledges, spin-off."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import routine
from sim.holder_week import ballot, has_proponent
from sim.parameters import Origin, Policy, code
from sim.randomness import Stream, normal, uniform
from sim.rules import campaign, conversion, efficacy, media, vote
from sim.state import Status
from sim.user_status import is_active, is_gone, list_status, people_active, set_status

_GIVEN, _ENDOGENOUS, _CONCEDE = (
    code(Origin.GIVEN),
    code(Origin.ENDOGENOUS),
    code(Policy.CONCEDE),
)
_LOST_VOTE = int(Stream.LOST_VOTE)
_CAMPAIGN, _ADMISSION = int(Stream.CAMPAIGN), int(Stream.ADMISSION)
_BYSTANDER, _ORGANISER = np.uint8(Status.BYSTANDER), np.uint8(Status.ORGANISER)
_NONE = -1


@routine
def appoint(network, users, world, i):
    """Make user i an organiser of the launch."""
    world.aware += 1 - users.aware[i]
    users.aware[i] = 1
    users.expected[i] = np.float32(world.efficacy)
    world.launch_organisers += 1
    users.fresh[i] = 1
    set_status(network, users, world, i, _ORGANISER)


@routine
def is_chosen_later(users, i, j):
    """Return whether user i has less literacy than user j, or as much and a higher number."""
    return users.literacy[i] < users.literacy[j] or (
        users.literacy[i] == users.literacy[j] and i > j
    )


@routine
def sift_down(users, heap, root, size):
    """Restore the order of a heap whose root may be out of place; who is chosen last is on top."""
    user = heap[root]
    while 2 * root + 1 < size:
        child = 2 * root + 1
        if child + 1 < size and is_chosen_later(users, heap[child + 1], heap[child]):
            child += 1
        if not is_chosen_later(users, heap[child], user):
            break
        heap[root] = heap[child]
        root = child
    heap[root] = user


@routine
def choose_by_literacy(users, chosen, wanted):
    """List the present users of the highest literacy, of equals those with the lowest number.

    Return how many they are: as many as wanted, or all who are present. A heap of those chosen so
    far, who is chosen last on top, needs no other memory than ``chosen``.
    """
    size = 0
    for i in range(users.status.size):
        if is_gone(users.status[i]):
            continue
        if size < wanted:
            chosen[size] = i
            size += 1
            if size == wanted:
                for root in range(size // 2 - 1, -1, -1):
                    sift_down(users, chosen, root, size)
        elif is_chosen_later(users, chosen[0], i):
            chosen[0] = i
            sift_down(users, chosen, 0, size)
    return size


@routine
def launch(p, seed, network, users, workspace, weekly, world, week):
    """Launch the movement if it is time."""
    if world.launched != _NONE:
        return
    people = 0.0
    if p.movement.origin == _GIVEN and week == p.movement.launch_week:
        people = p.movement.organisers
    elif p.movement.origin == _ENDOGENOUS:
        acting = world.acting
        for earlier in range(max(week - campaign.ACTS_WITHIN + 1, 0), week):
            acting += weekly[earlier].acting
        people = acting if acting >= p.movement.acts_to_launch else 0.0
    if people == 0.0:
        return
    share = people / world.people_per_agent
    wanted = max(math.floor(share + uniform(seed, _CAMPAIGN, 1, 0)), 1)
    for k in range(choose_by_literacy(users, workspace.selected, wanted)):
        appoint(network, users, world, workspace.selected[k])
    if world.launch_organisers == 0:
        return
    world.launched = week
    world.luck = math.exp(p.media.luck * normal(seed, _CAMPAIGN, 0, 0))
    make_news(world, week, media.launch(people, p.media.launch_half, p.media.launch_gain))


@routine
def make_news(world, week, attention):
    """Draw attention by an act of the movement, which gives those who take part new strength."""
    world.acts += attention
    world.news_week = week


@routine
def open_petition(p, world, week):
    """Open the petition, when there is somebody to do so."""
    if (
        world.launched != _NONE
        and world.petition == _NONE
        and week - world.launched >= p.movement.petition_delay
        and world.organisers > 0
        and world.converted == _NONE
    ):
        world.petition = week
        make_news(world, week, p.media.event_gain)


@routine
def change_argument(p, world, week):
    """Turn to another argument, which is news."""
    if (
        world.launched != _NONE
        and world.organisers > 0
        and campaign.argument_changes(
            p.movement.framing, week - world.launched, p.movement.second_stage_weeks
        )
    ):
        make_news(world, week, p.media.argument_gain)


@routine
def file(p, users, holders, world, week):
    """File a proposal for the next meeting still open."""
    people = world.organisers * world.people_per_agent
    if (
        world.launched == _NONE
        or world.filed != _NONE
        or world.study_start != _NONE
        or world.organisers == 0
        or people < p.vote.organisers_needed
        or not has_proponent(p, holders, users)
    ):
        return
    meeting = vote.next_meeting(week, p.vote.first_meeting, p.vote.filing_lead)
    if meeting < world.barred_until:
        return
    world.filed = meeting
    world.filed_week = week
    world.admitted = _NONE
    make_news(world, week, p.media.event_gain)


@routine
def admit(p, world, seed, week):
    """Admit the proposal to the ballot, or bar it from the meeting."""
    if world.filed == _NONE or world.admitted != _NONE:
        return
    if week < min(world.filed_week + p.vote.admission_weeks, world.filed):
        return
    if uniform(seed, _ADMISSION, world.filed, 0) < p.vote.admission_chance:
        world.admitted = 1
        make_news(world, week, p.media.event_gain)
    else:
        world.admitted = 0
        world.barred_until = world.filed + 1
        world.filed = _NONE


@routine
def hold_meeting(p, network, users, holders, world, seed, week):
    """Vote on the proposal filed for this week."""
    world.support = -1.0
    if world.filed != week:
        return
    world.filed = _NONE
    if world.converted != _NONE or world.closed != _NONE:
        return
    world.submissions += 1
    ballot(p, holders, users, world, seed, week)
    world.best_support = max(world.best_support, world.support)
    if world.support >= vote.resubmission_threshold(p.vote.regime, world.submissions):
        world.recognised = 1
    else:
        world.barred_until = week + vote.BARRED
    if world.support > 0.5:
        begin_study(world, week)
    else:
        lose_vote(p, network, users, world, seed, week)
    make_news(world, week, p.media.event_gain)


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
        strength = efficacy.size(people_active(world), world.half_size)
        if strength >= p.firm.concession_strength:
            begin_study(world, week)


@routine
def collect_pledges(p, users, world, week):
    """Collect pledges after the study or in a forced sale, until they buy control."""
    world.pledged = 0.0
    for_sale = world.for_sale != _NONE
    collecting = for_sale or conversion.collecting(
        week, world.study_start, p.conversion.feasibility_weeks, p.conversion.pledge_window
    )
    if not collecting or world.converted != _NONE or world.closed != _NONE:
        return
    total = 0.0
    for i in range(users.status.size):
        if is_active(users.status[i]):
            total += conversion.pledge(
                p.conversion.pledge, float(users.ownership[i]), p.users.ownership_mean
            )
    world.pledged = total / users.status.size
    sale_share = p.conversion.liquidation_share if for_sale else 1.0
    if conversion.control_bought(
        world.pledged, p.conversion.control_price, world.price, sale_share
    ):
        world.converted = week
        world.for_sale = _NONE


@routine
def found_spin_off(p, users, workspace, world, week):
    """Found the spin-off when organisers whose goal it is are enough."""
    enough, most = p.movement.spin_off_founders, world.organisers * world.people_per_agent
    if world.spin_off != _NONE or world.organisers == 0 or most < enough:
        return
    founders = 0.0
    for k in range(list_status(users, _ORGANISER, workspace.selected)):
        founders += float(users.goals[workspace.selected[k], 1])
    if founders * world.people_per_agent >= enough:
        world.spin_off = week
        make_news(world, week, p.media.event_gain)


@routine
def update_media(p, world):
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
        acts=world.acts,
        luck=world.luck,
        events=world.events,
        trust_lost=max(p.shareholders.trust_start - world.trust, 0.0),
        trust_amplification=p.media.trust_amplification,
        threat=world.threat,
        threat_crowding=p.media.threat_crowding,
    )
