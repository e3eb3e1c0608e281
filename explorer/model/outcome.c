/* What a run came to, as in sim/outcome.py; without the twin, hence without the grade. */

#include "model.h"

/* People organising beyond those who launched. */
static double organisers_beyond(const struct state *state, int64_t week)
{
    const struct week *row = &state->weekly[week];
    int64_t launched = state->world->launched;
    if (launched == NONE || week < launched)
        return 0.0;
    double agents = rint(row->organisers * (double)state->users.count);
    double beyond = greater(agents - (double)state->world->launch_organisers, 0.0);
    return beyond * row->people_per_agent;
}

/* Whether people act together in a week in a way that costs something. */
static bool is_collective_act(const struct parameters *p, const struct week *row)
{
    return row->admitted > 0.0 || row->pledged > 0.0 || row->signatures > p->emergence.petition;
}

/* The first week of a spell of enough organisers that lasts and in which they act; NaN if none. */
static double emergence_week(const struct parameters *p, const struct state *state, int64_t week)
{
    int64_t length = 0;
    bool acted = false;
    for (int64_t each = 0; each <= week; each++) {
        bool enough = organisers_beyond(state, each) >= p->emergence.organisers;
        length = enough ? length + 1 : 0;
        acted = enough && (acted || is_collective_act(p, &state->weekly[each]));
        if (enough && acted && length >= p->emergence.spell)
            return (double)(each - length + 1);
    }
    return NAN;
}

/* Mean weeks of taking part, weighted by each goal, of all who ever took part; NaN if nobody did. */
static void find_weeks_by_goal(const struct users *users, double *weeks)
{
    double sums[3] = {0.0}, weights[3] = {0.0};
    for (int64_t i = 0; i < users->count; i++)
        for (int64_t k = 0; k < 3 && users->expected[i] >= 0.0f; k++) {
            double goal = (double)users->goals[3 * i + k];
            sums[k] += (double)users->weeks_active[i] * goal;
            weights[k] += goal;
        }
    for (int64_t k = 0; k < 3; k++)
        weeks[k] = sums[k] / weights[k];
}

void find_outcome(const struct parameters *p, const struct state *state, int64_t week,
                  double *outcome)
{
    const struct world *world = state->world;
    outcome[EMERGENCE_WEEK] = emergence_week(p, state, week);
    outcome[EMERGED] = !isnan(outcome[EMERGENCE_WEEK]);
    outcome[PEAK_ORGANISERS] = 0.0;
    for (int64_t each = 0; each <= week; each++)
        outcome[PEAK_ORGANISERS] =
            greater(outcome[PEAK_ORGANISERS], organisers_beyond(state, each));
    outcome[SIGNATURES] = state->weekly[week].signatures;
    outcome[CONVERTED_WEEK] = world->converted != NONE ? (double)world->converted : NAN;
    outcome[VOTE] = world->submissions > 0 ? world->best_support : NAN;
    find_weeks_by_goal(&state->users, outcome + WEEKS_CONVERT);
}
