/* The users' week: everyone decides on the state of last week. As in sim/user_week.py, users are
   taken a tile at a time, by loops without branches. */

#include "model.h"

#include "luck.h"
#include "user_rules.h"

enum { HEARING, TAKING_PART, LEAVING, SIGNING, STREAMS };
static const uint64_t streams[STREAMS] = {STREAM_HEARING, STREAM_TAKING_PART, STREAM_LEAVING,
                                          STREAM_SIGNING};

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

    INDEPENDENT
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

        float persuadable = (knows & present) ? 1.0f : 0.0f;
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

    INDEPENDENT
    for (int i = 0; i < count; i++) {
        float echo = resonance(commons_view[i], literacy[i], remedy[i], inputs.literacy_weight);
        utility[i] = utility_of(dissatisfaction[i], threat_sensitivity[i], echo, dependence[i],
                                (float)active_neighbours[i], cost[i], &inputs);
    }
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

    INDEPENDENT
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

    INDEPENDENT
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

    INDEPENDENT
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
        int count = tile_size(users, first);
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
