/* News from neighbour to neighbour: whoever has just signed or joined tells others for a week. */

#include "model.h"

enum { ROUNDS = 7, SLOTS = 8 };

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
        float echo = resonance(users, i, inputs->literacy_weight);
        if (!users->aware[i]) {
            users->aware[i] = 1;
            world->aware++;
            world->resonance_sum += in_units(echo);
        }
        if (!considers)
            continue;
        float odds_against = exponential(-utility_of(users, i, echo, inputs));
        float draw = middle_share(bits);
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
