/* The movement's week: launch, media, proposals, pledges, spin-off. */

#include "model.h"

#define YEAR 52    /* weeks between meetings */
#define BARRED 156 /* weeks without a vote on the proposal after too little support */

static void appoint(const struct state *state, struct world *world, int64_t i)
{
    const struct users *users = &state->users;
    world->aware += 1 - users->aware[i];
    users->aware[i] = 1;
    users->expected[i] = (float)world->efficacy;
    world->launch_organisers++;
    set_status(&state->network, users, world, i, STATUS_ORGANISER);
}

/* List the present users with the highest literacy, earlier ones first; return how many. */
static int64_t find_most_literate(const struct users *users, int64_t wanted, int32_t *chosen)
{
    int64_t found = 0;
    while (found < wanted) {
        int64_t best = -1;
        for (int64_t i = 0; i < users->count; i++) {
            bool eligible = !is_gone(users->status[i]);
            for (int64_t k = 0; k < found && eligible; k++)
                eligible = i != chosen[k];
            if (eligible && (best < 0 || users->literacy[i] > users->literacy[best]))
                best = i;
        }
        if (best < 0)
            break;
        chosen[found++] = (int32_t)best;
    }
    return found;
}

double launch(const struct parameters *p, const struct state *state, struct world *world,
              int64_t week, int64_t acted)
{
    const struct users *users = &state->users;
    if (world->launched != NONE)
        return 0.0;
    if (p->movement.origin == ORIGIN_GIVEN && week == p->movement.launch_week) {
        int64_t wanted = (int64_t)rint(p->movement.organisers / world->people_per_agent);
        wanted = wanted < 1 ? 1 : wanted > users->count ? users->count : wanted;
        int64_t found = find_most_literate(users, wanted, state->workspace.listed);
        for (int64_t k = 0; k < found; k++)
            appoint(state, world, state->workspace.listed[k]);
    } else if (p->movement.origin == ORIGIN_ENDOGENOUS && acted > 0
               && acted * world->people_per_agent >= p->movement.acts_to_launch) {
        for (int64_t i = 0; i < users->count; i++)
            if (users->acted[i] > week - ACTS_WITHIN && !is_gone(users->status[i]))
                appoint(state, world, i);
    }
    if (world->launch_organisers == 0)
        return 0.0;
    world->launched = week;
    return 1.0;
}

static int64_t next_meeting(int64_t week, int64_t first_meeting, int64_t filing_lead)
{
    int64_t earliest = week + filing_lead;
    if (earliest <= first_meeting)
        return first_meeting;
    return first_meeting + YEAR * ((earliest - first_meeting + YEAR - 1) / YEAR);
}

double file_proposal(const struct parameters *p, const struct state *state, struct world *world,
                     int64_t week)
{
    double people = world->organisers * world->people_per_agent;
    if (world->launched == NONE || world->filed != NONE || world->study_start != NONE
        || world->organisers == 0 || people < p->vote.organisers_needed
        || !has_proponent(p, &state->shareholders, &state->users))
        return 0.0;
    int64_t meeting = next_meeting(week, p->vote.first_meeting, p->vote.filing_lead);
    if (meeting < world->barred_until)
        return 0.0;
    world->filed = meeting;
    return 1.0;
}

static double resubmission_threshold(int64_t regime, int64_t submissions)
{
    if (regime == REGIME_UNTIL_2020)
        return submissions <= 1 ? 0.03 : submissions == 2 ? 0.06 : 0.10;
    return submissions <= 1 ? 0.05 : submissions == 2 ? 0.15 : 0.25;
}

static void begin_study(struct world *world, int64_t week)
{
    if (world->study_start == NONE)
        world->study_start = week;
}

static void lose_vote(const struct parameters *p, const struct state *state, struct world *world,
                      uint64_t seed, int64_t week)
{
    const struct users *users = &state->users;
    for (int64_t i = 0; i < users->count; i++)
        if (is_active(users->status[i])) {
            double chance = p->participation.loss_dropout * (double)users->goals[3 * i];
            if (uniform(seed, STREAM_LOST_VOTE, week, (uint64_t)i) < chance) {
                set_status(&state->network, users, world, i, STATUS_BYSTANDER);
                world->dropped++;
            }
        }
}

double hold_meeting(const struct parameters *p, const struct state *state, struct world *world,
                    uint64_t seed, int64_t week)
{
    world->support = -1.0;
    if (world->filed != week)
        return 0.0;
    world->filed = NONE;
    if (world->converted != NONE)
        return 0.0;
    world->submissions++;
    world->support = ballot(p, &state->shareholders, &state->users, world, seed, week);
    world->best_support = most(world->best_support, world->support);
    if (world->support >= resubmission_threshold(p->vote.regime, world->submissions))
        world->recognised = 1;
    else
        world->barred_until = week + BARRED;
    if (world->support > 0.5)
        begin_study(world, week);
    else
        lose_vote(p, state, world, seed, week);
    return 1.0;
}

void concede(const struct parameters *p, struct world *world, int64_t week)
{
    if (p->firm.policy == POLICY_CONCEDE && world->launched != NONE
        && strength(people_active(world), p->efficacy.half_saturation)
               >= p->firm.concession_strength)
        begin_study(world, week);
}

void collect_pledges(const struct parameters *p, const struct users *users, struct world *world,
                     int64_t week)
{
    world->pledged = 0.0;
    if (world->converted != NONE || world->study_start == NONE)
        return;
    int64_t opened = world->study_start + p->conversion.feasibility_weeks;
    if (week < opened || week >= opened + p->conversion.pledge_window)
        return;
    double total = 0.0;
    for (int64_t i = 0; i < users->count; i++)
        if (is_active(users->status[i]))
            total += p->conversion.pledge * (double)users->ownership[i] / p->users.ownership_mean;
    world->pledged = total / (double)users->count;
    if (world->pledged >= p->conversion.control_price * world->price)
        world->converted = week;
}

void found_spin_off(const struct parameters *p, const struct users *users, struct world *world,
                    int64_t week)
{
    if (world->spin_off != NONE || world->organisers == 0)
        return;
    double founders = 0.0;
    for (int64_t i = 0; i < users->count; i++)
        if (users->status[i] == STATUS_ORGANISER)
            founders += (double)users->goals[3 * i + 1];
    if (founders * world->people_per_agent >= p->movement.spin_off_founders)
        world->spin_off = week;
}

void update_media(const struct parameters *p, struct world *world, double news)
{
    if (world->launched == NONE)
        return;
    double new_agents =
        (double)world->joined + p->media.petition_weight * (double)world->new_signatures;
    double new_people = new_agents * world->people_per_agent;
    double feed = p->media.supporter_gain * new_people / (new_people + p->media.half_saturation)
                  + p->media.event_gain * (news + world->events);
    double trust_lost = most(p->shareholders.trust_start - world->trust, 0.0);
    double pull = (1.0 + p->media.trust_amplification * trust_lost)
                  * (1.0 - p->media.threat_crowding * world->threat);
    world->media = least(world->media * exp2(-1.0 / p->media.half_life) + feed * pull, 1.0);
}
