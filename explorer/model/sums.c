/* Sums over users, in whole units of 1/4096, so that they are exact in any order. */

#include "model.h"

#include "user_rules.h"

int tile_size(const struct users *users, int64_t first)
{
    int64_t left = users->count - first;
    return left < TILE ? (int)left : TILE;
}

/* Add a tile to the week's sums, in whole units of 1/4096: exact in any order. */
void measure(const struct users *users, struct world *world, float literacy_weight, size_t first,
             int count)
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

    INDEPENDENT
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

void clear_sums(struct world *world)
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
        measure(users, world, literacy_weight, first, tile_size(users, first));
}
