/* The users' week: everyone decides on the state of last week. As in sim/user_week.py, users are
   taken a tile at a time, by loops without branches. */

#include "model.h"

enum { HEARING, TAKING_PART, LEAVING, SIGNING, STREAMS };
static const uint64_t streams[STREAMS] = {STREAM_HEARING, STREAM_TAKING_PART, STREAM_LEAVING,
                                          STREAM_SIGNING};

/* Return the users from one on, a tile of them at most; their arrays begin with that user. */
static struct users tile_of(struct users users, int64_t first)
{
    int64_t left = users.count - first;
    users.count = left < TILE ? left : TILE;
#define ADVANCE(type, name, width) users.name += first * width;
    USERS_ARRAYS(ADVANCE)
    return users;
}

static void draw_luck(uint64_t *restrict words, uint64_t key, size_t first, int64_t count)
{
    uint64_t counter = key + first * GOLDEN;
    for (int64_t k = 0; k < count; k++) {
        counter += GOLDEN;
        words[k] = mix(counter);
    }
}

/* Move dissatisfaction, awareness and both views; note whom the campaign reaches. */
static void change_minds(struct users tile, uint8_t *restrict reached_now,
                         const uint32_t *restrict luck, const uint32_t *restrict second_luck,
                         struct week_inputs inputs)
{
    INDEPENDENT
    for (int64_t i = 0; i < tile.count; i++) {
        float target = minf(1.0f, tile.sensitivity[i] * inputs.causes);
        float shake = inputs.dissatisfaction_noise * (3.4641016f * (low8(luck[i]) - 0.5f));
        float discontent = tile.dissatisfaction[i];
        discontent = (discontent + inputs.dissatisfaction_speed * (target - discontent)) + shake;
        tile.dissatisfaction[i] = minf(maxf(discontent, 0.0f), 1.0f);

        bool present = tile.status[i] <= STATUS_ORGANISER;
        bool active = (tile.status[i] == STATUS_SUPPORTER) | (tile.status[i] == STATUS_ORGANISER);
        bool knew = tile.aware[i] != 0;
        float draw = high24(luck[i]);
        bool reached = present & (draw < inputs.reach_chance);
        bool considers = !knew | (low8(second_luck[i]) < inputs.novelty_left);
        reached_now[i] = reached & considers;
        bool knows = reached | (knew & (active | (1.0f - draw >= inputs.forgetting)));
        tile.aware[i] = knows;

        float persuadable = (knows & present) ? 1.0f : 0.0f;
        float q = tile.commons_view[i], k = tile.literacy[i];
        float force = inputs.commons_base + (1.0f - inputs.commons_base)
                      * maxf(inputs.value_gap, tile.threat_sensitivity[i] * inputs.threat);
        float start = minf(inputs.commons_scale * tile.dependence[i], 1.0f);
        q = (q + persuadable * inputs.commons_budget * tile.dependence[i] * force * (1.0f - q))
            - inputs.decay * (q - start);
        tile.commons_view[i] = q;
        force = inputs.cooperative_floor + (1.0f - inputs.cooperative_floor) * q;
        start = minf(inputs.literacy_scale * tile.ownership[i], 1.0f);
        k = (k + persuadable * inputs.cooperative_budget * tile.ownership[i] * force * (1.0f - k))
            - inputs.decay * (k - start);
        tile.literacy[i] = k;
    }
}

/* Find every user's utility of taking part. */
static void weigh(struct users tile, float *restrict utility, struct week_inputs inputs)
{
    INDEPENDENT
    for (int64_t i = 0; i < tile.count; i++) {
        float echo = resonance(&tile, i, inputs.literacy_weight);
        utility[i] = utility_of(&tile, i, echo, &inputs);
    }
}

/* Let those whom the campaign reaches follow it or not, and let others drop out. */
static void take_part(struct users tile, const float *restrict utility,
                      const uint8_t *restrict reached, const uint32_t *restrict luck,
                      const uint32_t *restrict second_luck, struct week_inputs inputs)
{
    const bool campaigning = inputs.campaigning, petition_open = inputs.petition_open;

    INDEPENDENT
    for (int64_t i = 0; i < tile.count; i++) {
        float odds_against = exponential(-utility[i]);
        float draw = high16(second_luck[i]);
        bool bystander = tile.status[i] == STATUS_BYSTANDER;
        bool supporter = tile.status[i] == STATUS_SUPPORTER;
        bool organiser = tile.status[i] == STATUS_ORGANISER, active = supporter | organiser;
        bool called = campaigning & (reached[i] != 0);
        bool signs = petition_open & (tile.signed_[i] == 0) & (called | active)
                     & responds(odds_against, inputs.signing_scale, 1.0f, draw);
        bool organises = called & (tile.status[i] < STATUS_ORGANISER)
                         & responds(odds_against, inputs.organiser_scale, inputs.available, draw);
        bool joins = called & bystander & responds(odds_against, 1.0f, 1.0f, draw);

        float rate = inputs.drop_rate + inputs.fatigue * tile.wear[i];
        float chance = rate * odds_against + inputs.burnout * (1.0f + odds_against);
        float scaled = high24(luck[i]) * (1.0f + odds_against);
        bool drops = (supporter & (scaled < chance))
                     | (organiser & (scaled < chance * inputs.persistence));

        uint8_t after = joins ? STATUS_SUPPORTER : tile.status[i];
        after = drops ? STATUS_BYSTANDER : after;
        tile.next_status[i] = organises ? STATUS_ORGANISER : after;
        tile.signed_[i] |= signs;
        tile.fresh[i] |= signs | joins | organises;
        tile.weeks_active[i] += active;
    }
}

/* Sum how far users are ready to act on their own, before a launch. */
static int64_t potential(struct users tile, const float *restrict utility,
                         struct week_inputs inputs)
{
    int32_t sum = 0;

    INDEPENDENT
    for (int64_t i = 0; i < tile.count; i++) {
        float ready = 1.0f / (1.0f + exponential(-utility[i]) * inputs.organiser_scale);
        bool present = tile.status[i] <= STATUS_ORGANISER;
        bool able = present & (tile.literacy[i] >= inputs.literacy_top);
        sum += (int32_t)(ready * READY) & -(int32_t)able;
    }
    return sum;
}

/* Let users leave or return, whatever else they decided. */
static void leave(struct users tile, const uint32_t *restrict luck,
                  const uint32_t *restrict second_luck, struct week_inputs inputs)
{
    INDEPENDENT
    for (int64_t i = 0; i < tile.count; i++) {
        bool present = tile.status[i] <= STATUS_ORGANISER;
        bool active = (tile.status[i] == STATUS_SUPPORTER) | (tile.status[i] == STATUS_ORGANISER);
        bool would_leave = tile.remedy[i] == REMEDY_LEAVING;
        float push = would_leave ? inputs.remedy_exit * tile.commons_view[i] : 0.0f;
        float gone = (float)tile.gone_neighbours[i] * tile.degree_inverse[i];
        float hold = tile.dependence[i] * (1.0f - inputs.neighbour_loss * gone);
        float loyalty = active ? inputs.voice : 0.0f;
        float pushed = tile.dissatisfaction[i] + push;
        float inclination = inputs.exit_steepness
                            * (pushed - inputs.exit_threshold - hold - loyalty);
        float odds_against = exponential(-inclination);
        float scaled = high24(luck[i]) * (1.0f + odds_against);
        bool cooperative = low16(second_luck[i]) < inputs.cooperative_pull * tile.literacy[i];
        uint8_t exit = cooperative ? STATUS_EXITED_COOP : STATUS_EXITED;
        uint8_t if_present = scaled < inputs.leave_rate ? exit : tile.next_status[i];
        bool returns = scaled < inputs.return_rate * odds_against;
        uint8_t if_gone = returns ? STATUS_BYSTANDER : tile.status[i];
        tile.next_status[i] = present ? if_present : if_gone;
    }
}

/* Let some of those who would leave for the cooperative join it and stay what they are. */
static int64_t join_cooperative(struct users tile, const uint32_t *restrict second_luck,
                                struct week_inputs inputs)
{
    int64_t members = 0;

    for (int64_t i = 0; i < tile.count; i++) {
        bool joins = tile.status[i] <= STATUS_ORGANISER
                     && tile.next_status[i] == STATUS_EXITED_COOP
                     && low16(second_luck[i]) < inputs.cooperative_stay * tile.literacy[i];
        if (joins)
            tile.next_status[i] = tile.status[i];
        tile.member[i] = tile.next_status[i] <= STATUS_ORGANISER && (joins || tile.member[i]);
        members += tile.member[i];
    }
    return members;
}

/* Add a tile to the week's sums, in whole units of 1/4096: exact in any order. */
static void measure(struct users tile, struct world *world, float literacy_weight)
{
    int32_t discontent_sum = 0, discontented = 0, value_sum = 0, commons_sum = 0;
    int32_t literacy_sum = 0, echo_sum = 0, aware_sum = 0, signed_sum = 0;

    INDEPENDENT
    for (int64_t i = 0; i < tile.count; i++) {
        bool present = tile.next_status[i] <= STATUS_ORGANISER;
        bool knows = present & (tile.aware[i] != 0);
        float discontent = tile.dissatisfaction[i];
        float value = tile.dependence[i] * (1.0f - discontent);
        float echo = resonance(&tile, i, literacy_weight);
        discontent_sum += in_units(discontent) & -(int32_t)present;
        discontented += present & (discontent > 0.5f);
        value_sum += in_units(value) & -(int32_t)present;
        commons_sum += in_units(tile.commons_view[i]);
        literacy_sum += in_units(tile.literacy[i]);
        echo_sum += in_units(echo) & -(int32_t)knows;
        aware_sum += knows;
        signed_sum += tile.signed_[i];
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

void sum_up(const struct users *users, struct world *world, float literacy_weight)
{
    clear_sums(world);
    for (int64_t first = 0; first < users->count; first += TILE)
        measure(tile_of(*users, first), world, literacy_weight);
}

void decide(const struct state *state, const struct week_inputs *inputs)
{
    const struct workspace *workspace = &state->workspace;
    struct world *world = state->world;
    const uint32_t *hearing = workspace->bits + HEARING * TILE;
    const uint32_t *taking_part = workspace->bits + TAKING_PART * TILE;
    const uint32_t *leaving = workspace->bits + LEAVING * TILE;
    const uint32_t *signing = workspace->bits + SIGNING * TILE;
    float *utility = workspace->utility;
    uint8_t *reached = workspace->reached;
    bool anyone_may_change =
        inputs->campaigning || inputs->waiting || world->supporters + world->organisers > 0;
    clear_sums(world);
    world->potential = 0;
    bool members_may_change = inputs->cooperative_stay > 0.0f || world->members > 0;
    world->members = 0;
    for (int64_t first = 0; first < state->users.count; first += TILE) {
        struct users tile = tile_of(state->users, first);
        for (int row = 0; row < STREAMS; row++) {
            uint64_t key = luck_key((uint64_t)inputs->seed, streams[row], (uint64_t)inputs->week);
            draw_luck(workspace->words + row * (TILE / 2), key, first / 2, (tile.count + 1) / 2);
        }
        change_minds(tile, reached, hearing, taking_part, *inputs);
        if (anyone_may_change) {
            weigh(tile, utility, *inputs);
            take_part(tile, utility, reached, taking_part, signing, *inputs);
        }
        if (inputs->waiting)
            world->potential += potential(tile, utility, *inputs);
        leave(tile, leaving, signing, *inputs);
        if (members_may_change)
            world->members += join_cooperative(tile, signing, *inputs);
        measure(tile, world, inputs->literacy_weight);
    }
}
