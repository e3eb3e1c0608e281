/* What the movement does after its launch: proposals, pledges, the spin-off. */

#include "model.h"

enum { YEAR = 52, BARRED = 156 }; /* weeks between meetings; without a vote after a defeat */

/* The first meeting for which a proposal may still be filed this week. */
static int64_t next_meeting(int64_t week, int64_t first_meeting, int64_t filing_lead)
{
    int64_t earliest = week + filing_lead;
    if (earliest <= first_meeting)
        return first_meeting;
    return first_meeting + YEAR * ((earliest - first_meeting + YEAR - 1) / YEAR);
}

static void file_proposal(const struct parameters *p, const struct state *state, int64_t week)
{
    struct world *world = state->world;
    double people = (double)world->organisers * world->people_per_agent;
    if (world->launched == NONE || world->filed != NONE || world->study_start != NONE
        || world->organisers == 0 || people < p->vote.organisers_needed
        || !has_proponent(p, &state->shareholders, &state->users))
        return;
    int64_t meeting = next_meeting(week, p->vote.first_meeting, p->vote.filing_lead);
    if (meeting < world->barred_until)
        return;
    world->filed = meeting;
    world->filed_week = week;
    world->admitted = NONE;
    make_news(world, week, p->media.event_gain);
}

/* Admit the proposal to the ballot, or bar it from the meeting. */
static void admit(const struct parameters *p, struct world *world, int64_t seed, int64_t week)
{
    if (world->filed == NONE || world->admitted != NONE)
        return;
    int64_t decided = world->filed_week + p->vote.admission_weeks;
    if (week < decided && week < world->filed)
        return;
    if (uniform(seed, STREAM_ADMISSION, world->filed, 0) < p->vote.admission_chance) {
        world->admitted = 1;
        make_news(world, week, p->media.event_gain);
    } else {
        world->admitted = 0;
        world->barred_until = world->filed + 1;
        world->filed = NONE;
    }
}

static void begin_study(struct world *world, int64_t week)
{
    if (world->study_start == NONE)
        world->study_start = week;
}

/* Active users drop out after a lost vote, in proportion to their goal of conversion. */
static void lose_vote(const struct parameters *p, const struct state *state, int64_t seed,
                      int64_t week)
{
    const struct users *users = &state->users;
    for (int64_t i = 0; i < users->count; i++)
        if (is_active(users->status[i])) {
            double chance = p->participation.loss_dropout * (double)users->goals[3 * i];
            if (uniform(seed, STREAM_LOST_VOTE, week, i) < chance) {
                set_status(&state->network, users, state->world, i, STATUS_BYSTANDER);
                state->world->dropped++;
            }
        }
}

/* Support needed to file again after the first, second or a later submission. */
static double resubmission_threshold(int64_t regime, int64_t submissions)
{
    static const double until_2020[] = {0.03, 0.06, 0.10}, since[] = {0.05, 0.15, 0.25};
    int64_t place = submissions <= 1 ? 0 : submissions == 2 ? 1 : 2;
    return regime == REGIME_UNTIL_2020 ? until_2020[place] : since[place];
}

/* Vote on the proposal filed for this week. */
static void hold_meeting(const struct parameters *p, const struct state *state, int64_t seed,
                         int64_t week)
{
    struct world *world = state->world;
    world->support = -1.0;
    if (world->filed != week)
        return;
    world->filed = NONE;
    if (world->converted != NONE || world->closed != NONE)
        return;
    world->submissions++;
    ballot(p, state, seed, week);
    world->best_support = greater(world->best_support, world->support);
    if (world->support >= resubmission_threshold(p->vote.regime, world->submissions))
        world->recognised = 1;
    else
        world->barred_until = week + BARRED;
    if (world->support > 0.5)
        begin_study(world, week);
    else
        lose_vote(p, state, seed, week);
    make_news(world, week, p->media.event_gain);
}

/* A conceding board begins the study when the movement is strong enough. */
static void concede(const struct parameters *p, struct world *world, int64_t week)
{
    if (p->firm.policy != POLICY_CONCEDE || world->launched == NONE)
        return;
    double strength = size_of_movement(people_active(world), world->half_size);
    if (strength >= p->firm.concession_strength)
        begin_study(world, week);
}

/* Whether pledges are collected after the study. */
static bool is_collecting(const struct parameters *p, const struct world *world, int64_t week)
{
    int64_t opened = world->study_start + p->conversion.feasibility_weeks;
    return world->study_start >= 0 && opened <= week && week < opened + p->conversion.pledge_window;
}

/* Collect pledges after the study or in a forced sale, until they buy control. */
static void collect_pledges(const struct parameters *p, const struct state *state, int64_t week)
{
    const struct users *users = &state->users;
    struct world *world = state->world;
    bool for_sale = world->for_sale != NONE;
    world->pledged = 0.0;
    if (world->converted != NONE || world->closed != NONE
        || !(for_sale || is_collecting(p, world, week)))
        return;
    double total = 0.0;
    for (int64_t i = 0; i < users->count; i++)
        if (is_active(users->status[i]))
            total += p->conversion.pledge * (double)users->ownership[i] / p->users.ownership_mean;
    world->pledged = total / (double)users->count;
    double sale_share = for_sale ? p->conversion.liquidation_share : 1.0;
    if (world->pledged >= p->conversion.control_price * world->price * sale_share) {
        world->converted = week;
        world->for_sale = NONE;
    }
}

/* Found the spin-off when organisers whose goal it is are enough. */
static void found_spin_off(const struct parameters *p, const struct state *state, int64_t week)
{
    const struct users *users = &state->users;
    struct world *world = state->world;
    double enough = p->movement.spin_off_founders, founders = 0.0;
    if (world->spin_off != NONE || world->organisers == 0
        || (double)world->organisers * world->people_per_agent < enough)
        return;
    for (int64_t i = 0; i < users->count; i++)
        if (users->status[i] == STATUS_ORGANISER)
            founders += (double)users->goals[3 * i + 1];
    if (founders * world->people_per_agent >= enough) {
        world->spin_off = week;
        make_news(world, week, p->media.event_gain);
    }
}

void act_together(const struct parameters *p, int64_t seed, const struct state *state, int64_t week)
{
    file_proposal(p, state, week);
    admit(p, state->world, seed, week);
    hold_meeting(p, state, seed, week);
    concede(p, state->world, week);
    yield_to_voice(p, state->world, seed, week);
    face_creditors(p, state, seed, week);
    collect_pledges(p, state, week);
    found_spin_off(p, state, week);
}
