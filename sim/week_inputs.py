"""What is the same for every user this week: worked out once, then handed to the users' rules."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, get_type_hints

import numpy as np

from sim.compiled import f32, routine
from sim.parameters import Origin, code
from sim.rules import awareness, campaign, dissatisfaction, exit, fatigue

_ENDOGENOUS = code(Origin.ENDOGENOUS)
_NONE = -1


class WeekInputs(NamedTuple):
    """What is the same for every user this week, and the constants of the rules on users."""

    week: int
    seed: int
    campaigning: bool
    petition_open: bool
    waiting: bool  # nobody has launched, and users may act on their own
    causes: np.float32  # of dissatisfaction
    dissatisfaction_speed: np.float32
    dissatisfaction_noise: np.float32
    contact: np.float32
    reach_chance: np.float32
    novelty_left: np.float32
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
    drop_rate: np.float32
    fatigue: np.float32  # rate, by the weeks without news
    burnout: np.float32
    persistence: np.float32
    signing_scale: np.float32
    organiser_scale: np.float32
    available: np.float32
    leave_rate: np.float32
    return_rate: np.float32
    exit_threshold: np.float32
    neighbour_loss: np.float32
    voice: np.float32
    remedy_exit: np.float32
    exit_steepness: np.float32
    cooperative_pull: np.float32  # 0 while there is no cooperative
    cooperative_stay: np.float32  # likewise; the part of the pull that makes members who stay


@routine
def week_inputs(week, seed, p, world, users):
    """Return what is the same for every user this week."""
    causes = dissatisfaction.causes(
        base=p.dissatisfaction.base,
        monetisation_weight=p.dissatisfaction.monetisation_weight,
        monetisation_rise=world.monetisation - world.usual_monetisation,
        governance_weight=p.dissatisfaction.governance_weight,
        governance_deficit=world.governance_deficit,
        trend_now=dissatisfaction.trend(
            week,
            p.dissatisfaction.ramp_size,
            p.dissatisfaction.ramp_start,
            p.dissatisfaction.ramp_duration,
        ),
        scandal_effect=p.events.scandal_effect if world.yielded == _NONE else 0.0,
        scandal=world.scandal,
    )
    launched = world.launched != _NONE
    campaigning = launched and world.organisers > 0 and world.converted == _NONE
    weeks = week - world.launched
    share = campaign.commons_budget(p.movement.framing, weeks, p.movement.second_stage_weeks)
    present = max(users - world.exited - world.exited_coop, 1)
    petition_open = campaigning and world.petition != _NONE
    reach = rate = 0.0
    if campaigning:
        reach = awareness.chance_to_be_reached(
            attention=world.media,
            media_reach=p.awareness.media_reach,
            outreach=p.awareness.outreach,
            organisers=world.organisers,
            present=present,
        )
        rate = p.persuasion.rate * campaign.voice(
            world.media, world.organisers * world.people_per_agent, p.persuasion.organiser_half
        )
    tired = p.participation.fatigue * fatigue.tired(
        week - world.news_week, p.participation.patience
    )
    steepness = p.participation.steepness
    return_rate = p.exit.return_rate if world.closed == _NONE else 0.0
    rival_there = p.exit.rival_week != _NONE and week >= p.exit.rival_week
    threshold = exit.borne(
        threshold=p.exit.threshold,
        rival_there=rival_there,
        rival_quality=p.exit.rival_quality,
        founded=world.spin_off != _NONE,
        cooperative_quality=p.exit.cooperative_quality,
    )
    cooperative_pull = p.exit.cooperative_pull if world.spin_off != _NONE else 0.0
    waiting = p.movement.origin == _ENDOGENOUS and not launched
    return WeekInputs(
        week=week,
        seed=seed,
        campaigning=campaigning,
        petition_open=petition_open,
        waiting=waiting,
        causes=f32(causes),
        dissatisfaction_speed=f32(p.dissatisfaction.speed),
        dissatisfaction_noise=f32(p.dissatisfaction.noise),
        contact=f32(p.awareness.contact),
        reach_chance=f32(reach),
        novelty_left=f32(p.awareness.novelty_left),
        forgetting=f32(p.awareness.forgetting),
        commons_budget=f32(rate * share),
        cooperative_budget=f32(rate * (1.0 - share)),
        commons_base=f32(p.persuasion.commons_base),
        cooperative_floor=f32(p.persuasion.cooperative_floor),
        decay=f32(p.persuasion.decay),
        commons_scale=f32(p.persuasion.commons_start / p.users.dependence_mean),
        literacy_scale=f32(p.persuasion.literacy_start / p.users.ownership_mean),
        literacy_weight=f32(p.persuasion.literacy_weight),
        literacy_top=f32(world.literacy_top),
        value_gap=f32(world.value_gap),
        threat=f32(world.threat),
        closure=f32(world.closure),
        efficacy=f32(world.efficacy),
        dissatisfaction_weight=f32(p.participation.dissatisfaction_weight),
        threat_weight=f32(p.participation.threat_weight),
        resonance_weight=f32(p.participation.resonance_weight),
        closure_weight=f32(p.participation.closure_weight),
        efficacy_weight=f32(p.participation.efficacy_weight),
        peer_weight=f32(p.participation.peer_weight),
        peer_half_saturation=f32(p.participation.peer_half_saturation),
        interaction=f32(p.participation.interaction),
        steepness=f32(p.participation.steepness),
        drop_rate=f32(p.participation.drop_rate),
        fatigue=f32(tired),
        burnout=f32(p.participation.burnout),
        persistence=f32(p.participation.persistence),
        signing_scale=f32(math.exp(-steepness * p.participation.signing_discount)),
        available=f32(p.participation.available),
        organiser_scale=f32(math.exp(steepness * p.participation.organising_premium)),
        leave_rate=f32(p.exit.leave_rate),
        return_rate=f32(return_rate),
        exit_threshold=f32(threshold),
        neighbour_loss=f32(p.exit.neighbour_loss),
        voice=f32(p.exit.voice),
        remedy_exit=f32(p.persuasion.remedy_exit),
        exit_steepness=f32(1.0 / p.exit.softness),
        cooperative_pull=f32(cooperative_pull),
        cooperative_stay=f32(cooperative_pull * p.exit.cooperative_stay),
    )


def read_inputs(week: int, seed: int, p: Any, world: Any, users: int) -> WeekInputs:
    """Return the inputs with their own types: Numba hands all floats to Python as doubles."""
    kinds, found = get_type_hints(WeekInputs).values(), week_inputs(week, seed, p, world, users)
    return WeekInputs._make(kind(value) for kind, value in zip(kinds, found, strict=True))
