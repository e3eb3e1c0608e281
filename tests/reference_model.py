"""The model once more, as plain Mesa: an object for every user, loops, one rule after another.

It is the oracle of `sim` and its didactic version. Nothing is compiled and nothing is held in
arrays: a `Person` knows its friends, an `Owner` holds stock, the `Firm` and the `Movement` are
agents like the others, and `ReferenceModel.step` is a week. Luck is shared with `sim.randomness`,
where a draw depends on (seed, stream, week, agent) alone; therefore both give the same trajectory.

Persons compute in single precision, like their compiled counterparts, and in the same order of
operations; everybody else in double precision. Letters in brackets are those of the equations.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from dataclasses import dataclass, fields
from enum import IntEnum
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from sim import network as networks
from sim.compiled import exponential, f32
from sim.history import History, no_history
from sim.network import Network
from sim.parameters import Framing, Origin, Parameters, Policy, Regime, Topology
from sim.population import beta_table, gamma_table, normal_table
from sim.randomness import (
    Stream,
    binomial,
    half_word,
    high16,
    high24,
    high_share,
    key,
    low8,
    low16,
    low_share,
    middle_share,
    normal,
    uniform,
    word,
)

logging.getLogger("MESA").setLevel("WARNING")  # Mesa logs every step otherwise

QUARTER, HALF_YEAR, YEAR = 13, 26, 52  # weeks
MONTH = 4  # weeks over which people see a movement grow
RUNWAY = 104  # weeks of cash that reassure
ACTS_WITHIN = 8  # weeks in which acts count together
DAYS = 7  # rounds in which news travels within a week
BARRED = 3 * YEAR  # weeks without a proposal after too little support
READY = 2**19  # readiness is summed in whole units of 1/READY
UNITS = 4096  # sums over users are taken in whole units of 1/4096
NEVER = -1
ZERO, HALF, ONE = f32(0), f32(0.5), f32(1)


class Status(IntEnum):
    BYSTANDER = 0
    SUPPORTER = 1
    ORGANISER = 2
    EXITED = 3
    EXITED_COOP = 4


ACTIVE = Status.SUPPORTER, Status.ORGANISER
GONE = Status.EXITED, Status.EXITED_COOP


class Kind(IntEnum):
    INSTITUTION = 0
    RETAIL = 1
    ETHICAL = 2


class Remedy(IntEnum):
    OWNERSHIP = 0
    REGULATION = 1
    LEAVING = 2


def between(low: Any, value: Any, high: Any) -> Any:
    return low if value < low else high if value > high else value


def bounded(value: float) -> float:
    return between(0.0, value, 1.0)


def saturating(amount: float, half: float) -> float:
    """Return 0 for nothing, one half at ``half``, and never quite 1."""
    return amount / (amount + half)


def fading(week: int, start: int, half_life: float) -> float:
    """Return the rest of what began at full strength in week ``start``."""
    if start == NEVER or week < start:
        return 0.0
    return math.exp2(-(week - start) / half_life)


def building_up(week: int, start: int, ramp: int, half_life: float) -> float:
    """Return the strength of what takes ``ramp`` weeks to reach 1 and then fades."""
    if start == NEVER or week < start:
        return 0.0
    weeks_in_force = week - start + 1
    ramp = max(ramp, 1)
    if weeks_in_force <= ramp:
        return weeks_in_force / ramp
    return math.exp2(-(weeks_in_force - ramp) / half_life)


def whole_units(value: np.float32) -> int:
    return int(value * f32(UNITS) + HALF)


def looked_up(table: np.ndarray, share: np.float32) -> np.float32:
    """Return a quantile: the table's entries are equidistant, between them a straight line."""
    steps = share * f32(len(table) - 1)
    below = int(steps)
    return table[below] + (steps - f32(below)) * (table[below + 1] - table[below])


def in_single_precision(parameters: Parameters) -> SimpleNamespace:
    """Return the parameters by group, their numbers rounded to single precision."""
    return SimpleNamespace(
        **{
            group.name: SimpleNamespace(
                **{
                    name: f32(value) if isinstance(value, float) else value
                    for name, value in vars(getattr(parameters, group.name)).items()
                }
            )
            for group in fields(parameters)
            if group.name != "horizon"
        }
    )


@dataclass
class News:
    """What every person meets this week."""

    hearing: np.uint64  # key of the draws on mood and hearing
    taking_part: np.uint64
    leaving: np.uint64
    answering: np.uint64  # key of the draws on what to do when called, and on the cooperative
    campaigning: bool
    petition_open: bool
    spontaneous: bool  # nobody launched yet, and people may act on their own
    causes: np.float32  # of dissatisfaction
    reach: np.float32  # chance that the campaign reaches somebody
    commons_push: np.float32
    cooperative_push: np.float32
    value_gap: np.float32
    threat: np.float32
    closure: np.float32
    efficacy: np.float32
    weariness: np.float32  # rate of dropping out added by weeks without news
    signing: np.float32  # factor of the odds against, for a lower cost
    organising: np.float32  # likewise, for a higher one
    cooperative: np.float32  # pull of the cooperative on leavers
    patience: np.float32  # dissatisfaction borne without dependence, given where one could go
    return_rate: np.float32  # 0 to a service that closed
    membership: np.float32  # the part of this pull that makes members who stay
    literacy_top: np.float32


class Person(mesa.Agent):
    """A user of the platform."""

    def __init__(self, model: ReferenceModel, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.friends: list[Person] = []
        self.status = Status.BYSTANDER
        self.plan = Status.BYSTANDER
        self.first_tie = 0
        self.fresh = False
        self.called = False
        self.weeks_active = 0
        self.readiness = ZERO
        self.aware = False
        self.signed = False
        self.member = False  # of the cooperative, and still here
        self.expected: np.float32 | None = None
        self.margin = math.inf  # of this week's closest decision
        self.draw_traits()

    def draw_traits(self) -> None:
        """Draw who the person is, and start from the views that go with it."""
        p, i = self.model.p, self.index
        luck = [self.model.bits(Stream.USER_TRAITS, j, i) for j in range(3)]
        self.dependence = looked_up(
            beta_table(p.users.dependence_mean, 5.0), f32(high_share(luck[0]))
        )
        self.sensitivity = f32(2) * looked_up(beta_table(0.5, 4.0), f32(middle_share(luck[0])))
        asks, others = f32(low_share(luck[0])), f32(p.persuasion.remedy_share)
        self.remedy = Remedy.OWNERSHIP
        if asks < others:
            self.remedy = Remedy.LEAVING if asks < HALF * others else Remedy.REGULATION
        self.threat_sensitivity = looked_up(
            beta_table(p.users.threat_sensitivity_mean, 4.0), f32(high_share(luck[1]))
        )
        self.ownership = looked_up(
            beta_table(p.users.ownership_mean, 4.0), f32(middle_share(luck[1]))
        )
        self.cost = f32(p.participation.cost_mean) + f32(p.participation.cost_sd) * looked_up(
            normal_table(), f32(high_share(luck[2]))
        )
        goals = self.model.bits(Stream.USER_GOALS, 0, i), self.model.bits(Stream.USER_GOALS, 1, i)
        weights = [
            looked_up(gamma_table(p.users.goal_concentration), f32(share))
            for share in (high_share(goals[0]), middle_share(goals[0]), high_share(goals[1]))
        ]
        total = weights[0] + weights[1] + weights[2]
        self.goals = [weight / total for weight in weights]
        other_goals = 1.0 - float(weights[0] / total)
        self.wear = f32(1.0 - p.participation.goal_patience * other_goals)
        self.commons_view = self.commons_start
        self.literacy = self.literacy_start
        self.dissatisfaction = ZERO

    @property
    def commons_start(self) -> np.float32:
        """The more a user depends on the service, the more it looks like a commons (q)."""
        scale = self.model.p.persuasion.commons_start / self.model.p.users.dependence_mean
        return min(f32(scale) * self.dependence, ONE)

    @property
    def literacy_start(self) -> np.float32:
        """Those who prefer democratic ownership know more of cooperatives (k)."""
        scale = self.model.p.persuasion.literacy_start / self.model.p.users.ownership_mean
        return min(f32(scale) * self.ownership, ONE)

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def gone(self) -> bool:
        return self.status in GONE

    @property
    def active_friends(self) -> int:
        return sum([friend.active for friend in self.friends])

    @property
    def gone_friends(self) -> int:
        return sum([friend.gone for friend in self.friends])

    @property
    def friend_share(self) -> np.float32:
        """What one friend is of all friends."""
        return ONE / f32(len(self.friends)) if self.friends else ZERO

    def happens(self, draw: np.float32, chance: np.float32) -> bool:
        """Decide by luck, and remember how close it was."""
        self.margin = min(self.margin, abs(float(draw) - float(chance)))
        return bool(draw < chance)

    def decide(self, news: News) -> None:
        """Live a week: views change at once, the status decided is only a plan."""
        hearing, taking_part, leaving, answering = (
            half_word(stream, self.index)
            for stream in (news.hearing, news.taking_part, news.leaving, news.answering)
        )
        self.margin = math.inf
        self.be_dissatisfied(news, f32(low8(hearing)))
        self.hear(news, f32(high24(hearing)), f32(low8(taking_part)))
        self.be_persuaded(news)
        utility = self.weigh(news)
        self.plan = self.take_part(news, utility, f32(high24(taking_part)), f32(high16(answering)))
        self.prepare(news, utility)
        self.leave_or_return(news, f32(high24(leaving)), f32(low16(answering)))

    def be_dissatisfied(self, news: News, draw: np.float32) -> None:
        """Dissatisfaction (D) nears its causes times the person's sensitivity, and fluctuates."""
        q = self.model.single.dissatisfaction
        target = min(ONE, self.sensitivity * news.causes)
        adjusted = self.dissatisfaction + q.speed * (target - self.dissatisfaction)
        fluctuation = q.noise * (f32(math.sqrt(12.0)) * (draw - HALF))
        self.dissatisfaction = between(ZERO, adjusted + fluctuation, ONE)

    def hear(self, news: News, draw: np.float32, novelty: np.float32) -> None:
        """Be reached by the campaign, and consider its call or not; otherwise perhaps forget it."""
        reached = not self.gone and self.happens(draw, news.reach)
        self.called = reached and self.considers(novelty)
        if reached:
            self.model.happened["heard"] += not self.aware
            self.aware = True
        elif self.aware and not self.active and self.forgets(ONE - draw):
            self.aware = False
            self.model.happened["forgotten"] += 1

    def forgets(self, draw: np.float32) -> bool:
        return self.happens(draw, self.model.single.awareness.forgetting)

    def considers(self, novelty: np.float32) -> bool:
        """A call is considered when it is heard first, and later only if it still is a novelty."""
        return not self.aware or self.happens(novelty, self.model.single.awareness.novelty_left)

    def be_persuaded(self, news: News) -> None:
        """Two messages reach the aware who are present; both views drift back to their start."""
        q = self.model.single.persuasion
        reached = self.aware and not self.gone
        push = news.commons_push if reached else ZERO
        evidence = max(news.value_gap, self.threat_sensitivity * news.threat)
        force = q.commons_base + (ONE - q.commons_base) * evidence
        gain = push * self.dependence * force * (ONE - self.commons_view)
        loss = q.decay * (self.commons_view - self.commons_start)
        self.commons_view = (self.commons_view + gain) - loss

        push = news.cooperative_push if reached else ZERO
        force = q.cooperative_floor + (ONE - q.cooperative_floor) * self.commons_view
        gain = push * self.ownership * force * (ONE - self.literacy)
        loss = q.decay * (self.literacy - self.literacy_start)
        self.literacy = (self.literacy + gain) - loss

    @property
    def resonance(self) -> np.float32:
        """How the call for a cooperative resonates (r); some want regulation or a rival instead."""
        weight = self.model.single.persuasion.literacy_weight
        commons = self.commons_view if self.remedy is Remedy.OWNERSHIP else ZERO
        return (ONE - weight) * commons + weight * self.literacy

    def weigh(self, news: News) -> np.float32:
        """Return the utility of taking part (U): grievances, efficacy and friends against cost."""
        q = self.model.single.participation
        active_friends = f32(self.active_friends)
        grievance = q.dissatisfaction_weight * self.dissatisfaction
        grievance = grievance + q.threat_weight * (self.threat_sensitivity * news.threat)
        grievance = grievance + q.resonance_weight * self.resonance
        grievance = grievance + q.closure_weight * (self.dependence * news.closure)
        motive = grievance * ((ONE - q.interaction) + q.interaction * news.efficacy)
        motive = motive + q.efficacy_weight * news.efficacy
        motive = motive + q.peer_weight * (
            active_friends / (active_friends + q.peer_half_saturation)
        )
        return q.steepness * (motive - self.cost)

    def follows(
        self, utility: np.float32, factor: np.float32, share: np.float32, draw: np.float32
    ) -> bool:
        """Follow a call: chance share / (1 + odds against), the odds changed by the cost."""
        against = f32(exponential(-utility)) * factor
        return self.happens(draw * (ONE + against), share)

    def take_part(
        self, news: News, utility: np.float32, draw: np.float32, answer: np.float32
    ) -> Status:
        """Return what the person would be if nobody left; sign."""
        q = self.model.single.participation
        called = self.called and news.campaigning
        if called or self.active:
            self.sign(news, utility, answer)
        plan = self.status
        if self.active:
            self.weeks_active += 1
            against = f32(exponential(-utility))  # the odds: sigma(U) = 1 / (1 + against)
            rate = q.drop_rate + news.weariness * self.wear
            unwilling = rate * against + q.burnout * (ONE + against)
            slowed = q.persistence if self.status is Status.ORGANISER else ONE
            if self.happens(draw * (ONE + against), unwilling * slowed):
                plan = Status.BYSTANDER
                self.model.happened["dropped"] += 1
        if called:
            plan = self.answer_call(news, utility, answer, plan)
        return plan

    def answer_call(
        self, news: News, utility: np.float32, answer: np.float32, plan: Status
    ) -> Status:
        """Return the plan after a call that is considered: one motive, one draw, rising costs."""
        available = self.model.single.participation.available
        if self.status is Status.BYSTANDER and self.follows(utility, ONE, ONE, answer):
            plan = Status.SUPPORTER
            self.fresh = True
        if self.status in (Status.BYSTANDER, Status.SUPPORTER) and self.follows(
            utility, news.organising, available, answer
        ):
            plan = Status.ORGANISER
            self.fresh = True
        return plan

    def sign(self, news: News, utility: np.float32, answer: np.float32) -> None:
        if (
            news.petition_open
            and not self.signed
            and self.follows(utility, news.signing, ONE, answer)
        ):
            self.signed = self.fresh = True

    def prepare(self, news: News, utility: np.float32) -> None:
        """Before a launch, be more or less ready to act on one's own."""
        self.readiness = ZERO
        if news.spontaneous and not self.gone and not self.literacy < news.literacy_top:
            self.readiness = ONE / (ONE + f32(exponential(-utility)) * news.organising)

    def hear_from_friend(self, news: News, slot: int) -> None:
        """Consider what a friend tells; the answer is carried out when all have answered."""
        model = self.model
        luck = model.bits(Stream.CONSIDERING, slot, self.index)
        considers = self.considers(f32(high_share(luck)))
        model.happened["heard from a friend"] += not self.aware
        self.aware = True
        self.plan = self.status
        if considers:
            answer, utility = f32(middle_share(luck)), self.weigh(news)
            self.plan = self.answer_call(news, utility, answer, self.status)
            self.sign(news, utility, answer)

    def leave_or_return(self, news: News, draw: np.float32, second_draw: np.float32) -> None:
        """Change the plan to leaving, or to coming back (Hirschman 1970)."""
        q = self.model.single.exit
        trouble = self.dissatisfaction
        if self.remedy is Remedy.LEAVING:
            trouble = trouble + self.model.single.persuasion.remedy_exit * self.commons_view
        emptied = f32(self.gone_friends) * self.friend_share
        borne = self.dependence * (ONE - q.neighbour_loss * emptied)
        margin = trouble - news.patience - borne - (q.voice if self.active else ZERO)
        inclination = f32(1.0 / self.model.p.exit.softness) * margin
        against = f32(exponential(-inclination))  # the odds
        scaled = draw * (ONE + against)
        if self.gone:
            comes_back = self.happens(scaled, news.return_rate * against)
            self.plan = Status.BYSTANDER if comes_back else self.status
        elif self.happens(scaled, q.leave_rate):
            to_cooperative = self.happens(second_draw, news.cooperative * self.literacy)
            self.plan = Status.EXITED_COOP if to_cooperative else Status.EXITED
            if to_cooperative and self.happens(second_draw, news.membership * self.literacy):
                self.plan = self.status
                self.model.happened["joined and stayed"] += not self.member
                self.member = True
        if self.plan in GONE:
            self.member = False

    def become(self, status: Status) -> None:
        self.status = self.plan = status


class Owner(mesa.Agent):
    """A shareholder."""

    def __init__(self, model: ReferenceModel, index: int) -> None:
        super().__init__(model)
        p = model.p.shareholders
        self.index = index
        draw = self.luck(1)
        self.kind = Kind.RETAIL
        retail = 1.0 - p.institutional_share - p.ethical_share
        if draw < p.institutional_share:
            self.kind = Kind.INSTITUTION
        elif draw >= p.institutional_share + retail:
            self.kind = Kind.ETHICAL
        if index < len(Kind):  # nobody is missing
            self.kind = Kind(index)
        self.holding = self.luck(0) ** (-1.0 / p.tail)  # Pareto; brought to scale later
        self.person: Person | None = None
        if self.kind is not Kind.INSTITUTION and self.luck(2) < p.user_share:
            self.person = model.people[int(self.luck(3) * len(model.people))]
        self.speed = p.trust_speed * (0.5 + self.luck(4))
        self.trust = p.trust_start

    def luck(self, purpose: int) -> float:
        return uniform(self.model.luck_seed, int(Stream.HOLDERS), purpose, self.index)

    def reconsider(self, warranted: float, others: float, shock: float) -> None:
        """Move trust (T) towards what returns warrant and what the others trust."""
        imitation = self.model.p.shareholders.imitation
        aim = (1.0 - imitation) * warranted + imitation * others
        self.trust = bounded(self.trust + self.speed * (aim - self.trust) - shock)

    @property
    def for_sale(self) -> float:
        p = self.model.p.shareholders
        return self.holding * p.selling_rate * max(p.trust_start - self.trust, 0.0)

    @property
    def wanted(self) -> float:
        return self.holding * self.trust

    @property
    def class_vote(self) -> tuple[float, float, float]:
        """Turnout, inclination towards proposals, weight of the board's advice."""
        p = self.model.p.vote
        return {
            Kind.INSTITUTION: (
                p.turnout_institutional,
                p.inclination_institutional,
                p.board_institutional,
            ),
            Kind.RETAIL: (p.turnout_retail, p.inclination_retail, p.board_retail),
            Kind.ETHICAL: (p.turnout_ethical, p.inclination_ethical, p.board_ethical),
        }[self.kind]

    def approval(self, heard: float) -> float:
        """Return the fraction of the holding that votes for the proposal."""
        p = self.model.p
        _, inclination, advice = self.class_vote
        if self.person is not None:
            heard = float(self.person.resonance) if self.person.aware else 0.0
        lost_trust = p.shareholders.trust_start - self.trust
        logit = inclination + p.vote.trust_effect * lost_trust + p.vote.resonance_effect * heard
        if p.firm.policy is Policy.CONCEDE:
            advice = 0.0
        logit = logit - advice + self.model.normal(Stream.BALLOT, self.index)
        return 1.0 / (1.0 + math.exp(-logit))

    @property
    def may_file(self) -> bool:
        owns_enough = self.holding >= self.model.p.vote.minimum_holding
        for_it = self.kind is Kind.ETHICAL or (self.person is not None and self.person.active)
        return owns_enough and for_it


class Firm(mesa.Agent):
    """The platform firm."""

    def __init__(self, model: ReferenceModel) -> None:
        super().__init__(model)
        p = model.p.firm
        self.demand = self.revenue = self.price = self.peak_price = 1.0
        self.log_price = 0.0
        self.cost = p.cost_share
        self.net_income = 1.0 - p.cost_share
        if not math.isnan(model.history.margin[0]):
            self.net_income = float(model.history.margin[0])
        self.cash = p.cash
        self.distress = 0.0
        self.monetisation = self.usual_monetisation = p.monetisation_start
        self.governance_deficit = p.governance_start
        self.value_gap = 0.0
        self.user_value = self.user_value_start = 0.0
        self.yielded = self.for_sale = self.closed = NEVER

    @property
    def monetisation_rise(self) -> float:
        return self.monetisation - self.model.p.firm.monetisation_start

    @property
    def growth(self) -> float:
        """Growth of revenue over half a year, as a yearly figure that cannot exceed a cap (g)."""
        before = self.model.past(HALF_YEAR)["revenue"]
        change = math.log(max(self.revenue, 1e-9)) - math.log(max(before, 1e-9))
        cap = self.model.p.firm.growth_cap
        return cap * math.tanh(2.0 * change / cap)

    def do_business(self) -> None:
        """Demand, revenue, cost and cash; a case may know revenue and margin."""
        model, p = self.model, self.model.p.firm
        weeks_of_decline = model.week - p.decline_start
        declining = 0 <= weeks_of_decline < p.decline_duration
        luck = p.demand_noise * model.normal(Stream.DEMAND)
        drift = p.decline_rate if declining else 0.0
        self.demand = max(self.demand * math.exp(-drift + luck), 2e-9)
        staying = 1.0 - sum(person.gone for person in model.people) / len(model.people)
        self.revenue = self.demand * staying * (1.0 + p.arpu_gain * self.monetisation_rise)
        if model.known("revenue"):
            self.revenue = model.recorded("revenue")
        self.cost += p.cost_speed * (p.cost_share * self.revenue - self.cost)
        if model.known("margin"):
            result = self.net_income = model.recorded("margin") * self.revenue
        else:
            result = self.revenue - self.cost
            self.net_income += (result - self.net_income) / QUARTER
        self.cash += result

    def be_priced(self) -> None:
        """The price nears what revenue, growth and trust warrant; rumours come on top (P)."""
        model, p, events = self.model, self.model.p.firm, self.model.p.events
        trust = model.trust - model.p.shareholders.trust_start
        warranted = math.log(max(self.revenue, 1e-9))
        warranted = warranted + p.growth_weight * self.growth + p.trust_weight * trust
        warranted = warranted + (model.market - model.market_return)
        shocks = model.market_return + p.price_noise * model.normal(Stream.PRICE)
        shocks = shocks - model.p.shareholders.selling_pressure * model.sold
        moved = self.log_price + p.price_reversion * (warranted - self.log_price) + shocks
        self.log_price = between(-20.0, moved, 20.0)
        self.price = math.exp(
            self.log_price
            + events.takeover_premium * model.takeover
            - events.closure_discount * model.closure
        )
        if model.known("price"):
            self.price = model.recorded("price")
            self.log_price = (
                math.log(self.price)
                - events.takeover_premium * model.takeover
                + events.closure_discount * model.closure
            )
        forgotten = p.peak_forgetting * (self.price - self.peak_price)
        self.peak_price = max(self.peak_price + forgotten, self.price)

    def be_in_distress(self) -> None:
        """Distress (X): the price far below its peak, or a loss-maker's cash running out."""
        weight = self.model.p.firm.drawdown_weight
        fallen = bounded(((1.0 - self.price / self.peak_price) - 0.25) / 0.5)
        short = 0.0
        if self.net_income < 0.0:
            weeks_left = max(self.cash, 0.0) / -self.net_income
            short = bounded(1.0 - weeks_left / RUNWAY)
        self.distress = weight * fallen + (1.0 - weight) * short

    def manage(self) -> None:
        """Monetisation answers to distress and growth, governance to the movement."""
        model, p = self.model, self.model.p.firm
        aim = p.monetisation_start + p.responsiveness * self.distress
        aim = bounded(aim - p.relaxation * max(self.growth, 0.0))
        self.monetisation += p.monetisation_speed * (aim - self.monetisation)
        if self.yielded != NEVER and self.monetisation_rise > 0:
            self.monetisation = p.monetisation_start
        unusual = self.monetisation - self.usual_monetisation
        self.usual_monetisation += model.p.dissatisfaction.habituation * unusual

        strength = saturating(model.people_active, model.many)
        aim = p.governance_start
        if model.movement.converted != NEVER:
            aim = 0.0
        elif p.policy is Policy.CONCEDE:
            aim = p.governance_start * (1.0 - p.concession * strength)
        elif p.policy is Policy.RESIST:
            aim = p.governance_start + p.resistance * strength * (1.0 - p.governance_start)
        self.governance_deficit += p.governance_speed * (aim - self.governance_deficit)
        if self.yielded != NEVER and model.movement.converted == NEVER:
            self.governance_deficit = p.governance_start * (1.0 - p.concession)

    def be_valued(self) -> None:
        """Compare what the service is worth to users with its price (G)."""
        self.user_value = self.model.service_value
        relative = self.user_value / self.user_value_start
        self.value_gap = 1.0 - self.price / relative if relative > self.price else 0.0

    def yield_to_voice(self) -> None:
        """Give in to a campaign that has attention: at once, and for good."""
        model, movement = self.model, self.model.movement
        chance = model.p.firm.yielding * min(movement.media, 1.0)
        luck = uniform(model.luck_seed, int(Stream.YIELDING), model.week, 0)
        if movement.campaigning and self.yielded == NEVER and luck < chance:
            self.yielded = model.week
            movement.make_news(model.p.media.event_gain)
            model.happened["yielded"] += 1

    def face_creditors(self) -> None:
        """Without cash the firm is up for sale; in the end somebody else buys it or it closes."""
        model, p = self.model, self.model.p
        if model.movement.converted != NEVER or self.closed != NEVER:
            return
        lucks = [uniform(model.luck_seed, int(Stream.CREDITORS), model.week, k) for k in (0, 1)]
        if self.for_sale == NEVER:
            if self.cash < 0.0 and lucks[0] < p.firm.insolvency_rate:
                self.for_sale = model.week
                model.happened["for sale"] += 1
        elif model.week - self.for_sale >= p.conversion.pledge_window:
            self.for_sale = NEVER
            if lucks[1] < p.firm.closure_chance:
                self.close()
            else:
                self.cash = p.firm.cash
                model.happened["sold to others"] += 1

    def close(self) -> None:
        model = self.model
        self.closed = model.week
        model.happened["closed"] += 1
        for person in model.people:
            if not person.gone:
                model.dropped += person.active
                person.become(Status.EXITED_COOP if person.member else Status.EXITED)
                person.member = False
        model.service_value = model.heard = 0.0


class Movement(mesa.Agent):
    """The movement, from the launch it may never see to the conversion it may never reach."""

    def __init__(self, model: ReferenceModel) -> None:
        super().__init__(model)
        self.launched = self.filed = self.study_start = self.converted = self.spin_off = NEVER
        self.petition = NEVER
        self.news_week = self.filed_week = self.admitted = 0
        self.luck = self.acts = self.acting = self.broker_nonvotes = 0.0
        self.turnout = -1.0
        self.launch_organisers = 0
        self.submissions = self.barred_until = 0
        self.support: float | None = None
        self.best_support = 0.0
        self.recognised = False
        self.media = 0.0
        self.efficacy = 0.0
        self.pledged = 0.0

    @property
    def members(self) -> list[Person]:
        return [person for person in self.model.people if person.active]

    @property
    def organisers(self) -> list[Person]:
        return [person for person in self.model.people if person.status is Status.ORGANISER]

    @property
    def campaigning(self) -> bool:
        return self.launched != NEVER and bool(self.organisers) and self.converted == NEVER

    @property
    def commons_share(self) -> float:
        """Share of the messages that argue for the service as a commons (phi)."""
        plan = self.model.p.movement
        first_stage = self.model.week - self.launched < plan.second_stage_weeks
        return {
            Framing.COMMONS: 1.0,
            Framing.COOPERATIVE: 0.0,
            Framing.MIXED: 0.5,
            Framing.TWO_STAGE: 1.0 if first_stage else 0.5,
            Framing.REVERSED: 0.0 if first_stage else 0.5,
        }[plan.framing]

    def appraise(self) -> None:
        """Efficacy (E): an opportunity, numbers, and growth of numbers; trust is not in it."""
        model, p = self.model, self.model.p.efficacy
        distress = model.firm.distress
        opportunity = distress * (1.0 - p.hopelessness * distress)
        people = model.people_active
        before = model.past(1 + MONTH)["active"] * len(model.people) * model.people_per_agent
        growth = max(people - before, 0.0) / (people + model.many)
        self.efficacy = min(
            p.opportunity_weight * opportunity
            + p.size_weight * saturating(people, model.many)
            + p.growth_weight * growth,
            1.0,
        )

    def make_news(self, attention: float) -> None:
        """Draw attention, and give those who take part new strength."""
        self.acts += attention
        self.news_week = self.model.week

    def launch(self) -> None:
        """Begin when planned, or when enough people act on their own."""
        model, plan = self.model, self.model.p.movement
        if self.launched != NEVER:
            return
        people = 0.0
        if plan.origin is Origin.GIVEN and model.week == plan.launch_week:
            people = plan.organisers
            model.happened["given launch"] += 1
        elif plan.origin is Origin.ENDOGENOUS:
            acting = self.acting
            for row in model.table[max(model.week - ACTS_WITHIN + 1, 0) : model.week]:
                acting += row["acting"]
            if acting >= plan.acts_to_launch:
                people = acting
                model.happened["endogenous launch"] += 1
        present = [person for person in model.people if not person.gone]
        if people == 0.0 or not present:
            return
        luck = uniform(model.luck_seed, int(Stream.CAMPAIGN), 1, 0)
        wanted = max(math.floor(people / model.people_per_agent + luck), 1)
        founders = sorted(present, key=lambda person: -person.literacy)[:wanted]
        for person in founders:
            person.aware = person.fresh = True
            person.expected = f32(self.efficacy)
            person.become(Status.ORGANISER)
        self.launch_organisers = len(founders)
        self.launched = model.week
        media = model.p.media
        self.luck = math.exp(media.luck * normal(model.luck_seed, int(Stream.CAMPAIGN), 0, 0))
        self.make_news(media.launch_gain * saturating(people, media.launch_half))

    def open_petition(self) -> None:
        delay = self.model.p.movement.petition_delay
        ready = self.campaigning and self.model.week - self.launched >= delay
        if ready and self.petition == NEVER:
            self.petition = self.model.week
            self.make_news(self.model.p.media.event_gain)
            self.model.happened["petition"] += 1

    def change_argument(self) -> None:
        plan = self.model.p.movement
        staged = plan.framing in (Framing.TWO_STAGE, Framing.REVERSED)
        turning = self.model.week - self.launched == plan.second_stage_weeks
        if self.launched != NEVER and self.organisers and staged and turning:
            self.make_news(self.model.p.media.argument_gain)
            self.model.happened["argument"] += 1

    def file(self) -> None:
        """File a proposal for the next meeting still open, if organisers and stock suffice."""
        model, p = self.model, self.model.p.vote
        organisers = len(self.organisers)
        able = organisers > 0 and organisers * model.people_per_agent >= p.organisers_needed
        free = self.launched != NEVER and self.study_start == NEVER and self.filed == NEVER
        if not (able and free and any(owner.may_file for owner in model.owners)):
            return
        meeting = p.first_meeting
        while meeting < model.week + p.filing_lead:
            meeting += YEAR
        if meeting < self.barred_until:
            return
        self.filed, self.filed_week, self.admitted = meeting, model.week, NEVER
        self.make_news(model.p.media.event_gain)
        model.happened["filed"] += 1

    def be_admitted(self) -> None:
        """Learn whether the proposal comes to the ballot."""
        model, p = self.model, self.model.p.vote
        if self.filed == NEVER or self.admitted != NEVER:
            return
        if model.week < min(self.filed_week + p.admission_weeks, self.filed):
            return
        luck = uniform(model.luck_seed, int(Stream.ADMISSION), self.filed, 0)
        if luck < p.admission_chance:
            self.admitted = 1
            self.make_news(model.p.media.event_gain)
            model.happened["admitted"] += 1
        else:
            self.admitted = 0
            self.barred_until = self.filed + 1
            self.filed = NEVER
            model.happened["excluded"] += 1

    @property
    def threshold(self) -> float:
        """Support needed to file again after the first, second or a later submission."""
        steps = {Regime.UNTIL_2020: (0.03, 0.06, 0.10), Regime.FROM_2020: (0.05, 0.15, 0.25)}
        return steps[self.model.p.vote.regime][min(self.submissions, 3) - 1]

    def meet(self) -> None:
        """Hold the annual meeting at which a proposal is up."""
        model = self.model
        self.support = None
        if self.filed != model.week:
            return
        self.filed = NEVER
        if self.converted != NEVER or model.firm.closed != NEVER:
            model.happened["settled"] += 1
            return
        self.submissions += 1
        cast = approving = at_brokers = 0.0
        for owner in model.owners:
            luck = uniform(model.luck_seed, int(Stream.TURNOUT), model.week, owner.index)
            if luck < owner.class_vote[0]:
                cast += owner.holding
                approving += owner.holding * owner.approval(model.heard)
            elif owner.kind is Kind.RETAIL:
                at_brokers += owner.holding * model.p.vote.broker_share
        self.support = approving / cast if cast > 0.0 else 0.0
        self.turnout = cast
        present = cast + at_brokers
        self.broker_nonvotes = at_brokers / present if present > 0.0 else 0.0
        self.best_support = max(self.best_support, self.support)
        model.happened["vote"] += 1
        if self.support >= self.threshold:
            self.recognised = True
            model.happened["recognised"] += 1
        else:
            self.barred_until = model.week + BARRED
            model.happened["barred"] += 1
        if self.support > 0.5:
            model.happened["won vote"] += 1
            self.begin_study()
        else:
            model.happened["lost vote"] += 1
            self.lose_heart()
        self.make_news(model.p.media.event_gain)

    def lose_heart(self) -> None:
        """After a lost vote, those who wanted to convert this firm drop out."""
        model = self.model
        for person in self.members:
            chance = model.p.participation.loss_dropout * float(person.goals[0])
            if uniform(model.luck_seed, int(Stream.LOST_VOTE), model.week, person.index) < chance:
                person.become(Status.BYSTANDER)
                model.dropped += 1
                model.happened["lost heart"] += 1

    def begin_study(self) -> None:
        if self.study_start == NEVER:
            self.study_start = self.model.week

    def win_the_board(self) -> None:
        """A conceding board studies conversion once the movement is strong."""
        model, p = self.model, self.model.p
        if p.firm.policy is Policy.CONCEDE and self.launched != NEVER:
            strength = saturating(model.people_active, model.many)
            if strength >= p.firm.concession_strength:
                model.happened["conceded"] += self.study_start == NEVER
                self.begin_study()

    def collect_pledges(self) -> None:
        """After the study, members pledge money; the firm is converted when it buys control."""
        model, p = self.model, self.model.p
        self.pledged = 0.0
        weeks_open = model.week - self.study_start - p.conversion.feasibility_weeks
        studied = self.study_start != NEVER and 0 <= weeks_open < p.conversion.pledge_window
        for_sale = model.firm.for_sale != NEVER
        settled = self.converted != NEVER or model.firm.closed != NEVER
        if settled or not (studied or for_sale):
            return
        total = 0.0
        for person in self.members:
            total += p.conversion.pledge * float(person.ownership) / p.users.ownership_mean
        self.pledged = total / len(model.people)
        model.happened["pledged"] += total > 0
        asked = p.conversion.control_price * model.firm.price
        if for_sale:
            asked *= p.conversion.liquidation_share
        if self.pledged >= asked:
            self.converted = model.week
            model.happened["converted"] += 1
            model.happened["bought in a forced sale"] += for_sale
            model.firm.for_sale = NEVER

    def found_spin_off(self) -> None:
        """Organisers who want platform cooperatives anywhere found one when they are enough."""
        model = self.model
        founders = 0.0
        for person in self.organisers:
            founders += float(person.goals[1])
        enough = founders * model.people_per_agent >= model.p.movement.spin_off_founders
        if self.spin_off == NEVER and enough:
            self.spin_off = model.week
            self.make_news(model.p.media.event_gain)
            model.happened["spin-off"] += 1

    def be_in_the_media(self) -> None:
        """Attention (M) halves again and again; recruits, signatures and acts feed it."""
        model, p = self.model, self.model.p.media
        if self.launched == NEVER:
            return
        recruits = model.joined + p.petition_weight * model.new_signatures
        recruits = recruits * model.people_per_agent
        feed = p.supporter_gain * recruits / (recruits + p.half_saturation)
        feed = feed + self.acts
        lost_trust = max(model.p.shareholders.trust_start - model.trust, 0.0)
        pull = self.luck * (1.0 + p.trust_amplification * lost_trust)
        pull = pull * (1.0 - p.threat_crowding * model.threat)
        self.media = max(
            self.media * math.exp2(-1.0 / p.half_life) + feed * pull + model.events, 0.0
        )


class ReferenceModel(mesa.Model):
    """A world; `table` has a row for every week, `happened` counts what the persons did."""

    def __init__(
        self,
        parameters: Parameters,
        rng: int,
        history: History | None = None,
        network: Network | None = None,
    ) -> None:
        super().__init__(rng=rng)
        self.p = parameters
        self.single = in_single_precision(parameters)
        self.luck_seed = rng
        self.history = no_history(parameters.horizon) if history is None else history
        self.week = 0
        self.table: list[dict[str, float]] = []
        self.happened: Counter[str] = Counter()
        self.make_environment()
        self.people = [Person(self, i) for i in range(parameters.users.count)]
        self.make_friends(network)
        self.owners = [Owner(self, j) for j in range(parameters.shareholders.count)]
        self.scale_holdings()
        self.firm = Firm(self)
        self.movement = Movement(self)
        self.begin()

    # --- luck and memory

    def bits(self, stream: Stream, week: int, agent: int) -> np.uint64:
        stream_key = np.uint64(key(self.luck_seed, int(stream), week))
        return np.uint64(word(stream_key, agent))

    def normal(self, stream: Stream, agent: int = 0) -> float:
        return normal(self.luck_seed, int(stream), self.week, agent)

    def past(self, weeks: int) -> dict[str, float]:
        """Return the row so many weeks back, or the first."""
        return self.table[max(self.week - weeks, 0)]

    def recorded(self, series: str) -> float:
        return float(getattr(self.history, series)[self.week])

    def known(self, series: str) -> bool:
        return not math.isnan(self.recorded(series))

    # --- week 0

    def make_environment(self) -> None:
        self.threat = self.recorded("threat") if self.known("threat") else self.p.threat.base
        self.closure = self.takeover = self.scandal = self.events = 0.0
        self.market = self.market_return = 0.0
        self.trust = self.p.shareholders.trust_start
        self.sold = 0.0
        self.joined = self.joined_with_friends = self.dropped = 0
        self.signatures = self.new_signatures = 0

    def make_friends(self, network: Network | None) -> None:
        ties, count = self.p.network, len(self.people)
        if network is None and ties.topology is Topology.EDGE_LIST:
            network = networks.from_edges(count, networks.read_edge_list(ties.edge_list)[1])
        elif network is None:
            network = networks.generate(
                ties.topology,
                count,
                mean_degree=ties.mean_degree,
                tail=ties.tail,
                clustering=ties.clustering,
                rewiring=ties.rewiring,
                seed=self.luck_seed,
            )
        for person in self.people:
            first, last = network.offsets[person.index], network.offsets[person.index + 1]
            person.friends = [self.people[j] for j in network.neighbours[first:last]]
            person.first_tie = int(first)

    def scale_holdings(self) -> None:
        """Give every class of owners its share of the stock."""
        p = self.p.shareholders
        shares = {
            Kind.INSTITUTION: p.institutional_share,
            Kind.RETAIL: 1.0 - p.institutional_share - p.ethical_share,
            Kind.ETHICAL: p.ethical_share,
        }
        totals = dict.fromkeys(Kind, 0.0)
        for owner in self.owners:
            totals[owner.kind] += owner.holding
        for owner in self.owners:
            owner.holding *= shares[owner.kind] / totals[owner.kind]

    def begin(self) -> None:
        """Let everybody be as dissatisfied as the firm's usual conduct makes them."""
        p = self.p
        usual = (
            p.dissatisfaction.base + p.dissatisfaction.governance_weight * p.firm.governance_start
        )
        for person in self.people:
            person.dissatisfaction = min(ONE, person.sensitivity * f32(usual))
        ownership = beta_table(p.users.ownership_mean, 4.0)
        shares = np.linspace(0.0, 1.0, len(ownership))
        scale = p.persuasion.literacy_start / p.users.ownership_mean
        self.literacy_top = min(scale * float(np.interp(0.9, shares, ownership)), 1.0)
        self.take_stock()
        self.firm.user_value = self.service_value
        self.firm.user_value_start = max(self.service_value, 1e-9)
        self.record()

    def resume(self, state: Any, week: int) -> None:
        """Go on from a week that the compiled model reached."""
        self.week = week
        self.table = [
            {name: row[name].item() for name in row.dtype.names} for row in state.weekly[: week + 1]
        ]
        self.happened.clear()
        world, users, holders = state.world[0], state.users, state.shareholders
        for person in self.people:
            i = person.index
            for name in ("dissatisfaction", "commons_view", "literacy"):
                setattr(person, name, getattr(users, name)[i])
            person.become(Status(users.status[i]))
            person.aware, person.signed = bool(users.aware[i]), bool(users.signed[i])
            person.fresh, person.member = bool(users.fresh[i]), bool(users.member[i])
            person.weeks_active = int(users.weeks_active[i])
            person.expected = users.expected[i] if users.expected[i] >= 0 else None
        for owner in self.owners:
            owner.holding = float(holders.holding[owner.index])
            owner.trust = float(holders.trust[owner.index])
        for agent in (self, self.firm, self.movement):
            for name in set(vars(agent)) & set(world.dtype.names) - {"support"}:
                setattr(agent, name, world[name].item())
        self.joined_with_friends = int(world["joined_peers"])
        self.take_stock()

    # --- counts

    @property
    def people_per_agent(self) -> float:
        scale = self.recorded("base") if self.known("base") else 1.0
        return self.p.users.people_per_agent * scale

    @property
    def many(self) -> float:
        """People whose number counts half: so many, or a share of all the people (n_half)."""
        q, base = self.p.efficacy, len(self.people) * self.people_per_agent
        return q.half_saturation * (1.0 + q.relative * (base / 20_000 - 1.0))

    @property
    def people_active(self) -> float:
        return len(self.movement.members) * self.people_per_agent

    def take_stock(self) -> None:
        """Sum up how people feel; what is said of averages next week refers to this."""
        present = [person for person in self.people if not person.gone]
        value = sum(whole_units(p.dependence * (ONE - p.dissatisfaction)) for p in present)
        self.service_value = value / UNITS / len(self.people)
        heard = sum(whole_units(person.resonance) for person in present if person.aware)
        self.heard = heard / UNITS / len(self.people)
        before = self.signatures
        self.signatures = sum(person.signed for person in self.people)
        self.new_signatures = self.signatures - before

    # --- the week

    def step(self) -> None:
        self.week += 1
        self.move_environment()
        self.firm.do_business()
        self.firm.be_priced()
        self.firm.be_in_distress()
        self.firm.manage()
        self.firm.be_valued()
        self.trade_stock()
        self.movement.appraise()
        self.movement.acts = 0.0
        self.live()
        self.movement.launch()
        self.movement.open_petition()
        self.movement.change_argument()
        self.movement.file()
        self.movement.be_admitted()
        self.movement.meet()
        self.movement.win_the_board()
        self.firm.yield_to_voice()
        self.firm.face_creditors()
        self.movement.collect_pledges()
        self.movement.found_spin_off()
        self.movement.be_in_the_media()
        self.record()

    def run(self) -> None:
        while self.week < self.p.horizon:
            self.step()

    def move_environment(self) -> None:
        """Threat to democracy (theta), the market, rumours and scandals."""
        week, threat, events = self.week, self.p.threat, self.p.events
        level = threat.base + threat.shock_size * building_up(
            week, threat.shock_week, threat.shock_ramp, threat.shock_half_life
        )
        if self.known("threat"):
            level = self.recorded("threat")
        noise = threat.noise * self.normal(Stream.THREAT)
        moved = self.threat + threat.speed * (min(level, 1.0) - self.threat) + noise
        self.threat = bounded(moved)
        self.market_return = self.p.firm.market_volatility * self.normal(Stream.MARKET)
        self.market += self.market_return
        self.events = 0.0
        for name in ("closure", "takeover", "scandal"):
            start, half_life = getattr(events, f"{name}_week"), getattr(events, f"{name}_half_life")
            strength = getattr(events, f"{name}_size") * fading(week, start, half_life)
            strength = min(strength + self.recorded(name), 1.0)
            fresh = max(strength - getattr(self, name), 0.0)
            self.happened[name] += fresh > 0.0
            self.events += getattr(self.p.media, f"{name}_gain") * fresh
            setattr(self, name, strength)

    def trade_stock(self) -> None:
        """Owners compare the quarter with the market; who lost trust sells to the others."""
        p, before = self.p.shareholders, self.past(QUARTER)
        gain = math.log(self.firm.price) - math.log(before["price"])
        excess = gain - (self.market - before["market"])
        logit = math.log(p.trust_start / (1.0 - p.trust_start)) + p.trust_gain * excess
        warranted = 1.0 / (1.0 + math.exp(-logit))
        shocked = p.trust_shock_week != NEVER and self.week == max(p.trust_shock_week, 1)
        self.happened["trust shock"] += shocked
        for owner in self.owners:
            owner.reconsider(warranted, self.trust, p.trust_shock_size if shocked else 0.0)

        wanted = sold = 0.0
        for owner in self.owners:
            wanted += owner.wanted
        if wanted > 0.0:
            for owner in self.owners:
                sold += owner.for_sale
            for owner in self.owners:
                bought = sold * owner.wanted / wanted
                owner.holding += bought - owner.for_sale
        self.sold = sold
        self.happened["sold"] += sold > 0.0
        self.trust = 0.0
        for owner in self.owners:
            self.trust += owner.holding * owner.trust

    def live(self) -> None:
        """All persons decide on last week's world; then what they decided takes effect."""
        news = self.news()
        for person in self.people:
            person.decide(news)
        self.joined = self.joined_with_friends = self.dropped = 0
        for person in self.people:
            joining = person.plan in (Status.SUPPORTER, Status.ORGANISER)
            if joining and not person.active:
                self.joined += 1
                self.joined_with_friends += person.active_friends > 0
                person.expected = f32(self.movement.efficacy)
            self.dropped += person.active and not joining
        for person in self.people:
            self.carry_out(person)
        self.spread_news(news)
        self.take_stock()
        self.happened["signed"] += self.new_signatures
        self.movement.acting = 0.0
        if news.spontaneous:
            ready = sum(int(person.readiness * f32(READY)) for person in self.people)
            people = round(ready / READY * self.people_per_agent)
            luck = uniform(self.luck_seed, int(Stream.ACTING), self.week, 0)
            self.movement.acting = binomial(luck, people, self.p.movement.act_rate)
            self.happened["acted"] += self.movement.acting > 0

    def carry_out(self, person: Person) -> None:
        if person.plan is not person.status:
            change = f"{person.status.name} to {person.plan.name}".lower()
            self.happened[change] += 1
            person.become(person.plan)

    def spread_news(self, news: News) -> None:
        """Let those with fresh news tell their friends, who may follow and tell theirs."""
        fresh = [person for person in self.people if person.fresh]
        for person in fresh:
            person.fresh = False
        if not news.campaigning:
            return
        contact = self.single.awareness.contact
        for day in range(DAYS):
            slot = self.week * (DAYS + 1) + day
            listeners: dict[int, Person] = {}
            for person in fresh:
                for tie, friend in enumerate(person.friends, person.first_tie):
                    luck = f32(high_share(self.bits(Stream.TELLING, slot, tie)))
                    if luck < contact and not friend.gone:
                        listeners[friend.index] = friend
            for person in listeners.values():
                person.hear_from_friend(news, slot)
            fresh = [person for person in listeners.values() if person.fresh]
            for person in fresh:
                person.fresh = False
                if not person.active and person.plan in ACTIVE:
                    self.joined += 1
                    self.joined_with_friends += person.active_friends > 0
                    person.expected = f32(self.movement.efficacy)
            for person in fresh:
                self.carry_out(person)
        for person in fresh:
            person.fresh = True

    def news(self) -> News:
        """Return what every person meets this week."""
        p, week, movement, firm = self.p, self.week, self.movement, self.firm
        d = p.dissatisfaction
        trend = d.ramp_size * bounded((week - d.ramp_start) / d.ramp_duration)
        causes = max(
            d.base
            + d.monetisation_weight * (firm.monetisation - firm.usual_monetisation)
            + d.governance_weight * firm.governance_deficit
            + trend
            + (p.events.scandal_effect if firm.yielded == NEVER else 0.0) * self.scandal,
            0.0,
        )
        campaigning = movement.campaigning
        organisers, present = len(movement.organisers), sum(not p.gone for p in self.people)
        people = organisers * self.people_per_agent
        unheard = (1.0 - min(movement.media, 1.0)) * (
            p.persuasion.organiser_half / (people + p.persuasion.organiser_half)
        )
        rate = p.persuasion.rate * (1.0 - unheard) if campaigning else 0.0
        contacts = (
            p.awareness.media_reach * movement.media
            + p.awareness.outreach * organisers / max(present, 1)
        )
        quiet = week - movement.news_week
        tired = 1.0 - math.exp(-quiet / p.participation.patience)
        steepness = p.participation.steepness
        commons = movement.commons_share
        nobody_launched = movement.launched == NEVER
        better = []  # what the places to go to are better by
        if p.exit.rival_week != NEVER and week >= p.exit.rival_week:
            better.append(p.exit.rival_quality)
            self.happened["better rival"] += 1
        if movement.spin_off != NEVER:
            better.append(p.exit.cooperative_quality)
        pull = p.exit.cooperative_pull if movement.spin_off != NEVER else 0.0
        return News(
            hearing=np.uint64(key(self.luck_seed, int(Stream.HEARING), week)),
            taking_part=np.uint64(key(self.luck_seed, int(Stream.TAKING_PART), week)),
            leaving=np.uint64(key(self.luck_seed, int(Stream.LEAVING), week)),
            answering=np.uint64(key(self.luck_seed, int(Stream.SIGNING), week)),
            campaigning=campaigning,
            spontaneous=p.movement.origin is Origin.ENDOGENOUS and nobody_launched,
            causes=f32(causes),
            reach=f32(1.0 - math.exp(-contacts) if campaigning else 0.0),
            commons_push=f32(rate * commons),
            cooperative_push=f32(rate * (1.0 - commons)),
            value_gap=f32(firm.value_gap),
            threat=f32(self.threat),
            closure=f32(self.closure),
            efficacy=f32(movement.efficacy),
            petition_open=campaigning and movement.petition != NEVER,
            weariness=f32(p.participation.fatigue * tired),
            signing=f32(math.exp(-steepness * p.participation.signing_discount)),
            organising=f32(math.exp(steepness * p.participation.organising_premium)),
            cooperative=f32(pull),
            patience=f32(p.exit.threshold - max(better, default=0.0)),
            return_rate=f32(p.exit.return_rate if firm.closed == NEVER else 0.0),
            membership=f32(pull * p.exit.cooperative_stay),
            literacy_top=f32(self.literacy_top),
        )

    def record(self) -> None:
        """Add a row to the table."""
        n, firm, movement = len(self.people), self.firm, self.movement
        count = Counter(person.status for person in self.people)
        present = [person for person in self.people if not person.gone]
        ethical = 0.0
        for owner in self.owners:
            if owner.kind is Kind.ETHICAL:
                ethical += owner.holding
        felt = sum(whole_units(person.dissatisfaction) for person in present)
        commons = sum(whole_units(person.commons_view) for person in self.people)
        literacy = sum(whole_units(person.literacy) for person in self.people)
        self.table.append(
            {
                "week": self.week,
                "price": firm.price,
                "revenue": firm.revenue,
                "cash": firm.cash,
                "net_income": firm.net_income,
                "distress": firm.distress,
                "monetisation": firm.monetisation,
                "governance_deficit": firm.governance_deficit,
                "value_gap": firm.value_gap,
                "trust": self.trust,
                "sold": self.sold,
                "ethical": ethical,
                "market": self.market,
                "threat": self.threat,
                "closure": self.closure,
                "takeover": self.takeover,
                "scandal": self.scandal,
                "people_per_agent": self.people_per_agent,
                "dissatisfaction": felt / UNITS / max(len(present), 1),
                "dissatisfied": sum(person.dissatisfaction > HALF for person in present) / n,
                "aware": sum(person.aware for person in present) / n,
                "commons_view": commons / UNITS / n,
                "literacy": literacy / UNITS / n,
                "efficacy": movement.efficacy,
                "media": movement.media,
                "supporters": count[Status.SUPPORTER] / n,
                "organisers": count[Status.ORGANISER] / n,
                "active": len(movement.members) / n,
                "exited": count[Status.EXITED] / n,
                "exited_coop": count[Status.EXITED_COOP] / n,
                "members": (count[Status.EXITED_COOP] + sum(p.member for p in self.people)) / n,
                "joined": self.joined / n,
                "joined_peers": self.joined_with_friends / n,
                "dropped": self.dropped / n,
                "signatures": self.signatures * self.people_per_agent,
                "acting": movement.acting,
                "admitted": float(movement.filed != NEVER and movement.admitted == 1),
                "turnout": math.nan if movement.support is None else movement.turnout,
                "filed": float(movement.filed != NEVER),
                "vote_share": math.nan if movement.support is None else movement.support,
                "yielded": float(firm.yielded != NEVER),
                "for_sale": float(firm.for_sale != NEVER),
                "closed": float(firm.closed != NEVER),
                "pledged": movement.pledged,
                "spin_off": float(movement.spin_off != NEVER),
                "converted": float(movement.converted != NEVER),
            }
        )
