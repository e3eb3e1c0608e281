/* Changes of status: counts of neighbours and of the world follow every one of them. */

#include "model.h"

enum { AHEAD = 16 }; /* changes */

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

void set_status(const struct network *network, const struct users *users, struct world *world,
                int64_t i, uint8_t status)
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
