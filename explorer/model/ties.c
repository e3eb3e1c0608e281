/* A draft of a network, in which ties are laid one by one; as in sim/network/ties.py. */

#include "model.h"

uint64_t draw_bits(struct draft *draft)
{
    draft->random += GOLDEN;
    return mix(draft->random);
}

void start_draft(struct draft *draft, int64_t edges, uint64_t seed)
{
    draft->room = edges;
    draft->made = 0;
    draft->random = seed;
    draft->edges = claim(sizeof(int32_t) * (size_t)(2 * edges + 1));
    draft->seen = claim(sizeof(uint64_t) * (size_t)(edges + edges / 2 + 8));
}

/* Tie a and b, unless they are or a is b; return whether it was done. */
bool tie(struct draft *draft, int64_t a, int64_t b)
{
    if (a == b)
        return false;
    uint64_t low = (uint64_t)(a < b ? a : b), high = (uint64_t)(a < b ? b : a);
    uint64_t pair = low << 32 | high;
    uint64_t slots = (uint64_t)(draft->room + draft->room / 2 + 8);
    uint64_t slot = ((((pair ^ (pair >> 32)) * 0xD6E8FEB86659FD93u) >> 32) * slots) >> 32;
    while (draft->seen[slot] != 0) {
        if (draft->seen[slot] == pair)
            return false;
        slot = slot + 1 == slots ? 0 : slot + 1;
    }
    draft->seen[slot] = pair;
    draft->edges[2 * draft->made] = (int32_t)a;
    draft->edges[2 * draft->made + 1] = (int32_t)b;
    draft->made++;
    return true;
}

/* Tie pairs at random until the draft has all its ties. */
void complete_at_random(struct draft *draft, int64_t n)
{
    while (draft->made < draft->room) {
        int64_t a = below(draw_bits(draft), n);
        tie(draft, a, below(draw_bits(draft), n));
    }
}

/* Turn a draft into a network of ascending neighbours, by two counting sorts. */
void finish_draft(struct draft *draft, int64_t n, struct network *network)
{
    int64_t *offsets = claim(sizeof *offsets * ((size_t)n + 1));
    int64_t *place = claim(sizeof *place * (size_t)n);
    int32_t *rows = claim(sizeof *rows * (size_t)(2 * draft->made + 1));
    int32_t *neighbours = claim(sizeof *neighbours * (size_t)(2 * draft->made + 1));
    for (int64_t end = 0; end < 2 * draft->made; end++)
        offsets[draft->edges[end] + 1]++;
    for (int64_t i = 0; i < n; i++) {
        place[i] = offsets[i];
        offsets[i + 1] += offsets[i];
    }
    for (int64_t e = 0; e < draft->made; e++) {
        int32_t a = draft->edges[2 * e], b = draft->edges[2 * e + 1];
        rows[place[a]++] = b;
        rows[place[b]++] = a;
    }
    memcpy(place, offsets, sizeof *place * (size_t)n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = offsets[i]; k < offsets[i + 1]; k++)
            neighbours[place[rows[k]]++] = (int32_t)i;
    *network = (struct network){.count = n + 1, .offsets = offsets, .neighbours = neighbours};
    free(place), free(rows), free(draft->edges), free(draft->seen);
}
