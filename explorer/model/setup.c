/* Week 0: drawing users and shareholders, and the world at rest; as in sim/setup.py. */

#include "model.h"

static const double DEPENDENCE_CONCENTRATION = 5.0, TRAIT_CONCENTRATION = 4.0;

/* The value of a quantile table at a probability, interpolated. */
static float quantile(const float *table, float share)
{
    float position = share * (float)STEPS;
    int32_t below = (int32_t)position;
    float rest = position - (float)below;
    return table[below] + rest * (table[below + 1] - table[below]);
}

static float limited(float x) { return x < 1.0f ? x : 1.0f; }

/* Draw a user's goals, and how fast the user tires. */
static void draw_goals(const struct users *users, int64_t i, const float *gamma, uint64_t first,
                       uint64_t second, double patience)
{
    uint64_t luck = word(first, (uint64_t)i);
    float convert = quantile(gamma, high_share(luck)), spread = quantile(gamma, middle_share(luck));
    float promote = quantile(gamma, high_share(word(second, (uint64_t)i)));
    float total = convert + spread + promote;
    users->goals[3 * i] = convert / total;
    users->goals[3 * i + 1] = spread / total;
    users->goals[3 * i + 2] = promote / total;
    users->wear[i] = (float)(1.0 - patience * (double)(1.0f - convert / total));
}

static void draw_users(int64_t seed, const struct parameters *p, const struct state *state)
{
    const struct users *users = &state->users;
    const int64_t *offsets = state->network.offsets;
    float dependence[STEPS + 1], trait[STEPS + 1], ownership[STEPS + 1], threat[STEPS + 1];
    float normals[STEPS + 1], gamma[STEPS + 1];
    beta_table(p->users.dependence_mean, DEPENDENCE_CONCENTRATION, dependence);
    beta_table(0.5, TRAIT_CONCENTRATION, trait);
    beta_table(p->users.ownership_mean, TRAIT_CONCENTRATION, ownership);
    beta_table(p->users.threat_sensitivity_mean, TRAIT_CONCENTRATION, threat);
    normal_table(normals);
    gamma_table(p->users.goal_concentration, gamma);
    uint64_t key[3], goals[2];
    for (uint64_t k = 0; k < 3; k++)
        key[k] = luck_key((uint64_t)seed, STREAM_USER_TRAITS, k);
    for (uint64_t k = 0; k < 2; k++)
        goals[k] = luck_key((uint64_t)seed, STREAM_USER_GOALS, k);
    float cost_mean = (float)p->participation.cost_mean;
    float cost_sd = (float)p->participation.cost_sd;
    float other_remedy = (float)p->persuasion.remedy_share;
    float commons_scale = (float)(p->persuasion.commons_start / p->users.dependence_mean);
    float literacy_scale = (float)(p->persuasion.literacy_start / p->users.ownership_mean);
    for (int64_t i = 0; i < users->count; i++) {
        uint64_t luck = word(key[0], (uint64_t)i);
        users->dependence[i] = quantile(dependence, high_share(luck));
        users->sensitivity[i] = 2.0f * quantile(trait, middle_share(luck));
        float asks = low_share(luck);
        users->remedy[i] = asks >= other_remedy          ? REMEDY_OWNERSHIP
                           : asks < 0.5f * other_remedy ? REMEDY_LEAVING
                                                         : REMEDY_REGULATION;
        luck = word(key[1], (uint64_t)i);
        users->threat_sensitivity[i] = quantile(threat, high_share(luck));
        users->ownership[i] = quantile(ownership, middle_share(luck));
        luck = word(key[2], (uint64_t)i);
        users->cost[i] = cost_mean + cost_sd * quantile(normals, high_share(luck));
        draw_goals(users, i, gamma, goals[0], goals[1], p->participation.goal_patience);
        users->commons_view[i] = limited(commons_scale * users->dependence[i]);
        users->literacy[i] = limited(literacy_scale * users->ownership[i]);
        int64_t degree = offsets[i + 1] - offsets[i];
        users->degree_inverse[i] = degree > 0 ? 1.0f / (float)degree : 0.0f;
        users->expected[i] = -1.0f;
    }
}

/* Draw holdings (Pareto within classes whose totals are given), classes and identities. */
static void draw_holders(int64_t seed, const struct parameters *p,
                         const struct shareholders *holders, int64_t users)
{
    const uint64_t luck = STREAM_HOLDERS;
    double institutional = p->shareholders.institutional_share;
    double ethical = p->shareholders.ethical_share, totals[3] = {0.0, 0.0, 0.0};
    double shares[3] = {institutional, 1.0 - institutional - ethical, ethical};
    for (int64_t j = 0; j < holders->count; j++) {
        double draw = uniform(seed, luck, 1, j);
        uint8_t kind = HOLDERCLASS_RETAIL;
        if (draw < shares[HOLDERCLASS_INSTITUTIONAL])
            kind = HOLDERCLASS_INSTITUTIONAL;
        else if (draw >= shares[HOLDERCLASS_INSTITUTIONAL] + shares[HOLDERCLASS_RETAIL])
            kind = HOLDERCLASS_ETHICAL;
        if (j < 3) /* every class has at least one holder */
            kind = (uint8_t)j;
        holders->kind[j] = kind;
        holders->holding[j] = pow(uniform(seed, luck, 0, j), -1.0 / p->shareholders.tail);
        totals[kind] += holders->holding[j];
        holders->user[j] = NONE;
        if (kind != HOLDERCLASS_INSTITUTIONAL
            && uniform(seed, luck, 2, j) < p->shareholders.user_share)
            holders->user[j] = (int32_t)(uniform(seed, luck, 3, j) * (double)users);
        holders->speed[j] = p->shareholders.trust_speed * (0.5 + uniform(seed, luck, 4, j));
        holders->trust[j] = p->shareholders.trust_start;
    }
    for (int64_t j = 0; j < holders->count; j++)
        holders->holding[j] *= shares[holders->kind[j]] / totals[holders->kind[j]];
}

/* The literacy of the top decile. */
static double top_literacy(const struct parameters *p)
{
    float ownership[STEPS + 1];
    beta_table(p->users.ownership_mean, TRAIT_CONCENTRATION, ownership);
    const int below = STEPS * 9 / 10;
    double slope = ((double)ownership[below + 1] - (double)ownership[below])
                   / ((double)(below + 1) / STEPS - (double)below / STEPS);
    double top = slope * (0.9 - (double)below / STEPS) + (double)ownership[below];
    return lesser(p->persuasion.literacy_start / p->users.ownership_mean * top, 1.0);
}

static void start_world(const struct parameters *p, const struct state *state)
{
    const struct users *users = &state->users;
    struct world *world = state->world;
    world->threat = p->threat.base;
    world->people_per_agent = p->users.people_per_agent;
    world->demand = world->revenue = world->price = world->peak_price = 1.0;
    world->cost = p->firm.cost_share;
    world->net_income = 1.0 - p->firm.cost_share;
    world->cash = p->firm.cash;
    world->monetisation = world->usual_monetisation = p->firm.monetisation_start;
    world->governance_deficit = p->firm.governance_start;
    take_stock(&state->shareholders, world);
    world->trust = p->shareholders.trust_start;
    world->launched = world->petition = world->filed = world->study_start = NONE;
    world->converted = world->spin_off = world->yielded = world->for_sale = world->closed = NONE;
    world->support = world->turnout = -1.0;
    world->literacy_top = top_literacy(p);
    float causes =
        (float)causes_of_dissatisfaction(p, 0.0, p->firm.governance_start, 0.0, 0.0);
    for (int64_t i = 0; i < users->count; i++)
        users->dissatisfaction[i] = limited(users->sensitivity[i] * causes);
    sum_up(users, world, (float)p->persuasion.literacy_weight);
    world->user_value = (double)world->value_sum / 4096.0 / (double)users->count;
    world->user_value_start = greater(world->user_value, 1e-9);
}

void set_up(int64_t seed, const struct parameters *p, const struct state *state)
{
    draw_users(seed, p, state);
    draw_holders(seed, p, &state->shareholders, state->users.count);
    start_world(p, state);
    observe(0, state);
}
