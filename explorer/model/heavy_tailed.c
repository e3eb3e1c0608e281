/* Heavy-tailed networks: power-law degrees, wired at random, with groups of mutual ties; as in
   sim/network/heavy_tailed.py. */

#include "model.h"

enum { RANKS, DUE, MEMBERS, PARTNERS, MENDING };

/* A network of given degrees being laid; a row has room for its user's degree. */
struct wiring {
    int64_t users;
    int64_t *offsets, *filled; /* where each user's row starts, where it ends so far */
    int32_t *rows;             /* neighbours as they came; later the ties that were lost */
    int32_t *sorted_rows;      /* neighbours in order */
    int32_t *ends;             /* ties laid at random, one end beside the other */
    int32_t *free_ties;        /* ties a user has left to make */
};

static void shuffle(int32_t *values, int64_t many, uint64_t luck)
{
    for (int64_t i = many - 1; i > 0; i--) {
        int64_t j = below(word(luck, (uint64_t)i), i + 1);
        int32_t value = values[i];
        values[i] = values[j];
        values[j] = value;
    }
}

/* Tie a and b, whether they are or not. */
static void append(struct wiring *wiring, int32_t a, int32_t b)
{
    wiring->rows[wiring->filled[a]++] = b;
    wiring->rows[wiring->filled[b]++] = a;
}

/* List the ranks of those who join groups, a group after another; return how many they are. */
static int64_t list_members(struct wiring *wiring, const int32_t *degrees, int64_t size,
                            double share, uint64_t seed)
{
    int32_t *members = wiring->ends;
    int64_t joined = 0, alike = 0;
    double due = fraction(luck_key(seed, STREAM_NETWORK, DUE));
    for (int64_t rank = 0; rank < wiring->users; rank++) {
        int64_t degree = degrees[rank];
        if (degree >= 3)
            due += share * (double)group_room(degree, size < degree ? size : degree);
        while (due >= 1.0) {
            due -= 1.0;
            members[joined++] = (int32_t)rank;
        }
        if (degree < size)
            alike = joined;
    }
    shuffle(members + alike, joined - alike, luck_key(seed, STREAM_NETWORK, MEMBERS));
    return joined;
}

static void lay_groups(struct wiring *wiring, const int32_t *users, const int32_t *degrees,
                       int64_t size, int64_t joined)
{
    const int32_t *members = wiring->ends;
    for (int64_t first = 0, last; first < joined; first = last) {
        int64_t degree = degrees[members[first]];
        last = first + (size < degree ? size : degree);
        last = joined < last ? joined : last;
        for (int64_t x = first; x < last; x++) {
            int32_t a = users[members[x]];
            wiring->free_ties[a] -= (int32_t)(last - first - 1);
            for (int64_t y = x + 1; y < last; y++)
                append(wiring, a, users[members[y]]);
        }
    }
}

/* Lay ties in groups, then at random; return how many of `ends` those at random joined. */
static int64_t lay(struct wiring *wiring, int32_t *users, const int32_t *degrees, int64_t size,
                   double share, uint64_t seed)
{
    int64_t n = wiring->users;
    shuffle(users, n, luck_key(seed, STREAM_NETWORK, RANKS));
    for (int64_t rank = 0; rank < n; rank++)
        wiring->free_ties[users[rank]] = degrees[rank];
    wiring->offsets[0] = 0;
    for (int64_t i = 0; i < n; i++) {
        wiring->filled[i] = wiring->offsets[i];
        wiring->offsets[i + 1] = wiring->offsets[i] + wiring->free_ties[i];
    }
    int64_t joined = list_members(wiring, degrees, size, share, seed);
    lay_groups(wiring, users, degrees, size, joined);

    int64_t left = 0;
    for (int64_t rank = 0; rank < n; rank++) /* users, each as often as ties are left to make */
        for (int32_t k = 0; k < wiring->free_ties[users[rank]]; k++)
            wiring->ends[left++] = users[rank];
    int64_t laid = left = left / 2 * 2;
    uint64_t luck = luck_key(seed, STREAM_NETWORK, PARTNERS);
    while (left > 0) {
        left -= 2;
        int64_t other = below(word(luck, (uint64_t)left), left + 1);
        int32_t partner = wiring->ends[other];
        wiring->ends[other] = wiring->ends[left];
        wiring->ends[left] = partner;
        append(wiring, wiring->ends[left + 1], partner);
    }
    return laid;
}

/* Put the rows in order without double ties and self-ties; return how many ties were lost. */
static int64_t sort_rows(struct wiring *wiring)
{
    int64_t n = wiring->users, lost = 0;
    memset(wiring->free_ties, 0, sizeof *wiring->free_ties * (size_t)n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = wiring->offsets[i]; k < wiring->filled[i]; k++) {
            int32_t j = wiring->rows[k];
            wiring->sorted_rows[wiring->offsets[j] + wiring->free_ties[j]++] = (int32_t)i;
        }
    for (int64_t i = 0; i < n; i++) {
        int64_t write = wiring->offsets[i], last = NONE, own = 0;
        for (int64_t k = wiring->offsets[i]; k < wiring->filled[i]; k++) {
            int64_t j = wiring->sorted_rows[k];
            own += j == i;
            if (j != i && j != last) {
                wiring->sorted_rows[write++] = (int32_t)j;
            } else if (j > i || (j == i && own % 2 == 0)) { /* a self-tie is in the row twice */
                wiring->rows[2 * lost] = (int32_t)i;
                wiring->rows[2 * lost + 1] = (int32_t)j;
                lost++;
            }
            last = j;
        }
        wiring->filled[i] = write;
    }
    return lost;
}

/* Where b is in a's row, or would have to be. */
static int64_t place_of(const struct wiring *wiring, int32_t a, int32_t b)
{
    int64_t low = wiring->offsets[a], high = wiring->filled[a];
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (wiring->sorted_rows[middle] < b)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_tied(const struct wiring *wiring, int32_t a, int32_t b)
{
    int64_t place = place_of(wiring, a, b);
    return a == b || (place < wiring->filled[a] && wiring->sorted_rows[place] == b);
}

static void insert(struct wiring *wiring, int32_t a, int32_t b)
{
    int64_t place = place_of(wiring, a, b);
    for (int64_t k = wiring->filled[a]; k > place; k--)
        wiring->sorted_rows[k] = wiring->sorted_rows[k - 1];
    wiring->sorted_rows[place] = b;
    wiring->filled[a]++;
}

static void take_out(struct wiring *wiring, int32_t a, int32_t b)
{
    wiring->filled[a]--;
    for (int64_t k = place_of(wiring, a, b); k < wiring->filled[a]; k++)
        wiring->sorted_rows[k] = wiring->sorted_rows[k + 1];
}

/* Let a lost tie a-b and a tie c-d laid at random give way to a-c and b-d, if that is possible. */
static bool exchange(struct wiring *wiring, int32_t a, int32_t b, int64_t pick)
{
    int32_t c = wiring->ends[pick], d = wiring->ends[pick ^ 1];
    if (c == d || is_tied(wiring, a, c) || is_tied(wiring, b, d) || !is_tied(wiring, c, d))
        return false;
    take_out(wiring, c, d);
    take_out(wiring, d, c);
    insert(wiring, a, c);
    insert(wiring, c, a);
    insert(wiring, b, d);
    insert(wiring, d, b);
    wiring->ends[pick] = a;
    wiring->ends[pick ^ 1] = c;
    return true;
}

/* Lay ties that were lost; return how many could not be laid. */
static int64_t mend(struct wiring *wiring, int64_t laid, int64_t lost, uint64_t seed)
{
    uint64_t luck = luck_key(seed, STREAM_NETWORK, MENDING), drawn = 0;
    int64_t missing = 0;
    for (int64_t each = 0; each < lost; each++) {
        bool done = false;
        for (int attempt = 0; attempt < TRIES && laid > 0 && !done; attempt++) {
            int64_t pick = below(word(luck, ++drawn), laid);
            done = exchange(wiring, wiring->rows[2 * each], wiring->rows[2 * each + 1], pick);
        }
        missing += !done;
    }
    return missing;
}

/* Add ties at random to what is laid until there are so many. */
static void complete(const struct wiring *wiring, int64_t edges, uint64_t seed,
                     struct network *network)
{
    struct draft draft;
    start_draft(&draft, edges, seed);
    for (int64_t a = 0; a < wiring->users; a++)
        for (int64_t k = wiring->offsets[a]; k < wiring->filled[a]; k++)
            if (a < wiring->sorted_rows[k])
                tie(&draft, a, wiring->sorted_rows[k]);
    complete_at_random(&draft, wiring->users);
    finish_draft(&draft, wiring->users, network);
}

bool heavy_tailed(int64_t n, int64_t edges, double tail, double clustering, uint64_t seed,
                  struct network *network)
{
    size_t people = (size_t)n, both_ends = 2 * (size_t)edges + 1;
    int32_t *users = claim(sizeof *users * people), *degrees = claim(sizeof *degrees * people);
    struct wiring wiring = {
        .users = n,
        .offsets = claim(sizeof(int64_t) * (people + 1)),
        .filled = claim(sizeof(int64_t) * people),
        .rows = claim(sizeof(int32_t) * both_ends),
        .sorted_rows = claim(sizeof(int32_t) * both_ends),
        .ends = claim(sizeof(int32_t) * both_ends),
        .free_ties = claim(sizeof(int32_t) * people),
    };
    int64_t size;
    double share;
    bool possible = plan_degrees(n, edges, tail, clustering, degrees, &size, &share), whole = false;
    if (possible) {
        for (int64_t i = 0; i < n; i++)
            users[i] = (int32_t)i;
        int64_t laid = lay(&wiring, users, degrees, size, share, seed), lost = sort_rows(&wiring);
        whole = mend(&wiring, laid, lost, seed) + edges - wiring.offsets[n] / 2 == 0;
        if (whole)
            *network = (struct network){
                .count = n + 1, .offsets = wiring.offsets, .neighbours = wiring.sorted_rows};
        else
            complete(&wiring, edges, seed, network);
    }
    free(users), free(degrees), free(wiring.filled), free(wiring.rows), free(wiring.ends);
    free(wiring.free_ties);
    if (!whole)
        free(wiring.offsets), free(wiring.sorted_rows);
    return possible;
}
