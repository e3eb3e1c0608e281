"""Five users, three weeks, on paper: two programs that agree can both be wrong."""

import numpy as np
import pytest

from sim.parameters import Parameters
from sim.run import finish, simulate, simulate_until
from sim.state import Remedy, Status

FIVE = {
    "horizon": 3,
    "users.count": 5,
    "users.people_per_agent": 10.0,
    "network.topology": "complete",
    "shareholders.count": 3,  # one of each class
    "shareholders.trust_speed": 0.0,
    "movement.launch_week": 1,
    "dissatisfaction.noise": 0.0,
    "firm.demand_noise": 0.0,
    "firm.price_noise": 0.0,
    "firm.market_volatility": 0.0,
    "threat.base": 0.5,
    "threat.noise": 0.0,
    "participation.burnout": 0.0,
    "participation.organiser_rate": 0.0,
    "exit.leave_rate": 0.0,
    "exit.return_rate": 0.0,
    "awareness.forgetting": 0.0,
    "movement.petition_rate": 0.0,
}
"""Five users who all know each other, and nothing that is left to luck."""


def near(*values: float) -> object:
    return pytest.approx(values, rel=2e-6, abs=2e-7)


def test_a_firm_declines_and_five_users_ask_for_a_vote():
    """Two users launch in week 1, the others join in week 2, shareholders vote in week 3.

    Firm. Demand falls by the factor e^-.1 a week, nothing else moves revenue: r = e^(-.1 t). Cost
    stays at 1, cash begins at 0, so the firm is in full distress, X = 1, from week 1 on.
        cash   = sum of r - 1
        income <- income + (r - 1 - income) / 13, from 0
        growth g = .5 tanh(2 ln r / .5): -.1899745, -.3320184, -.4168273
        ln P   = ln r + .5 g, and in week 3 - .6 (.6 - .4) - 2 x .01 for lost trust and stock sold
        monetisation moves half the way to .3 + .3 X = .6: .45, .525, .5625

    Shareholders. In week 2 trust falls from .6 to .4, and each sells .05 x .2 of the holding.

    Efficacy. E = .5 X (1 - .5 X) + .3 n / (n + 80) + .2 (n - n_0) / (n + 80) for the n people who
    took part last week, 0, 20 and 50: .25; .25 + .06 + .04; .25 + .3 x 5 / 13 + .2 x 5 / 13.

    Users. Who has a active neighbours has the motive E + .3 a / (a + 2), at a cost of .4. In week 2
    the two organisers see one another, .35 + .1; the others see both, .35 + .15, and all join.

    Media. Attention halves each week. A threat of .5 leaves 1 - .4 x .5 = .8 of all news; lost
    trust makes it 1 + .2 times as much.
        week 1: launch and filing    2 x .4 x .8 = .64
        week 2: 30 people join       .32 + .4 x 30 / (30 + 90) x 1.2 x .8 = .416
        week 3: the vote             .208 + .4 x 1.2 x .8 = .592

    Vote. Institutions and ethical investors vote for, retail holders against:
        (.53 x .75 + .02 x .9) / (.53 x .75 + .45 x .12 + .02 x .9) = .4155 / .4695
    """
    run = simulate(
        Parameters.from_dict(
            {
                **FIVE,
                "movement.organisers": 20.0,
                "firm.decline_rate": 0.1,
                "firm.decline_start": 1,
                "firm.cost_share": 1.0,
                "firm.cost_speed": 0.0,
                "firm.cash": 0.0,
                "firm.drawdown_weight": 0.0,
                "firm.price_reversion": 1.0,
                "firm.monetisation_speed": 0.5,
                "firm.arpu_gain": 0.0,
                "shareholders.trust_gain": 0.0,
                "shareholders.trust_shock_week": 2,
                "shareholders.trust_shock_size": 0.2,
                "efficacy.half_saturation": 80.0,
                "awareness.contact": 0.99,
                "participation.dissatisfaction_weight": 0.0,
                "participation.threat_weight": 0.0,
                "participation.resonance_weight": 0.0,
                "participation.efficacy_weight": 1.0,
                "participation.peer_weight": 0.3,
                "participation.peer_half_saturation": 2.0,
                "participation.cost_mean": 0.4,
                "participation.cost_sd": 0.0,
                "participation.steepness": 1e4,
                "participation.join_rate": 1.0,
                "media.half_life": 1.0,
                "media.half_saturation": 90.0,
                "media.supporter_gain": 0.4,
                "media.threat_crowding": 0.4,
                "vote.first_meeting": 3,
                "vote.filing_lead": 1,
                "vote.organisers_needed": 20.0,
                "vote.inclination_institutional": 60.0,
                "vote.inclination_retail": -60.0,
                "vote.inclination_ethical": 60.0,
            }
        )
    )
    week = run.records
    assert week["revenue"][1:].tolist() == near(0.9048374, 0.8187308, 0.7408182)
    assert week["cash"][1:].tolist() == near(-0.0951626, -0.2764318, -0.5356136)
    assert week["net_income"][1:].tolist() == near(-0.0073202, -0.0207009, -0.0390456)
    assert week["price"][1:].tolist() == near(0.8228452, 0.6934964, 0.5228744)
    assert week["distress"].tolist() == [0, 1, 1, 1]
    assert week["monetisation"].tolist() == near(0.3, 0.45, 0.525, 0.5625)
    assert week["trust"].tolist() == near(0.6, 0.6, 0.4, 0.4)
    assert week["sold"].tolist() == near(0, 0, 0.01, 0.01)
    assert week["efficacy"][1:].tolist() == near(0.25, 0.35, 0.4423077)
    assert week["organisers"].tolist() == [0, 0.4, 0.4, 0.4]
    assert week["supporters"].tolist() == [0, 0, 0.6, 0.6]
    assert week["joined_peers"].tolist() == [0, 0, 0.6, 0]
    assert week["aware"].tolist() == [0, 0.4, 1, 1]
    assert week["media"][1:].tolist() == near(0.64, 0.416, 0.592)
    assert week["filed"].tolist() == [0, 1, 1, 0]
    assert week["vote_share"][3] == pytest.approx(0.8849840, rel=1e-6)
    assert run.outcome.launch_week == 1
    assert run.outcome.recognised


def test_five_users_are_persuaded_one_leaves_and_the_rest_buy_the_firm():
    """All five organise from week 1 on; the campaign reaches them in weeks 2 and 3.

    Dissatisfaction. Each moves half the way from 0 to min(1, .4 s): user 4 comes to .4, .6, .7.

    Leaving. What user i bears is .3 + A (1 - .4 x share of neighbours gone). Only user 4, who bears
    .5, comes to more, .6 in week 2, and leaves. Revenue falls to the four-fifths who are present.

    Commons view, from 0, with .2 = half of .4 a week, force .5 + .5 x .5 z, decay .1:
        week 2: .2 A (.5 + .25 z)                      .05   .06   .14   .15   .03
        week 3: q + q (1 - q) - .1 q                   .0925 .1104 .2464 .2625; user 4: .9 q = .027
    Literacy, from 0, with o and force .5 + .5 q:
        week 2: .2 o (.5 + .5 q)                       .105  .053  .057  0     .103
        week 3: k + .2 o (.5 + .5 q) (1 - k) - .1 k    .19227875 .10027744 .11006776 0; .0927

    Governance. The board concedes. With n people the movement is n / (n + 50) strong, half in week
    2 and 4/9 in week 3; the deficit moves half the way to .2 (1 - .5 strength): .175, .1652778.

    Conversion. At half its strength the movement is strong enough: the study of two weeks begins in
    week 1. In week 3 each active user pledges 50 o / .5: together 200, 40 for each of the five,
    which just buys control at a price of 1.
    """
    parameters = Parameters.from_dict(
        {
            **FIVE,
            "movement.organisers": 50.0,
            "users.ownership_mean": 0.5,
            "dissatisfaction.base": 0.4,
            "dissatisfaction.monetisation_weight": 0.0,
            "dissatisfaction.governance_weight": 0.0,
            "dissatisfaction.speed": 0.5,
            "persuasion.rate": 0.4,
            "persuasion.cooperative_floor": 0.5,
            "persuasion.decay": 0.1,
            "persuasion.commons_start": 0.0,
            "persuasion.literacy_start": 0.0,
            "participation.drop_rate": 0.0,
            "exit.leave_rate": 1.0,
            "exit.threshold": 0.3,
            "exit.neighbour_loss": 0.4,
            "exit.voice": 0.0,
            "exit.softness": 0.01,
            "efficacy.half_saturation": 50.0,
            "firm.policy": "concede",
            "firm.concession_strength": 0.5,
            "firm.governance_speed": 0.5,
            "firm.price_reversion": 0.0,
            "firm.arpu_gain": 0.0,
            "vote.organisers_needed": 1000.0,
            "conversion.feasibility_weeks": 2,
            "conversion.control_price": 40.0,
        }
    )
    week_0 = simulate_until(0, parameters)
    users = week_0.state.users
    users.dissatisfaction[:] = 0
    users.sensitivity[:] = [0, 0.5, 1, 2, 2]
    users.dependence[:] = [0.5, 0.5, 1, 1, 0.2]
    users.threat_sensitivity[:] = [0, 0.4, 0.8, 1, 1]
    users.ownership[:] = [1, 0.5, 0.5, 0, 1]
    users.remedy[:] = Remedy.OWNERSHIP
    week_0.state.world["user_value_start"] = 1  # no value gap helps the campaign

    run = finish(week_0)
    week, users = run.records, run.state.users
    assert users.dissatisfaction.tolist() == near(0, 0.175, 0.35, 0.7, 0.7)
    assert users.status.tolist() == [Status.ORGANISER] * 4 + [Status.EXITED]
    assert users.commons_view.tolist() == near(0.0925, 0.1104, 0.2464, 0.2625, 0.027)
    assert users.literacy.tolist() == near(0.19227875, 0.10027744, 0.11006776, 0, 0.0927)
    assert week["exited"].tolist() == [0, 0, 0.2, 0.2]
    assert week["revenue"].tolist() == near(1, 1, 1, 0.8)
    assert week["dissatisfied"][1:].tolist() == [0, 0.2, 0.2]  # user 3; who left is not counted
    assert week["governance_deficit"].tolist() == near(0.2, 0.2, 0.175, 0.1652778)
    assert week["pledged"].tolist() == near(0, 0, 0, 40)
    assert week["converted"].tolist() == [0, 0, 0, 1]
    assert np.array_equal(week["active"], [0, 1, 0.8, 0.8])
