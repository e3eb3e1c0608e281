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
    double *table;  /* the weekly table, a column after another, NaN for weeks to come */
    int32_t *edges; /* two users a tie, the lower number first; listed when they are asked for */
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

EXPORTED(lab_ties) int lab_ties(const struct run *run)
{
    return (int)(run->state.network.offsets[run->state.users.count] / 2);
}

EXPORTED(lab_edges) const int32_t *lab_edges(struct run *run)
{
    const struct network *network = &run->state.network;
    if (run->edges != NULL)
        return run->edges;
    run->edges = claim(2 * sizeof(int32_t) * (size_t)lab_ties(run) + sizeof(int32_t));
    int32_t *next = run->edges;
    for (int32_t i = 0; i < run->state.users.count; i++)
        for (int64_t k = network->offsets[i]; k < network->offsets[i + 1]; k++)
            if (i < network->neighbours[k]) {
                *next++ = i;
                *next++ = network->neighbours[k];
            }
    return run->edges;
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
    free(state->world), free(state->weekly), free(run->table), free(run->edges), free(run);
}
