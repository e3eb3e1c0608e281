/* The laboratory as a library: worlds are made, run week by week, read and freed.

   model.js calls it in a browser or in Node, tests call it from Python. */

#include "model.h"

#include "description.h"

#if defined __wasm__
#define EXPORTED(name) __attribute__((export_name(#name)))
#else
#define EXPORTED(name)
#endif

struct run {
    struct parameters p;
    int64_t seed, week;
    struct state state;
    double *table; /* the weekly table, a column after another, NaN for weeks to come */
    double outcome[OUTCOMES];
};

/* Parameters, columns and outcomes by name, as JSON. */
EXPORTED(lab_description) const char *lab_description(void) { return DESCRIPTION; }

/* Room for the parameters of the next world, in the order of the description. */
EXPORTED(lab_parameters) double *lab_parameters(void)
{
    static double values[PARAMETERS];
    return values;
}

static void make_workspace(struct workspace *workspace, size_t users)
{
    workspace->count = 4;
    workspace->words = claim(sizeof(uint64_t) * 4 * (TILE / 2));
    workspace->bits = (uint32_t *)workspace->words; /* the same memory: 32 bits a user */
    workspace->utility = claim(sizeof(float) * TILE);
    workspace->reached = claim(TILE);
    workspace->selected = claim(sizeof(int32_t) * users + sizeof(int32_t));
    workspace->heard = claim(sizeof(int32_t) * users);
    workspace->marked = claim(users);
}

/* Make a world at week 0; return NULL if its network cannot be drawn. */
EXPORTED(lab_world) struct run *lab_world(double seed)
{
    struct run *run = claim(sizeof *run);
    struct state *state = &run->state;
    read_parameters(&run->p, lab_parameters());
    run->seed = (int64_t)seed;
    if (!lay_ties(&run->p, (uint64_t)run->seed, &state->network)) {
        free(run);
        return NULL;
    }
    state->users.count = run->p.users.count;
    state->shareholders.count = run->p.shareholders.count;
#define MAKE_USERS(type, name, width)                                                              \
    state->users.name = claim(sizeof(type) * width * (size_t)state->users.count);
#define MAKE_HOLDERS(type, name, width)                                                            \
    state->shareholders.name = claim(sizeof(type) * width * (size_t)state->shareholders.count);
    USERS_ARRAYS(MAKE_USERS)
    SHAREHOLDERS_ARRAYS(MAKE_HOLDERS)
    make_workspace(&state->workspace, (size_t)state->users.count);
    size_t weeks = (size_t)run->p.horizon + 1;
    state->world = claim(sizeof *state->world);
    state->weekly = claim(sizeof *state->weekly * weeks);
    run->table = claim(sizeof(double) * COLUMNS * weeks);
    for (size_t k = 0; k < COLUMNS * weeks; k++)
        run->table[k] = NAN;
    set_up(run->seed, &run->p, state);
    write_row(&state->weekly[0], run->table, weeks);
    return run;
}

/* Go on to the end of a week, at most to the horizon; return the week reached. */
EXPORTED(lab_run) int lab_run(struct run *run, int until)
{
    int64_t last = until < run->p.horizon ? until : run->p.horizon;
    advance_to(run->week, last, run->seed, &run->p, &run->state);
    for (; run->week < last; run->week++)
        write_row(&run->state.weekly[run->week + 1], run->table + run->week + 1,
                  (size_t)run->p.horizon + 1);
    return (int)run->week;
}

EXPORTED(lab_weekly) const double *lab_weekly(const struct run *run) { return run->table; }

EXPORTED(lab_status) const uint8_t *lab_status(const struct run *run)
{
    return run->state.users.status;
}

EXPORTED(lab_signed) const uint8_t *lab_signed(const struct run *run)
{
    return run->state.users.signed_;
}

EXPORTED(lab_offsets) const int64_t *lab_offsets(const struct run *run)
{
    return run->state.network.offsets;
}

EXPORTED(lab_neighbours) const int32_t *lab_neighbours(const struct run *run)
{
    return run->state.network.neighbours;
}

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

/* What a run came to up to a week, as in sim/outcome.py; without the twin, hence no grade. */
static void find_outcome(const struct parameters *p, const struct state *state, int64_t week,
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

/* What the run came to so far, in the order of the description. */
EXPORTED(lab_outcome) const double *lab_outcome(struct run *run)
{
    find_outcome(&run->p, &run->state, run->week, run->outcome);
    return run->outcome;
}

EXPORTED(lab_free) void lab_free(struct run *run)
{
    struct state *state = &run->state;
    struct workspace *workspace = &state->workspace;
#define FREE_USERS(type, name, width) free(state->users.name);
#define FREE_HOLDERS(type, name, width) free(state->shareholders.name);
    USERS_ARRAYS(FREE_USERS)
    SHAREHOLDERS_ARRAYS(FREE_HOLDERS)
    free(workspace->words), free(workspace->utility), free(workspace->reached);
    free(workspace->selected), free(workspace->heard), free(workspace->marked);
    free(state->network.offsets), free(state->network.neighbours);
    free(state->world), free(state->weekly), free(run->table), free(run);
}
