/* The model in C: what its files share.

   records.h, written when the model is built (explorer/model/records.py), declares what the C has
   in common with `sim`: parameters, choices, streams of luck, the records and arrays of a run, the
   inputs of a week and the size of a tile. The names are those of `sim`, where the meanings are. */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "luck.h"
#include "records.h"
#include "user_rules.h"

#if defined __clang__
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif

enum { NONE = -1, QUARTER = 13, HALF_YEAR = 26 };

static inline double lesser(double a, double b) { return a < b ? a : b; }
static inline double greater(double a, double b) { return a > b ? a : b; }
static inline int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }

/* Return memory, filled with 0; the program stops if there is not so much. */
static inline void *claim(size_t bytes)
{
    void *memory = calloc(bytes, 1);
    if (memory == NULL)
        __builtin_trap();
    return memory;
}

static inline bool is_active(uint8_t status)
{
    return status == STATUS_SUPPORTER || status == STATUS_ORGANISER;
}

static inline bool is_gone(uint8_t status) { return status >= STATUS_EXITED; }

static inline double people_active(const struct world *world)
{
    return (double)(world->supporters + world->organisers) * world->people_per_agent;
}

/* The strength that people see in numbers. */
static inline double size_of_movement(double people, double half_saturation)
{
    return people / (people + half_saturation);
}

static inline double decaying(int64_t week, int64_t start, double half_life)
{
    return start < 0 || week < start ? 0.0 : exp2((double)-(week - start) / half_life);
}

/* users.c, status.c, cascade.c: the users' week */
void decide(const struct state *state, const struct week_inputs *inputs);
void take_effect(const struct state *state);
void spread_news(const struct state *state, const struct week_inputs *inputs);
void set_status(const struct network *network, const struct users *users, struct world *world,
                int64_t i, uint8_t status);
void sum_up(const struct users *users, struct world *world, float literacy_weight);

/* firm.c, shareholders.c: the firm's and its shareholders' weeks */
void run_business(int64_t week, int64_t seed, const struct parameters *p,
                  const struct state *state);
void set_price(int64_t week, int64_t seed, const struct parameters *p, const struct state *state);
void conduct_firm(int64_t week, const struct parameters *p, const struct state *state);
void yield_to_voice(const struct parameters *p, struct world *world, int64_t seed, int64_t week);
void face_creditors(const struct parameters *p, const struct state *state, int64_t seed,
                    int64_t week);
void move_shareholders(int64_t week, const struct parameters *p, const struct state *state);
void take_stock(const struct shareholders *holders, struct world *world);
bool has_proponent(const struct parameters *p, const struct shareholders *holders,
                   const struct users *users);
void ballot(const struct parameters *p, const struct state *state, int64_t seed, int64_t week);

/* campaign.c, movement.c: what the movement does */
double commons_budget(int64_t framing, int64_t weeks_since_launch, int64_t first_stage);
double campaign_voice(double attention, double organisers, double half_saturation);
void launch(const struct parameters *p, int64_t seed, const struct state *state, int64_t week);
void open_petition(const struct parameters *p, struct world *world, int64_t week);
void change_argument(const struct parameters *p, struct world *world, int64_t week);
void make_news(struct world *world, int64_t week, double attention);
void update_media(const struct parameters *p, struct world *world);
void act_together(const struct parameters *p, int64_t seed, const struct state *state,
                  int64_t week);

/* week.c: a week of the world */
double causes_of_dissatisfaction(const struct parameters *p, double monetisation_rise,
                                 double governance_deficit, double trend, double scandal);
void advance_to(int64_t first, int64_t last, int64_t seed, const struct parameters *p,
                const struct state *state);
void observe(int64_t week, const struct state *state);

/* quantiles.c, setup.c: week 0 */
enum { STEPS = 1024 }; /* of a quantile table, which has one value more */
void beta_table(double mean, double concentration, float *values);
void gamma_table(double shape, float *values);
void normal_table(float *values);
void set_up(int64_t seed, const struct parameters *p, const struct state *state);

/* ties.c, degrees.c, heavy_tailed.c, network.c: who is tied to whom */
enum { TRIES = 64 }; /* to lay a tie at random */
struct draft {
    int64_t room, made; /* ties */
    int32_t *edges;     /* two ends a tie */
    uint64_t *seen;     /* open-addressing hash set of ties; 0 is free */
    uint64_t random;
};
uint64_t draw_bits(struct draft *draft);
void start_draft(struct draft *draft, int64_t edges, uint64_t seed);
bool tie(struct draft *draft, int64_t a, int64_t b);
void complete_at_random(struct draft *draft, int64_t n);
void finish_draft(struct draft *draft, int64_t n, struct network *network);
int64_t group_room(int64_t degree, int64_t size);
bool plan_degrees(int64_t n, int64_t edges, double tail, double clustering, int32_t *degrees,
                  int64_t *size, double *share);
bool heavy_tailed(int64_t n, int64_t edges, double tail, double clustering, uint64_t seed,
                  struct network *network);
bool lay_ties(const struct parameters *p, uint64_t seed, struct network *network);
