/* The shareholders' week, and their ballot; as in sim/holder_week.py. */

#include "model.h"

/* The stock that a holder sells who lost trust. */
static double sale(const struct parameters *p, const struct shareholders *holders, int64_t j)
{
    double lost = greater(p->shareholders.trust_start - holders->trust[j], 0.0);
    return holders->holding[j] * p->shareholders.selling_rate * lost;
}

static void update_trust(const struct parameters *p, const struct shareholders *holders,
                         const struct world *world, double excess_return, double shock)
{
    double start = p->shareholders.trust_start, imitation = p->shareholders.imitation;
    double logit = log(start / (1.0 - start)) + p->shareholders.trust_gain * excess_return;
    double warranted = 1.0 / (1.0 + exp(-logit));
    double aim = (1.0 - imitation) * warranted + imitation * world->trust;
    for (int64_t j = 0; j < holders->count; j++) {
        double trust = holders->trust[j];
        trust = trust + holders->speed[j] * (aim - trust) - shock;
        holders->trust[j] = lesser(greater(trust, 0.0), 1.0);
    }
}

/* Holders who lost trust sell to the others, in proportion to holding and trust. */
static void trade(const struct parameters *p, const struct shareholders *holders,
                  struct world *world)
{
    double offered = 0.0, demand = 0.0;
    for (int64_t j = 0; j < holders->count; j++) {
        demand += holders->holding[j] * holders->trust[j];
        offered += sale(p, holders, j);
    }
    world->sold = demand > 0.0 ? offered : 0.0;
    if (!(world->sold > 0.0))
        return;
    for (int64_t j = 0; j < holders->count; j++) {
        double bought = offered * (holders->holding[j] * holders->trust[j]) / demand;
        holders->holding[j] += bought - sale(p, holders, j);
    }
}

void take_stock(const struct shareholders *holders, struct world *world)
{
    double total = 0.0, ethical = 0.0;
    for (int64_t j = 0; j < holders->count; j++) {
        total += holders->holding[j] * holders->trust[j];
        ethical += holders->kind[j] == HOLDERCLASS_ETHICAL ? holders->holding[j] : 0.0;
    }
    world->trust = total;
    world->ethical = ethical;
}

void move_shareholders(int64_t week, const struct parameters *p, const struct state *state)
{
    struct world *world = state->world;
    const struct week *before = &state->weekly[later(week - QUARTER, 0)];
    double excess =
        (log(world->price) - log(before->price)) - (world->market - before->market);
    int64_t shock_week = p->shareholders.trust_shock_week;
    bool shocked = shock_week >= 0 && week == later(shock_week, 1);
    update_trust(p, &state->shareholders, world, excess,
                 shocked ? p->shareholders.trust_shock_size : 0.0);
    trade(p, &state->shareholders, world);
    take_stock(&state->shareholders, world);
}

bool has_proponent(const struct parameters *p, const struct shareholders *holders,
                   const struct users *users)
{
    for (int64_t j = 0; j < holders->count; j++)
        if (holders->holding[j] >= p->vote.minimum_holding) {
            int32_t i = holders->user[j];
            if (holders->kind[j] == HOLDERCLASS_ETHICAL || (i >= 0 && is_active(users->status[i])))
                return true;
        }
    return false;
}

/* How far the call resonates with a holder: as with the user whom the holder is, if any. */
static double heard_by(const struct parameters *p, const struct users *users, int32_t i,
                       double heard)
{
    if (i < 0)
        return heard;
    if (!users->aware[i])
        return 0.0;
    return resonance(users, i, (float)p->persuasion.literacy_weight);
}

void ballot(const struct parameters *p, const struct state *state, int64_t seed, int64_t week)
{
    const struct users *users = &state->users;
    const struct shareholders *holders = &state->shareholders;
    struct world *world = state->world;
    double heard = (double)world->resonance_sum / 4096.0 / (double)users->count;
    double opposed = p->firm.policy == POLICY_CONCEDE ? 0.0 : 1.0;
    double votes_for = 0.0, votes = 0.0, at_brokers = 0.0;
    for (int64_t j = 0; j < holders->count; j++) {
        double turnout = p->vote.turnout_institutional, advice = p->vote.board_institutional;
        double inclination = p->vote.inclination_institutional;
        if (holders->kind[j] == HOLDERCLASS_RETAIL) {
            turnout = p->vote.turnout_retail, advice = p->vote.board_retail;
            inclination = p->vote.inclination_retail;
        } else if (holders->kind[j] == HOLDERCLASS_ETHICAL) {
            turnout = p->vote.turnout_ethical, advice = p->vote.board_ethical;
            inclination = p->vote.inclination_ethical;
        }
        double echo = heard_by(p, users, holders->user[j], heard);
        double lost = p->shareholders.trust_start - holders->trust[j];
        double logit = inclination + p->vote.trust_effect * lost + p->vote.resonance_effect * echo
                       - opposed * advice + normal(seed, STREAM_BALLOT, week, j);
        double fraction = 1.0 / (1.0 + exp(-logit));
        if (uniform(seed, STREAM_TURNOUT, week, j) < turnout) {
            votes += holders->holding[j];
            votes_for += holders->holding[j] * fraction;
        } else if (holders->kind[j] == HOLDERCLASS_RETAIL) {
            at_brokers += holders->holding[j] * p->vote.broker_share;
        }
    }
    world->support = votes > 0.0 ? votes_for / votes : 0.0;
    world->turnout = votes;
    world->broker_nonvotes = votes + at_brokers > 0.0 ? at_brokers / (votes + at_brokers) : 0.0;
}
