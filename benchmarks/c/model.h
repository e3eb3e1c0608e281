/* What the files of the model share: luck, and the functions that they call of each other.

   records.h, written when the library is built, declares the records and arrays of `sim`, the
   positions of its choices, its streams of luck, the inputs of a week and the size of a tile. */

#ifndef MODEL_H
#define MODEL_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "records.h"

#define NONE (-1)

/* -- users.c -- */
void decide(const struct users *, const struct workspace *, struct world *,
            const struct week_inputs *);
void take_effect(const struct network *, const struct users *, const struct workspace *,
                 struct world *);
int64_t count_acts(const struct users *, int64_t since);
void set_status(const struct network *, const struct users *, struct world *, int64_t i,
                uint8_t status);

/* -- holders.c -- */
void take_stock(const struct shareholders *, struct world *);
void update_trust(const struct parameters *, const struct shareholders *, const struct world *,
                  double excess_return, double shock);
void trade(const struct parameters *, const struct shareholders *, struct world *);
bool has_proponent(const struct parameters *, const struct shareholders *, const struct users *);
double ballot(const struct parameters *, const struct shareholders *, const struct users *,
              const struct world *, uint64_t seed, int64_t week);

/* -- movement.c -- */
double launch(const struct parameters *, const struct state *, struct world *, int64_t week,
              int64_t acted);
double file_proposal(const struct parameters *, const struct state *, struct world *,
                     int64_t week);
double hold_meeting(const struct parameters *, const struct state *, struct world *,
                    uint64_t seed, int64_t week);
void concede(const struct parameters *, struct world *, int64_t week);
void collect_pledges(const struct parameters *, const struct users *, struct world *,
                     int64_t week);
void found_spin_off(const struct parameters *, const struct users *, struct world *,
                    int64_t week);
void update_media(const struct parameters *, struct world *, double news);

/* -- small functions of all -- */

#define ACTS_WITHIN 8 /* weeks in which acts of users of themselves make a launch */

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }
static inline double share(double x) { return least(most(x, 0.0), 1.0); }

static inline bool is_active(uint8_t status)
{
    return status == STATUS_SUPPORTER || status == STATUS_ORGANISER;
}

static inline bool is_gone(uint8_t status) { return status >= STATUS_EXITED; }

/* How far the call for a cooperative resonates. */
static inline float resonance(float view, float literacy, uint8_t remedy, float literacy_weight)
{
    float commons = remedy == REMEDY_OWNERSHIP ? view : 0.0f;
    return (1.0f - literacy_weight) * commons + literacy_weight * literacy;
}

/* The strength that people see in numbers. */
static inline double strength(double people, double half_saturation)
{
    return people / (people + half_saturation);
}

static inline double people_active(const struct world *world)
{
    return (double)(world->supporters + world->organisers) * world->people_per_agent;
}

/* -- luck, as in sim/randomness.py -- */

#define GOLDEN 0x9E3779B97F4A7C15u
#define MIX1 0xBF58476D1CE4E5B9u
#define MIX2 0x94D049BB133111EBu

static inline uint64_t mix(uint64_t bits)
{
    bits = (bits ^ (bits >> 30)) * MIX1;
    bits = (bits ^ (bits >> 27)) * MIX2;
    return bits ^ (bits >> 31);
}

static inline uint64_t luck_key(uint64_t seed, uint64_t stream, uint64_t week)
{
    uint64_t start = mix(seed + GOLDEN);
    start = mix(start ^ (stream * MIX1));
    return mix(start ^ (week * MIX2));
}

static inline double uniform_of(uint64_t key, uint64_t agent)
{
    uint64_t bits = mix(key + (agent + 1) * GOLDEN);
    return ((double)(int64_t)(bits >> 11) + 0.5) * 0x1p-53;
}

static inline double uniform(uint64_t seed, uint64_t stream, int64_t week, uint64_t agent)
{
    return uniform_of(luck_key(seed, stream, (uint64_t)week), agent);
}

static inline double normal(uint64_t seed, uint64_t stream, int64_t week, uint64_t agent)
{
    uint64_t key = luck_key(seed, stream, (uint64_t)week);
    double first = uniform_of(key, 2 * agent), second = uniform_of(key, 2 * agent + 1);
    return sqrt(-2.0 * log(first)) * cos(2.0 * 3.141592653589793 * second);
}

#endif
