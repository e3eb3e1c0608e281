/* Luck, as in sim/randomness.py: every random number is a function of (seed, stream, week, agent). */

#define GOLDEN 0x9E3779B97F4A7C15u
#define MIX1 0xBF58476D1CE4E5B9u
#define MIX2 0x94D049BB133111EBu

static inline uint64_t mix(uint64_t bits)
{
    bits = (bits ^ (bits >> 30)) * MIX1;
    bits = (bits ^ (bits >> 27)) * MIX2;
    return bits ^ (bits >> 31);
}

static inline uint64_t luck_key(uint64_t seed, uint64_t stream, uint64_t week)
{
    uint64_t start = mix(seed + GOLDEN);
    start = mix(start ^ (stream * MIX1));
    return mix(start ^ (week * MIX2));
}

static inline uint64_t word(uint64_t key, uint64_t agent) { return mix(key + (agent + 1) * GOLDEN); }

/* Shares of 64 bits. */
static inline float high_share(uint64_t bits)
{
    return (float)(int32_t)(bits >> 40) * 0x1p-24f;
}

static inline float middle_share(uint64_t bits)
{
    return (float)(int32_t)(bits >> 16 & 0xFFFFFF) * 0x1p-24f;
}

static inline float low_share(uint64_t bits) { return (float)(int32_t)(bits & 0xFFFF) * 0x1p-16f; }

/* A double in [0, 1) from 64 bits, and one of 0 ... bound - 1. */
static inline double fraction(uint64_t bits) { return (double)(bits >> 11) * 0x1p-53; }

static inline int64_t below(uint64_t bits, int64_t bound)
{
    return (int64_t)(fraction(bits) * (double)bound);
}

/* Shares of 32 bits. */
static inline float high24(uint32_t bits) { return (float)(int32_t)(bits >> 8) * 0x1p-24f; }

static inline float high16(uint32_t bits)
{
    return ((float)(int32_t)(bits >> 16) + 0.5f) * 0x1p-16f;
}

static inline float low16(uint32_t bits)
{
    return ((float)(int32_t)(bits & 0xFFFF) + 0.5f) * 0x1p-16f;
}

static inline float low8(uint32_t bits)
{
    return ((float)(int32_t)(bits & 0xFF) + 0.5f) * 0x1p-8f;
}

/* Doubles in (0, 1), and standard normal ones. */
static inline double open_share(uint64_t bits) { return ((double)(bits >> 11) + 0.5) * 0x1p-53; }

static inline double uniform(int64_t seed, uint64_t stream, int64_t week, int64_t agent)
{
    return open_share(word(luck_key((uint64_t)seed, stream, (uint64_t)week), (uint64_t)agent));
}

static inline double normal(int64_t seed, uint64_t stream, int64_t week, int64_t agent)
{
    uint64_t key = luck_key((uint64_t)seed, stream, (uint64_t)week);
    double first = open_share(word(key, 2 * (uint64_t)agent));
    double second = open_share(word(key, 2 * (uint64_t)agent + 1));
    return sqrt(-2.0 * log(first)) * cos(2.0 * 3.141592653589793 * second);
}
