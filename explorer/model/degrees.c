/* How many neighbours each user of a heavy-tailed network has, and how many of them in groups; as in
   sim/network/degrees.py. */

#include "model.h"

enum { LARGEST_GROUP = 50, MOST_TIES = 10 }; /* members; ties of a user, of the mean */

/* Fill in ascending degrees, 2 x edges together: the quantiles of a power law. */
static void power_law_degrees(int64_t n, int64_t edges, double tail, double *weights,
                              int32_t *degrees)
{
    double mean = (double)(2 * edges) / (double)n;
    double most = greater(lesser(sqrt((double)n * mean), MOST_TIES * mean), 2.0 * mean);
    double cut = lesser((double)n - 1.0, most), low = 1e-9, high = 1.0;
    for (int turn = 0; turn < 50; turn++) {
        double middle = (low + high) / 2.0;
        double ratio = (pow(middle, 2.0 - tail) - 1.0) / (pow(middle, 1.0 - tail) - 1.0)
                       * (tail - 1.0) / (tail - 2.0);
        if (ratio * cut > mean)
            high = middle;
        else
            low = middle;
    }
    double below = 1.0 - pow(low, tail - 1.0), power = -1.0 / (tail - 1.0), sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        weights[i] = pow(1.0 - ((double)i + 0.5) / (double)n * below, power);
        sum += weights[i];
    }
    double total = 0.5;
    for (int64_t i = 0, given = 0; i < n; i++) {
        total += weights[i] * ((double)(2 * edges) / sum);
        int64_t due = (int64_t)total - given;
        degrees[i] = (int32_t)(due < n - 1 ? due : n - 1);
        given = (int64_t)total;
    }
}

int64_t group_room(int64_t degree, int64_t size) { return (degree - 1) / (size - 1); }

/* The share of pairs of neighbours tied by groups of at most a size, if all room is used. */
static double full_share(const int64_t *count, int64_t degrees, int64_t limit, int64_t users)
{
    double full = 0.0;
    for (int64_t degree = 3; degree < degrees; degree++)
        if (count[degree] > 0) {
            int64_t size = limit < degree ? limit : degree;
            int64_t tied = group_room(degree, size) * (size - 1) * (size - 2);
            full += (double)count[degree] * ((double)tied / (double)(degree * (degree - 1)));
        }
    return full / (double)users;
}

/* Find the size of groups, the share of the room to use, and the clustering expected. */
static double plan_groups(const int64_t *count, int64_t degrees, double clustering, int64_t *size,
                          double *share)
{
    int64_t users = 0, ends = 0, squares = 0;
    for (int64_t degree = 0; degree < degrees; degree++) {
        users += count[degree];
        ends += degree * count[degree];
        squares += degree * degree * count[degree];
    }
    double chance = 0.0;
    if (ends > 0) {
        double excess = (double)squares / (double)ends - 1.0;
        chance = excess * excess / (double)ends;
    }
    double reached = chance;
    *size = 2;
    *share = 0.0;
    for (int64_t limit = 3; limit < degrees && limit <= LARGEST_GROUP; limit++) {
        double full = full_share(count, degrees, limit, users);
        double part = greater(0.0, (clustering - chance) / (1.0 - chance)) / full;
        part = lesser(1.0, part);
        double expected = chance + (1.0 - chance) * part * full;
        if (expected > reached) {
            *size = limit;
            *share = part;
            reached = expected;
        }
        if (part < 1.0)
            break;
    }
    return reached;
}

/* Plan a heavy-tailed network; return whether so much clustering is possible. */
bool plan_degrees(int64_t n, int64_t edges, double tail, double clustering, int32_t *degrees,
                  int64_t *size, double *share)
{
    double *weights = claim(sizeof *weights * (size_t)n);
    power_law_degrees(n, edges, tail, weights, degrees);
    int64_t different = 0;
    for (int64_t i = 0; i < n; i++)
        different = later(different, (int64_t)degrees[i] + 1);
    int64_t *count = claim(sizeof *count * (size_t)different);
    for (int64_t i = 0; i < n; i++)
        count[degrees[i]]++;
    double reached = plan_groups(count, different, clustering, size, share);
    free(weights), free(count);
    return clustering <= reached + 0.02 || edges == 0;
}
