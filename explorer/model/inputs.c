/* What is the same for every user this week; as in sim/week_inputs.py. */

#include "model.h"

double causes_of_dissatisfaction(const struct parameters *p, double monetisation_rise,
                                 double governance_deficit, double trend, double scandal)
{
    double sum = p->dissatisfaction.base
                 + p->dissatisfaction.monetisation_weight * monetisation_rise
                 + p->dissatisfaction.governance_weight * governance_deficit + trend
                 + p->events.scandal_effect * scandal;
    return greater(sum, 0.0);
}

static double trend(int64_t week, const struct parameters *p)
{
    double past = (double)(week - p->dissatisfaction.ramp_start)
                  / (double)p->dissatisfaction.ramp_duration;
    return p->dissatisfaction.ramp_size * lesser(greater(past, 0.0), 1.0);
}

/* The chance that the campaign reaches a user. */
static double chance_to_be_reached(const struct parameters *p, const struct world *world,
                                   int64_t users)
{
    int64_t present = later(users - world->exited - world->exited_coop, 1);
    return 1.0
           - exp(-(p->awareness.media_reach * world->media
                   + p->awareness.outreach * (double)world->organisers / (double)present));
}

/* The dissatisfaction borne without dependence, less what the best alternative adds. */
static double borne(int64_t week, const struct parameters *p, const struct world *world)
{
    bool rival_there = p->exit.rival_week != NONE && week >= p->exit.rival_week;
    double best = rival_there ? p->exit.rival_quality : 0.0;
    if (world->spin_off != NONE)
        best = rival_there ? greater(best, p->exit.cooperative_quality)
                           : p->exit.cooperative_quality;
    return p->exit.threshold - best;
}

static void describe_campaign(const struct parameters *p, const struct world *world, int64_t users,
                              struct week_inputs *inputs)
{
    bool launched = world->launched != NONE;
    int64_t weeks = inputs->week - world->launched;
    double share = commons_budget(p->movement.framing, weeks, p->movement.second_stage_weeks);
    double reach = 0.0, rate = 0.0;
    inputs->campaigning = launched && world->organisers > 0 && world->converted == NONE;
    if (inputs->campaigning) {
        double organisers = (double)world->organisers * world->people_per_agent;
        reach = chance_to_be_reached(p, world, users);
        rate = p->persuasion.rate
               * campaign_voice(world->media, organisers, p->persuasion.organiser_half);
    }
    inputs->petition_open = inputs->campaigning && world->petition != NONE;
    inputs->waiting = p->movement.origin == ORIGIN_ENDOGENOUS && !launched;
    inputs->reach_chance = (float)reach;
    inputs->commons_budget = (float)(rate * share);
    inputs->cooperative_budget = (float)(rate * (1.0 - share));
}

struct week_inputs find_inputs(int64_t week, int64_t seed, const struct parameters *p,
                               const struct world *world, int64_t users)
{
    double scandal = world->yielded == NONE ? world->scandal : 0.0;
    double causes =
        causes_of_dissatisfaction(p, world->monetisation - world->usual_monetisation,
                                  world->governance_deficit, trend(week, p), scandal);
    double silent = (double)-(week - world->news_week) / p->participation.patience;
    double steepness = p->participation.steepness;
    double pull = world->spin_off != NONE ? p->exit.cooperative_pull : 0.0;
    struct week_inputs inputs = {
        .week = week,
        .seed = seed,
        PASSED_TO_USERS,
        .causes = (float)causes,
        .commons_scale = (float)(p->persuasion.commons_start / p->users.dependence_mean),
        .literacy_scale = (float)(p->persuasion.literacy_start / p->users.ownership_mean),
        .fatigue = (float)(p->participation.fatigue * (1.0 - exp(silent))),
        .signing_scale = (float)exp(-steepness * p->participation.signing_discount),
        .organiser_scale = (float)exp(steepness * p->participation.organising_premium),
        .return_rate = world->closed == NONE ? (float)p->exit.return_rate : 0.0f,
        .exit_threshold = (float)borne(week, p, world),
        .exit_steepness = (float)(1.0 / p->exit.softness),
        .cooperative_pull = (float)pull,
        .cooperative_stay = (float)(pull * p->exit.cooperative_stay),
    };
    describe_campaign(p, world, users, &inputs);
    return inputs;
}
