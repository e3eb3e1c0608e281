/* The firm's week: business, price and distress, conduct; as in sim/firm_week.py. */

#include "model.h"

static const double RUNWAY = 104.0; /* weeks of cash below which a losing firm is in trouble */

void run_business(int64_t week, int64_t seed, const struct parameters *p,
                  const struct state *state)
{
    struct world *world = state->world;
    bool declining = p->firm.decline_start <= week
                     && week < p->firm.decline_start + p->firm.decline_duration;
    double drift = declining ? p->firm.decline_rate : 0.0;
    double luck = normal(seed, STREAM_DEMAND, week, 0);
    world->demand = greater(world->demand * exp(-drift + p->firm.demand_noise * luck), 2e-9);
    double present =
        1.0 - (double)(world->exited + world->exited_coop) / (double)state->users.count;
    double rise = world->monetisation - p->firm.monetisation_start;
    world->revenue = world->demand * present * (1.0 + p->firm.arpu_gain * rise);
    world->cost += p->firm.cost_speed * (p->firm.cost_share * world->revenue - world->cost);
    double result = world->revenue - world->cost;
    world->net_income += (result - world->net_income) / QUARTER;
    world->cash += result;
}

/* Growth of revenue over half a year as a yearly figure, bounded. */
static double revenue_growth(int64_t week, const struct parameters *p, const struct state *state)
{
    double before = state->weekly[later(week - HALF_YEAR, 0)].revenue;
    double change = log(greater(state->world->revenue, 1e-9)) - log(greater(before, 1e-9));
    return p->firm.growth_cap * tanh(2.0 * change / p->firm.growth_cap);
}

/* Distress from the fall of the price and from cash that runs out. */
static double distress(const struct world *world, double drawdown_weight)
{
    double drawdown = 1.0 - world->price / world->peak_price;
    double fallen = lesser(greater((drawdown - 0.25) / 0.5, 0.0), 1.0), scarce = 0.0;
    if (world->net_income < 0.0) {
        double runway = greater(world->cash, 0.0) / -world->net_income;
        scarce = lesser(greater(1.0 - runway / RUNWAY, 0.0), 1.0);
    }
    return drawdown_weight * fallen + (1.0 - drawdown_weight) * scarce;
}

void set_price(int64_t week, int64_t seed, const struct parameters *p, const struct state *state)
{
    struct world *world = state->world;
    double fundamental = log(greater(world->revenue, 1e-9))
                         + p->firm.growth_weight * revenue_growth(week, p, state)
                         + p->firm.trust_weight * (world->trust - p->shareholders.trust_start)
                         + (world->market - world->market_return);
    double shocks = world->market_return + p->firm.price_noise * normal(seed, STREAM_PRICE, week, 0)
                    - p->shareholders.selling_pressure * world->sold;
    double moved = world->log_price + p->firm.price_reversion * (fundamental - world->log_price)
                   + shocks;
    world->log_price = lesser(greater(moved, -20.0), 20.0);
    world->price = exp(world->log_price + p->events.takeover_premium * world->takeover
                       - p->events.closure_discount * world->closure);
    double reference = world->peak_price;
    reference += p->firm.peak_forgetting * (world->price - reference);
    world->peak_price = greater(reference, world->price);
    world->distress = distress(world, p->firm.drawdown_weight);
}

/* The governance deficit at which management aims as it answers the movement. */
static double deficit_aimed_at(const struct parameters *p, const struct world *world)
{
    double start = p->firm.governance_start;
    double strength = size_of_movement(people_active(world), world->half_size);
    if (world->converted != NONE)
        return 0.0;
    if (p->firm.policy == POLICY_CONCEDE)
        return start * (1.0 - p->firm.concession * strength);
    if (p->firm.policy == POLICY_RESIST)
        return start + p->firm.resistance * strength * (1.0 - start);
    return start;
}

void conduct_firm(int64_t week, const struct parameters *p, const struct state *state)
{
    struct world *world = state->world;
    double growth = greater(revenue_growth(week, p, state), 0.0);
    double aim = p->firm.monetisation_start + p->firm.responsiveness * world->distress
                 - p->firm.relaxation * growth;
    aim = lesser(greater(aim, 0.0), 1.0);
    world->monetisation += p->firm.monetisation_speed * (aim - world->monetisation);
    if (world->yielded != NONE)
        world->monetisation = lesser(world->monetisation, p->firm.monetisation_start);
    world->usual_monetisation +=
        p->dissatisfaction.habituation * (world->monetisation - world->usual_monetisation);
    double deficit = deficit_aimed_at(p, world) - world->governance_deficit;
    world->governance_deficit += p->firm.governance_speed * deficit;
    if (world->yielded != NONE && world->converted == NONE)
        world->governance_deficit = p->firm.governance_start * (1.0 - p->firm.concession);
    world->user_value = (double)world->value_sum / 4096.0 / (double)state->users.count;
    double ratio = world->user_value / world->user_value_start;
    world->value_gap = ratio <= world->price ? 0.0 : 1.0 - world->price / ratio;
}

/* Close the service: its users are gone, members of the cooperative to the cooperative. */
static void close_service(const struct state *state, int64_t week)
{
    const struct users *users = &state->users;
    struct world *world = state->world;
    for (int64_t i = 0; i < users->count; i++)
        if (!is_gone(users->status[i])) {
            world->dropped += is_active(users->status[i]);
            uint8_t gone = users->member[i] ? STATUS_EXITED_COOP : STATUS_EXITED;
            set_status(&state->network, users, world, i, gone);
        }
    memset(users->member, 0, (size_t)users->count);
    world->members = world->aware = world->dissatisfied = 0;
    world->dissatisfaction_sum = world->value_sum = world->resonance_sum = 0;
    world->closed = week;
}

/* Let management yield to the campaign: at once, for good, and as news of the movement. */
void yield_to_voice(const struct parameters *p, struct world *world, int64_t seed, int64_t week)
{
    bool campaigning = world->launched != NONE && world->organisers > 0;
    if (!campaigning || world->yielded != NONE || world->converted != NONE)
        return;
    double chance = p->firm.yielding * lesser(world->media, 1.0);
    if (uniform(seed, STREAM_YIELDING, week, 0) < chance) {
        world->yielded = week;
        make_news(world, week, p->media.event_gain);
    }
}

/* Begin a forced sale of a firm without cash; end one in closure or with a new owner. */
void face_creditors(const struct parameters *p, const struct state *state, int64_t seed,
                    int64_t week)
{
    struct world *world = state->world;
    if (world->converted != NONE || world->closed != NONE)
        return;
    if (world->for_sale == NONE) {
        double luck = uniform(seed, STREAM_CREDITORS, week, 0);
        if (world->cash < 0.0 && luck < p->firm.insolvency_rate)
            world->for_sale = week;
    } else if (week >= world->for_sale + p->conversion.pledge_window) {
        world->for_sale = NONE;
        if (uniform(seed, STREAM_CREDITORS, week, 1) < p->firm.closure_chance)
            close_service(state, week);
        else
            world->cash = p->firm.cash;
    }
}
