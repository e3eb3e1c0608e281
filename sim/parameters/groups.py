"""Every parameter of the model, declared once, by group."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.parameters.declaration import (
    ANY,
    FORM,
    LEVER,
    NEVER,
    NON_NEGATIVE,
    POSITIVE,
    PROTOTYPE,
    SHARE,
    WEEK,
    Framing,
    Origin,
    Policy,
    Regime,
    Topology,
    parameter,
)


@dataclass(frozen=True)
class Users:
    """The attentive public of the platform."""

    count: int = parameter(
        2000,
        "agents",
        "users simulated (N)",
        plausible=(500, 10_000),
        bounds=(2, 10_000_000),
    )
    people_per_agent: float = parameter(
        10.0,
        "people",
        "people each simulated user stands for",
        plausible=(1, 100),
        bounds=POSITIVE,
        source="unidentified by the facts of any case: results are reported across it",
    )
    dependence_mean: float = parameter(
        0.6,
        "share",
        "mean dependence on the service (A, Beta with concentration 5)",
        plausible=(0.4, 0.8),
        bounds=(0.05, 0.95),
    )
    ownership_mean: float = parameter(
        0.5,
        "share",
        "mean preference for democratic ownership (o, Beta with concentration 4)",
        plausible=(0.2, 0.6),
        bounds=(0.05, 0.95),
    )
    threat_sensitivity_mean: float = parameter(
        0.5,
        "share",
        "mean sensitivity to threats to democracy (z, Beta with concentration 4)",
        plausible=(0.3, 0.7),
        bounds=(0.05, 0.95),
    )
    goal_concentration: float = parameter(
        1.0,
        "number",
        "how mixed each user's goals are (Dirichlet alpha; low: one goal each)",
        plausible=(0.3, 5),
        bounds=(0.05, 100),
    )


@dataclass(frozen=True)
class Dissatisfaction:
    """How users come to dislike the service."""

    base: float = parameter(
        0.15,
        "share",
        "dissatisfaction with the organisational model at the firm's usual conduct (d_0)",
        label="usual dissatisfaction",
        plausible=(0.05, 0.5),
        bounds=SHARE,
    )
    monetisation_weight: float = parameter(
        0.8,
        "weight",
        "effect of monetisation above its start (d_m)",
        label="dissatisfaction from monetisation",
        plausible=(0.2, 1.5),
        bounds=NON_NEGATIVE,
    )
    governance_weight: float = parameter(
        0.2,
        "weight",
        "effect of the governance deficit (d_g)",
        label="dissatisfaction from governance",
        plausible=(0.0, 0.5),
        bounds=NON_NEGATIVE,
    )
    habituation: float = parameter(
        0.0,
        "1/week",
        "speed at which users get used to monetisation (h_m); 0: never",
        label="getting used to monetisation",
        plausible=(0.0, 0.05),
        bounds=SHARE,
        role=FORM,
        source="adaptation to lasting conditions within months or years: Frederick & Loewenstein"
        " 1999, Hedonic Adaptation; the default is the former assumption",
    )
    ramp_size: float = parameter(
        0.0,
        "share",
        "dissatisfaction added by an exogenous trend, in full at its end",
        label="dissatisfaction added by a trend",
        plausible=(0.0, 0.4),
        bounds=SHARE,
    )
    ramp_start: int = parameter(
        26,
        "week",
        "first week of the trend",
        label="first week of the dissatisfaction trend",
        plausible=(0, 104),
        bounds=(0, math.inf),
    )
    ramp_duration: int = parameter(
        104,
        "weeks",
        "length of the trend",
        label="length of the dissatisfaction trend",
        plausible=(26, 156),
        bounds=(1, math.inf),
    )
    speed: float = parameter(
        0.05,
        "1/week",
        "speed of adjustment (lambda_D)",
        label="speed of dissatisfaction",
        plausible=(0.02, 0.2),
        bounds=SHARE,
    )
    noise: float = parameter(
        0.01,
        "share",
        "standard deviation of a user's weekly fluctuation",
        label="weekly fluctuation of dissatisfaction",
        plausible=(0.0, 0.03),
        bounds=(0.0, 0.5),
    )


@dataclass(frozen=True)
class Awareness:
    """How users hear of the movement."""

    contact: float = parameter(
        0.03,
        "1/week",
        "chance to hear from one active neighbour in a week (w)",
        label="chance to hear from an active neighbour",
        plausible=(0.01, 0.1),
        bounds=(0.0, 0.99),
    )
    media_reach: float = parameter(
        0.05,
        "1/week",
        "chance to hear from the media at full attention (mu)",
        label="chance to hear from the media",
        plausible=(0.01, 0.3),
        bounds=SHARE,
    )
    outreach: float = parameter(
        1.0,
        "people/week",
        "people whom an organiser reaches in a week (omega)",
        label="people reached by an organiser",
        plausible=(0.2, 5.0),
        bounds=NON_NEGATIVE,
    )
    novelty_left: float = parameter(
        0.1,
        "share",
        "chance that somebody who knows of the movement considers it anew when reached again",
        label="chance to consider anew",
        plausible=(0.0, 0.5),
        bounds=SHARE,
    )
    forgetting: float = parameter(
        0.01,
        "1/week",
        "chance that an aware bystander forgets",
        label="chance to forget the movement",
        plausible=(0.002, 0.05),
        bounds=SHARE,
    )


@dataclass(frozen=True)
class Persuasion:
    """Two messages that persuade by the same kind of rule."""

    rate: float = parameter(
        0.15,
        "1/week",
        "speed of persuasion by a full budget (lambda_f)",
        label="speed of persuasion",
        plausible=(0.03, 0.3),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    organiser_half: float = parameter(
        200.0,
        "people",
        "organisers who persuade at half of that speed without any attention",
        label="organisers who persuade at half speed",
        plausible=(50, 1000),
        bounds=POSITIVE,
    )
    commons_base: float = parameter(
        0.5,
        "share",
        "force of the commons message when nothing illustrates it (g_0)",
        label="force of the bare commons message",
        plausible=(0.2, 1.0),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    cooperative_floor: float = parameter(
        0.3,
        "share",
        "force of the cooperative message on users without a commons view (epsilon)",
        label="force of the bare cooperative message",
        plausible=(0.0, 1.0),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    decay: float = parameter(
        0.01,
        "1/week",
        "return of both views towards their start",
        label="decay of both views",
        plausible=(0.002, 0.04),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    commons_start: float = parameter(
        0.1,
        "share",
        "mean commons view before any campaign (q_0)",
        label="initial commons view",
        plausible=(0.05, 0.3),
        bounds=(0.0, 0.5),
        source=PROTOTYPE,
    )
    literacy_start: float = parameter(
        0.1,
        "share",
        "mean cooperative literacy before any campaign (k_0)",
        label="initial cooperative literacy",
        plausible=(0.05, 0.3),
        bounds=(0.0, 0.5),
        source=PROTOTYPE,
    )
    literacy_weight: float = parameter(
        0.5,
        "weight",
        "weight of literacy against the commons view in resonance (eta)",
        label="weight of literacy in resonance",
        plausible=(0.2, 0.8),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    remedy_share: float = parameter(
        0.2,
        "share",
        "users whom the commons view leads to regulation or leaving, not to ownership (pi)",
        label="users whose remedy is not ownership",
        plausible=(0.0, 0.6),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    remedy_exit: float = parameter(
        0.1,
        "weight",
        "pull of the commons view towards leaving, for users whose remedy is leaving",
        label="pull of the commons view to leave",
        plausible=(0.0, 0.3),
        bounds=NON_NEGATIVE,
    )


@dataclass(frozen=True)
class Efficacy:
    """Expectation that the movement can succeed."""

    opportunity_weight: float = parameter(
        0.5, "weight", "weight of the firm's weakness", plausible=(0.2, 0.8), bounds=SHARE
    )
    hopelessness: float = parameter(
        0.5,
        "share",
        "how far a doomed firm is not worth saving (h)",
        label="hopelessness of a doomed firm",
        plausible=(0.0, 1.0),
        bounds=SHARE,
    )
    size_weight: float = parameter(
        0.3, "weight", "weight of the movement's size", plausible=(0.1, 0.5), bounds=SHARE
    )
    growth_weight: float = parameter(
        0.2, "weight", "weight of the movement's growth", plausible=(0.0, 0.4), bounds=SHARE
    )
    half_saturation: float = parameter(
        2000.0,
        "people",
        "movement size at which size counts half (n_half)",
        label="movement size that counts half",
        plausible=(300, 10_000),
        bounds=POSITIVE,
        source=PROTOTYPE,
    )
    relative: float = parameter(
        0.0,
        "share",
        "how far that size grows with the base (rho_n): 0 not at all, 1 in proportion",
        label="size judged by share, not by number",
        plausible=(0.0, 1.0),
        bounds=SHARE,
        role=FORM,
        source="numbers: Marwell & Oliver 1993, The Critical Mass in Collective Action; shares:"
        " Centola et al. 2018, doi:10.1126/science.aas8827; the default is the former assumption",
    )


@dataclass(frozen=True)
class Participation:
    """Joining, staying, organising."""

    dissatisfaction_weight: float = parameter(
        1.0,
        "weight",
        "dissatisfaction (w_D)",
        label="weight of dissatisfaction",
        plausible=(0.5, 1.5),
        bounds=ANY,
    )
    threat_weight: float = parameter(
        0.5,
        "weight",
        "perceived threat (w_theta); below 0 threat frightens people away",
        label="weight of perceived threat",
        plausible=(-0.5, 1.0),
        bounds=ANY,
    )
    resonance_weight: float = parameter(
        0.5,
        "weight",
        "resonance of the campaign (w_r)",
        label="weight of the campaign's resonance",
        plausible=(0.2, 1.0),
        bounds=ANY,
    )
    closure_weight: float = parameter(
        0.5,
        "weight",
        "fear of dependent users that the service closes (w_A)",
        label="weight of the fear of closure",
        plausible=(0.0, 1.0),
        bounds=ANY,
    )
    efficacy_weight: float = parameter(
        0.5,
        "weight",
        "efficacy by itself (w_E)",
        label="weight of efficacy",
        plausible=(0.0, 1.0),
        bounds=ANY,
    )
    peer_weight: float = parameter(
        0.4,
        "weight",
        "active neighbours (w_S)",
        label="weight of active neighbours",
        plausible=(0.0, 0.8),
        bounds=ANY,
    )
    peer_half_saturation: float = parameter(
        3.0,
        "neighbours",
        "active neighbours that count half (h_S)",
        plausible=(1, 10),
        bounds=POSITIVE,
    )
    interaction: float = parameter(
        0.5,
        "number",
        "grievance and efficacy: 1 expectancy x value, 0 additive, -1 substitutes (kappa)",
        label="grievance times efficacy",
        plausible=(-1.0, 1.0),
        bounds=(-1.0, 1.0),
    )
    cost_mean: float = parameter(
        0.9,
        "motive",
        "mean cost of taking part (c)",
        plausible=(0.8, 1.8),
        bounds=ANY,
        source="set so that most campaigns at a healthy firm stay small, as most petitions do"
        " (pattern 1)",
    )
    cost_sd: float = parameter(
        0.25,
        "motive",
        "standard deviation of that cost",
        label="spread of the cost of taking part",
        plausible=(0.1, 0.4),
        bounds=NON_NEGATIVE,
    )
    signing_discount: float = parameter(
        0.6,
        "motive",
        "by how much less it costs to sign than to support",
        label="discount of signing",
        plausible=(0.3, 0.9),
        bounds=NON_NEGATIVE,
        source="range set by organisers per signature (pattern 8)",
    )
    organising_premium: float = parameter(
        0.1,
        "motive",
        "by how much more it costs to organise than to support",
        label="premium of organising",
        plausible=(0.0, 0.8),
        bounds=NON_NEGATIVE,
    )
    available: float = parameter(
        0.06,
        "share",
        "chance that somebody who would organise has the time for it (biographical availability)",
        label="availability for organising",
        plausible=(0.02, 0.1),
        bounds=SHARE,
        source="McAdam 1986, doi:10.1086/228463, for the idea; organisers are 1 to 7 % of signers",
    )
    steepness: float = parameter(
        8.0,
        "1/motive",
        "how sharply motive minus cost decides (b)",
        label="steepness of the decision",
        plausible=(4, 12),
        bounds=NON_NEGATIVE,
    )
    drop_rate: float = parameter(
        0.05,
        "1/week",
        "rate of dropping out at no utility (lambda_B)",
        label="rate of dropping out",
        plausible=(0.01, 0.15),
        bounds=SHARE,
    )
    fatigue: float = parameter(
        0.2,
        "1/week",
        "rate of dropping out added when there is no news for long, at no utility (lambda_F)",
        label="rate of tiring",
        plausible=(0.02, 0.4),
        bounds=SHARE,
    )
    patience: float = parameter(
        6.0,
        "weeks",
        "weeks without news after which two thirds of that rate are reached",
        label="weeks until tired",
        plausible=(2, 20),
        bounds=POSITIVE,
    )
    persistence: float = parameter(
        0.4,
        "share",
        "rate of dropping out of organisers against that of supporters",
        label="dropping out of organisers",
        plausible=(0.1, 1.0),
        bounds=SHARE,
    )
    goal_patience: float = parameter(
        0.5,
        "share",
        "how much less those tire whose goal is not to convert this firm",
        label="patience by other goals",
        plausible=(0.0, 1.0),
        bounds=SHARE,
    )
    burnout: float = parameter(
        0.005,
        "1/week",
        "rate of dropping out whatever the utility",
        label="rate of burning out",
        plausible=(0.0, 0.03),
        bounds=SHARE,
    )
    loss_dropout: float = parameter(
        0.3,
        "share",
        "dropping out after a lost vote, of users whose only goal is converting this firm",
        label="dropping out after a lost vote",
        plausible=(0.0, 0.8),
        bounds=SHARE,
    )


@dataclass(frozen=True)
class Exit:
    """Leaving for a rival or a cooperative, and coming back (Hirschman 1970)."""

    leave_rate: float = parameter(
        0.01,
        "1/week",
        "rate of leaving of a user set on it (lambda_X)",
        label="rate of leaving",
        plausible=(0.003, 0.03),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    return_rate: float = parameter(
        0.01,
        "1/week",
        "rate of returning of a user set on it (lambda_R)",
        label="rate of returning",
        plausible=(0.003, 0.03),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    threshold: float = parameter(
        0.2,
        "share",
        "dissatisfaction borne by a user who does not depend on the service (a_0)",
        label="dissatisfaction borne without dependence",
        plausible=(0.1, 0.4),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    rival_week: int = parameter(
        NEVER,
        "week",
        "week from which a better rival can be had (-1: none)",
        label="week of a better rival",
        bounds=WEEK,
        role=FORM,
        source="an input of a case; the default is the former assumption",
    )
    rival_quality: float = parameter(
        0.0,
        "share",
        "by how much less dissatisfaction is borne where that rival can be had (a_R)",
        label="quality of the better rival",
        plausible=(0.0, 0.3),
        bounds=(-1.0, 1.0),
        role=FORM,
        source="satisfaction is judged against the best alternative: Thibaut & Kelley 1959, The"
        " Social Psychology of Groups; an input of a case; the default is the former assumption",
    )
    cooperative_quality: float = parameter(
        0.0,
        "share",
        "by how much less dissatisfaction is borne once there is a cooperative to go to (a_C)",
        label="quality of the cooperative",
        plausible=(0.0, 0.3),
        bounds=(-1.0, 1.0),
        role=FORM,
        source="as for a rival; the default is the former assumption",
    )
    neighbour_loss: float = parameter(
        0.5,
        "share",
        "dependence lost when all neighbours are gone (nu)",
        label="dependence lost with all neighbours",
        plausible=(0.0, 0.8),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    voice: float = parameter(
        0.2,
        "share",
        "dissatisfaction that taking part makes bearable (v)",
        label="patience of those who take part",
        plausible=(0.0, 0.4),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    softness: float = parameter(
        0.1,
        "share",
        "width of the leaving threshold",
        plausible=(0.05, 0.2),
        bounds=(0.01, math.inf),
        source=PROTOTYPE,
    )
    cooperative_pull: float = parameter(
        0.5,
        "share",
        "leavers with full literacy who choose the cooperative, once it exists",
        label="leavers who choose the cooperative",
        plausible=(0.0, 1.0),
        bounds=SHARE,
    )
    cooperative_stay: float = parameter(
        0.0,
        "share",
        "of those who would leave for the cooperative, who join it and stay (s_C)",
        label="members who stay on the platform",
        plausible=(0.0, 1.0),
        bounds=SHARE,
        role=FORM,
        source="of over 140,000 who announced in 2022 that they moved from Twitter to Mastodon,"
        " 1.6 % had left by December (New Scientist, 2022-12-02); the default is the former"
        " assumption",
    )


@dataclass(frozen=True)
class Threat:
    """Socio-political environment seen as a threat to democracy."""

    base: float = parameter(
        0.15,
        "share",
        "usual threat",
        label="usual threat to democracy",
        plausible=(0.05, 0.6),
        bounds=SHARE,
    )
    shock_size: float = parameter(
        0.0, "share", "threat added by a shock", plausible=(0.0, 0.5), bounds=SHARE
    )
    shock_week: int = parameter(
        52,
        "week",
        "first week of the shock",
        label="week of the threat's shock",
        plausible=(0, 156),
        bounds=WEEK,
    )
    shock_ramp: int = parameter(
        4,
        "weeks",
        "weeks in which the shock builds up",
        label="build-up of the threat's shock",
        plausible=(1, 26),
        bounds=NON_NEGATIVE,
    )
    shock_half_life: float = parameter(
        104.0,
        "weeks",
        "half-life of the shock",
        label="half-life of the threat's shock",
        plausible=(13, 208),
        bounds=POSITIVE,
    )
    speed: float = parameter(
        0.1,
        "1/week",
        "speed of adjustment (kappa_theta)",
        label="speed of threat",
        plausible=(0.05, 0.5),
        bounds=SHARE,
    )
    noise: float = parameter(
        0.01,
        "share",
        "standard deviation of a week",
        label="weekly fluctuation of threat",
        plausible=(0.0, 0.03),
        bounds=(0.0, 0.5),
    )


@dataclass(frozen=True)
class Events:
    """Dated events; a case adds its own."""

    closure_week: int = parameter(
        NEVER,
        "week",
        "week of a rumour that the service closes (-1: none)",
        label="week of a closure rumour",
        bounds=WEEK,
    )
    closure_size: float = parameter(
        0.5,
        "share",
        "strength of that rumour",
        label="strength of the closure rumour",
        plausible=(0.2, 1.0),
        bounds=SHARE,
    )
    closure_half_life: float = parameter(
        13.0, "weeks", "half-life of closure rumours", plausible=(4, 52), bounds=POSITIVE
    )
    closure_discount: float = parameter(
        0.3,
        "log price",
        "fall of the price at full closure rumour",
        label="fall of the price at a closure rumour",
        plausible=(0.1, 0.6),
        bounds=NON_NEGATIVE,
    )
    takeover_week: int = parameter(
        NEVER, "week", "week of a takeover rumour (-1: none)", bounds=WEEK
    )
    takeover_size: float = parameter(
        0.5,
        "share",
        "strength of that rumour",
        label="strength of the takeover rumour",
        plausible=(0.2, 1.0),
        bounds=SHARE,
    )
    takeover_half_life: float = parameter(
        2.0, "weeks", "half-life of takeover rumours", plausible=(1, 8), bounds=POSITIVE
    )
    takeover_premium: float = parameter(
        0.25,
        "log price",
        "rise of the price at full takeover rumour",
        label="rise of the price at a takeover rumour",
        plausible=(0.1, 0.4),
        bounds=NON_NEGATIVE,
        source="Twitter, 2016-09-22 to 10-05: 18.63 to 24.87 USD",
    )
    scandal_week: int = parameter(NEVER, "week", "week of a scandal (-1: none)", bounds=WEEK)
    scandal_size: float = parameter(
        0.5,
        "share",
        "strength of that scandal",
        label="strength of the scandal",
        plausible=(0.2, 1.0),
        bounds=SHARE,
    )
    scandal_half_life: float = parameter(
        8.0, "weeks", "half-life of scandals", plausible=(2, 26), bounds=POSITIVE
    )
    scandal_effect: float = parameter(
        0.3,
        "share",
        "dissatisfaction added at full scandal",
        label="dissatisfaction added by a scandal",
        plausible=(0.1, 0.6),
        bounds=NON_NEGATIVE,
    )


@dataclass(frozen=True)
class Firm:
    """The platform firm, its business and its price."""

    decline_rate: float = parameter(
        0.0,
        "1/week",
        "structural decline of demand (delta)",
        plausible=(0.0, 0.015),
        bounds=(0.0, 0.5),
    )
    decline_start: int = parameter(
        26,
        "week",
        "first week of the decline",
        label="first week of the decline of demand",
        plausible=(0, 104),
        bounds=NON_NEGATIVE,
    )
    decline_duration: int = parameter(
        78,
        "weeks",
        "length of the decline",
        label="length of the decline of demand",
        plausible=(26, 156),
        bounds=NON_NEGATIVE,
    )
    demand_noise: float = parameter(
        0.005,
        "log demand",
        "standard deviation of demand in a week",
        label="weekly fluctuation of demand",
        plausible=(0.0, 0.01),
        bounds=(0.0, 0.5),
    )
    cost_share: float = parameter(
        0.95, "share of revenue", "cost the firm aims at", plausible=(0.85, 1.05), bounds=POSITIVE
    )
    cost_speed: float = parameter(
        0.02, "1/week", "speed at which cost follows revenue", plausible=(0.01, 0.06), bounds=SHARE
    )
    cash: float = parameter(
        26.0,
        "weekly revenues of week 0",
        "cash at week 0",
        plausible=(8, 104),
        bounds=NON_NEGATIVE,
    )
    insolvency_rate: float = parameter(
        0.0,
        "1/week",
        "rate at which creditors have a firm without cash sold (lambda_I); 0: they wait for ever",
        label="rate of forced sales without cash",
        plausible=(0.0, 0.1),
        bounds=SHARE,
        role=FORM,
        source="assumed; the default is the former assumption",
    )
    closure_chance: float = parameter(
        0.0,
        "share",
        "chance that the service closes if its users do not buy it in a forced sale",
        label="closure after a forced sale",
        plausible=(0.0, 1.0),
        bounds=SHARE,
        role=FORM,
        source="assumed; the default is the former assumption",
    )
    price_reversion: float = parameter(
        0.08,
        "1/week",
        "speed at which the price follows fundamentals (kappa_P)",
        label="reversion of the price to fundamentals",
        plausible=(0.04, 0.2),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    price_noise: float = parameter(
        0.035,
        "log price",
        "the firm's own weekly volatility (sigma_P)",
        label="weekly volatility of the firm's price",
        plausible=(0.02, 0.06),
        bounds=(0.0, 0.5),
        source="Twitter: robust weekly volatility of the price 0.056, market included",
    )
    growth_weight: float = parameter(
        0.5,
        "weight",
        "growth priced in (gamma)",
        plausible=(0.0, 1.0),
        bounds=NON_NEGATIVE,
        source=PROTOTYPE,
    )
    growth_cap: float = parameter(
        0.5, "log", "largest growth priced in (g_max)", plausible=(0.3, 0.8), bounds=POSITIVE
    )
    trust_weight: float = parameter(
        0.6,
        "weight",
        "shareholders' trust priced in (psi)",
        plausible=(0.0, 1.2),
        bounds=NON_NEGATIVE,
        source=PROTOTYPE,
    )
    market_volatility: float = parameter(
        0.02,
        "log price",
        "weekly volatility of the market",
        plausible=(0.015, 0.03),
        bounds=(0.0, 0.5),
    )
    drawdown_weight: float = parameter(
        0.6,
        "weight",
        "fall of the price against shrinking cash in distress (w)",
        label="weight of the price's fall in distress",
        plausible=(0.3, 0.9),
        bounds=SHARE,
        source=PROTOTYPE,
    )
    peak_forgetting: float = parameter(
        0.0,
        "1/week",
        "speed at which the reference price falls from the peak to the price (phi_P); 0: never",
        label="forgetting of the price's peak",
        plausible=(0.0, 0.05),
        bounds=SHARE,
        role=FORM,
        source="investors compare with the high of the last 52 weeks, which is remembered for as"
        " long at .02: George & Hwang 2004, doi:10.1111/j.1540-6261.2004.00695.x; the default is"
        " the former assumption",
    )
    monetisation_start: float = parameter(
        0.3, "share", "monetisation at week 0 (m_0)", plausible=(0.2, 0.5), bounds=SHARE
    )
    monetisation_speed: float = parameter(
        0.05, "1/week", "speed of changing monetisation", plausible=(0.02, 0.1), bounds=SHARE
    )
    responsiveness: float = parameter(
        0.3,
        "share",
        "monetisation added at full distress; 0 cuts distress from dissatisfaction",
        label="monetisation added at full distress",
        plausible=(0.0, 0.6),
        bounds=SHARE,
        role=LEVER,
    )
    relaxation: float = parameter(
        0.2,
        "weight",
        "monetisation given up per unit of growth",
        label="monetisation given up with growth",
        plausible=(0.0, 0.5),
        bounds=NON_NEGATIVE,
        role=LEVER,
    )
    arpu_gain: float = parameter(
        0.5,
        "weight",
        "relative revenue per user gained by full monetisation",
        label="revenue gained by full monetisation",
        plausible=(0.2, 1.0),
        bounds=SHARE,
    )
    governance_start: float = parameter(
        0.2, "share", "governance deficit at week 0", plausible=(0.1, 0.5), bounds=SHARE
    )
    governance_speed: float = parameter(
        0.1, "1/week", "speed of changing governance", plausible=(0.05, 0.3), bounds=SHARE
    )
    policy: Policy = parameter(
        Policy.IGNORE, "choice", "management's answer to the movement", role=LEVER
    )
    concession: float = parameter(
        0.5,
        "share",
        "governance deficit given up at full strength of the movement",
        label="governance deficit conceded",
        plausible=(0.2, 0.8),
        bounds=SHARE,
        role=LEVER,
    )
    concession_strength: float = parameter(
        0.5,
        "share",
        "strength of the movement at which a conceding board studies conversion",
        label="strength at which the board concedes",
        plausible=(0.2, 0.8),
        bounds=SHARE,
        role=LEVER,
    )
    yielding: float = parameter(
        0.0,
        "1/week",
        "chance that management yields in a week to a campaign with full attention (lambda_Y)",
        label="chance to yield to a campaign",
        plausible=(0.0, 0.2),
        bounds=SHARE,
        role=FORM,
        source="targets concede to attention: King 2008, A Political Mediation Model of Corporate"
        " Response to Social Movement Activism; the size is assumed; the default is the former"
        " assumption",
    )
    resistance: float = parameter(
        0.3,
        "share",
        "governance deficit added at full strength of the movement",
        label="governance deficit added by resistance",
        plausible=(0.1, 0.6),
        bounds=SHARE,
        role=LEVER,
    )


@dataclass(frozen=True)
class Shareholders:
    """Owners of the firm: their holdings, trust and trading."""

    count: int = parameter(
        300, "holders", "shareholders simulated", plausible=(100, 1000), bounds=(3, 100_000)
    )
    tail: float = parameter(
        1.5, "number", "Pareto exponent of holdings", plausible=(1.2, 2.5), bounds=(1.01, 10)
    )
    institutional_share: float = parameter(
        0.53,
        "share",
        "stock held by institutions",
        plausible=(0.4, 0.69),
        bounds=SHARE,
        source="Twitter: 60 % retail (2017, campaigner), 69 % institutional (2019): uncertain",
    )
    ethical_share: float = parameter(
        0.02, "share", "stock held by ethical investors", plausible=(0.005, 0.05), bounds=SHARE
    )
    user_share: float = parameter(
        0.3,
        "share",
        "retail and ethical holders who are also users",
        label="retail and ethical holders who are users",
        plausible=(0.1, 0.6),
        bounds=SHARE,
    )
    trust_start: float = parameter(
        0.6,
        "share",
        "trust at rest (T_0)",
        label="initial trust of shareholders",
        plausible=(0.5, 0.8),
        bounds=(0.01, 0.99),
    )
    trust_gain: float = parameter(
        4.0,
        "logit",
        "effect of a quarter's excess return (k_T)",
        label="effect of excess return on trust",
        plausible=(2, 8),
        bounds=NON_NEGATIVE,
        source=PROTOTYPE,
    )
    trust_speed: float = parameter(
        0.03,
        "1/week",
        "mean speed of trust",
        label="speed of trust",
        plausible=(0.015, 0.05),
        bounds=(0.0, 0.5),
        source=PROTOTYPE,
    )
    imitation: float = parameter(
        0.3,
        "share",
        "weight of the others' trust",
        label="weight of other holders' trust",
        plausible=(0.0, 0.7),
        bounds=SHARE,
    )
    selling_rate: float = parameter(
        0.05,
        "1/week",
        "stock sold per unit of lost trust",
        plausible=(0.01, 0.1),
        bounds=SHARE,
    )
    selling_pressure: float = parameter(
        2.0,
        "log price",
        "fall of the price per stock sold out of distrust",
        label="fall of the price per stock sold",
        plausible=(0.5, 4),
        bounds=NON_NEGATIVE,
    )
    trust_shock_week: int = parameter(
        NEVER,
        "week",
        "week of an exogenous loss of trust (-1: none)",
        label="week of a loss of trust",
        bounds=WEEK,
    )
    trust_shock_size: float = parameter(
        0.3,
        "share",
        "trust lost then by every holder",
        label="trust lost in the shock",
        plausible=(0.1, 0.4),
        bounds=SHARE,
    )


@dataclass(frozen=True)
class Vote:
    """Shareholder proposals and the annual meeting."""

    first_meeting: int = parameter(
        28,
        "week",
        "first annual meeting; the others follow every 52 weeks",
        label="first annual meeting",
        bounds=(1, math.inf),
    )
    filing_lead: int = parameter(
        22,
        "weeks",
        "weeks before the meeting when filing closes",
        label="weeks from filing to the meeting",
        plausible=(17, 26),
        bounds=NON_NEGATIVE,
        source="#BuyTwitter: filed 2016-12-16, meeting 2017-05-22",
    )
    organisers_needed: float = parameter(
        50.0,
        "people",
        "organisers it takes to file",
        label="organisers needed to file",
        plausible=(10, 300),
        bounds=NON_NEGATIVE,
        source="#BuyTwitter: about 200 organisers when it filed",
    )
    admission_chance: float = parameter(
        0.5,
        "share",
        "chance that a filed proposal is admitted to the ballot",
        label="chance of admission",
        plausible=(0.2, 0.9),
        bounds=SHARE,
        source="about half of such proposals are excluded or withdrawn: uncertain",
    )
    admission_weeks: int = parameter(
        14,
        "weeks",
        "weeks from filing until it is admitted",
        label="weeks until admission",
        plausible=(4, 16),
        bounds=NON_NEGATIVE,
        source="#BuyTwitter: 2016-12-16 to 2017-03-24",
    )
    minimum_holding: float = parameter(
        0.00005,
        "share of stock",
        "stock a proponent must hold",
        label="stock needed to file",
        plausible=(0.00001, 0.001),
        bounds=SHARE,
    )
    regime: Regime = parameter(
        Regime.UNTIL_2020,
        "choice",
        "thresholds of resubmission",
        source="US SEC rule 14a-8(i)(12): 3/6/10 %, since 2020 5/15/25 %",
    )
    turnout_institutional: float = parameter(
        0.75, "share", "turnout of institutions", plausible=(0.6, 0.95), bounds=SHARE
    )
    turnout_retail: float = parameter(
        0.12, "share", "turnout of retail holders", plausible=(0.05, 0.35), bounds=SHARE
    )
    turnout_ethical: float = parameter(
        0.9, "share", "turnout of ethical investors", plausible=(0.7, 1.0), bounds=SHARE
    )
    broker_share: float = parameter(
        0.8,
        "share",
        "retail stock not voted that brokers hold, who are present at the meeting",
        label="unvoted stock present through brokers",
        plausible=(0.5, 1.0),
        bounds=SHARE,
        source="Twitter, meeting of 2016: 202.9 of 551.8 million shares were broker non-votes",
    )
    inclination_institutional: float = parameter(
        -4.2, "logit", "inclination of institutions", plausible=(-6, -3), bounds=ANY
    )
    inclination_retail: float = parameter(
        -4.2, "logit", "inclination of retail holders", plausible=(-6, -3), bounds=ANY
    )
    inclination_ethical: float = parameter(
        -2.0, "logit", "inclination of ethical investors", plausible=(-4, 0), bounds=ANY
    )
    trust_effect: float = parameter(
        2.0,
        "logit",
        "support per unit of lost trust (v_T)",
        plausible=(0, 4),
        bounds=NON_NEGATIVE,
        source=PROTOTYPE,
    )
    resonance_effect: float = parameter(
        3.0,
        "logit",
        "support per unit of resonance among the aware (v_R)",
        label="support per unit of resonance",
        plausible=(0, 5),
        bounds=NON_NEGATIVE,
        source=PROTOTYPE,
    )
    board_institutional: float = parameter(
        1.0,
        "logit",
        "weight of the board's advice: institutions",
        label="board's weight with institutions",
        plausible=(0, 2),
        bounds=ANY,
    )
    board_retail: float = parameter(
        0.3,
        "logit",
        "weight of the board's advice: retail",
        label="board's weight with retail holders",
        plausible=(0, 1),
        bounds=ANY,
    )
    board_ethical: float = parameter(
        0.0,
        "logit",
        "weight of the board's advice: ethical",
        label="board's weight with ethical investors",
        plausible=(0, 0.5),
        bounds=ANY,
    )


@dataclass(frozen=True)
class Conversion:
    """From a promise to study conversion to a cooperative that owns the firm."""

    feasibility_weeks: int = parameter(
        26, "weeks", "length of the feasibility study", plausible=(13, 52), bounds=NON_NEGATIVE
    )
    pledge_window: int = parameter(
        52,
        "weeks",
        "weeks in which pledges are collected",
        label="weeks to collect pledges",
        plausible=(26, 104),
        bounds=NON_NEGATIVE,
    )
    control_price: float = parameter(
        41.0,
        "USD per initial user",
        "price of control at the price of week 0, the attentive public being a sample of all users",
        label="price of control",
        plausible=(1, 100),
        bounds=NON_NEGATIVE,
        source="Twitter in 2017: about 41 USD per monthly user",
    )
    liquidation_share: float = parameter(
        1.0,
        "share",
        "price of control in a forced sale, against that at the price of the share",
        label="price of control in a forced sale",
        plausible=(0.3, 1.0),
        bounds=SHARE,
        role=FORM,
        source="sellers short of cash get less than the value: Pulvino 1998,"
        " doi:10.1111/0022-1082.00040; how much less is assumed; the default is the former"
        " assumption",
    )
    pledge: float = parameter(
        50.0,
        "USD",
        "mean pledge of an active user",
        plausible=(5, 500),
        bounds=NON_NEGATIVE,
    )


@dataclass(frozen=True)
class Movement:
    """The movement's own choices, and what it takes to act."""

    origin: Origin = parameter(
        Origin.GIVEN,
        "choice",
        "where the launch comes from",
        label="origin of the launch",
        role=LEVER,
    )
    launch_week: int = parameter(
        52,
        "week",
        "week of a given launch",
        label="week of the launch",
        bounds=(1, math.inf),
        role=LEVER,
    )
    organisers: float = parameter(
        30.0,
        "people",
        "organisers at a given launch: the users with the highest cooperative literacy",
        label="organisers at the launch",
        plausible=(10, 200),
        bounds=POSITIVE,
        role=LEVER,
        source="#BuyTwitter: more than 170 people on the organising channels after a month",
    )
    acts_to_launch: float = parameter(
        30.0,
        "people",
        "people who act on their own within 8 weeks to make an endogenous launch",
        label="people who make a launch by acting",
        plausible=(10, 100),
        bounds=POSITIVE,
    )
    act_rate: float = parameter(
        0.05,
        "1/week",
        "hazard that a potential organiser acts before a launch (lambda_L)",
        label="rate at which potential organisers act",
        plausible=(0.005, 0.1),
        bounds=SHARE,
    )
    framing: Framing = parameter(Framing.MIXED, "choice", "plan of the messages", role=LEVER)
    second_stage_weeks: int = parameter(
        12,
        "weeks",
        "length of the first stage of two-stage and reversed plans",
        label="length of the campaign's first stage",
        plausible=(4, 26),
        bounds=NON_NEGATIVE,
        role=LEVER,
    )
    petition_delay: int = parameter(
        3,
        "weeks",
        "weeks from launch to the petition",
        label="weeks from launch to petition",
        bounds=NON_NEGATIVE,
        role=LEVER,
        source="#BuyTwitter: 2016-09-29 to 10-18",
    )
    spin_off_founders: float = parameter(
        100.0,
        "people",
        "organisers, weighted by the goal of spreading platform cooperatives, to found a spin-off",
        label="founders of a spin-off",
        plausible=(30, 1000),
        bounds=POSITIVE,
    )


@dataclass(frozen=True)
class Media:
    """Attention of the media to the movement."""

    half_life: float = parameter(
        1.0,
        "weeks",
        "half-life of attention",
        label="half-life of attention",
        plausible=(0.3, 1.5),
        bounds=POSITIVE,
        source="median news cycle 7 days, longest 43; set by pattern 4",
    )
    launch_gain: float = parameter(
        2.0,
        "attention",
        "attention of a launch by very many organisers, with median luck",
        label="attention of a launch",
        plausible=(0.5, 5.0),
        bounds=NON_NEGATIVE,
    )
    launch_half: float = parameter(
        100.0,
        "people",
        "launching organisers who draw half of it",
        label="organisers who draw half of it",
        plausible=(20, 400),
        bounds=POSITIVE,
    )
    luck: float = parameter(
        1.5,
        "log",
        "spread of the luck of a campaign, a factor of all attention to its own acts",
        label="luck of a campaign",
        plausible=(1.0, 2.0),
        bounds=NON_NEGATIVE,
        source="set by the sizes of petitions (pattern 3)",
    )
    supporter_gain: float = parameter(
        0.5,
        "share",
        "attention from many new supporters",
        label="attention from new supporters",
        plausible=(0.1, 0.8),
        bounds=SHARE,
    )
    half_saturation: float = parameter(
        300.0,
        "people",
        "new supporters in a week that draw half of it",
        label="new supporters that draw half attention",
        plausible=(50, 3000),
        bounds=POSITIVE,
    )
    petition_weight: float = parameter(
        0.1,
        "weight",
        "a new signature against a new supporter",
        label="attention from a signature",
        plausible=(0.0, 0.5),
        bounds=SHARE,
    )
    event_gain: float = parameter(
        1.0,
        "attention",
        "attention from an act of the movement",
        label="attention from an act",
        plausible=(0.2, 1.5),
        bounds=NON_NEGATIVE,
    )
    argument_gain: float = parameter(
        0.1,
        "attention",
        "attention from a change of argument",
        label="attention from a new argument",
        plausible=(0.0, 0.5),
        bounds=NON_NEGATIVE,
    )
    closure_gain: float = parameter(
        0.0,
        "attention",
        "attention from a full rumour of closure; below 0 it drowns the campaign",
        label="attention from a closure rumour",
        plausible=(-1.0, 1.0),
        bounds=ANY,
    )
    takeover_gain: float = parameter(
        0.0,
        "attention",
        "attention from a full rumour of a takeover; below 0 it drowns the campaign",
        label="attention from a takeover rumour",
        plausible=(-1.0, 1.0),
        bounds=ANY,
    )
    scandal_gain: float = parameter(
        0.2,
        "attention",
        "attention from a full scandal",
        label="attention from a scandal",
        plausible=(0.0, 1.0),
        bounds=NON_NEGATIVE,
    )
    trust_amplification: float = parameter(
        1.0,
        "weight",
        "attention added per unit of shareholders' lost trust (chi_T)",
        label="attention per unit of lost trust",
        plausible=(-1.0, 2.0),
        bounds=ANY,
        source=PROTOTYPE,
    )
    threat_crowding: float = parameter(
        0.5,
        "share",
        "attention lost to a full threat (chi_theta)",
        plausible=(0.0, 1.0),
        bounds=SHARE,
        source=PROTOTYPE,
    )


@dataclass(frozen=True)
class Emergence:
    """What counts as a movement: people organise together, for long enough, and act."""

    organisers: float = parameter(
        100.0,
        "people",
        "people who organise, beyond those who launched",
        label="organisers of a movement",
        plausible=(50, 200),
        bounds=POSITIVE,
        source="#BuyTwitter had 170 to 270 organisers; chosen to include it",
    )
    spell: int = parameter(
        19,
        "weeks",
        "weeks without a break in which there are so many",
        label="weeks with so many organisers",
        plausible=(12, 26),
        bounds=(1, math.inf),
        source="#BuyTwitter: counts of 2016-10-25 and 2017-03-09; chosen to include it",
    )
    petition: float = parameter(
        1000.0,
        "people",
        "signatures above which a petition counts as a collective act",
        label="signatures that count as an act",
        plausible=(500, 5000),
        bounds=POSITIVE,
    )


@dataclass(frozen=True)
class Ties:
    """The social network of the users, drawn anew with every seed."""

    topology: Topology = parameter(Topology.HEAVY_TAILED, "choice", "kind of network")
    mean_degree: float = parameter(
        16.0, "neighbours", "mean number of neighbours", plausible=(6, 40), bounds=NON_NEGATIVE
    )
    tail: float = parameter(
        2.7,
        "number",
        "power-law exponent of degrees (heavy-tailed)",
        plausible=(2.3, 3.3),
        bounds=(2.05, 10),
    )
    clustering: float = parameter(
        0.15,
        "share",
        "mean local clustering (heavy-tailed)",
        plausible=(0.05, 0.3),
        bounds=(0.0, 0.5),
        source="political follow graphs .13-.22",
    )
    rewiring: float = parameter(
        0.1, "share", "ties rewired (small-world)", plausible=(0.01, 0.5), bounds=SHARE
    )
    edge_list: str = parameter("", "path", "file of ties (edge-list)")
