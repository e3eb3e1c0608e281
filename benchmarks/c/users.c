/* The users' week: everyone decides on the state of last week, the changes take effect, and news
   travels from neighbour to neighbour.

   records.h, written when the library is built, declares the records and arrays of `sim`, its
   choices and streams of luck, the inputs of a week and the size of a tile. */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "records.h"

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

enum { HEARING, TAKING_PART, LEAVING, SIGNING, STREAMS };
static const uint64_t streams[STREAMS] = {STREAM_HEARING, STREAM_TAKING_PART, STREAM_LEAVING,
                                          STREAM_SIGNING};
#define AHEAD 16 /* changes */

static inline float minf(float a, float b) { return a < b ? a : b; }
static inline float maxf(float a, float b) { return a > b ? a : b; }

static inline float high24(uint32_t bits) { return (float)(int32_t)(bits >> 8) * 0x1p-24f; }

static inline float high16(uint32_t bits)
{
    return ((float)(int32_t)(bits >> 16) + 0.5f) * 0x1p-16f;
}

static inline float low16(uint32_t bits)
{
    return ((float)(int32_t)(bits & 0xFFFF) + 0.5f) * 0x1p-16f;
}

static inline float low8(uint32_t bits)
{
    return ((float)(int32_t)(bits & 0xFF) + 0.5f) * 0x1p-8f;
}

static inline uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float number_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* e^x for |x| clipped to 87; coefficients and error as in sim/compiled.py. */
static inline float exponential(float x)
{
    const float log2e = 1.4426950408889634f, round = 12582912.0f;
    x = minf(maxf(x, -87.0f), 87.0f);
    float rounded = fmaf(x, log2e, round);
    float f = fmaf(x, log2e, -(rounded - round));
    float series = fmaf(f, 0.001326472725279206f, 0.009671512785781048f);
    series = fmaf(f, series, 0.05550733744470817f);
    series = fmaf(f, series, 0.24022242083111778f);
    series = fmaf(f, series, 0.693146977597679f);
    series = fmaf(f, series, 1.0f);
    return number_of(bits_of(series) + (bits_of(rounded) << 23));
}

static void draw_luck(uint64_t *restrict words, uint64_t key, size_t first, int count)
{
    uint64_t counter = key + first * GOLDEN;
    for (int k = 0; k < count; k++) {
        counter += GOLDEN;
        words[k] = mix(counter);
    }
}

/* Move dissatisfaction, awareness and both views; note whom the campaign reaches. */
static void change_minds(const struct users *users, uint8_t *restrict reached_now,
                         const uint32_t *restrict luck, const uint32_t *restrict second_luck,
                         const struct week_inputs *week, size_t first, int count)
{
    const struct week_inputs inputs = *week;
    const uint8_t *restrict status = users->status + first;
    const float *restrict sensitivity = users->sensitivity + first;
    const float *restrict threat_sensitivity = users->threat_sensitivity + first;
    const float *restrict dependence = users->dependence + first;
    const float *restrict ownership = users->ownership + first;
    uint8_t *restrict aware = users->aware + first;
    float *restrict dissatisfaction = users->dissatisfaction + first;
    float *restrict commons_view = users->commons_view + first;
    float *restrict literacy = users->literacy + first;

#pragma GCC ivdep
    for (int i = 0; i < count; i++) {
        float target = minf(1.0f, sensitivity[i] * inputs.causes);
        float shake = inputs.dissatisfaction_noise * (3.4641016f * (low8(luck[i]) - 0.5f));
        float discontent = dissatisfaction[i];
        discontent = (discontent + inputs.dissatisfaction_speed * (target - discontent)) + shake;
        dissatisfaction[i] = minf(maxf(discontent, 0.0f), 1.0f);

        bool present = status[i] <= STATUS_ORGANISER;
        bool active = (status[i] == STATUS_SUPPORTER) | (status[i] == STATUS_ORGANISER);
        bool knew = aware[i] != 0;
        float draw = high24(luck[i]);
        bool reached = present & (draw < inputs.reach_chance);
        bool considers = !knew | (low8(second_luck[i]) < inputs.novelty_left);
        reached_now[i] = reached & considers;
        bool knows = reached | (knew & (active | (1.0f - draw >= inputs.forgetting)));
        aware[i] = knows;

        float persuadable = knows & present ? 1.0f : 0.0f;
        float q = commons_view[i], k = literacy[i];
        float force = inputs.commons_base + (1.0f - inputs.commons_base)
                      * maxf(inputs.value_gap, threat_sensitivity[i] * inputs.threat);
        float start = minf(inputs.commons_scale * dependence[i], 1.0f);
        q = (q + persuadable * inputs.commons_budget * dependence[i] * force * (1.0f - q))
            - inputs.decay * (q - start);
        commons_view[i] = q;
        force = inputs.cooperative_floor + (1.0f - inputs.cooperative_floor) * q;
        start = minf(inputs.literacy_scale * ownership[i], 1.0f);
        k = (k + persuadable * inputs.cooperative_budget * ownership[i] * force * (1.0f - k))
            - inputs.decay * (k - start);
        literacy[i] = k;
    }
}

static inline float utility_of(float discontent, float threat_sensitivity, float echo,
                               float dependence, float neighbours, float cost,
                               const struct week_inputs *inputs)
{
    float grievance = inputs->dissatisfaction_weight * discontent
                      + inputs->threat_weight * (threat_sensitivity * inputs->threat)
                      + inputs->resonance_weight * echo
                      + inputs->closure_weight * (dependence * inputs->closure);
    float peers = neighbours / (neighbours + inputs->peer_half_saturation);
    float motive =
        grievance * ((1.0f - inputs->interaction) + inputs->interaction * inputs->efficacy)
        + inputs->efficacy_weight * inputs->efficacy + inputs->peer_weight * peers;
    return inputs->steepness * (motive - cost);
}

/* Find every user's utility of taking part. */
static void weigh(const struct users *users, float *restrict utility,
                  const struct week_inputs *week, size_t first, int count)
{
    const struct week_inputs inputs = *week;
    const int32_t *restrict active_neighbours = users->active_neighbours + first;
    const uint8_t *restrict remedy = users->remedy + first;
    const float *restrict threat_sensitivity = users->threat_sensitivity + first;
    const float *restrict dependence = users->dependence + first;
    const float *restrict cost = users->cost + first;
    const float *restrict dissatisfaction = users->dissatisfaction + first;
    const float *restrict commons_view = users->commons_view + first;
    const float *restrict literacy = users->literacy + first;

#pragma GCC ivdep
    for (int i = 0; i < count; i++) {
        float echo = resonance(commons_view[i], literacy[i], remedy[i], inputs.literacy_weight);
        utility[i] = utility_of(dissatisfaction[i], threat_sensitivity[i], echo, dependence[i],
                                (float)active_neighbours[i], cost[i], &inputs);
    }
}

/* Whether a user who considers a call follows it; scale is e to the higher cost of the act. */
static inline bool responds(float odds_against, float scale, float share, float draw)
{
    return draw * (1.0f + odds_against * scale) < share;
}

/* Let those whom the campaign reaches follow it or not, and let others drop out. */
static void take_part(const struct users *users, const float *restrict utility,
                      const uint8_t *restrict reached, const uint32_t *restrict luck,
                      const uint32_t *restrict second_luck, const struct week_inputs *week,
                      size_t first, int count)
{
    const struct week_inputs inputs = *week;
    const bool campaigning = inputs.campaigning, petition_open = inputs.petition_open;
    const uint8_t *restrict status = users->status + first;
    const float *restrict wear = users->wear + first;
    uint8_t *restrict next_status = users->next_status + first;
    uint8_t *restrict signatures = users->signed_ + first;
    uint8_t *restrict fresh = users->fresh + first;
    int16_t *restrict weeks_active = users->weeks_active + first;

#pragma GCC ivdep
    for (int i = 0; i < count; i++) {
        float odds_against = exponential(-utility[i]);
        float draw = high16(second_luck[i]);
        bool bystander = status[i] == STATUS_BYSTANDER, supporter = status[i] == STATUS_SUPPORTER;
        bool organiser = status[i] == STATUS_ORGANISER, active = supporter | organiser;
        bool called = campaigning & (reached[i] != 0);
        bool signs = petition_open & (signatures[i] == 0) & (called | active)
                     & responds(odds_against, inputs.signing_scale, 1.0f, draw);
        bool organises = called & (status[i] < STATUS_ORGANISER)
                         & responds(odds_against, inputs.organiser_scale, inputs.available, draw);
        bool joins = called & bystander & responds(odds_against, 1.0f, 1.0f, draw);

        float rate = inputs.drop_rate + inputs.fatigue * wear[i];
        float chance = rate * odds_against + inputs.burnout * (1.0f + odds_against);
        float scaled = high24(luck[i]) * (1.0f + odds_against);
        bool drops = (supporter & (scaled < chance))
                     | (organiser & (scaled < chance * inputs.persistence));

        uint8_t after = joins ? STATUS_SUPPORTER : status[i];
        after = drops ? STATUS_BYSTANDER : after;
        next_status[i] = organises ? STATUS_ORGANISER : after;
        signatures[i] |= signs;
        fresh[i] |= signs | joins | organises;
        weeks_active[i] += active;
    }
}

/* Sum how far users are ready to act on their own, before a launch. */
static int64_t potential(const struct users *users, const float *restrict utility,
                         const struct week_inputs *week, size_t first, int count)
{
    const struct week_inputs inputs = *week;
    const uint8_t *restrict status = users->status + first;
    const float *restrict literacy = users->literacy + first;
    int32_t sum = 0;

#pragma GCC ivdep
    for (int i = 0; i < count; i++) {
        float ready = 1.0f / (1.0f + exponential(-utility[i]) * inputs.organiser_scale);
        bool able = (status[i] <= STATUS_ORGANISER) & (literacy[i] >= inputs.literacy_top);
        sum += (int32_t)(ready * READY) & -(int32_t)able;
    }
    return sum;
}

/* Let users leave or return, whatever else they decided. */
static void leave(const struct users *users, const uint32_t *restrict luck,
                  const uint32_t *restrict second_luck, const struct week_inputs *week,
                  size_t first, int count)
{
    const struct week_inputs inputs = *week;
    const uint8_t *restrict status = users->status + first;
    const uint8_t *restrict remedy = users->remedy + first;
    const int32_t *restrict gone_neighbours = users->gone_neighbours + first;
    const float *restrict degree_inverse = users->degree_inverse + first;
    const float *restrict dependence = users->dependence + first;
    const float *restrict dissatisfaction = users->dissatisfaction + first;
    const float *restrict commons_view = users->commons_view + first;
    const float *restrict literacy = users->literacy + first;
    uint8_t *restrict next_status = users->next_status + first;

#pragma GCC ivdep
    for (int i = 0; i < count; i++) {
        bool present = status[i] <= STATUS_ORGANISER;
        bool active = (status[i] == STATUS_SUPPORTER) | (status[i] == STATUS_ORGANISER);
        float push = remedy[i] == REMEDY_LEAVING ? inputs.remedy_exit * commons_view[i] : 0.0f;
        float gone = (float)gone_neighbours[i] * degree_inverse[i];
        float hold = dependence[i] * (1.0f - inputs.neighbour_loss * gone);
        float loyalty = active ? inputs.voice : 0.0f;
        float inclination = inputs.exit_steepness
                            * ((dissatisfaction[i] + push) - inputs.exit_threshold - hold - loyalty);
        float odds_against = exponential(-inclination);
        float scaled = high24(luck[i]) * (1.0f + odds_against);
        bool cooperative = low16(second_luck[i]) < inputs.cooperative_pull * literacy[i];
        uint8_t exit = cooperative ? STATUS_EXITED_COOP : STATUS_EXITED;
        uint8_t if_present = scaled < inputs.leave_rate ? exit : next_status[i];
        uint8_t if_gone = scaled < inputs.return_rate * odds_against ? STATUS_BYSTANDER : status[i];
        next_status[i] = present ? if_present : if_gone;
    }
}

/* Let some of those who would leave for the cooperative join it and stay what they are. */
static int64_t join_cooperative(const struct users *users, const uint32_t *restrict second_luck,
                                const struct week_inputs *inputs, size_t first, int count)
{
    const uint8_t *restrict status = users->status + first;
    const float *restrict literacy = users->literacy + first;
    uint8_t *restrict next_status = users->next_status + first;
    uint8_t *restrict member = users->member + first;
    int64_t members = 0;

    for (int i = 0; i < count; i++) {
        bool joins = status[i] <= STATUS_ORGANISER && next_status[i] == STATUS_EXITED_COOP
                     && low16(second_luck[i]) < inputs->cooperative_stay * literacy[i];
        if (joins)
            next_status[i] = status[i];
        member[i] = next_status[i] <= STATUS_ORGANISER && (joins || member[i]);
        members += member[i];
    }
    return members;
}

static inline int32_t in_units(float x) { return (int32_t)fmaf(x, 4096.0f, 0.5f); }

/* Add a tile to the week's sums, in whole units of 1/4096: exact in any order. */
static void measure(const struct users *users, struct world *world, float literacy_weight,
                    size_t first, int count)
{
    const uint8_t *restrict next_status = users->next_status + first;
    const uint8_t *restrict aware = users->aware + first;
    const uint8_t *restrict remedy = users->remedy + first;
    const uint8_t *restrict signatures = users->signed_ + first;
    const float *restrict dependence = users->dependence + first;
    const float *restrict dissatisfaction = users->dissatisfaction + first;
    const float *restrict commons_view = users->commons_view + first;
    const float *restrict literacy = users->literacy + first;
    int32_t discontent_sum = 0, discontented = 0, value_sum = 0, commons_sum = 0;
    int32_t literacy_sum = 0, echo_sum = 0, aware_sum = 0, signed_sum = 0;

#pragma GCC ivdep
    for (int i = 0; i < count; i++) {
        bool present = next_status[i] <= STATUS_ORGANISER;
        bool knows = present & (aware[i] != 0);
        float discontent = dissatisfaction[i];
        float value = dependence[i] * (1.0f - discontent);
        float echo = resonance(commons_view[i], literacy[i], remedy[i], literacy_weight);
        discontent_sum += in_units(discontent) & -(int32_t)present;
        discontented += present & (discontent > 0.5f);
        value_sum += in_units(value) & -(int32_t)present;
        commons_sum += in_units(commons_view[i]);
        literacy_sum += in_units(literacy[i]);
        echo_sum += in_units(echo) & -(int32_t)knows;
        aware_sum += knows;
        signed_sum += signatures[i];
    }
    world->dissatisfaction_sum += discontent_sum;
    world->dissatisfied += discontented;
    world->value_sum += value_sum;
    world->commons_sum += commons_sum;
    world->literacy_sum += literacy_sum;
    world->resonance_sum += echo_sum;
    world->aware += aware_sum;
    world->signatures += signed_sum;
    world->new_signatures += signed_sum;
}

static void clear_sums(struct world *world)
{
    world->dissatisfaction_sum = world->dissatisfied = world->value_sum = 0;
    world->commons_sum = world->literacy_sum = world->resonance_sum = world->aware = 0;
    world->new_signatures = -world->signatures;
    world->signatures = 0;
}

void decide(const struct state *state, const struct week_inputs *inputs)
{
    const struct users *users = &state->users;
    const struct workspace *workspace = &state->workspace;
    struct world *world = state->world;
    bool anyone_may_change =
        inputs->campaigning || inputs->waiting || world->supporters + world->organisers > 0;
    clear_sums(world);
    world->potential = 0;
    bool members_may_change = inputs->cooperative_stay > 0.0f || world->members > 0;
    world->members = 0;
    for (int64_t first = 0; first < users->count; first += TILE) {
        int64_t left = users->count - first;
        int count = left < TILE ? (int)left : TILE;
        for (int row = 0; row < STREAMS; row++) {
            uint64_t key = luck_key((uint64_t)inputs->seed, streams[row], (uint64_t)inputs->week);
            draw_luck(workspace->words + row * (TILE / 2), key, first / 2, (count + 1) / 2);
        }
        const uint32_t *bits = workspace->bits;
        const uint32_t *hearing = bits + HEARING * TILE, *taking_part = bits + TAKING_PART * TILE;
        uint8_t *reached = workspace->reached;
        change_minds(users, reached, hearing, taking_part, inputs, first, count);
        if (anyone_may_change) {
            weigh(users, workspace->utility, inputs, first, count);
            take_part(users, workspace->utility, reached, taking_part, bits + SIGNING * TILE,
                      inputs, first, count);
        }
        if (inputs->waiting)
            world->potential += potential(users, workspace->utility, inputs, first, count);
        leave(users, bits + LEAVING * TILE, bits + SIGNING * TILE, inputs, first, count);
        if (members_may_change)
            world->members += join_cooperative(users, bits + SIGNING * TILE, inputs, first, count);
        measure(users, world, inputs->literacy_weight, first, count);
    }
}

static void count_status(struct world *world, uint8_t status, int change)
{
    switch (status) {
    case STATUS_SUPPORTER: world->supporters += change; break;
    case STATUS_ORGANISER: world->organisers += change; break;
    case STATUS_EXITED: world->exited += change; break;
    case STATUS_EXITED_COOP: world->exited_coop += change; break;
    }
}

static void change_counts(const int32_t *restrict neighbours, int64_t many,
                          int32_t *restrict counts, int32_t change)
{
    for (int64_t k = 0; k < many; k++)
        counts[neighbours[k]] += change;
}

static void set_status(const struct network *network, const struct users *users,
                       struct world *world, int64_t i, uint8_t status)
{
    uint8_t before = users->status[i];
    users->status[i] = users->next_status[i] = status;
    count_status(world, before, -1);
    count_status(world, status, 1);
    int64_t offset = network->offsets[i], many = network->offsets[i + 1] - offset;
    const int32_t *neighbours = network->neighbours + offset;
    if (is_active(status) != is_active(before))
        change_counts(neighbours, many, users->active_neighbours, is_active(status) ? 1 : -1);
    if (is_gone(status) != is_gone(before))
        change_counts(neighbours, many, users->gone_neighbours, is_gone(status) ? 1 : -1);
}

/* List who changes; within a word of users no branch: it would be mispredicted. */
static int64_t list_changes(const struct users *users, int32_t *restrict selected)
{
    const uint8_t *restrict status = users->status;
    const uint8_t *restrict next_status = users->next_status;
    int64_t changes = 0, whole = users->count - users->count % 8;
    for (int64_t first = 0; first < whole; first += 8)
        if (memcmp(status + first, next_status + first, 8) != 0)
            for (int64_t i = first; i < first + 8; i++) {
                selected[changes] = (int32_t)i;
                changes += status[i] != next_status[i];
            }
    for (int64_t i = whole; i < users->count; i++) {
        selected[changes] = (int32_t)i;
        changes += status[i] != next_status[i];
    }
    return changes;
}

static void count_changes(const struct users *users, const int32_t *selected, int64_t changes,
                          struct world *world)
{
    int64_t joined = 0, joined_peers = 0, dropped = 0;
    for (int64_t change = 0; change < changes; change++) {
        int32_t i = selected[change];
        bool before = is_active(users->status[i]), after = is_active(users->next_status[i]);
        if (after && !before) {
            joined++;
            joined_peers += users->active_neighbours[i] > 0;
            users->expected[i] = (float)world->efficacy;
        }
        dropped += before && !after;
    }
    world->joined = joined;
    world->joined_peers = joined_peers;
    world->dropped = dropped;
}

void take_effect(const struct state *state)
{
    const struct network *network = &state->network;
    const struct users *users = &state->users;
    struct world *world = state->world;
    const int32_t *selected = state->workspace.selected;
    int64_t changes = list_changes(users, state->workspace.selected);
    count_changes(users, selected, changes, world);
    for (int64_t change = 0; change < changes; change++) {
        if (change + 2 * AHEAD < changes) {
            int64_t soon = selected[change + AHEAD];
            __builtin_prefetch(network->offsets + selected[change + 2 * AHEAD]);
            __builtin_prefetch(network->neighbours + network->offsets[soon]);
            __builtin_prefetch(network->neighbours + network->offsets[soon + 1] - 1);
        }
        int64_t i = selected[change];
        set_status(network, users, world, i, users->next_status[i]);
    }
}

/* -- news from neighbour to neighbour -- */

enum { ROUNDS = 7, SLOTS = 8 };

static inline uint64_t word(uint64_t key, uint64_t agent) { return mix(key + (agent + 1) * GOLDEN); }

static inline float high_share(uint64_t bits)
{
    return (float)(int32_t)(bits >> 40) * 0x1p-24f;
}

static inline float middle_share(uint64_t bits)
{
    return (float)(int32_t)(bits >> 16 & 0xFFFFFF) * 0x1p-24f;
}

static int64_t list_fresh(const struct users *users, int32_t *restrict listed)
{
    uint8_t *restrict news = users->fresh;
    int64_t fresh = 0;
    for (int64_t i = 0; i < users->count; i++)
        if (news[i]) {
            listed[fresh++] = (int32_t)i;
            news[i] = 0;
        }
    return fresh;
}

/* List who hears of the movement from a neighbour. */
static int64_t tell_neighbours(const struct state *state, const struct week_inputs *inputs,
                               int64_t slot, int64_t fresh)
{
    const struct network *network = &state->network;
    const struct workspace *workspace = &state->workspace;
    const uint8_t *status = state->users.status;
    uint64_t key = luck_key((uint64_t)inputs->seed, STREAM_TELLING, (uint64_t)slot);
    float contact = inputs->contact;
    int64_t heard = 0;
    for (int64_t k = 0; k < fresh; k++) {
        int32_t i = workspace->selected[k];
        for (int64_t tie = network->offsets[i]; tie < network->offsets[i + 1]; tie++) {
            if (high_share(word(key, (uint64_t)tie)) >= contact)
                continue;
            int32_t j = network->neighbours[tie];
            if (!workspace->marked[j] && !is_gone(status[j])) {
                workspace->marked[j] = 1;
                workspace->heard[heard++] = j;
            }
        }
    }
    return heard;
}

/* Let those who hear consider the call and follow it; return how many have fresh news now. */
static int64_t respond(const struct state *state, const struct week_inputs *inputs, int64_t slot,
                       int64_t heard)
{
    const struct users *users = &state->users;
    const struct workspace *workspace = &state->workspace;
    struct world *world = state->world;
    uint64_t key = luck_key((uint64_t)inputs->seed, STREAM_CONSIDERING, (uint64_t)slot);
    int64_t fresh = 0;
    for (int64_t k = 0; k < heard; k++) {
        int32_t i = workspace->heard[k];
        workspace->marked[i] = 0;
        uint64_t bits = word(key, (uint64_t)i);
        bool considers = !users->aware[i] || high_share(bits) < inputs->novelty_left;
        float echo = resonance(users->commons_view[i], users->literacy[i], users->remedy[i],
                               inputs->literacy_weight);
        if (!users->aware[i]) {
            users->aware[i] = 1;
            world->aware++;
            world->resonance_sum += in_units(echo);
        }
        if (!considers)
            continue;
        float utility = utility_of(users->dissatisfaction[i], users->threat_sensitivity[i], echo,
                                   users->dependence[i], (float)users->active_neighbours[i],
                                   users->cost[i], inputs);
        float odds_against = exponential(-utility), draw = middle_share(bits);
        uint8_t status = users->status[i];
        bool organises = status < STATUS_ORGANISER
                         && responds(odds_against, inputs->organiser_scale, inputs->available, draw);
        bool joins = status == STATUS_BYSTANDER && responds(odds_against, 1.0f, 1.0f, draw);
        bool signs = inputs->petition_open && !users->signed_[i]
                     && responds(odds_against, inputs->signing_scale, 1.0f, draw);
        if (signs) {
            users->signed_[i] = 1;
            world->signatures++;
            world->new_signatures++;
        }
        if (joins) {
            users->next_status[i] = STATUS_SUPPORTER;
            world->joined++;
            world->joined_peers += users->active_neighbours[i] > 0;
            users->expected[i] = (float)world->efficacy;
        }
        if (organises)
            users->next_status[i] = STATUS_ORGANISER;
        if (joins || signs || organises)
            workspace->selected[fresh++] = i;
    }
    for (int64_t k = 0; k < fresh; k++) {
        int32_t i = workspace->selected[k];
        if (users->next_status[i] != users->status[i])
            set_status(&state->network, users, world, i, users->next_status[i]);
    }
    return fresh;
}

void spread_news(const struct state *state, const struct week_inputs *inputs)
{
    int64_t fresh = list_fresh(&state->users, state->workspace.selected);
    if (!inputs->campaigning)
        return;
    for (int day = 0; day < ROUNDS && fresh > 0; day++) {
        int64_t slot = inputs->week * SLOTS + day;
        fresh = respond(state, inputs, slot, tell_neighbours(state, inputs, slot, fresh));
    }
    for (int64_t k = 0; k < fresh; k++)
        state->users.fresh[state->workspace.selected[k]] = 1;
}
