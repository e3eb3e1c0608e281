"""Rules as ordinary functions: limit cases, numbers worked by hand, directions of effect."""

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.compiled import f32
from sim.history import no_history
from sim.holder_week import ballot, trade
from sim.network import from_edges, generate
from sim.parameters import Framing, Parameters, Policy, Regime, Topology, code
from sim.rules import (
    awareness,
    campaign,
    conversion,
    dissatisfaction,
    efficacy,
    environment,
    exit,
    fatigue,
    firm,
    media,
    participation,
    persuasion,
    trust,
    vote,
)
from sim.setup import build
from sim.state import Remedy, Status
from sim.user_status import is_active, is_gone, set_status, take_effect
from sim.user_week import decide
from sim.week_inputs import WeekInputs, read_inputs

BYSTANDER, SUPPORTER = np.uint8(Status.BYSTANDER), np.uint8(Status.SUPPORTER)
ORGANISER, EXITED = np.uint8(Status.ORGANISER), np.uint8(Status.EXITED)
EXITED_COOP = np.uint8(Status.EXITED_COOP)
OWNERSHIP, REGULATION = np.uint8(Remedy.OWNERSHIP), np.uint8(Remedy.REGULATION)
LEAVING = np.uint8(Remedy.LEAVING)


def near(value, rel=1e-6, abs=1e-7):
    return pytest.approx(value, rel=rel, abs=abs)


def call(rule, arguments: dict, **changes):
    """Call a rule on numbers in its precision: single for users, double for the rest."""
    values = {**arguments, **changes}
    single = rule.targetoptions.get("fastmath")
    return rule(
        *(f32(v) if single and isinstance(v, float) else v for v in values.values()),
    )


def slope(rule, arguments: dict, name: str, low: float, high: float) -> int:
    """Return 1, 0 or -1: whether the rule never falls and rises, is flat, or never rises and falls.

    It fails where the rule does both.
    """
    values = [call(rule, arguments, **{name: float(x)}) for x in np.linspace(low, high, 41)]
    steps = np.diff(np.array(values, dtype=float))
    assert np.all(steps >= 0) or np.all(steps <= 0), f"{name}: {values}"
    return int(np.sign(steps.sum()))


# --- hearing of it


REACH = {
    "attention": 0.8,
    "media_reach": 0.1,
    "outreach": 2.0,
    "organisers": 30.0,
    "present": 500.0,
}


def test_a_campaign_without_attention_and_organisers_reaches_nobody():
    assert call(awareness.chance_to_be_reached, REACH, attention=0.0, organisers=0.0) == 0


def test_chance_to_be_reached_by_hand():
    assert call(awareness.chance_to_be_reached, REACH) == near(1 - math.exp(-(0.08 + 0.12)))
    only_media = call(awareness.chance_to_be_reached, REACH, outreach=0.0)
    assert only_media == near(1 - math.exp(-0.08))
    only_people = call(awareness.chance_to_be_reached, REACH, media_reach=0.0)
    assert only_people == near(1 - math.exp(-0.12))


@pytest.mark.parametrize(
    ("name", "direction"),
    [("attention", 1), ("media_reach", 1), ("outreach", 1), ("organisers", 1), ("present", -1)],
)
def test_direction_of_the_reach(name, direction):
    assert slope(awareness.chance_to_be_reached, REACH, name, 1, 50) == direction


@pytest.mark.parametrize(
    ("aware", "reached", "active", "draw", "then"),
    [
        (False, True, False, 0.99, True),
        (False, False, False, 0.99, False),
        (True, False, False, 0.05, False),  # forgets: 0.05 < 0.1
        (True, False, False, 0.2, True),
        (True, True, False, 0.05, True),  # who is reached does not forget
        (True, False, True, 0.05, True),  # nor does who takes part
    ],
)
def test_awareness(aware, reached, active, draw, then):
    assert awareness.update(aware, reached, active, f32(0.1), f32(draw)) == then


def test_the_call_is_considered_the_first_time_and_later_with_a_chance():
    assert awareness.considers(False, f32(0), f32(0.999))
    assert awareness.considers(True, f32(0.3), f32(0.29))
    assert not awareness.considers(True, f32(0.3), f32(0.31))
    assert not awareness.considers(True, f32(0), f32(0))


# --- dissatisfaction


CAUSES = {
    "base": 0.15,
    "monetisation_weight": 0.8,
    "monetisation_rise": 0.1,
    "governance_weight": 0.2,
    "governance_deficit": 0.3,
    "trend": 0.05,
    "scandal_effect": 0.4,
    "scandal": 0.5,
}


def test_causes_of_dissatisfaction_by_hand():
    assert call(dissatisfaction.causes, CAUSES) == near(0.15 + 0.08 + 0.06 + 0.05 + 0.2)
    quiet = dict.fromkeys(CAUSES, 0.0)
    assert call(dissatisfaction.causes, quiet, base=0.3) == 0.3
    assert call(dissatisfaction.causes, CAUSES, monetisation_rise=-1.0) == 0


@pytest.mark.parametrize("name", CAUSES)
def test_every_cause_dissatisfies(name):
    assert slope(dissatisfaction.causes, CAUSES, name, 0, 1) == 1


def test_users_get_used_to_monetisation_by_hand():
    """Half of the distance each week: .3 towards .7 comes to .5, then .6; never without a speed."""
    assert dissatisfaction.usual(0.3, 0.7, 0.5) == near(0.5)
    assert dissatisfaction.usual(0.5, 0.7, 0.5) == near(0.6)
    assert dissatisfaction.usual(0.6, 0.2, 0.5) == near(0.4)  # and to less of it
    assert dissatisfaction.usual(0.3, 0.7, 0.0) == 0.3


def test_the_trend_is_a_bounded_ramp():
    trend = [dissatisfaction.trend(week, 0.4, 10, 20) for week in (0, 10, 15, 30, 99)]
    assert trend == near([0, 0, 0.1, 0.4, 0.4])


UNREST = {"d": 0.2, "sensitivity": 1.0, "causes": 0.4, "speed": 0.5, "noise": 0.0, "draw": 0.5}


def test_dissatisfaction_by_hand():
    assert call(dissatisfaction.update, UNREST) == near(0.3)
    assert call(dissatisfaction.update, UNREST, sensitivity=2.0) == near(0.5)
    assert call(dissatisfaction.update, UNREST, speed=0.0) == near(0.2)
    assert call(dissatisfaction.update, UNREST, speed=1.0) == near(0.4)
    assert call(dissatisfaction.update, UNREST, sensitivity=2.0, causes=0.9, speed=1.0) == 1
    # a draw of 1 is sqrt(12) / 2 standard deviations
    shaken = call(dissatisfaction.update, UNREST, noise=0.1, draw=1.0)
    assert shaken == near(0.3 + 0.1 * math.sqrt(3))
    assert call(dissatisfaction.update, UNREST, d=0.0, causes=0.0, noise=0.1, draw=0.0) == 0
    assert call(dissatisfaction.update, UNREST, d=1.0, causes=1.0, noise=0.1, draw=1.0) == 1


def test_noise_of_dissatisfaction_has_its_standard_deviation():
    draws = (np.arange(2**12) + 0.5) / 2**12
    values = [
        call(dissatisfaction.update, UNREST, d=0.5, causes=0.5, noise=0.02, draw=float(draw))
        for draw in draws
    ]
    assert np.mean(values) == near(0.5)
    assert np.std(values) == near(0.02, rel=1e-4)


# --- persuasion


COMMONS = {
    "view": 0.2,
    "start": 0.1,
    "budget": 0.1,
    "dependence": 0.5,
    "value_gap": 0.3,
    "threat_felt": 0.2,
    "base": 0.5,
    "decay": 0.01,
}
LITERACY = {
    "literacy": 0.2,
    "start": 0.1,
    "budget": 0.1,
    "ownership": 0.5,
    "view": 0.4,
    "floor": 0.3,
    "decay": 0.01,
}


def test_commons_message_by_hand():
    force = 0.5 + 0.5 * 0.3  # the value gap is the stronger illustration
    expected = 0.2 + 0.1 * 0.5 * force * 0.8 - 0.01 * 0.1
    assert call(persuasion.view_commons, COMMONS) == near(expected)
    assert call(persuasion.view_commons, COMMONS, threat_felt=0.3, value_gap=0.2) == near(expected)


def test_cooperative_message_by_hand():
    force = 0.3 + 0.7 * 0.4
    expected = 0.2 + 0.1 * 0.5 * force * 0.8 - 0.01 * 0.1
    assert call(persuasion.learn_cooperative, LITERACY) == near(expected)
    free = call(persuasion.learn_cooperative, LITERACY, floor=1.0)
    assert free == call(persuasion.learn_cooperative, LITERACY, floor=1.0, view=0.0)
    assert call(persuasion.learn_cooperative, LITERACY, floor=0.0, view=0.0, decay=0.0) == near(0.2)


def test_both_messages_persuade_alike():
    """With full force each moves its view by the same amount: claim C6 is not in the rule."""
    commons = call(persuasion.view_commons, COMMONS, base=1.0)
    assert commons == call(persuasion.learn_cooperative, LITERACY, floor=1.0)


@pytest.mark.parametrize(
    ("name", "direction"),
    [("budget", 1), ("dependence", 1), ("value_gap", 1), ("threat_felt", 1), ("base", 1)],
)
def test_direction_of_the_commons_message(name, direction):
    assert slope(persuasion.view_commons, COMMONS, name, 0, 1) == direction
    assert slope(persuasion.view_commons, COMMONS, "decay", 0, 0.1) == -1


@pytest.mark.parametrize("name", ["budget", "ownership", "view", "floor"])
def test_direction_of_the_cooperative_message(name):
    assert slope(persuasion.learn_cooperative, LITERACY, name, 0, 1) == 1
    assert slope(persuasion.learn_cooperative, LITERACY, "decay", 0, 0.1) == -1


def test_views_return_to_their_start_without_a_campaign():
    view, literacy = f32(0.9), f32(0.05)
    for _ in range(2000):
        view = call(persuasion.view_commons, COMMONS, view=float(view), budget=0.0)
        literacy = call(
            persuasion.learn_cooperative, LITERACY, literacy=float(literacy), budget=0.0
        )
    assert view == near(0.1, rel=1e-3)
    assert literacy == near(0.1, rel=1e-3)
    assert call(persuasion.view_commons, COMMONS, view=0.9, budget=0.0) == near(0.9 - 0.01 * 0.8)


def test_resonance_counts_the_commons_view_of_those_who_want_ownership():
    view, literacy, weight = f32(0.8), f32(0.2), f32(0.25)
    assert persuasion.resonance(view, literacy, OWNERSHIP, weight) == near(0.75 * 0.8 + 0.05)
    for remedy in (REGULATION, LEAVING):
        assert persuasion.resonance(view, literacy, remedy, weight) == near(0.05)
    assert persuasion.resonance(view, literacy, OWNERSHIP, f32(0)) == near(0.8)
    assert persuasion.resonance(view, literacy, OWNERSHIP, f32(1)) == near(0.2)


PLANS = {
    Framing.COMMONS: (1.0, 1.0),
    Framing.COOPERATIVE: (0.0, 0.0),
    Framing.MIXED: (0.5, 0.5),
    Framing.TWO_STAGE: (1.0, 0.5),
    Framing.REVERSED: (0.0, 0.5),
}


@pytest.mark.parametrize("framing", Framing)
def test_commons_budget(framing):
    first, second = PLANS[framing]
    number = code(framing)
    assert [campaign.commons_budget(number, week, 12) for week in (1, 11)] == [first, first]
    assert [campaign.commons_budget(number, week, 12) for week in (12, 200)] == [second, second]
    assert campaign.commons_budget(number, 0, 0) == second  # no first stage


def test_the_voice_of_a_campaign_by_hand():
    assert campaign.voice(0.0, 0.0, 200.0) == 0
    assert campaign.voice(0.0, 200.0, 200.0) == 0.5
    assert campaign.voice(0.3, 0.0, 200.0) == near(0.3)
    assert campaign.voice(0.3, 600.0, 200.0) == near(1 - 0.7 * 0.25)
    assert campaign.voice(1.0, 0.0, 200.0) == campaign.voice(7.0, 50.0, 200.0) == 1
    assert slope(campaign.voice, {"m": 0.2, "n": 30.0, "half": 200.0}, "m", 0, 2) == 1
    assert slope(campaign.voice, {"m": 0.2, "n": 30.0, "half": 200.0}, "n", 0, 900) == 1
    assert slope(campaign.voice, {"m": 0.2, "n": 30.0, "half": 200.0}, "half", 10, 900) == -1


@pytest.mark.parametrize("framing", Framing)
def test_only_staged_plans_change_their_argument_and_only_once(framing):
    changes = [week for week in range(40) if campaign.argument_changes(code(framing), week, 12)]
    assert changes == ([12] if framing in (Framing.TWO_STAGE, Framing.REVERSED) else [])


# --- taking part


GRIEVANCE = {
    "dissatisfaction": 0.4,
    "threat_felt": 0.3,
    "resonance": 0.2,
    "closure_stake": 0.1,
    "dissatisfaction_weight": 1.0,
    "threat_weight": 0.5,
    "resonance_weight": 0.6,
    "closure_weight": 0.7,
}


def test_grievance_is_a_weighted_sum():
    assert call(participation.grievance, GRIEVANCE) == near(0.4 + 0.15 + 0.12 + 0.07)
    causes = ["dissatisfaction", "threat_felt", "resonance", "closure_stake"]
    weights = ["dissatisfaction_weight", "threat_weight", "resonance_weight", "closure_weight"]
    for cause, weight in zip(causes, weights, strict=True):
        alone = dict.fromkeys(causes, 0.0) | {cause: 0.5}
        assert call(participation.grievance, GRIEVANCE, **alone) == near(0.5 * GRIEVANCE[weight])


def test_a_negative_weight_lets_threat_frighten_people_away():
    assert slope(participation.grievance, GRIEVANCE, "threat_felt", 0, 1) == 1
    frightened = {**GRIEVANCE, "threat_weight": -0.5}
    assert slope(participation.grievance, frightened, "threat_felt", 0, 1) == -1


@pytest.mark.parametrize("half", [1.0, 3.0, 10.0])
def test_peer_pressure_is_half_at_half_saturation(half):
    assert participation.peer_pressure(f32(half), f32(half)) == 0.5
    assert participation.peer_pressure(f32(0), f32(half)) == 0
    assert participation.peer_pressure(f32(1e6), f32(half)) == near(1, rel=1e-4)
    usual = {"n": 2.0, "half": half}
    assert slope(participation.peer_pressure, usual, "n", 0, 100) == 1
    assert slope(participation.peer_pressure, usual, "half", 0.5, 10) == -1


MOTIVE = {
    "grievance": 0.5,
    "efficacy": 0.4,
    "peers": 0.5,
    "interaction": 0.5,
    "efficacy_weight": 0.3,
    "peer_weight": 0.2,
}


@pytest.mark.parametrize(
    ("interaction", "grievance_counts"),
    [(0.0, 1.0), (1.0, 0.4), (0.5, 0.7), (-1.0, 1.6)],
)
def test_grievance_and_efficacy_combine(interaction, grievance_counts):
    """Additive at kappa = 0, expectancy times value at 1, substitutes at -1."""
    expected = 0.5 * grievance_counts + 0.3 * 0.4 + 0.2 * 0.5
    assert call(participation.motive, MOTIVE, interaction=interaction) == near(expected)


def mixed_difference(interaction: float) -> float:
    """Return how much more efficacy adds to the motive of the aggrieved."""

    def motive(grievance, value):
        changes = {"grievance": grievance, "efficacy": value, "interaction": interaction}
        return call(participation.motive, MOTIVE, **changes)

    return motive(1.0, 1.0) - motive(1.0, 0.0) - motive(0.0, 1.0) + motive(0.0, 0.0)


def test_the_sign_of_the_interaction_is_the_sign_of_the_synergy():
    assert mixed_difference(0.0) == near(0)
    assert mixed_difference(1.0) == near(1)
    assert mixed_difference(-1.0) == near(-1)


def test_utility_is_zero_where_motive_meets_cost():
    assert participation.utility(f32(0.7), f32(0.7), f32(8)) == 0
    assert participation.utility(f32(0.9), f32(0.7), f32(8)) == near(1.6)


@pytest.mark.parametrize("shift", [-0.7, 0.0, 2.5])
@pytest.mark.parametrize("utility", [-2.0, 0.0, 1.3])
def test_a_call_is_followed_with_the_logistic_chance_of_its_cost(utility, shift):
    """Of a share of users, sigma(U + shift) follow a call that costs less by the shift."""
    chance = 0.8 / (1 + math.exp(-(utility + shift)))
    scale = f32(math.exp(-shift))
    assert participation.responds(f32(utility), scale, f32(0.8), f32(chance - 1e-4))
    assert not participation.responds(f32(utility), scale, f32(0.8), f32(chance + 1e-4))


def test_nobody_follows_a_call_without_the_time_for_it():
    assert not participation.responds(f32(80), f32(1), f32(0), f32(0))


DROPPING = {
    "organising": False,
    "utility_now": 0.0,  # sigma(0) = 1/2
    "drop_rate": 0.2,
    "burnout": 0.05,
    "persistence": 0.4,
    "draw": 0.5,
}


@pytest.mark.parametrize(
    ("changes", "chance"),
    [
        ({}, 0.2 * 0.5 + 0.05),
        ({"utility_now": 1.0}, 0.2 / (1 + math.e) + 0.05),
        ({"utility_now": 50.0}, 0.05),  # only burnout
        ({"utility_now": -50.0}, 0.25),
        ({"organising": True}, 0.4 * (0.2 * 0.5 + 0.05)),
        ({"organising": True, "persistence": 1.0}, 0.2 * 0.5 + 0.05),
    ],
)
def test_dropping_out_by_hand(changes, chance):
    assert call(participation.drops_out, DROPPING, **changes, draw=chance - 1e-5)
    assert not call(participation.drops_out, DROPPING, **changes, draw=chance + 1e-5)


def test_readiness_to_organise_by_hand():
    assert participation.readiness(f32(0.8), f32(math.exp(0.8))) == near(0.5)
    assert participation.readiness(f32(0), f32(math.exp(2))) == near(1 / (1 + math.exp(2)))
    assert participation.readiness(f32(80), f32(math.e)) == 1
    usual = {"utility": 0.0, "scale": 2.0}
    assert slope(participation.readiness, usual, "utility", -5, 5) == 1
    assert slope(participation.readiness, usual, "scale", 0.5, 9) == -1


def test_tiring_by_hand():
    assert fatigue.tired(0, 6.0) == 0
    assert fatigue.tired(6, 6.0) == near(1 - 1 / math.e)
    assert fatigue.tired(3, 6.0) == near(1 - math.exp(-0.5))
    assert fatigue.tired(600, 6.0) == near(1)
    assert slope(fatigue.tired, {"weeks": 3.0, "patience": 6.0}, "weeks", 0, 60) == 1
    assert slope(fatigue.tired, {"weeks": 3.0, "patience": 6.0}, "patience", 1, 60) == -1


# --- leaving


EXIT = {
    "dissatisfaction": 0.5,
    "commons_view": 0.4,
    "remedy": OWNERSHIP,
    "dependence": 0.6,
    "neighbours_gone": 0.0,
    "active": False,
    "threshold": 0.2,
    "neighbour_loss": 0.5,
    "voice": 0.2,
    "remedy_exit": 0.1,
    "steepness": 10.0,
}


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_inclination_to_leave_by_hand():
    assert call(exit.inclination, EXIT) == near((0.5 - 0.2 - 0.6) * 10)
    half_gone = call(exit.inclination, EXIT, neighbours_gone=0.5)
    assert half_gone == near((0.5 - 0.2 - 0.6 * 0.75) * 10)
    assert call(exit.inclination, EXIT, active=True) == near(-5)
    assert call(exit.inclination, EXIT, remedy=LEAVING) == near(-2.6)
    assert call(exit.inclination, EXIT, remedy=REGULATION) == call(exit.inclination, EXIT)
    assert call(exit.inclination, EXIT, dissatisfaction=0.8) == near(0, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("dissatisfaction", 1),
        ("dependence", -1),
        ("neighbours_gone", 1),
        ("threshold", -1),
        ("neighbour_loss", 1),
        ("voice", -1),
        ("remedy_exit", 1),
        ("commons_view", 1),
    ],
)
def test_direction_of_leaving(name, direction):
    usual = {**EXIT, "remedy": LEAVING, "active": True, "neighbours_gone": 0.4}
    assert slope(exit.inclination, usual, name, 0, 1) == direction


LEAVE = {
    "status": BYSTANDER,
    "decided": SUPPORTER,
    "inclination": 0.0,  # sigma(0) = 1/2
    "leave_rate": 0.2,
    "return_rate": 0.4,
    "cooperative_chance": 0.3,
    "draw": 0.0,
    "second_draw": 0.0,
}


@pytest.mark.parametrize(
    ("changes", "then"),
    [
        ({"draw": 0.11}, SUPPORTER),  # 0.2 × 0.5
        ({"draw": 0.09}, EXITED_COOP),
        ({"draw": 0.09, "second_draw": 0.31}, EXITED),
        ({"draw": 0.09, "cooperative_chance": 0.0}, EXITED),
        ({"status": ORGANISER, "decided": ORGANISER, "draw": 0.09, "second_draw": 0.9}, EXITED),
        ({"status": EXITED, "decided": EXITED, "draw": 0.19}, BYSTANDER),  # 0.4 × 0.5
        ({"status": EXITED, "decided": EXITED, "draw": 0.21}, EXITED),
        ({"status": EXITED_COOP, "decided": EXITED_COOP, "draw": 0.19}, BYSTANDER),
        ({"status": EXITED_COOP, "decided": EXITED_COOP, "draw": 0.21}, EXITED_COOP),
        ({"draw": 0.15, "inclination": 1.0}, SUPPORTER),  # 0.2 × 0.731
        ({"draw": 0.14, "inclination": 1.0}, EXITED_COOP),
        ({"draw": 0.12, "status": EXITED, "inclination": 1.0}, EXITED),  # 0.4 × 0.269
        ({"draw": 0.10, "status": EXITED, "inclination": 1.0}, BYSTANDER),
        ({"draw": 0.0, "inclination": -50.0}, EXITED_COOP),
        ({"draw": 1e-7, "inclination": -50.0}, SUPPORTER),
    ],
)
def test_decision_to_leave_or_return(changes, then):
    assert call(exit.decide, LEAVE, **changes) == then


# --- efficacy


def test_the_best_place_to_go_to_lowers_what_is_borne():
    def borne(rival_there, founded, rival=0.2, cooperative=0.1):
        return exit.borne(0.5, rival_there, rival, founded, cooperative)

    assert borne(False, False) == 0.5
    assert borne(True, False) == borne(True, True) == near(0.3)
    assert borne(False, True) == near(0.4)
    assert borne(True, True, rival=0.1, cooperative=0.4) == near(0.1)
    assert borne(True, True, rival=-0.1, cooperative=-0.2) == near(0.6)  # worse places hold


def test_who_joins_the_cooperative_and_stays():
    """Of those who would leave for it: by the draw that chose it, below the chance to stay."""

    def joins(decided, draw, status=SUPPORTER):
        return exit.joins(status, decided, f32(0.3), f32(draw))

    assert joins(EXITED_COOP, 0.29)
    assert not joins(EXITED_COOP, 0.3)  # leaves
    assert not joins(EXITED, 0.29)  # for a rival
    assert not joins(SUPPORTER, 0.29)  # nobody who stays anyway
    assert not joins(EXITED_COOP, 0.29, status=EXITED_COOP)  # nobody who left before


def test_opportunity_is_a_hump_where_doom_discourages():
    assert efficacy.opportunity(0.0, 0.5) == 0
    assert efficacy.opportunity(0.5, 0.0) == 0.5
    assert efficacy.opportunity(1.0, 1.0) == 0
    assert efficacy.opportunity(0.5, 1.0) == 0.25
    assert efficacy.opportunity(0.8, 0.5) == near(0.48)
    hump = [efficacy.opportunity(x, 1.0) for x in np.linspace(0, 1, 101)]
    assert np.argmax(hump) == 50
    assert slope(efficacy.opportunity, {"distress": 0.5, "h": 0.0}, "distress", 0, 1) == 1


def test_size_acts_in_people():
    assert efficacy.size(0.0, 2000.0) == 0
    assert efficacy.size(2000.0, 2000.0) == 0.5
    assert efficacy.size(6000.0, 2000.0) == 0.75
    assert slope(efficacy.size, {"people": 9.0, "half": 99.0}, "people", 0, 1e5) == 1


def test_the_size_that_counts_half_is_a_number_or_a_share():
    """2,000 people; a tenth of the base, which is 2,000 of 20,000; or half the way between."""
    assert [efficacy.half_size(2000, 0.0, base) for base in (50, 20_000, 1e6)] == [2000] * 3
    assert [efficacy.half_size(2000, 1.0, base) for base in (50, 20_000, 1e6)] == near(
        [5, 2000, 1e5]
    )
    assert efficacy.half_size(2000, 0.5, 60_000) == near(4000)


def test_growth_encourages_and_decline_does_not_matter():
    assert efficacy.growth(300.0, 100.0, 700.0) == near(0.2)
    assert efficacy.growth(100.0, 300.0, 700.0) == 0
    assert efficacy.growth(0.0, 0.0, 700.0) == 0


def test_efficacy_is_a_weighted_sum_of_at_most_one():
    usual = {"x": 0.4, "size": 0.5, "growth": 0.2, "a": 0.5, "b": 0.3, "c": 0.2}
    assert call(efficacy.combine, usual) == near(0.2 + 0.15 + 0.04)
    assert efficacy.combine(1.0, 1.0, 1.0, 0.8, 0.5, 0.4) == 1
    for name in usual:
        assert slope(efficacy.combine, usual, name, 0, 1) == 1


# --- environment


def test_decaying_events():
    assert environment.decaying(9, 10, 4.0) == 0
    assert environment.decaying(10, 10, 4.0) == 1
    assert environment.decaying(14, 10, 4.0) == 0.5
    assert environment.decaying(22, 10, 4.0) == 0.125
    assert environment.decaying(22, -1, 4.0) == 0  # never


def test_shape_of_a_shock():
    weeks = [9, 10, 11, 13, 14, 17, 21, 29]
    shape = [environment.shock(week, 10, 4, 8.0) for week in weeks]
    assert shape[:4] == [0, 0.25, 0.5, 1]
    assert shape[4:] == near([2 ** (-1 / 8), 2 ** (-4 / 8), 0.5, 0.25])
    assert environment.shock(10, 10, 0, 8.0) == environment.shock(10, 10, 1, 8.0) == 1
    assert (
        environment.shock(11, 10, 0, 8.0)
        == environment.shock(11, 10, 1, 8.0)
        == near(2 ** (-1 / 8))
    )
    assert environment.shock(50, -1, 4, 8.0) == 0


def test_threat_moves_towards_its_level():
    assert environment.move_threat(0.2, 0.6, 0.25, 0.0, 0.0) == near(0.3)
    assert environment.move_threat(0.2, 0.6, 0.25, 0.01, 2.0) == near(0.32)
    assert environment.move_threat(0.3, 0.3, 0.1, 0.0, 5.0) == 0.3
    assert environment.move_threat(0.99, 1.0, 0.5, 0.5, 3.0) == 1
    assert environment.move_threat(0.01, 0.0, 0.5, 0.5, -3.0) == 0


# --- the firm


def test_demand_declines_while_it_must():
    assert firm.demand(0.8, False, 0.01, 0.0, 1.0) == 0.8
    assert firm.demand(0.8, True, 0.01, 0.0, 1.0) == near(0.8 * math.exp(-0.01))
    assert firm.demand(0.8, False, 0.01, 0.02, -1.5) == near(0.8 * math.exp(-0.03))
    assert firm.demand(1e-12, True, 0.5, 0.0, 0.0) == 2e-9


def test_revenue_needs_demand_users_and_prices():
    assert firm.revenue(1.0, 1.0, 0.0, 0.5) == 1
    assert firm.revenue(0.8, 0.5, 0.2, 0.5) == near(0.44)
    assert firm.revenue(1.0, 0.0, 0.2, 0.5) == 0


def test_growth_is_yearly_and_bounded():
    assert firm.growth(1.0, 1.0, 0.5) == 0
    assert firm.growth(1.01, 1.0, 0.5) == near(2 * math.log(1.01), rel=1e-2)
    assert firm.growth(1e6, 1.0, 0.5) == near(0.5)
    assert firm.growth(1.0, 1e6, 0.5) == near(-0.5)
    assert firm.growth(0.0, 0.0, 0.5) == 0


PRICE = {
    "log_price": -0.2,
    "revenue": 1.0,
    "growth": 0.1,
    "trust_change": -0.1,
    "market": 0.2,
    "growth_weight": 0.5,
    "trust_weight": 0.6,
    "reversion": 0.1,
    "shocks": 0.03,
}


def test_price_by_hand():
    fundamental = 0 + 0.05 - 0.06 + 0.2
    assert call(firm.log_price, PRICE) == near(-0.2 + 0.1 * (fundamental + 0.2) + 0.03)
    rest = {"log_price": 0.0, "growth": 0.0, "trust_change": 0.0, "market": 0.0, "shocks": 0.0}
    assert call(firm.log_price, PRICE, **rest) == 0  # the start is at rest
    assert call(firm.log_price, PRICE, shocks=1e9) == 20
    assert call(firm.log_price, PRICE, revenue=0.0) > -20
    for name in ("revenue", "growth", "trust_change", "market", "shocks"):
        assert slope(firm.log_price, PRICE, name, 0.01, 2) == 1


def test_the_reference_price_by_hand():
    """A tenth of the distance from 1 to .5 is .05; a new peak is the reference at once."""
    assert firm.reference_price(1.0, 0.5, 0.1) == near(0.95)
    assert firm.reference_price(1.0, 0.5, 0.0) == 1
    assert firm.reference_price(1.0, 0.5, 1.0) == 0.5
    assert firm.reference_price(1.0, 1.5, 0.1) == 1.5


def test_a_peak_that_is_forgotten_leaves_less_distress():
    after_a_year = 1.0
    for _ in range(52):
        after_a_year = firm.reference_price(after_a_year, 0.5, 0.02)
    assert after_a_year == near(0.5 + 0.5 * 0.98**52)
    remembered, forgotten = (firm.distress(0.5, each, 9, 0.1, 1.0) for each in (1, after_a_year))
    assert remembered == 0.5
    assert forgotten < 0.1


@pytest.mark.parametrize(
    ("price", "cash", "income", "expected"),
    [
        (1.0, 9.0, 0.1, 0.0),  # no drawdown, no loss
        (0.75, 9.0, 0.1, 0.0),  # a fall of a quarter is usual
        (0.5, 9.0, 0.1, 0.6 * 0.5),
        (0.25, 9.0, 0.1, 0.6),
        (0.01, 9.0, 0.1, 0.6),
        (1.0, 52.0, -1.0, 0.4 * 0.5),  # half of 104 weeks of runway
        (1.0, 104.0, -1.0, 0.0),
        (1.0, 0.0, -0.1, 0.4),
        (1.0, -5.0, -0.1, 0.4),
        (0.25, 0.0, -0.1, 1.0),
        (1.0, -5.0, 0.1, 0.0),  # in debt but profitable
    ],
)
def test_corners_of_distress(price, cash, income, expected):
    assert firm.distress(price, 1.0, cash, income, 0.6) == near(expected)


def test_direction_of_distress():
    usual = {"price": 0.6, "peak": 1.0, "cash": 20.0, "income": -0.5, "weight": 0.6}
    assert slope(firm.distress, usual, "price", 0.1, 1) == -1
    assert slope(firm.distress, usual, "cash", 0, 100) == -1
    assert slope(firm.distress, usual, "income", -2, 1) == -1


def test_creditors_sell_a_firm_whose_cash_is_used_up():
    assert firm.forced_to_sell(-0.1, 0.05, 0.04)
    assert not firm.forced_to_sell(-0.1, 0.05, 0.05)
    assert not firm.forced_to_sell(-0.1, 0.0, 0.0)  # they wait for ever
    assert not firm.forced_to_sell(0.0, 1.0, 0.0)


def test_management_yields_to_attention():
    assert firm.yields(attention=0.5, chance=0.2, luck=0.09)
    assert not firm.yields(attention=0.5, chance=0.2, luck=0.1)
    assert not firm.yields(attention=0.4, chance=0.2, luck=0.09)
    assert not firm.yields(attention=5.0, chance=0.2, luck=0.2)  # attention counts up to 1
    assert not firm.yields(attention=1.0, chance=0.0, luck=0.0)


MONETISATION = {
    "level": 0.3,
    "start": 0.3,
    "distress": 0.5,
    "growth": 0.2,
    "responsiveness": 0.4,
    "relaxation": 0.5,
    "speed": 0.1,
}


def test_monetisation_by_hand():
    assert call(firm.monetisation, MONETISATION) == near(0.3 + 0.1 * (0.3 + 0.2 - 0.1 - 0.3))
    shrinking = call(firm.monetisation, MONETISATION, growth=-5.0)
    assert shrinking == near(0.3 + 0.1 * 0.2)  # only success relaxes it
    cut = {"responsiveness": 0.0, "growth": 0.0}
    assert call(firm.monetisation, MONETISATION, **cut) == 0.3
    assert call(firm.monetisation, MONETISATION, responsiveness=9.0, speed=1.0) == 1
    assert call(firm.monetisation, MONETISATION, relaxation=9.0, speed=1.0) == 0


@pytest.mark.parametrize(
    ("policy", "converted", "aim"),
    [
        (Policy.IGNORE, False, 0.2),
        (Policy.CONCEDE, False, 0.2 * (1 - 0.5 * 0.6)),
        (Policy.RESIST, False, 0.2 + 0.3 * 0.6 * 0.8),
        (Policy.RESIST, True, 0.0),
        (Policy.IGNORE, True, 0.0),
    ],
)
def test_governance_answers_to_the_movement(policy, converted, aim):
    deficit = firm.governance_deficit(0.2, 0.2, 0.6, converted, code(policy), 0.5, 0.3, 1.0)
    assert deficit == near(aim)
    slow = firm.governance_deficit(0.4, 0.2, 0.6, converted, code(policy), 0.5, 0.3, 0.1)
    assert slow == near(0.4 + 0.1 * (aim - 0.4))


def test_value_gap_is_what_the_price_does_not_see():
    assert firm.value_gap(0.5, 0.5, 1.0) == 0
    assert firm.value_gap(0.5, 0.5, 1.7) == 0  # the price is above
    assert firm.value_gap(0.5, 0.5, 0.5) == 0.5
    assert firm.value_gap(0.25, 0.5, 0.5) == 0  # what users value fell as much
    assert firm.value_gap(0.4, 0.5, 0.2) == near(1 - math.exp(-math.log(0.8 / 0.2)))
    assert firm.value_gap(0.0, 0.5, 0.2) == 0
    assert slope(firm.value_gap, {"v": 0.5, "v_0": 0.5, "price": 1.0}, "price", 0.01, 2) == -1
    assert slope(firm.value_gap, {"v": 0.5, "v_0": 0.5, "price": 0.5}, "v", 0, 1) == 1


# --- shareholders


@pytest.mark.parametrize("rest", [0.5, 0.6, 0.8])
def test_trust_rests_at_its_start(rest):
    assert trust.warranted(rest, 4.0, 0.0) == near(rest, rel=1e-15)
    held = rest
    for _ in range(500):
        held = trust.update(held, trust.warranted(rest, 4.0, 0.0), held, 0.3, 0.05, 0.0)
    assert held == near(rest, rel=1e-12)


def test_warranted_trust_follows_returns():
    assert trust.warranted(0.6, 4.0, -0.3) == near(sigma(math.log(1.5) - 1.2))
    assert slope(trust.warranted, {"rest": 0.6, "gain": 4.0, "excess": 0.0}, "excess", -1, 1) == 1


def test_trust_by_hand():
    assert trust.update(0.5, 0.8, 0.2, 0.0, 0.1, 0.0) == near(0.53)
    assert trust.update(0.5, 0.8, 0.2, 1.0, 0.1, 0.0) == near(0.47)
    assert trust.update(0.5, 0.8, 0.2, 0.25, 0.1, 0.3) == near(0.5 + 0.1 * 0.15 - 0.3)
    assert trust.update(0.1, 0.1, 0.1, 0.3, 0.1, 0.3) == 0


def test_only_those_who_lost_trust_sell():
    assert trust.sale(0.2, 0.6, 0.6, 0.05) == 0
    assert trust.sale(0.2, 0.9, 0.6, 0.05) == 0
    assert trust.sale(0.2, 0.1, 0.6, 0.05) == near(0.2 * 0.05 * 0.5)


def test_trading_conserves_stock_and_moves_it_to_those_who_trust():
    parameters = Parameters.from_dict({"shareholders.count": 40, "users.count": 50})
    p = parameters.record()[0]
    state = build(parameters, p, 3, no_history(260))
    holders = state.shareholders
    holders.trust[:] = np.linspace(0, 1, 40)
    before = holders.holding.copy()
    trade(p, holders, state.world[0])
    distrust = np.maximum(0.6 - holders.trust, 0)
    assert holders.holding.sum() == near(1, rel=1e-12)
    assert state.world[0]["sold"] == near((before * 0.05 * distrust).sum(), rel=1e-12)
    assert np.all(holders.holding[holders.trust < 0.1] < before[holders.trust < 0.1])
    assert np.all(holders.holding[holders.trust > 0.6] > before[holders.trust > 0.6])
    holders.trust[:] = 0  # nobody would buy
    before = holders.holding.copy()
    trade(p, holders, state.world[0])
    assert np.array_equal(holders.holding, before)


# --- proposals


def test_next_meeting_leaves_time_to_file():
    assert vote.next_meeting(6, 28, 22) == 28
    assert vote.next_meeting(7, 28, 22) == 80
    assert vote.next_meeting(58, 28, 22) == 80
    assert vote.next_meeting(59, 28, 22) == 132
    assert vote.next_meeting(1, 100, 22) == 100
    for week, lead in itertools.product(range(1, 300, 7), (0, 17, 26)):
        meeting = vote.next_meeting(week, 28, lead)
        assert meeting >= week + lead
        assert meeting - 52 < week + lead or meeting == 28
        assert (meeting - 28) % 52 == 0


@pytest.mark.parametrize(
    ("regime", "thresholds"),
    [(Regime.UNTIL_2020, [0.03, 0.06, 0.10, 0.10]), (Regime.FROM_2020, [0.05, 0.15, 0.25, 0.25])],
)
def test_resubmission_thresholds(regime, thresholds):
    found = [vote.resubmission_threshold(code(regime), n) for n in (1, 2, 3, 9)]
    assert found == thresholds


BALLOT = {
    "inclination": -4.2,
    "trust_lost": 0.2,
    "trust_effect": 2.0,
    "resonance": 0.5,
    "resonance_effect": 3.0,
    "board": 1.0,
    "luck": 0.3,
}


def test_support_by_hand():
    assert call(vote.support, BALLOT) == near(sigma(-4.2 + 0.4 + 1.5 - 1.0 + 0.3))
    for name in ("inclination", "trust_lost", "resonance", "luck"):
        assert slope(vote.support, BALLOT, name, -1, 1) == 1
    assert slope(vote.support, BALLOT, "board", -1, 1) == -1


def ballots(weeks: int = 1, **changes) -> list[tuple[float, float, float]]:
    """Return support, turnout and broker non-votes of meetings of three holders, one a class.

    Institutions hold .53 of the stock, retail holders .45, ethical investors .02.
    """
    usual = {f"vote.turnout_{each}": 1.0 for each in ("institutional", "retail", "ethical")}
    usual |= {"users.count": 50, "shareholders.count": 3, "shareholders.user_share": 0.0}
    changed = {f"vote.{name}": value for name, value in changes.items()}
    parameters = Parameters.from_dict({**usual, **changed})
    p = parameters.record()[0]
    state = build(parameters, p, 3, no_history(260))
    world, found = state.world[0], []
    for week in range(weeks):
        ballot(p, state.shareholders, state.users, world, 3, week)
        found.append((world["support"], world["turnout"], world["broker_nonvotes"]))
    return found


def test_support_counts_votes_for_and_against_only():
    """Holdings weigh; what nobody votes does not count against the proposal."""
    classes = {"institutional": -60.0, "retail": 60.0, "ethical": 60.0}
    split = {f"inclination_{name}": value for name, value in classes.items()}
    assert ballots(**split)[0] == near((0.47, 1, 0))
    assert ballots(**split, turnout_institutional=0.0)[0][:2] == near((1, 0.47))
    assert ballots(**split, turnout_retail=0.0, turnout_ethical=0.0)[0][:2] == near((0, 0.53))
    nobody = {f"turnout_{each}": 0.0 for each in ("institutional", "retail", "ethical")}
    assert ballots(**nobody)[0][:2] == (0, 0)


def test_broker_non_votes_come_only_from_retail_holders_who_do_not_vote():
    nothing = {"turnout_institutional": 0.0, "turnout_ethical": 0.0}
    assert ballots(broker_share=0.8)[0][2] == 0
    assert ballots(broker_share=0.8, **nothing)[0][2] == 0
    silent = ballots(broker_share=0.8, turnout_retail=0.0)[0]
    assert silent[1:] == near((0.55, 0.36 / 0.91))
    assert ballots(broker_share=0.0, turnout_retail=0.0)[0][2] == 0
    assert ballots(broker_share=0.8, turnout_retail=0.0, **nothing)[0][2] == 1


def test_each_holder_votes_or_does_not_by_the_chance_of_the_class():
    """Every turnout is a sum of whole holdings; classes vote as often as they should, apart."""
    chances = {"institutional": 0.75, "retail": 0.3, "ethical": 0.9}
    meetings = ballots(3000, **{f"turnout_{name}": chance for name, chance in chances.items()})
    turnout = np.array([each[1] for each in meetings])
    sums = {}
    for who in itertools.product((0, 1), repeat=3):
        sums[who] = float(np.dot(who, [0.53, 0.45, 0.02]))
    voted = np.array([min(sums, key=lambda who: abs(sums[who] - each)) for each in turnout])
    assert turnout == near([sums[tuple(who)] for who in voted])
    for votes, chance in zip(voted.T, chances.values(), strict=True):
        assert abs(votes.mean() - chance) < 4 * math.sqrt(chance * (1 - chance) / 3000)
    assert abs(np.corrcoef(voted.T) - np.eye(3)).max() < 4 / math.sqrt(3000)


# --- conversion


def test_pledges_are_collected_after_the_study():
    open_weeks = [w for w in range(300) if conversion.collecting(w, 100, 26, 52)]
    assert open_weeks == list(range(126, 178))
    assert not any(conversion.collecting(w, -1, 26, 52) for w in range(300))


def test_pledges_by_hand():
    assert conversion.pledge(50.0, 0.5, 0.5) == 50
    assert conversion.pledge(50.0, 0.1, 0.4) == near(12.5)
    assert conversion.control_bought(41.0, 41.0, 1.0, 1.0)
    assert not conversion.control_bought(41.0, 41.0, 1.01, 1.0)
    assert conversion.control_bought(20.5, 41.0, 0.5, 1.0)  # a cheap firm is cheaper to buy
    assert conversion.control_bought(8.0, 40.0, 0.5, 0.4)  # and cheaper in a forced sale
    assert not conversion.control_bought(7.9, 40.0, 0.5, 0.4)


# --- media


def test_attention_of_a_launch_by_hand():
    assert media.launch(0.0, 100.0, 2.0) == 0
    assert media.launch(100.0, 100.0, 2.0) == 1
    assert media.launch(30.0, 100.0, 2.0) == near(2 * 30 / 130)
    assert media.launch(1e9, 100.0, 2.0) == near(2)


MEDIA = {
    "attention": 0.4,
    "half_life": 1.5,
    "new_people": 0.0,
    "half_saturation": 300.0,
    "supporter_gain": 0.5,
    "acts": 0.0,
    "luck": 1.0,
    "events": 0.0,
    "trust_lost": 0.0,
    "trust_amplification": 1.0,
    "threat": 0.0,
    "threat_crowding": 0.5,
}


@pytest.mark.parametrize("half_life", [0.5, 1.5, 4.0])
def test_attention_halves_every_half_life(half_life):
    weeks, attention = round(4 * half_life), 0.8
    for _ in range(weeks):
        attention = call(media.update, MEDIA, attention=attention, half_life=half_life)
    assert attention == near(0.8 * 2 ** (-weeks / half_life))


def test_attention_by_hand():
    quiet = {"attention": 0.0}
    assert call(media.update, MEDIA, **quiet) == 0
    assert call(media.update, MEDIA, **quiet, new_people=300.0) == near(0.25)
    assert call(media.update, MEDIA, **quiet, acts=0.4) == near(0.4)
    assert call(media.update, MEDIA, **quiet, acts=0.4, new_people=300.0, luck=3.0) == near(1.95)
    assert call(media.update, MEDIA, **quiet, events=0.7, luck=3.0) == near(0.7)
    changed = {"trust_lost": 0.3, "threat": 0.4, "luck": 2.0}
    fed = call(media.update, MEDIA, **quiet, new_people=300.0, acts=0.2, events=0.1, **changed)
    assert fed == near((0.25 + 0.2) * 2 * 1.3 * 0.8 + 0.1)
    old = call(media.update, MEDIA, half_life=1.0, new_people=300.0)
    assert old == near(0.2 + 0.25)


def test_attention_has_no_ceiling_and_its_floor_is_zero():
    assert call(media.update, MEDIA, acts=9.0, half_life=1.0) == near(9.2)
    assert call(media.update, MEDIA, events=-0.1, half_life=1.0) == near(0.1)
    assert call(media.update, MEDIA, events=-5.0) == 0


def test_lost_trust_may_take_attention_from_the_movement():
    crowded = call(media.update, MEDIA, attention=0.0, acts=1.0, trust_lost=0.3)
    assert crowded == near(1.3)
    away = {"trust_lost": 0.3, "trust_amplification": -1.0}
    assert call(media.update, MEDIA, attention=0.0, acts=1.0, **away) == near(0.7)


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("attention", 1),
        ("new_people", 1),
        ("acts", 1),
        ("luck", 1),
        ("events", 1),
        ("trust_lost", 1),
        ("threat", -1),
        ("half_saturation", -1),
    ],
)
def test_direction_of_attention(name, direction):
    usual = {**MEDIA, "attention": 0.1, "new_people": 100.0, "acts": 0.1}
    assert slope(media.update, usual, name, 0.01, 1) == direction


def test_trust_without_news_draws_no_attention():
    """Lost trust amplifies what is there: claim C5 is not in the rule."""
    assert call(media.update, MEDIA, attention=0.0, trust_lost=0.6, threat=0.0) == 0


# --- users together


def called_week(parameters: Parameters) -> WeekInputs:
    """Return the inputs of week 1 of a world, in which a campaign calls everybody to join."""
    p = parameters.record()[0]
    state = build(parameters, p, 0, no_history(parameters.horizon))
    inputs = read_inputs(1, 0, p, state.world[0], parameters.users.count)
    return inputs._replace(campaigning=True, reach_chance=f32(1), novelty_left=f32(1))


def crowd(parameters: Parameters, network):
    """Return users on a network, all aware, and the world they live in."""
    p = parameters.record()[0]
    state = build(parameters, p, 0, no_history(parameters.horizon), network)
    state.users.aware[:] = 1
    return state, state.world[0]


CERTAIN = {
    "participation.steepness": 1e6,
    "participation.drop_rate": 1.0,
    "participation.fatigue": 0.0,
    "participation.burnout": 0.0,
    "participation.available": 0.0,
    "participation.dissatisfaction_weight": 0.0,
    "participation.threat_weight": 0.0,
    "participation.resonance_weight": 0.0,
    "participation.closure_weight": 0.0,
    "participation.efficacy_weight": 0.0,
    "participation.interaction": 0.0,
    "participation.peer_weight": 1.0,
    "awareness.forgetting": 0.0,
    "exit.leave_rate": 0.0,
    "dissatisfaction.noise": 0.0,
}
"""Only active neighbours move users, and luck decides nothing."""


def test_five_users_by_hand():
    """A triangle 0-1-2, user 3 tied to user 2, user 4 alone; the first is a supporter.

    With h = 1, one active neighbour gives a motive of 1/2, two give 2/3.
    """
    parameters = Parameters.from_dict(
        {
            **CERTAIN,
            "users.count": 5,
            "participation.peer_half_saturation": 1.0,
            "network.topology": "complete",
            "shareholders.count": 3,
        }
    )
    edges = np.array([[0, 1], [0, 2], [1, 2], [2, 3]])
    state, world = crowd(parameters, from_edges(5, edges))
    users, network = state.users, state.network
    inputs = called_week(parameters)
    world["efficacy"] = 0.25
    users.cost[:] = [-1.0, 0.4, 0.6, 0.45, 0.01]
    set_status(network, users, world, 0, SUPPORTER)
    assert users.active_neighbours.tolist() == [0, 1, 1, 0, 0]

    expected = [  # statuses, active neighbours, joined, with an active neighbour
        ([1, 1, 0, 0, 0], [1, 1, 2, 0, 0], 1, 1),  # 1/2 moves user 1, not yet user 2
        ([1, 1, 1, 0, 0], [2, 2, 2, 1, 0], 1, 1),  # 2/3 moves user 2
        ([1, 1, 1, 1, 0], [2, 2, 3, 1, 0], 1, 1),  # user 2 moves user 3
        ([1, 1, 1, 1, 0], [2, 2, 3, 1, 0], 0, 0),  # nobody moves user 4
    ]
    for statuses, active, joined, with_peers in expected:
        decide(users, state.workspace, world, inputs)
        take_effect(network, users, state.workspace, world)
        assert users.status.tolist() == statuses
        assert users.active_neighbours.tolist() == active
        assert (world["joined"], world["joined_peers"], world["dropped"]) == (joined, with_peers, 0)
    assert world["supporters"] == 4
    assert users.expected.tolist() == [-1.0, 0.25, 0.25, 0.25, -1.0]

    users.cost[0] = 0.7  # two active neighbours no longer keep user 0
    decide(users, state.workspace, world, inputs)
    take_effect(network, users, state.workspace, world)
    assert users.status.tolist() == [0, 1, 1, 1, 0]
    assert users.active_neighbours.tolist() == [2, 1, 2, 1, 0]
    assert world["dropped"] == 1
    decide(
        users, state.workspace, world, inputs
    )  # user 1 has only user 2 left: 1/2 > 0.4; user 2 two: 2/3 > 0.6
    take_effect(network, users, state.workspace, world)
    assert users.status.tolist() == [0, 1, 1, 1, 0]

    set_status(network, users, world, 2, EXITED)
    assert users.gone_neighbours.tolist() == [1, 1, 0, 1, 0]
    assert users.active_neighbours.tolist() == [1, 0, 2, 0, 0]
    assert (world["supporters"], world["exited"]) == (2, 1)


def test_statuses_are_sorted_by_what_they_do():
    assert [is_active(np.uint8(s)) for s in Status] == [False, True, True, False, False]
    assert [is_gone(np.uint8(s)) for s in Status] == [False, False, False, True, True]


def thresholds(spread: float) -> np.ndarray:
    """Return how many active others each of 100 users needs: quantiles of N(25, spread)."""
    law = NormalDist(25, spread)
    return np.array([law.inv_cdf((i + 0.5) / 100) for i in range(100)])


def fixed_point(needed: np.ndarray) -> int:
    """Return the least r with r = F(r), reached from nobody."""
    active = 0
    while (joined := int((needed <= active).sum())) > active:
        active = joined
    return active


def equilibrium(needed: np.ndarray, parameters: Parameters, inputs: WeekInputs) -> int:
    """Return how many take part once nothing changes, when users decide by these thresholds."""
    everybody = generate(
        Topology.COMPLETE, 100, mean_degree=99.0, tail=3.0, clustering=0.0, rewiring=0.0, seed=0
    )
    state, world = crowd(parameters, everybody)
    half = parameters.participation.peer_half_saturation
    others = np.maximum(np.ceil(needed), 0) - 0.5  # between the number too few and enough
    state.users.cost[:] = np.where(needed <= 0, -1.0, others / (others + half))
    for _ in range(200):
        decide(state.users, state.workspace, world, inputs)
        take_effect(state.network, state.users, state.workspace, world)
        if world["joined"] == 0:
            break
    assert world["dropped"] == 0
    return int(world["supporters"])


def test_granovetter_participation_jumps_at_a_spread_of_twelve():
    """Granovetter (1978): thresholds N(25, spread) of 100 users who see each other."""
    parameters = Parameters.from_dict(
        {
            **CERTAIN,
            "users.count": 100,
            "participation.peer_half_saturation": 25.0,
            "network.topology": "complete",
        }
    )
    inputs = called_week(parameters)
    spreads = np.arange(5, 20.01, 0.25)
    reached = {}
    for spread in spreads:
        needed = thresholds(spread)
        reached[spread] = equilibrium(needed, parameters, inputs)
        assert reached[spread] == fixed_point(needed)
    jump = min(spread for spread, active in reached.items() if active > 50)
    assert 11.5 <= jump <= 13
    assert max(active for spread, active in reached.items() if spread < jump) <= 8
    assert 5 <= reached[jump - 0.25] <= 7  # about six
    assert all(active >= 88 for spread, active in reached.items() if spread >= jump)
    assert reached[jump] >= 97


def test_rules_can_be_called_on_plain_numbers():
    """So that anybody can try the equations."""
    assert isinstance(efficacy.opportunity(0.5, 1.0), float)
    assert isinstance(participation.peer_pressure(2.0, 3.0), float)
