/* A week of the world: its rules, in order, as in sim/week.py. */

#include "model.h"

enum { GROWTH_WEEKS = 4 };
static const double REFERENCE_BASE = 20000.0; /* people, to which the half saturation refers */

/* A shock that builds up over some weeks to 1 and then halves every half-life. */
static double shock(int64_t week, int64_t start, int64_t ramp, double half_life)
{
    if (start < 0 || week < start)
        return 0.0;
    int64_t age = week - start + 1, rising = later(ramp, 1);
    double rise = lesser((double)age / (double)rising, 1.0);
    return rise * exp2((double)-later(age - rising, 0) / half_life);
}

/* Threat, market, rumours and scandals. */
static void move_environment(int64_t week, int64_t seed, const struct parameters *p,
                             struct world *world)
{
    double level = p->threat.base
                   + p->threat.shock_size
                         * shock(week, p->threat.shock_week, p->threat.shock_ramp,
                                 p->threat.shock_half_life);
    double threat = world->threat + p->threat.speed * (lesser(level, 1.0) - world->threat)
                    + p->threat.noise * normal(seed, STREAM_THREAT, week, 0);
    world->threat = lesser(greater(threat, 0.0), 1.0);
    world->market_return = p->firm.market_volatility * normal(seed, STREAM_MARKET, week, 0);
    world->market += world->market_return;

    double closure = p->events.closure_size
                     * decaying(week, p->events.closure_week, p->events.closure_half_life);
    double takeover = p->events.takeover_size
                      * decaying(week, p->events.takeover_week, p->events.takeover_half_life);
    double scandal = p->events.scandal_size
                     * decaying(week, p->events.scandal_week, p->events.scandal_half_life);
    closure = lesser(closure, 1.0), takeover = lesser(takeover, 1.0);
    scandal = lesser(scandal, 1.0);
    world->events = p->media.closure_gain * greater(closure - world->closure, 0.0)
                    + p->media.takeover_gain * greater(takeover - world->takeover, 0.0)
                    + p->media.scandal_gain * greater(scandal - world->scandal, 0.0);
    world->closure = closure;
    world->takeover = takeover;
    world->scandal = scandal;
    world->people_per_agent = p->users.people_per_agent;
    double base = (double)p->users.count * world->people_per_agent;
    world->half_size = p->efficacy.half_saturation
                       * (1.0 + p->efficacy.relative * (base / REFERENCE_BASE - 1.0));
}

/* Expectation that the movement can succeed, the same for all users. */
static double efficacy(int64_t week, const struct parameters *p, const struct state *state)
{
    const struct world *world = state->world;
    double half = world->half_size, people = people_active(world);
    double agents_before =
        state->weekly[later(week - 1 - GROWTH_WEEKS, 0)].active * (double)state->users.count;
    double before = agents_before * world->people_per_agent;
    double opportunity = world->distress * (1.0 - p->efficacy.hopelessness * world->distress);
    double growth = greater(people - before, 0.0) / (people + half);
    return lesser(p->efficacy.opportunity_weight * opportunity
                      + p->efficacy.size_weight * size_of_movement(people, half)
                      + p->efficacy.growth_weight * growth,
                  1.0);
}

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

/* What is the same for every user this week; as in sim/week_inputs.py. */
static struct week_inputs find_inputs(int64_t week, int64_t seed, const struct parameters *p,
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

/* The standard normal quantile of a share (Hastings 1955). */
static double normal_quantile(double share)
{
    double t = sqrt(-2.0 * log(lesser(share, 1.0 - share)));
    double z = t
               - (2.515517 + t * (0.802853 + t * 0.010328))
                     / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    return share < 0.5 ? -z : z;
}

/* The number of successes whose distribution function reaches a uniform draw. */
static double binomial(double draw, int64_t trials, double chance)
{
    if (trials <= 0 || chance <= 0.0)
        return 0.0;
    if (chance >= 1.0)
        return (double)trials;
    double mean = (double)trials * chance;
    if (mean > 50.0) {
        double spread = sqrt(mean * (1.0 - chance));
        double most = floor(mean + spread * normal_quantile(draw) + 0.5);
        return lesser(greater(most, 0.0), (double)trials);
    }
    double probability = exp((double)trials * log1p(-chance)), total = probability;
    int64_t successes = 0;
    while (total < draw && successes < trials) {
        probability *= (double)(trials - successes) / ((double)successes + 1.0) * chance
                       / (1.0 - chance);
        successes++;
        total += probability;
    }
    return (double)successes;
}

static void move_users(int64_t week, int64_t seed, const struct parameters *p,
                       const struct state *state)
{
    struct world *world = state->world;
    world->efficacy = efficacy(week, p, state);
    struct week_inputs inputs = find_inputs(week, seed, p, world, state->users.count);
    decide(state, &inputs);
    take_effect(state);
    spread_news(state, &inputs);
    world->acting = 0.0;
    if (inputs.waiting) {
        double people = rint((double)world->potential / READY * world->people_per_agent);
        world->acting = binomial(uniform(seed, STREAM_ACTING, week, 0), (int64_t)people,
                                 p->movement.act_rate);
    }
}

static void advance_week(int64_t week, int64_t seed, const struct parameters *p,
                         const struct state *state)
{
    move_environment(week, seed, p, state->world);
    run_business(week, seed, p, state);
    set_price(week, seed, p, state);
    conduct_firm(week, p, state);
    move_shareholders(week, p, state);
    state->world->acts = 0.0;
    move_users(week, seed, p, state);
    launch(p, seed, state, week);
    open_petition(p, state->world, week);
    change_argument(p, state->world, week);
    act_together(p, seed, state, week);
    update_media(p, state->world);
    observe(week, state);
}

void advance_to(int64_t first, int64_t last, int64_t seed, const struct parameters *p,
                const struct state *state)
{
    for (int64_t week = first + 1; week <= last; week++)
        advance_week(week, seed, p, state);
}

void observe(int64_t week, const struct state *state)
{
    const struct world *world = state->world;
    double users = (double)state->users.count;
    int64_t gone = world->exited + world->exited_coop;
    bool voted = world->support >= 0.0;
    state->weekly[week] = (struct week){
        .week = week,
        PASSED_TO_WEEK,
        .dissatisfaction = (double)world->dissatisfaction_sum / 4096.0
                           / (double)later(state->users.count - gone, 1),
        .dissatisfied = (double)world->dissatisfied / users,
        .aware = (double)world->aware / users,
        .commons_view = (double)world->commons_sum / 4096.0 / users,
        .literacy = (double)world->literacy_sum / 4096.0 / users,
        .supporters = (double)world->supporters / users,
        .organisers = (double)world->organisers / users,
        .active = (double)(world->supporters + world->organisers) / users,
        .exited = (double)world->exited / users,
        .exited_coop = (double)world->exited_coop / users,
        .members = (double)(world->exited_coop + world->members) / users,
        .joined = (double)world->joined / users,
        .joined_peers = (double)world->joined_peers / users,
        .dropped = (double)world->dropped / users,
        .signatures = (double)world->signatures * world->people_per_agent,
        .turnout = voted ? world->turnout : NAN,
        .vote_share = voted ? world->support : NAN,
        .admitted = world->filed != NONE && world->admitted == 1,
        .filed = world->filed != NONE,
        .yielded = world->yielded != NONE,
        .for_sale = world->for_sale != NONE,
        .closed = world->closed != NONE,
        .spin_off = world->spin_off != NONE,
        .converted = world->converted != NONE,
    };
}
