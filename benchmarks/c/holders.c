/* The shareholders' week, and their ballot. */

#include "model.h"

void take_stock(const struct shareholders *holders, struct world *world)
{
    const double *restrict holding = holders->holding, *restrict trust = holders->trust;
    double total = 0.0, ethical = 0.0;
    for (int64_t j = 0; j < holders->count; j++) {
        total += holding[j] * trust[j];
        ethical += holders->kind[j] == HOLDER_CLASS_ETHICAL ? holding[j] : 0.0;
    }
    world->trust = total;
    world->ethical = ethical;
}

void update_trust(const struct parameters *p, const struct shareholders *holders,
                  const struct world *world, double excess_return, double shock)
{
    double start = p->shareholders.trust_start, imitation = p->shareholders.imitation;
    double logit = log(start / (1.0 - start)) + p->shareholders.trust_gain * excess_return;
    double warranted = 1.0 / (1.0 + exp(-logit));
    double aim = (1.0 - imitation) * warranted + imitation * world->trust;
    const double *restrict speed = holders->speed;
    double *restrict trust = holders->trust;
    for (int64_t j = 0; j < holders->count; j++)
        trust[j] = share(trust[j] + speed[j] * (aim - trust[j]) - shock);
}

void trade(const struct parameters *p, const struct shareholders *holders, struct world *world)
{
    double start = p->shareholders.trust_start, rate = p->shareholders.selling_rate;
    const double *restrict trust = holders->trust;
    double *restrict holding = holders->holding;
    double offered = 0.0, demand = 0.0;
    for (int64_t j = 0; j < holders->count; j++) {
        demand += holding[j] * trust[j];
        offered += holding[j] * rate * most(start - trust[j], 0.0);
    }
    world->sold = demand > 0.0 ? offered : 0.0;
    if (world->sold > 0.0)
        for (int64_t j = 0; j < holders->count; j++) {
            double sold = holding[j] * rate * most(start - trust[j], 0.0);
            double bought = offered * (holding[j] * trust[j]) / demand;
            holding[j] += bought - sold;
        }
}

bool has_proponent(const struct parameters *p, const struct shareholders *holders,
                   const struct users *users)
{
    for (int64_t j = 0; j < holders->count; j++)
        if (holders->holding[j] >= p->vote.minimum_holding) {
            if (holders->kind[j] == HOLDER_CLASS_ETHICAL)
                return true;
            int32_t i = holders->user[j];
            if (i >= 0 && is_active(users->status[i]))
                return true;
        }
    return false;
}

double ballot(const struct parameters *p, const struct shareholders *holders,
              const struct users *users, const struct world *world, uint64_t seed, int64_t week)
{
    double heard = (double)world->resonance_sum / 4096.0 / (double)users->count;
    double opposed = p->firm.policy == POLICY_CONCEDE ? 0.0 : 1.0;
    double votes_for = 0.0, votes = 0.0;
    for (int64_t j = 0; j < holders->count; j++) {
        double turnout = p->vote.turnout_institutional;
        double inclination = p->vote.inclination_institutional;
        double advice = p->vote.board_institutional;
        if (holders->kind[j] == HOLDER_CLASS_RETAIL) {
            turnout = p->vote.turnout_retail;
            inclination = p->vote.inclination_retail;
            advice = p->vote.board_retail;
        } else if (holders->kind[j] == HOLDER_CLASS_ETHICAL) {
            turnout = p->vote.turnout_ethical;
            inclination = p->vote.inclination_ethical;
            advice = p->vote.board_ethical;
        }
        double echo = heard;
        int32_t i = holders->user[j];
        if (i >= 0)
            echo = users->aware[i]
                       ? resonance(users->commons_view[i], users->literacy[i], users->remedy[i],
                                   (float)p->persuasion.literacy_weight)
                       : 0.0;
        double logit = inclination
                       + p->vote.trust_effect * (p->shareholders.trust_start - holders->trust[j])
                       + p->vote.resonance_effect * echo - opposed * advice
                       + normal(seed, STREAM_BALLOT, week, (uint64_t)j);
        double fraction = 1.0 / (1.0 + exp(-logit));
        votes += holders->holding[j] * turnout;
        votes_for += holders->holding[j] * turnout * fraction;
    }
    return votes > 0.0 ? votes_for / votes : 0.0;
}
