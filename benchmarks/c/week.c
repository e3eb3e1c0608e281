/* The week of the model: its rules, in order. */

#include <string.h>

#include "model.h"

#define QUARTER 13 /* weeks */
#define HALF_YEAR 26
#define RUNWAY 104.0 /* weeks of cash below which a firm that loses money is in trouble */
#define GROWTH_WEEKS 4

/* Whether a case gives a value; NaN tells that not, also to a compiler that assumes there is none. */
static bool given(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & INT64_MAX) <= 0x7FF0000000000000;
}

static int64_t before(int64_t week, int64_t weeks) { return week > weeks ? week - weeks : 0; }

static double decaying(int64_t week, int64_t start, double half_life)
{
    return start < 0 || week < start ? 0.0 : exp2(-(double)(week - start) / half_life);
}

static double threat_shock(int64_t week, int64_t start, int64_t ramp, double half_life)
{
    if (start < 0 || week < start)
        return 0.0;
    int64_t age = week - start + 1, rising = ramp > 1 ? ramp : 1;
    double rise = least((double)age / (double)rising, 1.0);
    return rise * exp2(-(double)(age > rising ? age - rising : 0) / half_life);
}

static void move_environment(int64_t week, uint64_t seed, const struct parameters *p,
                             const struct history *history, struct world *world)
{
    double level = history->threat[week];
    if (!given(level))
        level = p->threat.base
                + p->threat.shock_size
                      * threat_shock(week, p->threat.shock_week, p->threat.shock_ramp,
                                     p->threat.shock_half_life);
    world->threat = share(world->threat + p->threat.speed * (least(level, 1.0) - world->threat)
                          + p->threat.noise * normal(seed, STREAM_THREAT, week, 0));
    world->market_return = p->firm.market_volatility * normal(seed, STREAM_MARKET, week, 0);
    world->market += world->market_return;

    double closure = p->events.closure_size
                     * decaying(week, p->events.closure_week, p->events.closure_half_life);
    double takeover = p->events.takeover_size
                      * decaying(week, p->events.takeover_week, p->events.takeover_half_life);
    double scandal = p->events.scandal_size
                     * decaying(week, p->events.scandal_week, p->events.scandal_half_life);
    closure = least(closure + history->closure[week], 1.0);
    takeover = least(takeover + history->takeover[week], 1.0);
    scandal = least(scandal + history->scandal[week], 1.0);
    world->events = most(closure - world->closure, 0.0) + most(takeover - world->takeover, 0.0)
                    + most(scandal - world->scandal, 0.0);
    world->closure = closure;
    world->takeover = takeover;
    world->scandal = scandal;
    world->people_per_agent = p->users.people_per_agent;
    if (given(history->base[week]))
        world->people_per_agent = p->users.people_per_agent * history->base[week];
}

static void run_business(int64_t week, uint64_t seed, const struct parameters *p,
                         const struct history *history, const struct state *state,
                         struct world *world)
{
    bool declining = p->firm.decline_start <= week
                     && week < p->firm.decline_start + p->firm.decline_duration;
    double drift = declining ? p->firm.decline_rate : 0.0;
    double luck = normal(seed, STREAM_DEMAND, week, 0);
    world->demand = most(world->demand * exp(-drift + p->firm.demand_noise * luck), 2e-9);
    double present =
        1.0 - (double)(world->exited + world->exited_coop) / (double)state->users.count;
    world->revenue =
        world->demand * present
        * (1.0 + p->firm.arpu_gain * (world->monetisation - p->firm.monetisation_start));
    if (given(history->revenue[week]))
        world->revenue = history->revenue[week];
    world->cost += p->firm.cost_speed * (p->firm.cost_share * world->revenue - world->cost);
    double result = world->revenue - world->cost, margin = history->margin[week];
    if (given(margin)) {
        result = margin * world->revenue;
        world->net_income = result;
    } else {
        world->net_income += (result - world->net_income) / QUARTER;
    }
    world->cash += result;
}

/* Growth of revenue over half a year, yearly and bounded. */
static double revenue_growth(int64_t week, const struct parameters *p, const struct state *state,
                             const struct world *world)
{
    double earlier = state->weekly[before(week, HALF_YEAR)].revenue, cap = p->firm.growth_cap;
    double change = log(most(world->revenue, 1e-9)) - log(most(earlier, 1e-9));
    return cap * tanh(2.0 * change / cap);
}

static void set_price(int64_t week, uint64_t seed, const struct parameters *p,
                      const struct history *history, const struct state *state,
                      struct world *world)
{
    double fundamental = log(most(world->revenue, 1e-9))
                         + p->firm.growth_weight * revenue_growth(week, p, state, world)
                         + p->firm.trust_weight * (world->trust - p->shareholders.trust_start)
                         + (world->market - world->market_return);
    double shocks = world->market_return
                    + p->firm.price_noise * normal(seed, STREAM_PRICE, week, 0)
                    - p->shareholders.selling_pressure * world->sold;
    double moved = world->log_price
                   + p->firm.price_reversion * (fundamental - world->log_price) + shocks;
    world->log_price = least(most(moved, -20.0), 20.0);
    double premium = p->events.takeover_premium * world->takeover;
    double discount = p->events.closure_discount * world->closure;
    world->price = exp(world->log_price + premium - discount);
    if (given(history->price[week])) {
        world->price = history->price[week];
        world->log_price = log(world->price) - premium + discount;
    }
    world->peak_price = most(world->peak_price, world->price);

    double fallen = share((1.0 - world->price / world->peak_price - 0.25) / 0.5);
    double short_of_cash = 0.0;
    if (world->net_income < 0.0)
        short_of_cash = share(1.0 - most(world->cash, 0.0) / -world->net_income / RUNWAY);
    world->distress =
        p->firm.drawdown_weight * fallen + (1.0 - p->firm.drawdown_weight) * short_of_cash;
}

static void conduct_firm(int64_t week, const struct parameters *p, const struct state *state,
                         struct world *world)
{
    double growth = revenue_growth(week, p, state, world);
    double aim = p->firm.monetisation_start + p->firm.responsiveness * world->distress
                 - p->firm.relaxation * most(growth, 0.0);
    world->monetisation += p->firm.monetisation_speed * (share(aim) - world->monetisation);

    double start = p->firm.governance_start;
    double movement = strength(people_active(world), p->efficacy.half_saturation);
    aim = start;
    if (world->converted != NONE)
        aim = 0.0;
    else if (p->firm.policy == POLICY_CONCEDE)
        aim = start * (1.0 - p->firm.concession * movement);
    else if (p->firm.policy == POLICY_RESIST)
        aim = start + p->firm.resistance * movement * (1.0 - start);
    world->governance_deficit += p->firm.governance_speed * (aim - world->governance_deficit);

    world->user_value = (double)world->value_sum / 4096.0 / (double)state->users.count;
    double ratio = world->user_value / world->user_value_start;
    world->value_gap = ratio <= world->price ? 0.0 : 1.0 - world->price / ratio;
}

static void move_shareholders(int64_t week, const struct parameters *p, const struct state *state,
                              struct world *world)
{
    const struct week *earlier = &state->weekly[before(week, QUARTER)];
    double excess =
        (log(world->price) - log(earlier->price)) - (world->market - earlier->market);
    int64_t shock_week = p->shareholders.trust_shock_week;
    double shock = 0.0;
    if (shock_week >= 0 && week == (shock_week > 1 ? shock_week : 1))
        shock = p->shareholders.trust_shock_size;
    update_trust(p, &state->shareholders, world, excess, shock);
    trade(p, &state->shareholders, world);
    take_stock(&state->shareholders, world);
}

/* Share of messages that argue for the commons. */
static double commons_budget(int64_t framing, int64_t weeks_since_launch, int64_t first_stage)
{
    if (framing == FRAMING_COMMONS)
        return 1.0;
    if (framing == FRAMING_COOPERATIVE)
        return 0.0;
    if (weeks_since_launch < first_stage) {
        if (framing == FRAMING_TWO_STAGE)
            return 1.0;
        if (framing == FRAMING_REVERSED)
            return 0.0;
    }
    return 0.5;
}

static struct week_inputs week_inputs(int64_t week, uint64_t seed, const struct parameters *p,
                                      const struct world *world)
{
    double trend = p->dissatisfaction.ramp_size
                   * share((double)(week - p->dissatisfaction.ramp_start)
                           / (double)p->dissatisfaction.ramp_duration);
    double causes = p->dissatisfaction.base
                    + p->dissatisfaction.monetisation_weight
                          * (world->monetisation - p->firm.monetisation_start)
                    + p->dissatisfaction.governance_weight * world->governance_deficit + trend
                    + p->events.scandal_effect * world->scandal;
    bool launched = world->launched != NONE;
    bool campaigning = launched && world->organisers > 0 && world->converted == NONE;
    int64_t weeks = week - world->launched;
    double budget = commons_budget(p->movement.framing, weeks, p->movement.second_stage_weeks);
    double rate = campaigning ? p->persuasion.rate : 0.0;
    bool petition = campaigning && weeks >= p->movement.petition_delay;
    bool cooperative = world->spin_off != NONE;
    return (struct week_inputs){
        .week = week,
        .seed = seed,
        .campaigning = campaigning,
        .waiting = p->movement.origin == ORIGIN_ENDOGENOUS && !launched,
        .causes = (float)most(causes, 0.0),
        .dissatisfaction_speed = (float)p->dissatisfaction.speed,
        .dissatisfaction_noise = (float)p->dissatisfaction.noise,
        .log_silence = (float)log1p(-p->awareness.contact),
        .media_chance = (float)(p->awareness.media_reach * world->media),
        .forgetting = (float)p->awareness.forgetting,
        .commons_budget = (float)(rate * budget),
        .cooperative_budget = (float)(rate * (1.0 - budget)),
        .commons_base = (float)p->persuasion.commons_base,
        .cooperative_floor = (float)p->persuasion.cooperative_floor,
        .decay = (float)p->persuasion.decay,
        .commons_scale = (float)(p->persuasion.commons_start / p->users.dependence_mean),
        .literacy_scale = (float)(p->persuasion.literacy_start / p->users.ownership_mean),
        .literacy_weight = (float)p->persuasion.literacy_weight,
        .literacy_top = (float)world->literacy_top,
        .value_gap = (float)world->value_gap,
        .threat = (float)world->threat,
        .closure = (float)world->closure,
        .efficacy = (float)world->efficacy,
        .dissatisfaction_weight = (float)p->participation.dissatisfaction_weight,
        .threat_weight = (float)p->participation.threat_weight,
        .resonance_weight = (float)p->participation.resonance_weight,
        .closure_weight = (float)p->participation.closure_weight,
        .efficacy_weight = (float)p->participation.efficacy_weight,
        .peer_weight = (float)p->participation.peer_weight,
        .peer_half_saturation = (float)p->participation.peer_half_saturation,
        .interaction = (float)p->participation.interaction,
        .steepness = (float)p->participation.steepness,
        .join_rate = (float)p->participation.join_rate,
        .drop_rate = (float)p->participation.drop_rate,
        .burnout = (float)p->participation.burnout,
        .organiser_utility = (float)p->participation.organiser_utility,
        .organiser_rate = (float)p->participation.organiser_rate,
        .act_rate = (float)p->movement.act_rate,
        .petition_rate = petition ? (float)p->movement.petition_rate : 0.0f,
        .leave_rate = (float)p->exit.leave_rate,
        .return_rate = (float)p->exit.return_rate,
        .exit_threshold = (float)p->exit.threshold,
        .neighbour_loss = (float)p->exit.neighbour_loss,
        .voice = (float)p->exit.voice,
        .remedy_exit = (float)p->persuasion.remedy_exit,
        .exit_steepness = (float)(1.0 / p->exit.softness),
        .cooperative_pull = cooperative ? (float)p->exit.cooperative_pull : 0.0f,
    };
}

static int64_t move_users(int64_t week, uint64_t seed, const struct parameters *p,
                          const struct state *state, struct world *world)
{
    double people = people_active(world), half = p->efficacy.half_saturation;
    double agents_before =
        state->weekly[before(week, 1 + GROWTH_WEEKS)].active * (double)state->users.count;
    double gained = most(people - agents_before * world->people_per_agent, 0.0);
    double opportunity = world->distress * (1.0 - p->efficacy.hopelessness * world->distress);
    world->efficacy = least(p->efficacy.opportunity_weight * opportunity
                                + p->efficacy.size_weight * strength(people, half)
                                + p->efficacy.growth_weight * (gained / (people + half)),
                            1.0);
    struct week_inputs inputs = week_inputs(week, seed, p, world);
    decide(&state->users, &state->workspace, world, &inputs);
    take_effect(&state->network, &state->users, &state->workspace, world);
    return inputs.waiting ? count_acts(&state->users, week - ACTS_WITHIN) : 0;
}

static void observe(int64_t week, const struct state *state, const struct world *world)
{
    double users = (double)state->users.count;
    int64_t present = state->users.count - (world->exited + world->exited_coop);
    state->weekly[week] = (struct week){
        .week = week,
        .price = world->price,
        .revenue = world->revenue,
        .cash = world->cash,
        .net_income = world->net_income,
        .distress = world->distress,
        .monetisation = world->monetisation,
        .governance_deficit = world->governance_deficit,
        .value_gap = world->value_gap,
        .trust = world->trust,
        .sold = world->sold,
        .ethical = world->ethical,
        .market = world->market,
        .threat = world->threat,
        .closure = world->closure,
        .takeover = world->takeover,
        .scandal = world->scandal,
        .people_per_agent = world->people_per_agent,
        .dissatisfaction =
            (double)world->dissatisfaction_sum / 4096.0 / (double)(present > 1 ? present : 1),
        .dissatisfied = (double)world->dissatisfied / users,
        .aware = (double)world->aware / users,
        .commons_view = (double)world->commons_sum / 4096.0 / users,
        .literacy = (double)world->literacy_sum / 4096.0 / users,
        .efficacy = world->efficacy,
        .media = world->media,
        .supporters = (double)world->supporters / users,
        .organisers = (double)world->organisers / users,
        .active = (double)(world->supporters + world->organisers) / users,
        .exited = (double)world->exited / users,
        .exited_coop = (double)world->exited_coop / users,
        .joined = (double)world->joined / users,
        .joined_peers = (double)world->joined_peers / users,
        .dropped = (double)world->dropped / users,
        .signatures = (double)world->signatures * world->people_per_agent,
        .filed = world->filed != NONE,
        .vote_share = world->support >= 0.0 ? world->support : NAN,
        .pledged = world->pledged,
        .spin_off = world->spin_off != NONE,
        .converted = world->converted != NONE,
    };
}

static void advance(int64_t week, uint64_t seed, const struct parameters *p,
                    const struct history *history, const struct state *state)
{
    struct world *world = state->world;
    move_environment(week, seed, p, history, world);
    run_business(week, seed, p, history, state, world);
    set_price(week, seed, p, history, state, world);
    conduct_firm(week, p, state, world);
    move_shareholders(week, p, state, world);
    int64_t acted = move_users(week, seed, p, state, world);
    double news = launch(p, state, world, week, acted);
    news += file_proposal(p, state, world, week);
    news += hold_meeting(p, state, world, seed, week);
    concede(p, world, week);
    collect_pledges(p, &state->users, world, week);
    found_spin_off(p, &state->users, world, week);
    update_media(p, world, news);
    observe(week, state, world);
}

/* Move the world on from week `first` to week `last`. */
void advance_to(int64_t first, int64_t last, uint64_t seed, const struct parameters *p,
                const struct history *history, const struct state *state)
{
    for (int64_t week = first + 1; week <= last; week++)
        advance(week, seed, p, history, state);
}
