// Effects of one change, by seed: two worlds with one seed meet the same luck.

export const log = (value) => Math.log10(1 + value);

/** The mean difference of pairs and its 95 % interval. */
export function difference(on, off) {
  const pairs = on.map((value, k) => value - off[k]).filter((each) => !Number.isNaN(each)), n = pairs.length;
  const mean = pairs.reduce((sum, each) => sum + each, 0) / n;
  const variance = pairs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (n - 1);
  const half = 1.96 * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, n };
}

/** Outcomes on the scale on which they are compared. */
export function scaled(values, unit) {
  if (unit === 'factor') return values.map(log);
  if (unit === 'ratio') return values.map((each) => (each > 0 ? Math.log10(each) : NaN));
  return values.map(Number);
}

/**
 * What a change does: the outcome with it less that without, by seed.
 *
 * `pooled`: a large base against two of half its size; people of two seeds are added up.
 */
export function compare(on, off, { unit, pooled }) {
  if (!pooled) return difference(scaled(on, unit), scaled(off, unit));
  const pairs = Array.from({ length: on.length >> 1 }, (_, k) => k), large = scaled(on, unit);
  return difference(pairs.map((k) => (large[2 * k] + large[2 * k + 1]) / 2), scaled(pairs.map((k) => Number(off[2 * k]) + Number(off[2 * k + 1])), unit));
}
