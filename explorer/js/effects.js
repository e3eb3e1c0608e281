// Effects, by seed: two worlds with one seed meet the same luck.

export const log = (value) => Math.log10(1 + value);
const sum = (values) => values.reduce((total, each) => total + each, 0);

/** The mean difference of pairs and its 95 % interval. */
export function difference(on, off) {
  const pairs = on.map((value, k) => value - off[k]).filter((each) => !Number.isNaN(each)), n = pairs.length;
  const mean = sum(pairs) / n, variance = sum(pairs.map((each) => (each - mean) ** 2)) / (n - 1);
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

/**
 * The best and the worst of several worlds, chosen by every other seed and compared in the rest.
 *
 * `values[world][seed]`; returns their places, of equals the first, and what is compared.
 */
export function bestAndWorst(values) {
  const part = (world, odd) => world.filter((_, seed) => (seed % 2 === 1) === odd);
  const success = values.map((world) => sum(part(world, true)));
  const best = success.indexOf(Math.max(...success)), worst = success.indexOf(Math.min(...success));
  return { best, worst, compared: difference(part(values[best], false), part(values[worst], false)) };
}

/**
 * Whether conditions matter in combination, in costs of taking part borne under a set of them: the
 * share of runs with a movement, integrated over the costs.
 *
 * `runs[set * costs + cost][seed]` is whether there is a movement; `sizes` has the number of
 * conditions in each set. `none_alone`: all against the best single one; `synergy`: what all add
 * against the sum of what each adds.
 */
export function conjunction(runs, { name, costs, sizes }) {
  const area = (set, seed) => sum(costs.slice(1).map((cost, k) => {
    const [low, high] = [runs[set * costs.length + k][seed], runs[set * costs.length + k + 1][seed]].map(Number);
    return ((cost - costs[k]) * (low + high)) / 2;
  }));
  const borne = sizes.map((_, set) => runs[0].map((__, seed) => area(set, seed)));
  const of = (size) => borne.filter((_, set) => sizes[set] === size);
  const [every] = of(Math.max(...sizes)), [none] = of(0), singles = of(1);
  if (name === 'synergy') return difference(every.map((each, seed) => each - none[seed]), none.map((each, seed) => sum(singles.map((single) => single[seed] - each))));
  return difference(every, singles.reduce((best, each) => (sum(each) > sum(best) ? each : best)));
}

/** What a trial found; `runs[world][seed]` is an outcome. */
export function found(trial, runs) {
  const of = (world, outcome) => runs[world].map((each) => each[outcome]), { outcome, against, unit } = trial;
  switch (trial.kind) {
    case 'level': return compare(of(0, outcome), of(0, against), trial);
    case 'best_week': return { ...bestAndWorst(runs.map((_, world) => scaled(of(world, outcome), unit))).compared, n: runs[0].length };
    case 'conjunction': return conjunction(runs.map((_, world) => of(world, outcome)), trial);
    default: {
      const on = runs[0].map((each) => (trial.unconverted && each.converted ? NaN : each[outcome]));
      return compare(on, of(1, outcome), trial);
    }
  }
}
