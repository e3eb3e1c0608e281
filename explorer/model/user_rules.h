/* The rules on users that several files need, in single precision as in sim/rules. */

static inline float minf(float a, float b) { return a < b ? a : b; }
static inline float maxf(float a, float b) { return a > b ? a : b; }

/* a b + c, rounded once; WebAssembly has no such instruction, but double precision holds a b. */
static inline float multiply_add(float a, float b, float c)
{
#if defined __wasm__
    return (float)((double)a * (double)b + (double)c);
#else
    return fmaf(a, b, c);
#endif
}

static inline uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float number_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* e^x for |x| clipped to 87; coefficients and error as in sim/compiled.py. */
static inline float exponential(float x)
{
    const float log2e = 1.4426950408889634f, round = 12582912.0f;
    x = minf(maxf(x, -87.0f), 87.0f);
    float rounded = multiply_add(x, log2e, round);
    float f = multiply_add(x, log2e, -(rounded - round));
    float series = multiply_add(f, 0.001326472725279206f, 0.009671512785781048f);
    series = multiply_add(f, series, 0.05550733744470817f);
    series = multiply_add(f, series, 0.24022242083111778f);
    series = multiply_add(f, series, 0.693146977597679f);
    series = multiply_add(f, series, 1.0f);
    return number_of(bits_of(series) + (bits_of(rounded) << 23));
}

/* How far the call for a cooperative resonates with user i. */
static inline float resonance(const struct users *users, int64_t i, float literacy_weight)
{
    float commons = users->remedy[i] == REMEDY_OWNERSHIP ? users->commons_view[i] : 0.0f;
    return (1.0f - literacy_weight) * commons + literacy_weight * users->literacy[i];
}

/* What taking part is worth to user i, with whom the call resonates so far. */
static inline float utility_of(const struct users *users, int64_t i, float echo,
                               const struct week_inputs *inputs)
{
    float neighbours = (float)users->active_neighbours[i];
    float grievance = inputs->dissatisfaction_weight * users->dissatisfaction[i]
                      + inputs->threat_weight * (users->threat_sensitivity[i] * inputs->threat)
                      + inputs->resonance_weight * echo
                      + inputs->closure_weight * (users->dependence[i] * inputs->closure);
    float peers = neighbours / (neighbours + inputs->peer_half_saturation);
    float motive =
        grievance * ((1.0f - inputs->interaction) + inputs->interaction * inputs->efficacy)
        + inputs->efficacy_weight * inputs->efficacy + inputs->peer_weight * peers;
    return inputs->steepness * (motive - users->cost[i]);
}

/* Whether a user who considers a call follows it; scale is e to the higher cost of the act. */
static inline bool responds(float odds_against, float scale, float share, float draw)
{
    return draw * (1.0f + odds_against * scale) < share;
}

static inline int32_t in_units(float x) { return (int32_t)multiply_add(x, 4096.0f, 0.5f); }
