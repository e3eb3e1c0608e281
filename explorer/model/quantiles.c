/* Quantiles of the Beta, Gamma and normal distributions at equidistant probabilities.

   A distribution function F that is a power of x near 0 is inverted by Newton's method on ln F as a
   function of ln x, upwards from quantile to quantile. */

#include "model.h"

enum { KEPT = 16 }; /* tables; worlds of the same parameters share them */

typedef void filler(double shape, double other_shape, float *values);

struct table {
    filler *fill; /* NULL: not yet filled in */
    double shape, other_shape;
    float values[STEPS + 1];
};

static double log_beta(double a, double b) { return lgamma(a) + lgamma(b) - lgamma(a + b); }

/* The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double value = 1.0, numerators = 1.0, denominators = 0.0;
    for (int step = 1; step < 2000; step++) {
        double m = step / 2;
        double term = step % 2 == 0 ? m * (b - m) / (a + 2.0 * m - 1.0)
                                    : -(a + m) * (a + b + m) / (a + 2.0 * m + 1.0);
        term *= x / (a + 2.0 * m);
        denominators = 1.0 + term * denominators;
        numerators = 1.0 + term / numerators;
        denominators = 1.0 / (fabs(denominators) < tiny ? tiny : denominators);
        numerators = fabs(numerators) < tiny ? tiny : numerators;
        value *= numerators * denominators;
        if (fabs(numerators * denominators - 1.0) < 1e-16)
            break;
    }
    return 1.0 / value;
}

/* ln of the share below x = e^log_x of a Beta distribution; the slope is by ln x. */
static double log_beta_share(double a, double b, double log_x, double *slope)
{
    double x = exp(log_x), fraction = beta_fraction(a, b, x);
    *slope = a / ((1.0 - x) * fraction);
    return a * log_x + b * log1p(-x) - log(a) - log_beta(a, b) + log(fraction);
}

/* ln of the share below x = e^log_x of a Gamma distribution, by its series (DLMF 8.7.1). */
static double log_gamma_share(double a, double unused, double log_x, double *slope)
{
    (void)unused;
    double x = exp(log_x), term = 1.0, sum = 1.0;
    for (int n = 1; term > 1e-17 * sum; n++) {
        term *= x / (a + n);
        sum += term;
    }
    *slope = a / sum;
    return a * log_x - x - lgamma(a + 1.0) + log(sum);
}

/* Return ln x of a quantile, from a value not far from it. */
static double find_quantile(double (*log_share)(double, double, double, double *), double a,
                            double b, double log_x, double highest, double share)
{
    for (int turn = 0; turn < 100; turn++) {
        double slope, gap = log(share) - log_share(a, b, log_x, &slope);
        double next = lesser(log_x + gap / slope, highest);
        double step = fabs(next - log_x);
        log_x = next;
        if (step < 1e-8) /* its square is what is missing then */
            break;
    }
    return log_x;
}

/* Fill in the quantiles of shares up to one, or of 1 - x if those above it are wanted. */
static void fill_tail(double a, double b, double highest, bool above, float *values)
{
    double split = log((a + 1.0) / (a + b + 2.0)); /* the fraction converges fast below */
    double log_x = (log(a) + log_beta(a, b) - log((double)STEPS)) / a;
    for (int k = 1; k < STEPS; k++) {
        double share = (double)k / STEPS;
        if (above ? 1.0 - share <= highest : share > highest)
            break;
        log_x = find_quantile(log_beta_share, a, b, lesser(log_x, split), split, share);
        values[above ? STEPS - k : k] = (float)(above ? 1.0 - exp(log_x) : exp(log_x));
    }
}

static void fill_beta(double a, double b, float *values)
{
    double slope, below = exp(log_beta_share(a, b, log((a + 1.0) / (a + b + 2.0)), &slope));
    values[0] = 0.0f;
    values[STEPS] = 1.0f;
    fill_tail(a, b, below, false, values);
    fill_tail(b, a, below, true, values);
}

static double probability(int k) /* the last half step of each tail is cut */
{
    return lesser(greater((double)k / STEPS, 0.5 / STEPS), 1.0 - 0.5 / STEPS);
}

static void fill_gamma(double shape, double unused, float *values)
{
    (void)unused;
    double log_x = (log(probability(0)) + lgamma(shape + 1.0)) / shape;
    for (int k = 0; k <= STEPS; k++) {
        log_x = find_quantile(log_gamma_share, shape, 0.0, log_x, INFINITY, probability(k));
        values[k] = (float)greater(exp(log_x), 1e-30);
    }
}

void normal_table(float *values)
{
    double x = -3.5;
    for (int k = 0; k < STEPS / 2; k++) {
        for (double step = 1.0; fabs(step) > 1e-9;) {
            double share = 0.5 * erfc(-x / sqrt(2.0));
            double density = exp(-0.5 * x * x) / sqrt(2.0 * 3.141592653589793);
            step = (log(probability(k)) - log(share)) * share / density;
            x += step;
        }
        values[k] = (float)x;
        values[STEPS - k] = (float)-x;
    }
    values[STEPS / 2] = 0.0f;
}

/* Copy the table of a distribution, which is filled in only if it is not kept. */
static void copy_table(filler *fill, double shape, double other_shape, float *values)
{
    static struct table kept[KEPT];
    static int next;
    struct table *table = kept;
    while (table < kept + KEPT
           && (table->fill != fill || table->shape != shape || table->other_shape != other_shape))
        table++;
    if (table == kept + KEPT) {
        table = kept + next++ % KEPT;
        *table = (struct table){.fill = fill, .shape = shape, .other_shape = other_shape};
        fill(shape, other_shape, table->values);
    }
    memcpy(values, table->values, sizeof table->values);
}

void beta_table(double mean, double concentration, float *values)
{
    copy_table(fill_beta, mean * concentration, (1.0 - mean) * concentration, values);
}

void gamma_table(double shape, float *values) { copy_table(fill_gamma, shape, 0.0, values); }
