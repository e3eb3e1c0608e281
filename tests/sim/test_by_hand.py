"""Five users, three weeks, on paper: two programs that agree can both be wrong."""

import numpy as np
import pytest

from sim.history import no_history
from sim.network import from_edges
from sim.parameters import Parameters
from sim.run import finish, go_on, simulate_until
from sim.state import Remedy, Status

BYSTANDER, SUPPORTER = Status.BYSTANDER, Status.SUPPORTER
ORGANISER, EXITED, EXITED_COOP = Status.ORGANISER, Status.EXITED, Status.EXITED_COOP

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
    "participation.drop_rate": 0.0,
    "exit.leave_rate": 0.0,
    "exit.return_rate": 0.0,
    "awareness.forgetting": 0.0,
    "awareness.novelty_left": 0.0,
    "media.luck": 0.0,
}
"""Five users and nothing that is left to luck."""

ONLY_REASONS = {
    "participation.dissatisfaction_weight": 0.0,
    "participation.threat_weight": 0.0,
    "participation.resonance_weight": 0.0,
    "participation.interaction": 0.0,
    "participation.efficacy_weight": 1.0,
    "participation.steepness": 100.0,
}
"""Efficacy, neighbours and a rumour move users, who decide surely: e^-12 is nearly nothing."""


def near(*values: float) -> object:
    return pytest.approx(values, rel=2e-6, abs=2e-7)


def test_a_firm_declines_and_news_passes_from_neighbour_to_neighbour():
    """Users stand in a row, 0-1-2-3-4. User 0 launches in week 1; shareholders vote in week 3.

    Firm. Demand falls by the factor e^-.1 a week, nothing else moves revenue: r = e^(-.1 t). Cost
    stays at 1, cash begins at 0, so the firm is in full distress, X = 1, from week 1 on.
        cash   = sum of r - 1
        income <- income + (r - 1 - income) / 13, from 0
        growth g = .5 tanh(2 ln r / .5): -.1899745, -.3320184, -.4168273
        ln P   = ln r + .5 g - .2 R for the rumour of closure R: 0, 1, 1/2;
                 in week 3 also - .6 (.6 - .4) - 2 x .01 for lost trust and stock sold
        monetisation moves half the way to .3 + .3 X = .6: .45, .525, .5625

    Shareholders. In week 2 trust falls from .6 to .4, and each sells .05 x .2 of the holding.

    Efficacy. E = .5 X (1 - .5 X) + .3 n / (n + 80) + .2 (n - n_0) / (n + 80) for the n people who
    took part last week, 0, 10 and 30: .25; .25 + .5 / 9; .25 + .5 x 3 / 11.

    News. The petition opens in week 1 too, so week 2 finds it open. Nobody is reached directly.
    A user with a active neighbours has the motive E + .3 a / (a + 2) + A R.
        day 1: user 1, who sees one active neighbour: .3056 + .1 > .28; supports and signs
        day 2: user 2, who sees user 1 and fears closure, A = .9: .4056 + .9 > 1.12; the same
        day 3: user 3, who sees user 2: .4056 < .9, the cost of support, but > .9 - .6; signs
        day 4: user 4, who sees nobody active: .3056 < 1.2 - .6; only knows of it
    No time is left to organise, and nobody thinks about what is no news any more.

    Fatigue. Patience is so short that whoever finds the cost too high tires at once. In week 3
    user 2 has .3864 + .1 + .45 < 1.12 and drops out; user 0 finds the cost too high all the time
    but never tires.

    Attention. It halves each week. A threat of .5 leaves 1 - .4 x .5 = .8 of all news; lost trust
    makes it 1 + .2 times as much.
        week 1: launch by 10 people, petition, filing   (2 x 10 / 40 + .4 + .4) x .8 = 1.04
        week 2: 20 people join and 30 sign, admission; the rumour takes .1
                .52 + (.4 x 35 / (35 + 90) + .4) x 1.2 x .8 - .1 = .91152
        week 3: the vote                                .45576 + .4 x 1.2 x .8 = .83976

    Vote. Institutions vote for the proposal and ethical investors against it: .53 / .55. Retail
    holders do not vote; brokers hold .8 of their .45, which are .36 of .91 present.
    """
    parameters = Parameters.from_dict(
        {
            **FIVE,
            **ONLY_REASONS,
            "movement.organisers": 10.0,
            "movement.petition_delay": 0,
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
            "events.closure_week": 2,
            "events.closure_size": 1.0,
            "events.closure_half_life": 1.0,
            "events.closure_discount": 0.2,
            "awareness.contact": 0.99,
            "awareness.media_reach": 0.0,
            "awareness.outreach": 0.0,
            "participation.closure_weight": 1.0,
            "participation.peer_weight": 0.3,
            "participation.peer_half_saturation": 2.0,
            "participation.signing_discount": 0.6,
            "participation.available": 0.0,
            "participation.fatigue": 1.0,
            "participation.patience": 1e-9,
            "media.half_life": 1.0,
            "media.launch_gain": 2.0,
            "media.launch_half": 30.0,
            "media.event_gain": 0.4,
            "media.half_saturation": 90.0,
            "media.supporter_gain": 0.4,
            "media.petition_weight": 0.5,
            "media.closure_gain": -0.1,
            "media.threat_crowding": 0.4,
            "vote.first_meeting": 3,
            "vote.filing_lead": 1,
            "vote.organisers_needed": 10.0,
            "vote.admission_weeks": 1,
            "vote.admission_chance": 1.0,
            "vote.turnout_institutional": 1.0,
            "vote.turnout_retail": 0.0,
            "vote.turnout_ethical": 1.0,
            "vote.inclination_institutional": 60.0,
            "vote.inclination_ethical": -60.0,
            "vote.broker_share": 0.8,
        }
    )
    row = from_edges(5, np.array([[0, 1], [1, 2], [2, 3], [3, 4]]))
    week_0 = simulate_until(0, parameters, network=row)
    users = week_0.state.users
    users.literacy[0] = 0.9  # so user 0 launches
    users.cost[:] = [5, 0.28, 1.12, 0.9, 1.2]
    users.dependence[:] = [0, 0, 0.9, 0, 0]
    users.wear[:] = [0, 1, 1, 1, 1]

    run = finish(week_0)
    week, users = run.records, run.state.users
    assert week["revenue"][1:].tolist() == near(0.9048374, 0.8187308, 0.7408182)
    assert week["cash"][1:].tolist() == near(-0.0951626, -0.2764318, -0.5356136)
    assert week["net_income"][1:].tolist() == near(-0.0073202, -0.0207009, -0.0390456)
    assert week["price"][1:].tolist() == near(0.8228452, 0.5677868, 0.4731163)
    assert week["distress"].tolist() == [0, 1, 1, 1]
    assert week["monetisation"].tolist() == near(0.3, 0.45, 0.525, 0.5625)
    assert week["trust"].tolist() == near(0.6, 0.6, 0.4, 0.4)
    assert week["sold"].tolist() == near(0, 0, 0.01, 0.01)
    assert week["efficacy"][1:].tolist() == near(0.25, 0.3055556, 0.3863636)
    assert week["aware"].tolist() == [0, 0.2, 1, 1]
    assert week["organisers"].tolist() == [0, 0.2, 0.2, 0.2]
    assert week["supporters"].tolist() == [0, 0, 0.4, 0.2]
    assert week["joined_peers"].tolist() == week["joined"].tolist() == [0, 0, 0.4, 0]
    assert week["dropped"].tolist() == [0, 0, 0, 0.2]
    assert week["signatures"].tolist() == [0, 0, 30, 30]
    assert users.signed.tolist() == [0, 1, 1, 1, 0]
    assert users.status.tolist() == [ORGANISER, SUPPORTER, BYSTANDER, BYSTANDER, BYSTANDER]
    assert users.weeks_active.tolist() == [2, 1, 1, 0, 0]
    assert users.expected.tolist() == near(0.25, 0.3055556, 0.3055556, -1, -1)
    assert week["media"].tolist() == near(0, 1.04, 0.91152, 0.83976)
    assert week["filed"].tolist() == [0, 1, 1, 0]
    assert week["admitted"].tolist() == [0, 0, 1, 0]
    assert week["vote_share"][3] == pytest.approx(0.53 / 0.55, rel=1e-6)
    assert week["turnout"][3] == pytest.approx(0.55, rel=1e-6)
    assert run.outcome.broker_nonvotes == pytest.approx(0.36 / 0.91, rel=1e-6)
    assert run.outcome.launch_week == 1
    assert run.outcome.recognised


def test_costs_follow_revenue_with_a_delay():
    """Demand falls by the factor e^-.1 a week: r = .9048374, .8187308, .7408182.

    Cost, .6 at first, moves half the way to .6 r: .5714512, .5313448, .4879179.
    Cash adds up r - cost: .3333862, .6207721, .8736724.
    Income, .4 at first, moves by a 13th of the way to r - cost: .3948759, .3866074, .3763222.
    """
    parameters = Parameters.from_dict(
        {
            **FIVE,
            "movement.origin": "never",
            "firm.decline_start": 1,
            "firm.decline_duration": 3,
            "firm.decline_rate": 0.1,
            "firm.cash": 0.0,
            "firm.arpu_gain": 0.0,
            "firm.cost_speed": 0.5,
            "firm.cost_share": 0.6,
        }
    )
    week = finish(simulate_until(0, parameters)).records
    assert week["revenue"][1:].tolist() == near(0.9048374, 0.8187308, 0.7408182)
    assert week["cash"][1:].tolist() == near(0.3333862, 0.6207721, 0.8736724)
    assert week["net_income"][1:].tolist() == near(0.3948759, 0.3866074, 0.3763222)


@pytest.mark.parametrize("event", ["closure", "takeover", "scandal"])
def test_an_event_of_the_record_adds_to_that_of_the_parameters_up_to_one(event):
    """In week 1 both happen: .7 and .6 make 1. By week 2 half of the .7 has faded."""
    parameters = Parameters.from_dict(
        {
            **FIVE,
            "movement.origin": "never",
            f"events.{event}_week": 1,
            f"events.{event}_size": 0.7,
            f"events.{event}_half_life": 1.0,
        }
    )
    history = no_history(3)._replace(**{event: np.array([0, 0.6, 0.1, 0])})
    week = finish(simulate_until(0, parameters, history=history)).records
    assert week[event].tolist() == near(0, 1, 0.45, 0.175)


TIERS = {
    **FIVE,
    **ONLY_REASONS,
    "movement.organisers": 10.0,
    "movement.petition_delay": 0,
    "efficacy.opportunity_weight": 0.0,
    "efficacy.size_weight": 0.0,
    "efficacy.growth_weight": 0.0,
    "awareness.media_reach": 0.0,
    "awareness.outreach": 1e3,
    "participation.peer_weight": 0.0,
    "participation.signing_discount": 0.4,
    "participation.organising_premium": 0.3,
    "participation.available": 1.0,
    "participation.fatigue": 0.0,
    "vote.organisers_needed": 1000.0,
}
STRANGERS = from_edges(5, np.empty((0, 2), dtype=int))


def test_each_user_takes_the_most_costly_part_that_is_worth_it():
    """Nobody knows anybody. User 0 launches in week 1 and reaches everybody in week 2.

    Nothing moves anybody, so what decides is the cost: -.6 less .3 for organising leaves users 0
    and 1 below 0, -.15 user 2 for support alone, .25 - .4 user 3 for signing alone; .6 is too much
    for user 4. All below 0 by at least .15: e^-15.
    """
    week_0 = simulate_until(0, Parameters.from_dict(TIERS), network=STRANGERS)
    week_0.state.users.literacy[0] = 0.9
    week_0.state.users.cost[:] = [-0.6, -0.6, -0.15, 0.25, 0.6]
    week_2 = go_on(week_0, 2)
    users, week = week_2.state.users, week_2.state.weekly
    assert users.status.tolist() == [ORGANISER, ORGANISER, SUPPORTER, BYSTANDER, BYSTANDER]
    assert users.signed.tolist() == [1, 1, 1, 1, 0]
    assert users.aware.tolist() == [1, 1, 1, 1, 1]
    assert week["signatures"].tolist()[:3] == [0, 0, 40]
    assert week["joined"].tolist()[:3] == [0, 0, 0.4]

    # in week 3 nobody thinks anew about what all know, unless it has novelty left
    users.cost[:] = -0.6
    for novelty, statuses in ((0.0, [2, 2, 1, 0, 0]), (1.0, [2, 2, 2, 2, 2])):
        again = week_2.parameters.replace({"awareness.novelty_left": novelty})
        users = go_on(week_2, 3, again).state.users
        assert users.status.tolist() == statuses
        assert users.signed.tolist() == [1, 1, 1, 1, int(novelty)]


def test_five_users_are_persuaded_one_leaves_and_the_rest_buy_the_firm():
    """All five organise from week 1 on; the campaign persuades in weeks 2 and 3.

    Dissatisfaction. Each moves half the way from 0 to min(1, .4 s): user 4 comes to .4, .6, .7.

    Leaving. What user i bears is .3 + A (1 - .4 x share of neighbours gone). Only user 4, who bears
    .5, comes to more, .6 in week 2, and leaves. Revenue falls to the four-fifths who are present.

    Attention. The launch by 50 people draws .4 x 50 / (50 + 50) = .2, which halves each week.

    Voice. The campaign speaks with 1 - (1 - M) x 50 / (n + 50) of its strength for the n people
    organising last week and the attention M of last week: 1 - .8 / 2 = .6; 1 - .9 / 2 = .5.

    Commons view, from 0, with half of 2/3 x voice a week, .2 and 1/6, force .5 + .5 x .5 z,
    decay .1:
        week 2: .2 A (.5 + .25 z)              .05       .06   .14       .15     .03
        week 3: q + force (1 - q) / 6 - .1 q   .0845833  .101  .2263333  .24125; user 4: .9 q = .027
    Literacy, from 0, with o and force .5 + .5 q:
        week 2: .2 o (.5 + .5 q)               .105      .053      .057      0   .103
        week 3: k + o force (1 - k) / 6 - .1 k .1753918  .0911436  .0994847  0   .0927

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
            "media.half_life": 1.0,
            "media.launch_gain": 0.4,
            "media.launch_half": 50.0,
            "media.threat_crowding": 0.0,
            "persuasion.rate": 2 / 3,
            "persuasion.organiser_half": 50.0,
            "persuasion.cooperative_floor": 0.5,
            "persuasion.decay": 0.1,
            "persuasion.commons_start": 0.0,
            "persuasion.literacy_start": 0.0,
            "participation.fatigue": 0.0,
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
    assert users.status.tolist() == [ORGANISER] * 4 + [EXITED]
    assert week["media"].tolist() == near(0, 0.2, 0.1, 0.05)
    assert users.commons_view.tolist() == near(0.0845833, 0.101, 0.2263333, 0.24125, 0.027)
    assert users.literacy.tolist() == near(0.1753918, 0.0911436, 0.0994847, 0, 0.0927)
    assert week["exited"].tolist() == [0, 0, 0.2, 0.2]
    assert week["revenue"].tolist() == near(1, 1, 1, 0.8)
    assert week["dissatisfied"][1:].tolist() == [0, 0.2, 0.2]  # user 3; who left is not counted
    assert week["governance_deficit"].tolist() == near(0.2, 0.2, 0.175, 0.1652778)
    assert week["pledged"].tolist() == near(0, 0, 0, 40)
    assert week["converted"].tolist() == [0, 0, 0, 1]
    assert np.array_equal(week["active"], [0, 1, 0.8, 0.8])


def test_the_dissatisfied_forget_the_peak_and_get_used_to_monetisation():
    """The price falls to a half in week 1 and stays there. Half of what was is forgotten each week.

    The price that today's is compared with is (1 + .5) / 2 = .75, then .625, then .5625. The
    price is a third, a fifth and a ninth below it; a quarter is usual, and half more full distress:
    X = (1/3 - 1/4) / .5 = 1/6, then 0.

    Monetisation goes at once to .3 + .6 X: .4, .3, .3. Users are used to half the way from .3 to
    that: .35, .325, .3125. So to .2 comes what is above, .05, or below, -.025 and -.0125, times
    the weight 2: they are dissatisfied by .3, .15, .175.

    Without forgetting, X stays at (1/2 - 1/4) / .5 = 1/2 and monetisation at .6; who is used to .3
    is dissatisfied by .2 + 2 x .3 = .8.
    """
    parameters = Parameters.from_dict(
        {
            **FIVE,
            "movement.origin": "never",
            "firm.drawdown_weight": 1.0,
            "firm.peak_forgetting": 0.5,
            "firm.responsiveness": 0.6,
            "firm.relaxation": 0.0,
            "firm.monetisation_speed": 1.0,
            "dissatisfaction.base": 0.2,
            "dissatisfaction.governance_weight": 0.0,
            "dissatisfaction.monetisation_weight": 2.0,
            "dissatisfaction.speed": 1.0,
            "dissatisfaction.habituation": 0.5,
        }
    )
    fallen = no_history(3)._replace(price=np.array([np.nan, 0.5, 0.5, 0.5]))
    week_0 = simulate_until(0, parameters, history=fallen)
    week_0.state.users.sensitivity[:] = 1
    week = finish(week_0).records
    assert week["distress"].tolist() == near(0, 1 / 6, 0, 0)
    assert week["monetisation"].tolist() == near(0.3, 0.4, 0.3, 0.3)
    assert week["dissatisfaction"][1:].tolist() == pytest.approx([0.3, 0.15, 0.175], abs=2e-4)

    former = {"firm.peak_forgetting": 0.0, "dissatisfaction.habituation": 0.0}
    week_0 = simulate_until(0, parameters.replace(former), history=fallen)
    week_0.state.users.sensitivity[:] = 1
    week = finish(week_0).records
    assert week["distress"].tolist() == near(0, 0.5, 0.5, 0.5)
    assert week["dissatisfaction"][1:].tolist() == pytest.approx([0.8] * 3, abs=2e-4)


def test_members_of_the_cooperative_may_stay():
    """The cooperative exists. Users 0 to 3 are dissatisfied by 1, bear .2 and leave for sure.

    All who know of cooperatives choose it: users 0, who organises, 1 and 2. User 3, who knows
    nothing, goes to a rival; user 4 is content. If members stay, users 0 to 2 remain what they are
    and are members: three of five. Otherwise they leave. Revenue follows who is present.

    In week 2 user 1 knows nothing of cooperatives any more and goes to a rival: a member no more.
    """
    parameters = Parameters.from_dict(
        {
            **FIVE,
            "horizon": 2,
            "movement.origin": "never",
            "dissatisfaction.speed": 0.0,
            "persuasion.decay": 0.0,
            "participation.fatigue": 0.0,
            "exit.leave_rate": 1.0,
            "exit.threshold": 0.2,
            "exit.voice": 0.0,
            "exit.softness": 0.01,
            "exit.cooperative_pull": 1.0,
            "exit.cooperative_stay": 1.0,
            "firm.arpu_gain": 0.0,
        }
    )

    def begin(parameters):
        week_0 = simulate_until(0, parameters, network=STRANGERS)
        state = week_0.state
        state.world["spin_off"] = 0
        state.world["organisers"] = 1
        state.users.status[0] = state.users.next_status[0] = ORGANISER
        state.users.dissatisfaction[:] = [1, 1, 1, 1, 0]
        state.users.dependence[:] = 0
        state.users.literacy[:] = [1, 1, 1, 0, 0]
        return week_0

    week_1 = go_on(begin(parameters), 1)
    users, week = week_1.state.users, week_1.state.weekly
    assert users.status.tolist() == [ORGANISER, BYSTANDER, BYSTANDER, EXITED, BYSTANDER]
    assert users.member.tolist() == [1, 1, 1, 0, 0]
    assert week["members"].tolist()[:2] == [0, 0.6]
    assert week["exited_coop"][1] == 0

    users.literacy[1] = 0
    week_2 = go_on(week_1, 2)
    assert week_2.state.users.status[1] == EXITED
    assert week_2.state.users.member.tolist() == [1, 0, 1, 0, 0]
    assert week_2.state.weekly["members"][2] == 0.4
    assert week_2.state.weekly["revenue"][2] == pytest.approx(0.8)

    former = begin(parameters.replace({"exit.cooperative_stay": 0.0}))
    users = go_on(former, 1).state.users
    assert users.status.tolist() == [EXITED_COOP] * 3 + [EXITED, BYSTANDER]
    assert not users.member.any()


@pytest.mark.parametrize(
    ("relative", "each", "efficacy", "deficit"),
    [
        (1.0, 10.0, [0, 0, 0.1], [0.2, 0.2, 0.18]),
        (1.0, 1000.0, [0, 0, 0.1], [0.2, 0.2, 0.18]),
        (0.0, 10.0, [0, 0, 0.5 / 1601], [0.2, 0.2, 0.2 * (1 - 0.5 / 1601)]),
        (0.0, 1000.0, [0, 0, 0.5 / 17], [0.2, 0.2, 0.2 * (1 - 0.5 / 17)]),
    ],
)
def test_the_movement_is_judged_by_its_share_or_by_its_number(relative, each, efficacy, deficit):
    """User 0 of five launches in week 1: 10 of 50 people, or 1,000 of 5,000.

    Size counts half at 16,000 of 20,000 people, which is the share .8: 40 of 50, 4,000 of 5,000.
    So a fifth of the people counts .2 / (.2 + .8) = .2. Efficacy weighs that by .3 and the growth,
    which is as much, by .2: .1. The board gives up half of that from a deficit of .2: .18. By the
    number, 10 count 10 / 16,010 = 1 / 1,601 and 1,000 count 1,000 / 17,000.
    """
    parameters = Parameters.from_dict(
        {
            **FIVE,
            "horizon": 2,
            "users.people_per_agent": each,
            "movement.organisers": each,
            "participation.fatigue": 0.0,
            "efficacy.opportunity_weight": 0.0,
            "efficacy.size_weight": 0.3,
            "efficacy.growth_weight": 0.2,
            "efficacy.half_saturation": 16_000.0,
            "efficacy.relative": relative,
            "firm.policy": "concede",
            "firm.concession": 0.5,
            "firm.concession_strength": 1.0,
            "firm.governance_speed": 1.0,
        }
    )
    week = finish(simulate_until(0, parameters, network=STRANGERS)).records
    assert week["efficacy"].tolist() == near(*efficacy)
    assert week["governance_deficit"].tolist() == near(*deficit)


@pytest.mark.parametrize(
    ("changes", "for_sale", "pledged", "converted", "closed", "cash"),
    [
        ({}, [0, 0, 0, 0], [0, 40, 0, 0], [0, 1, 1, 1], [0, 0, 0, 0], [0, -1, -2, -3]),
        (
            {"conversion.liquidation_share": 0.5, "firm.closure_chance": 1.0},
            [0, 1, 1, 0],
            [0, 40, 40, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 1],
            [0, -1, -2, -3],
        ),
        (
            {"conversion.liquidation_share": 0.5},
            [0, 1, 1, 0],
            [0, 40, 40, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [0, -1, -2, 0],
        ),
        (
            {"firm.insolvency_rate": 0.0},
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [0, -1, -2, -3],
        ),
    ],
    ids=["bought by its users", "closed", "sold to others", "creditors wait"],
)
def test_a_firm_without_cash_is_sold(changes, for_sale, pledged, converted, closed, cash):
    """All five organise from week 1 on. The firm earns 1 and spends 2 a week; its cash begins at 0.

    So creditors have it sold in week 1, for two weeks. Each user pledges 50 o / .5 with o as below,
    together 200, 40 each. Control costs 100 at the price of 1, and .4 of that, 40, in the sale:
    the users buy it in week 1, and the sale is over. At .5 of that they do not; in week 3 the
    service closes and all its users are gone, the member of a cooperative to the cooperative, or
    somebody else buys it and fills up its cash. Creditors who wait leave all as it is.
    """
    parameters = Parameters.from_dict(
        {
            **FIVE,
            "movement.organisers": 50.0,
            "users.ownership_mean": 0.5,
            "participation.fatigue": 0.0,
            "firm.cost_share": 2.0,
            "firm.cost_speed": 0.0,
            "firm.cash": 0.0,
            "firm.price_reversion": 0.0,
            "firm.arpu_gain": 0.0,
            "firm.insolvency_rate": 1.0,
            "conversion.control_price": 100.0,
            "conversion.liquidation_share": 0.4,
            "conversion.pledge_window": 2,
            "vote.organisers_needed": 1000.0,
            **changes,
        }
    )
    week_0 = simulate_until(0, parameters, network=STRANGERS)
    week_0.state.users.ownership[:] = [1, 0.5, 0.5, 0, 0]
    week_0.state.users.member[0] = 1
    week_0.state.world["members"] = 1
    run = finish(week_0)
    week, users = run.records, run.state.users
    assert week["for_sale"].tolist() == for_sale
    assert week["pledged"].tolist() == near(*pledged)
    assert week["converted"].tolist() == converted
    assert week["closed"].tolist() == closed
    assert week["cash"].tolist() == near(*cash)
    if closed[3]:
        assert users.status.tolist() == [EXITED_COOP] + [EXITED] * 4
        assert week["dropped"][3] == 1
        assert [week[name][3] for name in ("active", "aware", "dissatisfaction")] == [0, 0, 0]
    else:
        assert week["active"][3] == 1


CONDUCT = {
    **FIVE,
    "movement.organisers": 10.0,
    "participation.fatigue": 0.0,
    "firm.drawdown_weight": 1.0,
    "firm.responsiveness": 0.6,
    "firm.relaxation": 0.0,
    "firm.monetisation_speed": 1.0,
    "firm.governance_speed": 1.0,
    "firm.concession": 0.5,
    "dissatisfaction.base": 0.1,
    "dissatisfaction.monetisation_weight": 0.5,
    "dissatisfaction.governance_weight": 1.0,
    "dissatisfaction.speed": 1.0,
    "events.scandal_week": 1,
    "events.scandal_size": 1.0,
    "events.scandal_half_life": 1.0,
    "events.scandal_effect": 0.2,
    "media.scandal_gain": 0.0,
    "media.launch_gain": 2.0,
    "media.launch_half": 10.0,
    "media.event_gain": 0.3,
    "media.half_life": 1.0,
    "media.supporter_gain": 0.0,
    "media.threat_crowding": 0.0,
    "movement.petition_delay": 10,
    "vote.organisers_needed": 1000.0,
}
"""A firm whose conduct follows distress at once, a scandal, and a campaign that is heard."""


@pytest.mark.parametrize(
    ("yielding", "yielded", "monetisation", "deficit", "dissatisfaction", "attention"),
    [
        (1.0, [0, 0, 1, 1], [0.3, 0.6, 0.6, 0.3], [0.2, 0.2, 0.2, 0.1], 0.2, [0, 1, 0.8, 0.4]),
        (0.0, [0, 0, 0, 0], [0.3, 0.6, 0.6, 0.6], [0.2, 0.2, 0.2, 0.2], 0.5, [0, 1, 0.5, 0.25]),
    ],
)
def test_a_firm_that_yields_takes_back_what_angered_users(
    yielding, yielded, monetisation, deficit, dissatisfaction, attention
):
    """The price falls to a half in week 1: X = .5, monetisation .3 + .6 x .5 = .6.

    A scandal is 1 in week 1 and halves. Ten people launch in week 1, as many as draw half of the
    attention of 2: it is 1, and halves. In week 2 the firm yields for sure, for attention is
    full: that is news of .3. From week 3 on
    monetisation is .3 again, the governance deficit .2 x (1 - .5), and the scandal counts no more.

    Dissatisfaction is .1 + .5 (m - .3) + B + .2 Z: .65 and .55 in weeks 1 and 2. In week 3 it is
    .1 + .1 if the firm has yielded, else .1 + .15 + .2 + .05.
    """
    parameters = Parameters.from_dict({**CONDUCT, "firm.yielding": yielding})
    fallen = no_history(3)._replace(price=np.array([np.nan, 0.5, 0.5, 0.5]))
    week_0 = simulate_until(0, parameters, history=fallen, network=STRANGERS)
    week_0.state.users.sensitivity[:] = 1
    run = finish(week_0)
    week = run.records
    assert week["media"].tolist() == near(*attention)
    assert week["yielded"].tolist() == yielded
    assert week["monetisation"].tolist() == near(*monetisation)
    assert week["governance_deficit"].tolist() == near(*deficit)
    assert week["dissatisfaction"][1:].tolist() == pytest.approx(
        [0.65, 0.55, dissatisfaction], abs=2e-4
    )
    assert run.outcome.yielded is bool(yielded[3])


@pytest.mark.parametrize(
    ("changes", "yielded"),
    [
        ({}, [0, 1, 1, 1]),
        ({"launched": -1}, [0, 0, 0, 0]),
        ({"organisers": 0}, [0, 0, 0, 0]),
        ({"converted": 0}, [0, 0, 0, 0]),
    ],
    ids=["a campaign", "not launched", "nobody organises", "converted"],
)
def test_a_firm_yields_only_to_a_campaign(changes, yielded):
    parameters = Parameters.from_dict(
        {**CONDUCT, "movement.origin": "never", "firm.yielding": 1.0, "media.half_life": 1e9}
    )
    week_0 = simulate_until(0, parameters, network=STRANGERS)
    state = week_0.state
    for name, value in ({"launched": 0, "organisers": 1, "media": 2.0} | changes).items():
        state.world[name] = value
    state.users.status[0] = state.users.next_status[0] = ORGANISER
    assert finish(week_0).records["yielded"].tolist() == yielded


def test_a_firm_that_yielded_asks_for_no_more_than_before():
    """Revenue rises by a tenth: g = .5 tanh(2 ln 1.1 / .5) = .1819.

    Monetisation aims at .3 - g / 2. That is below .3 and stands. The users own the firm, so its
    governance deficit goes to 0.
    """
    parameters = Parameters.from_dict(
        {**CONDUCT, "movement.origin": "never", "firm.relaxation": 0.5}
    )
    risen = no_history(3)._replace(revenue=np.array([np.nan, 1.1, 1.1, 1.1]))
    week_0 = simulate_until(0, parameters, history=risen, network=STRANGERS)
    week_0.state.world["yielded"] = week_0.state.world["converted"] = 0
    week = finish(week_0).records
    assert week["monetisation"][1:].tolist() == near(*[0.20905388] * 3)
    assert week["governance_deficit"][1:].tolist() == [0, 0, 0]


def test_nobody_comes_back_to_a_service_that_closed():
    parameters = Parameters.from_dict(
        {**FIVE, "movement.origin": "never", "exit.return_rate": 1.0, "exit.softness": 0.01}
    )
    for closed, gone in ((-1, 0), (0, 0.8)):
        week_0 = simulate_until(0, parameters, network=STRANGERS)
        state = week_0.state
        state.users.status[1:] = state.users.next_status[1:] = EXITED
        state.users.dependence[:] = 1
        state.world["exited"] = 4
        state.world["closed"] = closed
        assert finish(week_0).records["exited"].tolist()[1:] == [gone] * 3


@pytest.mark.parametrize(
    ("changes", "founded", "exited"),
    [
        ({}, -1, [0, 0.4, 0.4, 0.4]),
        ({"exit.rival_week": 2, "exit.rival_quality": 0.2}, -1, [0, 0.4, 0.6, 0.6]),
        ({"exit.cooperative_quality": 0.3}, -1, [0, 0.4, 0.4, 0.4]),
        ({"exit.cooperative_quality": 0.3}, 0, [0, 0.8, 0.8, 0.8]),
        (
            {
                "exit.rival_week": 2,
                "exit.rival_quality": 0.2,
                "exit.cooperative_quality": 0.3,
            },
            0,
            [0, 0.8, 0.8, 0.8],
        ),
    ],
    ids=["nothing better", "a rival", "no cooperative yet", "a cooperative", "both"],
)
def test_who_leaves_depends_on_where_one_could_go(changes, founded, exited):
    """Users who depend on nothing bear .5, and are dissatisfied by .1, .25, .4, .6 and .9.

    So users 3 and 4 leave. Where a rival can be had that is better by .2 they bear .3 and user 2
    leaves too, from week 2 on; where there is a cooperative that is better by .3, they bear .2 and
    user 1 leaves too. Of two places the better one counts.
    """
    parameters = Parameters.from_dict(
        {
            **FIVE,
            "movement.origin": "never",
            "dissatisfaction.speed": 0.0,
            "exit.leave_rate": 1.0,
            "exit.threshold": 0.5,
            "exit.softness": 0.01,
            "exit.cooperative_pull": 0.0,
            "persuasion.remedy_exit": 0.0,
            **changes,
        }
    )
    week_0 = simulate_until(0, parameters, network=STRANGERS)
    week_0.state.users.dissatisfaction[:] = [0.1, 0.25, 0.4, 0.6, 0.9]
    week_0.state.users.dependence[:] = 0
    week_0.state.world["spin_off"] = founded
    assert finish(week_0).records["exited"].tolist() == exited
