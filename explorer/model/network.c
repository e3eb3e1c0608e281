/* Who is tied to whom: the networks that can be drawn; as in sim/network/generate.py. */

#include "model.h"

static void lay_complete(int64_t n, struct network *network)
{
    int64_t *offsets = claim(sizeof *offsets * (size_t)(n + 1));
    int32_t *neighbours = claim(sizeof *neighbours * (size_t)(n * (n - 1) + 1));
    for (int64_t i = 0, k = 0; i <= n; i++) {
        offsets[i] = k;
        for (int64_t j = 0; i < n && j < n; j++)
            if (j != i)
                neighbours[k++] = (int32_t)j;
    }
    *network = (struct network){.count = n + 1, .offsets = offsets, .neighbours = neighbours};
}

/* Lay a ring with some ties redrawn at one end (Watts & Strogatz 1998). */
static void lay_ring(struct draft *draft, int64_t n, double rewiring)
{
    int64_t edges = draft->room, moved = 0;
    int32_t *redrawn = claim(sizeof *redrawn * (size_t)(edges + 1));
    for (int64_t e = 0; e < edges; e++) {
        int64_t left = edges - e / n * n, user = (e % n) * n / (n < left ? n : left);
        if (fraction(draw_bits(draft)) < rewiring)
            redrawn[moved++] = (int32_t)user;
        else
            tie(draft, user, (user + e / n + 1) % n);
    }
    for (int64_t k = 0; k < moved; k++)
        for (int attempt = 0; attempt < TRIES; attempt++)
            if (tie(draft, redrawn[k], below(draw_bits(draft), n)))
                break;
    free(redrawn);
}

/* Lay the ties of a world; return whether its network can be drawn. */
bool lay_ties(const struct parameters *p, uint64_t seed, struct network *network)
{
    int64_t n = p->users.count, topology = p->network.topology;
    int64_t edges = (int64_t)rint((double)n * p->network.mean_degree / 2.0);
    if (topology == TOPOLOGY_HEAVY_TAILED)
        return heavy_tailed(n, edges, p->network.tail, p->network.clustering, seed, network);
    if (topology == TOPOLOGY_COMPLETE) {
        lay_complete(n, network);
        return true;
    }
    struct draft draft;
    start_draft(&draft, edges, seed);
    if (topology == TOPOLOGY_SMALL_WORLD)
        lay_ring(&draft, n, p->network.rewiring);
    complete_at_random(&draft, n);
    finish_draft(&draft, n, network);
    return true;
}
