/* The campaign: its launch, its argument, its news and the attention it has. */

#include "model.h"

enum { ACTS_WITHIN = 8 }; /* weeks in which acts that users do on their own make a launch */

double commons_budget(int64_t framing, int64_t weeks_since_launch, int64_t first_stage)
{
    if (framing == FRAMING_COMMONS)
        return 1.0;
    if (framing == FRAMING_COOPERATIVE)
        return 0.0;
    if (weeks_since_launch < first_stage && framing == FRAMING_TWO_STAGE)
        return 1.0;
    if (weeks_since_launch < first_stage && framing == FRAMING_REVERSED)
        return 0.0;
    return 0.5;
}

double campaign_voice(double attention, double organisers, double half_saturation)
{
    return 1.0
           - (1.0 - lesser(attention, 1.0)) * (half_saturation / (organisers + half_saturation));
}

void make_news(struct world *world, int64_t week, double attention)
{
    world->acts += attention;
    world->news_week = week;
}

/* Whether user i has less literacy than user j, or as much and a higher number. */
static bool is_chosen_later(const struct users *users, int32_t i, int32_t j)
{
    float one = users->literacy[i], other = users->literacy[j];
    return one < other || (one == other && i > j);
}

/* Restore the order of a heap whose root may be out of place; who is chosen last is on top. */
static void sift_down(const struct users *users, int32_t *heap, int64_t root, int64_t size)
{
    int32_t user = heap[root];
    while (2 * root + 1 < size) {
        int64_t child = 2 * root + 1;
        if (child + 1 < size && is_chosen_later(users, heap[child + 1], heap[child]))
            child++;
        if (!is_chosen_later(users, heap[child], user))
            break;
        heap[root] = heap[child];
        root = child;
    }
    heap[root] = user;
}

/* List the present users of the highest literacy; of equals those with the lowest number. */
static int64_t choose_by_literacy(const struct users *users, int32_t *chosen, int64_t wanted)
{
    int64_t size = 0;
    for (int64_t i = 0; i < users->count; i++) {
        if (is_gone(users->status[i]))
            continue;
        if (size < wanted) {
            chosen[size++] = (int32_t)i;
            if (size == wanted)
                for (int64_t root = size / 2 - 1; root >= 0; root--)
                    sift_down(users, chosen, root, size);
        } else if (is_chosen_later(users, chosen[0], (int32_t)i)) {
            chosen[0] = (int32_t)i;
            sift_down(users, chosen, 0, size);
        }
    }
    return size;
}

static void appoint(const struct state *state, int32_t i)
{
    const struct users *users = &state->users;
    struct world *world = state->world;
    world->aware += 1 - users->aware[i];
    users->aware[i] = 1;
    users->expected[i] = (float)world->efficacy;
    world->launch_organisers++;
    users->fresh[i] = 1;
    set_status(&state->network, users, world, i, STATUS_ORGANISER);
}

/* People who launch the movement this week, 0 if it is not time. */
static double people_launching(const struct parameters *p, const struct state *state, int64_t week)
{
    if (p->movement.origin == ORIGIN_GIVEN)
        return week == p->movement.launch_week ? p->movement.organisers : 0.0;
    if (p->movement.origin != ORIGIN_ENDOGENOUS)
        return 0.0;
    double acting = state->world->acting;
    for (int64_t earlier = later(week - ACTS_WITHIN + 1, 0); earlier < week; earlier++)
        acting += state->weekly[earlier].acting;
    return acting >= p->movement.acts_to_launch ? acting : 0.0;
}

void launch(const struct parameters *p, int64_t seed, const struct state *state, int64_t week)
{
    struct world *world = state->world;
    double people = world->launched == NONE ? people_launching(p, state, week) : 0.0;
    if (people == 0.0)
        return;
    double share = people / world->people_per_agent;
    int64_t wanted = later((int64_t)floor(share + uniform(seed, STREAM_CAMPAIGN, 1, 0)), 1);
    int64_t many = choose_by_literacy(&state->users, state->workspace.selected, wanted);
    for (int64_t k = 0; k < many; k++)
        appoint(state, state->workspace.selected[k]);
    if (world->launch_organisers == 0)
        return;
    world->launched = week;
    world->luck = exp(p->media.luck * normal(seed, STREAM_CAMPAIGN, 0, 0));
    make_news(world, week, p->media.launch_gain * (people / (people + p->media.launch_half)));
}

void open_petition(const struct parameters *p, struct world *world, int64_t week)
{
    if (world->launched != NONE && world->petition == NONE
        && week - world->launched >= p->movement.petition_delay && world->organisers > 0
        && world->converted == NONE) {
        world->petition = week;
        make_news(world, week, p->media.event_gain);
    }
}

void change_argument(const struct parameters *p, struct world *world, int64_t week)
{
    int64_t framing = p->movement.framing;
    bool staged = framing == FRAMING_TWO_STAGE || framing == FRAMING_REVERSED;
    if (world->launched != NONE && world->organisers > 0 && staged
        && week - world->launched == p->movement.second_stage_weeks)
        make_news(world, week, p->media.argument_gain);
}

void update_media(const struct parameters *p, struct world *world)
{
    if (world->launched == NONE)
        return;
    double agents =
        (double)world->joined + p->media.petition_weight * (double)world->new_signatures;
    double people = agents * world->people_per_agent;
    double feed = p->media.supporter_gain * people / (people + p->media.half_saturation)
                  + world->acts;
    double trust_lost = greater(p->shareholders.trust_start - world->trust, 0.0);
    double pull = world->luck * (1.0 + p->media.trust_amplification * trust_lost)
                  * (1.0 - p->media.threat_crowding * world->threat);
    double left = world->media * exp2(-1.0 / p->media.half_life);
    world->media = greater(left + feed * pull + world->events, 0.0);
}
